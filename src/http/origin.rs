//! The origin of a page, as an operator writes it and as a browser sends it.

use std::fmt;
use std::str::FromStr;

/// An origin in the one form that browsers send: scheme and host in small letters, no port that the scheme has anyway,
/// nothing behind it.
///
/// ```
/// use persona_mock::http::origin::Origin;
///
/// let origin: Origin = "HTTP://LocalHost:3000/".parse()?;
/// assert_eq!(origin.as_str(), "http://localhost:3000");
/// # Ok::<(), persona_mock::http::origin::OriginError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl Origin {
    /// As a browser sends it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

/// Why a text is no origin of a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
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

    /// Reads `http://localhost:3000`, `https://app.example.com`, `capacitor://localhost`.
    ///
    /// `null` is refused: every sandboxed frame and every local file sends it, so it tells nobody apart.
    fn from_str(text: &str) -> Result<Self, OriginError> {
        // No origin has blanks, and people write lists with blanks behind the commas.
        let text = text.trim();
        let other = || OriginError::Other { found: text.chars().take(200).collect() };
        let Some((scheme, rest)) = text.split_once("://") else {
            let host = text.trim_start_matches('/').trim_end_matches('/');
            return Err(match authority(host, "") {
                Some(authority) if host != "null" => OriginError::NoScheme { host: authority },
                _ => other(),
            });
        };
        let scheme = scheme.to_ascii_lowercase();
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        if !scheme.starts_with(|first: char| first.is_ascii_lowercase()) || !scheme.bytes().all(letters) {
            return Err(other());
        }
        let (host, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let authority = authority(host, &scheme).ok_or_else(other)?;
        let origin = format!("{scheme}://{authority}");
        if !matches!(tail, "" | "/") {
            return Err(OriginError::Tail { origin, rest: tail.chars().take(200).collect() });
        }
        Ok(Self(origin))
    }
}

/// Host and port as a browser writes them, if they are some: small letters, no port that the scheme has anyway.
fn authority(text: &str, scheme: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let end = if text.starts_with('[') { text.find(']')? + 1 } else { text.find(':').unwrap_or(text.len()) };
    let (host, port) = text.split_at(end);
    let named = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let well = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(named),
    };
    if !well {
        return None;
    }
    let Some(port) = port.strip_prefix(':') else { return port.is_empty().then(|| host.to_owned()) };
    let number: u16 = port.bytes().all(|byte| byte.is_ascii_digit()).then(|| port.parse().ok()).flatten()?;
    let own = matches!((scheme, number), ("http" | "ws", 80) | ("https" | "wss", 443));
    Some(if own { host.to_owned() } else { format!("{host}:{number}") })
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
            ("capacitor://localhost", "capacitor://localhost"),
            ("chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop"),
        ] {
            assert_eq!(text.parse::<Origin>().as_ref().map(Origin::as_str), Ok(sent), "{text}");
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
            "null",
            "http://",
            "file://",
            "http://*",
            "http://a b",
            "http://me@a.example",
            "://a",
            "1p://a",
            "http://a:",
            "http://a:x",
            "http://a:99999",
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
}
