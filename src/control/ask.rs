//! One request to the control API, and how its body is read.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::bounds::Bounds;
use super::misread;
use crate::api::Problem;
use crate::app::AppState;
use crate::app::Sandbox;
use crate::contract::request::bounded;
use crate::contract::suggestion;
use crate::provider::{Headers, Response, Slot};
use crate::world::cancel::Cancel;
use crate::world::fixture::FixtureError;
use crate::world::objects;

/// A request outside every provider's mount, addressed to a sandbox.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) app: &'a Arc<AppState>,
    pub(crate) sandbox: &'a Arc<Sandbox>,
    /// Where a document says that the sandbox is: a path or an absolute URL, without a slash at its end.
    pub(crate) base: &'a str,
    pub(crate) method: &'a str,
    /// Decoded, without the sandbox's prefix.
    pub(crate) path: &'a str,
    /// The path as it was sent.
    pub(crate) sent_path: &'a str,
    /// The segments of the path that its verb names, in order.
    pub(crate) names: &'a [&'a str],
    pub(crate) query: Option<&'a str>,
    pub(crate) headers: &'a Headers,
    pub(crate) body: &'a [u8],
    /// Whether its answer is still wanted.
    pub(crate) cancel: &'a Cancel,
}

/// What a handler of the control API gives.
pub(super) type Outcome = Result<Response, Problem>;

impl Ask<'_> {
    /// The body as the `T` that the verb of this name takes; an empty body is `{}`. Each of `T`'s objects is an object in
    /// the body, never a list.
    pub(super) fn read<T: DeserializeOwned>(&self, verb: &str) -> Result<T, Problem> {
        let body = if self.body.trim_ascii().is_empty() { b"{}" } else { self.body };
        objects::read(body).map_err(|error| misread::problem(self.app, verb, body, &error))
    }

    /// How far its answer goes.
    pub(super) fn bounds(&self) -> Bounds<'_> {
        Bounds { most: self.app.serving.max_control_answer, cancel: self.cancel }
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

/// The problem that faults of fixtures are, of which the first is told with its place; `at` says where a provider's
/// fixture stands in the body.
pub(super) fn faulty(faults: &[FixtureError], at: impl Fn(&str) -> String) -> Problem {
    let first = faults.first().map(|fault| (bounded(&fault.to_string(), 0), at(&fault.file), &*fault.path));
    let (first, fixture, path) = first.unwrap_or_default();
    let more = match &*FixtureError::count(faults) {
        "0" | "1" => String::new(),
        count => format!("; that is the first of {count} faults"),
    };
    let problem = Problem::new(400, format!("{first}; nothing was changed{more}"));
    let problem = match path.strip_prefix('$') {
        Some(path) => problem.at(format!("{fixture}{path}")),
        None => problem.at(fixture),
    };
    problem.faults(faults.iter().map(ToString::to_string))
}

/// The slot for the provider of this id, or what is wrong.
pub(super) fn slot<'s>(slots: &'s [Arc<dyn Slot>], id: &str) -> Result<&'s Arc<dyn Slot>, String> {
    slots.iter().find(|slot| slot.provider().descriptor().id == id).ok_or_else(|| unserved(slots, id))
}

/// What is said of a provider that is not served.
fn unserved(slots: &[Arc<dyn Slot>], id: &str) -> String {
    let known: Vec<_> = slots.iter().map(|slot| &*slot.provider().descriptor().id).collect();
    let meant = suggestion::name(id, known.iter().copied());
    let meant = meant.map(|meant| format!("`{meant}` was probably meant; ")).unwrap_or_default();
    format!("no provider `{id}` is served; {meant}the providers are {}", known.join(", "))
}

/// The ids of the providers that are served.
pub(super) fn provider_ids(app: &AppState) -> impl Iterator<Item = &str> {
    app.descriptors().map(|descriptor| &*descriptor.id)
}
