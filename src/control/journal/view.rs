//! Which journals a request looks at: that of its sandbox, or, by `?sandbox=*`, those of all that are there.
//!
//! The exchanges of all sandboxes have one order, by the stamp that each got as it was kept. No stamp below the next one
//! is missing once all journals were read: it was given under the lock of its journal. So an exchange that comes later
//! stands behind all that a page showed, and whoever follows `next` meets each one once, unless it goes meanwhile.

use std::sync::Arc;

use super::call::Kept;
use super::wanted::journal;
use crate::api::{Problem, Requests};
use crate::app::Sandbox;
use crate::control::Ask;
use crate::world::cancel::{Cancel, Cancelled};
use crate::world::journal::Entry;

/// Which journals a request looks at.
pub(super) enum View {
    /// That of its sandbox.
    One(Arc<Sandbox>),
    /// Those of all sandboxes, and the first stamp that comes too late.
    All(Vec<Arc<Sandbox>>, u64),
}

/// What a view holds.
pub(super) struct Look {
    /// The exchanges, oldest first.
    pub(super) kept: Vec<Kept>,
    /// How many were kept since the journals were last emptied.
    pub(super) written: u64,
    /// How many of them are gone.
    pub(super) gone: u64,
}

impl View {
    /// The view that a request wants.
    pub(super) fn of(ask: &Ask<'_>, wanted: &Requests) -> Result<Self, Problem> {
        journal(ask)?;
        if !wanted.is_of_all_sandboxes() {
            return Ok(Self::One(ask.sandbox.clone()));
        }
        // The end is read first: what is stamped later may be in one journal already and not yet in another.
        let end = ask.app.journals.end();
        Ok(Self::All(ask.app.sandboxes.all(), end))
    }

    /// What is there.
    pub(super) fn look(&self, cancel: &Cancel) -> Result<Look, Cancelled> {
        let sandboxes = match self {
            Self::One(sandbox) => std::slice::from_ref(sandbox),
            Self::All(sandboxes, _) => sandboxes,
        };
        let mut look = Look { kept: Vec::new(), written: 0, gone: 0 };
        for sandbox in sandboxes {
            cancel.check()?;
            let entries = sandbox.journal().entries();
            let written = sandbox.journal().count();
            look.written += written;
            look.gone += entries.first().map_or(written, |entry| entry.number - 1);
            let entries = entries.into_iter().filter(|entry| self.has(entry));
            look.kept.extend(entries.map(|entry| Kept { sandbox: sandbox.clone(), entry }));
        }
        if matches!(self, Self::All(..)) {
            look.kept.sort_unstable_by_key(|kept| kept.entry.stamp);
            cancel.check()?;
        }
        Ok(look)
    }

    fn has(&self, entry: &Entry) -> bool {
        match self {
            Self::One(_) => true,
            Self::All(_, end) => entry.stamp < *end,
        }
    }

    /// The place of an exchange in the order of the view, from 1: what a cursor says.
    pub(super) fn place(&self, entry: &Entry) -> u64 {
        match self {
            Self::One(_) => entry.number,
            Self::All(..) => entry.stamp + 1,
        }
    }
}
