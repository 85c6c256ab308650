//! UUIDs, in the words of the `uuid` crate that pydantic's core was built with.

use std::fmt;

use uuid::Uuid;

use super::findings::{Context, Finding, Findings, Input, Loc};
use crate::dialects::python::Value;

/// A version of pydantic. What is no UUID, and how that is worded, is what hangs on it. There is none by default: each
/// list of findings has the one that the provider chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// Measured with 2.12.5, whose core has version 1.18 of the `uuid` crate. Later versions of that crate word their
    /// errors otherwise, and also take an upper-case `URN:UUID:`.
    V2_12,
}

const URN: &str = "urn:uuid:";

impl<'v> Findings<'v> {
    /// A UUID of a body.
    pub(crate) fn uuid(&mut self, loc: Loc<'v>, value: &'v Value<'v>) -> Option<Uuid> {
        let Value::Text(text) = value else {
            let message = "UUID input should be a string, bytes or UUID object";
            self.push(Finding::new("uuid_type", loc, message, Input::Value(value)));
            return None;
        };
        let text = self.unicode(loc, value, text)?;
        self.parsed(loc, text, Input::Value(value))
    }

    /// A UUID of a path or a query.
    pub(crate) fn uuid_text(&mut self, loc: Loc<'v>, text: &'v str) -> Option<Uuid> {
        self.parsed(loc, text, Input::Text(text))
    }

    fn parsed(&mut self, loc: Loc<'v>, text: &str, input: Input<'v>) -> Option<Uuid> {
        let error = match self.version() {
            Version::V2_12 => match read(text) {
                Some(uuid) => return Some(uuid),
                None => Error::of(text).to_string(),
            },
        };
        let message = format!("Input should be a valid UUID, {error}");
        self.push(Finding::new("uuid_parsing", loc, message, input).with(Context::Text("error", error)));
        None
    }
}

/// The hyphenated form, 32 digits, braces around or `urn:uuid:` before the hyphenated form.
fn read(text: &str) -> Option<Uuid> {
    let inner = hyphenated(text);
    match inner.len() {
        32 if inner.len() == text.len() => Uuid::try_parse(inner).ok(),
        36 => Uuid::try_parse(inner).ok(),
        _ => None,
    }
}

/// What is looked at as the hyphenated form: a text of the right length without its wrapping.
fn hyphenated(text: &str) -> &str {
    let inner = match text.len() {
        38 => text.strip_prefix('{').and_then(|text| text.strip_suffix('}')),
        45 => text.strip_prefix(URN),
        _ => None,
    };
    inner.unwrap_or(text)
}

#[derive(Debug, PartialEq, Eq)]
enum Error {
    Character { found: char, at: usize },
    Length { found: usize },
    GroupCount { found: usize },
    GroupLength { group: usize, found: usize },
}

impl Error {
    /// Why a text is no UUID. A text of the right length is looked at without its wrapping, any
    /// other with it; the places and lengths count accordingly.
    fn of(text: &str) -> Self {
        const STARTS: [usize; 5] = [0, 9, 14, 19, 24];
        let text = hyphenated(text);
        let braced = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let (digits, offset) = match (braced, text.strip_prefix(URN)) {
            (Some(inner), _) => (inner, 1),
            (None, Some(inner)) => (inner, URN.len()),
            (None, None) => (text, 0),
        };
        if let Some((at, found)) = digits.char_indices().find(|(_, char)| *char != '-' && !char.is_ascii_hexdigit()) {
            return Self::Character { found, at: at + offset + 1 };
        }
        let hyphens: Vec<usize> = digits.match_indices('-').map(|(at, _)| at).collect();
        if hyphens.is_empty() && offset == 0 {
            return Self::Length { found: text.len() };
        }
        if hyphens.len() != 4 {
            return Self::GroupCount { found: hyphens.len() + 1 };
        }
        for (group, (hyphen, starts)) in hyphens.iter().zip(STARTS.windows(2)).enumerate() {
            if let [start, next] = starts
                && hyphen + 1 != *next
            {
                return Self::GroupLength { group, found: hyphen.saturating_sub(*start) };
            }
        }
        Self::GroupLength { group: 4, found: text.len().saturating_sub(24) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { found, at } => write!(
                f,
                "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `{found}` at {at}"
            ),
            Self::Length { found } => write!(f, "invalid length: expected length 32 for simple format, found {found}"),
            Self::GroupCount { found } => write!(f, "invalid group count: expected 5, found {found}"),
            Self::GroupLength { group, found } => {
                let expected = if *group == 0 {
                    8
                } else if *group == 4 {
                    12
                } else {
                    4
                };
                write!(f, "invalid group length in group {group}: expected {expected}, found {found}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "c58aea71-3861-4f28-b8c4-20832a2f22ee";

    #[test]
    fn reads_four_forms_and_no_other() {
        let simple = ID.replace('-', "");
        for text in [ID.to_owned(), ID.to_uppercase(), simple.clone(), format!("{{{ID}}}"), format!("urn:uuid:{ID}")] {
            assert_eq!(read(&text).map(|id| id.to_string()).as_deref(), Some(ID), "{text}");
        }
        for text in [format!("{{{simple}}}"), format!("URN:UUID:{ID}"), format!("urn:uuid:{simple}"), String::new()] {
            assert_eq!(read(&text), None, "{text}");
        }
    }

    #[test]
    fn words_its_errors_as_the_older_crate_did() {
        let check = |text: &str, expected: Error| assert_eq!(Error::of(text), expected, "{text}");
        check("", Error::Length { found: 0 });
        check("abc", Error::Length { found: 3 });
        check("{}", Error::GroupCount { found: 1 });
        check("aé", Error::Character { found: 'é', at: 2 });
        check("{c58aea71-3861-4f28-b8c4-20832a2f22eg}", Error::Character { found: 'g', at: 36 });
        check("{c58aea71-3861-4f28-b8c4-20832a2f22e}", Error::GroupLength { group: 4, found: 13 });
        check("urn:uuid:c58aea71-3861-4f28-b8c4-20832a2f22e", Error::GroupLength { group: 4, found: 20 });
        check("c58aea71--3861-4f28b8c4-20832a2f22ee", Error::GroupLength { group: 1, found: 0 });
        check("----", Error::GroupLength { group: 0, found: 0 });
    }
}
