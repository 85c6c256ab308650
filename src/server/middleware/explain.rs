//! The hint of an answer: why it refused, what it passed over, what struck it. The journal and the log say the same.
//!
//! Nothing is computed for an answer that took the whole of its request.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use serde_json::Value;

use crate::api::{Hint, PROBLEM_JSON, Reason, Side};
use crate::app::{AppState, Sandbox};
use crate::contract::Document;
use crate::contract::request::bounded;
use crate::contract::suggestion::{self, Suggestion};
use crate::control::explain::{Bounds, Case, Parts, Says, explain, to_json};
use crate::control::{Lost, suggested_operation};
use crate::provider::header::CONTENT_TYPE;
use crate::provider::path::decoded;
use crate::provider::response::{ERROR, HINT};
use crate::provider::{AnyProvider, HeaderName, Options, Response, View};
use crate::server::message::Told;
use crate::server::middleware::journal::{Opened, Received};
use crate::server::middleware::panics;
use crate::server::middleware::steering::{self, Steering};
use crate::world::journal::Secrets;

/// The longest text of a vendor's that a hint repeats.
const VENDOR_TEXT: usize = 200;

/// How many pieces of a request are remembered, and how long they may be.
const MOST_ASKED: usize = 32;
const LONGEST_ASKED: usize = 128;

/// How many they mostly are at most, and how long.
const USUAL_ASKED: usize = 16;
const USUAL_LENGTH: usize = 24;

/// The longest part of it that may be a value of the request.
const VALUE: usize = 36;

/// The request that an answer is to be explained of.
pub(in crate::server) struct Explained<'a> {
    app: &'a AppState,
    sandbox: &'a Sandbox,
    received: Received<'a>,
    learnt: OnceCell<Learnt<'a>>,
    /// The operation of its provider that it is like.
    near: OnceCell<Option<Suggestion<'a>>>,
    asked: RefCell<Asked>,
}

/// Pieces of a request, and whether the sandbox lists them as credentials.
#[derive(Default)]
struct Asked {
    /// One behind the other.
    texts: Vec<u8>,
    /// Where each ends.
    known: Vec<(usize, bool)>,
}

impl Asked {
    fn find(&self, text: &str) -> Option<bool> {
        let mut start = 0;
        let found = self.known.iter().find(|(end, _)| {
            let known = self.texts.get(start..*end);
            start = *end;
            known == Some(text.as_bytes())
        });
        found.map(|(_, is_listed)| *is_listed)
    }

    fn note(&mut self, text: &str, is_listed: bool) {
        if self.known.len() >= MOST_ASKED || text.len() > LONGEST_ASKED {
            return;
        }
        if self.known.is_empty() {
            self.texts.reserve(USUAL_ASKED * USUAL_LENGTH);
            self.known.reserve(USUAL_ASKED);
        }
        self.texts.extend_from_slice(text.as_bytes());
        self.known.push((self.texts.len(), is_listed));
    }
}

/// What several look for in a request that is to be explained.
struct Learnt<'a> {
    /// Without what the sandbox lists.
    secrets: Secrets<'static>,
    /// Method and path without what of them is a secret.
    method: &'a str,
    path: Cow<'a, str>,
}

impl<'a> Explained<'a> {
    pub(in crate::server) fn new(app: &'a AppState, sandbox: &'a Sandbox, received: Received<'a>) -> Self {
        Self { app, sandbox, received, learnt: OnceCell::new(), near: OnceCell::new(), asked: RefCell::default() }
    }

    /// A provider's answer with its hint, and what is to be told of it: the answer alone where nothing is.
    pub(in crate::server) fn hinted(
        &self,
        provider: &'a dyn AnyProvider,
        view: &View<'_>,
        exchange: &mut Opened,
        steering: Steering,
        response: Response,
    ) -> (Response, Option<Told>) {
        let unread = steering.unread(&self.received.sent.headers);
        let is_due = response.is_refusal()
            || unread.is_some()
            || exchange.fault.is_some()
            || response.passed_over().first().is_some()
            || field(&response, &HINT).is_some();
        if !is_due {
            return (response, None);
        }
        let document = || self.app.document(provider, &view.options).ok();
        self.told(exchange, response, unread, Some((provider, &*view.options)), document)
    }

    /// The answer to a request that no mount takes, with its hint, and what is to be told of it.
    pub(in crate::server) fn nowhere(&self, exchange: &mut Opened, response: Response) -> (Response, Option<Told>) {
        self.told(exchange, response, None, None, || None)
    }

    fn told(
        &self,
        exchange: &mut Opened,
        mut response: Response,
        unread: Option<String>,
        provider: Option<(&'a dyn AnyProvider, &Options)>,
        document: impl FnOnce() -> Option<Arc<Document>>,
    ) -> (Response, Option<Told>) {
        let (sandbox, received) = (self.sandbox, self.received);
        let found = panics::guarded("explain", || {
            let Learnt { secrets, method, path } = self.learnt();
            let is_listed = |text: &str| self.lists(text);
            let (secrets, method) = (secrets.or_listed(&is_listed), *method);
            let serving = &self.app.serving;
            let bounds = Bounds { body: serving.max_body, time: serving.body_timeout };
            let hint = explained(exchange, received, method, &secrets, &response, bounds, |case| {
                let nearest = || match provider {
                    Some((provider, options)) if method == received.sent.method.as_str() => {
                        self.near(provider, options).cloned()
                    }
                    Some((provider, _)) => {
                        suggested_operation(sandbox, method, &decoded(path), Some(&provider.descriptor().id))
                    }
                    None => suggested_operation(sandbox, method, &decoded(path), None),
                };
                explain(case, document().as_deref(), nearest)
            });
            let shown = (*path != received.raw_path).then(|| format!("{}{path}", received.prefix()));
            let method = (method != received.sent.method.as_str()).then(|| method.to_owned());
            (hint, shown, method, without_secrets(&response, &secrets))
        });
        let (hint, path, method, error) = found.unwrap_or_default();
        let Some(hint) = steering::with_unread(unread.as_deref(), hint) else { return (response, None) };
        if !ends_with(&response, &HINT, &hint.message) {
            response.replace(&HINT, &hint.message);
        }
        if let Some(error) = error {
            response.replace(&ERROR, error);
        }
        if exchange.is_kept() {
            exchange.hint = Some(to_json(&hint).into());
        }
        let ignored = if response.passed_over().first().is_some() { ignored(&hint) } else { Vec::new() };
        let told = Told { is_mistake: is_mistake(&hint, &response), message: hint.message, path, method, ignored };
        (response, Some(told))
    }

    /// The request as one that leads to nothing, without what of its path is a secret.
    pub(in crate::server) fn lost<'b>(&'b self, prefix: Option<&'b str>) -> Lost<'b> {
        let (method, raw_path) = (self.received.sent.method.as_str(), &*self.learnt().path);
        Lost { app: self.app, sandbox: self.sandbox, method, prefix, raw_path }
    }

    /// The request.
    pub(in crate::server) fn received(&self) -> Received<'a> {
        self.received
    }

    /// The operation of its provider that the request is like.
    pub(in crate::server) fn near(&self, provider: &'a dyn AnyProvider, options: &Options) -> Option<&Suggestion<'a>> {
        let near = self.near.get_or_init(|| {
            let (method, path) = (self.received.sent.method.as_str(), decoded(&self.learnt().path));
            match self.app.document(provider, options) {
                Ok(document) => document.nearest(method, &path, provider, options),
                Err(_) => suggestion::operation(method, &path, suggestion::served(provider, options)),
            }
        });
        near.as_ref()
    }

    /// Method and path of the request without what of it is a secret.
    pub(in crate::server) fn safe_line(&self) -> String {
        let Learnt { method, path, .. } = self.learnt();
        [*method, " ", &**path].concat()
    }

    fn learnt(&self) -> &Learnt<'a> {
        self.learnt.get_or_init(|| {
            let secrets = self.received.secrets();
            let is_listed = |text: &str| self.lists(text);
            let listing = secrets.or_listed(&is_listed);
            let (method, path) = (listing.method(self.received.sent.method.as_str()), self.without(&listing));
            Learnt { secrets, method, path }
        })
    }

    /// Whether the sandbox lists a text as a credential. The same pieces of a request are asked about several times.
    pub(in crate::server) fn lists(&self, text: &str) -> bool {
        let known = self.asked.borrow().find(text);
        known.unwrap_or_else(|| {
            let is_listed = self.sandbox.lists(text);
            self.asked.borrow_mut().note(text, is_listed);
            is_listed
        })
    }

    fn without(&self, secrets: &Secrets<'_>) -> Cow<'a, str> {
        let slots = || self.sandbox.slots().iter();
        let is_served = |segment: &str| {
            let mut operations = slots().flat_map(|slot| slot.provider().operations());
            operations.any(|operation| operation.path.split('/').any(|known| known.eq_ignore_ascii_case(segment)))
        };
        secrets.path(self.received.raw_path, is_served)
    }
}

/// A refusal for which this project has the reason, as its error and its hint.
pub(in crate::server) fn refused(mut response: Response, why: &str) -> Response {
    response.replace(&ERROR, why);
    response.replace(&HINT, bounded(why, 0));
    response
}

/// A problem of this project's own with what it says as its hint, and what is to be told of it. That what was asked is not
/// so is no mistake.
pub(in crate::server) fn problem(response: Response, received: Received<'_>) -> (Response, Option<Told>) {
    let headers = &received.sent.headers;
    if !response.is_refusal() || field(&response, &HINT).is_some() {
        return (steering::hinted(response, headers), None);
    }
    let Some(text) = problem_text(&response).filter(|_| !is_verdict(&response)) else {
        return (steering::hinted(response, headers), None);
    };
    let secrets = received.secrets();
    let (sent, safe) = (decoded(received.raw_path), secrets.path(received.raw_path, |_| false));
    // A page that is not there is named as it was sent.
    let is_safe = safe == received.raw_path;
    let text = if is_safe { text } else { text.replace(&*sent, &safe) };
    let (method, safe_method) = (received.sent.method.as_str(), secrets.method(received.sent.method.as_str()));
    let text = if method == safe_method { text } else { text.replace(method, safe_method) };
    let message = bounded(&secrets.taken_out_of(&text), 0);
    let path = (!is_safe).then(|| format!("{}{safe}", received.prefix()));
    let response = steering::hinted(response.hint(&message), headers);
    let message = field(&response, &HINT).map_or(message, str::to_owned);
    let method = (method != safe_method).then(|| safe_method.to_owned());
    (response, Some(Told { message, is_mistake: true, path, method, ignored: Vec::new() }))
}

/// Whether a problem tells of calls that were not made as expected.
pub(in crate::server) fn is_verdict(response: &Response) -> bool {
    let has_failures = || serde_json::from_slice(response.bytes()).is_ok_and(|body: Value| body["failures"].is_array());
    response.status() == 409 && has_failures()
}

/// What a problem says, and where.
pub(in crate::server) fn problem_text(response: &Response) -> Option<String> {
    if field(response, &CONTENT_TYPE) != Some(PROBLEM_JSON) {
        return None;
    }
    let problem: Value = serde_json::from_slice(response.bytes()).ok()?;
    let detail = problem.get("detail")?.as_str()?;
    Some(match problem.get("at").and_then(Value::as_str) {
        Some(at) => format!("{detail} (at {at})"),
        None => detail.to_owned(),
    })
}

/// The places of what the vendor ignored; the sentence that tells of them where they are no fields.
fn ignored(hint: &Hint) -> Vec<String> {
    match &hint.fields[..] {
        _ if hint.reason != Reason::Ignored => Vec::new(),
        [] => vec![hint.message.clone()],
        fields => fields.iter().map(|field| field.field.clone()).collect(),
    }
}

/// Whether somebody has to look: the client made a mistake, or the mock failed and was not asked to.
fn is_mistake(hint: &Hint, response: &Response) -> bool {
    let unasked = response.status() >= 500 && hint.reason != Reason::Fault;
    hint.likely_wrong == Side::Client || unasked
}

/// What the answer says in its `X-Mock-Error`, where that has a secret of the request in it.
fn without_secrets(response: &Response, secrets: &Secrets<'_>) -> Option<String> {
    match secrets.taken_out_of(field(response, &ERROR)?) {
        Cow::Borrowed(_) => None,
        Cow::Owned(error) => Some(error),
    }
}

/// Looks at an exchange that is not yet kept.
fn explained<T>(
    exchange: &Opened,
    received: Received<'_>,
    method: &str,
    secrets: &Secrets<'_>,
    response: &Response,
    bounds: Bounds,
    look: impl FnOnce(&Case<'_>) -> T,
) -> T {
    let Received { sent, body, .. } = received;
    let content_type = sent.headers.get(&CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let said = |name| field(response, name).map(|said| secrets.taken_out_of(said));
    let (told, error) = (said(&HINT), said(&ERROR));
    look(&Case {
        method,
        parts: &Parts::read(&received.target(), content_type.as_deref(), Some(body)),
        content_type: content_type.as_deref(),
        bytes: body,
        has_body: !body.is_empty(),
        is_cut: false,
        operation: exchange.operation.as_deref(),
        status: response.status(),
        refuses: response.is_refusal(),
        refused: exchange.refused,
        fault: exchange.fault.as_deref(),
        canned: exchange.canned,
        told: told.as_deref(),
        error: error.as_deref(),
        unread: Some(response.passed_over()).filter(|unread| unread.first().is_some()),
        bounds: Some(bounds),
        wrong: response.wrong_parts(),
        says: Some(Says(&|| vendor_text(response, secrets))),
        by_rule: response.is_by_rule(),
        secrets,
    })
}

/// The vendor's own sentence of a refusal, where its body has one and it repeats no secret of the request.
fn vendor_text(response: &Response, secrets: &Secrets<'_>) -> Option<String> {
    let body: Value = serde_json::from_slice(response.bytes()).ok()?;
    let text =
        ["message", "Message", "detail", "error", "ResponseMessage"].iter().find_map(|name| body.get(name)?.as_str());
    let first = || {
        let finding = body.get("detail")?.get(0)?;
        let name = finding.get("loc")?.as_array()?.last()?.as_str()?;
        Some(format!("{name}: {}", finding.get("msg")?.as_str()?))
    };
    let text = text.map(str::to_owned).or_else(first).filter(|text| text.len() <= VENDOR_TEXT)?;
    let text = text.trim_end_matches('.');
    if secrets.are_repeated_in(text) || text.split(['\'', '"']).any(|part| secrets.cover(part)) {
        return None;
    }
    // A value stands between two quotation marks, and what is around it stays whole. Marks that are no pairs are none.
    let is_paired = text.matches('\'').count() % 2 == 0;
    let parts = text.split('\'').enumerate().map(|(number, part)| match part.char_indices().nth(VALUE) {
        Some((end, _)) if is_paired && number % 2 == 1 => format!("{}...", &part[..end]),
        _ => part.to_owned(),
    });
    Some(parts.collect::<Vec<_>>().join("'"))
}

/// Whether an answer's last field alone has this name, and says this.
fn ends_with(response: &Response, name: &HeaderName, text: &str) -> bool {
    response.headers().split_last().is_some_and(|((last, value), before)| {
        last == name && value.as_bytes() == text.as_bytes() && before.iter().all(|(known, _)| known != name)
    })
}

/// The first field of this name, where it is text.
pub(in crate::server) fn field<'r>(response: &'r Response, name: &HeaderName) -> Option<&'r str> {
    let (_, value) = response.headers().iter().find(|(known, _)| known == name)?;
    // Each byte is looked at, so that many are at once.
    let is_text = value.as_bytes().iter().fold(true, |all, byte| all & matches!(byte, b' '..=b'~' | b'\t'));
    std::str::from_utf8(value.as_bytes()).ok().filter(|_| is_text)
}
