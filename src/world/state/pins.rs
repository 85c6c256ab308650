//! The states of a cell that somebody keeps: snapshots, and exports under way.
//!
//! States have versions, each write and each restore the next one, and a record knows the version that had it first. So
//! what a write takes out is alone in the present state where it is younger than every kept one. What a kept state costs
//! beside its records are the nodes of its tables that later writes copied: they are charged to it as they are copied.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock, Weak};

use parking_lot::Mutex;

use crate::world::weight::{Account, Charge, Copied, Leaving, Sharing, Tally};

/// The kept states of a cell, by version.
#[derive(Default)]
pub(super) struct Pins {
    all: Mutex<BTreeMap<u64, Pinned>>,
    /// Who is told that one is kept no longer.
    told: OnceLock<Weak<dyn Unpinned>>,
}

/// Who has to know that a state is kept no longer.
pub(super) trait Unpinned: Send + Sync {
    /// The state of this version is kept no longer; `before` is the kept one before it.
    fn unpinned(&self, version: u64, before: Option<u64>);
}

#[derive(Debug)]
struct Pinned {
    holders: usize,
    /// The load that the state goes back to. States of one share tables.
    line: u64,
    /// What the records weigh that requests wrote.
    weight: u64,
    /// What of them is in no other state, as far as that is known.
    alone: u64,
    /// What later writes copied of its tables.
    copies: Vec<Copied>,
    charge: Option<Charge>,
}

/// A state that is kept until it is dropped.
#[derive(Debug)]
pub(crate) struct Pin {
    pins: Arc<Pins>,
    account: Option<Arc<Account>>,
    version: u64,
}

/// Where a state stands among the kept ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) version: u64,
    pub(super) line: u64,
    /// The kept state that it was made of.
    pub(super) base: Option<u64>,
}

impl fmt::Debug for Pins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pins").field(&self.all.lock()).finish()
    }
}

impl Pins {
    /// Tells somebody of each state that is kept no longer.
    pub(super) fn tell(&self, who: Weak<dyn Unpinned>) {
        let _ = self.told.set(who);
    }

    /// Keeps the state of this place.
    pub(super) fn pin(self: &Arc<Self>, place: Place, weight: u64, account: Option<Arc<Account>>) -> Pin {
        let mut all = self.all.lock();
        let fresh = || Pinned { holders: 0, line: place.line, weight, alone: 0, copies: Vec::new(), charge: None };
        all.entry(place.version).or_insert_with(fresh).holders += 1;
        Pin { pins: self.clone(), account, version: place.version }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.lock().is_empty()
    }

    /// What a write to the state of this place shares with those that are kept.
    pub(super) fn sharing(&self, place: Place) -> Sharing {
        let all = self.all.lock();
        let mut versions = all.keys().rev().copied();
        Sharing { version: place.version, last: versions.next(), before: versions.next() }
    }

    /// Charges for what a write copied that the kept state below it still has: nothing where there is none.
    pub(super) fn charge(&self, place: Place, tally: &Tally, root: usize, account: &Arc<Account>) -> Option<Charge> {
        let all = self.all.lock();
        let pinned = base(&all, place).and_then(|version| all.get(&version))?;
        let mut copies = pinned.copies.clone();
        Copied::add_all(&mut copies, &tally.copies);
        let more = Copied::sum(&copies) - Copied::sum(&pinned.copies);
        // Its root is its own from the first write on.
        let root = if pinned.charge.is_none() { u64::try_from(root).unwrap_or_default() + ROOT } else { 0 };
        (more + root > 0).then(|| account.charge(more + root))
    }

    /// Notes what a write came to.
    pub(super) fn note(&self, place: Place, tally: &Tally, charge: Option<Charge>) {
        let mut all = self.all.lock();
        if let Some(mut last) = all.last_entry() {
            last.get_mut().alone += tally.last;
        }
        if let Some(version) = base(&all, place)
            && let Some(pinned) = all.get_mut(&version)
        {
            Copied::add_all(&mut pinned.copies, &tally.copies);
            pinned.take(charge, u64::MAX);
        }
    }

    /// Says that the present state is this kept one again: it has all of it.
    pub(super) fn restored(&self, version: u64) {
        if let Some(pinned) = self.all.lock().get_mut(&version) {
            pinned.alone = 0;
        }
    }

    fn unpin(&self, version: u64) {
        if let Some(before) = self.remove(version)
            && let Some(who) = self.told.get().and_then(Weak::upgrade)
        {
            who.unpinned(version, before);
        }
    }

    /// Lets one holder go: where it was the last, the kept state before that one, if there is any.
    fn remove(&self, version: u64) -> Option<Option<u64>> {
        let mut all = self.all.lock();
        let pinned = all.get_mut(&version)?;
        pinned.holders -= 1;
        if pinned.holders > 0 {
            return None;
        }
        let gone = all.remove(&version)?;
        let (before, pinned) = all.range_mut(..version).next_back().unzip();
        let before = before.copied();
        // What was copied of both is still kept by the one before it.
        if let Some(pinned) = pinned.filter(|pinned| pinned.line == gone.line) {
            let held = Copied::sum(&pinned.copies);
            Copied::add_all(&mut pinned.copies, &gone.copies);
            let more = Copied::sum(&pinned.copies) - held;
            let most = pinned.charge.as_ref().map_or(0, Charge::bytes) + more;
            pinned.take(gone.charge, most);
        }
        Some(before)
    }
}

/// About what a state has of its own beside its tables: ids above all.
const ROOT: u64 = 512;

/// The kept state that the one of this place was made of: where that is gone, the one before it.
fn base(all: &BTreeMap<u64, Pinned>, place: Place) -> Option<u64> {
    let before = all.range(..=place.base?).next_back();
    before.filter(|(_, pinned)| pinned.line == place.line).map(|(version, _)| *version)
}

impl Pinned {
    fn take(&mut self, charge: Option<Charge>, most: u64) {
        match (&mut self.charge, charge) {
            (Some(known), Some(charge)) => known.absorb(charge),
            (none @ None, charge) => *none = charge,
            (Some(_), None) => {}
        }
        if let Some(charge) = &mut self.charge {
            charge.shrink(most);
        }
    }
}

impl Pin {
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    pub(super) fn line(&self) -> Option<u64> {
        self.pins.all.lock().get(&self.version).map(|pinned| pinned.line)
    }

    /// Ends it before the state is let go of: what goes with it, as far as that is known. `is_present` is whether the
    /// present state was made of it, and `leaving` what of the bytes goes that are in no other state of these.
    pub(super) fn end(&self, is_present: bool, leaving: impl FnOnce(u64) -> u64) -> Option<Leaving> {
        let account = self.account.clone()?;
        let bytes = {
            let all = self.pins.all.lock();
            let pinned = all.get(&self.version).filter(|pinned| pinned.holders == 1)?;
            if all.len() == 1 && !is_present { pinned.weight } else { pinned.alone }
        };
        Some(account.leaving(leaving(bytes)))
    }
}

impl Clone for Pin {
    fn clone(&self) -> Self {
        if let Some(pinned) = self.pins.all.lock().get_mut(&self.version) {
            pinned.holders += 1;
        }
        Self { pins: self.pins.clone(), account: self.account.clone(), version: self.version }
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.pins.unpin(self.version);
    }
}
