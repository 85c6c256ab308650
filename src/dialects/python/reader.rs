//! `json.loads`: from text to a value, or the finding in Python's words.

use super::cursor::{Cursor, Fault};
use super::number;
use super::strings;
use super::value::{Integer, Object, Text, Value};

/// How many arrays and objects may stand within each other. Measured on CPython 3.11 under uvicorn.
pub(crate) const DEEPEST: usize = 968;

/// How many may be open around `NaN` or an infinity, which Python calls a function for.
const DEEPEST_CONSTANT: usize = 967;

/// Reads a text that [`decode`](super::decode) made.
///
/// # Errors
///
/// The first [`Fault`].
pub(crate) fn read(text: &[u8]) -> Result<Value<'_>, Fault> {
    let mut cursor = Cursor::new(text);
    cursor.white_space();
    let value = value(&mut cursor)?;
    cursor.white_space();
    if cursor.at < text.len() { Err(cursor.fault(cursor.at, "Extra data")) } else { Ok(value) }
}

fn value<'a>(cursor: &mut Cursor<'a>) -> Result<Value<'a>, Fault> {
    match cursor.peek() {
        Some(b'"') => strings::read(cursor).map(Value::Text),
        Some(b'{') => nested(cursor, object),
        Some(b'[') => nested(cursor, list),
        _ => match constant(cursor) {
            Some(Value::Float(_)) if cursor.depth > DEEPEST_CONSTANT => Err(Fault::Refused),
            Some(value) => Ok(value),
            None => number::read(cursor),
        },
    }
}

fn nested<'a>(
    cursor: &mut Cursor<'a>,
    read: fn(&mut Cursor<'a>) -> Result<Value<'a>, Fault>,
) -> Result<Value<'a>, Fault> {
    if cursor.depth == DEEPEST {
        return Err(Fault::Refused);
    }
    cursor.depth += 1;
    cursor.at += 1;
    let value = read(cursor)?;
    cursor.depth -= 1;
    Ok(value)
}

fn constant<'a>(cursor: &mut Cursor<'a>) -> Option<Value<'a>> {
    const CONSTANTS: [(&[u8], Value<'static>); 6] = [
        (b"null", Value::Null),
        (b"true", Value::Bool(true)),
        (b"false", Value::Bool(false)),
        (b"NaN", Value::Float(f64::NAN)),
        (b"Infinity", Value::Float(f64::INFINITY)),
        (b"-Infinity", Value::Float(f64::NEG_INFINITY)),
    ];
    let rest = cursor.rest();
    let (word, value) = CONSTANTS.into_iter().find(|(word, _)| rest.starts_with(word))?;
    cursor.at += word.len();
    Some(value)
}

fn list<'a>(cursor: &mut Cursor<'a>) -> Result<Value<'a>, Fault> {
    let mut items = Vec::new();
    cursor.white_space();
    if cursor.skip(b']') {
        return Ok(Value::List(items));
    }
    loop {
        items.push(value(cursor)?);
        cursor.white_space();
        if cursor.skip(b']') {
            return Ok(Value::List(items));
        }
        cursor.expect(b',', "Expecting ',' delimiter")?;
        cursor.white_space();
    }
}

fn object<'a>(cursor: &mut Cursor<'a>) -> Result<Value<'a>, Fault> {
    let mut members = Object::default();
    cursor.white_space();
    if cursor.skip(b'}') {
        return Ok(Value::Object(members));
    }
    loop {
        if cursor.peek() != Some(b'"') {
            return Err(cursor.fault(cursor.at, "Expecting property name enclosed in double quotes"));
        }
        let name: Text<'a> = strings::read(cursor)?;
        cursor.white_space();
        cursor.expect(b':', "Expecting ':' delimiter")?;
        cursor.white_space();
        members.set(name, value(cursor)?);
        cursor.white_space();
        if cursor.skip(b'}') {
            return Ok(Value::Object(members));
        }
        cursor.expect(b',', "Expecting ',' delimiter")?;
        cursor.white_space();
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
