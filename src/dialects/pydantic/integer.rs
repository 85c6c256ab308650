//! Integers of a query: blanks around, a sign, zeros ahead, underscores between digits and a
//! fraction of zeros are all read.

use super::findings::{Context, Finding, Findings, Input, Loc};

/// The values that an integer may have.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// The least.
    pub ge: i64,
    /// The greatest, if there is one.
    pub le: Option<i64>,
}

/// The longest run of digits that is read.
const MOST_DIGITS: usize = 4_300;

impl<'v> Findings<'v> {
    /// An integer of a query, within a range; one beyond 64 bits counts as the nearest within.
    pub fn integer_text(&mut self, loc: Loc, text: &'v str, range: Range) -> Option<i64> {
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
    let trimmed = text.trim();
    let unsigned = trimmed.strip_prefix('+').unwrap_or(trimmed);
    let (negative, unsigned) = if trimmed.starts_with('+') { (false, unsigned) } else { strip_minus(unsigned) };
    let whole = match unsigned.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return Err(Unread::Parsing),
        None => unsigned,
    };
    let digits = digits(whole).ok_or(Unread::Parsing)?;
    let significant = digits.trim_start_matches('0');
    if significant.len() > MOST_DIGITS {
        return Err(Unread::Parsing);
    }
    let magnitude = if significant.is_empty() { 0 } else { significant.parse().unwrap_or(i64::MAX) };
    Ok(if negative { -magnitude } else { magnitude })
}

/// Whether the text as it stands begins with more digits than are read, which is a finding of its own.
fn starts_too_long(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    !unsigned.starts_with('0') && unsigned.bytes().take_while(u8::is_ascii_digit).count() > MOST_DIGITS
}

fn strip_minus(text: &str) -> (bool, &str) {
    text.strip_prefix('-').map_or((false, text), |rest| (true, rest))
}

/// The digits without the single underscores between them, if there is nothing else.
fn digits(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(text.len());
    for group in text.split('_') {
        if group.is_empty() || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
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
    }

    #[test]
    fn refuses_what_pydantic_refuses() {
        for text in ["", " ", "5.", ".0", "1__0", "_1", "1_", "5.0_0", "+-5", "-+5", "--5", "+ 5", "1e1", "0x5", "٥"] {
            assert_eq!(read(text), Err(Unread::Parsing), "{text:?}");
        }
        assert_eq!(read(&"1".repeat(4301)), Err(Unread::Size));
        assert_eq!(read(&format!(" {}", "1".repeat(4301))), Err(Unread::Parsing));
    }
}
