//! What a sandbox was before each change of its state: one list of steps, which keeps the states that they replaced.
//!
//! Whoever replaces a state takes a [`Turn`] first, so that the steps of all providers have one order, and a step that
//! changes several of them is one. The list holds no state itself: each cell keeps what a step replaced in it
//! ([`Keeper`]), by the step's number. A state is reached as long as the step behind it is kept.
//!
//! The history of a sandbox, and all of them together, are bounded in bytes: what a step keeps alive is estimated when it
//! happens, and the oldest goes first.

mod pool;
mod step;
mod turn;

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

pub(crate) use self::pool::Histories;
pub use self::pool::HistoryBounds;
pub(crate) use self::step::{STEP, Stamp, Step, StepId, Unreached, beyond_least, by_verb, number_of};
pub(crate) use self::turn::{Turn, Way};
use super::clock::Clock;
use super::discard::Discarded;

/// Who keeps the states that steps replaced.
pub(crate) trait Keeper: Send + Sync {
    /// Lets go of those that the steps up to this one replaced: they, and how many bytes they kept alive.
    fn forget(&self, last: u64) -> (Discarded, u64);
}

/// The steps of one sandbox.
pub(crate) struct History {
    pool: Histories,
    is_on: bool,
    list: Mutex<List>,
    /// The last step in one word, for those who do not wait for the list.
    last: AtomicU64,
    /// What the steps keep alive, in bytes, beside what each takes itself.
    bytes: AtomicU64,
    /// What of that the pool knows of.
    told: AtomicU64,
    /// The stamp of the oldest step; `u64::MAX` where there is none.
    oldest: AtomicU64,
}

#[derive(Default)]
struct List {
    /// How often it was emptied.
    generation: u32,
    /// The state that it begins with has this number.
    base: u64,
    /// The last state has this one.
    last: u64,
    steps: VecDeque<Step>,
    clock: Clock,
    keepers: Vec<Weak<dyn Keeper>>,
}

impl List {
    /// The last step.
    fn id(&self) -> StepId {
        StepId { generation: self.generation, number: self.last }
    }

    /// The number of the oldest state that is reached.
    fn first(&self) -> u64 {
        self.last - self.steps.len() as u64
    }

    fn step(&self, number: u64) -> Option<&Step> {
        let place = number.checked_sub(self.first() + 1)?;
        self.steps.get(usize::try_from(place).ok()?)
    }

    /// The state that a state is again, where an undo made it.
    fn origin(&self, number: u64) -> u64 {
        self.step(number).and_then(|step| step.undone_to).unwrap_or(number)
    }

    fn reach(&self, number: u64) -> Result<(), Unreached> {
        match number {
            _ if number > self.last => Err(Unreached::Never { last: self.last }),
            _ if number < self.base => Err(Unreached::Emptied),
            _ if number < self.first() => Err(Unreached::Gone),
            _ => Ok(()),
        }
    }

    /// Lets the oldest step go.
    fn pop(&mut self) -> (Discarded, u64) {
        self.steps.pop_front();
        self.forget(self.first())
    }

    fn forget(&self, last: u64) -> (Discarded, u64) {
        let (mut replaced, mut bytes) = (Discarded::none(), 0);
        for keeper in self.keepers.iter().filter_map(Weak::upgrade) {
            let (more, kept) = keeper.forget(last);
            replaced.add(more);
            bytes += kept;
        }
        (replaced, bytes)
    }
}

impl History {
    /// The history of one more sandbox.
    pub(super) fn new(pool: Histories) -> Self {
        let is_on = pool.bounds().is_on();
        Self::of(pool, is_on)
    }

    /// One that keeps nothing.
    pub(super) fn off() -> Self {
        Self::of(Histories::default(), false)
    }

    fn of(pool: Histories, is_on: bool) -> Self {
        let (list, oldest) = (Mutex::default(), AtomicU64::new(u64::MAX));
        Self { pool, is_on, list, last: AtomicU64::new(0), bytes: AtomicU64::new(0), told: AtomicU64::new(0), oldest }
    }

    /// Notes that it is one of those that are bounded together.
    pub(super) fn enlist(self: &Arc<Self>) {
        if self.is_on {
            self.pool.add(self);
        }
    }

    /// Whether anything is kept.
    #[must_use]
    pub(crate) fn is_on(&self) -> bool {
        self.is_on
    }

    /// How much may be kept.
    #[must_use]
    pub(crate) fn bounds(&self) -> HistoryBounds {
        self.pool.bounds()
    }

    /// What the steps take, in bytes.
    #[must_use]
    pub(crate) fn held(&self) -> u64 {
        self.told.load(Ordering::Acquire)
    }

    /// Adds who keeps the states of one provider: the number by which a step names it.
    pub(crate) fn add_keeper(&self, keeper: Weak<dyn Keeper>) -> usize {
        let mut list = self.list.lock();
        list.keepers.push(keeper);
        list.keepers.len() - 1
    }

    /// A turn to replace states. No other is taken meanwhile.
    #[must_use]
    pub(crate) fn turn(&self) -> Turn<'_> {
        Turn::new(self, self.list.lock())
    }

    /// The last step: a read that begins now sees at least its state.
    #[must_use]
    pub(crate) fn last(&self) -> StepId {
        StepId::unpacked(self.last.load(Ordering::Acquire))
    }

    /// The number of the state that the list began with.
    #[must_use]
    pub(crate) fn base(&self) -> u64 {
        self.list.lock().base
    }

    /// Empties the list: the present state is the first one again. With `anew`, its steps are numbered from 1.
    pub(crate) fn clear(&self, clock: Clock, anew: bool) -> Discarded {
        if !self.is_on {
            return Discarded::none();
        }
        let mut list = self.list.lock();
        list.clock = clock;
        self.empty(&mut list, anew)
    }

    fn empty(&self, list: &mut List, anew: bool) -> Discarded {
        let (replaced, bytes) = list.forget(u64::MAX);
        list.steps = VecDeque::new();
        list.generation = list.generation.wrapping_add(1) & StepId::GENERATIONS;
        list.last = if anew { 0 } else { list.last };
        list.base = list.last;
        self.last.store(list.id().packed(), Ordering::Release);
        self.bytes.fetch_sub(bytes, Ordering::AcqRel);
        self.settle(list);
        replaced
    }

    /// Counts so many bytes more as kept alive by steps that are there.
    pub(crate) fn add_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::AcqRel);
    }

    /// Tells the pool what is held.
    fn settle(&self, list: &List) {
        let held = self.bytes.load(Ordering::Acquire) + STEP * list.steps.len() as u64;
        let told = self.told.swap(held, Ordering::AcqRel);
        self.pool.changed(told, held);
        self.oldest.store(list.steps.front().map_or(u64::MAX, |step| step.stamp), Ordering::Release);
    }

    /// Lets the oldest steps go until no more than so many bytes are held; a little more goes at once, so that it is rare.
    fn shrink(&self, list: &mut List, most: u64) -> Discarded {
        let held = |list: &List| self.bytes.load(Ordering::Acquire) + STEP * list.steps.len() as u64;
        let mut replaced = Discarded::none();
        if held(list) <= most {
            return replaced;
        }
        let goal = most - most / 64;
        while held(list) > goal && !list.steps.is_empty() {
            let (gone, bytes) = list.pop();
            replaced.add(gone);
            self.bytes.fetch_sub(bytes, Ordering::AcqRel);
        }
        replaced
    }

    pub(super) fn oldest(&self) -> u64 {
        self.oldest.load(Ordering::Acquire)
    }

    /// Lets the oldest step go, if it is still the one of this stamp.
    pub(super) fn drop_oldest(&self, stamp: u64) -> Discarded {
        let mut list = self.list.lock();
        if list.steps.front().is_none_or(|step| step.stamp != stamp) {
            return Discarded::none();
        }
        let (replaced, bytes) = list.pop();
        self.bytes.fetch_sub(bytes, Ordering::AcqRel);
        self.settle(&list);
        replaced
    }

    /// The steps that are kept, the oldest first, of which generation, and how many there were.
    #[must_use]
    pub(crate) fn steps(&self) -> Steps {
        let list = self.list.lock();
        let numbered = (list.first() + 1..).zip(list.steps.iter().cloned()).collect();
        Steps { generation: list.generation, base: list.base, last: list.last, steps: numbered }
    }
}

/// A turn where no steps are kept.
#[cfg(test)]
pub(crate) fn no_turn() -> Turn<'static> {
    static OFF: std::sync::LazyLock<History> = std::sync::LazyLock::new(History::off);
    OFF.turn()
}

/// The steps of a history at one moment.
#[derive(Debug)]
pub(crate) struct Steps {
    pub(crate) generation: u32,
    /// The number that the list began with.
    pub(crate) base: u64,
    /// The number of the last step.
    pub(crate) last: u64,
    pub(crate) steps: Vec<(u64, Step)>,
}

impl Drop for History {
    fn drop(&mut self) {
        self.pool.changed(*self.told.get_mut(), 0);
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History").field("is_on", &self.is_on).field("last", &self.last).finish_non_exhaustive()
    }
}
