//! The status of an answer, as a pattern says it.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One status, such as `404`, or a hundred of them, such as `4xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// This one.
    Exactly(u16),
    /// All that begin with this digit.
    Hundred(u16),
}

impl Status {
    /// What a text says, if it says a status.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text.strip_suffix("xx") {
            Some(hundred) => hundred.parse().ok().filter(|hundred| (1..=5).contains(hundred)).map(Self::Hundred),
            None => text.parse().ok().filter(|status| (100..600).contains(status)).map(Self::Exactly),
        }
    }

    /// Whether it stands for a status.
    #[must_use]
    pub fn takes(self, status: u16) -> bool {
        match self {
            Self::Exactly(exactly) => exactly == status,
            Self::Hundred(hundred) => hundred == status / 100,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(status) => write!(f, "{status}"),
            Self::Hundred(hundred) => write!(f, "{hundred}xx"),
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StatusVisitor)
    }
}

impl JsonSchema for Status {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Status".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "integer"]})
    }
}

struct StatusVisitor;

impl Visitor<'_> for StatusVisitor {
    type Value = Status;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a status such as 404 or \"4xx\"")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Status, E> {
        Status::read(&number.to_string()).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Status, E> {
        Status::read(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}
