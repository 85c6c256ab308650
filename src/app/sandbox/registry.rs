//! The sandboxes of a server: made on first use, bounded, and gone when idle.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use lru::LruCache;
use parking_lot::{Mutex, RwLock};

use super::{Sandbox, Start};
use crate::provider::Moment;
use crate::world::clock::Stopwatch;
use crate::world::sandbox::SandboxName;

/// How many sandboxes there may be, and how long an idle one stays. Real time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The most named sandboxes; the least recently used goes first.
    pub sandboxes: usize,
    /// How long a sandbox that states no time of its own may be idle.
    pub idle: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { sandboxes: 10_000, idle: Duration::from_secs(3_600) }
    }
}

/// Why a request met a sandbox that was just made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Created {
    /// Its name was never used, or is no longer remembered.
    New,
    /// The one of that name was idle for too long.
    Expired,
    /// The one of that name made room for others.
    Evicted,
}

impl Created {
    /// As the header field `X-Mock-Sandbox-Created` says it.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Expired => "expired",
            Self::Evicted => "evicted",
        }
    }
}

/// A sandbox, and why it was made if it just was.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub sandbox: Arc<Sandbox>,
    /// Why it was just made.
    pub created: Option<Created>,
}

/// A sandbox in a list.
#[derive(Debug, Clone)]
pub(crate) struct SandboxInfo {
    pub sandbox: Arc<Sandbox>,
    /// How long nobody used it.
    pub idle: Duration,
    /// How long it may be idle; `default` for ever.
    pub time_to_live: Option<Duration>,
}

/// How many sandboxes there are, and how many came and went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Those that are there, `default` included.
    pub alive: usize,
    /// Those that were made on first use, by reason.
    pub created: [(Created, u64); 3],
    /// Those that were idle for too long.
    pub expired: u64,
    /// Those that made room for others.
    pub evicted: u64,
}

/// All sandboxes of a server.
#[derive(Debug)]
pub(crate) struct Sandboxes {
    /// How a new one starts, with slots of no sandbox.
    start: RwLock<Start>,
    default: Arc<Sandbox>,
    bounds: Bounds,
    registry: Mutex<Registry>,
}

#[derive(Debug)]
struct Registry {
    used: LruCache<SandboxName, Entry>,
    gone: LruCache<SandboxName, Created>,
    created: [(Created, u64); 3],
    expired: u64,
    evicted: u64,
}

#[derive(Debug)]
struct Entry {
    sandbox: Arc<Sandbox>,
    last_used: Stopwatch,
}

impl Entry {
    fn is_expired(&self, bounds: Bounds) -> bool {
        self.last_used.elapsed() > self.sandbox.time_to_live().unwrap_or(bounds.idle)
    }
}

impl Sandboxes {
    /// The sandboxes of a server that starts so; `default` is there already.
    #[must_use]
    pub(crate) fn new(start: Start, bounds: Bounds) -> Self {
        let capacity = NonZeroUsize::new(bounds.sandboxes).unwrap_or(NonZeroUsize::MIN);
        let default = Sandbox::new(SandboxName::default_name(), start.fresh(), None);
        Self {
            start: RwLock::new(start),
            default: Arc::new(default),
            bounds,
            registry: Mutex::new(Registry {
                used: LruCache::unbounded(),
                gone: LruCache::new(capacity),
                created: [(Created::New, 0), (Created::Expired, 0), (Created::Evicted, 0)],
                expired: 0,
                evicted: 0,
            }),
        }
    }

    /// The one that never goes.
    #[must_use]
    pub(crate) fn default(&self) -> &Arc<Sandbox> {
        &self.default
    }

    /// How many there may be and how long an idle one stays.
    #[must_use]
    pub(crate) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// How a new sandbox starts, with slots for it.
    #[must_use]
    pub(crate) fn start(&self) -> Start {
        self.start.read().fresh()
    }

    /// Starts new and reset sandboxes at these states from now on; those that are there stay as they
    /// are until they are reset. No sandbox starts at some of them.
    pub(crate) fn reload(&self, moments: &[Arc<dyn Moment>]) {
        let _turn = self.start.write();
        moments.iter().for_each(|moment| moment.reload());
    }

    /// The sandbox of this name, made if it is not there. Uses it.
    #[must_use]
    pub(crate) fn find_or_make(&self, name: &SandboxName) -> Found {
        if name.is_default() {
            return Found { sandbox: self.default.clone(), created: None };
        }
        let mut registry = self.registry.lock();
        if let Some(sandbox) = registry.find(name, self.bounds) {
            return Found { sandbox, created: None };
        }
        let created = registry.gone.pop(name).unwrap_or(Created::New);
        let sandbox = Arc::new(Sandbox::new(name.clone(), self.start(), None));
        registry.put(sandbox.clone(), self.bounds);
        for (reason, count) in &mut registry.created {
            *count += u64::from(*reason == created);
        }
        drop(registry);
        match created {
            Created::New => tracing::debug!(sandbox = %name, "made a sandbox"),
            Created::Expired | Created::Evicted => {
                tracing::warn!(sandbox = %name, reason = created.as_str(), "made a sandbox anew: the one of that name was lost");
            }
        }
        Found { sandbox, created: Some(created) }
    }

    /// Puts a sandbox of its own making in place; the one of that name, if there was one, is gone.
    /// `default` cannot be replaced: nothing happens, and the answer is false.
    pub(crate) fn put(&self, sandbox: Arc<Sandbox>) -> bool {
        if sandbox.name().is_default() {
            return false;
        }
        let mut registry = self.registry.lock();
        registry.gone.pop(sandbox.name());
        registry.put(sandbox, self.bounds);
        true
    }

    /// Whether this very sandbox is there; one of the same name may have taken its place. Does not use it.
    #[must_use]
    pub(crate) fn holds(&self, sandbox: &Arc<Sandbox>) -> bool {
        let registry = self.registry.lock();
        let there = registry.used.peek(sandbox.name()).map(|entry| &entry.sandbox);
        there
            .or_else(|| sandbox.name().is_default().then_some(&self.default))
            .is_some_and(|one| Arc::ptr_eq(one, sandbox))
    }

    /// How many there are, and how many came and went.
    #[must_use]
    pub(crate) fn tally(&self) -> Tally {
        let registry = self.registry.lock();
        let (created, expired, evicted) = (registry.created, registry.expired, registry.evicted);
        Tally { alive: registry.used.len() + 1, created, expired, evicted }
    }

    /// Takes a sandbox away. The next request that names it makes a new one.
    pub(crate) fn remove(&self, name: &SandboxName) -> bool {
        self.registry.lock().used.pop(name).is_some()
    }

    /// Every sandbox that is there, `default` first, then by name. Uses none.
    #[must_use]
    pub(crate) fn list(&self) -> Vec<SandboxInfo> {
        let registry = self.registry.lock();
        let info = |entry: &Entry| SandboxInfo {
            sandbox: entry.sandbox.clone(),
            idle: entry.last_used.elapsed(),
            time_to_live: Some(entry.sandbox.time_to_live().unwrap_or(self.bounds.idle)),
        };
        let alive = registry.used.iter().map(|(_, entry)| entry).filter(|entry| !entry.is_expired(self.bounds));
        let mut list: Vec<_> = alive.map(info).collect();
        drop(registry);
        list.sort_by(|one, other| one.sandbox.name().cmp(other.sandbox.name()));
        let default = SandboxInfo { sandbox: self.default.clone(), idle: Duration::ZERO, time_to_live: None };
        list.insert(0, default);
        list
    }
}

impl Registry {
    fn find(&mut self, name: &SandboxName, bounds: Bounds) -> Option<Arc<Sandbox>> {
        let entry = self.used.get_mut(name)?;
        if entry.is_expired(bounds) {
            self.used.pop(name);
            self.expired += 1;
            self.gone.put(name.clone(), Created::Expired);
            return None;
        }
        entry.last_used = Stopwatch::start();
        Some(entry.sandbox.clone())
    }

    fn put(&mut self, sandbox: Arc<Sandbox>, bounds: Bounds) {
        // The longest unused are looked at first, so that idle ones go even if nobody names them again.
        while let Some((name, entry)) = self.used.peek_lru() {
            let expired = entry.is_expired(bounds);
            if !expired && self.used.len() < bounds.sandboxes.max(1) {
                break;
            }
            let reason = if expired { Created::Expired } else { Created::Evicted };
            self.gone.put(name.clone(), reason);
            *(if expired { &mut self.expired } else { &mut self.evicted }) += 1;
            self.used.pop_lru();
        }
        self.used.put(sandbox.name().clone(), Entry { sandbox, last_used: Stopwatch::start() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::from_text::FromText;
    use crate::provider::{Slot, register};
    use crate::world::clock::Clock;
    use crate::world::ids::Seed;
    use crate::world::journal::Journals;

    fn sandboxes(bounds: Bounds) -> Sandboxes {
        let now = Clock::Real.now();
        let slot = register(FromText::counter()).slot("counter.json", r#"{"number": 1}"#, now, Arc::default());
        let slots = vec![slot.expect("a fixture")];
        Sandboxes::new(Start { clock: Clock::Real, seed: Seed(1), slots, journals: Journals::default() }, bounds)
    }

    fn name(text: &str) -> SandboxName {
        text.parse().expect("a name")
    }

    fn slot(sandbox: &Sandbox) -> Arc<dyn Slot> {
        sandbox.slot("counter").expect("a slot").clone()
    }

    fn number(sandbox: &Sandbox) -> u64 {
        let text = slot(sandbox).present().export(None).expect("a text");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["number"].as_u64().expect("a number")
    }

    fn state(sandbox: &Sandbox, number: u64) -> Arc<dyn Moment> {
        slot(sandbox).load("counter.json", &format!(r#"{{"number": {number}}}"#), Clock::Real.now()).expect("a fixture")
    }

    fn write(sandbox: &Sandbox, number: u64) {
        state(sandbox, number).restore();
    }

    #[test]
    fn two_sandboxes_never_see_each_other() {
        let all = sandboxes(Bounds::default());
        let (one, other) = (all.find_or_make(&name("one")), all.find_or_make(&name("other")));
        assert_eq!((one.created, other.created), (Some(Created::New), Some(Created::New)));
        write(&one.sandbox, 7);
        assert_eq!((number(&one.sandbox), number(&other.sandbox), number(all.default())), (7, 1, 1));
        let again = all.find_or_make(&name("one"));
        assert_eq!((number(&again.sandbox), again.created), (7, None));
        one.sandbox.reset();
        assert_eq!(number(&again.sandbox), 1);
    }

    #[test]
    fn a_sandbox_that_lacked_a_provider_would_see_none_of_another() {
        let all = sandboxes(Bounds::default());
        write(all.default(), 7);
        let address = all.default().address("/counter/number").expect("an address");
        let start = Start { slots: Vec::new(), ..all.start() };
        let lacking = address.clone().in_sandbox(&Sandbox::new(name("lacking"), start, None)).slot;
        let shown = |slot: &Arc<dyn Slot>| slot.clone().present().export(None).expect("a text");
        assert!(shown(&lacking).contains(r#""number": 1"#), "{}", shown(&lacking));
        lacking.load("counter.json", r#"{"number": 9}"#, Clock::Real.now()).expect("a fixture").restore();
        assert_eq!(number(all.default()), 7);
        let there = address.in_sandbox(&all.find_or_make(&name("there")).sandbox).slot;
        assert!(shown(&there).contains(r#""number": 1"#), "{}", shown(&there));
    }

    #[test]
    fn the_least_recently_used_goes_first_and_its_loss_is_told() {
        let all = sandboxes(Bounds { sandboxes: 2, ..Bounds::default() });
        for used in ["a", "b", "a", "c"] {
            let _ = all.find_or_make(&name(used));
        }
        let names: Vec<_> = all.list().iter().map(|info| info.sandbox.name().to_string()).collect();
        assert_eq!(names, ["default", "a", "c"]);
        assert_eq!(all.find_or_make(&name("b")).created, Some(Created::Evicted));
        assert_eq!(all.find_or_make(&name("c")).created, None);
        assert_eq!(all.list().len(), 3, "the number is bounded");
    }

    #[expect(clippy::disallowed_methods, reason = "time must pass")]
    #[test]
    fn an_idle_one_expires_and_its_loss_is_told() {
        let all = sandboxes(Bounds { idle: Duration::ZERO, ..Bounds::default() });
        let _ = all.find_or_make(&name("a"));
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(all.find_or_make(&name("a")).created, Some(Created::Expired));
        assert_eq!(all.find_or_make(&SandboxName::default_name()).created, None, "default never goes");
    }

    #[test]
    fn a_reload_is_for_new_and_reset_sandboxes_without_fixtures_of_their_own() {
        let all = sandboxes(Bounds::default());
        let there = all.find_or_make(&name("there")).sandbox;
        let own = Arc::new(Sandbox::new(name("own"), all.start(), None));
        state(&own, 2).begin();
        all.put(own.clone());
        all.reload(&[state(all.default(), 5)]);
        assert_eq!((number(&there), number(all.default())), (1, 1), "nobody's world changes under a test");
        assert_eq!(number(&all.find_or_make(&name("new")).sandbox), 5);
        there.reset();
        own.reset();
        slot(all.default()).reset_state();
        assert_eq!((number(&there), number(&own), number(all.default())), (5, 2, 5));
    }

    #[test]
    fn a_snapshot_is_data_and_clock() {
        let all = sandboxes(Bounds::default());
        let sandbox = all.default();
        let snapshot = sandbox.snapshot();
        write(sandbox, 9);
        sandbox.set_seed(Seed(5));
        sandbox.set_clock(|clock| Some(clock.freeze()));
        sandbox.restore(&snapshot);
        assert_eq!((number(sandbox), sandbox.clock(), sandbox.seed()), (1, Clock::Real, Seed(5)));
    }
}
