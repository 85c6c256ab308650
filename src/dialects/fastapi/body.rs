//! The body of a request, before anything in it is looked at.

use std::borrow::Cow;

use crate::dialects::python::{Fault, Value, decode, read};

/// A body as its Content-Type says to take it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum BodyText<'a> {
    /// There is none.
    Absent,
    /// JSON, decoded.
    Json(Cow<'a, [u8]>),
    /// Anything else: it stays bytes.
    Raw(&'a [u8]),
}

/// A body that was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body<'a> {
    /// There is none, or it is `null`.
    Absent,
    /// A JSON value.
    Json(Value<'a>),
    /// A body that is not JSON by its Content-Type and that is text.
    Text(&'a str),
    /// One that is no text.
    Bytes,
}

/// Why a body cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyFault {
    /// It is no JSON: 422, at this position in code points.
    Malformed {
        /// Where, in code points.
        position: usize,
        /// What Python's reader says.
        message: &'static str,
    },
    /// Wrong bytes, too long an integer, too deep nesting: 400.
    Unparsable,
}

impl<'a> BodyText<'a> {
    /// Takes a body by the first of its Content-Type header fields.
    ///
    /// # Errors
    ///
    /// [`BodyFault::Unparsable`], where it is JSON in no encoding.
    pub(crate) fn of(bytes: &'a [u8], content_type: Option<&str>) -> Result<Self, BodyFault> {
        if bytes.is_empty() {
            Ok(Self::Absent)
        } else if content_type.is_none_or(is_json) {
            decode(bytes).map(Self::Json).ok_or(BodyFault::Unparsable)
        } else {
            Ok(Self::Raw(bytes))
        }
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// A [`BodyFault`].
    pub(crate) fn read(&self) -> Result<Body<'_>, BodyFault> {
        match self {
            Self::Absent => Ok(Body::Absent),
            Self::Raw(bytes) => Ok(std::str::from_utf8(bytes).map_or(Body::Bytes, Body::Text)),
            Self::Json(text) => match read(text) {
                Ok(Value::Null) => Ok(Body::Absent),
                Ok(value) => Ok(Body::Json(value)),
                Err(Fault::Syntax { position, message }) => Err(BodyFault::Malformed { position, message }),
                Err(Fault::Refused) => Err(BodyFault::Unparsable),
            },
        }
    }
}

/// `application/json` or `application/…+json` up to a `;`, in any case, with exactly one slash.
/// An empty field counts as none.
fn is_json(content_type: &str) -> bool {
    if content_type.is_empty() {
        return true;
    }
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let Some((main, sub)) = media_type.split_once('/') else {
        return false;
    };
    let sub = sub.as_bytes();
    let ends =
        |suffix: &[u8]| sub.len() >= suffix.len() && sub[sub.len() - suffix.len()..].eq_ignore_ascii_case(suffix);
    main.eq_ignore_ascii_case("application")
        && !sub.contains(&b'/')
        && (sub.eq_ignore_ascii_case(b"json") || ends(b"+json"))
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn knows_json_by_its_content_type() {
        for json in [
            "",
            "application/json",
            "APPLICATION/JSON ; x",
            " application/json",
            "application/a+JSON",
            "application/+json",
        ] {
            assert!(is_json(json), "{json:?}");
        }
        for other in [
            "text/json",
            "application/json, text/plain",
            "application/jsonx",
            "json",
            "application/",
            ";",
            "application/ json",
        ] {
            assert!(!is_json(other), "{other:?}");
        }
    }
}
