//! What a cell has to do with the steps of the history.

use std::sync::Arc;

use parking_lot::RwLockWriteGuard;

use super::former::{Back, Past, Shared};
use super::pins::Place;
use super::{Gone, Origin, StateCell, States, advance};
use crate::world::discard::Discarded;
use crate::world::history::{Stamp, Turn, beyond_least};
use crate::world::weight::{Copied, Sharing, Tally};

impl<S: Send + Sync + 'static> StateCell<S> {
    /// Has the history keep a state that another took the place of, of which so many bytes are in no kept state.
    pub(super) fn keep_past(
        &self,
        before: States<S>,
        (bytes, shared): (u64, Shared),
        step: u64,
        origin: Origin,
        turn: &mut Turn<'_>,
    ) -> Discarded {
        let text = self.former.text_of(&origin);
        let States { now: state, place, weight, alone } = before;
        let (origin, bytes) = (Some(Box::new(origin)), bytes + text);
        let past = Past { step, state, place, weight, alone, bytes, nodes: 0, shared, origin, text };
        turn.replaced(self.keeper, bytes, 0);
        self.former.keep(past, false).map_or_else(Discarded::none, Discarded::one)
    }

    /// Puts the state behind a step in place again, as [`StateCell::set`] does: where it came from, if that is not where the
    /// present one did, and what was replaced. Nothing where the present state is that one.
    pub(crate) fn go_back(
        &self,
        step: u64,
        origin: &Origin,
        turn: &mut Turn<'_>,
    ) -> Option<(Option<Origin>, Discarded)> {
        let number = turn.number()?;
        let mut states = self.states.write();
        let Back { state, place, weight, alone, origin: back_to, text, since } =
            self.former.back_to(step, &states.now)?;
        let mut replaced = turn.replace_rest();
        let is_free = self.pins.is_empty();
        let (held, present) = (states.weight, self.former.text_of(origin));
        let (present, text) = if back_to.is_some() { (present, text) } else { (0, 0) };
        let bytes = (held + present + since).saturating_sub(weight + text);
        // What snapshots have is not the history's.
        let bytes = if is_free { bytes } else { bytes.min(states.alone + present) };
        let alone = if is_free || self.pins.sharing(place).last <= Some(place.version) { alone } else { 0 };
        let version = states.place.version + 1;
        let next = States { now: state, place: Place { version, ..place }, weight, alone };
        let States { now, place, weight, alone } = std::mem::replace(&mut *states, next);
        let (shared, kept) = (Shared::default(), back_to.is_some().then(|| Box::new(origin.clone())));
        let (step, state, origin, text) = (number, now, kept, present);
        let past = Past { step, state, place, weight, alone, bytes, nodes: 0, shared, origin, text };
        turn.replaced(self.keeper, bytes, since);
        replaced.add(self.former.keep(past, false).map_or_else(Discarded::none, Discarded::one));
        Some((back_to, replaced))
    }

    /// The states before and behind a step of the history; nothing where it replaced none here, or is not kept.
    #[must_use]
    pub(crate) fn around(&self, step: u64) -> Option<[Arc<S>; 2]> {
        let states = self.states.read();
        self.former.around(step, states.now.clone())
    }
}

impl<S> StateCell<S> {
    /// The same as a step of the history, which keeps what it replaces.
    pub(super) fn put_in_step(
        &self,
        mut states: RwLockWriteGuard<'_, States<S>>,
        next: Arc<S>,
        tally: &Tally,
        sharing: Sharing,
        (mut turn, step): (Turn<'_>, u64),
        replaced: &mut Discarded,
    ) -> (Gone<S>, Option<Stamp>) {
        let States { now: state, place, weight, alone } = advance(&mut states, next, tally);
        let older = tally.removed.saturating_sub(tally.own + tally.alone + tally.last);
        let shared = Shared { pin: sharing.last, last: tally.last, older };
        let (bytes, nodes) = (tally.alone, beyond_least(Copied::sum(&tally.copies)));
        let past = Past { step, state, place, weight, alone, bytes, nodes, shared, origin: None, text: 0 };
        turn.replaced(self.keeper, bytes + nodes, 0);
        let gone = [self.former.keep(past, true), None];
        drop(states);
        let (step, more) = turn.end();
        replaced.add(more);
        (gone, step.map(|step| Stamp { step, is_own: true }))
    }
}
