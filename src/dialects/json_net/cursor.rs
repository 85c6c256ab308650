//! The text and the pieces of it that are not structure: blanks, comments, strings, numbers, words.

use std::borrow::Cow;

use super::fault::{Fault, Finding};

/// A place in the text. NUL characters count as blanks between tokens, as the library's buffer has it.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character behind the next one.
    pub(super) fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    pub(super) fn fault(&self, finding: Finding) -> Fault {
        let read = self.text.get(..self.at).unwrap_or_default();
        let lines = read.replace("\r\n", "\n").replace('\r', "\n");
        let last = lines.rsplit('\n').next().unwrap_or_default();
        Fault { finding, line: lines.split('\n').count(), position: last.encode_utf16().count(), member: None }
    }

    /// The fault of whatever stands here.
    pub(super) fn unexpected(&self) -> Fault {
        self.fault(self.peek().map_or(Finding::End, Finding::Character))
    }

    pub(super) fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is_blank).len();
    }

    /// Passes a comment, of which the slash stands here.
    pub(super) fn skip_comment(&mut self) -> Result<(), Fault> {
        let mut chars = self.rest().chars().skip(1);
        match (chars.next(), chars.next()) {
            // The library looks for one character more than it needs.
            (_, None) => Err(self.fault(Finding::End)),
            (Some('*'), _) => {
                let inside = self.rest().get(2..).unwrap_or_default();
                let end = inside.find("*/").ok_or_else(|| self.fault(Finding::End))?;
                self.at += end + 4;
                Ok(())
            }
            (Some('/'), _) => {
                self.at += self.rest().find(['\r', '\n']).unwrap_or(self.rest().len());
                Ok(())
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Reads a literal, behind which a value must be over; `)` ends one inside a constructor.
    pub(super) fn literal(&mut self, word: &'static str, in_constructor: bool) -> Result<(), Fault> {
        let Some(rest) = self.rest().strip_prefix(word) else {
            return Err(self.fault(Finding::Literal(word)));
        };
        self.at += word.len();
        let mut next = rest.chars();
        let over = match next.next() {
            None => true,
            Some('}' | ']' | ',') => true,
            Some(')') => in_constructor,
            Some('/') => matches!(next.next(), Some('*' | '/')),
            Some(other) => is_blank(other),
        };
        if over { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The text of a bare number.
    pub(super) fn number(&mut self) -> Result<&'a str, Fault> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !matches!(c, '-' | '+' | '.' | '0'..='9' | 'a'..='f' | 'A'..='F' | 'x' | 'X'))
            .unwrap_or(rest.len());
        let (number, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        self.at += length;
        match behind.chars().next() {
            None | Some(',' | '}' | ']' | ')' | '/') => Ok(number),
            Some(other) if is_blank(other) => Ok(number),
            Some(_) => Err(self.unexpected()),
        }
    }

    /// A string, of which the quote stands here.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let quote = self.peek().unwrap_or('"');
        self.bump();
        let mut read = String::new();
        loop {
            let rest = self.rest();
            let Some(stop) = rest.find([quote, '\\']) else {
                self.at = self.text.len();
                return Err(self.fault(Finding::End));
            };
            let (plain, behind) = rest.split_at_checked(stop).unwrap_or((rest, ""));
            self.at += stop + 1;
            if behind.starts_with(quote) {
                if read.is_empty() {
                    return Ok(Cow::Borrowed(plain));
                }
                read.push_str(plain);
                return Ok(Cow::Owned(read));
            }
            read.push_str(plain);
            self.escape(&mut read)?;
        }
    }

    /// What stands behind a backslash.
    fn escape(&mut self, read: &mut String) -> Result<(), Fault> {
        let plain = match self.peek() {
            Some('b') => '\u{8}',
            Some('t') => '\t',
            Some('n') => '\n',
            Some('f') => '\u{c}',
            Some('r') => '\r',
            Some(same @ ('\\' | '"' | '\'' | '/')) => same,
            Some('u') => {
                self.bump();
                return self.unicode(read);
            }
            Some(_) => return Err(self.fault(Finding::Escape)),
            None => return Err(self.fault(Finding::End)),
        };
        self.bump();
        read.push(plain);
        Ok(())
    }

    /// The four digits behind `\u`, and those of the escapes that follow a high surrogate.
    ///
    /// A surrogate without its partner becomes U+FFFD.
    fn unicode(&mut self, read: &mut String) -> Result<(), Fault> {
        let mut unit = self.four_digits()?;
        while let 0xD800..=0xDBFF = unit {
            let Some(behind) = self.rest().strip_prefix("\\u") else {
                break;
            };
            self.at = self.text.len() - behind.len();
            let next = self.four_digits()?;
            if let 0xDC00..=0xDFFF = next {
                read.extend(char::decode_utf16([unit, next]).flatten());
                return Ok(());
            }
            read.push(char::REPLACEMENT_CHARACTER);
            unit = next;
        }
        read.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    fn four_digits(&mut self) -> Result<u16, Fault> {
        let digits = self.rest().get(..4).ok_or_else(|| self.fault(Finding::Escape))?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(self.fault(Finding::Escape));
        }
        self.at += 4;
        u16::from_str_radix(digits, 16).map_err(|_| self.fault(Finding::Escape))
    }

    /// A member's name and its colon: quoted, or a bare word.
    pub(super) fn name(&mut self) -> Result<Cow<'a, str>, Fault> {
        let name = match self.peek() {
            Some('"' | '\'') => self.string()?,
            Some(first) if is_identifier(first) => Cow::Borrowed(self.word()?),
            _ => return Err(self.unexpected()),
        };
        self.skip_blanks();
        if self.peek() != Some(':') {
            return Err(self.unexpected());
        }
        self.bump();
        Ok(name)
    }

    /// A bare word, which a blank or a colon must end.
    fn word(&mut self) -> Result<&'a str, Fault> {
        let rest = self.rest();
        let length = rest.find(|c: char| !is_identifier(c)).unwrap_or(rest.len());
        self.at += length;
        match self.peek() {
            Some(':') => {}
            Some(other) if is_blank(other) => {}
            _ => return Err(self.unexpected()),
        }
        Ok(rest.get(..length).unwrap_or_default())
    }

    /// `new Name(`, up to and with the bracket.
    pub(super) fn constructor(&mut self, in_constructor: bool) -> Result<(), Fault> {
        self.literal("new", in_constructor)?;
        self.skip_blanks();
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(char::is_alphanumeric).len();
        self.skip_blanks();
        if self.peek() != Some('(') {
            return Err(self.unexpected());
        }
        self.bump();
        Ok(())
    }
}

fn is_blank(c: char) -> bool {
    c == '\0' || c.is_whitespace()
}

fn is_identifier(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings() {
        for (text, expected) in [
            (r#""plain""#, "plain"),
            ("'it\\'s'", "it's"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\ud83dx""#, "\u{fffd}x"),
            (r#""\udc00""#, "\u{fffd}"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            ("\"a\nb\"", "a\nb"),
            (r#""\b\f\n\r\t\/""#, "\u{8}\u{c}\n\r\t/"),
        ] {
            assert_eq!(Cursor::new(text).string().unwrap(), expected, "{text}");
        }
        for text in [r#""\x41""#, r#""\v""#, r#""\u12g4""#, r#""\u+123""#, "\"open", "\"\\"] {
            assert!(Cursor::new(text).string().is_err(), "{text}");
        }
    }

    #[test]
    fn a_fault_names_line_and_position() {
        let mut cursor = Cursor::new("a\r\nb\rc\n😀x");
        for _ in 0..8 {
            cursor.bump();
        }
        assert_eq!(
            cursor.fault(Finding::End).to_string(),
            "unexpected end, line 4, position 2",
            "a character beyond the first plane counts two"
        );
    }
}
