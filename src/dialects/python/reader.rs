//! `json.loads`: from text to a value, or the finding in Python's words.

use super::number;
use super::strings;
use super::value::{Integer, Object, Text, Value};

/// Why a text is no JSON to Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A `JSONDecodeError`.
    Syntax {
        /// Where, in code points.
        position: usize,
        /// What it says.
        message: &'static str,
    },
    /// An integer longer than `int()` takes, or nesting deeper than the interpreter's stack.
    Refused,
}

/// How many arrays and objects may stand within each other. Measured on CPython 3.11 under uvicorn.
const DEEPEST: usize = 968;

/// How many may be open where a fault is worded: Python makes the error while it stands that deep in its
/// own stack. `Expecting value` is worded at the top.
const DEEPEST_FAULT: usize = 965;

/// What is no value, or not yet.
pub(super) const EXPECTING_VALUE: &str = "Expecting value";

/// How many may be open around `NaN` or an infinity, which Python calls a function for.
const DEEPEST_CONSTANT: usize = 967;

/// Reads a text that [`decode`](super::decode) made.
///
/// # Errors
///
/// The first [`Fault`].
pub fn read(text: &[u8]) -> Result<Value<'_>, Fault> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    reader.white_space();
    let value = reader.value()?;
    reader.white_space();
    if reader.at < text.len() { Err(reader.fault(reader.at, "Extra data")) } else { Ok(value) }
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// A finding at a byte; its position counts code points.
    pub(super) fn fault(&self, at: usize, message: &'static str) -> Fault {
        if self.depth > DEEPEST_FAULT && message != EXPECTING_VALUE {
            return Fault::Refused;
        }
        let before = self.text.get(..at).unwrap_or(self.text);
        let position = before.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        Fault::Syntax { position, message }
    }

    fn white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Result<Value<'a>, Fault> {
        match self.peek() {
            Some(b'"') => strings::read(self).map(Value::Text),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            _ => match self.constant() {
                Some(Value::Float(_)) if self.depth > DEEPEST_CONSTANT => Err(Fault::Refused),
                Some(value) => Ok(value),
                None => number::read(self),
            },
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value<'a>, Fault>) -> Result<Value<'a>, Fault> {
        if self.depth == DEEPEST {
            return Err(Fault::Refused);
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn constant(&mut self) -> Option<Value<'a>> {
        const CONSTANTS: [(&[u8], Value<'static>); 6] = [
            (b"null", Value::Null),
            (b"true", Value::Bool(true)),
            (b"false", Value::Bool(false)),
            (b"NaN", Value::Float(f64::NAN)),
            (b"Infinity", Value::Float(f64::INFINITY)),
            (b"-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        let rest = self.rest();
        let (word, value) = CONSTANTS.into_iter().find(|(word, _)| rest.starts_with(word))?;
        self.at += word.len();
        Some(value)
    }

    fn list(&mut self) -> Result<Value<'a>, Fault> {
        let mut items = Vec::new();
        self.white_space();
        if self.skip(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value()?);
            self.white_space();
            if self.skip(b']') {
                return Ok(Value::List(items));
            }
            self.expect(b',', "Expecting ',' delimiter")?;
            self.white_space();
        }
    }

    fn object(&mut self) -> Result<Value<'a>, Fault> {
        let mut members = Object::default();
        self.white_space();
        if self.skip(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.fault(self.at, "Expecting property name enclosed in double quotes"));
            }
            let name: Text<'a> = strings::read(self)?;
            self.white_space();
            self.expect(b':', "Expecting ':' delimiter")?;
            self.white_space();
            members.set(name, self.value()?);
            self.white_space();
            if self.skip(b'}') {
                return Ok(Value::Object(members));
            }
            self.expect(b',', "Expecting ',' delimiter")?;
            self.white_space();
        }
    }

    fn skip(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        if there {
            self.at += 1;
        }
        there
    }

    fn expect(&mut self, byte: u8, message: &'static str) -> Result<(), Fault> {
        if self.skip(byte) { Ok(()) } else { Err(self.fault(self.at, message)) }
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Value::Integer(Integer::Small(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str, position: usize, message: &'static str) {
        assert_eq!(read(text.as_bytes()), Err(Fault::Syntax { position, message }), "{text}");
    }

    #[test]
    fn says_what_python_says_where_python_says_it() {
        fails("", 0, "Expecting value");
        fails(" ", 1, "Expecting value");
        fails("tru", 0, "Expecting value");
        fails(r#"{"name": }"#, 9, "Expecting value");
        fails("[1,]", 3, "Expecting value");
        fails("{name:1}", 1, "Expecting property name enclosed in double quotes");
        fails(r#"{"name": "x",}"#, 13, "Expecting property name enclosed in double quotes");
        fails(r#"{"a" 1}"#, 5, "Expecting ':' delimiter");
        fails(r#"{"a":1 "b"}"#, 7, "Expecting ',' delimiter");
        fails("{} x", 3, "Extra data");
        fails("01", 1, "Extra data");
        fails("\"é\" 1", 4, "Extra data");
    }

    #[test]
    fn nesting_ends_where_the_stack_of_python_ends() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(nested(968).as_bytes()).is_ok());
        assert_eq!(read(nested(969).as_bytes()), Err(Fault::Refused));
    }
}
