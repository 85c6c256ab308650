//! Bytes that are held and about to go.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Account;
use crate::world::discard::Discard;

/// So many bytes do not count until it is dropped: whoever holds them lets go of them before that.
#[derive(Debug)]
pub struct Leaving {
    account: Arc<Account>,
    bytes: u64,
}

impl Account {
    /// Says that so many bytes are about to go.
    #[must_use]
    pub(crate) fn leaving(self: &Arc<Self>, bytes: u64) -> Leaving {
        self.sum.leaving.fetch_add(bytes, Ordering::AcqRel);
        self.budget.sum.leaving.fetch_add(bytes, Ordering::AcqRel);
        Leaving { account: self.clone(), bytes }
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.account.sum.leaving.fetch_sub(self.bytes, Ordering::AcqRel);
        self.account.budget.sum.leaving.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}

/// What was replaced, and the bytes that go with it.
pub(crate) struct Going<T: ?Sized> {
    // It goes before its bytes count again.
    thing: Arc<T>,
    _leaving: Option<Leaving>,
}

impl<T: ?Sized> Going<T> {
    pub(crate) fn new(thing: Arc<T>, leaving: Option<Leaving>) -> Self {
        Self { thing, _leaving: leaving }
    }

    /// Whether it is this one.
    #[must_use]
    pub(crate) fn is(&self, other: &Arc<T>) -> bool {
        Arc::ptr_eq(&self.thing, other)
    }
}

impl<T: ?Sized + Send + Sync> Discard for Going<T> {
    fn is_last(&self) -> bool {
        self.thing.is_last()
    }
}
