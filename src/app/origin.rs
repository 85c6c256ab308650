//! The origin of a page, as an operator writes it and as a browser sends it, and which pages may call.

use std::fmt;
use std::str::FromStr;

use crate::app::host::Host;
use crate::provider::HeaderValue;

/// An origin in the one form that browsers send: scheme and host in small letters, no port that the scheme has anyway,
/// nothing behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    text: String,
    host: Option<Host>,
}

/// The origin that browsers send for pages without one: sandboxed frames, files, `data:` addresses.
const NULL: &str = "null";

/// What some apps send for pages that are files.
const FILE: &str = "file://";

impl Origin {
    /// The host of its pages; none where the origin has none.
    #[must_use]
    pub fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    /// Whether any page in the world can have this origin.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.text == NULL
    }

    /// Whether an `Origin` field states this one.
    pub(crate) fn is(&self, field: &HeaderValue) -> bool {
        field.as_bytes().eq_ignore_ascii_case(self.text.as_bytes())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Why a text is no origin of a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OriginError {
    /// It begins with the host.
    #[error("an origin begins with a scheme: expected one such as http://{host}")]
    NoScheme {
        /// The host and port that were found.
        host: String,
    },
    /// It goes on after the port.
    #[error("an origin ends after host and port: expected {origin}, found {rest:?} behind it")]
    Tail {
        /// The origin before it.
        origin: String,
        /// What is too much.
        rest: String,
    },
    /// Anything else.
    #[error("expected scheme, host and port of a page, such as http://localhost:3000; found {found:?}")]
    Other {
        /// As given.
        found: String,
    },
}

impl FromStr for Origin {
    type Err = OriginError;

    /// Reads `http://localhost:3000`, `https://app.example.com`, `capacitor://localhost`, `null`.
    fn from_str(text: &str) -> Result<Self, OriginError> {
        // No origin has blanks, and people write lists with blanks behind the commas.
        let text = text.trim();
        let other = || OriginError::Other { found: text.chars().take(200).collect() };
        if let Some(bare) = [NULL, FILE].into_iter().find(|bare| bare.eq_ignore_ascii_case(text)) {
            return Ok(Self { text: bare.to_owned(), host: None });
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            let host = text.trim_start_matches('/').trim_end_matches('/');
            return Err(authority(host, "").map_or_else(other, |(host, _)| OriginError::NoScheme { host }));
        };
        let scheme = scheme.to_ascii_lowercase();
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        if !scheme.starts_with(|first: char| first.is_ascii_lowercase()) || !scheme.bytes().all(letters) {
            return Err(other());
        }
        let (host, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (authority, host) = authority(host, &scheme).ok_or_else(other)?;
        let origin = format!("{scheme}://{authority}");
        if !matches!(tail, "" | "/") {
            return Err(OriginError::Tail { origin, rest: tail.chars().take(200).collect() });
        }
        Ok(Self { text: origin, host: Some(host) })
    }
}

/// Host and port as a browser writes them, if they are some: small letters, no port that the scheme has anyway. No page
/// is at port 0, and no browser takes the zone of an address: the address without it may be another machine's.
pub(crate) fn authority(text: &str, scheme: &str) -> Option<(String, Host)> {
    if text.contains('%') {
        return None;
    }
    let host: Host = text.parse().ok()?;
    let port = text.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.ends_with(']'));
    let Some(port) = port else { return Some((host.to_string(), host)) };
    let port: u16 = port.parse().ok().filter(|port| *port != 0)?;
    let own = matches!((scheme, port), ("http" | "ws", 80) | ("https" | "wss", 443));
    Some((if own { host.to_string() } else { format!("{host}:{port}") }, host))
}

/// Pages of which origins may call the providers. The control API has rules of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cors {
    /// All.
    #[default]
    On,
    /// None: no answer of a provider carries CORS header fields.
    Off,
    /// These.
    Only(Vec<Origin>),
}

impl Cors {
    /// Whether pages of the origin that a request states may call.
    pub(crate) fn admits(&self, origin: &HeaderValue) -> bool {
        match self {
            Self::On => true,
            Self::Off => false,
            Self::Only(origins) => origins.iter().any(|known| known.is(origin)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_as_a_browser_sends_it() {
        for (text, sent) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("HTTPS://App.Example.COM/", "https://app.example.com"),
            (" http://localhost:3000 ", "http://localhost:3000"),
            ("http://localhost:80", "http://localhost"),
            ("https://localhost:443", "https://localhost"),
            ("https://localhost:80", "https://localhost:80"),
            ("http://[::1]:5173", "http://[::1]:5173"),
            ("http://[0::1]", "http://[::1]"),
            ("capacitor://localhost", "capacitor://localhost"),
            ("tauri://localhost", "tauri://localhost"),
            ("file://", "file://"),
            ("NULL", "null"),
            ("chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop"),
        ] {
            assert_eq!(text.parse::<Origin>().map(|origin| origin.to_string()), Ok(sent.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_origin_says_what_would_be_one() {
        for (text, said) in [
            ("localhost:3000", "an origin begins with a scheme: expected one such as http://localhost:3000"),
            ("//App.example.com/", "an origin begins with a scheme: expected one such as http://app.example.com"),
            (
                "http://localhost:3000/app",
                r#"an origin ends after host and port: expected http://localhost:3000, found "/app" behind it"#,
            ),
            ("http://a//", r#"an origin ends after host and port: expected http://a, found "//" behind it"#),
            (
                "https://a.example?x",
                r#"an origin ends after host and port: expected https://a.example, found "?x" behind it"#,
            ),
        ] {
            assert_eq!(text.parse::<Origin>().map_err(|error| error.to_string()), Err(said.to_owned()), "{text}");
        }
        for text in [
            "",
            "*",
            "http://",
            "http:///",
            "http://*",
            "http://a b",
            "http://me@a.example",
            "://a",
            "1p://a",
            "http://a:",
            "http://a:x",
            "http://a:99999",
            "http://a:0",
            "http://[fe80::1%eth0]:80",
            "http://a:+1",
            "http://[::1",
            "http://[x]",
            "http://ä.example",
        ] {
            let error = text.parse::<Origin>().expect_err(text).to_string();
            let expected =
                format!("expected scheme, host and port of a page, such as http://localhost:3000; found {text:?}");
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn only_listed_origins_are_admitted() {
        let listed = Cors::Only(vec!["http://localhost:3000".parse().expect("an origin")]);
        let admits = |cors: &Cors, origin: &'static str| cors.admits(&HeaderValue::from_static(origin));
        assert!(admits(&listed, "http://localhost:3000"));
        for foreign in ["http://localhost", "https://localhost:3000", "http://localhost:30000", "null", ""] {
            assert!(!admits(&listed, foreign), "{foreign}");
        }
        assert!(admits(&Cors::On, "null") && !admits(&Cors::Off, "http://localhost:3000"));
    }
}
