//! The parts of an array or of an object.

use serde::Serialize;
use serde::ser::{
    Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};
use serde_json::Error;

use super::compact::Compact;

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Array,
    Object,
    /// A text that is JSON already.
    Raw,
}

/// An array or an object that is being written.
#[derive(Debug)]
pub(super) struct Members<'c> {
    compact: &'c mut Compact,
    kind: Kind,
    is_first: bool,
    /// Whether it stands in an object that ends with it.
    is_within: bool,
}

impl<'c> Members<'c> {
    pub(super) fn open(compact: &'c mut Compact, kind: Kind) -> Self {
        match kind {
            Kind::Array => compact.out().push(b'['),
            Kind::Object => compact.out().push(b'{'),
            Kind::Raw => {}
        }
        Self { compact, kind, is_first: true, is_within: false }
    }

    pub(super) fn open_within(compact: &'c mut Compact, kind: Kind) -> Self {
        Self { is_within: true, ..Self::open(compact, kind) }
    }

    fn next(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.compact.out().push(b',');
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.next();
        value.serialize(&mut *self.compact)
    }

    /// A member of a type, whose name stands in the code.
    fn member<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        if self.kind == Kind::Raw {
            let text = serde_json::to_value(value)?;
            self.compact.out().extend_from_slice(text.as_str().unwrap_or_default().as_bytes());
            return Ok(());
        }
        if !self.compact.is_plain(name) {
            self.next();
            self.compact.push_text(name);
            self.compact.out().push(b':');
            return value.serialize(&mut *self.compact);
        }
        let before: &[u8] = if std::mem::take(&mut self.is_first) { b"\"" } else { b",\"" };
        let out = self.compact.out();
        out.reserve(name.len() + 4);
        out.extend_from_slice(before);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        value.serialize(&mut *self.compact)
    }

    /// The name of a member. What is no text stands in quotation marks, where it can be a name at all.
    fn name<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), Error> {
        self.next();
        let start = self.compact.out().len();
        name.serialize(&mut *self.compact)?;
        let out = self.compact.out();
        match out.get(start) {
            Some(b'"') => {}
            Some(b'{' | b'[' | b'n') | None => return Err(Error::custom("key must be a string")),
            Some(_) => {
                out.insert(start, b'"');
                out.push(b'"');
            }
        }
        Ok(())
    }

    fn close(self) {
        let out = self.compact.out();
        match self.kind {
            Kind::Array => out.push(b']'),
            Kind::Object => out.push(b'}'),
            Kind::Raw => {}
        }
        if self.is_within {
            out.push(b'}');
        }
    }
}

macro_rules! parts {
    ($($kind:ident $method:ident,)+) => { $(
        impl $kind for Members<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close();
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
        impl $kind for Members<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.member(name, value)
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        }
    )+ };
}

members! {
    SerializeStruct,
    SerializeStructVariant,
}

impl SerializeMap for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), Error> {
        self.name(name)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.compact.out().push(b':');
        value.serialize(&mut *self.compact)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}
