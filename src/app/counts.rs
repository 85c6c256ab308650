//! How many requests each operation answered with which status, and how long that took. The label sets are bounded:
//! operations are those of the providers, statuses those that HTTP has.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::latencies::{Latencies, Latency};
use crate::provider::{Name, Registered};

/// The lowest status, and how many there are.
const STATUSES: std::ops::Range<u16> = 100..600;

/// The counters of a server.
#[derive(Debug)]
pub(crate) struct Counts {
    /// Each provider's.
    providers: Vec<OfProvider>,
    /// Requests outside every mount.
    nowhere: Statuses,
}

#[derive(Debug)]
struct OfProvider {
    id: Name,
    /// By operation; the last is for requests without one.
    counted: Vec<Counted>,
    /// The place of each route's operation there.
    routes: Vec<usize>,
}

/// An operation, however many methods it has, how often it answered which status, and how long that took.
type Counted = (Name, Statuses, Latencies);

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
            let of_routes: Vec<_> = provider.operations().into_iter().map(|operation| operation.name.clone()).collect();
            let mut names = of_routes.clone();
            names.dedup();
            let place = |name: &Name| names.iter().position(|known| known == name).unwrap_or(names.len());
            let routes = of_routes.iter().map(place).collect();
            let names = names.iter().cloned().chain([NONE.into()]);
            let counted = names.map(|name| (name, Statuses::new(), Latencies::default())).collect();
            OfProvider { id: provider.descriptor().id.clone(), counted, routes }
        };
        Self { providers: providers.iter().map(counted).collect(), nowhere: Statuses::new() }
    }

    /// Counts an answer of a provider, by the number of the route that was meant, and how long it took where that is known.
    pub(crate) fn count(&self, provider: &str, route: Option<usize>, status: u16, took: Option<Duration>) {
        let Some((_, statuses, latencies)) = self.counted(provider, route) else { return };
        statuses.count(status);
        took.iter().for_each(|took| latencies.count(status, *took));
    }

    fn counted(&self, provider: &str, route: Option<usize>) -> Option<&Counted> {
        let of = self.providers.iter().find(|known| known.id == provider)?;
        let place = route.and_then(|route| of.routes.get(route)).copied();
        place.map_or(of.counted.last(), |place| of.counted.get(place))
    }

    /// Counts an answer to a request that no mount takes.
    pub(crate) fn count_nowhere(&self, status: u16) {
        self.nowhere.count(status);
    }

    /// Every counter that is not zero.
    pub(crate) fn each(&self) -> Vec<Count<'_>> {
        let mut all = Vec::new();
        for OfProvider { id: provider, counted, .. } in &self.providers {
            for (operation, statuses, _) in counted {
                let count = |(status, requests)| Count { provider, operation, status, requests };
                all.extend(statuses.each().map(count));
            }
        }
        let nowhere = self.nowhere.each();
        all.extend(nowhere.map(|(status, requests)| Count { provider: NONE, operation: NONE, status, requests }));
        all
    }

    /// Every histogram that is not empty.
    pub(crate) fn latencies(&self) -> impl Iterator<Item = Latency<'_>> {
        self.providers
            .iter()
            .flat_map(|of| of.counted.iter().flat_map(|(operation, _, latencies)| latencies.each(&of.id, operation)))
    }
}
