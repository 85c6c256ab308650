//! Who may steer: a web page must not be able to change a developer's mock, or to read what is in it.
//!
//! A browser states the `Origin` of the page that calls; curl and test runners state none. A foreign
//! origin is refused unless the operator allows it. A page whose name is pointed at this machine once it
//! is loaded has this server's own origin, but the `Host` that it states is its own name: so names that a
//! stranger could own are refused. A control token, where one is set, is asked for on every path but
//! health and readiness.

use http::header;

use super::ask::Ask;
use crate::api::Problem;
use crate::app::Guard;
use crate::app::origin::Origin;
use crate::provider::{HeaderName, HeaderValue, Response};

const HEALTH: &str = "/_mock/health";
const READY: &str = "/_mock/ready";

/// Whether a request may pass, and the page that may then read the answer. `authority` is what the request's
/// target names where it is absolute, `forwarded` the origin of this server's pages as a trusted proxy states it.
pub(crate) fn admit<'a>(
    ask: &Ask<'a>,
    authority: Option<&str>,
    forwarded: Option<&str>,
) -> Result<Option<&'a HeaderValue>, Problem> {
    let guard = ask.app.guard();
    let with_token = guard.token.as_ref().is_some_and(|token| token.is_sent(ask.headers));
    let probes = matches!(ask.path, HEALTH | READY);
    if !with_token && !probes {
        for field in ask.headers.get_all(&header::HOST) {
            guard.check_host(&String::from_utf8_lossy(field.as_bytes()))?;
        }
        authority.map_or(Ok(()), |authority| guard.check_host(authority))?;
    }
    let page = page(ask, guard, forwarded, with_token)?;
    let open = probes || ask.path == "/" || ask.method == "OPTIONS" || super::is_of_page(ask);
    if guard.token.is_some() && !open && !with_token {
        let found = match ask.headers.get(&header::AUTHORIZATION) {
            Some(_) => "and Authorization holds another credential",
            None => "and there is no Authorization header",
        };
        let detail = format!("this server wants its control token, {found}; send `Authorization: Bearer TOKEN`");
        return Err(Problem::new(401, detail));
    }
    Ok(page)
}

/// Puts on an answer of the control API what keeps it from foreign pages, unless all may read it.
pub(crate) fn protect(mut response: Response, is_public: bool) -> Response {
    let readers = if is_public { "cross-origin" } else { "same-origin" };
    response.push(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    response.push(HeaderName::from_static("cross-origin-resource-policy"), readers);
    let is_page = |(name, value): &(HeaderName, HeaderValue)| {
        name == header::CONTENT_TYPE && value.as_bytes().to_ascii_lowercase().starts_with(b"text/html")
    };
    if response.headers().iter().any(is_page) {
        response.push(header::CONTENT_SECURITY_POLICY, "frame-ancestors 'none'");
    }
    response
}

/// The foreign page that may read the answer; none where no page or one of this server asks.
fn page<'a>(
    ask: &Ask<'a>,
    guard: &Guard,
    forwarded: Option<&str>,
    with_token: bool,
) -> Result<Option<&'a HeaderValue>, Problem> {
    let mut stated = ask.headers.get_all(&header::ORIGIN);
    let (origin, second) = (stated.next(), stated.next());
    if second.is_some() {
        return Err(Problem::new(403, "the request states two origins; a browser states one `Origin`"));
    }
    let Some(origin) = origin else {
        let foreign = states(ask, "sec-fetch-site", "cross-site");
        if foreign && !is_navigation(ask) && !is_public(ask) {
            let detail = "a page of another site may not load this; a page that `--control-origin URL` allows \
                          may fetch it";
            return Err(Problem::new(403, detail));
        }
        return Ok(None);
    };
    if is_own(ask, origin) {
        return Ok(None);
    }
    if let Some(own) = forwarded.filter(|own| origin.as_bytes().eq_ignore_ascii_case(own.as_bytes())) {
        // A proxy that takes all names forwards those of strangers, too.
        let host = own.split_once("://").map_or(own, |(_, host)| host);
        return if with_token { Ok(None) } else { guard.check_host(host).map(|()| None) };
    }
    // A browser states an origin for each module that its page loads, its own page's too; behind TLS, nobody but a trusted
    // proxy could say that it is this server's. The files of the page hold no data, and no other page can read them.
    if super::is_of_page(ask) && !states(ask, "sec-fetch-site", "cross-site") {
        return Ok(None);
    }
    if is_public(ask) || guard.origins.iter().any(|allowed| allowed.is(origin)) {
        return Ok(Some(origin));
    }
    let origin = String::from_utf8_lossy(origin.as_bytes());
    let detail = match origin.parse::<Origin>() {
        Ok(origin) if !origin.is_null() => {
            let proxy =
                ["x-forwarded-proto", "x-forwarded-host", "forwarded"].iter().any(|name| ask.headers.contains(*name));
            let trust = if proxy && forwarded.is_none() {
                ", and so would `--trust-proxy` if that is where a proxy has this server"
            } else {
                ""
            };
            format!("pages of {origin} may not steer this mock; `--control-origin {origin}` would allow it{trust}")
        }
        _ => "pages without an origin of their own, such as files and sandboxed frames, may not steer this mock; \
              serve the page over http and allow it by `--control-origin URL`"
            .to_owned(),
    };
    Err(Problem::new(403, detail))
}

/// Whether the page comes from this very server.
fn is_own(ask: &Ask<'_>, origin: &HeaderValue) -> bool {
    let Some(host) = ask.headers.get(&header::HOST) else { return false };
    ask.app.serving.scheme().is_origin_of(origin.as_bytes(), host.as_bytes())
}

/// Whether the answer is a document that a page of any origin may read: it tells how to call, and nothing of
/// what is in this server.
pub(crate) fn is_public(ask: &Ask<'_>) -> bool {
    let method = match ask.method {
        "OPTIONS" => ask.headers.get(&header::ACCESS_CONTROL_REQUEST_METHOD).map_or(&b""[..], HeaderValue::as_bytes),
        method => method.as_bytes(),
    };
    let document = ask.path == "/_mock/openapi.json" || ask.path.starts_with("/_mock/openapi/");
    document && matches!(method, b"GET" | b"HEAD") && ask.app.guard().token.is_none()
}

/// Whether a person follows a link: the answer is shown, and no page can read it.
fn is_navigation(ask: &Ask<'_>) -> bool {
    ask.method == "GET" && states(ask, "sec-fetch-mode", "navigate") && states(ask, "sec-fetch-dest", "document")
}

fn states(ask: &Ask<'_>, name: &str, value: &str) -> bool {
    ask.headers.get_all(name).any(|field| field.as_bytes() == value.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_control_api_cannot_be_framed() {
        let policy = |media: &'static str| {
            let answer = protect(Response::new(200).body(media, "x"), false);
            let found = answer.headers().iter().find(|(name, _)| *name == header::CONTENT_SECURITY_POLICY);
            found.map(|(_, value)| value.as_bytes().to_vec())
        };
        for media in ["text/html", "text/html; charset=utf-8", "Text/HTML"] {
            assert_eq!(policy(media).as_deref(), Some(&b"frame-ancestors 'none'"[..]), "{media}");
        }
        assert_eq!(policy("application/json"), None);
    }
}
