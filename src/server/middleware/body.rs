//! The body: read to its end before anything looks at the request.

use bytes::Bytes;

use crate::app::room::{Full, RETRY_AFTER_S};
use crate::provider::response::ERROR;
use crate::provider::{HeaderValue, Headers, Response, header};
use crate::world::refusal::Refusal;

/// The body of a request, which may still be on its way.
pub(crate) trait Body {
    /// Reads the body to its end, if it has at most `limit` bytes.
    async fn read(&mut self, limit: usize) -> Result<Bytes, Unread>;

    /// Whether some of it may still come: it was not read, or not to its end.
    fn is_left(&self) -> bool;
}

/// Why a request is answered without its body.
#[derive(Debug, Clone)]
pub(crate) enum Unread {
    /// It did not come as it must.
    Refused(Refusal),
    /// There is no room for it, or for the answer to it.
    NoRoom(Full),
    /// It came too slowly, while others found no room beside it.
    TooSlow(Full),
}

impl Unread {
    /// What a vendor says of it.
    pub(in crate::server) fn refusal(&self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal.clone(),
            Self::NoRoom(_) => Refusal::Unavailable { retry_after_s: RETRY_AFTER_S },
            Self::TooSlow(_) => Refusal::Timeout,
        }
    }

    /// A vendor's refusal with the reason, where that is another than the vendor could have.
    pub(in crate::server) fn explained(&self, refused: Response) -> Response {
        match self {
            Self::Refused(_) => refused,
            Self::NoRoom(full) => without_room(*full, refused),
            Self::TooSlow(bound) => refused.header(ERROR, bound.to_string()).hint(bound.too_slow()),
        }
    }
}

impl From<Refusal> for Unread {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Full> for Unread {
    fn from(full: Full) -> Self {
        Self::NoRoom(full)
    }
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
    async fn read(&mut self, limit: usize) -> Result<Bytes, Unread> {
        if self.bytes.len() > limit {
            return Err(Refusal::TooLarge { limit }.into());
        }
        self.left = false;
        Ok(self.bytes.clone())
    }

    fn is_left(&self) -> bool {
        self.left
    }
}

/// A refusal with the reason that there is no room.
pub(in crate::server) fn without_room(full: Full, refused: Response) -> Response {
    refused.header(ERROR, full.to_string()).hint(full.hint())
}

/// How long a body will be, by the head of its request.
pub(in crate::server) fn announced(headers: &Headers) -> Option<usize> {
    headers.get(&header::CONTENT_LENGTH).and_then(length)
}

/// The length that a `Content-Length` states.
pub(in crate::server) fn length(field: &HeaderValue) -> Option<usize> {
    field.to_str().ok()?.parse().ok()
}
