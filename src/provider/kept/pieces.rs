//! A record's JSON, in pieces around what moves with the clock, the caller and the address that he used.

use std::sync::OnceLock;

use bytes::Bytes;
use serde::{Serialize, Serializer};

use crate::json::{self, Escaping, Written};
use crate::world::journal::Clean;

/// Stands in a record's JSON for a whole value that moves. Each vendor numbers its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap(pub(crate) u8);

impl Serialize for Gap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&[self.0])
    }
}

/// A record's JSON without what moves, and where that stands.
#[derive(Debug)]
pub(crate) struct Pieces {
    text: Bytes,
    gaps: Box<[(u32, Gap)]>,
    clean: OnceLock<Option<Clean>>,
}

/// What stands for a gap where a record is looked at: a text that a telling name would hide.
const SAMPLE: &[u8] = b"\"........\"";

impl Pieces {
    /// Of a value with its gaps.
    pub(crate) fn of(value: &impl Serialize) -> Self {
        Self::of_written(json::written(value, Escaping::Least))
    }

    /// Of a value that somebody wrote.
    pub(crate) fn of_written(written: serde_json::Result<Written>) -> Self {
        let Written { mut text, gaps } = written.unwrap_or_else(|error| {
            tracing::error!(%error, "a record has no JSON form");
            Written { text: b"null".to_vec(), gaps: Vec::new() }
        });
        text.shrink_to_fit();
        let gaps = gaps.into_iter().map(|(at, gap)| (u32::try_from(at).unwrap_or(u32::MAX), Gap(gap))).collect();
        Self { text: text.into(), gaps, clean: OnceLock::new() }
    }

    /// Of JSON in which nothing moves, without the room that its writer had.
    pub(crate) fn whole(text: impl Into<Vec<u8>>) -> Self {
        Self { text: text.into().into_boxed_slice().into(), gaps: Box::default(), clean: OnceLock::new() }
    }

    /// How many bytes it takes.
    pub(crate) fn weight(&self) -> usize {
        size_of::<Self>() + self.text.len() + size_of_val(&*self.gaps)
    }

    /// The text where nothing moves.
    pub(crate) fn text(&self) -> &Bytes {
        &self.text
    }

    /// Looks for secrets, once.
    pub(super) fn look(&self) {
        self.clean.get_or_init(|| {
            let mut shown = Vec::with_capacity(self.text.len() + self.gaps.len() * SAMPLE.len());
            for (piece, gap) in self.parts() {
                shown.extend_from_slice(piece);
                shown.extend_from_slice(if gap.is_some() { SAMPLE } else { b"" });
            }
            Clean::of(&shown)
        });
    }

    /// What is known of it, its gaps apart.
    pub(crate) fn clean(&self) -> Option<Clean> {
        self.clean.get().copied().flatten()
    }

    /// Each piece with the gap behind it.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&[u8], Option<Gap>)> {
        let ends = self.gaps.iter().map(|(at, gap)| (usize::try_from(*at).unwrap_or(usize::MAX), Some(*gap)));
        let mut from = 0;
        ends.chain([(self.text.len(), None)]).map(move |(end, gap)| {
            let piece = self.text.get(from..end).unwrap_or_default();
            from = end;
            (piece, gap)
        })
    }
}
