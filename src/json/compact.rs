//! The writer of a value.

use std::fmt::{self, Display, Write as _};

use serde::Serialize;
use serde::ser::{Error as _, Serializer};
use serde_json::Error;

use super::digits::push_number;
use super::members::{Kind, Members};
use super::text::{self, Escaping};

/// What was written, and where something is yet to stand: a place in the text, and the byte that names it.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) text: Vec<u8>,
    pub(crate) gaps: Vec<(usize, u8)>,
}

/// Most records take less.
const RECORD: usize = 1_024;

/// A value as compact JSON.
///
/// # Errors
///
/// Whatever the value's own `Serialize` fails with.
pub(crate) fn write(value: &(impl Serialize + ?Sized), escaping: Escaping) -> Result<Vec<u8>, Error> {
    written(value, escaping).map(|written| written.text)
}

/// The same of a type that somebody else may have declared: a member's name may need an escape.
///
/// # Errors
///
/// Whatever the value's own `Serialize` fails with.
pub(crate) fn write_any(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, Error> {
    written_by(value, Escaping::Least, true).map(|written| written.text)
}

/// What [`write`] writes, with its gaps. A gap is a value that serializes as one byte; no value is bytes otherwise.
///
/// # Errors
///
/// Whatever the value's own `Serialize` fails with.
pub(crate) fn written(value: &(impl Serialize + ?Sized), escaping: Escaping) -> Result<Written, Error> {
    written_by(value, escaping, false)
}

fn written_by(value: &(impl Serialize + ?Sized), escaping: Escaping, looks_at_names: bool) -> Result<Written, Error> {
    let written = Written { text: Vec::with_capacity(RECORD), gaps: Vec::new() };
    let mut compact = Compact { written, escaping, looks_at_names };
    value.serialize(&mut compact)?;
    Ok(compact.written)
}

/// Writes values one behind the other.
#[derive(Debug)]
pub(super) struct Compact {
    written: Written,
    escaping: Escaping,
    /// Whether the names of a type's members may need escapes. Those of this crate's types need none.
    looks_at_names: bool,
}

impl Compact {
    /// Whether a member's name surely stands between its quotation marks as it is.
    pub(super) fn is_plain(&self, name: &'static str) -> bool {
        let is_plain = || text::is_plain(name.as_bytes(), self.escaping);
        debug_assert!(self.looks_at_names || is_plain(), "{name:?} needs escapes");
        !self.looks_at_names || is_plain()
    }

    pub(super) fn out(&mut self) -> &mut Vec<u8> {
        &mut self.written.text
    }

    /// Writes a text with its quotation marks.
    pub(super) fn push_text(&mut self, text: &str) {
        let out = &mut self.written.text;
        out.push(b'"');
        text::push(out, text, self.escaping);
        out.push(b'"');
    }

    fn number(&mut self, number: impl itoa::Integer) -> Result<(), Error> {
        push_number(&mut self.written.text, number);
        Ok(())
    }

    /// What is rare is written as `serde_json` does.
    fn rare(&mut self, value: impl Serialize) -> Result<(), Error> {
        serde_json::to_writer(&mut self.written.text, &value)
    }

    fn plain(&mut self, text: &[u8]) -> Result<(), Error> {
        self.written.text.extend_from_slice(text);
        Ok(())
    }

    fn open(&mut self, kind: Kind) -> Members<'_> {
        Members::open(self, kind)
    }

    /// The same within an object whose one member is a variant's name.
    fn open_variant(&mut self, variant: &str, kind: Kind) -> Members<'_> {
        self.name_variant(variant);
        Members::open_within(self, kind)
    }

    fn name_variant(&mut self, variant: &str) {
        self.out().push(b'{');
        self.push_text(variant);
        self.out().push(b':');
    }
}

/// A text of which pieces come.
struct Quoted<'c>(&'c mut Compact);

impl fmt::Write for Quoted<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        let escaping = self.0.escaping;
        text::push(self.0.out(), piece, escaping);
        Ok(())
    }
}

/// How `serde_json` names a text that is JSON already.
const RAW: &str = "$serde_json::private::RawValue";

impl<'c> Serializer for &'c mut Compact {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Members<'c>;
    type SerializeTuple = Members<'c>;
    type SerializeTupleStruct = Members<'c>;
    type SerializeTupleVariant = Members<'c>;
    type SerializeMap = Members<'c>;
    type SerializeStruct = Members<'c>;
    type SerializeStructVariant = Members<'c>;

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.plain(if value { b"true" } else { b"false" })
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.number(value)
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.number(value)
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.number(value)
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        self.number(value)
    }

    fn serialize_i128(self, value: i128) -> Result<(), Error> {
        self.number(value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.number(value)
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.number(value)
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.number(value)
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        self.number(value)
    }

    fn serialize_u128(self, value: u128) -> Result<(), Error> {
        self.number(value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.rare(value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.rare(value)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.push_text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        let at = self.written.text.len();
        self.written.gaps.extend(value.iter().map(|gap| (at, *gap)));
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.plain(b"null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.name_variant(variant);
        value.serialize(&mut *self)?;
        self.plain(b"}")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'c>, Error> {
        Ok(self.open(Kind::Array))
    }

    fn serialize_tuple(self, _: usize) -> Result<Members<'c>, Error> {
        Ok(self.open(Kind::Array))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Members<'c>, Error> {
        Ok(self.open(Kind::Array))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'c>, Error> {
        Ok(self.open_variant(variant, Kind::Array))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'c>, Error> {
        Ok(self.open(Kind::Object))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Members<'c>, Error> {
        Ok(self.open(if name == RAW { Kind::Raw } else { Kind::Object }))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'c>, Error> {
        Ok(self.open_variant(variant, Kind::Object))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.out().push(b'"');
        write!(Quoted(self), "{value}").map_err(Error::custom)?;
        self.plain(b"\"")
    }
}

#[cfg(test)]
mod tests;
