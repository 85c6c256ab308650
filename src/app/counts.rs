//! How many requests each operation answered with which status. The label sets are bounded: operations
//! are those of the providers, statuses those that HTTP has.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::provider::{Descriptor, Operation, Registered};

/// The lowest status, and how many there are.
const STATUSES: std::ops::Range<u16> = 100..600;

/// The counters of a server.
#[derive(Debug)]
pub(crate) struct Counts {
    providers: Vec<(&'static Descriptor, Vec<Counted>)>,
    /// Requests outside every mount.
    nowhere: Statuses,
}

/// An operation, or none for requests that mean none, and how often which status was answered.
type Counted = (Option<&'static Operation>, Statuses);

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
pub(crate) struct Count {
    pub(crate) provider: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) status: u16,
    pub(crate) requests: u64,
}

/// The label of what has no name.
const NONE: &str = "none";

impl Counts {
    /// Counters at zero.
    pub(crate) fn of(providers: &[Registered]) -> Self {
        let counted = |provider: &Registered| {
            let operations = provider.operations().into_iter().map(Some).chain([None]);
            (provider.descriptor(), operations.map(|operation| (operation, Statuses::new())).collect())
        };
        Self { providers: providers.iter().map(counted).collect(), nowhere: Statuses::new() }
    }

    /// Counts an answer of the provider with this number.
    pub(crate) fn count(&self, provider: usize, operation: Option<&'static Operation>, status: u16) {
        let Some((_, counted)) = self.providers.get(provider) else { return };
        let is_it = |known: &Option<&Operation>| match (known, operation) {
            (Some(known), Some(sought)) => std::ptr::eq(*known, sought),
            (known, sought) => known.is_none() && sought.is_none(),
        };
        if let Some((_, statuses)) = counted.iter().find(|(known, _)| is_it(known)) {
            statuses.count(status);
        }
    }

    /// Counts an answer to a request that no mount takes.
    pub(crate) fn count_nowhere(&self, status: u16) {
        self.nowhere.count(status);
    }

    /// Every counter that is not zero.
    pub(crate) fn each(&self) -> Vec<Count> {
        let mut all: Vec<Count> = Vec::new();
        for (descriptor, counted) in &self.providers {
            for (operation, statuses) in counted {
                let (provider, operation) = (descriptor.id, operation.map_or(NONE, |operation| operation.name));
                for (status, requests) in statuses.each() {
                    // An operation that stands once for each of its methods is one line.
                    let is_it = |count: &&mut Count| {
                        (count.provider, count.operation, count.status) == (provider, operation, status)
                    };
                    match all.iter_mut().find(is_it) {
                        Some(count) => count.requests += requests,
                        None => all.push(Count { provider, operation, status, requests }),
                    }
                }
            }
        }
        let nowhere = self.nowhere.each();
        all.extend(nowhere.map(|(status, requests)| Count { provider: NONE, operation: NONE, status, requests }));
        all
    }
}
