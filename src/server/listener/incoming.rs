//! The body of a request as it arrives, within a bound of size and time, and of what all bodies take together.

use std::time::Duration;

use actix_http::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::time::timeout;

use crate::app::AppState;
use crate::app::room::{Full, Held, SLOWEST};
use crate::provider::{Headers, header};
use crate::server::large::Large;
use crate::server::middleware::body::{Body, Unread, announced};
use crate::world::clock::Stopwatch;
use crate::world::refusal::Refusal;

/// How much of a body that is refused is still read, so that the client sees the answer.
const DISCARDED: usize = 16 << 20;

/// How long that may take.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(2);

/// How much of a body is read while others wait.
const TURN: usize = 512 << 10;

/// How much of a body is read before its worker rests: a client that sends faster than is read would keep it awake.
const STRETCH: usize = 8 << 20;

/// How long a worker rests.
const REST: Duration = Duration::from_millis(1);

/// How often it is looked at whether a body comes that others find no room beside.
const STEP: Duration = Duration::from_secs(1);

/// The body of a request, which may still be on its way.
pub(super) struct Incoming<'a> {
    payload: Payload,
    announced: Option<usize>,
    timeout: Duration,
    app: &'a AppState,
    asked: Option<Asked>,
    left: bool,
}

/// What came of it that a client asked for room before it sent its body.
#[derive(Debug)]
pub(super) struct Asked(Result<Option<Held>, Full>);

impl Asked {
    /// Asks for room for so many bytes.
    pub(super) fn room(bytes: usize, app: &AppState) -> Self {
        Self(app.bodies.hold(bytes))
    }

    /// Whether there is room.
    pub(super) fn has_room(&self) -> bool {
        self.0.is_ok()
    }
}

impl<'a> Incoming<'a> {
    /// The body that a head announces. The app state says how long it may take to arrive, and what all may hold.
    pub(super) fn of(headers: &Headers, payload: Payload, app: &'a AppState, asked: Option<Asked>) -> Self {
        let announced = announced(headers);
        let left = announced.map_or_else(|| headers.contains(&header::TRANSFER_ENCODING), |length| length > 0);
        Self { payload, announced, timeout: app.serving.body_timeout, app, asked, left }
    }
}

impl Body for Incoming<'_> {
    async fn read(&mut self, limit: usize) -> Result<Bytes, Unread> {
        if !self.left {
            return Ok(Bytes::new());
        }
        let announced = self.announced.unwrap_or_default();
        if announced > limit {
            // The answer goes out before the body has come. What comes of it is read behind the answer, for a while.
            return Err(Refusal::TooLarge { limit }.into());
        }
        let held = match self.asked.take() {
            Some(Asked(room)) => room?,
            None => self.app.bodies.hold(announced)?,
        };
        let mut collected = Collected { app: self.app, held, announced, first: Bytes::new(), rest: BytesMut::new() };
        let read = timeout(self.timeout, collected.read(&mut self.payload, limit)).await;
        match read.unwrap_or_else(|_| Err(Refusal::Timeout.into())) {
            Ok(()) => {
                self.left = false;
                Ok(collected.whole())
            }
            Err(unread) => {
                drop(collected);
                if matches!(unread, Unread::Refused(Refusal::TooLarge { .. }) | Unread::NoRoom(_)) {
                    self.left = !matches!(timeout(DISCARD_TIMEOUT, discard(&mut self.payload)).await, Ok(true));
                }
                Err(unread)
            }
        }
    }

    fn is_left(&self) -> bool {
        self.left
    }
}

/// What has come of a body.
struct Collected<'a> {
    app: &'a AppState,
    held: Option<Held>,
    announced: usize,
    /// What came first, as long as that is all.
    first: Bytes,
    rest: BytesMut,
}

impl Collected<'_> {
    /// Reads a body of at most so many bytes to its end.
    async fn read(&mut self, payload: &mut Payload, limit: usize) -> Result<(), Unread> {
        let (mut length, mut turn, mut stretch) = (0usize, 0usize, 0usize);
        let (mut came, mut step) = (0usize, Stopwatch::start());
        loop {
            let next = match self.held {
                Some(_) => timeout(STEP.saturating_sub(step.elapsed()), payload.next()).await,
                None => Ok(payload.next().await),
            };
            let chunk = match next {
                Ok(None) => return Ok(()),
                Ok(Some(chunk)) => chunk.map_err(|_| Refusal::MalformedBody)?,
                Err(_) if self.is_in_the_way() && length - came < SLOWEST => {
                    return Err(Unread::TooSlow(self.app.bodies.bound()));
                }
                Err(_) => {
                    (came, step) = (length, Stopwatch::start());
                    continue;
                }
            };
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
                return Err(Refusal::TooLarge { limit }.into());
            }
            self.keep(chunk, length, limit)?;
        }
    }

    /// Whether it takes what others find no room for.
    fn is_in_the_way(&self) -> bool {
        self.held.is_some() && self.app.bodies.is_wanted()
    }

    /// Keeps a chunk, with which it has so many bytes.
    fn keep(&mut self, chunk: Bytes, length: usize, limit: usize) -> Result<(), Full> {
        if self.first.is_empty() {
            self.first = chunk;
            return Ok(());
        }
        if length > self.rest.capacity() {
            // What is announced has its place. What is not gets one that is twice as large each time.
            let capacity = self.rest.capacity().saturating_mul(2).min(limit).max(self.announced).max(length);
            self.hold(capacity)?;
            self.rest.reserve(capacity - self.rest.len());
        }
        if self.rest.is_empty() {
            self.rest.extend_from_slice(&self.first);
        }
        self.rest.extend_from_slice(&chunk);
        Ok(())
    }

    fn hold(&mut self, bytes: usize) -> Result<(), Full> {
        match &mut self.held {
            Some(held) => held.grow(bytes),
            None => {
                self.held = self.app.bodies.hold(bytes)?;
                Ok(())
            }
        }
    }

    /// All of it, which counts as long as anybody has it.
    fn whole(&mut self) -> Bytes {
        let (first, rest) = (std::mem::take(&mut self.first), std::mem::take(&mut self.rest));
        let bytes = if rest.is_empty() { first } else { rest.freeze() };
        Large::of(bytes, self.held.take(), self.app.discards())
    }
}

impl Drop for Collected<'_> {
    fn drop(&mut self) {
        if self.held.is_some() {
            Large::give_up(std::mem::take(&mut self.rest), self.held.take(), self.app.discards());
        }
    }
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
