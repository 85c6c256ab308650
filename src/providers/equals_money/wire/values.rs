//! One value of a body: what it is read as, and what an error calls it.
//!
//! Inferred: types are not converted, lengths are code points, nothing is trimmed.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::providers::equals_money::error::{Found, Quoted};
use crate::providers::equals_money::words::Word;

use super::countries;

/// A UUID as this vendor spells them: 36 characters, letters in either case.
pub(in crate::providers::equals_money) fn uuid(text: &str) -> Option<Uuid> {
    Some(text).filter(|text| text.len() == 36)?.parse().ok()
}

/// Reads a value as a type of this program.
pub(super) fn parse<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

/// What stands where something other than a text should.
pub(super) fn mistyped(raw: &RawValue) -> Found {
    match found(raw) {
        Found::Text(text) => Found::Misplaced(text),
        other => other,
    }
}

/// What a value is, as an error names it: a text itself, of everything else only its type.
pub(super) fn found(raw: &RawValue) -> Found {
    match parse::<String>(raw) {
        Some(text) => Found::Text(Quoted::text(&text)),
        None => Found::Kind(kind(raw)),
    }
}

/// The type of a value, as an error names it.
pub(super) fn kind(raw: &RawValue) -> &'static str {
    match raw.get().as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't') => "true",
        Some(b'f') => "false",
        Some(b'n') => "null",
        Some(b'"') if parse::<String>(raw).is_some() => "a string",
        Some(b'"') => "a string with a broken \\u escape",
        _ => "a number",
    }
}

/// Reads a value or null.
pub(super) fn nullable<'r, T>(
    read: impl FnOnce(&'r RawValue) -> Result<T, Found>,
) -> impl FnOnce(&'r RawValue) -> Result<Option<T>, Found> {
    move |raw| if raw.get() == "null" { Ok(None) } else { read(raw).map(Some) }
}

/// Reads a text of at most so many code points.
pub(super) fn string(raw: &RawValue, longest: usize) -> Result<String, Found> {
    let text: String = parse(raw).ok_or_else(|| found(raw))?;
    if text.len() <= longest {
        return Ok(text);
    }
    let characters = text.chars().count();
    if characters > longest { Err(Found::TooLong { characters, most: longest }) } else { Ok(text) }
}

/// Reads a text of a form that `read` knows.
pub(super) fn checked<T>(raw: &RawValue, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Found> {
    parse::<String>(raw).and_then(|text| read(&text)).ok_or_else(|| found(raw))
}

/// Reads `true` or `false`.
pub(super) fn boolean(raw: &RawValue) -> Result<bool, Found> {
    parse(raw).ok_or_else(|| mistyped(raw))
}

/// Reads a word of a closed list.
pub(super) fn word<W: Word>(raw: &RawValue) -> Result<W, Found> {
    checked(raw, W::read)
}

/// Country codes as the reference lists them (ISO 3166-1 alpha-2), or a person's own list as it is.
pub(super) fn countries(raw: &RawValue, own: &[String]) -> Result<Vec<String>, Found> {
    let listed: Vec<&RawValue> = parse(raw).ok_or_else(|| mistyped(raw))?;
    let texts = listed.iter().map(|item| parse::<String>(item).ok_or_else(|| Found::ItemKind(kind(item))));
    let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
    match texts.iter().find(|text| !countries::is_code(text)) {
        Some(text) if texts != own => Err(Found::Item(Quoted::text(text))),
        _ => Ok(texts),
    }
}

/// Whether a text is a day spelled `YYYY-MM-DD`; the year has four digits.
pub(super) fn is_date(text: &str) -> bool {
    text.parse::<Date>().is_ok_and(|day| day.to_string() == text)
}

/// Whether a text has the form of an e-mail address: dot-separated parts, `@`, at least two labels.
///
/// The reference says `format: email` and no more; the rule is the one that JSON Schema validators
/// in common use apply (inferred).
pub(super) fn is_email(text: &str) -> bool {
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
