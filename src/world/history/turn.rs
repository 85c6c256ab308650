//! A turn to replace states.

use std::fmt;
use std::sync::atomic::Ordering;

use parking_lot::MutexGuard;

use super::step::{Step, StepId, Unreached, by};
use super::{History, List};
use crate::world::clock::Clock;
use crate::world::discard::Discarded;

/// Where a step back leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    /// The state, by its number.
    pub(crate) to: u64,
    /// The state that it is again, where an undo made it.
    pub(crate) origin: u64,
    /// What the clock is set to there.
    pub(crate) clock: Clock,
}

/// A turn to replace states, which is one step if any is replaced.
pub struct Turn<'h> {
    history: &'h History,
    list: Option<MutexGuard<'h, List>>,
    /// What keeps others out where nothing is kept.
    alone: Option<MutexGuard<'h, List>>,
    /// The keepers whose states changed, a bit each.
    changed: u64,
    undone_to: Option<u64>,
    /// Whether it is a step whatever it replaces.
    is_step: bool,
    clock: Option<Clock>,
    /// What is replaced next, before anybody sees what was replaced before.
    rest: Option<Rest<'h>>,
}

/// What replaces states in a turn.
type Rest<'h> = Box<dyn FnOnce(&mut Turn<'h>) -> Discarded + 'h>;

impl<'h> Turn<'h> {
    pub(super) fn new(history: &'h History, list: MutexGuard<'h, List>) -> Self {
        let (list, alone) = if history.is_on() { (Some(list), None) } else { (None, Some(list)) };
        Self { history, list, alone, changed: 0, undone_to: None, is_step: false, clock: None, rest: None }
    }

    /// The number of the step that this is to be; nothing where none is kept.
    #[must_use]
    pub(crate) fn number(&self) -> Option<u64> {
        self.list.as_ref().map(|list| list.last + 1)
    }

    /// The last step, which this turn comes after.
    #[must_use]
    pub(crate) fn last(&self) -> StepId {
        self.history.last()
    }

    /// Has each replace a state at one moment: who sees one of the new states sees no old one of the others.
    pub(crate) fn replace_all<T>(
        &mut self,
        all: &'h [T],
        replace: impl Fn(&T, &mut Turn<'h>) -> Discarded + Copy + 'h,
    ) -> Discarded {
        let Some((first, others)) = all.split_first() else { return Discarded::none() };
        self.rest = Some(Box::new(move |turn| turn.replace_all(others, replace)));
        let mut replaced = replace(first, self);
        // Whoever replaced nothing kept nobody out.
        replaced.add(self.replace_rest());
        replaced
    }

    /// Replaces what else is to be replaced at this moment. Who replaces a state calls it while nobody can read that.
    pub(crate) fn replace_rest(&mut self) -> Discarded {
        self.rest.take().map_or_else(Discarded::none, |rest| rest(self))
    }

    /// Says that the state of a keeper was replaced, and kept: `more` bytes are kept alive by that, and `less` no longer by
    /// steps before.
    pub(crate) fn replaced(&mut self, keeper: usize, more: u64, less: u64) {
        self.changed |= 1 << (keeper % 64);
        self.history.bytes.fetch_add(more, Ordering::AcqRel);
        self.history.bytes.fetch_sub(less, Ordering::AcqRel);
    }

    /// Says that it goes back or forward: it is a step whatever it replaces. Its number.
    pub(crate) fn goes(&mut self) -> StepId {
        self.is_step = true;
        let of = |list: &List| StepId { number: list.last + 1, ..list.id() };
        self.list.as_deref().map(of).unwrap_or_default()
    }

    /// Says that the clock is set to this by the step.
    pub(crate) fn set_clock(&mut self, clock: Clock) {
        self.clock = Some(clock);
    }

    /// The way to the state of this number.
    ///
    /// # Errors
    ///
    /// It is not reached.
    pub(crate) fn way_to(&self, id: StepId) -> Result<Way, Unreached> {
        let list = self.list.as_ref().ok_or(Unreached::Off)?;
        if id.generation != list.generation {
            return Err(Unreached::Emptied);
        }
        list.reach(id.number)?;
        let (to, after) = (id.number, list.step(id.number).map(|step| step.clock));
        // Where the step itself is gone, the one behind it knows what it began with.
        let clock = after.or_else(|| list.step(to + 1).map(|step| step.clock_before));
        Ok(Way { to, origin: list.origin(to), clock: clock.unwrap_or(list.clock) })
    }

    /// The way to before the step of this number.
    ///
    /// # Errors
    ///
    /// It is not reached.
    pub(crate) fn way_before(&self, id: StepId) -> Result<Way, Unreached> {
        let list = self.list.as_ref().ok_or(Unreached::Off)?;
        if id.generation != list.generation {
            return Err(Unreached::Emptied);
        }
        if id.number == 0 || id.number > list.last {
            return Err(Unreached::Never { last: list.last });
        }
        if id.number <= list.base {
            return Err(Unreached::Emptied);
        }
        let step = list.step(id.number).ok_or(Unreached::Gone)?;
        let to = id.number - 1;
        Ok(Way { to, origin: list.origin(to), clock: step.clock_before })
    }

    /// The way one step back: what undoes came to is no step to go back to.
    ///
    /// # Errors
    ///
    /// There is none, or it is not kept.
    pub(crate) fn way_back(&mut self) -> Result<Way, Unreached> {
        let list = self.list.as_ref().ok_or(Unreached::Off)?;
        let stands_at = list.origin(list.last);
        if stands_at == list.base {
            return Err(Unreached::Start);
        }
        let way = self.way_before(StepId { generation: list.generation, number: stands_at })?;
        self.undone_to = Some(way.origin);
        Ok(way)
    }

    /// Empties the list in this turn: the states that it puts in place are the first ones again.
    pub(crate) fn start_anew(&mut self, clock: Clock, anew: bool) -> Discarded {
        // A generation passes where no step is kept, too: a write tells by it whether it came before a reset.
        let Some(list) = self.list.as_mut().or(self.alone.as_mut()) else { return Discarded::none() };
        list.clock = clock;
        self.changed = 0;
        self.history.empty(list, anew)
    }

    /// Ends the turn: the step that it was, and what made room for it. What is given back is let go of behind every lock.
    pub(crate) fn end(self) -> (Option<StepId>, Discarded) {
        let Self { history, list, alone: _alone, changed, undone_to, is_step, clock, rest: _ } = self;
        let Some(mut list) = list else { return (None, Discarded::none()) };
        let clock_before = list.clock;
        list.clock = clock.unwrap_or(clock_before);
        if changed == 0 && !is_step {
            return (None, Discarded::none());
        }
        let (clock, stamp) = (list.clock, history.pool.stamp());
        let step = Step { stamp, by: by(), at: clock.now(), clock_before, clock, changed, undone_to };
        list.steps.push_back(step);
        list.last += 1;
        let id = list.id();
        history.last.store(id.packed(), Ordering::Release);
        let mut replaced = history.shrink(&mut list, history.bounds().sandbox);
        history.settle(&list);
        drop(list);
        replaced.add(history.pool.keep_bound());
        (Some(id), replaced)
    }
}

impl fmt::Debug for Turn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").field("changed", &self.changed).finish_non_exhaustive()
    }
}
