//! A moment of a sandbox that is kept.

use std::fmt;
use std::sync::Arc;

use crate::provider::Moment;
use crate::world::clock::Clock;
use crate::world::discard::Discarded;
use crate::world::weight::{Charge, Going};

/// Data, ids and clock of one moment.
#[derive(Clone)]
pub(crate) struct Snapshot {
    /// Each provider's state, ids included.
    pub moments: Vec<Arc<dyn Moment>>,
    pub clock: Clock,
    /// The charge for the snapshot itself, where it is kept.
    pub charge: Option<Arc<Charge>>,
}

impl Snapshot {
    /// About how many bytes one of this name takes beside the states that it keeps.
    #[must_use]
    pub(crate) fn weight(name: &str) -> u64 {
        FIXED + u64::try_from(name.len()).unwrap_or(u64::MAX)
    }
}

/// What a snapshot takes: its place, and a place in each provider's states.
const FIXED: u64 = 1_024;

impl From<Snapshot> for Discarded {
    fn from(snapshot: Snapshot) -> Self {
        let going = snapshot.moments.into_iter().map(|moment| {
            // Whoever else has it, as a request that shows it, keeps it.
            let is_last = Arc::strong_count(&moment) == 1;
            let leaving = if is_last { moment.end() } else { None };
            Self::one(Going::new(moment, leaving))
        });
        going.collect()
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("clock", &self.clock).finish_non_exhaustive()
    }
}
