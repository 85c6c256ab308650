//! How many requests each operation answered with which status. The label sets are bounded: operations
//! are those of the descriptors, statuses those that HTTP has.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::provider::{Descriptor, Operation};

/// The lowest status, and how many there are.
const STATUSES: std::ops::Range<u16> = 100..600;

/// The counters of a server.
#[derive(Debug)]
pub(crate) struct Counts {
    /// By provider, and by operation in the descriptor's order; the last is for requests without one.
    providers: Vec<(&'static Descriptor, Vec<Statuses>)>,
    /// Requests outside every mount.
    nowhere: Statuses,
}

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
    pub(crate) fn of(descriptors: impl Iterator<Item = &'static Descriptor>) -> Self {
        let statuses = |descriptor: &Descriptor| (0..=descriptor.operations.len()).map(|_| Statuses::new()).collect();
        let providers = descriptors.map(|descriptor| (descriptor, statuses(descriptor))).collect();
        Self { providers, nowhere: Statuses::new() }
    }

    /// Counts an answer of the provider with this number.
    pub(crate) fn count(&self, provider: usize, operation: Option<&'static Operation>, status: u16) {
        let Some((descriptor, statuses)) = self.providers.get(provider) else { return };
        let place =
            operation.and_then(|sought| descriptor.operations.iter().position(|known| std::ptr::eq(known, sought)));
        if let Some(statuses) = statuses.get(place.unwrap_or(descriptor.operations.len())) {
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
        for (descriptor, operations) in &self.providers {
            let names = descriptor.operations.iter().map(|operation| operation.name).chain([NONE]);
            for (operation, statuses) in names.zip(operations) {
                let provider = descriptor.id;
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
