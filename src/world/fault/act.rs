//! What is done to a request, with all that it needs at hand.

use std::sync::Arc;

use bytes::Bytes;

use super::{Cut, Garble, SlowBody};
use crate::world::refusal::Refusal;

/// What is done to a request that a rule strikes, delays apart.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Answered without the vendor's doing.
    Refuse(Arc<Told>),
    /// Answered with a body that trickles.
    SlowBody(SlowBody),
    /// The connection is reset.
    Cut(Cut),
    /// Answered with a body that is not what it should be.
    Garble(Garble),
    /// Answered on the state before the last write.
    Stale,
}

/// What a refused request is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// What the vendor phrases; its status is exchanged where one is forced.
    Refusal {
        /// What to phrase.
        refusal: Refusal,
        /// The status that is sent in place of the vendor's, and marks the answer as inferred.
        forced: Option<u16>,
    },
    /// What the vendor's document shows.
    Example(Example),
}

/// An answer that a document shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The status.
    pub status: u16,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    /// The body and its media type.
    pub body: Option<(String, Bytes)>,
    /// Whether the document calls the answer inferred.
    pub inferred: bool,
}
