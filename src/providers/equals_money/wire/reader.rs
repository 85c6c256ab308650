//! Reads the members of a body one by one and gathers what is not acceptable.
//!
//! The vendor's framework is not known. Inferred: JSON is read strictly as RFC 8259 has it, of a name
//! given twice the last counts, and members that no page names are ignored.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde_json::value::RawValue;
use uuid::Uuid;

use crate::provider::{Request, Unread};
use crate::providers::equals_money::error::{BODY, Finding, Findings, Found, Quoted, VendorError};
use crate::providers::equals_money::words::Word;
use crate::world::malformed::Malformed;

use super::headers::{CONTENT_TYPE, JSON};
use super::members::Members;
use super::values::{
    boolean, checked, countries, found, is_date, is_email, kind, mistyped, nullable, parse, string, uuid, word,
};

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

    /// Asks for an object, whatever its members: none of them is read.
    pub(in crate::providers::equals_money) fn check_object(&self, unread: &mut Unread) -> Result<(), VendorError> {
        self.members()?.finish_whole((), unread)
    }

    /// Its members, if it is an object.
    pub(in crate::providers::equals_money) fn members(&self) -> Result<Reader<'a>, VendorError> {
        match serde_json::from_str(self.0.get()) {
            Ok(members) => Ok(Reader::of(members)),
            // An object with a name that is no text: half of a surrogate pair.
            Err(_) if self.0.get().starts_with('{') => {
                Err(VendorError::Malformed(Malformed::of(self.0.get().as_bytes())))
            }
            Err(_) => {
                let (expected, found) = ("a JSON object".to_owned(), Found::Kind(kind(self.0)));
                Err(VendorError::Rejected(Findings::of_body(vec![Finding { name: BODY, expected, found }])))
            }
        }
    }
}

/// Takes members out of an object; what is left is not known.
#[derive(Debug)]
pub(in crate::providers::equals_money) struct Reader<'a> {
    members: BTreeMap<String, &'a RawValue>,
    /// The first name that came again.
    repeated: Option<String>,
    findings: Vec<Finding>,
    /// What was left of the objects in it.
    unread: Unread,
}

impl<'a> Reader<'a> {
    fn of(Members { members, repeated }: Members<'a>) -> Self {
        Self { members, repeated, findings: Vec::new(), unread: Unread::default() }
    }

    /// A text of at most so many code points.
    pub(crate) fn text(&mut self, name: &'static str, longest: usize) -> Option<String> {
        self.take(name, || line(longest), |raw| string(raw, longest))
    }

    /// The same, or null.
    pub(crate) fn nullable_text(&mut self, name: &'static str, longest: usize) -> Option<Option<String>> {
        self.take(name, || or_null(&line(longest)), nullable(|raw| string(raw, longest)))
    }

    /// A text of any length.
    pub(crate) fn any_text(&mut self, name: &'static str) -> Option<String> {
        self.take(name, || "a string", |raw| string(raw, usize::MAX))
    }

    /// The same, or null.
    pub(crate) fn nullable_any_text(&mut self, name: &'static str) -> Option<Option<String>> {
        self.take(name, || "a string or null", nullable(|raw| string(raw, usize::MAX)))
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.take(name, || "true or false", boolean)
    }

    /// The same, or null.
    pub(crate) fn nullable_flag(&mut self, name: &'static str) -> Option<Option<bool>> {
        self.take(name, || "true, false or null", nullable(boolean))
    }

    /// The same, where null stands for false.
    pub(crate) fn flag_or_null(&mut self, name: &'static str) -> Option<bool> {
        self.nullable_flag(name).map(Option::unwrap_or_default)
    }

    /// A word of a closed list.
    pub(crate) fn word<W: Word>(&mut self, name: &'static str) -> Option<W> {
        self.take(name, W::spellings, word)
    }

    /// The same, or null.
    pub(crate) fn nullable_word<W: Word>(&mut self, name: &'static str) -> Option<Option<W>> {
        self.take(name, W::spellings_or_null, nullable(word))
    }

    pub(crate) fn id(&mut self, name: &'static str) -> Option<Uuid> {
        self.take(name, || UUID, |raw| checked(raw, uuid))
    }

    /// A day of the calendar or null; what a person already has is taken whatever it is.
    pub(crate) fn nullable_date(&mut self, name: &'static str, own: Option<&str>) -> Option<Option<String>> {
        let read = |text: &str| (own == Some(text) || is_date(text)).then(|| text.to_owned());
        self.take(name, || "a date such as 1990-02-28, or null", nullable(|raw| checked(raw, read)))
    }

    /// Codes of countries; what a person already has is taken whatever it is.
    pub(crate) fn countries(&mut self, name: &'static str, own: &[String]) -> Option<Vec<String>> {
        self.take(name, || COUNTRIES, |raw| countries(raw, own))
    }

    /// The same, or null.
    pub(crate) fn nullable_countries(&mut self, name: &'static str) -> Option<Option<Vec<String>>> {
        self.take(name, || or_null(COUNTRIES), nullable(|raw| countries(raw, &[])))
    }

    /// An object or null, whose members `read` takes by their whole path.
    pub(crate) fn nullable_object<T>(
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
        let mut reader = Reader::of(members);
        let value = read(&mut reader);
        self.findings.append(&mut reader.findings);
        for left in reader.members.keys() {
            self.unread.note(|| format!("$.{name}.{left}"));
        }
        if let Some(repeated) = &reader.repeated {
            self.unread.note_repeated(|| format!("$.{name}.{repeated}"));
        }
        Some(Some(value))
    }

    /// An e-mail address, which must be there.
    pub(crate) fn required_email(&mut self, name: &'static str, longest: usize) -> String {
        let expected = format!("an e-mail address of at most {longest} characters");
        self.require(name, &expected);
        let read = |raw| string(raw, longest).and_then(|text| if is_email(&text) { Ok(text) } else { Err(found(raw)) });
        self.take(name, || expected, read).unwrap_or_default()
    }

    /// The id of an account: not blank.
    pub(crate) fn account(&mut self, name: &'static str) -> Option<String> {
        self.take(
            name,
            || ACCOUNT,
            |raw| {
                let text = string(raw, ACCOUNT_LENGTH)?;
                if text.trim().is_empty() { Err(found(raw)) } else { Ok(text) }
            },
        )
    }

    /// A text of at most so many code points, which must be there. Where it is not, what is returned counts for nothing.
    pub(crate) fn required_text(&mut self, name: &'static str, longest: usize) -> String {
        self.require(name, &line(longest));
        self.text(name, longest).unwrap_or_default()
    }

    /// Asks for a member to be there.
    pub(crate) fn require(&mut self, name: &'static str, expected: &str) {
        if !self.members.contains_key(name) {
            self.findings.push(Finding { name, expected: expected.to_owned(), found: Found::Nothing });
        }
    }

    /// Whether a member is there that was not taken, of whatever value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Ends reading a whole body. Members that no page names are ignored.
    pub(crate) fn finish_whole<T>(mut self, value: T, unread: &mut Unread) -> Result<T, VendorError> {
        for left in self.members.keys() {
            unread.note(|| format!("$.{left}"));
        }
        if let Some(repeated) = &self.repeated {
            unread.note_repeated(|| format!("$.{repeated}"));
        }
        *unread = std::mem::take(unread).and(std::mem::take(&mut self.unread));
        self.finish(value)
    }

    /// Ends reading a part: what was read, or what was found wrong with it.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, VendorError> {
        if self.findings.is_empty() { Ok(value) } else { Err(VendorError::Rejected(Findings::of_body(self.findings))) }
    }

    /// Takes out the member at the end of a path, such as `address.city`.
    fn take<T, E: Display>(
        &mut self,
        name: &'static str,
        expected: impl FnOnce() -> E,
        read: impl FnOnce(&'a RawValue) -> Result<T, Found>,
    ) -> Option<T> {
        let key = memchr::memrchr(b'.', name.as_bytes()).and_then(|dot| name.get(dot + 1..)).unwrap_or(name);
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
pub(crate) const ACCOUNT: &str = "the ID of an account, such as F50091";
/// The longest id of an account.
pub(crate) const ACCOUNT_LENGTH: usize = 36;
/// What any other id must be.
pub(crate) const UUID: &str = "a UUID such as 8e214819-5c83-429f-a976-eb127a0a8a88";
/// What a list of countries must be.
const COUNTRIES: &str = "an array of two-letter country codes such as GB and US";

/// What a text of limited length must be.
pub(crate) fn line(longest: usize) -> String {
    format!("a string of at most {longest} characters")
}

fn or_null(expected: &str) -> String {
    format!("{expected}, or null")
}
