//! What the journal can say about a call: fields that the vendor ignores, and what was probably meant.

use std::collections::HashMap;
use std::sync::Arc;

use super::call::{Call, first};
use crate::api::{Hint, HintField, Ignored, NearestOperation, Reason, Side};
use crate::app::{AppState, Sandbox};
use crate::contract::Document;
use crate::contract::request::{Asked, Unknown};
use crate::contract::suggestion::Suggestion;
use crate::control::Ask;
use crate::control::base_url::suggested_operation;
use crate::provider::response::HINT;
use crate::provider::{Name, Operation, Provenance};
use crate::world::refusal::Refusal;

/// Explains the calls of one sandbox.
pub(super) struct Explainer<'a> {
    app: &'a AppState,
    sandbox: &'a Sandbox,
    documents: HashMap<Name, Option<Arc<Document>>>,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(app: &'a AppState, sandbox: &'a Sandbox) -> Self {
        Self { app, sandbox, documents: HashMap::new() }
    }

    pub(super) fn of(ask: &Ask<'a>) -> Self {
        Self::new(ask.app, ask.sandbox)
    }

    /// The operation of this name, once for each of its methods.
    pub(super) fn operations<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Operation> {
        self.app.operations().filter(move |operation| operation.name == name)
    }

    /// How the operation of a call is known.
    pub(super) fn provenance(&self, call: &Call) -> Option<Provenance> {
        let name = call.entry.exchange.operation.as_deref()?;
        let method = call.entry.exchange.text.method();
        let same = self.operations(name).find(|operation| operation.method == method);
        same.or_else(|| self.operations(name).next()).map(|operation| operation.provenance)
    }

    /// The operation nearest to a request, of one provider or of all.
    pub(super) fn suggestion(&self, method: &str, path: &str, provider: Option<&str>) -> Option<Suggestion<'a>> {
        suggested_operation(self.sandbox, method, path, provider)
    }

    fn document(&mut self, call: &Call) -> Option<Arc<Document>> {
        let provider = call.entry.exchange.provider.as_ref()?;
        if let Some(known) = self.documents.get(provider) {
            return known.clone();
        }
        let slot = self.sandbox.slot(provider)?;
        let document = self.app.document(slot.provider(), &slot.options()).ok();
        self.documents.insert(provider.clone(), document.clone());
        document
    }

    /// The fields that the provider's document does not name for the call's operation.
    pub(super) fn unknown(&mut self, call: &Call) -> Vec<Unknown> {
        if call.query.is_empty() && call.body.is_none() {
            return Vec::new();
        }
        let asked = asked(call);
        match (self.document(call), asked) {
            (Some(document), Some(asked)) => document.unknown(&asked.as_asked(call)),
            _ => Vec::new(),
        }
    }

    /// The fields that the vendor ignores.
    pub(super) fn ignored(&mut self, call: &Call) -> Vec<Ignored> {
        let unknown = self.unknown(call).into_iter().filter(|unknown| !unknown.refused);
        unknown.map(|Unknown { at, nearest, taken_by, .. }| Ignored { at, nearest, taken_by }).collect()
    }

    /// What was probably meant, where the call hit no operation or did not pass.
    pub(super) fn hint(&mut self, call: &Call) -> Option<Hint> {
        let exchange = &call.entry.exchange;
        if let Some(fault) = &exchange.fault {
            let message = format!("the answer was struck by a fault: {fault}");
            return Some(hint(Reason::Fault, Side::Mock, message));
        }
        if exchange.operation.is_none() {
            return self.missed(call);
        }
        let status = exchange.status;
        let told = first(exchange.text.answer_fields(), HINT.as_str());
        if matches!(status, 401 | 403 | 429 | 500..) {
            let refused = refused(status);
            return Some(match told {
                Some(told) => Hint { message: told.into_owned(), ..refused },
                None => refused,
            });
        }
        let broken = match (self.document(call), asked(call)) {
            (Some(document), Some(asked)) => document.broken(&asked.as_asked(call)),
            _ => Vec::new(),
        };
        if broken.is_empty() && told.is_none() {
            let unseen = call.entry.exchange.text.request_cut && !matches!(status, 404 | 408 | 410 | 413);
            return (status >= 400).then(|| if unseen { cut() } else { refused(status) });
        }
        let mut fields: Vec<_> = broken
            .into_iter()
            .map(|broken| HintField { field: broken.at, expected: Some(broken.expected), found: broken.found })
            .collect();
        for unknown in self.unknown(call) {
            let expected = unknown.nearest.map(|name| format!("`{name}` was probably meant"));
            fields.push(HintField { field: unknown.at, expected, found: Some(unknown.name) });
        }
        let count = fields.len();
        let (reason, message) = match told {
            Some(told) => (Reason::Ignored, told.into_owned()),
            None if status >= 400 => {
                let message = format!("the request does not keep to the provider's document in {count} place(s)");
                (Reason::Invalid, message)
            }
            None => {
                let kept = "the request does not keep to the document";
                (Reason::Invalid, format!("answered {status}, and yet {kept} in {count} place(s)"))
            }
        };
        Some(Hint { fields, ..hint(reason, Side::Client, message) })
    }

    fn missed(&self, call: &Call) -> Option<Hint> {
        let exchange = &call.entry.exchange;
        let reason = match exchange.refused {
            Some(name) if name == Refusal::NoRoute.name() => Reason::NoRoute,
            Some(name) if name == (Refusal::MethodNotAllowed { allow: Vec::new() }).name() => Reason::WrongMethod,
            _ => return (exchange.status >= 400).then(|| refused(exchange.status)),
        };
        let method = exchange.text.method();
        let Some(near) = self.suggestion(method, &call.path, exchange.provider.as_deref()) else {
            let message = format!("no operation is like {method} {}; /_mock/routes lists them", call.path);
            return Some(hint(reason, Side::Client, message));
        };
        let message = format!("{method} {} is no operation; {near}", call.path);
        let Operation { name, method, path, .. } = near.operation.clone();
        let fields = near.differences.into_iter();
        let fields = fields.map(|step| HintField { field: step.field, expected: step.expected, found: step.found });
        let nearest = NearestOperation { operation: name, method, path };
        let nearest = Some(nearest);
        Some(Hint { nearest, fields: fields.collect(), ..hint(reason, Side::Client, message) })
    }
}

fn hint(reason: Reason, likely_wrong: Side, message: String) -> Hint {
    Hint { reason, likely_wrong, message, nearest: None, fields: Vec::new() }
}

/// The vendor refused what the journal has not whole.
fn cut() -> Hint {
    let message = "the journal keeps only the start of this body, so it cannot say what the document refuses in it; \
                   --journal-body 1048576 keeps more";
    hint(Reason::Refused, Side::Unknown, message.to_owned())
}

/// The vendor refused what keeps to its document.
fn refused(status: u16) -> Hint {
    let (side, message) = match status {
        401 => (Side::Client, "no credential, or none that passes; GET /_mock/settings shows which do"),
        403 => (Side::Client, "a credential that may not do this"),
        404 | 410 => (Side::Unknown, "the operation is there, the record is not: another id, or another fixture"),
        408 => (Side::Client, "the request did not arrive in time"),
        413 => (Side::Client, "the body is larger than --max-body"),
        429 => (Side::Unknown, "more requests than the limit allows; GET /_mock/limits shows it"),
        400..=499 => (Side::Unknown, "the request keeps to the document; a rule of the vendor's business refused it"),
        _ => (Side::Mock, "the mock failed; its log says more"),
    };
    hint(Reason::Refused, side, message.to_owned())
}

/// The parts of a call that a document looks at.
struct Parts<'a> {
    operation: &'a str,
    content_type: Option<std::borrow::Cow<'a, str>>,
}

fn asked(call: &Call) -> Option<Parts<'_>> {
    let operation = call.entry.exchange.operation.as_deref()?;
    Some(Parts { operation, content_type: call.field("content-type") })
}

impl Parts<'_> {
    fn as_asked<'c>(&'c self, call: &'c Call) -> Asked<'c> {
        Asked {
            operation: self.operation,
            method: call.entry.exchange.text.method(),
            path: &call.path,
            query: &call.query,
            content_type: self.content_type.as_deref(),
            body: call.body.as_ref(),
            has_body: call.entry.exchange.text.request_size > 0,
            is_cut: call.entry.exchange.text.request_cut,
            passed: call.entry.exchange.status < 400,
        }
    }
}
