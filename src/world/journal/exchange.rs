//! One exchange, kept as one block of bytes.
//!
//! The block is copied out of the request and the answer: a shared slice would keep the whole buffer
//! alive that the connection was read into, and the journal could not say what it weighs.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::departure::{DeliveryState, Departure, Progress};
use super::secrets::{self, Clean, Kind, Known, Listed, Part, Side};
use crate::world::call::{Outcome, Reason};
use crate::world::fault::Struck;
use crate::world::history::Stamp;
use crate::world::ids::Seed;
use crate::world::name::Name;

/// What an exchange weighs beside its block: itself, its place in the ring, the allocator's own.
const OVERHEAD: usize = size_of::<Exchange>() + 64;

thread_local! {
    /// Where a block is written, before it is known how long it is.
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The largest room for that which a thread keeps.
const MOST_SCRATCH: usize = 64 << 10;

/// One request and its answer.
#[derive(Debug)]
pub struct Exchange {
    /// When it was answered, on the sandbox's clock.
    pub at: Timestamp,
    /// The sandbox's seed at that moment, of which the exchange's id is made.
    pub seed: Seed,
    /// How long the answer took until it left, in real time; where it did not leave at once, `departure` knows more.
    pub took: Duration,
    /// How it leaves, where a fault holds it back, slows or cuts it.
    pub departure: Option<Arc<Departure>>,
    /// The provider whose mount took it.
    pub provider: Option<Name>,
    /// Whether the letter case of its path counts.
    pub exact_case: bool,
    /// The operation that answered.
    pub operation: Option<Name>,
    /// What the server refused, as `Refusal::name` calls it.
    pub refused: Option<&'static str>,
    /// The status of the answer.
    pub status: u16,
    /// Whether the answer refuses, whatever its status says.
    pub refuses: bool,
    /// Whether the state was written.
    pub changed: bool,
    /// Which step of the sandbox's history it is.
    pub step: Stamp,
    /// The fault that struck.
    pub fault: Option<Box<Struck>>,
    /// Whether the fault made the answer, and not the vendor.
    pub canned: bool,
    /// What was probably meant, as JSON: what its answer's `X-Mock-Hint` says, and which fields.
    pub hint: Option<Box<str>>,
    /// Whether the sandbox was named by the base URL.
    pub prefixed: bool,
    /// `HTTP/1.1`.
    pub version: &'static str,
    /// What was said.
    pub text: Text,
}

impl Exchange {
    /// What became of it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self.departure.as_ref().map(|departure| departure.progress().state) {
            Some(DeliveryState::Cut | DeliveryState::ClientGone) => Outcome::Failed,
            _ => Outcome::of(self.status, self.refuses),
        }
    }

    /// Why it did not pass or was not read whole, where it has a hint.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        Reason::of_hint(self.hint.as_deref()?)
    }

    /// How it left, as far as it has.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let whole = || Progress {
            state: DeliveryState::Left,
            took: self.took,
            head: Some(self.took),
            body: self.text.answer_size,
        };
        self.departure.as_ref().map_or_else(whole, |departure| departure.progress())
    }

    /// How many bytes of memory it takes.
    #[must_use]
    pub fn weight(&self) -> usize {
        let owned = |name: &Option<Name>| match name {
            Some(Name::Owned(name)) => name.capacity(),
            _ => 0,
        };
        let names =
            owned(&self.provider) + owned(&self.operation) + self.fault.as_ref().map_or(0, |struck| struck.weight());
        let departure = self.departure.as_ref().map_or(0, |_| size_of::<Departure>() + 32);
        let hint = self.hint.as_ref().map_or(0, |hint| hint.len());
        OVERHEAD + departure + self.text.bytes.len() + names + hint
    }
}

/// One side of an exchange, as it is about to be kept.
#[derive(Debug)]
pub struct Message<'a, H> {
    /// The header fields.
    pub headers: H,
    /// The body.
    pub body: &'a [u8],
    /// That the body holds no secret, where that is known.
    pub(crate) clean: Option<Clean>,
}

/// What both sides said, without secrets.
#[derive(Debug)]
pub struct Text {
    /// Method, target, request's fields, request's body, answer's fields, answer's body.
    bytes: Box<[u8]>,
    /// Where each of the first five ends.
    ends: [usize; 5],
    /// How large the request's body was.
    pub request_size: usize,
    /// How large the answer's body was.
    pub answer_size: usize,
    /// Whether only the start of the request's body is kept.
    pub request_cut: bool,
    /// Whether only the start of the answer's body is kept.
    pub answer_cut: bool,
}

impl Text {
    /// Copies an exchange, with bodies cut at `cap` and without secrets. `credentials` are the header
    /// fields that carry one, beside those that everybody uses; `listed` knows those of the sandbox.
    pub fn write<'a>(
        line: (&str, &str),
        request: Message<'_, impl Iterator<Item = (&'a str, &'a [u8])> + Clone>,
        answer: Message<'_, impl Iterator<Item = (&'a str, &'a [u8])>>,
        cap: usize,
        credentials: &[Name],
        listed: Option<Listed<'_>>,
    ) -> Self {
        let (received, sent) = (request.body.len().min(cap), answer.body.len().min(cap));
        let mut bytes = SCRATCH.try_with(RefCell::take).unwrap_or_default();
        bytes.clear();
        bytes.reserve(line.1.len() + received + sent + 768);
        let mut known = Known::default();
        let known = &mut known;
        bytes.extend_from_slice(secrets::known_method(line.0, listed).as_bytes());
        let method = bytes.len();
        secrets::target(&mut bytes, line.1, known);
        let target = bytes.len();
        secrets::request_fields(&mut bytes, request.headers, credentials, listed, known);
        let fields = bytes.len();
        let received_end = fields + secrets::body(&mut bytes, request.body, None, cap, Side::Request, known);
        let request_end = bytes.len();
        if let Some(listed) = listed {
            secrets::learn_listed(line.1.as_bytes(), listed, known);
            secrets::learn_listed(request.body, listed, known);
        }
        known.close();
        secrets::fields(&mut bytes, Side::Answer, answer.headers, credentials, None, known);
        let answer_fields = bytes.len();
        let sent_end = answer_fields + secrets::body(&mut bytes, answer.body, answer.clean, cap, Side::Answer, known);
        let part = |kind, side, end, kept| Part { kind, side, end, kept };
        let mut parts = [
            part(Kind::Target, Side::Request, method, method),
            part(Kind::Target, Side::Request, target, target),
            part(Kind::Fields, Side::Request, fields, fields),
            part(Kind::Body, Side::Request, request_end, received_end),
            part(Kind::Fields, Side::Answer, answer_fields, answer_fields),
            part(Kind::Body, Side::Answer, bytes.len(), sent_end),
        ];
        secrets::hide_repeats(&mut bytes, &mut parts, known);
        let [method, target, fields, body, answer_fields, _] = parts.map(|part| part.end);
        let ends = [method, target, fields, body, answer_fields];
        let (request_size, answer_size) = (request.body.len(), answer.body.len());
        let kept = Box::from(&*bytes);
        if bytes.capacity() <= MOST_SCRATCH {
            let _ = SCRATCH.try_with(|scratch| scratch.replace(bytes));
        }
        Self {
            bytes: kept,
            ends,
            request_cut: received < request_size,
            answer_cut: sent < answer_size,
            request_size,
            answer_size,
        }
    }

    fn part(&self, number: usize) -> &[u8] {
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(number).copied().unwrap_or(self.bytes.len());
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        std::str::from_utf8(self.part(0)).unwrap_or_default()
    }

    /// Path and query as sent, without the sandbox's prefix.
    #[must_use]
    pub fn target(&self) -> &str {
        std::str::from_utf8(self.part(1)).unwrap_or_default()
    }

    /// The request's header fields.
    pub fn request_fields(&self) -> impl Iterator<Item = (&str, &[u8])> {
        lines(self.part(2))
    }

    /// The request's body, as much of it as is kept.
    #[must_use]
    pub fn request_body(&self) -> &[u8] {
        self.part(3)
    }

    /// The answer's header fields.
    pub fn answer_fields(&self) -> impl Iterator<Item = (&str, &[u8])> {
        lines(self.part(4))
    }

    /// The answer's body, as much of it as is kept.
    #[must_use]
    pub fn answer_body(&self) -> &[u8] {
        self.part(5)
    }
}

fn lines(part: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    part.split(|byte| *byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        Some((std::str::from_utf8(line.get(..colon)?).ok()?, line.get(colon + 1..)?))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_sides_read_back_as_they_were_said() {
        let request =
            Message { headers: [("host", &b"x:1"[..]), ("x-a", b"1")].into_iter(), body: b"{\"a\":1}", clean: None };
        let answer =
            Message { headers: [("content-type", &b"text/plain"[..])].into_iter(), body: b"0123456789", clean: None };
        let text = Text::write(("PUT", "/a?b=c"), request, answer, 8, &[], None);
        assert_eq!((text.method(), text.target(), text.request_body()), ("PUT", "/a?b=c", &b"{\"a\":1}"[..]));
        assert_eq!(text.request_fields().collect::<Vec<_>>(), [("host", &b"x:1"[..]), ("x-a", b"1")]);
        assert_eq!(text.answer_fields().collect::<Vec<_>>(), [("content-type", &b"text/plain"[..])]);
        assert_eq!((text.answer_body(), text.answer_size), (&b"01234567"[..], 10));
        assert_eq!((text.request_cut, text.answer_cut), (false, true));
    }

    #[test]
    fn what_stands_behind_a_body_that_is_cut_is_read_back_whole() {
        for secret in ["text/plain", "hunter22"] {
            let fields = [("authorization", secret.as_bytes())];
            let request = Message { headers: fields.into_iter(), body: b"0123456789", clean: None };
            let answer = Message { headers: [("etag", &b"1"[..])].into_iter(), body: b"hunter22abc", clean: None };
            let text = Text::write(("PUT", "/a"), request, answer, 9, &["authorization".into()], None);
            assert_eq!((text.request_body(), text.request_cut, text.answer_cut), (&b"012345678"[..], true, true));
            assert_eq!(text.answer_fields().collect::<Vec<_>>(), [("etag", &b"1"[..])]);
            let expected: &[u8] = if secret == "hunter22" { b"[redacted]" } else { b"hunter22a" };
            assert!(text.answer_body().starts_with(expected), "{:?}", String::from_utf8_lossy(text.answer_body()));
        }
    }

    #[test]
    fn the_words_of_our_own_sentences_stay_and_a_secret_name_does_not_come_back() {
        let hint = "the scheme is Basic and Bearer is wanted; send Authorization: Bearer x";
        let credentials = [("authorization", &b"Basic c2VuZDpCZWFyZXI="[..])];
        let request = Message { headers: credentials.into_iter(), body: br#"{"password":{"SEKRET":1}}"#, clean: None };
        let own = [("x-mock-hint", hint.as_bytes())];
        let answer =
            Message { headers: own.into_iter(), body: br#"{"input":{"SEKRET":1},"name":"SEKRETS"}"#, clean: None };
        let text = Text::write(("PUT", "/a"), request, answer, 100, &["authorization".into()], None);
        assert_eq!(text.answer_fields().collect::<Vec<_>>(), own);
        assert_eq!(text.request_body(), br#"{"password":{"[redacted]":"[redacted]"}}"#);
        assert_eq!(text.answer_body(), br#"{"input":{"[redacted]":"[redacted]"},"name":"SEKRETS"}"#);
    }

    /// Texts that hold a secret, look like one, or cut off look like one.
    const TEXTS: [&str; 16] = [
        "",
        "Where is the audit log?",
        "Bearer abcdefgh0123",
        "the bearer of news",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "https://ada:lovelace@example.com/a",
        "https://example.com/a ada@example.com",
        "https:\\/\\/ada:x@b.de",
        "owner-token-1234",
        "%6fwner-token-1234",
        "password: hunter22",
        "token=abc&key=2",
        "\u{85}\"quoted\"\\ \n",
        "{\"password\":\"hunter22\"}",
        "{\"name\":\"a\"}",
        "?api_key=abcdefgh",
    ];

    const NAMES: [&str; 6] = ["name", "key_frustrations", "password", "token", "note", "pin"];

    fn record() -> impl Strategy<Value = String> {
        let value = (0..TEXTS.len(), 0..3usize, 0..1_200usize);
        let member = (0..NAMES.len() * 4, value);
        proptest::collection::vec(member, 0..4).prop_map(|members| {
            let members = members.into_iter().map(|(name, (text, kind, filler))| {
                let text = format!("{}{}", TEXTS[text], "x".repeat(filler.saturating_sub(900) * 12));
                // Most names tell of nothing.
                let name = NAMES.get(name).copied().unwrap_or("quote").to_owned();
                let value = match kind {
                    0 => serde_json::json!({ "quote": text }),
                    1 => serde_json::json!([text, 12]),
                    _ => serde_json::json!(text),
                };
                (name, value)
            });
            serde_json::Value::Object(members.collect()).to_string()
        })
    }

    proptest! {
        #[test]
        fn a_body_of_records_that_are_known_to_be_clean_is_kept_as_one_that_is_looked_at(
            records in proptest::collection::vec(record(), 0..6),
            cap in 0..3_000usize,
        ) {
            let mut looked = records.iter().map(|record| Clean::of(record.as_bytes()));
            let clean = looked.try_fold(Clean::FIXED, |all, one| one.map(|one| all.and(one)));
            let body = format!(r#"{{"rows":[{}],"total":{}}}"#, records.join(","), records.len());
            let kept = |clean: Option<Clean>| {
                let fields = [("authorization", &b"Bearer owner-token-1234"[..])];
                let request = Message { headers: fields.into_iter(), body: b"", clean: None };
                let answer = Message { headers: [].into_iter(), body: body.as_bytes(), clean };
                let text = Text::write(("GET", "/a"), request, answer, cap, &["authorization".into()], None);
                (String::from_utf8_lossy(&text.bytes).into_owned(), text.ends, text.answer_cut)
            };
            prop_assert_eq!(kept(clean), kept(None));
        }
    }

    #[test]
    fn a_record_is_clean_whose_copy_hides_nothing() {
        let is_clean = |record: &str| Clean::of(record.as_bytes()).is_some();
        assert!(is_clean(r#"{"key_frustrations":"None","note":"the bearer of news"}"#));
        assert!(!is_clean(r#"{"password":"hunter22"}"#) && !is_clean(r#"{"note":"https://ada:lovelace@a.de/"}"#));
    }
}
