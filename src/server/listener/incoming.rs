//! The body of a request as it arrives, within a bound of size and time.

use std::time::Duration;

use actix_http::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use crate::provider::{Headers, header};
use crate::server::middleware::body::{Body, announced};
use crate::world::refusal::Refusal;

/// How much of a body that turns out to be too large is still read, so that the client sees the answer.
const DISCARDED: usize = 16 << 20;

/// How long that may take.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(2);

/// How much of a body is read while others wait.
const TURN: usize = 512 << 10;

/// How much of a body is read before its worker rests: a client that sends faster than is read would keep it awake.
const STRETCH: usize = 8 << 20;

/// How long a worker rests.
const REST: Duration = Duration::from_millis(1);

/// The body of a request, which may still be on its way.
pub(super) struct Incoming {
    payload: Payload,
    announced: Option<usize>,
    timeout: Duration,
    left: bool,
}

impl Incoming {
    /// The body that a head announces, and how long it may take to arrive.
    pub(super) fn of(headers: &Headers, payload: Payload, timeout: Duration) -> Self {
        let announced = announced(headers);
        let left = announced.map_or_else(|| headers.contains(&header::TRANSFER_ENCODING), |length| length > 0);
        Self { payload, announced, timeout, left }
    }
}

impl Body for Incoming {
    async fn read(&mut self, limit: usize) -> Result<Bytes, Refusal> {
        if !self.left {
            return Ok(Bytes::new());
        }
        let Self { payload, announced, timeout, .. } = self;
        if announced.is_some_and(|announced| announced > limit) {
            // The answer goes out before the body has come. What comes of it is read behind the answer, for a while.
            return Err(Refusal::TooLarge { limit });
        }
        let read = tokio::time::timeout(*timeout, collect(payload, *announced, limit)).await;
        match read.unwrap_or(Err(Refusal::Timeout)) {
            Ok(body) => {
                self.left = false;
                Ok(body)
            }
            Err(refusal) => {
                if matches!(refusal, Refusal::TooLarge { .. }) {
                    self.left = !matches!(tokio::time::timeout(DISCARD_TIMEOUT, discard(payload)).await, Ok(true));
                }
                Err(refusal)
            }
        }
    }

    fn is_left(&self) -> bool {
        self.left
    }
}

async fn collect(payload: &mut Payload, announced: Option<usize>, limit: usize) -> Result<Bytes, Refusal> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    let (mut length, mut turn, mut stretch) = (0usize, 0usize, 0usize);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Refusal::MalformedBody)?;
        length = length.saturating_add(chunk.len());
        if length.saturating_sub(turn) >= TURN {
            turn = length;
            if length.saturating_sub(stretch) >= STRETCH {
                stretch = length;
                tokio::time::sleep(REST).await;
            } else {
                tokio::task::yield_now().await;
            }
        }
        if length > limit {
            return Err(Refusal::TooLarge { limit });
        }
        if first.is_empty() {
            first = chunk;
        } else {
            if rest.is_empty() {
                rest.reserve(announced.unwrap_or(length).max(length));
                rest.extend_from_slice(&first);
            }
            rest.extend_from_slice(&chunk);
        }
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

/// Reads on without keeping anything; whether the body came to its end.
async fn discard(payload: &mut Payload) -> bool {
    let mut length = 0usize;
    while length < DISCARDED {
        match payload.next().await {
            Some(Ok(chunk)) => length = length.saturating_add(chunk.len()),
            Some(Err(_)) => return false,
            None => return true,
        }
    }
    false
}
