//! The sandboxes of a server: made on first use, bounded, and gone when idle.

use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};

use super::created::{Created, SandboxInfo, Tally};
use super::entry::{Entry, Found, Standing, nanoseconds};
use super::lists::Lists;
use super::{Bounds, Full, Sandbox, Start};
use crate::provider::Moment;
use crate::world::clock::Stopwatch;
use crate::world::discard::{Discarded, Discards};
use crate::world::journal::Why;
use crate::world::sandbox::SandboxName;
use crate::world::weight::{Account, MakeRoom};

/// How many that expired are taken away under one lock.
const A_SWEEP: usize = 256;

/// All sandboxes of a server.
#[derive(Debug)]
pub(crate) struct Sandboxes {
    /// How a new one starts, with slots of no sandbox.
    start: RwLock<Start>,
    default: Arc<Entry>,
    home: Arc<Home>,
}

/// What sandboxes are registered in.
#[derive(Debug)]
pub(super) struct Home {
    clock: Stopwatch,
    discards: Discards,
    lists: Mutex<Lists>,
}

impl Home {
    /// The time, as entries count it.
    pub(super) fn now(&self) -> u64 {
        nanoseconds(self.clock.elapsed())
    }

    /// Looks at the lists or changes them. What `change` takes out of them is let go of behind the lock.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Lists, &mut Discarded) -> T) -> T {
        let mut replaced = Discarded::none();
        let outcome = change(&mut self.lists.lock(), &mut replaced);
        self.discards.take(replaced);
        outcome
    }
}

/// Idle sandboxes make room for the bytes of others.
impl MakeRoom for Weak<Home> {
    fn make_room(&self, bytes: u64, replaced: &mut Discarded) -> bool {
        self.upgrade().is_some_and(|home| home.lists.lock().make_room_for_bytes(bytes, home.now(), replaced))
    }

    fn retry_after_s(&self) -> Option<u64> {
        let home = self.upgrade()?;
        home.lists.lock().bytes_after_s(home.now())
    }

    fn look(&self, look: &mut dyn FnMut(&str, &Account)) {
        if let Some(home) = self.upgrade() {
            home.lists.lock().look(look);
        }
    }
}

impl Sandboxes {
    /// The sandboxes of a server that starts so; `default` is there already.
    #[must_use]
    pub(crate) fn new(start: Start, bounds: Bounds) -> Self {
        let default = Arc::new(Sandbox::new(SandboxName::default_name(), start.fresh(), None));
        let (clock, discards) = (Stopwatch::start(), start.discards.clone());
        let home = Arc::new(Home { clock, discards, lists: Mutex::new(Lists::new(bounds)) });
        default.account().set_sandboxes(Arc::downgrade(&home));
        let default = Entry::new(default, Arc::downgrade(&home), clock, Standing::Apart, None);
        Self { start: RwLock::new(start), default, home }
    }

    /// The one that never goes.
    #[must_use]
    pub(crate) fn default(&self) -> &Arc<Sandbox> {
        &self.default.sandbox
    }

    /// How long one may be idle that states no time of its own.
    #[must_use]
    pub(crate) fn idle_time(&self) -> Duration {
        self.home.lists.lock().bounds().idle
    }

    /// How a new sandbox starts, with slots for it.
    #[must_use]
    pub(crate) fn start(&self) -> Start {
        self.start.read().fresh()
    }

    /// Starts new and reset sandboxes at these states from now on; those that are there stay as they
    /// are until they are reset. No sandbox starts at some of them.
    pub(crate) fn reload(&self, moments: &[Arc<dyn Moment>]) {
        let turn = self.start.write();
        let replaced: Discarded = moments.iter().map(|moment| moment.reload()).collect();
        drop(turn);
        self.home.discards.take(replaced);
    }

    /// The one that never goes, for a request.
    #[must_use]
    pub(crate) fn enter_default(&self) -> Found {
        Found::start(&self.default, 0)
    }

    /// The sandbox of this name, for a request. One that is not there is made, and stays only if the request keeps it.
    #[must_use]
    pub(crate) fn enter(&self, name: &SandboxName) -> Found {
        if name.is_default() {
            return self.enter_default();
        }
        if let Some(found) = self.home.change(|lists, replaced| lists.enter(name, self.home.now(), replaced)) {
            return found;
        }
        let sandbox = self.fork(name);
        let entry = |lost| Entry::new(sandbox, Arc::downgrade(&self.home), self.home.clock, Standing::Fork, lost);
        // Another request of that name may have come between.
        self.home.change(|lists, replaced| {
            let now = self.home.now();
            lists.enter(name, now, replaced).unwrap_or_else(|| lists.fork(&entry(lists.why_gone(name)), now))
        })
    }

    /// The sandbox of this name, for a request, where it is there.
    #[must_use]
    pub(crate) fn enter_there(&self, name: &SandboxName) -> Option<Found> {
        self.home.change(|lists, replaced| lists.enter_kept(name, self.home.now(), replaced))
    }

    /// The sandbox of this name, for a request that makes none: where it is not there, the request has a fork of the
    /// start for itself, which nobody meets again.
    #[must_use]
    pub(crate) fn visit(&self, name: &SandboxName) -> Found {
        if name.is_default() {
            return self.enter_default();
        }
        let (there, lost) = self
            .home
            .change(|lists, replaced| (lists.enter_kept(name, self.home.now(), replaced), lists.why_gone(name)));
        there.unwrap_or_else(|| {
            let home = Arc::downgrade(&self.home);
            Found::start(&Entry::new(self.fork(name), home, self.home.clock, Standing::Apart, lost), 0)
        })
    }

    fn fork(&self, name: &SandboxName) -> Arc<Sandbox> {
        Arc::new(Sandbox::new(name.clone(), self.start(), None))
    }

    /// Puts a sandbox of its own making in place; the one of that name, if there was one, is gone.
    /// `default` cannot be replaced: nothing happens, and the answer is false.
    ///
    /// # Errors
    ///
    /// There is no room for it.
    pub(crate) fn put(&self, sandbox: Arc<Sandbox>) -> Result<bool, Full> {
        if sandbox.name().is_default() {
            return Ok(false);
        }
        sandbox.note_written();
        let entry = Entry::new(sandbox, Arc::downgrade(&self.home), self.home.clock, Standing::Written, None);
        self.home.change(|lists, replaced| lists.put(&entry, self.home.now(), replaced)).map(|()| true)
    }

    /// Whether this very sandbox is there; one of the same name may have taken its place. Does not use it.
    #[must_use]
    pub(crate) fn holds(&self, sandbox: &Arc<Sandbox>) -> bool {
        Arc::ptr_eq(self.default(), sandbox) || self.home.lists.lock().holds(sandbox)
    }

    /// How many there are, and how many came and went.
    #[must_use]
    pub(crate) fn tally(&self) -> Tally {
        self.home.lists.lock().tally()
    }

    /// Takes a sandbox away. The next request that names it makes a new one.
    pub(crate) fn remove(&self, name: &SandboxName) -> bool {
        self.home.change(|lists, replaced| lists.remove(name, Why::Deleted, replaced))
    }

    /// How the sandbox of a name was lost, if it was and none has taken its place.
    #[must_use]
    pub(crate) fn why_gone(&self, name: &SandboxName) -> Option<Created> {
        self.home.lists.lock().why_gone(name)
    }

    /// Takes away those that were idle for too long, a few under each lock, and the fault rules that have expired.
    pub(crate) fn sweep(&self) {
        self.default().account().forget_expired();
        while self.home.change(|lists, replaced| lists.sweep(self.home.now(), A_SWEEP, replaced)) {}
    }

    /// One that is there. Does not use it.
    #[must_use]
    pub(crate) fn info(&self, name: &SandboxName) -> Option<SandboxInfo> {
        if name.is_default() {
            return Some(self.default_info());
        }
        self.home.lists.lock().info(name, self.home.now())
    }

    /// Every sandbox that is there, `default` first, then by name. Uses none.
    #[must_use]
    pub(crate) fn list(&self) -> Vec<SandboxInfo> {
        let mut list = self.home.lists.lock().infos(self.home.now());
        list.sort_by(|one, other| one.sandbox.name().cmp(other.sandbox.name()));
        list.insert(0, self.default_info());
        list
    }

    /// The sandbox of this name, where it is there. Does not use it.
    #[must_use]
    pub(crate) fn there(&self, name: &SandboxName) -> Option<Arc<Sandbox>> {
        self.info(name).map(|info| info.sandbox)
    }

    /// Every sandbox that is there, `default` first. Uses none.
    #[must_use]
    pub(crate) fn all(&self) -> Vec<Arc<Sandbox>> {
        let listed = self.home.lists.lock().infos(self.home.now());
        std::iter::once(self.default().clone()).chain(listed.into_iter().map(|info| info.sandbox)).collect()
    }

    fn default_info(&self) -> SandboxInfo {
        SandboxInfo { sandbox: self.default().clone(), idle: Duration::ZERO, time_to_live: None }
    }
}

#[cfg(test)]
mod tests;
