//! One sandbox.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, RwLock};

use super::{ProviderSlot, ReloadedFixtures, SandboxName, View};
use crate::world::clock::Clock;
use crate::world::fault::FaultPlan;
use crate::world::ids::Seed;
use crate::world::journal::{Journal, Journals};
use crate::world::options::Options;
use crate::world::state::{Root, StateCell};

/// The moment a sandbox is made at, to which a reset returns it. Cloning it is O(1) in the records.
#[derive(Clone)]
pub(crate) struct Baseline {
    pub clock: Clock,
    pub seed: Seed,
    /// Each provider's state and switches.
    pub slots: Vec<(Root, Arc<Options>)>,
    /// The providers, by number, whose state is this baseline's own: a reload does not replace it.
    pub own: Vec<usize>,
    /// What a reload replaced the other states with.
    pub reloaded: ReloadedFixtures,
    /// Where its journal is kept, among all of the server.
    pub journals: Journals,
}

impl Baseline {
    /// Takes what a reload made of a provider's state, unless that is this baseline's own.
    fn refresh(&mut self, provider: usize) {
        if self.own.contains(&provider) {
            return;
        }
        if let (Some(slot), Some(root)) = (self.slots.get_mut(provider), self.reloaded.get(provider)) {
            slot.0 = root;
        }
    }

    /// The same for every provider.
    pub(super) fn refresh_all(&mut self) {
        (0..self.slots.len()).for_each(|provider| self.refresh(provider));
    }
}

impl fmt::Debug for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Baseline").field("clock", &self.clock).field("seed", &self.seed).finish_non_exhaustive()
    }
}

/// Data, ids and clock of one moment.
#[derive(Clone)]
pub(crate) struct Snapshot {
    /// Each provider's state, ids included.
    pub roots: Vec<Root>,
    pub clock: Clock,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("clock", &self.clock).finish_non_exhaustive()
    }
}

/// One world: everything that a test can disturb.
///
/// Providers are numbered by their place in the list that the server was built with.
#[derive(Debug)]
pub struct Sandbox {
    name: SandboxName,
    time_to_live: Option<Duration>,
    baseline: RwLock<Baseline>,
    clock: RwLock<Clock>,
    seed: RwLock<Seed>,
    slots: Vec<ProviderSlot>,
    snapshots: Mutex<BTreeMap<String, Snapshot>>,
    faults: FaultPlan,
    journal: Arc<Journal>,
}

impl Sandbox {
    /// A world that starts at a moment. `time_to_live` is how long it may be idle, where it states one.
    #[must_use]
    pub(crate) fn new(name: SandboxName, baseline: Baseline, time_to_live: Option<Duration>) -> Self {
        let slot =
            |(root, options): &(Root, Arc<Options>)| ProviderSlot::new(StateCell::new(root.clone()), options.clone());
        Self {
            name,
            time_to_live,
            clock: RwLock::new(baseline.clock),
            seed: RwLock::new(baseline.seed),
            slots: baseline.slots.iter().map(slot).collect(),
            snapshots: Mutex::default(),
            faults: FaultPlan::default(),
            journal: baseline.journals.journal(),
            baseline: RwLock::new(baseline),
        }
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

    /// The moment it was made at, or last reset to.
    #[must_use]
    pub(crate) fn baseline(&self) -> Baseline {
        self.baseline.read().clone()
    }

    /// What its vendors take for now.
    #[must_use]
    pub(crate) fn clock(&self) -> Clock {
        *self.clock.read()
    }

    /// Changes the clock, or leaves it where `change` gives none.
    pub(crate) fn set_clock(&self, change: impl FnOnce(Clock) -> Option<Clock>) -> Option<Clock> {
        let mut clock = self.clock.write();
        *clock = change(*clock)?;
        Some(*clock)
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

    /// The slot of the provider with this number.
    #[must_use]
    pub(crate) fn slot(&self, provider: usize) -> Option<&ProviderSlot> {
        self.slots.get(provider)
    }

    /// What a request to the provider with this number sees.
    #[must_use]
    pub(crate) fn view(&self, provider: usize) -> Option<View<'_>> {
        let slot = self.slots.get(provider)?;
        let (now, seed, options) = (self.clock().now(), self.seed(), slot.options());
        Some(View { now, seed, options, state: &slot.state, wrote: Cell::new(false) })
    }

    /// This moment's data, ids and clock.
    #[must_use]
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot { roots: self.slots.iter().map(|slot| slot.state.root()).collect(), clock: self.clock() }
    }

    /// Puts data, ids and clock back to a moment; nothing else.
    pub(crate) fn restore(&self, snapshot: &Snapshot) {
        for (slot, root) in self.slots.iter().zip(&snapshot.roots) {
            slot.state.set(root.clone());
        }
        *self.clock.write() = snapshot.clock;
    }

    /// The snapshots by name.
    pub(crate) fn snapshots<T>(&self, look: impl FnOnce(&mut BTreeMap<String, Snapshot>) -> T) -> T {
        look(&mut self.snapshots.lock())
    }

    /// What shall go wrong.
    #[must_use]
    pub(crate) fn faults(&self) -> &FaultPlan {
        &self.faults
    }

    /// What was asked in it and what was answered.
    #[must_use]
    pub(crate) fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }

    /// Puts everything back to the moment the sandbox was made; named snapshots stay. Where fixtures
    /// were reloaded since, it starts at those, but for the ones that it was made with itself.
    pub(crate) fn reset(&self) {
        let mut baseline = self.baseline.write();
        baseline.refresh_all();
        for (slot, (root, options)) in self.slots.iter().zip(&baseline.slots) {
            slot.state.set(root.clone());
            slot.set_options(options.clone());
            slot.limiter.clear();
        }
        self.faults.clear();
        *self.clock.write() = baseline.clock;
        *self.seed.write() = baseline.seed;
        self.journal.clear();
    }

    /// Puts one provider's data and ids back.
    pub(crate) fn reset_provider(&self, provider: usize) {
        let mut baseline = self.baseline.write();
        baseline.refresh(provider);
        if let (Some(slot), Some((root, _))) = (self.slots.get(provider), baseline.slots.get(provider)) {
            slot.state.set(root.clone());
        }
    }
}
