//! An entry of the journal as it is shown.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::call::{Call, sorted};
use super::explain::{Explainer, Hint, Ignored};
use crate::http::provider::Provenance;

/// How deep JSON may be nested to be shown as JSON.
const DEPTH: usize = 64;

/// One exchange.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntryView {
    /// Its id, of a stream of its own.
    #[schema(example = "5f0c954c-8a3b-4d7e-9a51-3f3f0f6c1d2e")]
    id: String,
    /// Its number in the sandbox since the journal was last emptied, from 1.
    number: u64,
    /// When it was answered, on the sandbox's clock.
    #[schema(value_type = String, example = "2026-01-15T12:00:00Z")]
    at: Timestamp,
    /// How long the answer took, in milliseconds of real time.
    took_ms: f64,
    /// The provider whose mount took it.
    #[schema(value_type = Option<String>)]
    provider: Option<&'static str>,
    /// The operation that answered.
    #[schema(value_type = Option<String>)]
    operation: Option<&'static str>,
    /// How the operation is known.
    provenance: Option<Provenance>,
    /// What was asked.
    request: RequestView,
    /// What was answered.
    answer: AnswerView,
    /// Whether the state was written.
    changed: bool,
    /// The fault that struck.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
    /// What the client sent and the vendor ignores.
    ignored: Vec<Ignored>,
    /// What was probably meant, where the request hit no operation or did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<Hint>,
}

/// What was asked.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RequestView {
    /// The method.
    method: String,
    /// Path and query as sent, without the sandbox's prefix; secrets are redacted.
    target: String,
    /// Names and values, sorted by name; secrets are redacted.
    headers: Vec<(String, String)>,
    /// The body.
    #[serde(flatten)]
    body: BodyView,
}

/// What was answered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AnswerView {
    /// The status.
    status: u16,
    /// Names and values, sorted by name; secrets are redacted.
    headers: Vec<(String, String)>,
    /// The body.
    #[serde(flatten)]
    body: BodyView,
}

/// A body: `json` where it is JSON, as it was written, and not nested beyond reason; else `text`; else `base64`; none where it is empty.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BodyView {
    /// The body, where it is JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    json: Option<Box<RawValue>>,
    /// The body, where it is text of another kind or cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The body, where it is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    /// How many bytes it had.
    size: usize,
    /// Whether only its start is kept.
    cut: bool,
}

impl BodyView {
    fn of(kept: &[u8], size: usize, cut: bool) -> Self {
        let (mut json, mut text, mut base64) = (None, None, None);
        match std::str::from_utf8(kept) {
            Ok("") => {}
            Ok(kept) => match serde_json::from_str::<&RawValue>(kept) {
                Ok(raw) if !cut && !is_deep(kept) && is_strict(kept) => json = Some(raw.to_owned()),
                _ => text = Some(kept.to_owned()),
            },
            // The cut may go through a character.
            Err(error) if cut && error.error_len().is_none() => {
                text = Some(String::from_utf8_lossy(kept.get(..error.valid_up_to()).unwrap_or_default()).into_owned());
            }
            Err(_) => base64 = Some(STANDARD.encode(kept)),
        }
        Self { json, text, base64, size, cut }
    }
}

/// Whether every reader takes it: some vendors read and print half a surrogate pair.
fn is_strict(json: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(json).is_ok()
}

/// Whether JSON is nested deeper than common readers follow: the page itself must stay readable.
fn is_deep(json: &str) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    json.bytes().any(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEPTH
    })
}

impl EntryView {
    /// A call as it is shown, explained.
    pub(super) fn of(call: &Call, explainer: &mut Explainer<'_>) -> Self {
        let exchange = &call.entry.exchange;
        let said = &exchange.text;
        let owned = |fields: Vec<(&str, std::borrow::Cow<'_, str>)>| {
            fields.into_iter().map(|(name, value)| (name.to_owned(), value.into_owned())).collect()
        };
        Self {
            id: call.entry.id().to_string(),
            number: call.entry.number,
            at: exchange.at,
            took_ms: (exchange.took.as_secs_f64() * 1e6).round() / 1e3,
            provider: exchange.provider,
            operation: exchange.operation,
            provenance: explainer.provenance(call),
            request: RequestView {
                method: said.method().to_owned(),
                target: said.target().to_owned(),
                headers: owned(sorted(said.request_fields())),
                body: BodyView::of(said.request_body(), said.request_size, said.request_cut),
            },
            answer: AnswerView {
                status: exchange.status,
                headers: owned(sorted(said.answer_fields())),
                body: BodyView::of(said.answer_body(), said.answer_size, said.answer_cut),
            },
            changed: exchange.changed,
            fault: exchange.fault.clone(),
            ignored: explainer.ignored(call),
            hint: explainer.hint(call),
        }
    }
}
