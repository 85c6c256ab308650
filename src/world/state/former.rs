//! The states that a cell had before: the one before the last write, for stale reads, as long as nobody needs its room; and
//! those that the steps of the sandbox's history replaced, as long as the history keeps them.
//!
//! A record that only the history has counts there and not as state. Which bytes those are is known without a walk: what a
//! write takes out is in the state before it alone, or in snapshots too, and then it is the history's once they are gone.
//! Going back to a state changes the sum by what the two states weigh: all that was ever there since is kept by one of
//! them, by the history, or by both.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;

use super::pins::{Place, Unpinned};
use crate::world::discard::{Discard, Discarded};
use crate::world::history::Keeper;
use crate::world::weight::{Account, Charge, Going, Leaving, Reclaim};

/// Where a state came from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origin {
    /// Whether it began as the embedded fixture.
    pub(crate) embedded: bool,
    /// The charge for the text that it was loaded from, where that is no fixture of the server's.
    pub(crate) loaded: Option<Arc<Charge>>,
    /// How many bytes that text has.
    pub(crate) size: u64,
}

/// A state that a step replaced.
pub(super) struct Past<S> {
    /// The step.
    pub(super) step: u64,
    pub(super) state: Arc<S>,
    pub(super) place: Place,
    /// What its written records weigh.
    pub(super) weight: u64,
    /// What of that no kept state has.
    pub(super) alone: u64,
    /// What only the history has of what the step replaced, in bytes.
    pub(super) bytes: u64,
    /// What it keeps of the tables, in bytes, beyond what every step counts. It was never charged as state.
    pub(super) nodes: u64,
    /// What snapshots have of it.
    pub(super) shared: Shared,
    /// Where it came from, if that is not where the state behind it did.
    pub(super) origin: Option<Box<Origin>>,
    /// What the history alone had of the text that it was loaded from.
    pub(super) text: u64,
}

/// Bytes of records that a write took out and that snapshots have.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shared {
    /// The version of the last of them.
    pub(super) pin: Option<u64>,
    /// What it has and none before it.
    pub(super) last: u64,
    /// What others have too.
    pub(super) older: u64,
}

/// A state to go back to, and what it takes with it.
pub(super) struct Back<S> {
    pub(super) state: Arc<S>,
    pub(super) place: Place,
    pub(super) weight: u64,
    pub(super) alone: u64,
    /// Where it came from, if that is not where the present state did.
    pub(super) origin: Option<Origin>,
    /// What only the history has of the text that it was loaded from.
    pub(super) text: u64,
    /// What the steps since keep alive.
    pub(super) since: u64,
}

/// The former states of a cell.
pub(super) struct Former<S> {
    account: Option<Arc<Account>>,
    kept: Mutex<Kept<S>>,
}

struct Kept<S> {
    /// The state before the last write, and what it alone holds, where the history does not keep it.
    stale: Option<(Arc<S>, u64)>,
    /// Whether the last of those that the history keeps is the state before the last write.
    is_last_stale: bool,
    past: VecDeque<Past<S>>,
}

impl<S> Former<S> {
    pub(super) fn new(account: Option<Arc<Account>>) -> Self {
        Self { account, kept: Mutex::new(Kept { stale: None, is_last_stale: false, past: VecDeque::new() }) }
    }

    /// The state before the last write, where it is kept.
    pub(super) fn get(&self) -> Option<Arc<S>> {
        let kept = self.kept.lock();
        match kept.past.back().filter(|_| kept.is_last_stale) {
            Some(past) => Some(past.state.clone()),
            None => kept.stale.as_ref().map(|(before, _)| before.clone()),
        }
    }

    /// Keeps another state as the one before the last write, or none: what was kept before.
    pub(super) fn put(&self, next: Option<(Arc<S>, u64)>) -> Option<Going<S>> {
        let mut kept = self.kept.lock();
        kept.is_last_stale = false;
        self.swap(kept, next)
    }

    fn swap(&self, mut kept: parking_lot::MutexGuard<'_, Kept<S>>, next: Option<(Arc<S>, u64)>) -> Option<Going<S>> {
        let stale = next.as_ref().map_or(0, |(_, bytes)| *bytes);
        let before = std::mem::replace(&mut kept.stale, next);
        // Under the lock: whoever asks for its room finds it counted.
        if let Some(account) = self.account.as_ref().filter(|_| stale > 0) {
            account.note_stale(stale);
        }
        drop(kept);
        before.map(|(before, bytes)| Going::new(before, self.leaving(bytes)))
    }

    /// What was stale is about to go.
    fn leaving(&self, bytes: u64) -> Option<Leaving> {
        let account = self.account.as_ref().filter(|_| bytes > 0)?;
        let leaving = account.leaving(bytes);
        account.note_fresh(bytes);
        Some(leaving)
    }

    /// Keeps a state that a step replaced. `is_stale` is whether it is the one before the last write. What was before.
    pub(super) fn keep(&self, past: Past<S>, is_stale: bool) -> Option<Going<S>> {
        let mut kept = self.kept.lock();
        if let Some(account) = &self.account {
            account.note_past(past.bytes);
        }
        kept.past.push_back(past);
        kept.is_last_stale = is_stale;
        kept.stale.as_ref()?;
        self.swap(kept, None)
    }

    /// The state behind the step of this number, where a later one replaced it. What the steps since keep alive is taken
    /// from them: whoever goes back there gives it to the step that this makes.
    pub(super) fn back_to(&self, step: u64, now: &Arc<S>) -> Option<Back<S>> {
        let mut kept = self.kept.lock();
        let first = kept.past.partition_point(|past| past.step <= step);
        let Past { state, place, weight, alone, .. } = kept.past.get(first)?;
        if Arc::ptr_eq(state, now) {
            return None;
        }
        let (state, place, weight, alone) = (state.clone(), *place, *weight, *alone);
        let origin = kept.past.range(first..).find_map(|past| Some((past.origin.as_deref().cloned()?, past.text)));
        let (origin, text) = origin.map_or((None, 0), |(origin, text)| (Some(origin), text));
        let since = kept.past.range_mut(first..).map(|past| std::mem::take(&mut past.bytes)).sum();
        if let Some(account) = &self.account {
            account.note_no_past(since);
        }
        Some(Back { state, place, weight, alone, origin, text, since })
    }

    /// What is charged for the text that a state came from, if nobody but it and the history has that.
    pub(super) fn text_of(&self, origin: &Origin) -> u64 {
        let Some(charge) = &origin.loaded else { return 0 };
        let kept = self.kept.lock();
        let origins = kept.past.iter().filter_map(|past| past.origin.as_ref()?.loaded.as_ref());
        let holders = origins.filter(|other| Arc::ptr_eq(charge, other)).count();
        if Arc::strong_count(charge) <= holders + 1 { charge.bytes() } else { 0 }
    }

    /// The states before and behind a step; nothing where it replaced none, or is not kept. `now` is the present one.
    pub(super) fn around(&self, step: u64, now: Arc<S>) -> Option<[Arc<S>; 2]> {
        let kept = self.kept.lock();
        let first = kept.past.partition_point(|past| past.step < step);
        let before = kept.past.get(first).filter(|past| past.step == step)?;
        let after = kept.past.get(first + 1).map_or(now, |past| past.state.clone());
        Some([before.state.clone(), after])
    }

    /// What snapshots of this version alone share with the history: it is the history's once they are gone. `bytes` are all
    /// that would go with them, and `covers` is whether the history has that state itself.
    pub(super) fn leaving_with(&self, version: u64, bytes: u64) -> u64 {
        let mut kept = self.kept.lock();
        let of = |past: &Past<S>| past.shared.pin == Some(version);
        let shared: u64 = kept.past.iter().filter(|past| of(past)).map(|past| past.shared.last).sum();
        let rest = bytes.saturating_sub(shared);
        let covers = kept.past.iter().any(|past| past.place.version == version);
        match kept.past.iter_mut().rev().find(|_| covers) {
            Some(last) => {
                last.bytes += rest;
                if let Some(account) = &self.account {
                    account.note_past(rest);
                    account.history().add_bytes(rest);
                }
                0
            }
            None => rest,
        }
    }
}

impl<S: Send + Sync> Unpinned for Former<S> {
    /// What the snapshot of a version had alone is the history's from now on.
    fn unpinned(&self, version: u64, before: Option<u64>) {
        let mut kept = self.kept.lock();
        let mut moved = 0;
        for past in kept.past.iter_mut().filter(|past| past.shared.pin == Some(version)) {
            let Shared { last, older, .. } = past.shared;
            let (bytes, shared) = match before {
                Some(before) => (last, Shared { pin: Some(before), last: older, older: 0 }),
                None => (last + older, Shared::default()),
            };
            past.bytes += bytes;
            past.shared = shared;
            moved += bytes;
        }
        if let Some(account) = self.account.as_ref().filter(|_| moved > 0) {
            account.note_past(moved);
            account.history().add_bytes(moved);
        }
    }
}

/// States that the history kept, and the bytes that go with them.
struct Forgotten<S> {
    // They go before their bytes count again.
    past: Vec<Past<S>>,
    _leaving: Option<Leaving>,
}

impl<S: Send + Sync> Discard for Forgotten<S> {
    fn is_last(&self) -> bool {
        self.past.iter().all(|past| past.state.is_last())
    }
}

impl<S: Send + Sync + 'static> Keeper for Former<S> {
    fn forget(&self, last: u64) -> (Discarded, u64) {
        let mut kept = self.kept.lock();
        let many = kept.past.partition_point(|past| past.step <= last);
        if many == 0 {
            return (Discarded::none(), 0);
        }
        let mut past: Vec<_> = kept.past.drain(..many).collect();
        if kept.past.is_empty() {
            kept.past = VecDeque::new();
        }
        let bytes: u64 = past.iter().map(|past| past.bytes).sum();
        let all = bytes + past.iter().map(|past| past.nodes).sum::<u64>();
        let Some(account) = &self.account else { return (Discarded::one(Forgotten { past, _leaving: None }), all) };
        let is_stale = kept.past.is_empty() && std::mem::take(&mut kept.is_last_stale);
        let stale = if is_stale { past.pop() } else { None };
        let stays = stale.as_ref().map_or(0, |past| past.bytes);
        let leaving = account.leaving(bytes - stays);
        if let Some(Past { state, .. }) = stale {
            account.note_stale(stays);
            kept.stale = Some((state, stays));
        }
        account.note_no_past(bytes);
        (Discarded::one(Forgotten { past, _leaving: Some(leaving) }), all)
    }
}

impl<S: Send + Sync + 'static> Reclaim for Former<S> {
    fn reclaim(&self) -> Discarded {
        let kept = self.kept.lock();
        let stale = if kept.stale.is_some() { self.swap(kept, None) } else { None };
        stale.map_or_else(Discarded::none, Discarded::one)
    }
}

impl<S> Drop for Former<S> {
    fn drop(&mut self) {
        drop(self.put(None));
        let bytes = self.kept.get_mut().past.iter().map(|past| past.bytes).sum();
        if let Some(account) = &self.account {
            account.note_no_past(bytes);
        }
    }
}
