//! How many requests each operation answered with which status. The label sets are bounded: operations
//! are those of the providers, statuses those that HTTP has.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::provider::{Name, Registered};

/// The lowest status, and how many there are.
const STATUSES: std::ops::Range<u16> = 100..600;

/// The counters of a server.
#[derive(Debug)]
pub(crate) struct Counts {
    /// Each provider's, by operation; the last is for requests without one.
    providers: Vec<(Name, Vec<Counted>)>,
    /// Requests outside every mount.
    nowhere: Statuses,
}

/// An operation, however many methods it has, and how often it answered which status.
type Counted = (Name, Statuses);

#[derive(Debug)]
struct Statuses(Box<[AtomicU64]>);

impl Statuses {
    fn new() -> Self {
        Self(STATUSES.map(|_| AtomicU64::new(0)).collect())
    }

    fn count(&self, status: u16) {
        let place = status.checked_sub(STATUSES.start).and_then(|place| self.0.get(usize::from(place)));
        if let Some(counter) = place {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn each(&self) -> impl Iterator<Item = (u16, u64)> {
        let counted = STATUSES.zip(self.0.iter().map(|counter| counter.load(Ordering::Relaxed)));
        counted.filter(|(_, count)| *count > 0)
    }
}

/// One counter that is not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count<'c> {
    pub(crate) provider: &'c str,
    pub(crate) operation: &'c str,
    pub(crate) status: u16,
    pub(crate) requests: u64,
}

/// The label of what has no name.
const NONE: &str = "none";

impl Counts {
    /// Counters at zero.
    pub(crate) fn of(providers: &[Registered]) -> Self {
        let counted = |provider: &Registered| {
            let mut names: Vec<_> = provider.operations().into_iter().map(|operation| operation.name.clone()).collect();
            names.dedup();
            let names = names.into_iter().chain([NONE.into()]);
            (provider.descriptor().id.clone(), names.map(|name| (name, Statuses::new())).collect())
        };
        Self { providers: providers.iter().map(counted).collect(), nowhere: Statuses::new() }
    }

    /// Counts an answer of a provider.
    pub(crate) fn count(&self, provider: &str, operation: Option<&str>, status: u16) {
        let counted = self.providers.iter().filter(|(known, _)| known == provider).flat_map(|(_, counted)| counted);
        let sought = operation.unwrap_or(NONE);
        if let Some((_, statuses)) = counted.into_iter().find(|(known, _)| known == sought) {
            statuses.count(status);
        }
    }

    /// Counts an answer to a request that no mount takes.
    pub(crate) fn count_nowhere(&self, status: u16) {
        self.nowhere.count(status);
    }

    /// Every counter that is not zero.
    pub(crate) fn each(&self) -> Vec<Count<'_>> {
        let mut all = Vec::new();
        for (provider, counted) in &self.providers {
            for (operation, statuses) in counted {
                let count = |(status, requests)| Count { provider, operation, status, requests };
                all.extend(statuses.each().map(count));
            }
        }
        let nowhere = self.nowhere.each();
        all.extend(nowhere.map(|(status, requests)| Count { provider: NONE, operation: NONE, status, requests }));
        all
    }
}
