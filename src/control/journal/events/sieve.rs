//! Which exchanges a stream of events wants: found out aside, a few at a time, for as long as its filter takes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use event_listener::{Event, EventListener};

use super::source::Told;
use crate::api::{EventId, Requests};
use crate::app::AppState;
use crate::control::journal::call::{Call, Kept};
use crate::control::journal::explain::Explainer;
use crate::world::clock::Stopwatch;

/// How long exchanges are looked at in one go: streams take turns.
const WHILE: Duration = Duration::from_millis(2);

/// A look at the next exchanges that a stream follows, which is under way or done.
#[derive(Debug)]
pub(super) struct Sieve {
    /// The event of the first of them.
    first: EventId,
    look: Arc<Look>,
}

#[derive(Debug, Default)]
struct Look {
    found: OnceLock<Found>,
    done: Event,
}

/// What a look found.
#[derive(Debug)]
pub(super) struct Found {
    /// The number of the last event that was looked at.
    pub(super) through: u64,
    /// The numbers of the events that are wanted, in order.
    wanted: Vec<u64>,
}

impl Found {
    /// Whether it is known that an exchange is wanted.
    pub(super) fn wants(&self, told: &Told) -> bool {
        self.wanted.binary_search(&told.id.number).is_ok()
    }
}

impl Sieve {
    /// Looks at exchanges, which are in order: aside where a server has somebody who does that, else here.
    pub(super) fn start(
        app: &Arc<AppState>,
        first: EventId,
        wanted: &Arc<Requests>,
        told: Vec<Told>,
        is_here: bool,
    ) -> Self {
        let look = Arc::<Look>::default();
        let (of_app, of_wanted, of_look) = (app.clone(), wanted.clone(), look.clone());
        let work = move || {
            let found = sift(&of_app, &of_wanted, &told);
            if of_look.found.set(found).is_ok() {
                of_look.done.notify(usize::MAX);
            }
        };
        match app.journals.aside().filter(|_| !is_here) {
            Some(aside) => drop(aside.make(work)),
            None => work(),
        }
        Self { first, look }
    }

    /// Whether it says something of the exchange with this event, now or once it is done.
    pub(super) fn is_of(&self, next: EventId) -> bool {
        let reaches = |found: &Found| next.number <= found.through;
        (self.first.generation, self.first.of) == (next.generation, next.of)
            && self.first.number <= next.number
            && self.look.found.get().is_none_or(reaches)
    }

    /// What it found.
    ///
    /// # Errors
    ///
    /// It is under way, and this is done when it is.
    pub(super) fn found(&self) -> Result<&Found, EventListener> {
        // Listening starts before looking, so that nothing happens in between unseen.
        let done = self.look.done.listen();
        self.look.found.get().ok_or(done)
    }
}

/// Looks at exchanges for a while, but for one at least.
fn sift(app: &AppState, wanted: &Requests, all: &[Told]) -> Found {
    let started = Stopwatch::start();
    let pattern = wanted.pattern();
    let mut explainer = Explainer::new(app);
    let mut found = Found { through: all.last().map_or(u64::MAX, |told| told.id.number), wanted: Vec::new() };
    for Told { kept, id } in all {
        let mut fits = || {
            // What the vendor ignores is looked up for those who ask for it.
            if pattern.ignored.is_some() {
                return pattern.fits(&explainer.seen(kept.clone(), pattern));
            }
            let whole = |entry| Arc::new(Call::of(Kept { sandbox: kept.sandbox.clone(), entry })) as _;
            pattern.fits(&*app.subscribers.sightings().of(&kept.entry, whole))
        };
        // One that cannot be looked at is wanted: the stream tells that it is lost.
        if catch_unwind(AssertUnwindSafe(&mut fits)).unwrap_or(true) {
            found.wanted.push(id.number);
        }
        if started.elapsed() > WHILE {
            found.through = id.number;
            break;
        }
    }
    found
}
