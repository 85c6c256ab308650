//! A record's JSON, in pieces around what moves with the clock, the caller and the address that he used.

use std::io;
use std::sync::OnceLock;

use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::ser::{CompactFormatter, Formatter};

use crate::world::journal::Clean;

/// Stands in a record's JSON for a whole value that moves. Each vendor numbers its own, from 0 to 31.
///
/// It is written as the byte of its number, which a text of JSON holds in no other place: there a control character is an
/// escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap(pub(crate) u8);

impl Serialize for Gap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&[self.0])
    }
}

/// A value as compact JSON with its gaps.
pub(crate) fn marked(value: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    match value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Marks)) {
        Ok(()) => out,
        Err(error) => {
            tracing::error!(%error, "a record has no JSON form");
            Vec::new()
        }
    }
}

struct Marks;

impl Formatter for Marks {
    fn write_byte_array<W: ?Sized + io::Write>(&mut self, writer: &mut W, gap: &[u8]) -> io::Result<()> {
        writer.write_all(gap)
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        CompactFormatter.write_string_fragment(writer, fragment)
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
    /// Of JSON with gaps.
    pub(crate) fn of(marked: &[u8]) -> Self {
        let mut text = Vec::with_capacity(marked.len());
        let mut gaps = Vec::new();
        for byte in marked {
            match (byte, u32::try_from(text.len())) {
                (0..32, Ok(at)) => gaps.push((at, Gap(*byte))),
                _ => text.push(*byte),
            }
        }
        Self { text: text.into(), gaps: gaps.into(), clean: OnceLock::new() }
    }

    /// Of JSON in which nothing moves.
    pub(crate) fn whole(text: impl Into<Bytes>) -> Self {
        Self { text: text.into(), gaps: Box::default(), clean: OnceLock::new() }
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
