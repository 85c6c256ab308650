//! The state before the last write. It is kept for stale reads as long as nobody needs its room.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::world::discard::Discarded;
use crate::world::weight::{Account, Going, Leaving, Reclaim};

/// The state before the last write, and what it alone holds.
pub(super) struct Stale<S> {
    account: Option<Arc<Account>>,
    before: Mutex<Option<(Arc<S>, u64)>>,
}

impl<S> Stale<S> {
    pub(super) fn new(account: Option<Arc<Account>>) -> Self {
        Self { account, before: Mutex::new(None) }
    }

    pub(super) fn get(&self) -> Option<Arc<S>> {
        self.before.lock().as_ref().map(|(before, _)| before.clone())
    }

    /// Keeps another one, or none: what was kept before.
    pub(super) fn put(&self, next: Option<(Arc<S>, u64)>) -> Option<Going<S>> {
        let stale = next.as_ref().map_or(0, |(_, bytes)| *bytes);
        let mut kept = self.before.lock();
        let before = std::mem::replace(&mut *kept, next);
        // Under the lock: whoever asks for its room finds it counted.
        if let Some(account) = self.account.as_ref().filter(|_| stale > 0) {
            account.note_stale(stale);
        }
        drop(kept);
        before.map(|(before, bytes)| Going::new(before, self.leaving(bytes)))
    }

    /// What was stale is about to go.
    fn leaving(&self, bytes: u64) -> Option<Leaving> {
        let account = self.account.as_ref().filter(|_| bytes > 0)?;
        let leaving = account.leaving(bytes);
        account.note_fresh(bytes);
        Some(leaving)
    }
}

impl<S: Send + Sync + 'static> Reclaim for Stale<S> {
    fn reclaim(&self) -> Discarded {
        self.put(None).map_or_else(Discarded::none, Discarded::one)
    }
}

impl<S> Drop for Stale<S> {
    fn drop(&mut self) {
        drop(self.put(None));
    }
}
