//! The subscribers to the journal: clients with an open stream of events. They are bounded, and end first when the
//! server stops, so that a stop need not wait for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use event_listener::Event;

/// The most open streams of a server.
pub(crate) const MOST: usize = 256;

/// The open streams of a server.
#[derive(Debug, Default)]
pub(crate) struct Subscribers(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    open: AtomicUsize,
    is_closed: AtomicBool,
    closed: Event,
}

impl Subscribers {
    /// A place for one more, or nothing where all are taken.
    pub(crate) fn enter(&self) -> Option<Place> {
        let one_more = |open: usize| (open < MOST).then_some(open + 1);
        self.0.open.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        Some(Place(self.0.clone()))
    }

    /// How many streams are open.
    pub(crate) fn open(&self) -> usize {
        self.0.open.load(Ordering::Relaxed)
    }

    /// Ends every stream, and those that come.
    pub(crate) fn close(&self) {
        self.0.is_closed.store(true, Ordering::Release);
        self.0.closed.notify(usize::MAX);
    }
}

/// One open stream; dropping it gives its place to another.
#[derive(Debug)]
pub(crate) struct Place(Arc<Shared>);

impl Place {
    /// Done when the server stops after the future was made.
    pub(crate) fn closed(&self) -> impl Future<Output = ()> + Unpin + use<> {
        self.0.closed.listen()
    }

    /// Whether the server stops.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.is_closed.load(Ordering::Acquire)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_given_back() {
        let subscribers = Subscribers::default();
        let mut places: Vec<_> = (0..MOST).filter_map(|_| subscribers.enter()).collect();
        assert_eq!((places.len(), subscribers.open(), subscribers.enter().is_none()), (MOST, MOST, true));
        places.pop();
        assert!(subscribers.enter().is_some());
        subscribers.close();
        assert!(places.iter().all(Place::is_closed));
    }
}
