//! The house: the provider is run, and a crash in it becomes an answer in its vendor's words.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::http::hall::{Address, Hall};
use crate::http::provider::{Operation, Refusal, Request, Response, Routed};
use crate::world::sandbox::View;

/// Which operation the request means.
pub(in crate::http) fn route<'r>(hall: &Hall, address: Address, request: &Request<'r>, view: &View<'_>) -> Routed<'r> {
    catch_unwind(AssertUnwindSafe(|| hall.route(address, request, view))).unwrap_or_else(|_| {
        crashed(request);
        Routed::Refused(Refusal::Crashed)
    })
}

/// The provider's answer to an operation. A crash changed nothing: a write runs on a clone.
pub(in crate::http) fn handle(
    hall: &Hall,
    address: Address,
    request: &Request<'_>,
    operation: &'static Operation,
    params: &[&str],
    view: &View<'_>,
) -> Response {
    let outcome = catch_unwind(AssertUnwindSafe(|| hall.handle(address, request, operation, params, view)));
    outcome.unwrap_or_else(|_| {
        crashed(request);
        hall.refuse(address, &Refusal::Crashed, request, &view.options)
    })
}

fn crashed(request: &Request<'_>) {
    tracing::error!(method = request.method, path = request.path, "a handler crashed");
}
