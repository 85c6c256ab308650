//! A call whose credential is refused: which credential may be named to it, and what is said of each refusal.

use std::fmt::Display;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;

use super::form::Form;
use super::reason::{Reason, shown};
use crate::provider::{Call, Request};

/// A call whose credential is refused, and the form that is wanted.
pub(crate) struct Refused<'c, 'a, S> {
    pub(crate) call: &'c Call<'a, S>,
    pub(crate) form: &'static Form,
    /// A credential of the state that a hint may name.
    example: Option<String>,
}

/// What JavaScript makes of a token where a client had none. No secret is one of them.
const PLACEHOLDERS: [&str; 4] = ["undefined", "null", "NaN", "[object Object]"];

impl<'c, 'a, S: Clone> Refused<'c, 'a, S> {
    /// A refused call. The first candidate that the request does not say itself may be named.
    pub(crate) fn new(
        call: &'c Call<'a, S>,
        form: &'static Form,
        mut candidates: impl Iterator<Item = String>,
    ) -> Self {
        let may_name = |text: &String| call.may_name(text) && is_plain(text);
        let example =
            candidates.find(|text| may_name(text) && !says(&call.request, text) && !tells(text, &call.request));
        Self { call, form, example }
    }

    /// What is found and what to do.
    pub(crate) fn because(&self, found: impl Display) -> Reason {
        self.form.because(found, self.example.as_deref())
    }

    /// No credential was found where the vendor looks.
    pub(crate) fn nothing(&self) -> Reason {
        self.form.missing(&self.call.request, self.example.as_deref())
    }

    /// A credential that nobody lists, where only listed ones pass.
    pub(crate) fn unlisted(&self, credential: &str) -> Reason {
        let noun = self.form.noun;
        self.other(credential).unwrap_or_else(|| {
            self.because(format_args!("the {noun} is not listed in the fixture, which --auth strict asks for"))
        })
    }

    /// A credential that is another vendor's, or none at all.
    pub(crate) fn other(&self, credential: &str) -> Option<Reason> {
        let noun = self.form.noun;
        if let Some(word) = PLACEHOLDERS.iter().find(|word| **word == credential) {
            let found = format!("the {noun} is the word {word}, which the client probably did not mean");
            return Some(self.because(found));
        }
        let owner = self.call.other_owner(credential)?;
        Some(
            self.because(format_args!("the {noun} is a credential of {}, another provider of this mock", shown(owner))),
        )
    }

    /// A credential whose time is over.
    pub(crate) fn expired(&self, since: Timestamp) -> Reason {
        self.because(format_args!("the {} expired {since:.0}", self.form.noun))
    }

    /// A credential that was taken back.
    pub(crate) fn revoked(&self) -> Reason {
        self.because(format_args!("the {} was revoked", self.form.noun))
    }
}

/// Whether a text can stand in a header field as it is, and is short.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a request says a text anywhere, in any letter case: such a text is its secret.
fn says(request: &Request<'_>, text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let has = |bytes: &[u8]| memchr::memmem::find(&bytes.to_ascii_lowercase(), text.as_bytes()).is_some();
    let basic = |bytes: &[u8]| {
        let encoded = bytes.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
        BASE64.decode(encoded).is_ok_and(|decoded| has(&decoded))
    };
    request.headers.iter().any(|(_, value)| has(value.as_bytes()) || basic(value.as_bytes()))
        || request.query_pairs().any(|(name, value)| has(name.as_bytes()) || has(value.as_bytes()))
        || has(request.path.as_bytes())
        || has(request.body)
}

/// Whether a text has a value in it that a request sends where credentials are sent.
fn tells(text: &str, request: &Request<'_>) -> bool {
    let text = text.to_ascii_lowercase();
    // A shorter value is in many texts.
    let has = |value: &str| value.len() >= 4 && text.contains(&*value.to_ascii_lowercase());
    let field = |value: &str| value.split([' ', '\t', ';', '=', ',']).any(has);
    request.headers.iter().any(|(_, value)| value.to_str().is_ok_and(field))
        || request.query_pairs().any(|(_, value)| has(&value))
}
