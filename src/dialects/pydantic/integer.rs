//! Integers of a query: blanks around, a sign, zeros ahead, underscores between digits and a
//! fraction of zeros are all read.

use super::findings::{Context, Finding, Findings, Input, Loc};

/// The values that an integer may have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    /// The least.
    pub ge: i64,
    /// The greatest, if there is one.
    pub le: Option<i64>,
}

/// The longest integer that is read, a minus included.
const MOST_CHARACTERS: usize = 4_300;

impl<'v> Findings<'v> {
    /// An integer of a query, within a range; one beyond 64 bits counts as the nearest within.
    pub(crate) fn integer_text(&mut self, loc: Loc<'v>, text: &'v str, range: Range) -> Option<i64> {
        let input = Input::Text(text);
        let number = match read(text) {
            Ok(number) => number,
            Err(Unread::Parsing) => {
                let message = "Input should be a valid integer, unable to parse string as an integer";
                self.push(Finding::new("int_parsing", loc, message, input));
                return None;
            }
            Err(Unread::Size) => {
                let message = "Unable to parse input string as an integer, exceeded maximum size";
                self.push(Finding::new("int_parsing_size", loc, message, input));
                return None;
            }
        };
        let Range { ge, le } = range;
        if let Some(le) = le.filter(|le| number > *le) {
            let message = format!("Input should be less than or equal to {le}");
            self.push(Finding::new("less_than_equal", loc, message, input).with(Context::Number("le", le)));
            return None;
        }
        if number < ge {
            let message = format!("Input should be greater than or equal to {ge}");
            self.push(Finding::new("greater_than_equal", loc, message, input).with(Context::Number("ge", ge)));
            return None;
        }
        Some(number)
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Unread {
    Parsing,
    Size,
}

fn read(text: &str) -> Result<i64, Unread> {
    if starts_too_long(text) {
        return Err(Unread::Size);
    }
    cleaned(text).and_then(|number| json_integer(&number)).ok_or(Unread::Parsing)
}

/// Whether the text as it stands begins with an integer of more characters than are read, which is a
/// finding of its own.
fn starts_too_long(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    !unsigned.starts_with('0') && digits + (text.len() - unsigned.len()) > MOST_CHARACTERS
}

/// What is read: the text without blanks, a plus, zeros ahead, single underscores and a fraction of zeros.
fn cleaned(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let (sign, unsigned) = match trimmed.strip_prefix('+') {
        Some(rest) if rest.starts_with('-') => return None,
        Some(rest) => ("", rest),
        None => trimmed.strip_prefix('-').map_or(("", trimmed), |rest| ("-", rest)),
    };
    let whole = match unsigned.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => unsigned,
    };
    let digits = without_zeros_ahead(whole);
    let is_grouped = digits.split('_').all(|group| !group.is_empty());
    is_grouped.then(|| format!("{sign}{}", digits.replace('_', "")))
}

/// Any number of underscores between zeros ahead goes with them, and so a minus may stand behind them.
fn without_zeros_ahead(text: &str) -> &str {
    if !text.starts_with('0') {
        return text;
    }
    match text.trim_start_matches(['0', '_']) {
        "" if text.ends_with('0') => "0",
        rest => rest,
    }
}

/// A JSON integer; one beyond 64 bits counts as the nearest within.
fn json_integer(text: &str) -> Option<i64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let is_plain = unsigned.bytes().all(|byte| byte.is_ascii_digit());
    if unsigned.is_empty() || !is_plain || (unsigned.len() > 1 && unsigned.starts_with('0')) {
        return None;
    }
    let nearest = if unsigned.len() < text.len() { i64::MIN } else { i64::MAX };
    (text.len() <= MOST_CHARACTERS).then(|| text.parse().unwrap_or(nearest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_pydantic_reads() {
        for text in ["5", " 5", "5\n", "\u{a0}5", "+5", "5.0", "5.000", "0005", "0_5", "0005.0", "+00_5"] {
            assert_eq!(read(text), Ok(5), "{text:?}");
        }
        assert_eq!(read("1_0.0"), Ok(10));
        assert_eq!(read("-1_0"), Ok(-10));
        assert_eq!(read("-00.0"), Ok(0));
        assert_eq!(read("99999999999999999999"), Ok(i64::MAX));
        assert_eq!(read("-99999999999999999999"), Ok(i64::MIN));
        for text in ["0__5", "0_0__5", "+0__5", "0__5.0"] {
            assert_eq!(read(text), Ok(5), "{text:?}");
        }
        for text in ["-0__5", "0-5", "0_-5", "+0-5", "0-5.0"] {
            assert_eq!(read(text), Ok(-5), "{text:?}");
        }
        assert_eq!(read("0__0"), Ok(0));
        assert_eq!(read(&format!("-{}", "1".repeat(4299))), Ok(i64::MIN));
    }

    #[test]
    fn refuses_what_pydantic_refuses() {
        for text in [
            "", " ", "5.", ".0", "1__0", "_1", "1_", "5.0_0", "0_", "0_.0", "-0-5", "0-05", "-_5", "+-5", "-+5", "--5",
            "+ 5", "1e1", "0x5", "٥",
        ] {
            assert_eq!(read(text), Err(Unread::Parsing), "{text:?}");
        }
        assert_eq!(read(&"1".repeat(4301)), Err(Unread::Size));
        assert_eq!(read(&format!("-{}", "1".repeat(4300))), Err(Unread::Size));
        assert_eq!(read(&format!("-0{}", "1".repeat(4300))), Err(Unread::Parsing));
        assert_eq!(read(&format!(" {}", "1".repeat(4301))), Err(Unread::Parsing));
    }
}
