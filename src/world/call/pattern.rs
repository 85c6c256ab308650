//! What must be true of a call.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use indexmap::IndexMap;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{Field, Hinted, Outcome, Seen, Status, Visit, json};
use crate::world::objects::{self, Any};
use crate::world::pattern::{PathPattern, TextPattern};

/// The most bytes of JSON that a pattern has: every call of a journal is held against it.
pub(crate) const MOST_PATTERN: usize = 64 << 10;

/// What must be true of a call; what is absent may be anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(transform = name_both)]
pub struct Pattern {
    /// The provider's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"{provider}")]
    pub provider: Option<String>,
    /// The operation's name, as `/_mock/routes` lists it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"{operation}")]
    pub operation: Option<String>,
    /// The method.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"POST")]
    pub method: Option<String>,
    /// The decoded path: `*` or `{name}` stands for one segment, `**` for any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"/v1/personas/*")]
    pub path: Option<PathPattern>,
    /// The answer's status: `201` or `"4xx"`. No fault can say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"4xx")]
    pub status: Option<Status>,
    /// What became of it: `answered`, `refused` or `failed`. No fault can say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Request header fields that must be there, each with a pattern of its value: `*` stands for anything, letter case
    /// does not count.
    #[serde(alias = "headers", skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub header: IndexMap<String, TextPattern>,
    /// Query parameters and their values, decoded.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub query: IndexMap<String, String>,
    /// Whether the state was written. No fault can say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<bool>,
    /// The name of a fault that struck; `request` where the request wanted one itself. No fault can say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"fault-1")]
    pub fault: Option<String>,
    /// Whether it has a hint, or the reason of that, such as `invalid`: why it did not pass or was not read whole. No
    /// fault can say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"invalid")]
    pub hint: Option<Hinted>,
    /// Whether its client sent something that the vendor ignores. No fault can say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<bool>,
    /// The earliest instant, on the sandbox's clock. No fault can say it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "instant")]
    #[schemars(with = "Option<String>", example = &"2026-01-15T12:00:00Z")]
    pub since: Option<Timestamp>,
    /// The latest instant, on the sandbox's clock. No fault can say it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "instant")]
    #[schemars(with = "Option<String>", example = &"2026-01-15T12:00:00Z")]
    pub until: Option<Timestamp>,
    /// JSON that must be within the request's body: objects may have more members, lists may not.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "Value", example = serde_json::json!({"name": "Ann"}))]
    pub body: Option<Value>,
    /// JSON that must be within the request's body at a path such as `$.rows[0].name`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "BTreeMap<String, Value>")]
    pub body_at: IndexMap<String, Any>,
    /// Paths that must be there in the request's body, such as `$.rows[0].name`, whatever stands at them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body_has: Vec<String>,
    /// What a builder was given and could not take.
    #[serde(skip)]
    misstated: Option<Wrong>,
}

/// What is wrong with something that was written, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail} (at ${at})")]
#[non_exhaustive]
pub struct Wrong {
    /// Where in what was written, as a path that starts with a dot.
    pub at: String,
    /// What was found and what would be right.
    pub detail: String,
}

impl Wrong {
    /// Something wrong at a place.
    pub fn new(at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { at: at.into(), detail: detail.into() }
    }

    /// The same, seen from where the whole that was written is a member.
    #[must_use]
    pub fn within(self, at: &str) -> Self {
        Self { at: format!("{at}{}", self.at), ..self }
    }
}

/// A body that is stated, `null` included.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    objects::any(deserializer).map(Some)
}

fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| super::fields::instant(&text)).transpose().map_err(serde::de::Error::custom)
}

/// `headers` is read as `header` is.
fn name_both(schema: &mut schemars::Schema) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let mut other = properties.get("header").cloned().unwrap_or_default();
        other["description"] = "Another name of `header`; one of both may be there.".into();
        other["deprecated"] = true.into();
        properties.insert("headers".to_owned(), other);
    }
}

impl Pattern {
    /// Whether it says nothing, so that any call fits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it can be meant, whatever is served.
    ///
    /// # Errors
    ///
    /// The first thing that cannot.
    pub fn check(&self) -> Result<(), Wrong> {
        self.stated()?;
        let size = serde_json::to_string(self).map_or(0, |json| json.len());
        if size > MOST_PATTERN {
            let detail = format!(
                "expected a pattern of at most {MOST_PATTERN} bytes of JSON, found {size}; say what matters alone, such as \
                 {{\"body_at\": {{\"$.name\": \"Ann\"}}}}"
            );
            return Err(Wrong::new("", detail));
        }
        let at = self.body_at.keys().map(|path| (".body_at", path));
        let mut paths = at.chain(self.body_has.iter().map(|path| (".body_has", path)));
        paths.try_for_each(|(at, path)| json::parse(path).map_err(|detail| Wrong::new(at, detail)))
    }

    /// Whether all that a builder was given could be taken.
    ///
    /// # Errors
    ///
    /// The first thing that could not.
    pub fn stated(&self) -> Result<(), Wrong> {
        self.misstated.clone().map_or(Ok(()), Err)
    }

    /// Says what a text says of a field, as a query does. What is wrong with it comes to light by [`Pattern::check`].
    pub(crate) fn state(&mut self, name: &str, text: &str) {
        if let Some(Err(detail)) = Field::named(name).map(|field| field.read(self, text)) {
            self.misstated.get_or_insert_with(|| Wrong::new(format!(".{name}"), detail));
        }
    }

    /// Whether a call fits. Looks no further than to the first field that does not; the body comes last.
    #[must_use]
    pub fn fits(&self, call: &dyn Seen) -> bool {
        let all = self.look(call, &mut |look| match look.agrees {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        });
        all.is_continue()
    }

    /// Shows every field that is stated beside what the call has, until `visit` breaks it off.
    pub fn look(&self, call: &dyn Seen, visit: &mut Visit<'_>) -> ControlFlow<()> {
        Field::all().iter().try_for_each(|field| field.look(self, call, visit))
    }
}

/// Methods of a builder that say what must be true of a request.
macro_rules! describes_requests {
    ($type:ty, $($pattern:ident).+) => {
        impl $type {
            /// To this provider.
            #[must_use]
            pub fn provider(mut self, id: impl Into<String>) -> Self {
                self.$($pattern).+.provider = Some(id.into());
                self
            }

            /// To this operation, such as `vijil.list_personas`.
            #[must_use]
            pub fn operation(mut self, name: impl Into<String>) -> Self {
                self.$($pattern).+.operation = Some(name.into());
                self
            }

            /// By this method.
            #[must_use]
            pub fn method(mut self, method: impl Into<String>) -> Self {
                self.$($pattern).+.method = Some(method.into());
                self
            }

            /// To a decoded path that fits: `*` or `{name}` stands for one segment, `**` for any number.
            #[must_use]
            pub fn path(mut self, pattern: impl Into<String>) -> Self {
                self.$($pattern).+.state("path", &pattern.into());
                self
            }

            /// With a header field whose value fits: `*` stands for anything, letter case does not count.
            #[must_use]
            pub fn header(mut self, name: impl Into<String>, pattern: impl Into<String>) -> Self {
                let pattern = $crate::world::pattern::TextPattern::new(&pattern.into());
                self.$($pattern).+.header.insert(name.into(), pattern);
                self
            }

            /// With a query parameter.
            #[must_use]
            pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.$($pattern).+.query.insert(name.into(), value.into());
                self
            }

            /// With this JSON within its body: objects may have more members, lists may not.
            #[must_use]
            pub fn body(mut self, json: impl Into<serde_json::Value>) -> Self {
                self.$($pattern).+.body = Some(json.into());
                self
            }

            /// With this JSON within its body at a path such as `$.rows[0].name`.
            #[must_use]
            pub fn body_at(mut self, path: impl Into<String>, json: impl Into<serde_json::Value>) -> Self {
                self.$($pattern).+.body_at.insert(path.into(), $crate::world::objects::Any(json.into()));
                self
            }

            /// With anything in its body at a path such as `$.rows[0].name`.
            #[must_use]
            pub fn body_has(mut self, path: impl Into<String>) -> Self {
                self.$($pattern).+.body_has.push(path.into());
                self
            }
        }
    };
}

/// Methods of a builder that say what must have become of a request.
macro_rules! describes_answers {
    ($type:ty, $($pattern:ident).+) => {
        impl $type {
            /// Answered with a status: `404`, or `"4xx"`.
            #[must_use]
            pub fn status(mut self, status: impl ToString) -> Self {
                self.$($pattern).+.state("status", &status.to_string());
                self
            }

            /// That came to this, whatever its status: Axero refuses with 200.
            #[must_use]
            pub fn outcome(mut self, outcome: $crate::world::call::Outcome) -> Self {
                self.$($pattern).+.outcome = Some(outcome);
                self
            }

            /// That wrote the state, or did not.
            #[must_use]
            pub fn changed(mut self, changed: bool) -> Self {
                self.$($pattern).+.changed = Some(changed);
                self
            }

            /// That a fault of this name struck; `request` where the request wanted one itself.
            #[must_use]
            pub fn fault(mut self, id: impl Into<String>) -> Self {
                self.$($pattern).+.fault = Some(id.into());
                self
            }

            /// With a hint of this reason, such as [`Reason::Invalid`](crate::api::Reason::Invalid): why it did not pass or
            /// was not read whole. `true` is any reason, `false` is no hint at all.
            #[must_use]
            pub fn hint(mut self, reason: impl ToString) -> Self {
                self.$($pattern).+.state("hint", &reason.to_string());
                self
            }

            /// Whose client sent something that the vendor ignores, or did not.
            #[must_use]
            pub fn ignored(mut self, ignored: bool) -> Self {
                self.$($pattern).+.ignored = Some(ignored);
                self
            }

            /// Answered at an RFC 3339 instant of the sandbox's clock, or later.
            #[must_use]
            pub fn since(mut self, instant: impl ToString) -> Self {
                self.$($pattern).+.state("since", &instant.to_string());
                self
            }

            /// Answered at an RFC 3339 instant of the sandbox's clock, or before.
            #[must_use]
            pub fn until(mut self, instant: impl ToString) -> Self {
                self.$($pattern).+.state("until", &instant.to_string());
                self
            }
        }
    };
}

pub(crate) use {describes_answers, describes_requests};
