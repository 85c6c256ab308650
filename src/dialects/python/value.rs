//! A value as Python's `json` module reads it.

use std::borrow::Cow;
use std::collections::HashMap;

/// A JSON value, borrowing from the text it was read from where it can.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without fraction and exponent, of any size.
    Integer(Integer<'a>),
    /// Any other number, `NaN` and the infinities among them.
    Float(f64),
    /// A string.
    Text(Text<'a>),
    /// An array.
    List(Vec<Value<'a>>),
    Object(Object<'a>),
}

impl<'a> Value<'a> {
    /// The members, if this is an object.
    #[must_use]
    pub(crate) fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// An integer of any size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Integer<'a> {
    /// One that a machine word holds.
    Small(i64),
    /// The digits of one that it does not, with the sign.
    Large(&'a str),
}

/// A string as Python knows them: any code points, lone surrogates too.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Text<'a> {
    Unicode(Cow<'a, str>),
    /// One with lone surrogates, each as the three bytes that UTF-8 would give it.
    Broken(Vec<u8>),
}

impl Text<'_> {
    /// The text, unless a lone surrogate stands in it.
    #[must_use]
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Unicode(text) => Some(text),
            Self::Broken(_) => None,
        }
    }

    /// The text with U+FFFD for each byte of a lone surrogate.
    #[must_use]
    pub(crate) fn to_lossy(&self) -> Cow<'_, str> {
        match self {
            Self::Unicode(text) => Cow::Borrowed(text),
            Self::Broken(bytes) => String::from_utf8_lossy(bytes),
        }
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::Unicode(Cow::Borrowed(text))
    }
}

/// From this many members on, names are found through an index instead of one after the other.
const INDEXED_FROM: usize = 24;

/// The members of an object as a `dict` keeps them: a name that comes again takes the later value
/// at the earlier place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Object<'a> {
    members: Vec<(Text<'a>, Value<'a>)>,
    index: Option<Box<Index<'a>>>,
    /// The place of the first name that came again, counted from 1.
    repeated: u32,
}

/// Where each name stands. Apart, so that the many objects without one stay small.
#[derive(Debug, Clone)]
struct Index<'a>(HashMap<Text<'a>, usize>);

impl<'a> Object<'a> {
    /// Sets a member.
    pub(crate) fn set(&mut self, name: Text<'a>, value: Value<'a>) {
        match self.place(&name) {
            Some(place) => {
                if let Some(member) = self.members.get_mut(place) {
                    member.1 = value;
                }
                if self.repeated == 0 {
                    self.repeated = u32::try_from(place + 1).unwrap_or_default();
                }
            }
            None => {
                self.members.push((name, value));
                self.keep_index();
            }
        }
    }

    /// The value of a member.
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> Option<&Value<'a>> {
        let place = match &self.index {
            None => self.members.iter().position(|(known, _)| known.as_str() == Some(name)),
            Some(index) => index.0.get(&Text::from(name)).copied(),
        };
        self.members.get(place?).map(|(_, value)| value)
    }

    /// The first name that came again, of which the last value counts.
    #[must_use]
    pub(crate) fn repeated(&self) -> Option<&Text<'a>> {
        let place = usize::try_from(self.repeated).ok()?.checked_sub(1)?;
        self.members.get(place).map(|(name, _)| name)
    }

    /// The members in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Text<'a>, &Value<'a>)> {
        self.members.iter().map(|(name, value)| (name, value))
    }

    /// How many members there are.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no member.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn place(&self, name: &Text<'a>) -> Option<usize> {
        match &self.index {
            None => self.members.iter().position(|(known, _)| known == name),
            Some(index) => index.0.get(name).copied(),
        }
    }

    fn keep_index(&mut self) {
        match (&mut self.index, self.members.last()) {
            (Some(index), Some((name, _))) => {
                index.0.insert(name.clone(), self.members.len() - 1);
            }
            (None, _) if self.members.len() == INDEXED_FROM => {
                let places = self.members.iter().enumerate().map(|(place, (name, _))| (name.clone(), place));
                self.index = Some(Box::new(Index(places.collect())));
            }
            _ => {}
        }
    }
}

impl PartialEq for Object<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_comes_again_takes_the_later_value_at_the_earlier_place() {
        let names: Vec<String> = (0..100).map(|number| format!("n{number}")).collect();
        let mut object = Object::default();
        for name in &names {
            object.set(name.as_str().into(), Value::Null);
        }
        for name in &names {
            object.set(name.as_str().into(), Value::Bool(true));
        }
        assert_eq!(object.iter().count(), 100);
        assert_eq!(object.iter().next(), Some((&"n0".into(), &Value::Bool(true))));
        assert_eq!(object.get("n99"), Some(&Value::Bool(true)));
        assert_eq!(object.get("n100"), None);
        assert_eq!(object.repeated(), Some(&"n0".into()));
        let mut once = Object::default();
        once.set("a".into(), Value::Null);
        once.set("b".into(), Value::Null);
        assert_eq!(once.repeated(), None);
        once.set("b".into(), Value::Null);
        assert_eq!(once.repeated(), Some(&"b".into()));
    }
}
