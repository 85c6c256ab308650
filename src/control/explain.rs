//! Why a request did not pass, and what was probably meant: one explanation for the journal, the log and whoever else
//! tells of it.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::api::{Hint, HintField, NearestOperation, Reason, Side};
use crate::contract::Document;
use crate::contract::request::{Asked, Broken, Unknown, bounded, is_json, kept_bounded, passed_over, sentence, told};
use crate::contract::suggestion::Suggestion;
use crate::json::{self, Escaping};
use crate::provider::path::decoded;
use crate::provider::{Operation, Unread, WrongPart};
use crate::world::call::{Outcome, read_body, read_query};
use crate::world::duration::show;
use crate::world::fault::Struck;
use crate::world::journal::{Secrets, Text};
use crate::world::refusal::Refusal;

/// A request, taken apart.
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
    /// The request of an exchange as it is kept, without its secrets.
    pub(crate) fn of(text: &Text) -> Self {
        let content_type = first(text.request_fields(), "content-type");
        let body = (!text.request_cut).then_some(text.request_body());
        Self::read(text.target(), content_type.as_deref(), body)
    }

    /// A request by its path and query, and by its body where all of it is there.
    pub(crate) fn read(target: &str, content_type: Option<&str>, body: Option<&[u8]>) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = decoded(path).into_owned();
        Self { path, query: read_query(query), body: body.and_then(|body| read_body(content_type, body)) }
    }
}

/// A request as it was sent, and what became of it.
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
    pub(crate) fault: Option<&'a Struck>,
    /// Whether the fault made the answer, and not the vendor.
    pub(crate) canned: bool,
    /// What the answer's `X-Mock-Hint` says.
    pub(crate) told: Option<&'a str>,
    /// What the answer's `X-Mock-Error` says.
    pub(crate) error: Option<&'a str>,
    /// What the vendor's reader passed over, while the answer is made.
    pub(crate) unread: Option<&'a Unread>,
    /// The parts whose form the vendor's reader refused, while the answer is made.
    pub(crate) wrong: &'a [WrongPart],
    /// Finds the vendor's own words for its refusal, while the answer is made.
    pub(crate) says: Option<Says<'a>>,
    /// What the server allows a body, while the answer is made.
    pub(crate) bounds: Option<Bounds>,
    /// Whether a rule of the vendor's business refuses the request, and nothing that is wrong with it.
    pub(crate) by_rule: bool,
    /// What of the request no explanation repeats.
    pub(crate) secrets: &'a Secrets<'a>,
}

/// What finds a vendor's own words.
#[derive(Clone, Copy)]
pub(crate) struct Says<'a>(pub(crate) &'a dyn Fn() -> Option<String>);

impl fmt::Debug for Says<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Says").finish_non_exhaustive()
    }
}

/// How large a body may be, and how long it may take to arrive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) body: usize,
    pub(crate) time: Duration,
}

impl<'a> Case<'a> {
    /// The request as a document looks at it.
    pub(crate) fn asked(&self) -> Option<Asked<'a>> {
        Some(Asked { operation: self.operation?, ..self.as_it_is() })
    }

    /// The same of a request that may have hit no operation, whose reader has refused it all the same.
    fn as_it_is(&self) -> Asked<'a> {
        Asked {
            operation: self.operation.unwrap_or_default(),
            method: self.method,
            path: &self.parts.path,
            query: &self.parts.query,
            content_type: self.content_type,
            body: self.parts.body.as_ref(),
            bytes: self.bytes,
            has_body: self.has_body,
            is_cut: self.is_cut,
            passed: self.has_passed(),
            secrets: self.secrets,
        }
    }

    fn has_passed(&self) -> bool {
        Outcome::of(self.status, self.refuses) == Outcome::Answered
    }
}

/// What was probably meant by a request that hit no operation, did not pass, or was not read whole: nothing where all is
/// well. What the answer says already is said again, and else what its document says. `nearest` finds the operation that
/// a request is like which hit none.
pub(crate) fn explain<'a>(
    case: &Case<'_>,
    document: Option<&Document>,
    nearest: impl FnOnce() -> Option<Suggestion<'a>>,
) -> Option<Hint> {
    let passed = case.has_passed();
    if let Some(struck) = case.fault {
        if passed && case.canned && struck.is_own() && case.error.is_none() {
            // A client that picks an answer by itself, and gets it, made no mistake.
            return None;
        }
        let side = if struck.is_own() { Side::Nobody } else { Side::Mock };
        let fault = if case.canned { struck.made(case.status) } else { struck.changed() };
        let fault = bounded(&fault, 0);
        // What the vendor itself refuses or passes over says more than that it came late.
        let says_more = !passed || case.told.is_some_and(|told| told != fault) || case.unread.is_some();
        if case.canned || case.error.is_some() || !says_more {
            return Some(with(hint(Reason::Fault, side, fault), case.error.or(case.told)));
        }
    }
    if let Some(error) = case.error {
        // What is full is told with what makes room.
        let side = if case.refused == Some("unavailable") { Side::Mock } else { Side::Client };
        let told = case.told.filter(|_| case.refused.is_some());
        return Some(hint(Reason::Refused, side, told.unwrap_or(error).to_owned()));
    }
    if case.operation.is_none() && case.wrong.is_empty() {
        return missed(case, nearest);
    }
    if passed {
        return ignored(case, document);
    }
    let (mut broken, mut unknown) = (Vec::new(), Vec::new());
    if let (Some(document), Some(asked)) = (document, case.asked().filter(|_| is_of_form(case.status))) {
        broken = document.broken(&asked);
        // Some vendors read a body whatever it is called: what is wrong in it says more, unless they say otherwise.
        let is_of_type = |broken: &Broken| broken.at == "header.content-type";
        if broken.iter().any(is_of_type) && case.status != 415 && is_json(case.bytes) {
            broken.sort_by_key(is_of_type);
        }
        if !broken.is_empty() || !case.wrong.is_empty() {
            unknown = document.unknown(&asked);
        }
    }
    // What the reader itself refused was refused, whatever the document says.
    let broken = told(broken, case.wrong, &case.as_it_is(), document);
    let Some(found) = sentence(&broken, &unknown).filter(|_| !broken.is_empty()) else {
        return Some(with(refused(case), case.told));
    };
    let fields = broken.into_iter().map(field).chain(unknown.into_iter().map(other)).collect();
    Some(with(Hint { fields, ..hint(Reason::Invalid, Side::Client, found) }, case.told))
}

/// The most that `--max-body` takes.
const MOST_BODY: usize = 1_073_741_824;

/// Whether a refusal may be about the form of a request, and not about who asks for what.
fn is_of_form(status: u16) -> bool {
    !matches!(status, 401 | 403 | 404 | 408..=410 | 413 | 423 | 429 | 500..)
}

/// What a vendor passed over that took the request.
fn ignored(case: &Case<'_>, document: Option<&Document>) -> Option<Hint> {
    if case.told.is_none() && case.unread.is_none_or(|unread| unread.first().is_none()) {
        return None;
    }
    let asked = case.asked();
    let shown = |at: &str| match document.zip(asked.as_ref()) {
        Some((document, asked)) => document.shown_place(asked, at),
        None => at.to_owned(),
    };
    let unknown = document.zip(asked.as_ref()).map(|(document, asked)| document.unknown(asked)).unwrap_or_default();
    let noted = case.unread.and_then(|unread| Some(passed_over(unread, &shown(unread.first()?), &unknown)));
    let fields = unknown.into_iter().map(other).collect();
    Some(with(Hint { fields, ..hint(Reason::Ignored, Side::Client, noted.unwrap_or_default()) }, case.told))
}

/// A rule that is broken.
fn field(broken: Broken) -> HintField {
    HintField { field: broken.at, expected: Some(broken.expected), found: broken.found }
}

/// A field that is not known.
fn other(unknown: Unknown) -> HintField {
    let note = unknown.note.map(|note| format!(", {note}")).unwrap_or_default();
    let expected = unknown.nearest.map(|name| format!("`{name}` was probably meant{note}"));
    HintField { field: unknown.at, expected, found: Some(unknown.name) }
}

/// What is wrong with a request that hit no operation.
fn missed<'a>(case: &Case<'_>, nearest: impl FnOnce() -> Option<Suggestion<'a>>) -> Option<Hint> {
    let reason = match case.refused {
        Some(name) if name == Refusal::NoRoute.name() => Reason::NoRoute,
        Some(name) if name == (Refusal::MethodNotAllowed { allow: Vec::new() }).name() => Reason::WrongMethod,
        _ => return (!case.has_passed()).then(|| with(refused(case), case.told)),
    };
    let method = case.method;
    let path = || case.secrets.path(&case.parts.path, |_| false);
    let near = nearest();
    let message = match (case.told, &near) {
        (Some(told), _) => told.to_owned(),
        (None, Some(near)) => format!("{method} {} is no operation; {near}", path()),
        (None, None) => {
            format!("{method} {} is no operation, and nothing that is served is like it, see /_mock/routes", path())
        }
    };
    // A path of another provider may have been meant.
    let near = near.filter(|near| message.contains(&*near.operation.path));
    let Some(near) = near else { return Some(hint(reason, Side::Client, message)) };
    let Operation { name, method, path, .. } = near.operation.clone();
    let fields = near.differences.into_iter();
    let fields = fields.map(|step| HintField { field: step.field, expected: step.expected, found: step.found });
    let nearest = NearestOperation { operation: name, method, path };
    Some(Hint { nearest: Some(nearest), fields: fields.collect(), ..hint(reason, Side::Client, message) })
}

/// About how long the JSON of a hint is beside its sentence.
const HINT_FIELDS: usize = 256;

/// A hint as JSON, byte for byte as `serde_json` writes it: each refusal has one, which the journal keeps.
pub(crate) fn to_json(hint: &Hint) -> String {
    let Hint { reason, likely_wrong, message, nearest, fields } = hint;
    let mut out = String::with_capacity(2 * message.len() + HINT_FIELDS);
    push(&mut out, "{\"reason\":", reason.name());
    push(&mut out, ",\"likely_wrong\":", &likely_wrong.to_string());
    push(&mut out, ",\"message\":", message);
    if let Some(NearestOperation { operation, method, path }) = nearest {
        push(&mut out, ",\"nearest\":{\"operation\":", operation);
        push(&mut out, ",\"method\":", method);
        push(&mut out, ",\"path\":", path);
        out.push('}');
    }
    for (place, HintField { field, expected, found }) in fields.iter().enumerate() {
        push(&mut out, if place == 0 { ",\"fields\":[{\"field\":" } else { ",{\"field\":" }, field);
        expected.iter().for_each(|expected| push(&mut out, ",\"expected\":", expected));
        found.iter().for_each(|found| push(&mut out, ",\"found\":", found));
        out.push('}');
    }
    out.push_str(if fields.is_empty() { "}" } else { "]}" });
    out
}

/// Writes a name and its text.
fn push(out: &mut String, name: &str, text: &str) {
    out.push_str(name);
    if json::is_plain(text.as_bytes(), Escaping::Least) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

fn hint(reason: Reason, likely_wrong: Side, message: String) -> Hint {
    Hint { reason, likely_wrong, message: kept_bounded(message, 0), nearest: None, fields: Vec::new() }
}

/// The same in the words of the answer's own hint, where it has one.
fn with(hint: Hint, told: Option<&str>) -> Hint {
    match told {
        Some(told) => Hint { message: bounded(told, 0), ..hint },
        None => hint,
    }
}

/// The vendor refused what keeps to its document, or what no document says anything of.
fn refused(case: &Case<'_>) -> Hint {
    let vendor = case.operation.and_then(|operation| operation.split('.').next()).unwrap_or("the vendor");
    let says = |what: &str| match case.says.and_then(|Says(find)| find()) {
        Some(says) => format!("{what}: {says}"),
        None => what.to_owned(),
    };
    let (side, message) = match case.status {
        _ if case.refused == Some(Refusal::MalformedBody.name()) => {
            (Side::Client, "the body could not be read to its end: it breaks off, or its chunks are none".to_owned())
        }
        // A provider's router alone refuses so, for a method that its server does not know.
        400 if case.refused == Some(Refusal::BadRequest.name()) => (
            Side::Client,
            format!("{} is no method that the vendor's server reads; send one such as GET", bounded(case.method, 0)),
        ),
        401 => {
            (Side::Client, format!("{vendor} took no credential of this request; GET /_mock/settings shows which pass"))
        }
        403 if case.by_rule => (Side::Unknown, says("the credential is good, and a rule of the vendor forbids this")),
        403 => (Side::Client, says("the credential is good, and its owner may not do this")),
        404 | 410 => (Side::Unknown, says("the operation is there, and a record that it needs is not")),
        408 => {
            let within =
                case.bounds.map_or_else(|| "in time".to_owned(), |bounds| format!("within {}", show(bounds.time)));
            (Side::Client, format!("the body did not arrive {within}; --body-timeout 1m would give it longer"))
        }
        413 => {
            let most =
                case.bounds.map_or_else(|| "what".to_owned(), |bounds| format!("the {} bytes that", bounds.body));
            let more = case.bounds.map_or(2_097_152, |bounds| bounds.body.saturating_mul(2).min(MOST_BODY));
            (
                Side::Client,
                format!("the body is larger than {most} --max-body allows; --max-body {more} would take more"),
            )
        }
        429 => (
            Side::Unknown,
            "the caller made more requests than its limit allows; GET /_mock/limits shows it".to_owned(),
        ),
        ..500 if !case.wrong.is_empty() => (Side::Client, says(&format!("{vendor} refused the form of the request"))),
        // A provider that says nothing of why leaves that to its own words.
        ..500 => (Side::Unknown, says(&format!("{vendor} refused this request"))),
        _ => (Side::Mock, "the mock failed; its log says more".to_owned()),
    };
    hint(Reason::Refused, side, message)
}

/// The first field of this name, in any letter case.
pub(crate) fn first<'a>(mut fields: impl Iterator<Item = (&'a str, &'a [u8])>, name: &str) -> Option<Cow<'a, str>> {
    let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| String::from_utf8_lossy(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_kept_as_serde_writes_it() {
        let field = |field: &str, expected: Option<&str>, found: Option<&str>| {
            let [expected, found] = [expected, found].map(|text| text.map(str::to_owned));
            HintField { field: field.to_owned(), expected, found }
        };
        let nearest = ["v.get", "GET", "/v1/{id}\u{1}"].map(Cow::Borrowed);
        let [operation, method, path] = nearest;
        let nearest = Some(NearestOperation { operation, method, path });
        let first = vec![field("a\"b", None, None)];
        let all = [&first[..], &[field("é", Some("\\"), None), field("", None, Some("\n"))]].concat();
        let message = "say \"x\" \u{7f}, which is long enough to be looked at in parts".to_owned();
        for reason in Reason::ALL {
            for likely_wrong in [Side::Client, Side::Expectation, Side::Mock, Side::Nobody, Side::Unknown] {
                for (nearest, fields) in [(None, Vec::new()), (nearest.clone(), all.clone()), (None, first.clone())] {
                    let hint = Hint { reason, likely_wrong, message: message.clone(), nearest, fields };
                    assert_eq!(to_json(&hint), serde_json::to_string(&hint).expect("JSON"));
                    assert_eq!(Hint::kept(&to_json(&hint)), Some(hint));
                }
            }
        }
    }
}
