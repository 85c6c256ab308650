//! What a verb's path, its query and its head may say, as the document has it.

use serde_json::{Value, json};

use super::example::{self, Names};
use super::shared;
use crate::api::EVERYWHERE;
use crate::world::call::Field;

/// One parameter of a path, a query or a head.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter {
    pub(super) place: Place,
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    /// What it may be.
    pub(super) kind: Kind,
    /// One that could be sent; empty where none is shown. What stands in braces is filled in, as in a body's example.
    pub(super) example: &'static str,
}

/// What a parameter may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// What a sandbox and a snapshot may be called.
    Name,
    /// A whole number from the first to the second.
    Count(u64, u64),
    /// One of these.
    Words(&'static [&'static str]),
}

/// The provider that a path names.
pub(super) const PROVIDER: Parameter = Parameter::segment("provider", "The provider's id").such_as(example::PROVIDER);

/// What shows the journals of all sandboxes and not that of one.
pub(super) const ALL_SANDBOXES: Parameter = Parameter::query(
    "sandbox",
    "`*`: the exchanges of all sandboxes that are there, in the order in which they were kept; each says its sandbox",
)
.of(Kind::Words(&[EVERYWHERE]));

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
}

impl Parameter {
    /// A segment of the path.
    pub(super) const fn segment(name: &'static str, summary: &'static str) -> Self {
        Self { place: Place::Path, name, summary, kind: Kind::Text, example: "" }
    }

    /// A text of the query.
    pub(super) const fn query(name: &'static str, summary: &'static str) -> Self {
        Self { place: Place::Query, name, summary, kind: Kind::Text, example: "" }
    }

    /// A header field.
    pub(super) const fn header(name: &'static str, summary: &'static str) -> Self {
        Self { place: Place::Header, name, summary, kind: Kind::Text, example: "" }
    }

    /// The same of another kind.
    pub(super) const fn of(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// The same, shown by an example.
    pub(super) const fn such_as(self, example: &'static str) -> Self {
        Self { example, ..self }
    }
}

/// Whether a segment of a verb's path is a name in braces.
pub(super) fn is_name(segment: &str) -> bool {
    segment.starts_with('{')
}

/// A parameter as the document has it.
pub(super) fn shown(parameter: &Parameter, names: &Names<'_>) -> Value {
    let (place, required) = match parameter.place {
        Place::Path => ("path", true),
        Place::Query => ("query", false),
        Place::Header => ("header", false),
    };
    let schema = match parameter.kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Name => shared::name(),
        Kind::Count(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Kind::Words(words) => json!({"type": "string", "enum": words}),
    };
    let Parameter { name, summary, example, .. } = *parameter;
    let mut shown = json!({"name": name, "in": place, "description": summary, "required": required, "schema": schema});
    if let Some(example) = names.fill(&example.into()).filter(|_| !example.is_empty()) {
        shown["example"] = example;
    }
    shown
}

/// A field of a pattern as a parameter of a query.
pub(super) fn filter(field: &Field) -> Value {
    let often = if field.is_repeatable { " (repeatable)" } else { "" };
    let about = format!("{}{often}", field.about);
    let words: Vec<_> = field.value.split('|').collect();
    let schema = match (field.alone, field.is_repeatable) {
        (Some(_), _) if words == ["true", "false"] => json!({"type": "boolean"}),
        (None, true) => json!({"type": "array", "items": {"type": "string"}}),
        (_, false) if words.len() > 1 => json!({"type": "string", "enum": words}),
        _ => json!({"type": "string"}),
    };
    json!({"name": field.name, "in": "query", "description": about, "required": false, "schema": schema})
}
