//! Rate limits: whether a caller of a provider may call again.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use crate::app::{Address, AppState};
use crate::provider::{HeaderName, HeaderValue, Refusal, Request, Response};
use crate::server::middleware::panics;
use crate::world::sandbox::{Sandbox, View};

/// Names the limit that an answer met, so that a test can tell it from a fault.
const LIMIT: HeaderName = HeaderName::from_static("x-mock-limit");

/// Counts a request, and refuses it where its caller has made too many.
pub(in crate::server) fn count(
    app: &AppState,
    sandbox: &Sandbox,
    address: Address,
    request: &Request<'_>,
    view: &View<'_>,
) -> Option<Response> {
    panics::probe("limits");
    let limit = view.options.rate_limit?;
    let slot = sandbox.slot(address.provider)?;
    let caller = caller(app, address, request);
    let retry_after_s = slot.limiter.take(limit, caller, view.now).err()?;
    let refused = app.refuse(address, &Refusal::RateLimited { retry_after_s }, request, &view.options);
    Some(refused.header(LIMIT, limit.to_string()))
}

/// A number that stands for the credential; the same for all that show none.
fn caller(app: &AppState, address: Address, request: &Request<'_>) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    let fields = app.providers.get(address.provider).map_or(&[][..], |provider| provider.credential_headers());
    for field in fields {
        let value = request.header(field).map(HeaderValue::as_bytes).unwrap_or_default();
        hasher.write_usize(value.len());
        hasher.write(value);
    }
    hasher.finish()
}
