//! The envelope that every answer of Axero's own wears.

use serde::Serialize;

use crate::dialects::json_net;
use crate::json::Written;
use crate::provider::Response;
use crate::provider::kept::{Body, Gap};

const JSON: &str = "application/json; charset=utf-8";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'a, T> {
    is_error: bool,
    response_message: &'a str,
    response_data: T,
    /// On lists alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    total_records: Option<usize>,
}

/// What was asked for, with Axero's text.
pub(super) fn succeeded(text: &str, data: impl Serialize) -> Response {
    respond(200, &Envelope { is_error: false, response_message: text, response_data: data, total_records: None })
}

/// The same with data of about so many bytes, which are written into the body; `total_records` on lists alone.
pub(super) fn around(
    text: &str,
    total_records: Option<usize>,
    bytes: usize,
    write: impl FnOnce(&mut Body),
) -> Response {
    let envelope = Envelope { is_error: false, response_message: text, response_data: DATA, total_records };
    let Written { text, gaps } = json_net::written(&envelope).unwrap_or_default();
    let (before, after) = text.split_at(gaps.first().map_or(text.len(), |(at, _)| *at));
    let mut body = Body::with_capacity(text.len() + bytes);
    body.push(before);
    write(&mut body);
    body.push(after);
    body.answer(200, JSON)
}

/// Where the data stands in an envelope.
const DATA: Gap = Gap(0);

/// An error of Axero's own.
pub(crate) fn failed(status: u16, text: &str) -> Response {
    let envelope = Envelope { is_error: true, response_message: text, response_data: (), total_records: None };
    respond(status, &envelope).refusing()
}

/// Any JSON answer, as the framework's formatter writes it.
pub(crate) fn respond(status: u16, body: &impl Serialize) -> Response {
    match json_net::write(body) {
        Ok(bytes) => Response::new(status).body(JSON, bytes),
        Err(error) => {
            tracing::error!(%error, "an answer has no JSON form");
            Response::new(500)
        }
    }
}
