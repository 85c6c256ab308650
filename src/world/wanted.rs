//! JSON that is written and read as long as somebody wants it: each step asks for the work of this thread ([`cancel`]).

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::cancel::{self, Cancelled};

/// After how many bytes is asked.
const STEP: usize = 64 << 10;

/// Why a value is not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unwritten {
    /// It has more bytes than this.
    #[error("it has more than {0} bytes")]
    TooLarge(usize),
    /// It is wanted no more.
    #[error("it is wanted no more")]
    Cancelled,
    /// It has no JSON form.
    #[error("{0}")]
    Form(serde_json::Error),
}

/// A value as indented JSON of at most so many bytes, with a line's end.
///
/// # Errors
///
/// Why it is not written.
pub(crate) fn pretty(value: &impl Serialize, most: usize) -> Result<String, Unwritten> {
    let mut text = Text { bytes: Vec::new(), most, asked: 0, ended: None };
    match serde_json::to_writer_pretty(&mut text, value) {
        Ok(()) => {
            text.bytes.push(b'\n');
            String::from_utf8(text.bytes).map_err(|error| Unwritten::Form(serde_json::Error::custom(error)))
        }
        Err(error) => Err(text.ended.unwrap_or(Unwritten::Form(error))),
    }
}

/// The bytes that are written so far.
struct Text {
    bytes: Vec<u8>,
    most: usize,
    /// How many there were when was asked last.
    asked: usize,
    ended: Option<Unwritten>,
}

impl Text {
    fn may_go_on(&mut self, more: usize) -> Result<(), Unwritten> {
        if self.bytes.len() + more > self.most {
            return Err(Unwritten::TooLarge(self.most));
        }
        if self.bytes.len() - self.asked >= STEP {
            self.asked = self.bytes.len();
            cancel::check().map_err(|_: Cancelled| Unwritten::Cancelled)?;
        }
        Ok(())
    }
}

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(ended) = self.may_go_on(bytes.len()) {
            self.ended = Some(ended);
            return Err(io::ErrorKind::Other.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One step of reading.
///
/// # Errors
///
/// Nobody wants what is read.
pub(crate) fn step<E: Error>() -> Result<(), E> {
    cancel::step().map_err(|_| E::custom("nobody wants it any more"))
}

/// Any JSON.
///
/// # Errors
///
/// The text is none, or nobody wants it any more.
pub(crate) fn value(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str::<Read>(text).map(|read| read.0)
}

/// A value that was read step by step.
struct Read(Value);

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Any.deserialize(deserializer).map(Self)
    }
}

struct Any;

impl<'de> DeserializeSeed<'de> for Any {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            step()?;
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            step()?;
            object.insert(name, members.next_value_seed(Self)?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::world::cancel::{Cancel, within};

    #[test]
    fn a_value_is_read_and_written_as_by_others() {
        let text = r#"{"a":[1,-2,2.5,"x\ny",null,true,{"b":{}}],"c":18446744073709551615}"#;
        let plain: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(value(text).expect("JSON"), plain);
        let pretty_text = pretty(&plain, usize::MAX).expect("JSON");
        assert_eq!(pretty_text, serde_json::to_string_pretty(&plain).expect("JSON") + "\n");
        assert!(pretty(&plain, pretty_text.len() - 1).is_ok());
        assert!(matches!(pretty(&plain, pretty_text.len() - 2), Err(Unwritten::TooLarge(_))));
        assert!(value("{").is_err() && value("1 2").is_err());
    }

    #[test]
    fn nothing_goes_on_that_nobody_wants() {
        let long = vec![7; 100_000];
        let text = serde_json::to_string(&long).expect("JSON");
        let late = || Cancel::after(Duration::ZERO);
        assert!(within(&late(), || value(&text)).0.is_err());
        assert!(matches!(within(&late(), || pretty(&long, usize::MAX)).0, Err(Unwritten::Cancelled)));
    }
}
