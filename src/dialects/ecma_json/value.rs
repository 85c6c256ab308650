//! A JSON text that has been read, and views of the values in it.

use std::borrow::Cow;

use indexmap::IndexMap;

use super::text::Text;

/// Where a value stands in its document.
pub(super) type Place = usize;

/// The members of an object, in the order in which JavaScript lists them.
pub(super) type Members = IndexMap<Text, Place>;

/// One value; those inside it are named by their places.
#[derive(Debug)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(f64),
    Text(Text),
    Array(Vec<Place>),
    Object(Members),
}

/// A JSON text that has been read.
#[derive(Debug)]
pub(crate) struct Document {
    pub(super) nodes: Vec<Node>,
    pub(super) root: Place,
    /// Whether an object has a key twice.
    pub(super) is_repeated: bool,
}

/// A value of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'d> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A double; infinite where the text's number is beyond one.
    Number(f64),
    /// A string.
    Text(&'d Text),
    Array(Array<'d>),
    Object(Object<'d>),
}

/// An array of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Array<'d> {
    pub(super) document: &'d Document,
    pub(super) items: &'d [Place],
}

/// An object of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object<'d> {
    pub(super) document: &'d Document,
    pub(super) members: &'d Members,
}

impl Document {
    /// The value that the text is.
    #[must_use]
    pub(crate) fn root(&self) -> Value<'_> {
        self.at(self.root)
    }

    /// Whether one of its objects has a key twice.
    #[must_use]
    pub(crate) fn is_repeated(&self) -> bool {
        self.is_repeated
    }

    pub(super) fn at(&self, place: Place) -> Value<'_> {
        match self.nodes.get(place) {
            None | Some(Node::Null) => Value::Null,
            Some(Node::Bool(value)) => Value::Bool(*value),
            Some(Node::Number(value)) => Value::Number(*value),
            Some(Node::Text(text)) => Value::Text(text),
            Some(Node::Array(items)) => Value::Array(Array { document: self, items }),
            Some(Node::Object(members)) => Value::Object(Object { document: self, members }),
        }
    }
}

impl<'d> Array<'d> {
    /// The items.
    pub(crate) fn iter(self) -> impl ExactSizeIterator<Item = Value<'d>> {
        self.items.iter().map(move |place| self.document.at(*place))
    }

    /// Whether there are none.
    #[must_use]
    pub(crate) fn is_empty(self) -> bool {
        self.items.is_empty()
    }
}

impl<'d> Object<'d> {
    /// The value of a member.
    #[must_use]
    pub(crate) fn get(self, name: &str) -> Option<Value<'d>> {
        self.members.get(name.as_bytes()).map(|place| self.document.at(*place))
    }

    /// How many members there are.
    #[must_use]
    pub(crate) fn len(self) -> usize {
        self.members.len()
    }

    /// The names of the members, each lone surrogate as U+FFFD.
    pub(crate) fn names(self) -> impl Iterator<Item = Cow<'d, str>> {
        self.members.keys().map(Text::to_lossy)
    }
}
