//! Says in plain words why a body is no JSON, and where reading it stopped.
//!
//! Only a body that was refused is looked at here. What the vendor says is not known: the sentences are
//! this project's, in the words of whoever wrote the body, not in those of a parser.

use std::fmt;

/// Why a body is no JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Malformed {
    reason: String,
    /// The line and the character in it, both from 1; none where no place helps.
    place: Option<(usize, usize)>,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match self.place {
            Some((line, column)) => write!(f, " (line {line}, character {column})"),
            None => Ok(()),
        }
    }
}

impl Malformed {
    /// Finds the first thing in a body that JSON does not have.
    pub(super) fn of(body: &[u8]) -> Self {
        let text = match std::str::from_utf8(body) {
            Ok(text) => text,
            Err(error) => {
                let before = std::str::from_utf8(&body[..error.valid_up_to()]).unwrap_or_default();
                return Self { reason: "it is not UTF-8 text".to_owned(), place: Some(place(before)) };
            }
        };
        if text.starts_with('\u{feff}') {
            return Self::whole("it starts with a byte order mark, which JSON does not have");
        }
        if text.chars().all(is_blank) {
            return Self::whole("it holds only blanks, where an object should stand");
        }
        let mut scan = Scan { text, at: 0, open: Vec::new() };
        match scan.document() {
            Err(reason) => Self { reason, place: Some(place(&text[..scan.at])) },
            Ok(()) => Self::whole("it cannot be read"),
        }
    }

    fn whole(reason: &str) -> Self {
        Self { reason: reason.to_owned(), place: None }
    }
}

/// The line and the character at which what comes after a text stands.
fn place(before: &str) -> (usize, usize) {
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// What may stand next.
#[derive(Clone, Copy)]
enum Next {
    /// A value; the end of an array too where it has only begun.
    Value { or_end: bool },
    /// The name of a property; the end of an object too where it has only begun.
    Name { or_end: bool },
    /// A comma or an end.
    More,
}

/// Walks through a text; at a fault, `at` is its place.
struct Scan<'t> {
    text: &'t str,
    at: usize,
    /// The brackets that are open, each as the one that closes it.
    open: Vec<char>,
}

impl Scan<'_> {
    fn document(&mut self) -> Result<(), String> {
        let mut next = Next::Value { or_end: false };
        loop {
            self.pass(is_blank);
            let Some(c) = self.peek() else {
                return self.open.last().map_or(Ok(()), |close| Err(format!("it ends before the closing {close}")));
            };
            next = match next {
                Next::Value { or_end: true } if c == ']' => self.close(c),
                Next::Value { .. } => self.value(c)?,
                Next::Name { or_end: true } if c == '}' => self.close(c),
                Next::Name { .. } => self.name(c)?,
                Next::More => self.more(c)?,
            };
        }
    }

    fn value(&mut self, c: char) -> Result<Next, String> {
        match c {
            '{' => return Ok(self.begin('}', Next::Name { or_end: true })),
            '[' => return Ok(self.begin(']', Next::Value { or_end: true })),
            '"' => self.string()?,
            '-' | '0'..='9' => self.number()?,
            ',' | '}' | ']' => return Err(format!("a value is missing before {c}")),
            '\'' => return Err("a string stands in double quotes, not in single quotes".to_owned()),
            '/' | '#' => return Err("JSON has no comments".to_owned()),
            '+' | '.' => return Err("a number starts with a digit or with a minus sign".to_owned()),
            _ => self.word()?,
        }
        Ok(Next::More)
    }

    fn name(&mut self, c: char) -> Result<Next, String> {
        match c {
            '"' => self.string()?,
            '}' => return Err("there is a comma too many before }".to_owned()),
            ',' => return Err("there is a comma too many".to_owned()),
            '/' | '#' => return Err("JSON has no comments".to_owned()),
            _ => return Err("the name of a property stands in double quotes".to_owned()),
        }
        self.pass(is_blank);
        match self.peek() {
            Some(':') => self.at += 1,
            Some(_) => return Err("a colon is missing after the name of a property".to_owned()),
            None => return Err("it ends before the value of a property".to_owned()),
        }
        self.pass(is_blank);
        if self.peek().is_none() {
            return Err("it ends before the value of a property".to_owned());
        }
        Ok(Next::Value { or_end: false })
    }

    fn more(&mut self, c: char) -> Result<Next, String> {
        let Some(close) = self.open.last().copied() else {
            return Err("something follows where it should end".to_owned());
        };
        match c {
            ',' => {
                self.at += 1;
                let comma = self.at - 1;
                self.pass(is_blank);
                if self.peek() == Some(close) {
                    self.at = comma;
                    return Err(format!("there is a comma too many before {close}"));
                }
                Ok(if close == '}' { Next::Name { or_end: false } } else { Next::Value { or_end: false } })
            }
            c if c == close => Ok(self.close(c)),
            ']' | '}' => Err(format!("{close} should stand here, not {c}")),
            '/' | '#' => Err("JSON has no comments".to_owned()),
            _ => Err(format!("a comma or {close} is missing")),
        }
    }

    fn begin(&mut self, close: char, next: Next) -> Next {
        self.at += 1;
        self.open.push(close);
        next
    }

    fn close(&mut self, c: char) -> Next {
        self.at += c.len_utf8();
        self.open.pop();
        Next::More
    }

    fn string(&mut self) -> Result<(), String> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => {
                    self.at = start;
                    return Err("the closing quote of a string is missing".to_owned());
                }
                Some('"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some('\\') => self.escape()?,
                Some('\n' | '\r') => return Err("a line break in a string must be written as \\n".to_owned()),
                Some('\t') => return Err("a tab in a string must be written as \\t".to_owned()),
                Some(c) if c < ' ' => {
                    return Err(format!("a control character in a string must be written as \\u{:04x}", u32::from(c)));
                }
                Some(c) => self.at += c.len_utf8(),
            }
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        match self.text[self.at + 1..].chars().next() {
            Some('u') => match self.unit(self.at) {
                None => Err("a \\u escape in a string must have four hexadecimal digits".to_owned()),
                Some(0xD800..=0xDBFF) if matches!(self.unit(self.at + 6), Some(0xDC00..=0xDFFF)) => {
                    self.at += 12;
                    Ok(())
                }
                Some(0xD800..=0xDFFF) => Err("a \\u escape in a string stands for only half a character".to_owned()),
                Some(_) => {
                    self.at += 6;
                    Ok(())
                }
            },
            Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => {
                self.at += 2;
                Ok(())
            }
            _ => Err("a backslash in a string must be written as \\\\".to_owned()),
        }
    }

    /// The four hexadecimal digits of a `\u` escape that starts at a place.
    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) { u32::from_str_radix(digits, 16).ok() } else { None }
    }

    fn number(&mut self) -> Result<(), String> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some('-'));
        let zero = self.peek() == Some('0');
        let whole = self.digits()?;
        if zero && whole > 1 {
            self.at = start;
            return Err("a number has no zeros in front".to_owned());
        }
        if self.peek() == Some('.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some('+' | '-')));
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<usize, String> {
        match self.pass(|c| c.is_ascii_digit()) {
            0 => Err("a digit of a number is missing".to_owned()),
            count => Ok(count),
        }
    }

    fn word(&mut self) -> Result<(), String> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        match &rest[..end] {
            "true" | "false" | "null" => {
                self.at += end;
                Ok(())
            }
            _ => Err("a value must be a string in double quotes, a number, true, false, null, an array or an object"
                .to_owned()),
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Passes over characters; returns how many.
    fn pass(&mut self, wanted: impl Fn(char) -> bool) -> usize {
        let start = self.at;
        while let Some(c) = self.peek().filter(|c| wanted(*c)) {
            self.at += c.len_utf8();
        }
        self.at - start
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    fn check(body: &[u8], expected: &str) {
        assert_eq!(Malformed::of(body).to_string(), expected, "{}", String::from_utf8_lossy(body));
        assert!(serde_json::from_slice::<serde_json::Value>(body).is_err(), "{}", String::from_utf8_lossy(body));
    }

    #[test]
    fn every_kind_of_fault_has_a_sentence_and_a_place() {
        check(b"  \n ", "it holds only blanks, where an object should stand");
        check(b"\xEF\xBB\xBF{}", "it starts with a byte order mark, which JSON does not have");
        check(b"{\"a\": \"\xFF\"}", "it is not UTF-8 text (line 1, character 8)");
        check(b"{", "it ends before the closing } (line 1, character 2)");
        check(b"[1", "it ends before the closing ] (line 1, character 3)");
        check(b"{\"a\"", "it ends before the value of a property (line 1, character 5)");
        check(b"{\"a\":", "it ends before the value of a property (line 1, character 6)");
        check(b"{\"a\": }", "a value is missing before } (line 1, character 7)");
        check(b"[1,,2]", "a value is missing before , (line 1, character 4)");
        check(b"{\"a\": 1,}", "there is a comma too many before } (line 1, character 8)");
        check(b"[1,\n]", "there is a comma too many before ] (line 1, character 3)");
        check(b"{,}", "there is a comma too many (line 1, character 2)");
        check(b"{\"a\": 1,, \"b\": 2}", "there is a comma too many (line 1, character 9)");
        check(b"{\"a\": 1\n \"b\": 2}", "a comma or } is missing (line 2, character 2)");
        check(b"[1 2]", "a comma or ] is missing (line 1, character 4)");
        check(b"{\"a\": [1}", "] should stand here, not } (line 1, character 9)");
        check(b"{\"a\" 1}", "a colon is missing after the name of a property (line 1, character 6)");
        check(b"{a: 1}", "the name of a property stands in double quotes (line 1, character 2)");
        check(b"{'a': 1}", "the name of a property stands in double quotes (line 1, character 2)");
        check(b"{1: 1}", "the name of a property stands in double quotes (line 1, character 2)");
        check(b"{\"a\": 'b'}", "a string stands in double quotes, not in single quotes (line 1, character 7)");
        check(b"{\"a\": 1} // b", "something follows where it should end (line 1, character 10)");
        check(b"{\"a\": 1 // b", "JSON has no comments (line 1, character 9)");
        check(b"{ /* a */ }", "JSON has no comments (line 1, character 3)");
        check(b"{} {}", "something follows where it should end (line 1, character 4)");
        check("{\"ä\": \"b}".as_bytes(), "the closing quote of a string is missing (line 1, character 7)");
        check(b"\"a\nb\"", "a line break in a string must be written as \\n (line 1, character 3)");
        check(b"\"a\tb\"", "a tab in a string must be written as \\t (line 1, character 3)");
        check(b"\"a\0b\"", "a control character in a string must be written as \\u0000 (line 1, character 3)");
        check(b"\"a\\x\"", "a backslash in a string must be written as \\\\ (line 1, character 3)");
        check(b"\"\\u12g4\"", "a \\u escape in a string must have four hexadecimal digits (line 1, character 2)");
        check(b"\"\\ud800\"", "a \\u escape in a string stands for only half a character (line 1, character 2)");
        check(b"[01]", "a number has no zeros in front (line 1, character 2)");
        check(b"[-]", "a digit of a number is missing (line 1, character 3)");
        check(b"[1.]", "a digit of a number is missing (line 1, character 4)");
        check(b"[1e]", "a digit of a number is missing (line 1, character 4)");
        check(b"[+1]", "a number starts with a digit or with a minus sign (line 1, character 2)");
        check(b"[.5]", "a number starts with a digit or with a minus sign (line 1, character 2)");
        let value = "a value must be a string in double quotes, a number, true, false, null, an array or an object";
        for word in ["NaN", "undefined", "True", "None", "nul", "truest", "\u{a0}1", "\0"] {
            check(format!("[{word}]").as_bytes(), &format!("{value} (line 1, character 2)"));
        }
        check(b"firstName=Ann", &format!("{value} (line 1, character 1)"));
    }

    /// Texts of the characters that JSON is made of: some are JSON, most are nearly so.
    fn nearly_json() -> impl Strategy<Value = String> {
        const PARTS: &[&str] =
            &["{", "}", "[", "]", ",", ":", "\"a\"", "\"", "1", "-", "0", ".", "e", "true", "null", " ", "\\", "x"];
        proptest::collection::vec(proptest::sample::select(PARTS), 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn what_is_refused_is_told_a_place_and_what_is_json_has_none(text in nearly_json()) {
            let refused = serde_json::from_str::<&RawValue>(&text).is_err();
            let told = Malformed::of(text.as_bytes());
            let found = told.place.is_some() || told.reason.contains("blanks");
            prop_assert_eq!(refused, found, "{}: {}", text, told);
        }
    }
}
