//! JSON that is written and read as long as somebody wants it: each step asks for the work of this thread ([`cancel`]).

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
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
    value_seen(text, ())
}

/// The same, with somebody who looks at the names.
///
/// # Errors
///
/// The text is none, or nobody wants it any more.
pub(crate) fn value_seen(text: &str, seen_by: impl Looks) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Any(seen_by).deserialize(&mut reader)?;
    reader.end().map(|()| value)
}

/// Who looks at a list or an object while it is read.
pub(crate) trait Looks {
    /// Who looks at what lies in it.
    type Within<'w>: Looks
    where
        Self: 'w;

    /// At an item.
    fn item(&mut self, number: usize) -> Self::Within<'_>;

    /// At a member; whether the object already has one of this name is asked only where it matters.
    fn member(&mut self, name: &str, is_there: impl FnOnce() -> bool) -> Self::Within<'_>;
}

/// Nobody.
impl Looks for () {
    type Within<'w> = ();

    fn item(&mut self, _: usize) {}

    fn member(&mut self, _: &str, _: impl FnOnce() -> bool) {}
}

/// A value that is read step by step.
pub(crate) struct Any<L>(pub(crate) L);

impl<'de, L: Looks> DeserializeSeed<'de> for Any<L> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, L: Looks> Visitor<'de> for Any<L> {
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

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Any(self.0.item(list.len())))? {
            step()?;
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            step()?;
            let within = self.0.member(&name, || object.contains_key(&name));
            let value = members.next_value_seed(Any(within))?;
            object.insert(name, value);
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
