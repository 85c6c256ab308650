//! Browsers: a preflight is answered before authentication, and every answer may be read.

use crate::provider::response::Response;
use crate::provider::{HeaderName, HeaderValue, Headers, header};

/// The header fields that a page's script may read, `X-Mock-…` apart, which are exposed by name.
const EXPOSED: [HeaderName; 3] = [header::LOCATION, header::RETRY_AFTER, header::WWW_AUTHENTICATE];

/// Whether this is a browser's question before a call, and no vendor's OPTIONS.
pub(in crate::server) fn is_preflight(method: &str, headers: &Headers) -> bool {
    method == "OPTIONS" && headers.contains(&header::ORIGIN) && headers.contains(&header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a preflight: whatever was asked for is allowed.
pub(in crate::server) fn preflight(headers: &Headers) -> Response {
    let mut response = Response::new(204);
    for (asked, allowed) in [
        (header::ACCESS_CONTROL_REQUEST_METHOD, header::ACCESS_CONTROL_ALLOW_METHODS),
        (header::ACCESS_CONTROL_REQUEST_HEADERS, header::ACCESS_CONTROL_ALLOW_HEADERS),
    ] {
        if let Some(value) = headers.get(&asked) {
            response.push(allowed, value.as_bytes());
        }
    }
    if headers.contains("access-control-request-private-network") {
        response.push(HeaderName::from_static("access-control-allow-private-network"), "true");
    }
    response.push(header::ACCESS_CONTROL_MAX_AGE, "600");
    response
}

/// Lets the page at `origin` read the answer.
pub(in crate::server) fn open(response: &mut Response, origin: &HeaderValue) {
    let mut exposed = String::new();
    let own = response.headers().iter().map(|(name, _)| name).filter(|name| name.as_str().starts_with("x-mock-"));
    for name in EXPOSED.iter().chain(own) {
        if !exposed.is_empty() {
            exposed.push_str(", ");
        }
        exposed.push_str(name.as_str());
    }
    response.push(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.as_bytes());
    response.push(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    response.push(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    response.push(header::VARY, "Origin");
}
