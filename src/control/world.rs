//! What is said of a sandbox that was lost, and of one that there is no room for.

use crate::api::Problem;
use crate::app::sandbox::{Created, Full};

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
