//! Requests tried on a copy of a provider's state: nothing that is served changes, and nothing is counted or kept.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde_json::Value;

use super::draft::Call;
use crate::api::SettingsChange;
use crate::contract::Document;
use crate::contract::answers::Refuser;
use crate::provider::path::decoded;
use crate::provider::{
    AuthMode, Base, HeaderName, HeaderValue, Headers, Mount, Name, Request, Response, Routed, Slot, View,
};
use crate::world::clock::Clock;
use crate::world::fault::{CannedAnswer, Refuse};
use crate::world::ids::Seed;

/// A provider's part of a sandbox as it would be met, and what it is asked in.
#[derive(Debug)]
pub(crate) struct Scratch {
    /// The providers' parts, each as the requests would find it.
    slots: Vec<Arc<dyn Slot>>,
    clock: Clock,
    seed: Seed,
    max_body: usize,
}

/// What became of a request.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The operation that it meant.
    pub(super) operation: Name,
    pub(super) status: u16,
    /// The answer's body, where it is JSON.
    pub(super) body: Option<Value>,
    /// The parts of the request that a rule of the vendor named.
    pub(super) wrong: Vec<String>,
    /// Whether the vendor refuses the request.
    pub(super) is_refusal: bool,
    /// Whether the request asked for its answer.
    pub(super) injected: bool,
}

impl Outcome {
    /// Whether a rule of the vendor named this place of the request.
    pub(super) fn names(&self, place: &str) -> bool {
        self.wrong.iter().any(|wrong| wrong == place)
    }
}

impl Scratch {
    /// Copies of what these slots hold, at this moment of a sandbox.
    pub(crate) fn of(slots: &[Arc<dyn Slot>], clock: Clock, seed: Seed, max_body: usize) -> Self {
        // What is written in a copy is charged to nobody: it goes with the trial.
        let account = Arc::default();
        Self { slots: slots.iter().map(|slot| slot.fork(&account)).collect(), clock, seed, max_body }
    }

    /// The provider's part.
    pub(super) fn slot(&self, provider: &str) -> Option<&Arc<dyn Slot>> {
        self.slots.iter().find(|slot| slot.provider().descriptor().id == provider)
    }

    /// Puts a provider's settings to these, and says what that changes.
    pub(super) fn set(&self, provider: &str, settings: &BTreeMap<String, String>) -> SettingsChange {
        let mut change = SettingsChange::default();
        let Some(slot) = self.slot(provider) else { return change };
        let present = slot.options();
        let mut options = (*present).clone();
        for (key, value) in settings {
            if key == "documented_only" {
                let wanted = value == "true";
                if wanted != present.documented_only {
                    (options.documented_only, change) = (wanted, change.documented_only(wanted));
                }
            } else if present.setting(key) != value
                && options.set(&slot.provider().descriptor().settings, key, value).is_ok()
            {
                change = change.set(provider, key, value);
            }
        }
        slot.set_options(Arc::new(options));
        change
    }

    /// The credentials that a provider's data lists, each as a header field: those that lasted and pass first.
    pub(super) fn credentials(&self, provider: &str) -> Vec<(String, String)> {
        let Some(slot) = self.slot(provider) else { return Vec::new() };
        let mut listed = slot.credentials(self.clock.now()).credentials;
        listed.sort_by_key(|credential| (credential.revoked, credential.expired));
        let field = |send: &str| {
            let (name, value) = send.split_once(": ")?;
            Some((name.to_owned(), value.to_owned())).filter(|field| header(field).is_some())
        };
        listed.iter().filter_map(|credential| field(&credential.send)).collect()
    }

    /// The bodies by which a provider's data exchanges credentials at an operation.
    pub(super) fn exchanges(&self, provider: &str, method: &str, path: &str) -> Vec<Value> {
        let Some(slot) = self.slot(provider) else { return Vec::new() };
        let start = format!("{method} {path} ");
        let listed = slot.credentials(self.clock.now()).credentials;
        let bodies =
            listed.iter().filter_map(|credential| serde_json::from_str(credential.send.strip_prefix(&start)?).ok());
        bodies.collect()
    }

    /// What becomes of the last of these requests, if they are sent one after the other; nothing where it means no
    /// operation, or cannot be sent.
    pub(super) fn run(
        &self,
        provider: &str,
        document: &Arc<Document>,
        calls: &[Call],
        auth: Option<AuthMode>,
    ) -> Option<Outcome> {
        let slot = self.slot(provider)?.fork(&Arc::default());
        if let Some(auth) = auth {
            let mut options = (*slot.options()).clone();
            options.auth = auth;
            slot.set_options(Arc::new(options));
        }
        calls.iter().fold(None, |_, call| self.send(&slot, document, call))
    }

    fn send(&self, slot: &Arc<dyn Slot>, document: &Arc<Document>, call: &Call) -> Option<Outcome> {
        let (raw_path, query) = match call.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (&*call.target, None),
        };
        let headers: Headers = call.headers.iter().map(header).collect::<Option<_>>()?;
        let path = decoded(raw_path);
        let mount = mount(slot, &path)?;
        let body = call.body.as_deref().unwrap_or_default().as_bytes();
        let request = Request {
            method: &call.method,
            raw_path,
            path: &path,
            mount: &mount.path,
            rest: path.get(mount.path.len()..).unwrap_or_default(),
            query,
            headers: &headers,
            body,
            base: Base::LOCALHOST,
        };
        // A handler that crashes has no answer to show.
        catch_unwind(AssertUnwindSafe(|| self.answer(slot, document, &request))).ok().flatten()
    }

    fn answer(&self, slot: &Arc<dyn Slot>, document: &Arc<Document>, request: &Request<'_>) -> Option<Outcome> {
        let view = View::of(self.clock.now(), self.seed, slot.options(), &self.slots);
        let Routed::Operation(meant) = slot.route(request, &view.options) else { return None };
        let operation = meant.operation();
        let wanted = request.header_text("prefer").and_then(|text| text.strip_prefix("code=")?.parse().ok());
        let (response, injected) = match wanted {
            Some(status) => {
                let refuse = Refuse { status, retry_after_s: None, force: false };
                let provider = slot.provider();
                let refuser =
                    Refuser { provider, options: &view.options, document: document.clone(), max_body: self.max_body };
                (canned(&refuser.canned(operation, refuse).ok()?, slot, request, &view), true)
            }
            None => (meant.answer(*request, &view), false),
        };
        let wrong = response.named_places().map(unnumbered).collect();
        let body = serde_json::from_slice(response.bytes()).ok();
        let (status, is_refusal) = (response.status(), response.is_refusal());
        Some(Outcome { operation: operation.name.clone(), status, body, wrong, is_refusal, injected })
    }
}

/// The answer that a request asks for.
fn canned(canned: &CannedAnswer, slot: &Arc<dyn Slot>, request: &Request<'_>, view: &View<'_>) -> Response {
    match canned {
        CannedAnswer::Refusal { refusal, .. } => slot.provider().refuse(refusal, request, &view.options),
        CannedAnswer::Example(example) => {
            let mut response = Response::new(example.status);
            response.set_bytes(example.body.as_ref().map(|(_, body)| body.clone()).unwrap_or_default());
            response
        }
    }
}

/// A place in which each item of a list is meant: `$.rows[3].name` is `$.rows[].name`.
fn unnumbered(place: &str) -> String {
    let mut parts = place.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| match part.split_once(']') {
        Some((number, rest)) if number.bytes().all(|byte| byte.is_ascii_digit()) => format!("{text}[]{rest}"),
        _ => format!("{text}[{part}"),
    })
}

fn header((name, value): &(String, String)) -> Option<(HeaderName, HeaderValue)> {
    Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
}

/// The longest mount of a provider that takes a path.
fn mount(slot: &Arc<dyn Slot>, path: &str) -> Option<Mount> {
    let options = slot.options();
    let is_there = |mount: &&Mount| mount.when.as_ref().is_none_or(|(key, value)| options.setting(key) == value);
    let mounts = slot.provider().descriptor().mounts.iter().filter(is_there);
    mounts.filter(|mount| mount.takes(path)).max_by_key(|mount| mount.path.len()).cloned()
}
