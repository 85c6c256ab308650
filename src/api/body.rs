//! A body as the journal shows it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// How deep JSON may be nested to be shown as JSON.
const DEPTH: usize = 64;

/// A body: `json` where it is JSON, as it was written, and not nested beyond reason; else `text`; else `base64`; none where it is empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Body {
    /// The body, where it is JSON.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "there")]
    #[schemars(with = "Option<Value>")]
    pub json: Option<Json>,
    /// The body, where it is text of another kind or cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The body, where it is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// How many bytes it had.
    pub size: usize,
    /// Whether only its start is kept.
    pub cut: bool,
}

/// JSON as it was written.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Json(Box<RawValue>);

impl Body {
    /// A body of which so much is kept.
    pub(crate) fn of(kept: &[u8], size: usize, cut: bool) -> Self {
        let (mut json, mut text, mut base64) = (None, None, None);
        match std::str::from_utf8(kept) {
            Ok("") => {}
            Ok(kept) => match serde_json::from_str::<&RawValue>(kept) {
                Ok(raw) if !cut && !is_deep(kept) && is_strict(kept) => json = Some(Json(raw.to_owned())),
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

    /// The value of a body that is JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        self.json.as_ref().map(Json::value)
    }
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { json: Some(json), .. } => write!(f, "{:#}", json.value()),
            Self { text: Some(text), .. } => f.write_str(text),
            Self { base64: Some(base64), .. } => write!(f, "base64: {base64}"),
            _ => Ok(()),
        }
    }
}

impl Json {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::from_str(self.0.get()).unwrap_or_default()
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str() || self.value() == other.value()
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Within a flattened member serde has taken the text apart already.
        let value = Value::deserialize(deserializer)?;
        serde_json::value::to_raw_value(&value).map(Self).map_err(serde::de::Error::custom)
    }
}

/// A body that is there, `null` included.
fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

/// Whether every reader takes it: some vendors read and print half a surrogate pair.
fn is_strict(json: &str) -> bool {
    serde_json::from_str::<Value>(json).is_ok()
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_reads_back_as_it_was_written() {
        for (kept, cut) in
            [(&b"{\"a\": [1.50, null]}"[..], false), (b"null", false), (b"ab\xc3", true), (b"\xff", false)]
        {
            let body = Body::of(kept, kept.len(), cut);
            let sent = serde_json::to_string(&body).expect("JSON");
            assert_eq!(serde_json::from_str::<Body>(&sent).expect("a body"), body, "{sent}");
        }
        let body = Body::of(b"{\"a\": 1.50}", 11, false);
        assert_eq!(
            (body.json(), body.json.as_ref().map(Json::as_str)),
            (Some(json!({"a": 1.5})), Some("{\"a\": 1.50}"))
        );
    }
}
