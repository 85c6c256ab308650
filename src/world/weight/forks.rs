//! What forks keep of the sandboxes that they are forks of.
//!
//! A record that a fork shares stays charged to the sandbox that wrote it. Once that one is gone, what it still holds is held
//! by its forks: each that is there has an equal part of it, so that all parts are what counts.

use std::ptr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};

use super::full::{Bound, Full};
use super::{Account, Leaving};

/// How many forks a hint names.
const TOLD: usize = 5;

impl Account {
    /// Says that its sandbox is a fork of another one.
    pub(crate) fn fork_of(&self, source: &Arc<Self>) {
        let mut of = source.origins.of.get().cloned().unwrap_or_default();
        let matters =
            |origin: &Weak<Self>| origin.upgrade().is_some_and(|origin| !origin.is_gone() || origin.held() > 0);
        if !of.iter().all(matters) {
            of.retain(matters);
        }
        of.push_back(Arc::downgrade(source));
        if self.origins.of.set(of).is_ok() {
            self.each_origin(|origin| {
                origin.origins.forks.fetch_add(1, Ordering::AcqRel);
            });
        }
    }

    /// Says that its sandbox is gone: what goes with it, and what goes as it was the last fork of others that are gone.
    #[must_use]
    pub(crate) fn end(self: &Arc<Self>) -> Vec<Leaving> {
        let mut last = vec![self.clone()];
        self.leave(|origin| last.push(origin));
        last.retain(|account| !account.has_forks());
        last.iter().map(|account| account.leaving(account.held())).collect()
    }

    /// Is no fork of others any more. `ended` is told those that are gone.
    pub(super) fn leave(&self, mut ended: impl FnMut(Arc<Self>)) {
        if self.origins.is_gone.swap(true, Ordering::AcqRel) {
            return;
        }
        self.each_origin(|origin| {
            origin.origins.forks.fetch_sub(1, Ordering::AcqRel);
            if origin.is_gone() {
                ended(origin);
            }
        });
    }

    fn each_origin(&self, look: impl FnMut(Arc<Self>)) {
        self.origins.of.get().into_iter().flatten().filter_map(Weak::upgrade).for_each(look);
    }

    fn is_gone(&self) -> bool {
        self.origins.is_gone.load(Ordering::Acquire)
    }

    fn has_forks(&self) -> bool {
        self.origins.forks.load(Ordering::Acquire) > 0
    }

    fn is_fork_of(&self, other: &Self) -> bool {
        self.origins.of.get().into_iter().flatten().any(|origin| ptr::eq(origin.as_ptr(), other))
    }

    /// Its part of what is held of sandboxes that are gone and that it is a fork of.
    #[must_use]
    pub(crate) fn shared(&self) -> u64 {
        let mut bytes = 0;
        self.each_origin(|origin| {
            let forks = origin.origins.forks.load(Ordering::Acquire).max(1);
            if origin.is_gone() {
                bytes += origin.held().div_ceil(u64::try_from(forks).unwrap_or(u64::MAX));
            }
        });
        bytes
    }

    /// What counts as held by its sandbox.
    #[must_use]
    pub(crate) fn keeps(&self) -> u64 {
        self.held().saturating_add(self.shared())
    }

    /// What goes at once with its sandbox: where there are forks of it, they may have all of that.
    #[must_use]
    pub(crate) fn would_go(&self) -> u64 {
        if self.has_forks() { 0 } else { self.held() }
    }

    /// What makes room where a bound is reached, and which forks keep what deletes do not free.
    #[must_use]
    pub(crate) fn hint(&self, full: &Full) -> String {
        let (mut names, mut many, mut bytes) = (Vec::new(), 0, 0);
        let mut look = |name: &str, other: &Self| {
            let part = if full.bound == Bound::Total { other.shared() } else { 0 };
            if part > 0 || full.bound == Bound::Sandbox && other.is_fork_of(self) {
                many += 1;
                bytes += part;
                names.extend((many <= TOLD).then(|| name.to_owned()));
            }
        };
        if let Some(all) = self.budget.sandboxes.get() {
            all.look(&mut look);
        }
        names.sort();
        let (hint, more) = (full.hint(), many.saturating_sub(TOLD));
        let names = names.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() };
        // They come first: a hint that is too long for a header field is cut at its end.
        match full.bound {
            _ if many == 0 => hint,
            Bound::Total => {
                format!("{bytes} bytes are of sandboxes that are gone, whose forks keep them ({names}); {hint}")
            }
            _ => format!("its forks keep what they share with it ({names}); {hint}"),
        }
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        self.leave(drop);
    }
}
