//! A text that a type reads while it is held against a schema: each value is parsed once, and both see it.
//!
//! Whatever goes wrong here is no finding: the schema may be broken, or this reader knows too little to tell.

use std::borrow::Cow;
use std::fmt;
use std::iter;
use std::marker::PhantomData;

use serde::de::value::{BorrowedStrDeserializer, CowStrDeserializer, MapDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::value::RawValue;
use serde_json::{Number, Value};

use super::kinds::Kinds;
use super::node::{Id, Node};
use super::scalar::Scalar;
use super::stream::{Fit, List, Name, Object, Route, held};

/// What is done with a file beside reading it.
pub(crate) trait Aside {
    /// The format of texts that may stand for others.
    fn format(&self) -> &str;

    /// Whether JSON may hold a text that stands for another.
    fn may_mean(&self, json: &str) -> bool;

    /// What a text of that format stands for; nothing where that is itself.
    fn meant(&self, text: &str) -> Option<String>;

    /// The member of the file that is no part of the contents.
    fn note(&self) -> &str;

    /// Takes that member.
    fn take_note(&self, value: Value);

    /// A row begins, with this name in the text.
    fn row(&self, name: &str);
}

/// What a type reads of a text that surely is JSON that names nothing twice and fits.
pub(super) fn read<T: DeserializeOwned>(nodes: &[Node], start: Id, text: &str, aside: &dyn Aside) -> Option<T> {
    let mut json = serde_json::Deserializer::from_str(text);
    let mut names = Vec::new();
    let fit = Fit { nodes, to: Some(start), level: 0, names: &mut names };
    let value = T::deserialize(Through { inner: &mut json, held: Held { fit, aside } }).ok()?;
    json.end().is_ok().then_some(value)
}

/// What a value is held against.
struct Held<'s, 'c, 'de> {
    fit: Fit<'s, 'c, 'de>,
    aside: &'c dyn Aside,
}

impl<'c, 'de> Held<'_, 'c, 'de> {
    /// What a value within is held against.
    fn below(&mut self, to: Option<Id>) -> Held<'_, 'c, 'de> {
        Held { fit: self.fit.below(to), aside: self.aside }
    }

    /// Whether no part of the value can be judged without the others.
    fn is_whole(&self) -> bool {
        [Kinds::OBJECT, Kinds::ARRAY].into_iter().any(|kind| matches!(self.fit.route_of(kind), Route::Whole))
    }

    /// The text of the value, which fits and in which no text stands for another.
    fn text<D: Deserializer<'de>>(self, json: D) -> Result<&'de str, D::Error> {
        let text = <&'de RawValue>::deserialize(json)?.get();
        held(!self.aside.may_mean(text))?;
        self.fit.text(text).map(|()| text)
    }

    /// What a text here stands for, if that is another.
    fn meant<E: Error>(&self, text: &str) -> Result<Option<String>, E> {
        self.fit.scalar(&Scalar::Text(text))?;
        Ok(self.aside.meant(text).filter(|_| self.fit.has_format(self.aside.format())))
    }
}

/// What stands between a text and a type: around the reader, around what the type does with a value, and around what is
/// to be made of a value within.
struct Through<'s, 'c, 'de, T> {
    inner: T,
    held: Held<'s, 'c, 'de>,
}

macro_rules! through {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method(Through { inner: visitor, held: self.held })
        })*
    };
}

/// What may hold others: it is read as it comes, or from its own text.
macro_rules! through_or_whole {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            if self.held.is_whole() {
                let text = self.held.text(self.inner)?;
                return serde_json::Deserializer::from_str(text).$method($($argument,)* visitor).map_err(D::Error::custom);
            }
            self.inner.$method($($argument,)* Through { inner: visitor, held: self.held })
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Through<'_, '_, 'de, D> {
    type Error = D::Error;

    through! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64 deserialize_char deserialize_str
        deserialize_string deserialize_unit deserialize_option
    }

    through_or_whole! {
        deserialize_any();
        deserialize_seq();
        deserialize_map();
        deserialize_tuple(len: usize);
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_newtype_struct(name, Named(name, Through { inner: visitor, held: self.held }))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_str(Choice(Through { inner: visitor, held: self.held }))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.held.fit.deserialize(self.inner)?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 bytes byte_buf unit_struct tuple_struct identifier
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Through<'_, '_, 'de, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Through { inner: deserializer, held: self.held })
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Through<'_, '_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.held.fit.scalar(&Scalar::Null)?;
        self.inner.visit_unit()
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.held.fit.scalar(&Scalar::Null)?;
        self.inner.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, json: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Through { inner: json, held: self.held })
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        self.held.fit.scalar(&Scalar::Bool(value))?;
        self.inner.visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        self.held.fit.scalar(&Scalar::Number(value.into()))?;
        self.inner.visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        self.held.fit.scalar(&Scalar::Number(value.into()))?;
        self.inner.visit_u64(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        self.held.fit.scalar(&Number::from_f64(value).map_or(Scalar::Null, Scalar::Number))?;
        self.inner.visit_f64(value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        match self.held.meant(text)? {
            Some(other) => self.inner.visit_str(&other),
            None => self.inner.visit_str(text),
        }
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        match self.held.meant(text)? {
            Some(other) => self.inner.visit_str(&other),
            None => self.inner.visit_borrowed_str(text),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        let list = List::of(&self.held.fit, self.held.fit.route_of(Kinds::ARRAY))?;
        let mut items = Items { items, held: self.held, list, is_over: false };
        let value = self.inner.visit_seq(&mut items)?;
        held(items.is_over).map(|()| value)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        let object = Object::of(&self.held.fit, self.held.fit.route_of(Kinds::OBJECT))?;
        let mut members = Members { members, held: self.held, object, to: None, is_over: false };
        let value = self.inner.visit_map(&mut members)?;
        held(members.is_over).map(|()| value)
    }
}

/// A list, as its type takes it.
struct Items<'s, 'c, 'de, A> {
    items: A,
    held: Held<'s, 'c, 'de>,
    list: List<'c>,
    is_over: bool,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Items<'_, '_, 'de, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let held = self.held.below(self.list.item());
        let item = self.items.next_element_seed(Through { inner: seed, held })?;
        if item.is_some() {
            self.list.count()?;
        } else {
            self.list.end()?;
            self.is_over = true;
        }
        Ok(item)
    }

    fn size_hint(&self) -> Option<usize> {
        self.items.size_hint()
    }
}

/// An object, as its type takes it.
struct Members<'s, 'c, 'de, A> {
    members: A,
    held: Held<'s, 'c, 'de>,
    object: Object<'c>,
    /// What the value of the last name is to fit.
    to: Option<Id>,
    is_over: bool,
}

/// How deep the rows of a file lie.
const ROW: u32 = 2;

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<'_, '_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Held { fit, aside } = &mut self.held;
        while let Some(Name(name)) = self.members.next_key()? {
            self.to = self.object.member(fit, &name)?;
            if fit.level == 0 && *name == *aside.note() {
                let seed =
                    Through { inner: PhantomData::<Value>, held: Held { fit: fit.below(self.to), aside: *aside } };
                aside.take_note(self.members.next_value_seed(seed)?);
                continue;
            }
            let key = match name {
                Cow::Borrowed(name) => {
                    if fit.level == ROW && self.object.count == 1 {
                        aside.row(name);
                    }
                    seed.deserialize(BorrowedStrDeserializer::new(name))
                }
                Cow::Owned(_) => seed.deserialize(CowStrDeserializer::new(name)),
            };
            return key.map(Some);
        }
        self.object.end(fit)?;
        self.is_over = true;
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let held = self.held.below(self.to);
        self.members.next_value_seed(Through { inner: seed, held })
    }
}

/// What a type does with a value that has a name in the program: a value of its own, or a text that is kept as it stands.
struct Named<'s, 'c, 'de, V>(&'static str, Through<'s, 'c, 'de, V>);

impl<'de, V: Visitor<'de>> Visitor<'de> for Named<'_, '_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.expecting(f)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, json: D) -> Result<V::Value, D::Error> {
        let Through { inner, held } = self.1;
        inner.visit_newtype_struct(Through { inner: json, held })
    }

    /// `serde_json` hands a text on as an object whose one member is the text.
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<V::Value, A::Error> {
        let Self(name, Through { inner, held: Held { fit, .. } }) = self;
        let entry = members.next_entry::<Name<'de>, &'de str>()?;
        let (_, text) = entry.ok_or_else(|| A::Error::custom("no text"))?;
        fit.text(text)?;
        inner.visit_map(MapDeserializer::new(iter::once((name, BorrowedStrDeserializer::new(text)))))
    }
}

/// What a type does with one of some words.
struct Choice<'s, 'c, 'de, V>(Through<'s, 'c, 'de, V>);

impl<'de, V: Visitor<'de>> Visitor<'de> for Choice<'_, '_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<V::Value, E> {
        self.0.held.fit.scalar(&Scalar::Text(word))?;
        self.0.inner.visit_enum(word.into_deserializer())
    }
}
