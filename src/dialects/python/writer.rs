//! `json.dumps(…, ensure_ascii=False, separators=(",", ":"))`.

use std::io::Write;

use super::float;
use super::value::{Integer, Text, Value};
use crate::json::{Escaping, is_plain};

/// A value that cannot be answered: NaN or an infinity, a lone surrogate, nesting too deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unencodable;

/// What a value is written for. The depths are measured on CPython 3.11.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// To be echoed in a finding: NaN and the infinities cannot be encoded.
    Echo,
    /// To be answered from a model's free field: NaN and the infinities become `null`.
    Answer,
}

/// Adds the JSON of a value.
///
/// # Errors
///
/// [`Unencodable`], after which `out` holds half a value.
pub(crate) fn write(value: &Value<'_>, purpose: Use, out: &mut Vec<u8>) -> Result<(), Unencodable> {
    write_at(value, purpose, 1, out)
}

fn write_at(value: &Value<'_>, purpose: Use, level: usize, out: &mut Vec<u8>) -> Result<(), Unencodable> {
    let nested = matches!(value, Value::List(_) | Value::Object(_));
    let too_deep = match purpose {
        Use::Echo => nested && level > 963,
        Use::Answer => level > 256,
    };
    if too_deep {
        return Err(Unencodable);
    }
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        // Writing to a Vec cannot fail.
        Value::Integer(Integer::Small(number)) => drop(write!(out, "{number}")),
        Value::Integer(Integer::Large(digits)) => out.extend_from_slice(digits.as_bytes()),
        Value::Float(number) if number.is_finite() => float::write(*number, out),
        Value::Float(_) if purpose == Use::Answer => out.extend_from_slice(b"null"),
        Value::Float(_) => return Err(Unencodable),
        Value::Text(text) => write_text(text, out)?,
        Value::List(items) => {
            out.push(b'[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                write_at(item, purpose, level + 1, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            out.push(b'{');
            for (number, (name, value)) in members.iter().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                write_text(name, out)?;
                out.push(b':');
                write_at(value, purpose, level + 1, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn write_text(text: &Text<'_>, out: &mut Vec<u8>) -> Result<(), Unencodable> {
    write_str(text.as_str().ok_or(Unencodable)?, out);
    Ok(())
}

/// Adds a JSON string.
pub(crate) fn write_str(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    if is_plain(text.as_bytes(), Escaping::Least) {
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
        return;
    }
    let mut rest = text.as_bytes();
    while let Some(place) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        let (plain, special) = rest.split_at(place);
        out.extend_from_slice(plain);
        if let Some((byte, after)) = special.split_first() {
            match byte {
                b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
                b'\n' => out.extend_from_slice(br"\n"),
                b'\r' => out.extend_from_slice(br"\r"),
                b'\t' => out.extend_from_slice(br"\t"),
                0x08 => out.extend_from_slice(br"\b"),
                0x0c => out.extend_from_slice(br"\f"),
                // Writing to a Vec cannot fail.
                _ => drop(write!(out, "\\u{byte:04x}")),
            }
            rest = after;
        }
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn dumps(text: &str, purpose: Use) -> Result<String, Unencodable> {
        let mut out = Vec::new();
        let value = read(text.as_bytes()).expect("JSON");
        write(&value, purpose, &mut out).map(|()| String::from_utf8(out).expect("UTF-8"))
    }

    #[test]
    fn writes_what_json_dumps_writes() {
        let text = r#" { "a" : [ 1e2 , -0.0, 123456789012345678901234567890 ] , "é\u007f\u001f\"" : "\/\n", "a":{} } "#;
        let expected = "{\"a\":{},\"é\u{7f}\\u001f\\\"\":\"/\\n\"}";
        assert_eq!(dumps(text, Use::Echo).as_deref(), Ok(expected));
    }

    #[test]
    fn what_cannot_be_encoded_depends_on_the_use() {
        assert_eq!(dumps("[NaN]", Use::Echo), Err(Unencodable));
        assert_eq!(dumps("[NaN,-Infinity]", Use::Answer).as_deref(), Ok("[null,null]"));
        assert_eq!(dumps(r#"{"\ud800":1}"#, Use::Answer), Err(Unencodable));
        assert_eq!(dumps(r#"["\ud800"]"#, Use::Answer), Err(Unencodable));
    }
}
