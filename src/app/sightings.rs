//! Kept exchanges as streams of events look at them: each is taken apart once for all streams that look at it at about
//! the same time.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::world::call::Seen;
use crate::world::journal::Entry;

/// How many exchanges are kept at most, and how many bytes they have together. What is taken apart is several times as large.
const MOST: usize = 128;
const MOST_BYTES: usize = 1 << 20;

/// An exchange, taken apart.
pub(crate) type Sighting = Arc<dyn Seen + Send + Sync>;

/// The exchanges that were looked at last.
#[derive(Default)]
pub(crate) struct Sightings(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// By the number among all exchanges of the server, the oldest first.
    all: VecDeque<(u64, usize, Sighting)>,
    bytes: usize,
}

impl Sightings {
    /// An exchange, taken apart by `take` unless it was before.
    pub(crate) fn of(&self, entry: &Entry, take: impl FnOnce(Entry) -> Sighting) -> Sighting {
        let known =
            |kept: &Kept| kept.all.iter().find(|(stamp, ..)| *stamp == entry.stamp).map(|(.., seen)| seen.clone());
        if let Some(known) = known(&self.0.lock()) {
            return known;
        }
        let (seen, bytes) = (take(entry.clone()), entry.exchange.weight());
        let mut kept = self.0.lock();
        kept.all.push_back((entry.stamp, bytes, seen.clone()));
        kept.bytes += bytes;
        // The last one stays, however large it is: the next stream looks at it.
        while kept.all.len() > 1 && (kept.all.len() > MOST || kept.bytes > MOST_BYTES) {
            let gone = kept.all.pop_front();
            kept.bytes -= gone.map_or(0, |(_, bytes, _)| bytes);
        }
        seen
    }

    /// Forgets all of them.
    pub(crate) fn clear(&self) {
        *self.0.lock() = Kept::default();
    }
}

impl fmt::Debug for Sightings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sightings").field("count", &self.0.lock().all.len()).finish()
    }
}
