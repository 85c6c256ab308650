//! One provider's state: an immutable value behind one cell.
//!
//! Reading takes the value and then works without a lock. Writing runs on a clone that takes its place
//! only when it succeeded: a refused or crashed request changes nothing, by construction.
//! Fork, snapshot, restore and reset are assignments of the value.
//!
//! Writers take turns. One that may be long waits until those that are short are done, and keeps others out: who must not
//! wait asks for a short turn first, and is told at once that there is none.

mod former;
mod pins;
mod steps;
mod turns;

use std::fmt;
use std::sync::{Arc, Weak};

use parking_lot::{Mutex, RwLock, RwLockWriteGuard};

pub(crate) use self::former::Origin;
use self::former::{Former, Shared};
pub(crate) use self::pins::Pin;
use self::pins::{Pins, Place};
use self::turns::LongTurn;
pub(crate) use self::turns::ShortTurn;
use super::discard::Discarded;
use super::history::{Keeper, Stamp, Turn};
use super::weight::{self, Account, Full, Going, Leaving, Room, Sharing, Tally};

/// The one place where a provider's current state stands.
pub(crate) struct StateCell<S> {
    states: RwLock<States<S>>,
    writing: Mutex<()>,
    /// Shared by those whose writes are short, and held alone by one that may be long.
    turns: RwLock<()>,
    former: Arc<Former<S>>,
    /// The number by which the history of the account knows the former states.
    keeper: usize,
    pins: Arc<Pins>,
    /// Who is charged for what is written; nobody where absent.
    account: Option<Arc<Account>>,
}

/// The present state, and where it stands.
struct States<S> {
    now: Arc<S>,
    place: Place,
    /// What its written records weigh.
    weight: u64,
    /// What those of them weigh that no kept state has.
    alone: u64,
}

/// A state that is kept.
#[derive(Debug)]
pub(crate) struct Kept<S> {
    pub(crate) state: Arc<S>,
    /// What its written records weigh.
    pub(crate) weight: u64,
    /// What keeps it.
    pub(crate) pin: Pin,
}

/// What became of a write.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Written<T> {
    /// It is in place, and was this step of the history, or came after this one where none is kept; nothing, where another
    /// state took its place already.
    Done(T, Option<Stamp>),
    /// There is no room for it: the state is as before, and this is what it would have given.
    Refused(Full, T),
}

impl<S> StateCell<S> {
    /// A cell that starts at `state`.
    #[must_use]
    pub(crate) fn new(state: Arc<S>) -> Self {
        Self::of(state, None)
    }

    fn of(state: Arc<S>, account: Option<Arc<Account>>) -> Self {
        let states = States { now: state, place: Place::default(), weight: 0, alone: 0 };
        Self {
            states: RwLock::new(states),
            writing: Mutex::new(()),
            turns: RwLock::new(()),
            former: Arc::new(Former::new(account.clone())),
            keeper: 0,
            pins: Arc::default(),
            account,
        }
    }

    /// The current state.
    #[must_use]
    pub(crate) fn read(&self) -> Arc<S> {
        self.states.read().now.clone()
    }

    /// The state before the last write; the present one if there was no write, or if its room was needed.
    #[must_use]
    pub(crate) fn before(&self) -> Arc<S> {
        self.former.get().unwrap_or_else(|| self.read())
    }

    /// What would go at once if the state were replaced, in bytes, as far as that is known.
    #[must_use]
    pub(crate) fn alone(&self) -> u64 {
        let states = self.states.read();
        self.alone_in(&states)
    }

    /// What the present state's written records weigh.
    #[must_use]
    pub(crate) fn weight(&self) -> u64 {
        self.states.read().weight
    }

    /// What makes room where a bound is reached.
    #[must_use]
    pub(crate) fn hint(&self, full: &Full) -> String {
        self.account.as_ref().map_or_else(|| full.hint(), |account| account.hint(full))
    }

    /// A turn for a request whose writes are short; nothing where they would wait for one that may be long.
    #[must_use]
    pub(crate) fn short_turn(&self) -> Option<ShortTurn<'_>> {
        self.turns.try_read().map(ShortTurn)
    }

    /// A turn for writes that may be long, once those are done that are short. It keeps all others out.
    #[must_use]
    pub(crate) fn long_turn(&self) -> LongTurn<'_> {
        LongTurn(self.turns.write())
    }

    fn alone_in(&self, states: &States<S>) -> u64 {
        if self.pins.is_empty() { states.weight } else { states.alone }
    }

    /// Keeps the current state.
    #[must_use]
    pub(crate) fn keep(&self) -> Kept<S> {
        let mut states = self.states.write();
        let pin = self.pins.pin(states.place, states.weight, self.account.clone());
        states.place.base = Some(states.place.version);
        states.alone = 0;
        Kept { state: states.now.clone(), weight: states.weight, pin }
    }

    /// Ends what keeps a state: what goes with it, as far as that is known.
    pub(crate) fn end(&self, pin: Pin) -> Option<Leaving> {
        let is_present = self.states.read().place.base.is_some_and(|base| base >= pin.version());
        let leaving = pin.end(is_present, |bytes| self.former.leaving_with(pin.version(), bytes));
        drop(pin);
        leaving
    }
}

impl<S: Send + Sync + 'static> StateCell<S> {
    /// A cell that starts at `state`, and whose writes are charged to an account.
    #[must_use]
    pub(crate) fn charging(state: Arc<S>, account: Arc<Account>) -> Self {
        let mut cell = Self::of(state, Some(account.clone()));
        let former: Weak<Former<S>> = Arc::downgrade(&cell.former);
        account.add_stale(former.clone());
        let keeper: Weak<dyn Keeper> = former.clone();
        cell.keeper = account.history().add_keeper(keeper);
        cell.pins.tell(former);
        cell
    }

    /// Puts another state in place, and waits for no write: one that is under way counts as done before, and what it wrote
    /// is replaced with the rest. Its written records weigh so much, and `pin` keeps it if it is one that is kept. What it
    /// replaces may be large; where the history keeps steps it keeps that, which came from `origin`.
    pub(crate) fn set(
        &self,
        state: Arc<S>,
        weight: u64,
        pin: Option<&Pin>,
        origin: Origin,
        turn: &mut Turn<'_>,
    ) -> Discarded {
        let mut states = self.states.write();
        let mut replaced = turn.replace_rest();
        let going = self.alone_in(&states);
        if let Some(pin) = pin {
            self.pins.restored(pin.version());
        }
        let version = states.place.version + 1;
        let (base, line) = (pin.map(Pin::version), pin.and_then(Pin::line).unwrap_or(version));
        let place = Place { version, line, base };
        let next = States { now: state.clone(), place, weight, alone: if pin.is_some() { 0 } else { weight } };
        let before = std::mem::replace(&mut *states, next);
        if let Some(step) = turn.number() {
            // What snapshots have of it is the history's once they are gone, if it is no part of what is restored.
            let last = if pin.is_none() { before.weight.saturating_sub(going) } else { 0 };
            let shared = Shared { pin: self.pins.sharing(before.place).last, last, older: 0 };
            replaced.add(self.keep_past(before, (going, shared), step, origin, turn));
            return replaced;
        }
        let stale = self.former.put(None);
        drop(states);
        // What stands in the cell as well is not let go of.
        let is_gone = !Arc::ptr_eq(&before.now, &state);
        let stale = stale.filter(|stale| !stale.is(&state));
        let leaving = || self.account.as_ref().map(|account| account.leaving(going));
        replaced.add(stale.map_or_else(Discarded::none, Discarded::one));
        if is_gone {
            replaced.add(Discarded::one(Going::new(before.now, leaving())));
        }
        replaced
    }
}

/// What goes for a written state, and the step that it was, or came after where none is kept.
type Placed<S> = (Gone<S>, Option<Stamp>);

impl<S: Clone> StateCell<S> {
    /// Runs `change` on a clone of the state and puts the clone in place if it succeeded.
    ///
    /// Writers take turns; readers are never blocked while `change` runs.
    ///
    /// # Errors
    ///
    /// What `change` returns; the state is then as before.
    pub(crate) fn write<T, E>(&self, change: impl FnOnce(&mut S) -> Result<T, E>) -> Result<Written<T>, E> {
        let turn = self.writing.lock();
        let (now, sharing) = {
            let states = self.states.read();
            (states.now.clone(), self.pins.sharing(states.place))
        };
        let mut next = S::clone(&now);
        drop(now);
        let Some(account) = &self.account else {
            let outcome = change(&mut next)?;
            let gone = self.put(next, sharing);
            drop(turn);
            drop(gone);
            return Ok(Written::Done(outcome, None));
        };
        let (outcome, tally) = weight::charged(account, sharing, || change(&mut next));
        let outcome = outcome?;
        // Whatever makes room or has none is let go of behind the lock.
        let mut replaced = Discarded::none();
        let written = self.place(next, sharing, tally, account, &mut replaced);
        drop(turn);
        account.let_go(replaced);
        Ok(match written {
            Ok((_gone, step)) => Written::Done(outcome, step),
            Err((full, _next)) => Written::Refused(full, outcome),
        })
    }

    /// Puts a written state in place where there is room: what goes for it. Where there is none, the state comes back. Where
    /// another was put in place meanwhile, over this write as over those before it, the written state goes itself.
    fn place(
        &self,
        next: S,
        sharing: Sharing,
        mut tally: Tally,
        account: &Arc<Account>,
        replaced: &mut Discarded,
    ) -> Result<Placed<S>, (Full, Arc<S>)> {
        let next = Arc::new(next);
        if let Err(full) = account.check_write(&tally) {
            return Err((full, next));
        }
        let mut is_kept = sharing.last == Some(sharing.version);
        loop {
            let place = self.states.read().place;
            if place.version != sharing.version {
                return Ok((replaced_already(next), None));
            }
            let charge = self.pins.charge(place, &tally, size_of::<S>(), account);
            // A write that needs no room is always taken: it may be the one that makes room.
            let room = match tally.adds() || charge.is_some() {
                true => account.check(tally.alone, replaced),
                false if account.is_ample() => Ok(Room::Ample),
                false => Ok(Room::Short),
            };
            let room = match room {
                Ok(room) => room,
                Err(full) => return Err((full, next)),
            };
            let step = account.history().turn();
            let states = self.states.write();
            // Somebody may have kept the state meanwhile: then nothing goes that it had.
            let keeps = !is_kept && self.pins.sharing(states.place).last == Some(states.place.version);
            if !keeps && states.place == place {
                self.pins.note(place, &tally, charge);
                return Ok(match step.number() {
                    Some(number) => self.put_in_step(states, next, &tally, sharing, (step, number), replaced),
                    None => {
                        let stamp = Stamp { step: step.last(), is_own: false };
                        (self.put_in(states, next, &tally, room), Some(stamp))
                    }
                });
            }
            drop(states);
            drop(step);
            is_kept |= keeps;
            if keeps {
                tally.last += tally.alone;
                tally.alone = 0;
            }
        }
    }

    fn put(&self, next: S, sharing: Sharing) -> Gone<S> {
        let next = Arc::new(next);
        let states = self.states.write();
        if states.place.version != sharing.version {
            return replaced_already(next);
        }
        self.put_in(states, next, &Tally::default(), Room::Ample)
    }

    fn put_in(&self, mut states: RwLockWriteGuard<'_, States<S>>, next: Arc<S>, tally: &Tally, room: Room) -> Gone<S> {
        let before = advance(&mut states, next, tally);
        // Under the lock: a state that is put in place next has none before it.
        let gone = match room {
            Room::Short if tally.alone > 0 => {
                let leaving = self.account.as_ref().map(|account| account.leaving(tally.alone));
                [self.former.put(None), Some(Going::new(before.now, leaving))]
            }
            _ => [self.former.put(Some((before.now, tally.alone))), None],
        };
        drop(states);
        gone
    }
}

/// Puts a written state in place of the one that is there: that one.
fn advance<S>(states: &mut States<S>, next: Arc<S>, tally: &Tally) -> States<S> {
    let weight = (states.weight + tally.added).saturating_sub(tally.removed);
    let alone = (states.alone + tally.added).saturating_sub(tally.own + tally.alone);
    let place = Place { version: states.place.version + 1, ..states.place };
    std::mem::replace(states, States { now: next, place, weight, alone })
}

/// What a write lets go of. It shares all but what the last writes changed.
type Gone<S> = [Option<Going<S>>; 2];

/// What goes where another state was put in place during a write: what it wrote.
fn replaced_already<S>(next: Arc<S>) -> Gone<S> {
    [Some(Going::new(next, None)), None]
}

impl<S> fmt::Debug for StateCell<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateCell").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;
