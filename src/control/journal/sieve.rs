//! Which exchanges a stream of events wants: found out aside, a few at a time, for as long as its filter takes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use event_listener::{Event, EventListener};

use super::call::Call;
use crate::api::Requests;
use crate::app::AppState;
use crate::world::clock::Stopwatch;
use crate::world::journal::Entry;

/// How long exchanges are looked at in one go: streams take turns.
const WHILE: Duration = Duration::from_millis(2);

/// A look at the next exchanges of a journal, which is under way or done.
#[derive(Debug)]
pub(super) struct Sieve {
    /// How often the journal had been emptied.
    generation: u64,
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
    /// The number of the last exchange that was looked at.
    pub(super) through: u64,
    /// The numbers of those that are wanted, in order.
    wanted: Vec<u64>,
}

impl Found {
    /// Whether it is known that an exchange is wanted.
    pub(super) fn wants(&self, entry: &Entry) -> bool {
        self.wanted.binary_search(&entry.number).is_ok()
    }
}

impl Sieve {
    /// Looks at exchanges of a generation, which are in order: aside where a server has somebody who does that, else here.
    pub(super) fn start(
        app: &Arc<AppState>,
        generation: u64,
        wanted: &Arc<Requests>,
        entries: Vec<Entry>,
        is_here: bool,
    ) -> Self {
        let look = Arc::<Look>::default();
        let (of_app, of_wanted, of_look) = (app.clone(), wanted.clone(), look.clone());
        let work = move || {
            let found = sift(&of_app, &of_wanted, &entries);
            if of_look.found.set(found).is_ok() {
                of_look.done.notify(usize::MAX);
            }
        };
        match app.journals.aside().filter(|_| !is_here) {
            Some(aside) => drop(aside.make(work)),
            None => work(),
        }
        Self { generation, look }
    }

    /// Whether it says something of what follows a number of a generation, now or once it is done.
    pub(super) fn is_of(&self, generation: u64, number: u64) -> bool {
        self.generation == generation && self.look.found.get().is_none_or(|found| found.through > number)
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
fn sift(app: &AppState, wanted: &Requests, entries: &[Entry]) -> Found {
    let started = Stopwatch::start();
    let mut found = Found { through: entries.last().map_or(u64::MAX, |entry| entry.number), wanted: Vec::new() };
    for entry in entries {
        let fits = || {
            let seen = app.subscribers.sightings().of(entry, |entry| Arc::new(Call::of(entry)));
            wanted.pattern().fits(&*seen)
        };
        // One that cannot be looked at is wanted: the stream tells that it is lost.
        if catch_unwind(AssertUnwindSafe(fits)).unwrap_or(true) {
            found.wanted.push(entry.number);
        }
        if started.elapsed() > WHILE {
            found.through = entry.number;
            break;
        }
    }
    found
}
