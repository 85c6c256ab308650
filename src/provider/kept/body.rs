//! The body of an answer that is put together of texts.

use super::pieces::{Gap, Pieces};
use crate::json;
use crate::provider::Response;
use crate::world::journal::Clean;

/// A body that is being written, and what is known of it: whether the journal need look for secrets.
#[derive(Debug)]
pub(crate) struct Body {
    out: Vec<u8>,
    clean: Option<Clean>,
}

impl Body {
    /// A body of about so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes), clean: Some(Clean::FIXED) }
    }

    /// Adds a part that holds nothing of a client's or a fixture's: names and signs of JSON, a number, a word of the
    /// vendor's.
    pub(crate) fn push(&mut self, text: impl AsRef<[u8]>) {
        self.out.extend_from_slice(text.as_ref());
    }

    /// Adds one sign of JSON.
    pub(crate) fn push_sign(&mut self, sign: u8) {
        self.out.push(sign);
    }

    /// Adds a number.
    pub(crate) fn push_number(&mut self, number: impl itoa::Integer) {
        json::push_number(&mut self.out, number);
    }

    /// Adds JSON of which this is known.
    pub(crate) fn push_known(&mut self, json: &[u8], clean: Option<Clean>) {
        self.out.extend_from_slice(json);
        self.clean = self.clean.zip(clean).map(|(one, other)| one.and(other));
    }

    /// Adds a record, whose gaps are filled.
    pub(crate) fn push_record(&mut self, record: &Pieces, mut fill: impl FnMut(&mut Self, Gap)) {
        self.push_known(b"", record.clean());
        for (piece, gap) in record.parts() {
            self.out.extend_from_slice(piece);
            if let Some(gap) = gap {
                fill(self, gap);
            }
        }
    }

    /// Takes the sign off that closes the object that was added last.
    pub(crate) fn reopen(&mut self) {
        self.out.pop();
    }

    /// The bytes alone.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// The answer with this body.
    pub(crate) fn answer(self, status: u16, content_type: &'static str) -> Response {
        Response::new(status).body(content_type, self.out).with_clean(self.clean)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_body_is_known_as_far_as_all_its_parts_are() {
        let mut body = Body::with_capacity(0);
        body.push("[");
        body.push_known(b"1", Clean::of(b"1"));
        assert!(body.clean.is_some());
        body.push_record(&Pieces::whole("2"), |_, _| {});
        body.push("]");
        assert_eq!((body.clean, body.into_bytes().as_slice()), (None, &b"[12]"[..]), "nobody has looked at the record");
    }

    proptest! {
        #[test]
        fn a_record_whose_gaps_are_filled_is_what_its_values_would_be_written_as(
            texts in proptest::collection::vec("[\u{0}-\u{7f}é]{0,6}", 3),
            moving in proptest::collection::vec("[\u{0}-\u{7f}é]{0,6}", 2),
        ) {
            let moves: (_, _, _, BTreeMap<_, _>) = (&texts[0], Gap(0), &texts[1], [(&texts[2], Gap(31))].into());
            let pieces = Pieces::of(&moves);
            pieces.look();
            let mut body = Body::with_capacity(0);
            body.push_record(&pieces, |body, gap| {
                let filled = json(&moving[usize::from(gap == Gap(31))]);
                body.push_known(filled.as_bytes(), Clean::of(filled.as_bytes()));
            });
            let written = String::from_utf8(body.into_bytes()).expect("JSON");
            let expected: (_, _, _, BTreeMap<_, _>) =
                (&texts[0], &moving[0], &texts[1], [(&texts[2], &moving[1])].into());
            prop_assert_eq!(written, json(&expected));
        }
    }

    fn json(value: &impl serde::Serialize) -> String {
        serde_json::to_string(value).expect("JSON")
    }
}
