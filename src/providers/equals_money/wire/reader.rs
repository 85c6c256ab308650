//! Reads the members of a body one by one and gathers what is not acceptable.
//!
//! The vendor's framework is not known. Inferred: JSON is read strictly as RFC 8259 has it, of a name
//! given twice the last counts, types are not converted, lengths are code points, nothing is trimmed,
//! and members that no page names are ignored.

use std::collections::BTreeMap;
use std::fmt::Display;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::http::provider::Request;
use crate::providers::equals_money::error::{Finding, Findings, Found, VendorError};
use crate::providers::equals_money::words::Word;

use super::{CONTENT_TYPE, JSON};

/// A UUID as this vendor spells them: 36 characters, letters in either case.
pub(in crate::providers::equals_money) fn uuid(text: &str) -> Option<Uuid> {
    Some(text).filter(|text| text.len() == 36)?.parse().ok()
}

/// A body that is JSON, whatever its value.
#[derive(Debug)]
pub(in crate::providers::equals_money) struct Body<'a>(&'a RawValue);

impl<'a> Body<'a> {
    /// Refuses a body that is there and not declared as JSON.
    pub(in crate::providers::equals_money) fn check_type(request: &Request<'_>) -> Result<(), VendorError> {
        if request.body.is_empty() {
            return Ok(());
        }
        let declared = request.header_text(CONTENT_TYPE);
        let essence = declared.as_deref().map(|value| value.split(';').next().unwrap_or_default().trim());
        match essence {
            Some(essence) if essence.eq_ignore_ascii_case(JSON) => Ok(()),
            Some(essence) => Err(VendorError::MediaType(Found::text(essence))),
            None => Err(VendorError::MediaType(Found::nothing())),
        }
    }

    /// Reads the body; without one that is an error.
    pub(in crate::providers::equals_money) fn read(request: &Request<'a>) -> Result<Self, VendorError> {
        if request.body.is_empty() {
            return Err(VendorError::NoBody);
        }
        serde_json::from_slice(request.body).map(Self).map_err(|error| VendorError::Malformed(error.to_string()))
    }

    /// Reads a body that may be left out.
    pub(in crate::providers::equals_money) fn read_if_there(
        request: &Request<'a>,
    ) -> Result<Option<Self>, VendorError> {
        if request.body.is_empty() { Ok(None) } else { Self::read(request).map(Some) }
    }

    /// Asks for an object, with any members.
    pub(in crate::providers::equals_money) fn check_object(&self) -> Result<(), VendorError> {
        self.members().map(|_| ())
    }

    /// Its members, if it is an object.
    pub(in crate::providers::equals_money) fn members(&self) -> Result<Reader<'a>, VendorError> {
        match serde_json::from_str(self.0.get()) {
            Ok(members) => Ok(Reader { members, findings: Vec::new() }),
            // An object with a name that is no text: half of a surrogate pair.
            Err(error) if self.0.get().starts_with('{') => Err(VendorError::Malformed(error.to_string())),
            Err(_) => {
                let (expected, found) = ("a JSON object".to_owned(), Found::text(self.0.get()));
                Err(VendorError::Rejected(Findings(vec![Finding { name: "body", expected, found }])))
            }
        }
    }
}

/// Takes members out of an object; what is left is not known.
#[derive(Debug)]
pub(in crate::providers::equals_money) struct Reader<'a> {
    members: BTreeMap<String, &'a RawValue>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    /// A text of at most so many code points.
    pub(super) fn text(&mut self, name: &'static str, longest: usize) -> Option<String> {
        self.take(name, || format!("a string of at most {longest} characters"), |raw| string(raw, longest))
    }

    /// The same, or null.
    pub(super) fn nullable_text(&mut self, name: &'static str, longest: usize) -> Option<Option<String>> {
        let expected = || format!("a string of at most {longest} characters, or null");
        self.take(name, expected, nullable(|raw| string(raw, longest)))
    }

    /// A text of any length.
    pub(super) fn any_text(&mut self, name: &'static str) -> Option<String> {
        self.take(name, || "a string", |raw| string(raw, usize::MAX))
    }

    /// A list of texts of any length.
    pub(super) fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        self.take(name, || "an array of strings", |raw| parse(raw).ok_or_else(|| quote(raw)))
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.take(name, || "true or false", boolean)
    }

    /// The same, or null.
    pub(super) fn nullable_flag(&mut self, name: &'static str) -> Option<Option<bool>> {
        self.take(name, || "true, false or null", nullable(boolean))
    }

    /// A word of a closed list.
    pub(super) fn word<W: Word>(&mut self, name: &'static str) -> Option<W> {
        self.take(name, || format!("one of {}", W::spellings()), word)
    }

    /// The same, or null.
    pub(super) fn nullable_word<W: Word>(&mut self, name: &'static str) -> Option<Option<W>> {
        self.take(name, || format!("one of {}, or null", W::spellings()), nullable(word))
    }

    /// An id.
    pub(super) fn id(&mut self, name: &'static str) -> Option<Uuid> {
        self.take(name, || "a UUID of 36 characters", |raw| checked(raw, uuid))
    }

    /// A day of the calendar, or null.
    pub(super) fn nullable_date(&mut self, name: &'static str) -> Option<Option<Date>> {
        self.take(name, || "a date as YYYY-MM-DD, or null", nullable(|raw| checked(raw, date)))
    }

    /// An e-mail address.
    pub(super) fn email(&mut self, name: &'static str, longest: usize) -> Option<String> {
        let expected = || format!("an e-mail address of at most {longest} characters");
        self.take(name, expected, |raw| {
            let text = string(raw, longest)?;
            if is_email(&text) { Ok(text) } else { Err(quote(raw)) }
        })
    }

    /// The id of an account: not blank.
    pub(super) fn account(&mut self, name: &'static str) -> Option<String> {
        self.take(
            name,
            || ACCOUNT,
            |raw| {
                let text = string(raw, 36)?;
                if text.trim().is_empty() { Err(quote(raw)) } else { Ok(text) }
            },
        )
    }

    /// Asks for a member to be there.
    pub(super) fn require(&mut self, name: &'static str, expected: &str) {
        if !self.members.contains_key(name) {
            self.findings.push(Finding { name, expected: expected.to_owned(), found: Found::nothing() });
        }
    }

    /// Whether a member is there that was not taken, of whatever value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Ends reading a whole body. Members that no page names are ignored; the log tells.
    pub(super) fn finish_whole<T>(self, value: Option<T>) -> Result<T, VendorError> {
        if !self.members.is_empty() {
            let ignored: Vec<_> = self.members.keys().collect();
            tracing::info!(?ignored, "the body has properties that Equals Money does not document");
        }
        self.finish_with(value)
    }

    /// Ends reading a part: what was read, or what was found wrong with it.
    ///
    /// A value that is absent here was asked for by [`Reader::require`], so that its absence is told.
    pub(super) fn finish_with<T>(self, value: Option<T>) -> Result<T, VendorError> {
        value.filter(|_| self.findings.is_empty()).ok_or(VendorError::Rejected(Findings(self.findings)))
    }

    fn take<T, E: Display>(
        &mut self,
        name: &'static str,
        expected: impl FnOnce() -> E,
        read: impl FnOnce(&RawValue) -> Result<T, Found>,
    ) -> Option<T> {
        match read(self.members.remove(name)?) {
            Ok(value) => Some(value),
            Err(found) => {
                self.findings.push(Finding { name, expected: expected().to_string(), found });
                None
            }
        }
    }
}

/// What an account's id must be.
pub(super) const ACCOUNT: &str = "the id of an account, such as `F50091`";

fn parse<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

fn quote(raw: &RawValue) -> Found {
    match raw.get() {
        "null" => Found::null(),
        text => Found::text(text),
    }
}

fn nullable<T>(read: impl FnOnce(&RawValue) -> Result<T, Found>) -> impl FnOnce(&RawValue) -> Result<Option<T>, Found> {
    move |raw| if raw.get() == "null" { Ok(None) } else { read(raw).map(Some) }
}

fn string(raw: &RawValue, longest: usize) -> Result<String, Found> {
    let text: String = parse(raw).ok_or_else(|| quote(raw))?;
    if text.len() > longest && text.chars().count() > longest { Err(Found::length(&text)) } else { Ok(text) }
}

fn checked<T>(raw: &RawValue, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Found> {
    parse::<String>(raw).and_then(|text| read(&text)).ok_or_else(|| quote(raw))
}

fn boolean(raw: &RawValue) -> Result<bool, Found> {
    parse(raw).ok_or_else(|| quote(raw))
}

fn word<W: Word>(raw: &RawValue) -> Result<W, Found> {
    checked(raw, W::read)
}

/// A day spelled `YYYY-MM-DD`; the year has four digits.
fn date(text: &str) -> Option<Date> {
    let day: Date = text.parse().ok()?;
    (day.to_string() == text).then_some(day)
}

/// Whether a text has the form of an e-mail address: dot-separated parts, `@`, at least two labels.
///
/// The reference says `format: email` and no more; the rule is the one that JSON Schema validators
/// in common use apply (inferred).
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let atom = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte))
    };
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    local.split('.').all(atom) && domain.contains('.') && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_has_a_local_part_and_a_domain_of_two_labels() {
        for good in ["a@b.c", "Clint_Moore@gmail.com", "o'neil+x@a-b.example.com", "1@1.de"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b.c",
            "a@",
            "a@b",
            "a@b.",
            "a@.c",
            "a..b@c.de",
            ".a@c.de",
            "a b@c.de",
            "a@-b.de",
            "a@b@c.de",
            "ä@b.de",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn a_uuid_has_36_characters_in_either_case() {
        assert!(uuid("497F6ECA-6276-4993-bfeb-53cbbbba6f08").is_some());
        for bad in [
            "",
            "497f6eca62764993bfeb53cbbbba6f08",
            "{497f6eca-6276-4993-bfeb-53cbbbba6f0}",
            "497f6eca-6276-4993-bfeb-53cbbbba6f0g",
        ] {
            assert_eq!(uuid(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        assert!(date("1990-02-28").is_some());
        for bad in ["", "1990-02-30", "1990-2-3", "19900228", "1990-02-28T00:00:00Z", "+001990-02-28"] {
            assert_eq!(date(bad), None, "{bad}");
        }
    }
}
