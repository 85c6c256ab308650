//! The subscribers to the journals: clients with an open stream of events. They are bounded, and end first when the
//! server stops, so that a stop need not wait for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use event_listener::Event;

use crate::app::renderings::Renderings;
use crate::app::sightings::Sightings;
use crate::world::journal::Followers;

/// How many streams of events may be open at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamBounds {
    /// Of the whole server.
    pub all: usize,
    /// Of one sandbox.
    pub sandbox: usize,
}

impl Default for StreamBounds {
    fn default() -> Self {
        Self { all: 256, sandbox: 16 }
    }
}

/// Why there is no place for one more, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// The server has as many as it may.
    Server(usize),
    /// The sandbox has as many as it may.
    Sandbox(usize),
}

/// The open streams of a server.
#[derive(Debug, Default)]
pub(crate) struct Subscribers(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    bounds: StreamBounds,
    open: AtomicUsize,
    is_closed: AtomicBool,
    closed: Event,
    renderings: Renderings,
    sightings: Sightings,
}

impl Subscribers {
    pub(crate) fn new(bounds: StreamBounds) -> Self {
        Self(Arc::new(Shared { bounds, ..Shared::default() }))
    }

    /// A place for one more who follows a journal. Who asks, and from where, does not count: tests, tabs and containers
    /// share an address.
    pub(crate) fn enter(&self, journal: &Arc<Followers>) -> Result<Place, Full> {
        let sandbox = self.0.bounds.sandbox;
        if !journal.enter(sandbox) {
            return Err(Full::Sandbox(sandbox));
        }
        if let Err(full) = self.count() {
            journal.leave();
            return Err(full);
        }
        Ok(Place { shared: self.0.clone(), journal: Some(journal.clone()) })
    }

    /// A place for one more who follows all journals.
    pub(crate) fn enter_all(&self) -> Result<Place, Full> {
        self.count()?;
        Ok(Place { shared: self.0.clone(), journal: None })
    }

    /// Counts one more of the whole server.
    fn count(&self) -> Result<(), Full> {
        let all = self.0.bounds.all;
        let one_more = |open: usize| (open < all).then_some(open + 1);
        let counted = self.0.open.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        counted.map(drop).map_err(|_| Full::Server(all))
    }

    /// How many streams are open.
    pub(crate) fn open(&self) -> usize {
        self.0.open.load(Ordering::Relaxed)
    }

    /// The events that were made for any of them.
    pub(crate) fn renderings(&self) -> &Renderings {
        &self.0.renderings
    }

    /// The exchanges that any of them looked at.
    pub(crate) fn sightings(&self) -> &Sightings {
        &self.0.sightings
    }

    /// Ends every stream, and those that come.
    pub(crate) fn close(&self) {
        self.0.is_closed.store(true, Ordering::Release);
        self.0.closed.notify(usize::MAX);
    }
}

/// One open stream; dropping it gives its place to another.
#[derive(Debug)]
pub(crate) struct Place {
    shared: Arc<Shared>,
    /// Where it counts for one sandbox.
    journal: Option<Arc<Followers>>,
}

impl Place {
    /// Counts for another journal from here on; whether there is a place.
    pub(crate) fn moves(&mut self, journal: &Arc<Followers>) -> bool {
        let has_place = journal.enter(self.shared.bounds.sandbox);
        if has_place {
            self.journal.replace(journal.clone()).iter().for_each(|left| left.leave());
        }
        has_place
    }

    /// Done when the server stops after the future was made.
    pub(crate) fn closed(&self) -> impl Future<Output = ()> + Unpin + use<> {
        self.shared.closed.listen()
    }

    /// Whether the server stops.
    pub(crate) fn is_closed(&self) -> bool {
        self.shared.is_closed.load(Ordering::Acquire)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.journal.iter().for_each(|journal| journal.leave());
        if self.shared.open.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.shared.renderings.clear();
            self.shared.sightings.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_given_back() {
        let subscribers = Subscribers::new(StreamBounds { all: 5, sandbox: 3 });
        let (one, other) = (Arc::<Followers>::default(), Arc::<Followers>::default());
        let mut places: Vec<_> = (0..3).filter_map(|_| subscribers.enter(&one).ok()).collect();
        assert_eq!((places.len(), subscribers.enter(&one).err()), (3, Some(Full::Sandbox(3))));
        places.extend((0..2).filter_map(|_| subscribers.enter(&other).ok()));
        assert_eq!((subscribers.open(), subscribers.enter(&other).err()), (5, Some(Full::Server(5))));
        places.remove(0);
        assert!(subscribers.enter(&other).is_ok(), "a refusal takes no place of the sandbox");
        assert!(subscribers.enter(&one).is_ok());
        places.push(subscribers.enter_all().expect("a place"));
        assert_eq!((subscribers.open(), subscribers.enter_all().err()), (5, Some(Full::Server(5))));
        let mut place = places.remove(0);
        let third = Arc::<Followers>::default();
        assert!(place.moves(&third) && (0..2).all(|_| third.enter(3)) && !third.enter(3), "it counts there");
        subscribers.close();
        assert!(places.iter().all(Place::is_closed));
    }
}
