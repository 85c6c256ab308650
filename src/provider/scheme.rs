//! What the mock's URLs begin with: the one place that knows which scheme is served, and where unless told otherwise.

use std::fmt::Display;

/// The host that a server listens on of which nothing else is said.
pub(crate) const HOST: &str = "127.0.0.1";

/// The port that a server listens on of which nothing else is said.
pub(crate) const PORT: u16 = 8080;

/// What a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Scheme {
    /// Plain HTTP.
    #[default]
    Http,
}

impl Scheme {
    const ALL: [Self; 1] = [Self::Http];

    /// What a URL of it begins with.
    pub(crate) const fn start(self) -> &'static str {
        match self {
            Self::Http => "http://",
        }
    }

    /// The URL of what stands behind the scheme: a host, its port, a path.
    #[must_use]
    pub fn url(self, rest: impl Display) -> String {
        format!("{}{rest}", self.start())
    }

    /// What stands behind the scheme in the base URL of a server.
    ///
    /// # Errors
    ///
    /// What was expected.
    pub(crate) fn behind(url: &str) -> Result<&str, &'static str> {
        let behind = Self::ALL.iter().find_map(|scheme| url.strip_prefix(scheme.start()));
        match behind.filter(|host| !host.is_empty() && !host.starts_with('/')) {
            Some(behind) => Ok(behind),
            None if url.starts_with("https://") => {
                Err("the server speaks no TLS: expected its base URL, such as http://localhost:8080")
            }
            None => Err("expected the server's base URL, such as http://localhost:8080"),
        }
    }

    /// Whether an origin that a browser states is the one of this host.
    pub(crate) fn is_origin_of(self, origin: &[u8], host: &[u8]) -> bool {
        origin.strip_prefix(self.start().as_bytes()).is_some_and(|own| own.eq_ignore_ascii_case(host))
    }
}
