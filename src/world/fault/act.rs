//! What is done to a request, with all that it needs at hand.

use std::sync::Arc;

use bytes::Bytes;

use super::FaultAction;
use crate::world::refusal::Refusal;

/// What is done to a request that a rule strikes, delays apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Act {
    /// What.
    pub action: FaultAction,
    /// What the request is told, where it is refused.
    pub canned: Option<Arc<CannedAnswer>>,
}

/// What a refused request is told.
#[derive(Debug, Clone, PartialEq)]
pub enum CannedAnswer {
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
