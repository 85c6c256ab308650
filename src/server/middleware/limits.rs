//! Rate limits: whether a caller of a provider may call again.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use crate::provider::{HeaderName, HeaderValue, Name, Refusal, Request, Response, Slot, View};
use crate::server::middleware::panics;

/// Names the limit that an answer met, so that a test can tell it from a fault.
const LIMIT: HeaderName = HeaderName::from_static("x-mock-limit");

/// Counts a request, and refuses it where its caller has made too many.
pub(in crate::server) fn count(slot: &dyn Slot, request: &Request<'_>, view: &View<'_>) -> Option<Response> {
    panics::probe("limits");
    let limit = view.options.rate_limit?;
    let provider = slot.provider();
    let caller = caller(&provider.descriptor().credentials, request);
    let retry_after_s = slot.limiter().take(limit, caller, view.now).err()?;
    let refused = provider.refuse(&Refusal::RateLimited { retry_after_s }, request, &view.options);
    let hint =
        format!("the caller made more requests than --rate-limit {limit} allows; try again in {retry_after_s} s");
    Some(refused.header(LIMIT, limit.to_string()).hint(hint))
}

/// A number that stands for the credential; the same for all that show none.
fn caller(fields: &[Name], request: &Request<'_>) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    for field in fields {
        let value = request.header(field).map(HeaderValue::as_bytes).unwrap_or_default();
        hasher.write_usize(value.len());
        hasher.write(value);
    }
    hasher.finish()
}
