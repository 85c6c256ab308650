//! What is said of a sandbox that was lost, and of one that there is no room for.

use super::ask::Ask;
use crate::api::Problem;
use crate::app::sandbox::{Created, Found, Full};
use crate::world::sandbox::SandboxName;

/// The header field by which a request says that it shall make no sandbox, and its value.
const MAKE: &str = "x-mock-sandbox-make";
const NO: &[u8] = b"no";

/// Where a problem is, if the sandbox that a request is addressed to is not there.
pub(super) const PLACE: &str = "sandbox";

/// The problem of a request that would make its sandbox and says that it shall not, or says that in no word that is read.
pub(super) fn is_not_to_be_made(ask: &Ask<'_>, found: &Found) -> Option<Problem> {
    let stated = ask.headers.get(MAKE)?.as_bytes();
    if !stated.eq_ignore_ascii_case(NO) {
        let stated: String = String::from_utf8_lossy(stated).chars().take(40).collect();
        let detail = format!("X-Mock-Sandbox-Make is `no` or left out, found {stated:?}; nothing was changed");
        return Some(Problem::new(400, detail));
    }
    (!found.is_there()).then(|| missing(ask, ask.sandbox.name()).at(PLACE))
}

/// The problem of a request that names a sandbox which is not there.
pub(super) fn missing(ask: &Ask<'_>, name: &SandboxName) -> Problem {
    let never = || {
        let detail = format!(
            "there is no sandbox `{name}`; the first request to a provider that names it makes it, and GET /_mock/sandboxes \
             lists those that are there"
        );
        Problem::new(404, detail)
    };
    ask.app.sandboxes.why_gone(name).map_or_else(never, |lost| gone(name.as_str(), lost))
}

/// The problem of a request that looks at a sandbox that was lost.
pub(super) fn gone(name: &str, lost: Created) -> Problem {
    let why = match lost {
        Created::Expired => "has expired: nobody used it for as long as its `ttl`, or --sandbox-ttl, allows",
        _ => "was evicted: it made room for another (--max-sandboxes) or for what others hold (--max-state)",
    };
    let detail = format!("the sandbox `{name}` {why}; a request to a provider makes it anew, and so does a reset");
    Problem::new(404, detail)
}

/// The problem of a server that has no room for another sandbox.
pub(crate) fn no_room(full: &Full) -> Problem {
    Problem::new(503, full.to_string()).retry_after(full.retry_after_s)
}
