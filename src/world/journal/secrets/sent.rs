//! What of a request is secret, for whoever says something about that request.
//!
//! A sentence is made of our own words and of pieces of the request. It asks of each piece before it is put in, so that
//! nothing has to be sought and taken out afterwards: our own words may be anybody's password.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use memchr::memmem;

use super::edit::REDACTED;
use super::fold::folded;
use super::known::{ANYWHERE, Known, Reach, Secret, Side, WORD, is_apart};
use super::plain::is_unmarked;
use super::{body, listed, names, request_fields, target, values};
use crate::world::name::Name;

/// As much of a piece is looked at. A sentence shows far less of it.
const LOOKED_AT: usize = 4_096;

/// How long header fields and body mostly are at most.
const USUAL: usize = 512;

/// As much of a secret must be there.
const ENOUGH: usize = 256;

/// The secrets of a request.
#[derive(Default)]
pub(crate) struct Secrets<'a> {
    known: Cow<'a, Known>,
    /// Whether the sandbox lists a text as a credential.
    is_listed: Option<&'a dyn Fn(&str) -> bool>,
}

impl fmt::Debug for Secrets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

impl<'a> Secrets<'a> {
    /// Those of a request: its path and query, its header fields, its body. `credentials` are the header fields that carry
    /// one at some provider.
    pub(crate) fn of<'h>(
        path_and_query: &str,
        headers: impl Iterator<Item = (&'h str, &'h [u8])> + Clone,
        content: &[u8],
        credentials: &[Name],
    ) -> Self {
        let (mut known, mut out) = (Known::default(), Vec::with_capacity(path_and_query.len() + USUAL));
        target(&mut out, path_and_query, &mut known);
        request_fields(&mut out, headers, credentials, None, &mut known);
        // What is learnt does not hang on how much of the copy is kept.
        body(&mut out, content, None, 0, Side::Request, &mut known);
        Self { known: Cow::Owned(known), is_listed: None }
    }

    /// The same, and what the sandbox lists as a credential.
    pub(crate) fn or_listed<'b>(&'b self, is_listed: &'b dyn Fn(&str) -> bool) -> Secrets<'b> {
        Secrets { known: Cow::Borrowed(&self.known), is_listed: Some(is_listed) }
    }

    /// Whether a piece of the request has a secret in it.
    pub(crate) fn are_in(&self, piece: &str) -> bool {
        let text = piece.as_bytes().get(..LOOKED_AT).unwrap_or(piece.as_bytes());
        // Most pieces are words and ids, which have no escapes and no form of a credential.
        match is_unmarked(text) {
            true => self.are_in_text(piece, text, true),
            false => self.are_in_text(piece, &folded(text), false),
        }
    }

    /// The same of a piece that reads so without its escapes.
    fn are_in_text(&self, piece: &str, text: &[u8], is_unmarked: bool) -> bool {
        if piece.is_empty() {
            return false;
        }
        self.known.is_overfull()
            || self.known.is_name(text)
            || self.known.secrets.iter().any(|secret| secret.is_in(text, Reach::Word))
            || (!is_unmarked && values::has_one(text))
            || self.is_listed.is_some_and(|is_listed| is_listed(piece) || listed::is_in(text, is_listed))
    }

    /// Whether a sentence of the vendor's repeats a secret of the request. A word that both use is no repetition.
    pub(crate) fn are_repeated_in(&self, sentence: &str) -> bool {
        let text = folded(sentence.as_bytes());
        self.known.is_overfull() || self.known.secrets.iter().any(|secret| secret.is_in(&text, secret.reach))
    }

    /// Whether a piece of the request is a secret, has one in it or is a part of one.
    pub(crate) fn cover(&self, piece: &str) -> bool {
        self.are_in(piece) || self.have_part(&folded(piece.as_bytes()))
    }

    /// Whether a text without escapes is a part of one of them.
    fn have_part(&self, text: &[u8]) -> bool {
        let text = text.trim_ascii();
        let may_be_part = |secret: &&Arc<Secret>| secret.text.len() >= text.len();
        let is_part_of = |secret: &Arc<Secret>| memmem::find(&secret.text, text).is_some();
        text.len() >= ANYWHERE && self.known.secrets.iter().filter(may_be_part).any(is_part_of)
    }

    /// Whether a name that was sent is a secret, and no name of a field.
    pub(crate) fn are_named(&self, name: &str) -> bool {
        values::is_like_a_token(name) || self.cover(name)
    }

    /// A method as a sentence shows it.
    pub(crate) fn method<'m>(&self, method: &'m str) -> &'m str {
        // The methods that clients have are shorter.
        if method.len() >= ANYWHERE && self.are_named(method) { REDACTED } else { method }
    }

    /// A path as a sentence shows it. A segment of a path that is served is nobody's secret.
    pub(crate) fn path<'p>(&self, raw: &'p str, is_served: impl Fn(&str) -> bool) -> Cow<'p, str> {
        let is_unmarked = raw.len() <= LOOKED_AT && is_unmarked(raw.as_bytes());
        let is_secret = |segment: &str| {
            let is_covered = if is_unmarked {
                self.are_in_text(segment, segment.as_bytes(), true) || self.have_part(segment.as_bytes())
            } else {
                self.cover(&String::from_utf8_lossy(&folded(segment.as_bytes())))
            };
            is_covered && !is_served(segment)
        };
        // What has no escapes and no form of a credential is shown as it is.
        let path = if is_unmarked { Cow::Borrowed(raw) } else { super::shown_path(raw) };
        match path.split('/').any(is_secret) {
            true => path
                .split('/')
                .map(|segment| if is_secret(segment) { REDACTED } else { segment })
                .collect::<Vec<_>>()
                .join("/")
                .into(),
            false => path,
        }
    }

    /// A sentence that was made elsewhere, without what is surely a secret of the request. It is made of words, and a
    /// secret that is a word may be one of them. What stands in quotation marks is a piece of the request, or an example.
    pub(crate) fn taken_out_of<'s>(&self, sentence: &'s str) -> Cow<'s, str> {
        let mut out = Cow::Borrowed(sentence);
        let is_quoted = |(number, piece): (usize, &str)| number % 2 == 1 && self.cover(piece);
        if sentence.split('"').enumerate().any(is_quoted) {
            let pieces = sentence.split('"').enumerate();
            let pieces = pieces.map(|(number, piece)| if is_quoted((number, piece)) { REDACTED } else { piece });
            out = pieces.collect::<Vec<_>>().join("\"").into();
        }
        for secret in self.known.secrets.iter().filter(|secret| secret.reach == Reach::Sure) {
            if let Ok(text) = std::str::from_utf8(&secret.text)
                && out.contains(text)
            {
                out = out.replace(text, REDACTED).into();
            }
        }
        out
    }
}

/// Whether the name of a field tells that its value is a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    names::is_secret_field(name.as_bytes())
}

impl Secret {
    /// Whether it stands in a text without escapes, as far as its reach goes, or that which one of some length has at least.
    fn is_in(&self, text: &[u8], least: Reach) -> bool {
        let start = self.text.get(..ENOUGH).unwrap_or(&self.text);
        let stands_apart = |at: usize| {
            let before = at.checked_sub(1).and_then(|before| text.get(before));
            is_apart(before) && is_apart(text.get(at + start.len()))
        };
        if start.len() > text.len() {
            return false;
        }
        let reach = if self.text.len() < WORD { self.reach } else { self.reach.max(least) };
        match reach {
            Reach::Whole => text.trim_ascii() == self.text,
            Reach::Word => memmem::find_iter(text, start).any(stands_apart),
            Reach::Anywhere | Reach::Sure => memmem::find(text, start).is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(authorization: &str, body: &str) -> Secrets<'static> {
        let fields = [("authorization", authorization.as_bytes()), ("content-type", b"application/json")];
        Secrets::of("/v1/a?token=q1-secret-4242", fields.into_iter(), body.as_bytes(), &["authorization".into()])
    }

    #[test]
    fn what_was_sent_in_a_secret_place_is_known_elsewhere() {
        let secrets =
            secrets("Bearer abc-4242-def+sandbox.t/SEKRET", r#"{"password": 5150, "pin": "S3k", "name": "Ada"}"#);
        for piece in ["abc-4242-def", "x abc-4242-def", "t/SEKRET", "5150", "S3k", "q1-secret-4242", "a%62c-4242-def"] {
            assert!(secrets.cover(piece), "{piece}");
        }
        for piece in ["Ada", "name", "S3kret", "51501", "", "def", "sandbox"] {
            assert!(!secrets.cover(piece), "{piece}");
        }
        let secrets = self::secrets("Bearer x", r#"{"password": "your-password"}"#);
        let form = r#"{"current":"your-password"}"#;
        assert!(
            secrets.cover(form) && !secrets.are_repeated_in("your-password is not it") && secrets.cover("Bearer SEK")
        );
        assert!(secrets.or_listed(&|text| text == "listed").cover("listed"));
    }

    #[test]
    fn a_typo_is_shown_and_a_token_in_the_place_of_a_name_is_not() {
        let secrets = secrets("Bearer abc-4242-def", "");
        for name in ["nmae", "PersonaMatchConditions", "address_line_1_of_the_sender", "2", "12345678901234567890123"] {
            assert!(!secrets.are_named(name), "{name}");
        }
        for name in ["abc-4242-def", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"] {
            assert!(secrets.are_named(name), "{name}");
        }
    }

    #[test]
    fn of_a_path_a_secret_segment_is_hidden_and_what_is_served_is_not() {
        let secrets = secrets("Bearer personas", "");
        let is_served = |segment: &str| segment == "personas";
        assert_eq!(secrets.path("/v1/personas/7", is_served), "/v1/personas/7");
        assert_eq!(secrets.path("/v1/personas/7", |_| false), "/v1/[redacted]/7");
        let secrets = Secrets::of("/v1/Bearer%20SEKRET", std::iter::empty(), b"", &[]);
        assert_eq!(secrets.path("/v1/SEKRET/Bearer%20SEKRET/7", |_| false), "/v1/[redacted]/[redacted]/7");
    }

    #[test]
    fn own_words_of_a_sentence_stay() {
        let secrets = secrets("Basic c2VuZDpCZWFyZXI=", "");
        let sentence = "the scheme is Basic and Bearer is wanted; send Authorization: Bearer x";
        assert_eq!(secrets.taken_out_of(sentence), sentence);
        let sure = self::secrets("Bearer abc-4242-def", "");
        assert_eq!(sure.taken_out_of("no fault abc-4242-def"), "no fault [redacted]");
        let listed = sure.or_listed(&|text| text == "listed-4242");
        let sentence = |found: &str| format!("X-Mock-Fault knows \"cut\"; found \"{found}\"");
        for found in ["listed-4242", "a=listed-4242", "Bearer X", "http://ann:hush@a.example/"] {
            assert_eq!(listed.taken_out_of(&sentence(found)), sentence("[redacted]"), "{found}");
        }
    }
}
