//! An answer as a provider makes it.

use bytes::Bytes;
use serde::Serialize;

use crate::json::{self, Escaping};
use crate::provider::{HeaderName, HeaderValue, WrongPart};
use crate::world::journal::Clean;

/// The header field that says what the client probably got wrong: no body of a vendor's is touched for it.
pub(crate) const HINT: HeaderName = HeaderName::from_static("x-mock-hint");

/// Says what of the request the mock itself refuses: a sandbox, a fault that it wants.
pub(crate) const ERROR: HeaderName = HeaderName::from_static("x-mock-error");

/// An answer: status, header fields in order, body.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    status: u16,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    /// What is known of the body before the journal copies it.
    clean: Option<Clean>,
    inferred: bool,
    refuses: bool,
    by_rule: bool,
    unread: Unread,
    wrong: Vec<WrongPart>,
    named: Vec<String>,
}

/// What of a request its vendor's reader passed over, as members that bind to nothing and parameters that nobody asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unread {
    first: Option<Box<str>>,
    count: usize,
    /// Whether the first is a name that was sent again.
    is_repeated: bool,
}

impl Unread {
    /// Notes one. `at` says where it stands, such as `$.rolle` or `query.page`; it is asked for the first one alone.
    pub fn note(&mut self, at: impl FnOnce() -> String) {
        if self.first.is_none() {
            self.first = Some(at().into());
        }
        self.count += 1;
    }

    /// Notes a member whose name comes again in its object, where the last one counts.
    pub fn note_repeated(&mut self, at: impl FnOnce() -> String) {
        self.is_repeated |= self.first.is_none();
        self.note(at);
    }

    /// Whether the first is a member whose name comes again.
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        self.is_repeated
    }

    /// Where the first stands, if anything was passed over.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        self.first.as_deref()
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Those of two readers, one after the other.
    #[must_use]
    pub fn and(self, then: Self) -> Self {
        let is_repeated = if self.first.is_some() { self.is_repeated } else { then.is_repeated };
        Self { first: self.first.or(then.first), count: self.count + then.count, is_repeated }
    }
}

impl Response {
    /// An answer without header fields and body.
    #[must_use]
    pub fn new(status: u16) -> Self {
        // With the fields of our own few have more.
        let (headers, body) = (Vec::with_capacity(8), Bytes::new());
        Self {
            status,
            headers,
            body,
            clean: None,
            inferred: false,
            refuses: false,
            by_rule: false,
            unread: Unread::default(),
            wrong: Vec::new(),
            named: Vec::new(),
        }
    }

    /// Adds a header field. A value that no header can carry is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl AsRef<[u8]>) -> Self {
        self.push(name, value);
        self
    }

    /// Says in `X-Mock-Hint` what the client probably got wrong. The journal's entry says the same.
    #[must_use]
    pub fn hint(self, text: impl AsRef<[u8]>) -> Self {
        self.header(HINT, text)
    }

    /// Adds a header field in place.
    pub fn push(&mut self, name: HeaderName, value: impl AsRef<[u8]>) {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            self.headers.push((name, value));
        }
    }

    /// Changes the values of a header field, where `change` gives another.
    #[must_use]
    pub(crate) fn map_header(mut self, name: &HeaderName, change: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Self {
        for (_, value) in self.headers.iter_mut().filter(|(known, _)| known == name) {
            if let Some(changed) = change(value.as_bytes()).and_then(|value| HeaderValue::from_bytes(&value).ok()) {
                *value = changed;
            }
        }
        self
    }

    /// Sets the body and its media type.
    #[must_use]
    pub fn body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.headers.push((http::header::CONTENT_TYPE, HeaderValue::from_static(content_type)));
        self.body = body.into();
        self.clean = None;
        self
    }

    /// Says of the body what is known of the records in it.
    #[must_use]
    pub(crate) fn with_clean(mut self, clean: Option<Clean>) -> Self {
        self.clean = clean;
        self
    }

    /// That the body holds no secret, where that is known.
    pub(crate) fn clean(&self) -> Option<Clean> {
        self.clean
    }

    /// Sets a body of compact JSON.
    ///
    /// A value that has no JSON form, which no type of this crate has, leaves the body empty.
    #[must_use]
    pub fn json(self, content_type: &'static str, value: &impl Serialize) -> Self {
        self.written(content_type, json::write_any(value))
    }

    /// Sets a body of a type of this crate, as compact JSON.
    pub(crate) fn json_of_own(self, content_type: &'static str, value: &impl Serialize) -> Self {
        self.written(content_type, json::write(value, Escaping::Least))
    }

    fn written(self, content_type: &'static str, json: serde_json::Result<Vec<u8>>) -> Self {
        match json {
            Ok(body) => self.body(content_type, body),
            Err(error) => {
                tracing::error!(%error, "an answer has no JSON form");
                self
            }
        }
    }

    /// Sets another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Sets a header field in place of those of its name. A value that no header can carry is left out.
    pub(crate) fn replace(&mut self, name: &HeaderName, value: impl AsRef<[u8]>) {
        self.headers.retain(|(known, _)| known != name);
        self.push(name.clone(), value);
    }

    /// Status, header fields in order, body.
    pub(crate) fn into_parts(self) -> (u16, Vec<(HeaderName, HeaderValue)>, Bytes) {
        (self.status, self.headers, self.body)
    }

    /// Sets the date in place of any that is there.
    pub(crate) fn set_date(&mut self, date: HeaderValue) {
        self.headers.retain(|(known, _)| *known != http::header::DATE);
        self.headers.push((http::header::DATE, date));
    }

    /// Sets another body and leaves its media type.
    pub(crate) fn set_bytes(&mut self, body: Bytes) {
        self.body = body;
        self.clean = None;
    }

    /// Marks the shape of this answer as this project's guess: it carries `X-Mock-Provenance: inferred`.
    #[must_use]
    pub fn inferred(mut self) -> Self {
        self.inferred = true;
        self
    }

    /// Says what of the request the vendor's reader passed over. The vendor's words do not change for it.
    #[must_use]
    pub fn unread(mut self, unread: Unread) -> Self {
        self.unread = unread;
        self
    }

    /// What of the request the vendor's reader passed over.
    #[must_use]
    pub fn passed_over(&self) -> &Unread {
        &self.unread
    }

    /// Says which parts of the request the vendor's reader refused for their form, the first one first.
    #[must_use]
    pub(crate) fn wrong(mut self, parts: Vec<WrongPart>) -> Self {
        self.wrong = parts;
        self
    }

    /// The parts of the request that the vendor's reader refused for their form.
    #[must_use]
    pub(crate) fn wrong_parts(&self) -> &[WrongPart] {
        &self.wrong
    }

    /// The same answer with the places that a rule named beside those of [`Response::wrong_parts`], such as the fields of
    /// an item of a batch.
    #[must_use]
    pub(crate) fn naming(mut self, places: impl IntoIterator<Item = String>) -> Self {
        self.named.extend(places);
        self
    }

    /// Every place that a rule named when it refused.
    pub(crate) fn named_places(&self) -> impl Iterator<Item = &str> {
        self.wrong.iter().map(WrongPart::at).chain(self.named.iter().map(String::as_str))
    }

    /// Says that this answer refuses the request, where its status says that all is well.
    #[must_use]
    pub fn refusing(mut self) -> Self {
        self.refuses = true;
        self
    }

    /// Whether this answer refuses the request or tells of a failure, by its status or in its body.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.refuses || self.status >= 400
    }

    /// Says that a rule of the vendor's business refuses, where the status says that the caller lacks a right.
    #[must_use]
    pub(crate) fn by_rule(mut self) -> Self {
        self.by_rule = true;
        self
    }

    /// Whether it said so.
    pub(crate) fn is_by_rule(&self) -> bool {
        self.by_rule
    }

    /// The status code.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The header fields, in order.
    #[must_use]
    pub fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// Whether the shape of this answer is a guess.
    #[must_use]
    pub fn is_inferred(&self) -> bool {
        self.inferred
    }
}

#[cfg(test)]
mod tests {
    use super::Unread;

    #[test]
    fn of_what_was_passed_over_the_first_is_told_and_all_are_counted() {
        let noted = |names: &[&str]| {
            let mut unread = Unread::default();
            names.iter().for_each(|name| unread.note(|| (*name).to_owned()));
            unread
        };
        let both = noted(&[]).and(noted(&["query.a", "query.b"])).and(noted(&["$.c"]));
        assert_eq!((both.first(), both.count()), (Some("query.a"), 3));
        let mut again = Unread::default();
        again.note_repeated(|| "$.d".to_owned());
        assert!(noted(&[]).and(again.clone()).is_repeated() && !noted(&["$.c"]).and(again).is_repeated());
        assert_eq!(noted(&[]), Unread::default());
    }
}
