//! Why a body is no JSON, in plain words, and where reading it stopped.
//!
//! Only a body that was refused, or of which something was passed over, is looked at here. The words are those of whoever
//! wrote the body, not those of a parser. Where a vendor's own words are not known, they are these too.

mod scan;

use std::fmt;

use scan::{Fault, OBJECT_AS_TEXT, Scan, is_blank};

/// How each such sentence begins.
pub(crate) const NO_JSON: &str = "no JSON";

const MARK: char = '\u{feff}';

/// Why a body is no JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Malformed {
    reason: String,
    /// The same in plainer words.
    plain: Option<String>,
    /// None where no place helps.
    place: Option<Place>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// From 1.
    line: usize,
    /// From 1.
    character: usize,
    /// The number of the byte in the whole body, from 0, where the bytes are no text.
    byte: Option<usize>,
    /// Where in the document, such as `after $.name`.
    context: Option<String>,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match &self.place {
            Some(Place { line, character, .. }) => write!(f, " (line {line}, character {character})"),
            None => Ok(()),
        }
    }
}

impl Malformed {
    /// Finds the first thing in a body that JSON does not have.
    #[must_use]
    pub(crate) fn of(body: &[u8]) -> Self {
        Self::found(body).unwrap_or_else(|| Self::whole("it cannot be read"))
    }

    /// The same; nothing where the body is JSON.
    #[must_use]
    pub(crate) fn found(body: &[u8]) -> Option<Self> {
        let text = match std::str::from_utf8(body) {
            Ok(text) => text,
            Err(error) => {
                let before = std::str::from_utf8(&body[..error.valid_up_to()]).unwrap_or_default();
                let place = Place { byte: Some(error.valid_up_to()), ..place(before, None) };
                return Some(Self { reason: "it is not UTF-8 text".to_owned(), plain: None, place: Some(place) });
            }
        };
        if text.starts_with(MARK) {
            return Some(Self::whole("it starts with a byte order mark, which JSON does not have"));
        }
        Self::in_text(text, Scan::new(text))
    }

    /// The first thing that is no JSON to lenient vendors either, who read a byte order mark, bytes that are no UTF-8 and
    /// half of a surrogate pair. Stricter ones say by themselves what they do not read.
    #[must_use]
    pub(crate) fn beyond(body: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(body);
        let rest = text.trim_start_matches(MARK);
        if rest.is_empty() && !text.is_empty() {
            return Some(Self::whole("it holds nothing but a byte order mark"));
        }
        let mut scan = Scan::new(rest);
        scan.takes_halves = true;
        Self::in_text(rest, scan)
    }

    fn in_text(text: &str, mut scan: Scan<'_>) -> Option<Self> {
        if text.chars().all(is_blank) {
            return Some(Self::whole("it holds only blanks, where an object should stand"));
        }
        let Err(Fault { reason, plain }) = scan.document() else { return None };
        let place = place(&text[..scan.at], scan.context());
        Some(Self { reason, plain, place: Some(place) })
    }

    /// The whole sentence of a hint.
    #[must_use]
    pub(crate) fn sentence(&self) -> String {
        format!("the body is {}", self.to_text())
    }

    /// What the body is: `no JSON: a comma or } is missing, at line 3, character 3, after $.firstName`.
    #[must_use]
    pub(crate) fn to_text(&self) -> String {
        let reason = self.plain.as_deref().unwrap_or(&self.reason);
        if reason == OBJECT_AS_TEXT {
            return format!("{NO_JSON}: it is {OBJECT_AS_TEXT}, which is what JavaScript prints for an object");
        }
        let Some(Place { line, character, byte, context }) = &self.place else { return format!("{NO_JSON}: {reason}") };
        let byte = byte.map(|byte| format!(" (byte {byte})")).unwrap_or_default();
        let context = context.as_deref().map(|context| format!(", {context}")).unwrap_or_default();
        format!("{NO_JSON}: {reason}, at line {line}, character {character}{byte}{context}")
    }

    /// Whether it stands at this line and character, or beside it.
    #[must_use]
    pub(crate) fn is_near(&self, line: usize, character: usize) -> bool {
        self.place.as_ref().is_some_and(|place| place.line == line && place.character.abs_diff(character) <= 1)
    }

    fn whole(reason: &str) -> Self {
        Self { reason: reason.to_owned(), plain: None, place: None }
    }
}

/// The paths of the members of a text whose names stood in their object before, such as `$[1].name`, as far as it is JSON.
#[must_use]
pub(crate) fn repeated(text: &str) -> Vec<String> {
    let mut scan = Scan::new(text);
    scan.repeated = Some(Vec::new());
    // What is no JSON behind them takes nothing from those that were met.
    let _ = scan.document();
    scan.repeated.unwrap_or_default()
}

/// How many lists and objects of a text stand within each other, and the line and the character of the innermost, as far as
/// it is JSON.
#[must_use]
pub(crate) fn deepest(text: &str) -> (usize, usize, usize) {
    let mut scan = Scan::new(text);
    // What is no JSON behind it makes nothing deeper.
    let _ = scan.document();
    let (levels, at) = scan.deepest;
    let Place { line, character, .. } = place(&text[..at], None);
    (levels, line, character)
}

/// The line and the character at which what comes after a text stands.
fn place(before: &str, context: Option<String>) -> Place {
    let line = before.matches('\n').count() + 1;
    let character = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Place { line, character, byte: None, context }
}

#[cfg(test)]
mod tests;
