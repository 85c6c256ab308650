//! Who may steer: a web page must not be able to change a developer's mock.
//!
//! A browser states the `Origin` of the page that calls; curl and test runners state none. A foreign
//! origin is refused unless the operator allows it. A control token, where one is set, is asked for
//! on every path but health and readiness.

use actix_web::http::header;

use super::ask::Ask;
use crate::http::HeaderValue;
use crate::http::problem::Problem;

/// What the operator allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guard {
    /// The token that control requests must carry as `Authorization: Bearer …`, where one is set.
    pub token: Option<String>,
    /// Origins of pages that may steer, such as `http://localhost:3000`.
    pub origins: Vec<String>,
}

/// Whether a request may pass, and the page that may then read the answer.
pub(crate) fn admit<'a>(ask: &Ask<'a>) -> Result<Option<&'a HeaderValue>, Problem> {
    let guard = ask.hall.guard();
    let origin = ask.headers.get(header::ORIGIN);
    let allowed = match origin {
        Some(origin) if !is_own(ask, origin) => {
            if !guard.origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()) {
                let origin = String::from_utf8_lossy(origin.as_bytes()).into_owned();
                let detail =
                    format!("pages of {origin} may not steer this mock; `--control-origin {origin}` would allow it");
                return Err(Problem::new(403, detail));
            }
            Some(origin)
        }
        _ => None,
    };
    let open = matches!(ask.path, "/" | "/_mock/health" | "/_mock/ready") || ask.method == "OPTIONS";
    if let Some(token) = guard.token.as_deref().filter(|_| !open) {
        let sent = ask.headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
        if sent.and_then(|sent| sent.strip_prefix(b"Bearer ")) != Some(token.as_bytes()) {
            let detail = "this server wants its control token: send `Authorization: Bearer TOKEN`";
            return Err(Problem::new(401, detail));
        }
    }
    Ok(allowed)
}

/// Whether the page comes from this very server.
fn is_own(ask: &Ask<'_>, origin: &HeaderValue) -> bool {
    let Some(host) = ask.headers.get(header::HOST) else { return false };
    origin.as_bytes().strip_prefix(b"http://") == Some(host.as_bytes())
}
