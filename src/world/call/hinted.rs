//! Whether a call has a hint, and of which reason, as a pattern says it.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Reason;

/// Whether a call has a hint: one of any reason, one of this reason, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hinted {
    /// It has one, of any reason (`true`), or none (`false`).
    Any(bool),
    /// It has one of this reason.
    For(Reason),
}

impl Hinted {
    /// What may be said.
    pub(crate) const EXPECTED: &'static str =
        "`true`, `false` or a reason: no_route, wrong_method, invalid, refused, fault or ignored";

    /// What is found of a call that has a hint of this reason, or none.
    #[must_use]
    pub(crate) fn of(reason: Option<Reason>) -> Self {
        reason.map_or(Self::Any(false), Self::For)
    }

    /// What a text says, if it says one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "true" => Some(Self::Any(true)),
            "false" => Some(Self::Any(false)),
            text => Reason::ALL.into_iter().find(|reason| reason.name().eq_ignore_ascii_case(text)).map(Self::For),
        }
    }

    /// Whether it stands for what was found of a call.
    #[must_use]
    pub fn takes(self, found: Self) -> bool {
        match self {
            Self::Any(is_there) => is_there == (found != Self::Any(false)),
            Self::For(_) => self == found,
        }
    }
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any(is_there) => is_there.fmt(f),
            Self::For(reason) => reason.fmt(f),
        }
    }
}

impl Serialize for Hinted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Any(is_there) => serializer.serialize_bool(*is_there),
            Self::For(reason) => serializer.serialize_str(reason.name()),
        }
    }
}

impl<'de> Deserialize<'de> for Hinted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HintedVisitor)
    }
}

impl JsonSchema for Hinted {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Hinted".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "boolean"]})
    }
}

struct HintedVisitor;

impl Visitor<'_> for HintedVisitor {
    type Value = Hinted;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Hinted::EXPECTED)
    }

    fn visit_bool<E: Error>(self, is_there: bool) -> Result<Hinted, E> {
        Ok(Hinted::Any(is_there))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Hinted, E> {
        Hinted::read(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}
