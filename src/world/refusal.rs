//! What the server must say and only the vendor knows how to phrase.

use std::fmt::Display;

use super::name::Name;

/// A request that never reached a vendor's own business.
///
/// The enum is closed: each provider answers every variant in one exhaustive match, so that an
/// unknown path, a crash or an injected 429 looks exactly as that vendor would look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The request as a whole cannot be taken, whatever it asks for: 400.
    BadRequest,
    /// No operation has this path.
    NoRoute,
    /// The path exists, the method does not; `allow` are the methods that do, as `Allow` names them.
    MethodNotAllowed {
        /// The methods for the `Allow` header, in the order they are sent.
        allow: Vec<Name>,
    },
    /// The body could not be read to its end, or not in the form the operation needs.
    MalformedBody,
    /// The body's media type is not one the vendor reads.
    UnsupportedMediaType,
    /// The body is larger than the server takes.
    TooLarge {
        /// The largest body in bytes.
        limit: usize,
    },
    /// No credential, or none that the vendor takes.
    Unauthorized,
    /// A credential without the right to do this.
    Forbidden,
    /// Too many requests.
    RateLimited {
        /// Seconds until the next try, for `Retry-After`.
        retry_after_s: u64,
    },
    /// The service is down for now.
    Unavailable {
        /// Seconds until the next try, for `Retry-After`.
        retry_after_s: u64,
    },
    /// The request did not arrive in time.
    Timeout,
    /// The handler failed.
    Crashed,
}

impl Refusal {
    /// Its name in the journal.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::BadRequest => "bad_request",
            Self::NoRoute => "no_route",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::MalformedBody => "malformed_body",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::TooLarge { .. } => "too_large",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unavailable { .. } => "unavailable",
            Self::Timeout => "timeout",
            Self::Crashed => "crashed",
        }
    }

    /// One of each variant, for tests that must walk them all.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        vec![
            Self::BadRequest,
            Self::NoRoute,
            Self::MethodNotAllowed { allow: vec!["GET".into()] },
            Self::MalformedBody,
            Self::UnsupportedMediaType,
            Self::TooLarge { limit: 1_048_576 },
            Self::Unauthorized,
            Self::Forbidden,
            Self::RateLimited { retry_after_s: 30 },
            Self::Unavailable { retry_after_s: 30 },
            Self::Timeout,
            Self::Crashed,
        ]
    }
}

/// So many of a thing, as a sentence says it: `1 snapshot`, `2 snapshots`.
#[must_use]
pub(crate) fn counted<N: Display + PartialEq + From<u8>>(count: N, one: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {one}{plural}")
}
