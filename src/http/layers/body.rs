//! The body: read to its end before anything looks at the request, within a bound of size and time.

use std::time::Duration;

use actix_web::web;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use crate::world::refusal::Refusal;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much of a body that is too large is still read, so that the client sees the answer.
const DISCARDED: usize = 16 << 20;

/// Reads a body of at most `limit` bytes.
pub(in crate::http) async fn read(
    payload: &mut web::Payload,
    announced: Option<usize>,
    limit: usize,
) -> Result<Bytes, Refusal> {
    if announced == Some(0) {
        return Ok(Bytes::new());
    }
    match tokio::time::timeout(PATIENCE, collect(payload, announced, limit)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Refusal::Timeout),
    }
}

async fn collect(payload: &mut web::Payload, announced: Option<usize>, limit: usize) -> Result<Bytes, Refusal> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    let mut length = 0usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Refusal::MalformedBody)?;
        length = length.saturating_add(chunk.len());
        if length > limit || announced.is_some_and(|announced| announced > limit) {
            discard(payload, length).await;
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

async fn discard(payload: &mut web::Payload, mut length: usize) {
    while length < DISCARDED {
        match payload.next().await {
            Some(Ok(chunk)) => length = length.saturating_add(chunk.len()),
            _ => return,
        }
    }
}
