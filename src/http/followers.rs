//! Who follows what happens: clients with an open stream of events. They are bounded, and end first
//! when the server stops, so that a stop need not wait for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

/// The most open streams of a server.
pub(crate) const MOST: usize = 256;

/// The open streams of a server.
#[derive(Debug)]
pub(crate) struct Followers {
    open: Arc<AtomicUsize>,
    closing: watch::Sender<bool>,
}

impl Default for Followers {
    fn default() -> Self {
        Self { open: Arc::default(), closing: watch::Sender::new(false) }
    }
}

impl Followers {
    /// A place for one more, or nothing where all are taken.
    pub(crate) fn enter(&self) -> Option<Place> {
        let one_more = |open: usize| (open < MOST).then_some(open + 1);
        self.open.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        Some(Place { open: self.open.clone(), closing: self.closing.subscribe() })
    }

    /// How many streams are open.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Ends every stream, and those that come.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }
}

/// One open stream; dropping it gives its place to another.
#[derive(Debug)]
pub(crate) struct Place {
    open: Arc<AtomicUsize>,
    closing: watch::Receiver<bool>,
}

impl Place {
    /// Done when the server stops.
    pub(crate) async fn closed(&mut self) {
        // An error means that the server is gone already.
        let _ = self.closing.wait_for(|closing| *closing).await;
    }

    /// Whether the server stops.
    pub(crate) fn is_closed(&self) -> bool {
        *self.closing.borrow()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_given_back() {
        let followers = Followers::default();
        let mut places: Vec<_> = (0..MOST).filter_map(|_| followers.enter()).collect();
        assert_eq!((places.len(), followers.open(), followers.enter().is_none()), (MOST, MOST, true));
        places.pop();
        assert!(followers.enter().is_some());
        followers.close();
        assert!(places.iter().all(Place::is_closed));
    }
}
