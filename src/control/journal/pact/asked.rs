//! A request as a Pact verifier sends it: what of it the file states, and what that becomes on the wire.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::file::Body;
use crate::control::explain::first;
use crate::world::journal::Text;

/// A form in which a file can state a request.
#[derive(Debug)]
pub(super) struct Form {
    /// Path and query, as a verifier sends them.
    pub(super) target: String,
    /// The query, as the file states it.
    pub(super) query: BTreeMap<String, Vec<String>>,
    /// The body, as the file states it.
    pub(super) written: Option<Body>,
    /// The body, as a verifier sends it.
    pub(super) body: Vec<u8>,
}

/// The forms in which a file can state a request, the most readable first.
pub(super) fn forms(text: &Text) -> Vec<Form> {
    let (path, query) = text.target().split_once('?').unwrap_or((text.target(), ""));
    let mut pairs = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        pairs.entry(name.into_owned()).or_default().push(value.into_owned());
    }
    let mut encoded = form_urlencoded::Serializer::new(String::new());
    encoded.extend_pairs(pairs.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value))));
    let encoded = encoded.finish();
    let target = if encoded.is_empty() { path.to_owned() } else { format!("{path}?{encoded}") };
    let media = first(text.request_fields(), "content-type");
    let form = |written, body| Form { target: target.clone(), query: pairs.clone(), written, body };
    let bytes = text.request_body();
    let mut forms = Vec::new();
    match body(bytes, media.as_deref()) {
        None => return vec![form(None, Vec::new())],
        Some(written) => {
            let sent = match &written.content {
                _ if written.encoded != json!(false) || !media.as_deref().is_some_and(is_json) => bytes.to_vec(),
                // A verifier sorts the members.
                json => sorted(json).to_string().into_bytes(),
            };
            forms.push(form(Some(written), sent));
        }
    }
    if forms.first().is_some_and(|first| first.body != bytes) {
        forms.push(form(Some(as_base64(bytes, media.as_deref())), bytes.to_vec()));
    }
    forms
}

fn sorted(value: &Value) -> Value {
    let mut value = value.clone();
    value.sort_all_objects();
    value
}

fn as_base64(bytes: &[u8], media: Option<&str>) -> Body {
    Body { content: json!(STANDARD.encode(bytes)), content_type: media.map(str::to_owned), encoded: json!("base64") }
}

/// A body as a file states it; nothing where there is none.
pub(super) fn body(bytes: &[u8], media: Option<&str>) -> Option<Body> {
    if bytes.is_empty() {
        return None;
    }
    let is_json = media.is_some_and(is_json);
    let content_type = media.map(str::to_owned);
    let plain = |content| Some(Body { content, content_type: content_type.clone(), encoded: json!(false) });
    match serde_json::from_slice::<Value>(bytes) {
        // Where the type says JSON, a text is one of JSON's to a verifier, so all of JSON can be stated as it is.
        Ok(value) if is_json => plain(value),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) if !is_json && media.is_some() => plain(json!(text)),
            _ => Some(as_base64(bytes, media)),
        },
    }
}

fn is_json(media: &str) -> bool {
    let kind = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

/// Whether a header field of a request is sent again: it is the client's own word, and no verifier says it itself.
pub(super) fn is_sent(name: &str) -> bool {
    let by_start = ["x-mock-", "sec-", "proxy-"].iter().any(|start| name.starts_with(start));
    let by_name = matches!(
        name,
        "host"
            | "content-length"
            | "transfer-encoding"
            | "connection"
            | "keep-alive"
            | "te"
            | "trailer"
            | "upgrade"
            | "expect"
            | "user-agent"
            | "accept-encoding"
            | "origin"
            | "referer"
            | "traceparent"
            | "tracestate"
            | "baggage"
    );
    !by_start && !by_name
}
