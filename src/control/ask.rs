//! One request to the control API, and how its body is read.

use std::sync::Arc;

use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::Problem;
use crate::app::AppState;
use crate::app::Sandbox;
use crate::contract::suggestion;
use crate::provider::{Headers, Response, Slot};
use crate::world::fixture::FixtureError;
use crate::world::objects;

/// A request outside every provider's mount, addressed to a sandbox.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) app: &'a Arc<AppState>,
    pub(crate) sandbox: &'a Arc<Sandbox>,
    pub(crate) method: &'a str,
    /// Decoded, without the sandbox's prefix.
    pub(crate) path: &'a str,
    /// The segments of the path that its verb names, in order.
    pub(crate) names: &'a [&'a str],
    pub(crate) query: Option<&'a str>,
    pub(crate) headers: &'a Headers,
    pub(crate) body: &'a [u8],
}

/// What a handler of the control API gives.
pub(super) type Outcome = Result<Response, Problem>;

impl Ask<'_> {
    /// The body as a `T`; an empty body is `{}`. Each of `T`'s objects is an object in the body, never a list.
    pub(super) fn read<T: DeserializeOwned + JsonSchema>(&self) -> Result<T, Problem> {
        let body = if self.body.trim_ascii().is_empty() { b"{}" } else { self.body };
        objects::read(body).map_err(|error| {
            let mut detail = error.words();
            if let Some(meant) = meant(&detail) {
                detail.push_str(&format!("; `{meant}` was probably meant"));
            }
            if let Some(example) = example::<T>() {
                detail.push_str(&format!("; an example of a body: {example}"));
            }
            Problem::new(400, detail).at(error.path)
        })
    }

    /// The first segment of the path that its verb names.
    pub(super) fn name(&self) -> &str {
        self.names.first().copied().unwrap_or_default()
    }

    /// The sandbox's slot for a provider that is served.
    pub(super) fn slot(&self, id: &str) -> Result<&Arc<dyn Slot>, Problem> {
        slot(self.sandbox.slots(), id).map_err(|detail| Problem::new(404, detail))
    }

    /// The first value of a query parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.unwrap_or_default().as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }
}

/// The name that is like an unknown one, of those that a message says were expected.
fn meant(detail: &str) -> Option<String> {
    let (unknown, known) = detail.strip_prefix("unknown name `")?.split_once("`, expected ")?;
    let known = known.split('`').skip(1).step_by(2);
    suggestion::name(unknown, known).map(str::to_owned)
}

/// The example that a type's schema shows.
fn example<T: JsonSchema>() -> Option<Value> {
    let mut schema = T::json_schema(&mut SchemaGenerator::default()).to_value();
    Some(schema.get_mut("examples")?.get_mut(0)?.take())
}

/// The problem that faults of a fixture are.
pub(super) fn faulty(faults: &[FixtureError]) -> Problem {
    Problem::new(400, format!("{} fault(s) in the fixture; nothing was changed", FixtureError::count(faults)))
        .faults(faults.iter().map(ToString::to_string))
}

/// The slot for the provider of this id, or what is wrong.
pub(super) fn slot<'s>(slots: &'s [Arc<dyn Slot>], id: &str) -> Result<&'s Arc<dyn Slot>, String> {
    slots.iter().find(|slot| slot.provider().descriptor().id == id).ok_or_else(|| unserved(slots, id))
}

/// What is said of a provider that is not served.
fn unserved(slots: &[Arc<dyn Slot>], id: &str) -> String {
    let known: Vec<_> = slots.iter().map(|slot| &*slot.provider().descriptor().id).collect();
    format!("no provider `{id}` is served; the providers are {}", known.join(", "))
}

/// The ids of the providers that are served.
pub(super) fn provider_ids(app: &AppState) -> impl Iterator<Item = &str> {
    app.descriptors().map(|descriptor| &*descriptor.id)
}
