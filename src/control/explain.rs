//! Why a request did not pass, and what was probably meant: one explanation for the journal, the log and whoever else
//! tells of it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::api::{Hint, HintField, NearestOperation, Reason, Side};
use crate::contract::Document;
use crate::contract::request::{Asked, Broken, Unknown, bounded, sentence};
use crate::contract::suggestion::Suggestion;
use crate::provider::Operation;
use crate::provider::response::{ERROR, HINT};
use crate::world::call::{Outcome, read_body, read_query};
use crate::world::journal::Text;
use crate::world::refusal::Refusal;

/// A request, taken apart. What it is read from holds no secrets, so that no explanation does.
#[derive(Debug)]
pub(crate) struct Parts {
    /// Percent-decoded.
    pub(crate) path: String,
    /// Decoded, in order.
    pub(crate) query: Vec<(String, String)>,
    /// The body, where it is whole and JSON or a form.
    pub(crate) body: Option<Value>,
}

impl Parts {
    /// The request of an exchange.
    pub(crate) fn of(text: &Text) -> Self {
        let (path, query) = text.target().split_once('?').unwrap_or((text.target(), ""));
        let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
        let query = read_query(query);
        let content_type = first(text.request_fields(), "content-type");
        let body = match text.request_cut {
            true => None,
            false => read_body(content_type.as_deref(), text.request_body()),
        };
        Self { path, query, body }
    }
}

/// A request and what became of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) method: &'a str,
    pub(crate) parts: &'a Parts,
    pub(crate) content_type: Option<&'a str>,
    /// The body as it was sent, as far as it is known.
    pub(crate) bytes: &'a [u8],
    /// Whether any body was sent.
    pub(crate) has_body: bool,
    /// Whether only a part of the body is known.
    pub(crate) is_cut: bool,
    pub(crate) operation: Option<&'a str>,
    pub(crate) status: u16,
    /// Whether the answer refuses, whatever its status says.
    pub(crate) refuses: bool,
    /// What the server refused, as `Refusal::name` calls it.
    pub(crate) refused: Option<&'a str>,
    /// The faults that struck.
    pub(crate) fault: Option<&'a str>,
    /// What the answer's `X-Mock-Hint` says.
    pub(crate) told: Option<&'a str>,
    /// What the answer's `X-Mock-Error` says.
    pub(crate) error: Option<&'a str>,
}

impl<'a> Case<'a> {
    /// The request as a document looks at it.
    pub(crate) fn asked(&self) -> Option<Asked<'a>> {
        Some(Asked {
            operation: self.operation?,
            method: self.method,
            path: &self.parts.path,
            query: &self.parts.query,
            content_type: self.content_type,
            body: self.parts.body.as_ref(),
            bytes: self.bytes,
            has_body: self.has_body,
            is_cut: self.is_cut,
            passed: self.has_passed(),
        })
    }

    fn has_passed(&self) -> bool {
        Outcome::of(self.status, self.refuses) == Outcome::Answered
    }
}

/// What was probably meant by a request that hit no operation or did not pass. The document is that of its provider;
/// `nearest` finds the operation that a request is like which hit none.
pub(crate) fn explain<'a>(
    case: &Case<'_>,
    document: Option<&Document>,
    nearest: impl FnOnce() -> Option<Suggestion<'a>>,
) -> Option<Hint> {
    let status = case.status;
    if let Some(fault) = case.fault {
        return Some(hint(Reason::Fault, Side::Mock, format!("the answer was struck by a fault: {fault}")));
    }
    if let Some(error) = case.error {
        return Some(hint(Reason::Refused, Side::Client, error.to_owned()));
    }
    if case.operation.is_none() {
        return missed(case, nearest);
    }
    if matches!(status, 401 | 403 | 429 | 500..) {
        return Some(with(refused(case), case.told));
    }
    let (mut broken, mut unknown) = (Vec::new(), Vec::new());
    if let (Some(document), Some(asked)) = (document, case.asked()) {
        broken = document.broken(&asked);
        // Some vendors read a body whatever it is called: what is wrong in it says more, unless they say otherwise.
        broken.sort_by_key(|broken| broken.at == "header.content-type" && status != 415);
        if !broken.is_empty() || case.told.is_some() {
            unknown = document.unknown(&asked);
        }
    }
    let passed = case.has_passed();
    if broken.is_empty() && (case.told.is_none() || !passed) {
        let unseen = case.is_cut && !matches!(status, 404 | 408 | 410 | 413);
        return (!passed).then(|| with(if unseen { cut() } else { refused(case) }, case.told));
    }
    let reason = if passed && case.told.is_some() { Reason::Ignored } else { Reason::Invalid };
    let found = sentence(&broken, &unknown).unwrap_or_default();
    let found = if passed { format!("answered {status}, and yet {found}") } else { found };
    let fields = broken.into_iter().map(field).chain(unknown.into_iter().map(other)).collect();
    Some(with(Hint { fields, ..hint(reason, Side::Client, found) }, case.told))
}

/// A rule that is broken.
fn field(broken: Broken) -> HintField {
    HintField { field: broken.at, expected: Some(broken.expected), found: broken.found }
}

/// A field that is not known.
fn other(unknown: Unknown) -> HintField {
    let expected = unknown.nearest.map(|name| format!("`{name}` was probably meant"));
    HintField { field: unknown.at, expected, found: Some(unknown.name) }
}

/// What is wrong with a request that hit no operation.
fn missed<'a>(case: &Case<'_>, nearest: impl FnOnce() -> Option<Suggestion<'a>>) -> Option<Hint> {
    let reason = match case.refused {
        Some(name) if name == Refusal::NoRoute.name() => Reason::NoRoute,
        Some(name) if name == (Refusal::MethodNotAllowed { allow: Vec::new() }).name() => Reason::WrongMethod,
        _ => return (!case.has_passed()).then(|| with(refused(case), case.told)),
    };
    let (method, path) = (case.method, &case.parts.path);
    let near = nearest();
    let meant = case.told.map(str::to_owned).or_else(|| near.as_ref().map(ToString::to_string));
    let meant = meant.unwrap_or_else(|| "nothing that is served is like it, see /_mock/routes".to_owned());
    let message = format!("{method} {path} is no operation; {meant}");
    let Some(near) = near else { return Some(hint(reason, Side::Client, message)) };
    let Operation { name, method, path, .. } = near.operation.clone();
    let fields = near.differences.into_iter();
    let fields = fields.map(|step| HintField { field: step.field, expected: step.expected, found: step.found });
    let nearest = NearestOperation { operation: name, method, path };
    Some(Hint { nearest: Some(nearest), fields: fields.collect(), ..hint(reason, Side::Client, message) })
}

fn hint(reason: Reason, likely_wrong: Side, message: String) -> Hint {
    Hint { reason, likely_wrong, message: bounded(&message, 0), nearest: None, fields: Vec::new() }
}

/// The same in the words of the answer's own hint, where it has one.
fn with(hint: Hint, told: Option<&str>) -> Hint {
    match told {
        Some(told) => Hint { message: bounded(told, 0), ..hint },
        None => hint,
    }
}

/// The vendor refused what is not known whole.
fn cut() -> Hint {
    let message = "the journal keeps only the start of this body, so it cannot say what the document refuses in it; \
                   --journal-body 1048576 keeps more";
    hint(Reason::Refused, Side::Unknown, message.to_owned())
}

/// The vendor refused what keeps to its document.
fn refused(case: &Case<'_>) -> Hint {
    let (side, message) = match case.status {
        _ if case.refused == Some(Refusal::MalformedBody.name()) => {
            (Side::Client, "the body could not be read to its end: it breaks off, or its chunks are none")
        }
        401 => (Side::Client, "no credential, or none that passes; GET /_mock/settings shows which do"),
        403 => (Side::Client, "a credential that may not do this"),
        404 | 410 => (Side::Unknown, "the operation is there, the record is not: another id, or another fixture"),
        408 => (Side::Client, "the request did not arrive in time"),
        413 => (Side::Client, "the body is larger than --max-body"),
        429 => (Side::Unknown, "more requests than the limit allows; GET /_mock/limits shows it"),
        400..=499 => (Side::Unknown, "the request keeps to the document; a rule of the vendor's business refused it"),
        ..400 => (
            Side::Unknown,
            "the request keeps to the document; the record is not there, or a rule of the vendor's business refused it",
        ),
        _ => (Side::Mock, "the mock failed; its log says more"),
    };
    hint(Reason::Refused, side, message.to_owned())
}

/// What an answer's own header fields say of a mistake: its `X-Mock-Hint` and its `X-Mock-Error`.
pub(crate) fn said(text: &Text) -> [Option<Cow<'_, str>>; 2] {
    [&HINT, &ERROR].map(|name| first(text.answer_fields(), name.as_str()))
}

/// The first field of this name, in any letter case.
pub(crate) fn first<'a>(mut fields: impl Iterator<Item = (&'a str, &'a [u8])>, name: &str) -> Option<Cow<'a, str>> {
    let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| String::from_utf8_lossy(value))
}
