//! What is told of sandboxes: why one was made, and how many there are.

use std::sync::Arc;
use std::time::Duration;

use super::Sandbox;

/// Why a request met a sandbox that was just made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Created {
    /// Its name was never used, or is no longer remembered.
    New,
    /// The one of that name was idle for too long.
    Expired,
    /// The one of that name made room for others.
    Evicted,
    /// It was not: others fill the server, and nothing was written to it.
    Unkept,
}

impl Created {
    /// As the header field `X-Mock-Sandbox-Created` says it.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Expired => "expired",
            Self::Evicted => "evicted",
            Self::Unkept => "unkept",
        }
    }
}

/// A sandbox in a list.
#[derive(Debug, Clone)]
pub(crate) struct SandboxInfo {
    pub sandbox: Arc<Sandbox>,
    /// How long nobody used it.
    pub idle: Duration,
    /// How long it may be idle; `default` for ever.
    pub time_to_live: Option<Duration>,
}

/// How many sandboxes there are, and how many came and went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Those that are there, `default` included.
    pub alive: usize,
    /// Those that were made on first use, by reason.
    pub created: [(Created, u64); 3],
    /// Those that were idle for too long.
    pub expired: u64,
    /// Those that made room for others.
    pub evicted: u64,
}
