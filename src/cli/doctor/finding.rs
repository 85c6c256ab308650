//! What one check found.

use std::fmt;

use serde_json::{Value, json};

use crate::cli::print::seen;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Ok,
    /// It works, and some clients or tools will not.
    Warning,
    /// A server does not start, or is not the one that is meant.
    Fault,
}

impl Level {
    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Fault => "fault",
        }
    }
}

/// What one check found, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// The check.
    pub(super) check: &'static str,
    pub(super) level: Level,
    says: String,
    /// Nothing where there is nothing to do.
    help: String,
}

impl Finding {
    pub(super) fn ok(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, level: Level::Ok, says: says.into(), help: String::new() }
    }

    pub(super) fn warning(check: &'static str, says: impl Into<String>, help: impl Into<String>) -> Self {
        Self { check, level: Level::Warning, says: says.into(), help: help.into() }
    }

    pub(super) fn fault(check: &'static str, says: impl Into<String>, help: impl Into<String>) -> Self {
        Self { check, level: Level::Fault, says: says.into(), help: help.into() }
    }

    pub(super) fn json(&self) -> Value {
        json!({"check": self.check, "level": self.level.name(), "says": self.says, "help": self.help})
    }
}

/// One line for people.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:7}  {:9}  {}", self.level.name(), self.check, seen(&self.says))?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "; {}", seen(&self.help)) }
    }
}
