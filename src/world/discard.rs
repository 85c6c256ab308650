//! What was replaced and may be large: it is let go of behind every lock, and where a server runs, by a thread of its own.
//!
//! To let go of a world of 400,000 records takes a quarter of a second. Whoever replaces one gets it back as a
//! [`Discarded`] and gives it to [`Discards`]. Without a server that is the same as dropping it.

use std::fmt;
use std::sync::{Arc, OnceLock};

/// Something that others may still be reading.
pub trait Discard: Send {
    /// Whether nobody else has it: dropping it is what lets go of it.
    fn is_last(&self) -> bool;
}

impl<T: ?Sized + Send + Sync> Discard for Arc<T> {
    fn is_last(&self) -> bool {
        Self::strong_count(self) == 1
    }
}

/// What was replaced.
#[must_use = "where it is dropped, somebody waits for it: give it to `Discards::take`"]
#[derive(Default)]
pub struct Discarded(Vec<Box<dyn Discard>>);

impl Discarded {
    /// Nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// One thing.
    pub fn one(thing: impl Discard + 'static) -> Self {
        Self(vec![Box::new(thing)])
    }

    /// Adds what was replaced beside it.
    pub fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether nobody else has any of it.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.0.iter().all(|thing| thing.is_last())
    }
}

impl fmt::Debug for Discarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Discarded").field(&self.0.len()).finish()
    }
}

impl Extend<Discarded> for Discarded {
    fn extend<I: IntoIterator<Item = Self>>(&mut self, all: I) {
        all.into_iter().for_each(|one| self.add(one));
    }
}

impl FromIterator<Discarded> for Discarded {
    fn from_iter<I: IntoIterator<Item = Self>>(all: I) -> Self {
        let mut found = Self::none();
        found.extend(all);
        found
    }
}

/// Who lets go of what was replaced. A clone is the same one.
#[derive(Clone, Default)]
pub(crate) struct Discards(Arc<OnceLock<Taker>>);

type Taker = Box<dyn Fn(Discarded) + Send + Sync>;

impl Discards {
    /// Has it done by another from now on; the first one stays.
    pub(crate) fn hand_to(&self, taker: impl Fn(Discarded) + Send + Sync + 'static) {
        let _ = self.0.set(Box::new(taker));
    }

    /// Whether another does it.
    #[must_use]
    pub(crate) fn are_handed_on(&self) -> bool {
        self.0.get().is_some()
    }

    /// Lets go of it. No lock may be held by the caller.
    pub(crate) fn take(&self, discarded: Discarded) {
        match self.0.get() {
            Some(taker) if !discarded.is_empty() => taker(discarded),
            _ => drop(discarded),
        }
    }
}

impl fmt::Debug for Discards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Discards").field(&self.are_handed_on()).finish()
    }
}
