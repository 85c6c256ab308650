//! The panic handler: a crash while a request is answered becomes an answer, and ends nothing else.
//!
//! The provider's own work is guarded by itself, so that its vendor's words follow with all that belongs to an
//! answer. So is each step that comes after it: what the vendor said is done and leaves, even where it cannot be
//! given its header fields or kept. One guard around the whole way catches the rest.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

use futures_util::FutureExt;

use crate::provider::{Meant, Refusal, Request, Response, Routed, Slot, View};
use crate::world::journal::{shown_method, shown_path};

/// Which operation the request means.
pub(in crate::server) fn route<'r>(
    slot: &'r dyn Slot,
    request: &Request<'r>,
    view: &View<'_>,
) -> Routed<Box<dyn Meant + 'r>> {
    let work = || {
        probe("route");
        slot.route(request, &view.options)
    };
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        crashed(request);
        Routed::Refused(Refusal::Crashed)
    })
}

/// The answer of a slot's provider to an operation. A crash changed nothing: a write runs on a clone.
pub(in crate::server) fn handle(
    slot: &dyn Slot,
    request: &Request<'_>,
    meant: &dyn Meant,
    view: &View<'_>,
) -> Response {
    let work = || {
        probe("handle");
        meant.answer(*request, view)
    };
    let outcome = catch_unwind(AssertUnwindSafe(work));
    outcome.unwrap_or_else(|_| {
        crashed(request);
        slot.provider().refuse(&Refusal::Crashed, request, &view.options)
    })
}

fn crashed(request: &Request<'_>) {
    let path = &*shown_path(request.path);
    let method = shown_method(request.method);
    tracing::error!(method, path, "a handler crashed");
}

/// What a step gives; nothing where it crashed.
pub(in crate::server) fn guarded<T>(step: &'static str, work: impl FnOnce() -> T) -> Option<T> {
    let work = || {
        probe(step);
        work()
    };
    let outcome = catch_unwind(AssertUnwindSafe(work)).ok();
    if outcome.is_none() {
        tracing::error!(step, "a step of a request crashed; the rest of it goes on");
    }
    outcome
}

/// What the whole way of a request gives; nothing where it crashed.
pub(in crate::server) async fn guarded_way<T>(way: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    AssertUnwindSafe(way).catch_unwind().await.ok()
}

/// A place where a test can make the way of a request crash.
#[cfg(not(test))]
pub(in crate::server) const fn probe(_: &'static str) {}

#[cfg(test)]
pub(in crate::server) use probing::{crash_at, probe};

#[cfg(test)]
mod probing {
    use std::cell::RefCell;

    thread_local! {
        static PLACES: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }

    /// Makes this thread crash once at each of these places.
    pub(in crate::server) fn crash_at(places: &[&'static str]) {
        PLACES.set(places.to_vec());
    }

    /// Crashes where that is asked for.
    pub(in crate::server) fn probe(here: &'static str) {
        let mut places = PLACES.take();
        let found = places.iter().position(|place| *place == here);
        if let Some(found) = found {
            places.remove(found);
        }
        PLACES.set(places);
        assert!(found.is_none(), "crashed on purpose at {here}");
    }
}
