//! The name of a sandbox.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// `[A-Za-z0-9._-]{1,64}`, and not dots alone: a URL cannot name `..`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SandboxName(Arc<str>);

impl SandboxName {
    /// The sandbox of every request that names none.
    #[must_use]
    pub(crate) fn default_name() -> Self {
        Self("default".into())
    }

    /// The name as text.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the one that never goes.
    #[must_use]
    pub(crate) fn is_default(&self) -> bool {
        &*self.0 == "default"
    }
}

/// How a credential names a sandbox.
pub(crate) const CREDENTIAL_MARK: &str = "+sandbox.";

/// The cookie that names a sandbox to the servers on the way of a request.
pub(crate) const COOKIE: &str = "mock_sandbox";

/// A credential without the sandbox that it names at its end, or before the `@` of a login, and that name.
#[must_use]
pub(crate) fn split_credential(credential: &str) -> Option<(String, &str)> {
    let start = credential.rfind(CREDENTIAL_MARK)?;
    let (before, named) = (&credential[..start], &credential[start + CREDENTIAL_MARK.len()..]);
    match named.split_once('@') {
        Some((name, host)) => Some((format!("{before}@{host}"), name)),
        None => Some((before.to_owned(), named)),
    }
}

impl fmt::Display for SandboxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text names no sandbox.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}; found {found:?}", Self::WANTED)]
pub(crate) struct NameError {
    found: String,
}

impl NameError {
    /// What a name is.
    pub(crate) const WANTED: &str =
        "a sandbox's name is 1 to 64 letters, digits, dots, underscores or hyphens, not dots alone";

    /// The start of the text that is no name.
    #[must_use]
    pub(crate) fn found(&self) -> &str {
        &self.found
    }
}

/// Whether a text may name what paths of the control API name: a sandbox, a snapshot, a fault rule.
#[must_use]
pub(crate) fn is_plain(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=64).contains(&name.len()) && name.bytes().all(is_plain) && name.bytes().any(|byte| byte != b'.')
}

impl FromStr for SandboxName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if is_plain(text) { Ok(Self(text.into())) } else { Err(NameError { found: text.chars().take(40).collect() }) }
    }
}

#[cfg(test)]
mod tests {
    use super::{SandboxName, split_credential};

    #[test]
    fn a_credential_names_a_sandbox_at_its_end_or_before_the_at_sign() {
        assert_eq!(split_credential("vk_1+sandbox.t.1"), Some(("vk_1".to_owned(), "t.1")));
        assert_eq!(split_credential("a+b+sandbox.t1@x.test"), Some(("a+b@x.test".to_owned(), "t1")));
        assert_eq!(split_credential("a+b@x.test"), None);
    }

    #[test]
    fn a_name_is_short_and_plain() {
        for name in ["a", "default", "test-1.run_2", ".a", "a..", "-", &"x".repeat(64)] {
            assert!(name.parse::<SandboxName>().is_ok(), "{name}");
        }
        for name in ["", ".", "..", "...", "a b", "a/b", "ä", "a+b", &"x".repeat(65)] {
            assert!(name.parse::<SandboxName>().is_err(), "{name}");
        }
    }
}
