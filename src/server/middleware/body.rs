//! The body: read to its end before anything looks at the request.

use bytes::Bytes;

use crate::provider::{HeaderValue, Headers, header};
use crate::world::refusal::Refusal;

/// The body of a request, which may still be on its way.
pub(crate) trait Body {
    /// Reads the body to its end, if it has at most `limit` bytes.
    async fn read(&mut self, limit: usize) -> Result<Bytes, Refusal>;

    /// Whether some of it may still come: it was not read, or not to its end.
    fn is_left(&self) -> bool;
}

/// A body that is there.
#[derive(Debug)]
pub(crate) struct Whole {
    bytes: Bytes,
    left: bool,
}

impl Whole {
    /// A body of these bytes.
    pub(crate) fn new(bytes: Bytes) -> Self {
        Self { left: !bytes.is_empty(), bytes }
    }
}

impl Body for Whole {
    async fn read(&mut self, limit: usize) -> Result<Bytes, Refusal> {
        if self.bytes.len() > limit {
            return Err(Refusal::TooLarge { limit });
        }
        self.left = false;
        Ok(self.bytes.clone())
    }

    fn is_left(&self) -> bool {
        self.left
    }
}

/// How long a body will be, by the head of its request.
pub(in crate::server) fn announced(headers: &Headers) -> Option<usize> {
    headers.get(&header::CONTENT_LENGTH).and_then(length)
}

/// The length that a `Content-Length` states.
pub(in crate::server) fn length(field: &HeaderValue) -> Option<usize> {
    field.to_str().ok()?.parse().ok()
}
