//! The house: a handler that crashes becomes an answer in its vendor's words.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::http::hall::{Address, Hall};
use crate::http::provider::{Refusal, Request, Response};
use crate::world::sandbox::View;

/// The provider's answer. A crash changed nothing: a write runs on a clone.
pub(in crate::http) fn answer(hall: &Hall, address: Address, request: &Request<'_>, view: &View<'_>) -> Response {
    let outcome = catch_unwind(AssertUnwindSafe(|| hall.answer(address, request, view)));
    outcome.unwrap_or_else(|_| {
        tracing::error!(method = request.method, path = request.path, "a handler crashed");
        hall.refuse(address, &Refusal::Crashed, request, &view.options)
    })
}
