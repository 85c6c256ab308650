//! The name of a sandbox.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// `[A-Za-z0-9._-]{1,64}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SandboxName(Arc<str>);

impl SandboxName {
    /// The sandbox of every request that names none.
    #[must_use]
    pub fn default_name() -> Self {
        Self("default".into())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the one that never goes.
    #[must_use]
    pub fn is_default(&self) -> bool {
        &*self.0 == "default"
    }
}

impl fmt::Display for SandboxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text names no sandbox.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a sandbox's name is 1 to 64 letters, digits, dots, underscores or hyphens; found {found:?}")]
pub struct NameError {
    found: String,
}

impl FromStr for SandboxName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        if fits { Ok(Self(text.into())) } else { Err(NameError { found: text.chars().take(80).collect() }) }
    }
}

#[cfg(test)]
mod tests {
    use super::SandboxName;

    #[test]
    fn a_name_is_short_and_plain() {
        for name in ["a", "default", "test-1.run_2", &"x".repeat(64)] {
            assert!(name.parse::<SandboxName>().is_ok(), "{name}");
        }
        for name in ["", "a b", "a/b", "ä", "a+b", &"x".repeat(65)] {
            assert!(name.parse::<SandboxName>().is_err(), "{name}");
        }
    }
}
