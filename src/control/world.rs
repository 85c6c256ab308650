//! What is said of a sandbox that was lost, and of one that there is no room for.

use crate::api::Problem;
use crate::app::sandbox::{Created, Full};

/// The problem of a request that looks at a sandbox that was lost.
pub(super) fn gone(name: &str, lost: Created) -> Problem {
    let why = match lost {
        Created::Expired => "expired: nobody used it for longer than its time to live, which is --sandbox-ttl",
        _ => "evicted: it made room for others, of which there may be --max-sandboxes",
    };
    let detail = format!(
        "the sandbox `{name}` is {why}; a request to a provider, or one that changes something in it, makes it anew"
    );
    Problem::new(404, detail)
}

/// The problem of a server that has no room for another sandbox.
pub(crate) fn no_room(full: &Full) -> Problem {
    Problem::new(503, full.to_string()).retry_after(full.retry_after_s)
}
