//! One sandbox.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};

use super::snapshot::Snapshot;
use crate::evidence::Ledger;
use crate::provider::{Moment, Slot, View};
use crate::world::clock::Clock;
use crate::world::discard::{Discarded, Discards};
use crate::world::fault::FaultPlan;
use crate::world::history::{History, Stamp, StepId, Turn, Unreached, Way};
use crate::world::ids::Seed;
use crate::world::journal::{Journal, Journals};
use crate::world::options::Options;
use crate::world::sandbox::SandboxName;
use crate::world::weight::Account;

/// How a sandbox starts, and what a reset returns it to.
#[derive(Debug)]
pub(crate) struct Start {
    pub clock: Clock,
    pub seed: Seed,
    /// Its own slots, one for each provider.
    pub slots: Vec<Arc<dyn Slot>>,
    /// Where its journal is kept, among all of the server.
    pub journals: Journals,
    /// Who lets go of what is replaced in it.
    pub discards: Discards,
}

impl Start {
    /// The same start for another sandbox.
    #[must_use]
    pub(crate) fn fresh(&self) -> Self {
        let account = self.slots.first().map(|slot| slot.account().sibling()).unwrap_or_default();
        let slots = self.slots.iter().map(|slot| slot.fresh(&account)).collect();
        let (journals, discards) = (self.journals.clone(), self.discards.clone());
        Self { clock: self.clock, seed: self.seed, slots, journals, discards }
    }
}

/// A slot, and options for it.
pub(crate) type Switched<'s> = (&'s dyn Slot, Arc<Options>);

/// One world: everything that a test can disturb.
#[derive(Debug)]
pub struct Sandbox {
    name: SandboxName,
    time_to_live: Option<Duration>,
    /// Clock and seed at its start.
    start: (Clock, Seed),
    clock: RwLock<Clock>,
    seed: RwLock<Seed>,
    slots: Vec<Arc<dyn Slot>>,
    account: Arc<Account>,
    /// Held by whoever changes the options of slots: what is read of them is what is changed.
    switching: Mutex<()>,
    snapshots: Mutex<BTreeMap<String, Snapshot>>,
    faults: Arc<FaultPlan>,
    journal: Arc<Journal>,
    coverage: Arc<Ledger>,
    discards: Discards,
    /// Whether something in it is otherwise than in a new one.
    written: AtomicBool,
}

impl Sandbox {
    /// A world that starts at a moment. `time_to_live` is how long it may be idle, where it states one.
    #[must_use]
    pub(crate) fn new(name: SandboxName, start: Start, time_to_live: Option<Duration>) -> Self {
        let Start { clock, seed, slots, journals, discards } = start;
        let account = slots.first().map(|slot| slot.account().clone()).unwrap_or_default();
        // What was put in place until now is what it starts at.
        discards.take(account.history().clear(clock, true));
        Self {
            journal: journals.journal_of(name.clone()),
            name,
            time_to_live,
            start: (clock, seed),
            clock: RwLock::new(clock),
            seed: RwLock::new(seed),
            account,
            slots,
            switching: Mutex::default(),
            snapshots: Mutex::default(),
            faults: Arc::default(),
            coverage: Arc::default(),
            discards,
            written: AtomicBool::new(false),
        }
    }

    /// Notes that something was changed in it that a new one would lack: data, settings, faults, limits, snapshots,
    /// clock or seed.
    pub(crate) fn note_written(&self) {
        self.written.store(true, Ordering::Release);
    }

    /// Whether something was changed in it that a new one would lack.
    #[must_use]
    pub(crate) fn is_written(&self) -> bool {
        self.written.load(Ordering::Acquire)
    }

    /// Lets go of what was replaced in it. No lock may be held by the caller.
    pub(crate) fn discard(&self, replaced: impl Into<Discarded>) {
        self.discards.take(replaced.into());
    }

    #[must_use]
    pub(crate) fn name(&self) -> &SandboxName {
        &self.name
    }

    /// How long it may be idle, where it states that itself.
    #[must_use]
    pub(crate) fn time_to_live(&self) -> Option<Duration> {
        self.time_to_live
    }

    /// What its vendors take for now.
    #[must_use]
    pub(crate) fn clock(&self) -> Clock {
        *self.clock.read()
    }

    /// Changes the clock, or leaves it where `change` gives none.
    pub(crate) fn set_clock(&self, change: impl FnOnce(Clock) -> Option<Clock>) -> Option<Clock> {
        // Who goes back in time has the turn as he sets the clock.
        let mut turn = self.history().turn();
        let clock = {
            let mut clock = self.clock.write();
            *clock = change(*clock)?;
            *clock
        };
        turn.set_clock(clock);
        self.discard(turn.end().1);
        Some(clock)
    }

    /// Where its ids come from.
    #[must_use]
    pub(crate) fn seed(&self) -> Seed {
        *self.seed.read()
    }

    /// Sets where its ids come from, from the next draw on.
    pub(crate) fn set_seed(&self, seed: Seed) {
        *self.seed.write() = seed;
    }

    /// Its part of each provider, in the order of the registry.
    #[must_use]
    pub(crate) fn slots(&self) -> &[Arc<dyn Slot>] {
        &self.slots
    }

    /// Whether one of its providers lists a credential of this text.
    #[must_use]
    pub(crate) fn lists(&self, credential: &str) -> bool {
        self.slots.iter().any(|slot| slot.lists(credential))
    }

    /// Its part of the provider of this id.
    #[must_use]
    pub(crate) fn slot(&self, provider: &str) -> Option<&Arc<dyn Slot>> {
        self.slots.iter().find(|slot| slot.provider().descriptor().id == provider)
    }

    /// Changes the options of its slots. `change` gives those to put in place, slot by slot, of those in force; no other
    /// change comes between.
    ///
    /// # Errors
    ///
    /// What `change` returns; then all options are as before.
    pub(crate) fn update_options<'s, E>(
        &'s self,
        change: impl FnOnce(&'s [Arc<dyn Slot>]) -> Result<Vec<Switched<'s>>, E>,
    ) -> Result<(), E> {
        let _turn = self.switching.lock();
        change(&self.slots)?.into_iter().for_each(|(slot, options)| slot.set_options(options));
        Ok(())
    }

    /// What a request to a provider sees beside that provider's state.
    #[must_use]
    pub(crate) fn view<'s>(&'s self, slot: &'s dyn Slot) -> View<'s> {
        let (now, seed, options) = (self.clock().now(), self.seed(), slot.options());
        let embedded = slot.is_embedded().then(|| &*slot.provider().descriptor().fixture);
        let step = Cell::new(Stamp { step: self.history().last(), is_own: false });
        View { embedded, step, ..View::of(now, seed, options, &self.slots) }
    }

    /// This moment's data, ids and clock.
    #[must_use]
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.still(|slots| {
            let moments = slots.iter().map(|slot| slot.clone().present()).collect();
            Snapshot { moments, clock: self.clock(), charge: None }
        })
    }

    /// Looks at all providers while nobody replaces a state: what is seen is one moment.
    pub(crate) fn still<T>(&self, look: impl FnOnce(&[Arc<dyn Slot>]) -> T) -> T {
        let _turn = self.history().turn();
        look(&self.slots)
    }

    /// Puts data, ids and clock back to a moment; nothing else.
    pub(crate) fn restore<'s>(&'s self, snapshot: &'s Snapshot) {
        self.replace(&snapshot.moments, Some(snapshot.clock));
    }

    /// Puts states in place, all of them in one step.
    pub(crate) fn put<'s>(&'s self, moments: &'s [Arc<dyn Moment>]) {
        self.replace(moments, None);
    }

    fn replace<'s>(&'s self, moments: &'s [Arc<dyn Moment>], clock: Option<Clock>) {
        self.change(clock, |turn| turn.replace_all(moments, |moment, turn| moment.restore(turn)));
    }

    /// Puts back the data and ids of one provider.
    pub(crate) fn reset_state(&self, slot: &dyn Slot) {
        self.change(None, |turn| slot.reset_state(turn));
    }

    /// Replaces states in one step, and sets the clock with them.
    fn change<'s>(&'s self, clock: Option<Clock>, put: impl FnOnce(&mut Turn<'s>) -> Discarded) {
        let mut turn = self.history().turn();
        let mut replaced = put(&mut turn);
        if let Some(clock) = clock {
            turn.set_clock(clock);
            *self.clock.write() = clock;
        }
        replaced.add(turn.end().1);
        self.discard(replaced);
    }

    /// What it was before each change.
    #[must_use]
    pub(crate) fn history(&self) -> &History {
        self.account.history()
    }

    /// Forgets what it was before each change.
    pub(crate) fn forget_history(&self) -> Discarded {
        self.history().clear(self.clock(), true)
    }

    /// Puts data, ids and clock to where a way leads: which step that is, and the way.
    ///
    /// # Errors
    ///
    /// Why there is no such way.
    pub(crate) fn rewind(
        &self,
        find: impl FnOnce(&mut Turn<'_>) -> Result<Way, Unreached>,
    ) -> Result<(StepId, Way), Unreached> {
        let mut turn = self.history().turn();
        let way = find(&mut turn)?;
        let step = turn.goes();
        let mut replaced = turn.replace_all(&self.slots, move |slot, turn| slot.go_back(way.to, turn));
        turn.set_clock(way.clock);
        *self.clock.write() = way.clock;
        replaced.add(turn.end().1);
        self.discard(replaced);
        Ok((step, way))
    }

    /// Who is charged for what it holds beyond the server's fixtures.
    #[must_use]
    pub(crate) fn account(&self) -> &Arc<Account> {
        &self.account
    }

    /// The snapshots by name.
    pub(crate) fn snapshots<T>(&self, look: impl FnOnce(&mut BTreeMap<String, Snapshot>) -> T) -> T {
        look(&mut self.snapshots.lock())
    }

    /// What shall go wrong.
    #[must_use]
    pub(crate) fn faults(&self) -> &Arc<FaultPlan> {
        &self.faults
    }

    /// What was asked in it and what was answered.
    #[must_use]
    pub(crate) fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }

    /// What was exercised in it.
    #[must_use]
    pub(crate) fn coverage(&self) -> &Arc<Ledger> {
        &self.coverage
    }

    /// Puts everything back to the moment the sandbox was made; named snapshots stay. Where fixtures
    /// were reloaded since, it starts at those, but for the ones that it was made with itself.
    pub(crate) fn reset(&self) {
        self.start_anew(true);
    }

    /// The same, but that the journal stays, and steps are numbered on.
    pub(crate) fn restart(&self) {
        self.start_anew(false);
    }

    fn start_anew(&self, anew: bool) {
        let switching = self.switching.lock();
        let (clock, seed) = self.start;
        let mut turn = self.history().turn();
        let mut replaced = turn.replace_all(&self.slots, |slot, turn| slot.reset(turn));
        *self.clock.write() = clock;
        replaced.add(turn.start_anew(clock, anew));
        if anew {
            // In the same turn: whoever writes next finds the journal empty, and his exchange stays.
            replaced.add(self.journal.reset(self.history().last().generation));
        }
        self.faults.reset();
        self.coverage.clear();
        *self.seed.write() = seed;
        replaced.add(turn.end().1);
        drop(switching);
        self.discard(replaced);
    }

    /// Has another sandbox start at what this one is now, in its data, ids, clock, seed and settings.
    pub(crate) fn fork_into(&self, start: &mut Start) {
        let account = start.slots.first().map(|slot| slot.account().clone()).unwrap_or_default();
        start.slots = self.still(|slots| slots.iter().map(|slot| slot.fork(&account)).collect());
        account.fork_of(&self.account);
        (start.clock, start.seed) = (self.clock(), self.seed());
    }

    /// A sandbox of nobody's, for what is only tried: it is as this one was when it started, or at a moment of it.
    pub(crate) fn scratch(&self, moment: Option<&Snapshot>) -> Self {
        let account = self.account.apart();
        let (clock, seed) = self.start;
        let (clock, slots) = match moment {
            Some(moment) => (moment.clock, moment.moments.iter().map(|moment| moment.fork(&account)).collect()),
            None => (clock, self.slots.iter().map(|slot| slot.clone().start().fork(&account)).collect()),
        };
        let start = Start { clock, seed, slots, journals: Journals::default(), discards: Discards::default() };
        Self::new(self.name.clone(), start, None)
    }
}

#[cfg(test)]
mod tests;
