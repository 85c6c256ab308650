//! A call that a test expects, and how a call that was made differs from it.

use std::fmt;

use indexmap::IndexMap;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::call::Call;
use super::value::{self, Leaf};
use crate::contract::nearest;
use crate::control::Ask;
use crate::http::problem::Problem;
use crate::world::journal::REDACTED;
use crate::world::objects;
use crate::world::pattern::PathPattern;

/// Texts up to this length are compared letter by letter to find the nearest call.
const LONGEST: usize = 512;

/// A call that is expected; what is absent may be anything.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallPattern {
    /// The provider's id.
    pub(super) provider: Option<String>,
    /// The operation's name.
    #[schema(example = "provider.verb_noun")]
    pub(super) operation: Option<String>,
    /// The method.
    #[schema(example = "POST")]
    pub(super) method: Option<String>,
    /// The decoded path; `*` or `{name}` stands for one segment, `**` for any number.
    #[schema(value_type = Option<String>, example = "/v1/personas/*")]
    pub(super) path: Option<PathPattern>,
    /// The answer's status: `201` or `"4xx"`.
    #[schema(value_type = Option<String>, example = "4xx")]
    pub(super) status: Option<Status>,
    /// Request header fields and their values; names in any letter case.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(super) headers: IndexMap<String, String>,
    /// Query parameters and their values, decoded.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(super) query: IndexMap<String, String>,
    /// JSON that must be within the request's body: objects may have more members, lists may not.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Value, example = json!({"name": "Ann"}))]
    pub(super) body: Option<Value>,
    /// JSON that must be within the request's body at a path such as `$.rows[0].name`.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(super) body_at: IndexMap<String, objects::Any>,
}

/// A body that is stated, `null` included.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    objects::any(deserializer).map(Some)
}

/// One status, or a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Exactly(u16),
    Hundred(u16),
}

impl Status {
    pub(super) fn read(text: &str) -> Option<Self> {
        match text.strip_suffix("xx") {
            Some(hundred) => hundred.parse().ok().filter(|hundred| (1..=5).contains(hundred)).map(Self::Hundred),
            None => text.parse().ok().filter(|status| (100..600).contains(status)).map(Self::Exactly),
        }
    }

    pub(super) fn takes(self, status: u16) -> bool {
        match self {
            Self::Exactly(exactly) => exactly == status,
            Self::Hundred(hundred) => hundred == status / 100,
        }
    }

    fn show(self) -> String {
        match self {
            Self::Exactly(status) => status.to_string(),
            Self::Hundred(hundred) => format!("{hundred}xx"),
        }
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StatusVisitor)
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

/// One field of a call beside what was expected of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(super) struct FieldCheck {
    /// Which: `method`, `path`, `header.x-a`, `query.limit`, `$.name`.
    #[schema(example = "$.name")]
    pub(super) field: String,
    /// Whether it is as expected.
    pub(super) agrees: bool,
    /// What was expected.
    #[schema(value_type = Object)]
    pub(super) expected: Value,
    /// What was found; absent where there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(super) found: Option<Value>,
    /// What else is known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
    /// How much it counts among the fields, and how like it is what was expected, 0 to 1.
    #[serde(skip)]
    likeness: (f64, f64),
}

impl CallPattern {
    /// Whether any call at all is as expected.
    pub(super) fn is_empty(&self) -> bool {
        let Self { provider, operation, method, path, status, headers, query, body, body_at } = self;
        [provider, operation, method].into_iter().all(Option::is_none)
            && path.is_none()
            && status.is_none()
            && body.is_none()
            && headers.is_empty()
            && query.is_empty()
            && body_at.is_empty()
    }

    /// Refuses what no call can be.
    pub(super) fn check(&self, ask: &Ask<'_>) -> Result<(), Problem> {
        if let Some(provider) = &self.provider {
            check_provider(ask, provider).map_err(|problem| problem.at("provider"))?;
        }
        if let Some(operation) = &self.operation {
            check_operation(ask, operation).map_err(|problem| problem.at("operation"))?;
        }
        for path in self.body_at.keys() {
            value::parse(path).map_err(|detail| Problem::new(400, detail).at("body_at"))?;
        }
        Ok(())
    }

    /// Whether a call is as expected.
    pub(super) fn takes(&self, call: &Call) -> bool {
        self.compare(call).iter().all(|field| field.agrees)
    }

    /// How near a call is to what is expected: 1 is a hit.
    pub(super) fn likeness(fields: &[FieldCheck]) -> f64 {
        let (mut sum, mut most) = (0.0, 0.0);
        for FieldCheck { likeness: (weight, likeness), .. } in fields {
            sum += weight * likeness;
            most += weight;
        }
        if most > 0.0 { sum / most } else { 1.0 }
    }

    /// Every expected field beside what the call has.
    pub(super) fn compare(&self, call: &Call) -> Vec<FieldCheck> {
        let exchange = &call.entry.exchange;
        let mut fields = Vec::new();
        let mut name = |field: &str, weight: f64, sought: &Option<String>, found: Option<&str>| {
            if let Some(expected) = sought {
                fields.push(text(field, weight, expected, found));
            }
        };
        name("provider", 1.0, &self.provider, exchange.provider);
        name("operation", 3.0, &self.operation, exchange.operation);
        name(
            "method",
            1.0,
            &self.method.as_ref().map(|method| method.to_ascii_uppercase()),
            Some(exchange.text.method()),
        );
        if let Some(path) = &self.path {
            let mut field = text("path", 3.0, path.as_str(), Some(&call.path));
            field.agrees = path.fits(&call.path, exchange.exact_case);
            if field.agrees {
                field.likeness.1 = 1.0;
            }
            fields.push(field);
        }
        if let Some(status) = self.status {
            let mut field = text("status", 1.0, &status.show(), Some(&exchange.status.to_string()));
            field.agrees = status.takes(exchange.status);
            field.likeness.1 = f64::from(u8::from(field.agrees));
            fields.push(field);
        }
        for (name, expected) in &self.headers {
            fields.push(text(&format!("header.{name}"), 1.0, expected, call.field(name).as_deref()));
        }
        for (name, expected) in &self.query {
            let sent = call.query.iter().filter(|(known, _)| known == name).map(|(_, value)| &**value);
            let found = sent.clone().find(|value| value == expected).or_else(|| sent.clone().next());
            fields.push(text(&format!("query.{name}"), 1.0, expected, found));
        }
        self.compare_body(call, &mut fields);
        fields
    }

    fn compare_body(&self, call: &Call, fields: &mut Vec<FieldCheck>) {
        let mut leaves = Vec::new();
        if let Some(expected) = &self.body {
            value::leaves("$", expected, call.body.as_ref(), &mut leaves);
        }
        for (path, expected) in &self.body_at {
            let found = call.body.as_ref().and_then(|body| value::look(body, path));
            value::leaves(path, &expected.0, found, &mut leaves);
        }
        let whole = &call.entry.exchange.text;
        for leaf in leaves {
            let note = match &leaf.found {
                Some(Value::String(found)) if found == REDACTED && !leaf.agrees() => {
                    Some("the journal keeps no secrets; expect \"[redacted]\"".to_owned())
                }
                None if whole.request_cut => {
                    let kept = whole.request_body().len();
                    Some(format!("only {kept} of {} bytes are kept; --journal-body keeps more", whole.request_size))
                }
                None if call.body.is_none() && whole.request_size > 0 => Some("the body is not JSON".to_owned()),
                None if call.body.is_none() => Some("there is no body".to_owned()),
                _ => None,
            };
            let likeness = if leaf.agrees() { 1.0 } else { 0.0 };
            let agrees = leaf.agrees();
            let Leaf { path, expected, found } = leaf;
            fields.push(FieldCheck { field: path, agrees, expected, found, note, likeness: (1.0, likeness) });
        }
    }
}

fn text(field: &str, weight: f64, expected: &str, found: Option<&str>) -> FieldCheck {
    let agrees = found == Some(expected);
    let note = (!agrees && found.is_some_and(|found| found.contains(REDACTED)))
        .then(|| "the journal keeps no secrets; expect what it keeps".to_owned());
    let short = |text: &str| text.len() <= LONGEST;
    let likeness = match found {
        Some(found) if short(expected) && short(found) => strsim::normalized_damerau_levenshtein(expected, found),
        _ => f64::from(u8::from(agrees)),
    };
    FieldCheck {
        field: field.to_owned(),
        agrees,
        expected: expected.into(),
        found: found.map(Value::from),
        note,
        likeness: (weight, likeness),
    }
}

/// Refuses a provider that is not served.
pub(super) fn check_provider(ask: &Ask<'_>, id: &str) -> Result<(), Problem> {
    let known: Vec<_> = ask.hall.passports().map(|passport| passport.id).collect();
    if known.contains(&id) {
        return Ok(());
    }
    Err(Problem::new(400, format!("no provider `{id}` is served; the providers are {}", known.join(", "))))
}

/// Refuses an operation that is not served.
pub(super) fn check_operation(ask: &Ask<'_>, name: &str) -> Result<(), Problem> {
    let known = || ask.hall.passports().flat_map(|passport| passport.operations).map(|operation| operation.name);
    if known().any(|known| known == name) {
        return Ok(());
    }
    let near = nearest::name(name, known());
    let near = near.map_or_else(|| "/_mock/routes lists them".to_owned(), |near| format!("did you mean `{near}`?"));
    Err(Problem::new(400, format!("there is no operation `{name}`; {near}")))
}
