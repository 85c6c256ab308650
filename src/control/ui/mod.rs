//! The page below `/_mock/ui/`: what a browser loads of it, and where a browser that asks for a page is sent.
//!
//! The page holds no data and is the same for all sandboxes: it asks the control API as any other client does, and names
//! the sandbox in its address behind the `#`, which no server sees. So it wants no token, and opening it makes nothing.

mod accept;
mod files;

use http::header::{
    ACCEPT, ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH,
    LOCATION, REFERRER_POLICY, VARY,
};

use self::files::File;
use super::PAGE;
use super::ask::Ask;
use crate::api::Problem;
use crate::provider::{HeaderValue, Response};

/// What the page may do in a browser: load and ask what is on this server, and nothing else. No text becomes a script or
/// markup, and no other page shows it in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
                      trusted-types 'none'";

/// What the page has for a request.
enum Found {
    File(&'static File),
    WayThere,
    NoMethod,
}

/// Whether a request is for the page, which anyone may have.
pub(super) fn is_open(ask: &Ask<'_>) -> bool {
    find(ask).is_some()
}

/// The answer of the page to a request that it takes.
pub(super) fn answer(ask: &Ask<'_>) -> Option<Response> {
    Some(match find(ask)? {
        Found::File(file) => shown(file, ask),
        Found::WayThere => redirect(ask),
        Found::NoMethod => {
            let detail = format!("{} takes GET, HEAD, found {}; send GET {}", ask.path, ask.method, ask.path);
            Problem::new(405, detail).response().header(ALLOW, "GET, HEAD")
        }
    })
}

fn find(ask: &Ask<'_>) -> Option<Found> {
    if !ask.app.serving.ui {
        return None;
    }
    let reads = matches!(ask.method, "GET" | "HEAD");
    if leads_home(ask.path) {
        return (reads && shows_pages(ask)).then_some(Found::WayThere);
    }
    let name = ask.path.strip_prefix(PAGE)?;
    let file = files::named(name)?;
    Some(match reads {
        true if name.is_empty() && !ask.sandbox.name().is_default() => Found::WayThere,
        true => Found::File(file),
        false => Found::NoMethod,
    })
}

/// Whether people type a path when they look for the page.
fn leads_home(path: &str) -> bool {
    matches!(path, "/" | "/_mock" | "/_mock/" | "/_mock/ui")
}

/// Whether who asks would show a page to a person.
fn shows_pages(ask: &Ask<'_>) -> bool {
    ask.headers.get_all(&ACCEPT).any(|accept| accept::takes(accept.as_bytes(), "text/html"))
}

/// Leads to the page, which is below no sandbox's base URL, and tells it the sandbox. The way is relative: a proxy may have
/// put this server below a path of its own.
fn redirect(ask: &Ask<'_>) -> Response {
    let up = "../".repeat(ask.sent_path.matches('/').count().saturating_sub(1));
    let sandbox = match ask.sandbox.name() {
        name if name.is_default() => String::new(),
        name => format!("#/{}/calls", name.as_str()),
    };
    let target = format!("{up}_mock/ui/{sandbox}");
    Response::new(302).header(LOCATION, target).header(VARY, "Accept").header(CACHE_CONTROL, "no-cache")
}

fn shown(file: &'static File, ask: &Ask<'_>) -> Response {
    let tag = file.tag();
    let mut answer = Response::new(200)
        .header(ETAG, &tag)
        .header(CACHE_CONTROL, "no-cache")
        .header(VARY, "Accept-Encoding")
        .header(REFERRER_POLICY, "no-referrer")
        .header(CONTENT_SECURITY_POLICY, POLICY);
    let known = |field: &HeaderValue| {
        accept::lists(field.as_bytes()).any(|known| matches!(known, b"*") || known == tag.as_bytes())
    };
    if ask.headers.get_all(&IF_NONE_MATCH).any(known) {
        return answer.with_status(304);
    }
    if ask.headers.get_all(&ACCEPT_ENCODING).any(|taken| accept::takes(taken.as_bytes(), "gzip")) {
        answer.push(CONTENT_ENCODING, "gzip");
        return answer.body(file.media, file.packed);
    }
    match file.plain() {
        Some(text) => answer.body(file.media, text),
        None => Problem::new(500, super::CRASHED).response(),
    }
}
