//! The vendor's JSON: keys, envelopes, what a query names.

mod query;

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use super::error::VendorError;
use super::persona::{Persona, push_id, push_key};
use super::reading::{Place, Sent};
use super::state::Listing;
use crate::dialects::ecma_json::{Document, Text, Value, decode, print_number, without_marks};
use crate::dialects::zod;
use crate::provider::kept::{Body, Pieces, Texts};
use crate::provider::{Options, Response, Unread};
use crate::world::malformed::repeated;

pub(super) use query::{Query, query};

/// The setting that wraps what is answered.
pub(super) const ENVELOPE: &str = "envelope";

/// The setting that says which columns of a persona are answered.
pub(super) const COLUMNS: &str = "columns";

/// The setting that says how a delete is answered.
pub(super) const DELETE: &str = "delete";

/// The columns of `columns=row` beyond those of [`persona`](super::persona)'s table.
pub(super) const TIMES: [&str; 2] = ["created_at", "updated_at"];

const JSON: &str = "application/json";

/// Whether a body's first letter opens an array.
pub(super) fn is_batch(body: &[u8]) -> bool {
    without_marks(body).iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) == Some(&b'[')
}

/// The body, whatever its Content-Type: Next.js does not look at it.
pub(super) fn body(bytes: &[u8], unread: &mut Unread) -> Result<Document, VendorError> {
    let text = decode(bytes);
    let document = Document::read(&text).map_err(|_| VendorError::InvalidJson)?;
    if document.is_repeated() {
        repeated(&text).into_iter().for_each(|at| unread.note_repeated(|| at));
    }
    Ok(document)
}

/// The body, if there is one. Blanks and a lone byte order mark are a body, and no JSON (measured on Node 20).
pub(super) fn optional_body(bytes: &[u8], unread: &mut Unread) -> Result<Option<Document>, VendorError> {
    if bytes.is_empty() { Ok(None) } else { body(bytes, unread).map(Some) }
}

/// One persona.
pub(super) fn one(status: u16, persona: &Arc<Persona>, options: &Options) -> Response {
    let text = Columns::of(options).text(persona);
    if options.setting(ENVELOPE) != "data" {
        return answer(status, text.text().clone()).with_clean(text.clean());
    }
    let mut out = Body::with_capacity(text.text().len() + 16);
    out.push("{\"data\":");
    out.push_record(&text, |_, _| {});
    out.push("}");
    out.answer(status, JSON).inferred()
}

/// A page of personas.
pub(super) fn list(personas: &[&Arc<Persona>], total: usize, listing: &Listing, options: &Options) -> Response {
    let (before, after) = match options.setting(ENVELOPE) {
        "bare" => ("", String::new()),
        "data" => ("{\"data\":", "}".to_owned()),
        _ => {
            let mut meta = format!(",\"meta\":{{\"total\":{total},\"limit\":");
            print_number(listing.limit, &mut meta);
            meta.push_str(",\"offset\":");
            print_number(listing.offset, &mut meta);
            meta.push_str("}}");
            ("{\"personas\":", meta)
        }
    };
    around(before, personas.iter().copied(), Columns::of(options), &after).answer(200, JSON).inferred()
}

/// That a persona is gone. The newer page names 204 for it, the older one knows no answer without a body.
pub(super) fn deleted(options: &Options) -> Response {
    match options.setting(DELETE) {
        "204" => Response::new(204),
        _ => answer(200, "{\"success\":true}".to_owned()),
    }
}

/// An answer, with a hint where there is one to give.
pub(super) fn with_hint(answer: Response, hint: Option<impl AsRef<[u8]>>) -> Response {
    match hint {
        Some(hint) => answer.hint(hint),
        None => answer,
    }
}

/// What to know who sent an `id` of their own for a persona to be made.
pub(super) fn own_id(unread: &Unread) -> Option<&'static str> {
    let (item, name) = unread.first()?.strip_prefix('$')?.split_once('.')?;
    let stands_in_a_persona = item.is_empty() || item.starts_with('[');
    (stands_in_a_persona && name == "id").then_some("id is ignored where a persona is made: the vendor chooses it")
}

/// What the items of a batch came to.
#[derive(Debug)]
pub(super) struct Batch<T> {
    done: Vec<T>,
    failed: Vec<Failed>,
    /// Why the first that failed did, in plain words.
    first_failure: Option<String>,
    /// How many bytes of the answer those take that failed.
    failed_bytes: usize,
    /// The fields at fault: each name once, and the first item that has it.
    named: Vec<(String, usize)>,
}

/// An item that was refused, as the answer shows it.
#[derive(Debug)]
pub(super) struct Failed {
    index: usize,
    /// The item's `id` as it was sent, if it is a text.
    id: Option<Text>,
    /// The members of the error: a short text takes less than what was found.
    members: String,
    /// Why, in plain words, where it is the first.
    why: Option<String>,
    /// The fields at fault.
    fields: Vec<String>,
}

impl Failed {
    /// About how many bytes it takes beside its members.
    const AROUND: usize = 64;

    /// What an item was refused for. What would crash the vendor fails the whole batch.
    pub(super) fn of(item: Sent<'_>, error: VendorError, is_first: bool) -> Result<Self, VendorError> {
        if matches!(error, VendorError::TooDeep(_)) {
            return Err(error);
        }
        let id = match item.value {
            Value::Object(object) => object.get("id"),
            _ => None,
        };
        let id = if let Some(Value::Text(id)) = id { Some(id.clone()) } else { None };
        let mut members = String::new();
        error.push_members(&mut members);
        Ok(Self { index: 0, id, members, why: is_first.then(|| why(item, &error)), fields: error.fields("") })
    }

    /// About how many bytes of the answer it takes.
    pub(super) fn bytes(&self) -> usize {
        Self::AROUND + self.members.len()
    }
}

/// Whether the errors of a batch name the `id` that an item was sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// They do.
    ById,
    /// They do not: the id of an item to be made means nothing.
    ByIndex,
}

impl<T> Default for Batch<T> {
    fn default() -> Self {
        Self { done: Vec::new(), failed: Vec::new(), first_failure: None, failed_bytes: 0, named: Vec::new() }
    }
}

impl<T> Batch<T> {
    /// Notes what the next item came to. What would crash the vendor fails the whole batch.
    pub(super) fn note(&mut self, item: Sent<'_>, outcome: Result<T, VendorError>) -> Result<(), VendorError> {
        match outcome {
            Ok(done) => self.done.push(done),
            Err(error) => self.note_failed(Failed::of(item, error, self.failed.is_empty())?),
        }
        Ok(())
    }

    /// Notes that the next item was refused.
    pub(super) fn note_failed(&mut self, mut failed: Failed) {
        failed.index = self.done.len() + self.failed.len();
        if self.failed.is_empty() {
            self.first_failure = failed.why.take();
        }
        self.failed_bytes += failed.bytes();
        for field in std::mem::take(&mut failed.fields) {
            if !self.named.iter().any(|(known, _)| *known == field) {
                self.named.push((field, failed.index));
            }
        }
        self.failed.push(failed);
    }

    /// About how many bytes of the answer those take that failed.
    pub(super) fn failed_bytes(&self) -> usize {
        self.failed_bytes
    }

    /// Whether no item was taken.
    pub(super) fn is_refused(&self) -> bool {
        self.done.is_empty()
    }

    /// Whether every item was taken.
    pub(super) fn is_done(&self) -> bool {
        self.failed.is_empty()
    }

    fn status(&self, whole: u16) -> u16 {
        match (self.done.is_empty(), self.failed.is_empty()) {
            (_, true) => whole,
            (true, false) => 400,
            (false, false) => 207,
        }
    }

    /// The answer, with a hint at the first item that failed.
    fn answer(&self, whole: u16, body: impl Into<Bytes>) -> Response {
        let named = self.named.iter().map(|(field, index)| format!("$[{index}]{field}"));
        let answer = answer(self.status(whole), body).naming(named);
        let Some(why) = &self.first_failure else { return answer };
        // A 207 says nothing of it.
        answer.refusing().hint(match self.failed.len() {
            1 => why.clone(),
            2 => format!("{why}; 1 more item was refused"),
            failed => format!("{why}; {} more items were refused", failed - 1),
        })
    }
}

/// Why an item of a batch was refused, in plain words where the vendor's are few.
fn why(item: Sent<'_>, error: &VendorError) -> String {
    let number = match item.place {
        Place::Body => 0,
        Place::Item(number) => number,
    };
    let Value::Object(object) = item.value else {
        let came = with_article(zod::received(Some(item.value)));
        return format!("item {number} is {came}; expected an object such as {{\"id\": \"...\"}}");
    };
    let reason = match error {
        VendorError::Invalid(findings) => match findings.iter().next() {
            Some((field, _)) if object.get(field).is_none() => format!("{field} is missing"),
            Some((field, text)) => match findings.plain().next() {
                Some((_, expected, _)) => format!("{field} is not of the right form; expected {expected}"),
                None => format!("{field}: {text}"),
            },
            None => error.text().to_owned(),
        },
        VendorError::IdRequired if object.get("id").is_none() => "id is missing".to_owned(),
        VendorError::PersonaNotFound => "no persona has its id".to_owned(),
        VendorError::ProjectNotFound => "no project has its project_id".to_owned(),
        VendorError::Forbidden => "its project belongs to another user".to_owned(),
        error => error.text().to_owned(),
    };
    format!("item {number} was refused: {reason}")
}

/// What JavaScript calls a type, as a sentence says it.
fn with_article(kind: &str) -> String {
    match kind {
        "null" | "undefined" => kind.to_owned(),
        "array" | "object" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

/// A batch of personas made or changed.
pub(super) fn batch(status: u16, batch: &Batch<Arc<Persona>>, naming: Naming, options: &Options) -> Response {
    let before = if options.setting(ENVELOPE) == "data" { "{\"data\":" } else { "{\"personas\":" };
    let mut after = String::new();
    push_failed(batch, naming, &mut after);
    let body = around(before, &batch.done, Columns::of(options), &after);
    batch.answer(status, body.into_bytes())
}

/// A batch of personas deleted.
pub(super) fn deleted_batch(batch: &Batch<Uuid>) -> Response {
    let mut out = "{\"deleted\":".to_owned();
    push_array(&batch.done, &mut out, |id, out| out.push_str(&format!("\"{id}\"")));
    push_failed(batch, Naming::ById, &mut out);
    batch.answer(200, out)
}

fn push_failed<T>(batch: &Batch<T>, naming: Naming, out: &mut String) {
    out.push_str(",\"errors\":");
    push_array(&batch.failed, out, |failed, out| {
        out.push_str(&format!("{{\"index\":{},", failed.index));
        if let (Naming::ById, Some(id)) = (naming, &failed.id) {
            out.push_str("\"id\":");
            id.push_json(out);
            out.push(',');
        }
        out.push_str(&failed.members);
        out.push('}');
    });
    let (succeeded, failed) = (batch.done.len(), batch.failed.len());
    let total = succeeded + failed;
    out.push_str(&format!(",\"meta\":{{\"total\":{total},\"succeeded\":{succeeded},\"failed\":{failed}}}}}"));
}

/// A list of personas between these parts of an envelope.
fn around<'p>(
    before: &str,
    personas: impl IntoIterator<Item = &'p Arc<Persona>>,
    columns: Columns,
    after: &str,
) -> Body {
    let texts: Vec<_> = personas.into_iter().map(|persona| columns.text(persona)).collect();
    let bytes: usize = texts.iter().map(|text| text.text().len() + 1).sum();
    let mut out = Body::with_capacity(before.len() + bytes + after.len() + 2);
    out.push(before);
    out.push("[");
    for (number, text) in texts.iter().enumerate() {
        out.push(if number > 0 { "," } else { "" });
        out.push_record(text, |_, _| {});
    }
    out.push("]");
    out.push(after);
    out
}

fn push_array<T>(items: impl IntoIterator<Item = T>, out: &mut String, push: impl Fn(T, &mut String)) {
    out.push('[');
    for (number, item) in items.into_iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        push(item, out);
    }
    out.push(']');
}

/// The columns of a persona that are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Columns {
    /// Those of the vendor's page.
    Documented,
    Row,
}

impl Columns {
    fn of(options: &Options) -> Self {
        if options.setting(COLUMNS) == "row" { Self::Row } else { Self::Documented }
    }

    /// The JSON of a persona with these columns.
    fn text(self, persona: &Arc<Persona>) -> Arc<Pieces> {
        let texts = match self {
            Self::Documented => &DOCUMENTED,
            Self::Row => &ROWS,
        };
        texts.get(persona, || {
            let mut out = String::with_capacity(1_024);
            push_persona(persona, self, &mut out);
            Pieces::whole(out)
        })
    }
}

/// The JSON of the personas that were shown last.
static DOCUMENTED: Texts<Persona> = Texts::new();
static ROWS: Texts<Persona> = Texts::new();

fn push_persona(persona: &Persona, columns: Columns, out: &mut String) {
    push_id("{\"id\":\"", persona.id, out);
    push_id("\",\"project_id\":\"", persona.project, out);
    out.push_str("\",\"name\":");
    persona.name.push_json(out);
    persona.push_documented(out);
    if columns == Columns::Row {
        persona.push_further(out);
        for (field, time) in TIMES.into_iter().zip([persona.created_at, persona.updated_at]) {
            push_key(field, out);
            match time {
                Some(time) => out.push_str(&format!("\"{}\"", microseconds(time))),
                None => out.push_str("null"),
            }
        }
    }
    out.push('}');
}

/// A time as the newer page shows one, `2026-03-15T10:30:00Z`; as fine as the vendor's database keeps it (inferred).
fn microseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

/// No answer but an error has a shape that the vendor's pages show.
fn answer(status: u16, body: impl Into<Bytes>) -> Response {
    Response::new(status).body(JSON, body).inferred()
}
