//! One field of a call beside what a pattern says of it.

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;

use serde_json::Value;

use super::json::At;

/// Who is shown the fields of a call, one after the other, and may stop at any.
pub(crate) type Visit<'v> = dyn FnMut(&Look<'_>) -> ControlFlow<()> + 'v;

/// One field of a call beside what a pattern says of it. Nothing here is written out before it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Which.
    pub part: Part<'a>,
    /// Whether it is as the pattern says.
    pub agrees: bool,
    /// What the pattern says.
    pub expected: Shown<'a>,
    /// What the call has; nothing where it has no such field.
    pub found: Option<Shown<'a>>,
    /// How much it counts among the fields.
    pub weight: f64,
    /// Whether it can be nearly right, letter by letter.
    pub by_letters: bool,
}

/// Which field of a call.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// One of its own, such as `method`.
    Own(&'static str),
    /// One of several, such as `header.x-a`.
    Of(&'static str, &'a str),
    /// A place in its body, such as `$.rows[0].name`.
    Body(&'a At<'a>),
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(name) => f.write_str(name),
            Self::Of(kind, name) => write!(f, "{kind}.{name}"),
            Self::Body(at) => at.fmt(f),
        }
    }
}

/// A value as it will be shown, if it is.
#[derive(Clone, Copy)]
pub enum Shown<'a> {
    /// A text.
    Text(&'a str),
    /// What is written as a text.
    Said(&'a dyn fmt::Display),
    /// JSON.
    Json(&'a Value),
    /// Yes or no.
    Flag(bool),
}

impl Shown<'_> {
    /// The text that it is, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Said(said) => Some(Cow::Owned(said.to_string())),
            Self::Json(Value::String(text)) => Some(Cow::Borrowed(text)),
            Self::Json(_) | Self::Flag(_) => None,
        }
    }

    /// The value itself.
    #[must_use]
    pub fn value(self) -> Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Said(said) => said.to_string().into(),
            Self::Json(value) => value.clone(),
            Self::Flag(flag) => flag.into(),
        }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}
