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
use crate::providers::equals_money::error::{Finding, Findings, Found, Quoted, VendorError};
use crate::providers::equals_money::words::Word;

use super::countries;
use super::malformed::Malformed;
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
            Some(essence) => Err(VendorError::MediaType(Quoted::text(essence))),
            None => Err(VendorError::NoMediaType),
        }
    }

    /// Reads the body; without one that is an error.
    pub(in crate::providers::equals_money) fn read(request: &Request<'a>) -> Result<Self, VendorError> {
        if request.body.is_empty() {
            return Err(VendorError::NoBody);
        }
        serde_json::from_slice(request.body).map(Self).map_err(|_| VendorError::Malformed(Malformed::of(request.body)))
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
            Err(_) if self.0.get().starts_with('{') => {
                Err(VendorError::Malformed(Malformed::of(self.0.get().as_bytes())))
            }
            Err(_) => {
                let (expected, found) = ("a JSON object".to_owned(), Found::Kind(kind(self.0)));
                Err(VendorError::Rejected(Findings(vec![Finding { name: "The body", expected, found }])))
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

impl<'a> Reader<'a> {
    /// A text of at most so many code points.
    pub(super) fn text(&mut self, name: &'static str, longest: usize) -> Option<String> {
        self.take(name, || line(longest), |raw| string(raw, longest))
    }

    /// The same, or null.
    pub(super) fn nullable_text(&mut self, name: &'static str, longest: usize) -> Option<Option<String>> {
        self.take(name, || or_null(&line(longest)), nullable(|raw| string(raw, longest)))
    }

    /// A text of any length.
    pub(super) fn any_text(&mut self, name: &'static str) -> Option<String> {
        self.take(name, || "a string", |raw| string(raw, usize::MAX))
    }

    /// The same, or null.
    pub(super) fn nullable_any_text(&mut self, name: &'static str) -> Option<Option<String>> {
        self.take(name, || "a string or null", nullable(|raw| string(raw, usize::MAX)))
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
        self.take(name, W::spellings, word)
    }

    /// The same, or null.
    pub(super) fn nullable_word<W: Word>(&mut self, name: &'static str) -> Option<Option<W>> {
        self.take(name, W::spellings_or_null, nullable(word))
    }

    /// An id.
    pub(super) fn id(&mut self, name: &'static str) -> Option<Uuid> {
        self.take(name, || UUID, |raw| checked(raw, uuid))
    }

    /// A day of the calendar or null; what a person already has is taken whatever it is.
    pub(super) fn nullable_date(&mut self, name: &'static str, own: Option<&str>) -> Option<Option<String>> {
        let read = |text: &str| (own == Some(text) || is_date(text)).then(|| text.to_owned());
        self.take(name, || "a date such as 1990-02-28, or null", nullable(|raw| checked(raw, read)))
    }

    /// Codes of countries; what a person already has is taken whatever it is.
    pub(super) fn countries(&mut self, name: &'static str, own: &[String]) -> Option<Vec<String>> {
        self.take(name, || COUNTRIES, |raw| countries(raw, own))
    }

    /// The same, or null.
    pub(super) fn nullable_countries(&mut self, name: &'static str) -> Option<Option<Vec<String>>> {
        self.take(name, || or_null(COUNTRIES), nullable(|raw| countries(raw, &[])))
    }

    /// An object or null, whose members `read` takes by their whole path.
    pub(super) fn nullable_object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Reader<'a>) -> T,
    ) -> Option<Option<T>> {
        let object = nullable(|raw: &'a RawValue| match parse(raw) {
            Some(members) if raw.get().starts_with('{') => Ok(members),
            _ => Err(mistyped(raw)),
        });
        let members = self.take(name, || "an object or null", object)?;
        let Some(members) = members else { return Some(None) };
        let mut reader = Reader { members, findings: Vec::new() };
        let value = read(&mut reader);
        self.findings.append(&mut reader.findings);
        Some(Some(value))
    }

    /// An e-mail address.
    pub(super) fn email(&mut self, name: &'static str, longest: usize) -> Option<String> {
        let expected = || format!("an e-mail address of at most {longest} characters");
        self.take(name, expected, |raw| {
            let text = string(raw, longest)?;
            if is_email(&text) { Ok(text) } else { Err(found(raw)) }
        })
    }

    /// The id of an account: not blank.
    pub(super) fn account(&mut self, name: &'static str) -> Option<String> {
        self.take(
            name,
            || ACCOUNT,
            |raw| {
                let text = string(raw, ACCOUNT_LENGTH)?;
                if text.trim().is_empty() { Err(found(raw)) } else { Ok(text) }
            },
        )
    }

    /// Asks for a member to be there.
    pub(super) fn require(&mut self, name: &'static str, expected: &str) {
        if !self.members.contains_key(name) {
            self.findings.push(Finding { name, expected: expected.to_owned(), found: Found::Nothing });
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

    /// Takes out the member at the end of a path, such as `address.city`.
    fn take<T, E: Display>(
        &mut self,
        name: &'static str,
        expected: impl FnOnce() -> E,
        read: impl FnOnce(&'a RawValue) -> Result<T, Found>,
    ) -> Option<T> {
        let key = name.rsplit('.').next().unwrap_or(name);
        match read(self.members.remove(key)?) {
            Ok(value) => Some(value),
            Err(found) => {
                self.findings.push(Finding { name, expected: expected().to_string(), found });
                None
            }
        }
    }
}

/// What an account's id must be.
pub(super) const ACCOUNT: &str = "the ID of an account, such as F50091";
/// The longest id of an account.
pub(super) const ACCOUNT_LENGTH: usize = 36;
/// What any other id must be.
pub(super) const UUID: &str = "a UUID such as 8e214819-5c83-429f-a976-eb127a0a8a88";
/// What a list of countries must be.
const COUNTRIES: &str = "an array of two-letter country codes such as GB and US";

/// What a text of limited length must be.
pub(super) fn line(longest: usize) -> String {
    format!("a string of at most {longest} characters")
}

fn or_null(expected: &str) -> String {
    format!("{expected}, or null")
}

fn parse<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

/// What stands where something other than a text should.
fn mistyped(raw: &RawValue) -> Found {
    match found(raw) {
        Found::Text(text) => Found::Misplaced(text),
        other => other,
    }
}

/// What a value is, as an error names it: a text itself, of everything else only its type.
fn found(raw: &RawValue) -> Found {
    match parse::<String>(raw) {
        Some(text) => Found::Text(Quoted::text(&text)),
        None => Found::Kind(kind(raw)),
    }
}

fn kind(raw: &RawValue) -> &'static str {
    match raw.get().as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't') => "true",
        Some(b'f') => "false",
        Some(b'n') => "null",
        // A text that can be read is quoted: see `found`.
        Some(b'"') => "a string with a broken \\u escape",
        _ => "a number",
    }
}

fn nullable<'r, T>(
    read: impl FnOnce(&'r RawValue) -> Result<T, Found>,
) -> impl FnOnce(&'r RawValue) -> Result<Option<T>, Found> {
    move |raw| if raw.get() == "null" { Ok(None) } else { read(raw).map(Some) }
}

fn string(raw: &RawValue, longest: usize) -> Result<String, Found> {
    let text: String = parse(raw).ok_or_else(|| found(raw))?;
    if text.len() <= longest {
        return Ok(text);
    }
    let characters = text.chars().count();
    if characters > longest { Err(Found::TooLong { characters, most: longest }) } else { Ok(text) }
}

fn checked<T>(raw: &RawValue, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Found> {
    parse::<String>(raw).and_then(|text| read(&text)).ok_or_else(|| found(raw))
}

fn boolean(raw: &RawValue) -> Result<bool, Found> {
    parse(raw).ok_or_else(|| mistyped(raw))
}

fn word<W: Word>(raw: &RawValue) -> Result<W, Found> {
    checked(raw, W::read)
}

/// Country codes as the reference lists them (ISO 3166-1 alpha-2), or a person's own list as it is.
fn countries(raw: &RawValue, own: &[String]) -> Result<Vec<String>, Found> {
    let listed: Vec<&RawValue> = parse(raw).ok_or_else(|| mistyped(raw))?;
    let texts = listed.iter().map(|item| parse::<String>(item).ok_or_else(|| Found::ItemKind(kind(item))));
    let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
    match texts.iter().find(|text| !countries::is_code(text)) {
        Some(text) if texts != own => Err(Found::Item(Quoted::text(text))),
        _ => Ok(texts),
    }
}

/// Whether a text is a day spelled `YYYY-MM-DD`; the year has four digits.
fn is_date(text: &str) -> bool {
    text.parse::<Date>().is_ok_and(|day| day.to_string() == text)
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
        assert!(is_date("1990-02-28"));
        for bad in ["", "1990-02-30", "1990-2-3", "19900228", "1990-02-28T00:00:00Z", "+001990-02-28"] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
