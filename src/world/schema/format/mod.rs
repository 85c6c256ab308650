//! The formats that are checked: those that the providers' documents and the fixtures use.

mod email;
mod time;
mod uri;

use super::number;

/// A format of texts.
#[derive(Debug)]
pub struct TextFormat {
    /// Its name, as `format` states it.
    pub name: &'static str,
    /// What is expected, in words, such as `a UUID`.
    pub expected: &'static str,
    /// A text that has it.
    pub example: &'static str,
    /// Whether a text has it.
    pub holds: fn(&str) -> bool,
}

/// A format of whole numbers.
#[derive(Debug)]
pub struct WholeFormat {
    /// Its name, as `format` states it.
    pub name: &'static str,
    /// The least number.
    pub least: i128,
    /// The largest number.
    pub most: i128,
}

const TEXTS: &[TextFormat] = &[
    TextFormat { name: "uuid", expected: "a UUID", example: "00000000-0000-4000-8000-000000000000", holds: is_uuid },
    TextFormat {
        name: "date-time",
        expected: "an RFC 3339 instant such as 2026-01-15T12:00:00Z",
        example: "2026-01-15T12:00:00Z",
        holds: time::is_date_time,
    },
    TextFormat { name: "date", expected: "a date such as 2026-01-15", example: "2026-01-15", holds: time::is_date },
    TextFormat {
        name: "email",
        expected: "an e-mail address such as ada@example.com",
        example: "ada@example.com",
        holds: email::is_email,
    },
    TextFormat {
        name: "uri",
        expected: "a URI such as https://example.com/a",
        example: "https://example.com/a",
        holds: uri::is_uri,
    },
];

const WHOLES: &[WholeFormat] = &[
    WholeFormat { name: "int8", least: i8::MIN as i128, most: i8::MAX as i128 },
    WholeFormat { name: "int16", least: i16::MIN as i128, most: i16::MAX as i128 },
    WholeFormat { name: "int32", least: i32::MIN as i128, most: i32::MAX as i128 },
    WholeFormat { name: "int64", least: i64::MIN as i128, most: i64::MAX as i128 },
    WholeFormat { name: "uint8", least: 0, most: u8::MAX as i128 },
    WholeFormat { name: "uint16", least: 0, most: u16::MAX as i128 },
    WholeFormat { name: "uint32", least: 0, most: u32::MAX as i128 },
    WholeFormat { name: "uint64", least: 0, most: u64::MAX as i128 },
];

/// The formats that JSON Schema defines and no document uses. Each may not pass for a mere note.
const UNSUPPORTED: &[&str] = &[
    "time",
    "duration",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri-reference",
    "iri",
    "iri-reference",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
    "regex",
];

/// What a name of a format means.
pub(super) enum Named {
    Text(&'static TextFormat),
    Whole(&'static WholeFormat),
    /// JSON Schema defines it, and no check here holds it.
    Unsupported,
    /// A note for the reader, such as `password`.
    Note,
}

/// The format of a name; `own` are known beside those of JSON Schema.
pub(super) fn named(name: &str, own: &'static [TextFormat]) -> Named {
    if let Some(format) = own.iter().chain(TEXTS).find(|format| format.name == name) {
        return Named::Text(format);
    }
    if let Some(format) = WHOLES.iter().find(|format| format.name == name) {
        return Named::Whole(format);
    }
    if UNSUPPORTED.contains(&name) { Named::Unsupported } else { Named::Note }
}

/// The names of the formats that are checked.
pub(super) fn names() -> String {
    let names: Vec<_> = TEXTS.iter().map(|format| format.name).chain(WHOLES.iter().map(|format| format.name)).collect();
    names.join(", ")
}

impl WholeFormat {
    /// Whether a number has it.
    #[must_use]
    pub fn holds(&self, value: &serde_json::Number) -> bool {
        number::whole(value).is_some_and(|whole| (self.least..=self.most).contains(&whole))
    }
}

/// 32 hexadecimal digits in five groups.
fn is_uuid(text: &str) -> bool {
    let at = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(at)
}
