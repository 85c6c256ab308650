//! How long a value is as JSON, without writing it.
//!
//! What a record weighs is asked of each that is written. To print its texts, its times and its numbers for that cost
//! most of some writes.

use std::fmt::{self, Display, Write as _};
use std::io;

use serde::Serialize;
use serde::ser::{
    Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Error;

use crate::json;

/// The name of a type that says itself how long it is, as what is kept of it: it serializes as a number to who does not read for people.
pub(crate) const MEASURED: &str = "persona-mock measured";

/// How serde_json names a text that is JSON already.
const RAW: &str = "$serde_json::private::RawValue";

/// How many bytes of JSON a value has, as far as it has a JSON form; of what says itself how long it is, so many.
pub(crate) fn length<T: Serialize + ?Sized>(value: &T) -> usize {
    let mut count = Count::default();
    // What has no JSON form has none of its texts counted; no record is so.
    let _ = value.serialize(&mut count);
    count.bytes
}

/// Counts what is written to it.
#[derive(Debug, Default)]
struct Count {
    bytes: usize,
    /// Whether what comes is the name of a member, which stands in quotation marks whatever it is.
    is_key: bool,
    /// Whether what comes is how long a value is.
    is_length: bool,
}

impl io::Write for Count {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.bytes += piece.len();
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A text within quotation marks.
struct Quoted<'c>(&'c mut Count);

impl fmt::Write for Quoted<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.bytes += json::length(text);
        Ok(())
    }
}

fn digits(mut number: u64) -> usize {
    let mut digits = 1;
    while number >= 10 {
        (number, digits) = (number / 10, digits + 1);
    }
    digits
}

impl Count {
    fn number(&mut self, number: u64) -> Result<(), Error> {
        self.plain(digits(number))
    }

    /// What stands without quotation marks but as a name.
    fn plain(&mut self, length: usize) -> Result<(), Error> {
        self.bytes += length + if self.is_key { 2 } else { 0 };
        Ok(())
    }

    fn float(&mut self, value: impl Serialize) -> Result<(), Error> {
        self.plain(0)?;
        serde_json::to_writer(self, &value)
    }

    fn signed(&mut self, number: i64) -> Result<(), Error> {
        self.bytes += usize::from(number < 0);
        self.number(number.unsigned_abs())
    }

    fn variant(&mut self, name: &str) -> &mut Self {
        // `{"name":` and `}`.
        self.bytes += json::length(name) + 5;
        self
    }

    fn list(&mut self) -> Parts<'_> {
        self.bytes += 2;
        Parts { count: self, is_first: true, is_raw: false }
    }
}

/// The parts of a list or of an object.
#[derive(Debug)]
struct Parts<'c> {
    count: &'c mut Count,
    is_first: bool,
    /// Whether its one member is JSON already.
    is_raw: bool,
}

impl Parts<'_> {
    fn next<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.count.bytes += usize::from(!self.is_first);
        self.is_first = false;
        value.serialize(&mut *self.count)
    }

    /// A member whose name stands in the code, where none needs an escape.
    fn member<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        if self.is_raw {
            return serde_json::to_value(value).map(|text| self.count.bytes += text.as_str().map_or(0, str::len));
        }
        self.count.bytes += name.len() + 3;
        self.next(value)
    }
}

macro_rules! parts {
    ($($kind:ident $method:ident,)+) => { $(
        impl $kind for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.next(value)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        }
    )+ };
}

parts! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

macro_rules! members {
    ($($kind:ident,)+) => { $(
        impl $kind for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.member(name, value)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        }
    )+ };
}

members! {
    SerializeStruct,
    SerializeStructVariant,
}

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), Error> {
        self.count.is_key = true;
        let outcome = self.next(name);
        self.count.is_key = false;
        outcome
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.count.bytes += 1;
        value.serialize(&mut *self.count)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

impl<'c> Serializer for &'c mut Count {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'c>;
    type SerializeTuple = Parts<'c>;
    type SerializeTupleStruct = Parts<'c>;
    type SerializeTupleVariant = Parts<'c>;
    type SerializeMap = Parts<'c>;
    type SerializeStruct = Parts<'c>;
    type SerializeStructVariant = Parts<'c>;

    fn is_human_readable(&self) -> bool {
        !self.is_length
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.plain(if value { 4 } else { 5 })
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.signed(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.signed(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.signed(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        self.signed(value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.number(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.number(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.number(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        if self.is_length {
            self.bytes += usize::try_from(value).unwrap_or(usize::MAX);
            return Ok(());
        }
        self.number(value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.float(value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.float(value)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.bytes += json::length(value) + 2;
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        serde_json::to_writer(self, value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.bytes += 4;
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Error> {
        self.is_length = name == MEASURED;
        let outcome = value.serialize(&mut *self);
        self.is_length = false;
        outcome
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self.variant(variant))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'c>, Error> {
        Ok(self.list())
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'c>, Error> {
        Ok(self.list())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'c>, Error> {
        Ok(self.list())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'c>, Error> {
        Ok(self.variant(variant).list())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'c>, Error> {
        Ok(self.list())
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'c>, Error> {
        Ok(if name == RAW { Parts { count: self, is_first: true, is_raw: true } } else { self.list() })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'c>, Error> {
        Ok(self.variant(variant).list())
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.bytes += 2;
        write!(Quoted(self), "{value}").map_err(Error::custom)
    }
}

#[cfg(test)]
mod tests;
