//! What a vendor's reader says of a request whose form it refuses.

use std::borrow::Cow;

/// A part of a request whose form a vendor's reader refused: where it stands, what is wanted there, and what came.
///
/// It holds no value that was sent, a segment of the path apart: whoever tells of it looks the value up where secrets are
/// taken out, and tells of none that was one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongPart {
    at: String,
    expected: Cow<'static, str>,
    came: Came,
}

/// What came where something else is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Came {
    Nothing,
    /// The value at the place.
    Value,
    /// This segment of the path.
    Segment(String),
    /// What these words say, which may stand behind `is`.
    Words(Cow<'static, str>),
}

impl WrongPart {
    /// A member or a parameter that is not there. `at` is a place such as `$.name` or `query.limit`, and `expected` what
    /// should stand there.
    #[must_use]
    pub fn missing(at: impl Into<String>, expected: impl Into<Cow<'static, str>>) -> Self {
        Self { at: at.into(), expected: expected.into(), came: Came::Nothing }
    }

    /// A value of a form that is not taken.
    #[must_use]
    pub fn value(at: impl Into<String>, expected: impl Into<Cow<'static, str>>) -> Self {
        Self { at: at.into(), expected: expected.into(), came: Came::Value }
    }

    /// A segment of the path, which is at a place such as `path.id`.
    #[must_use]
    pub fn segment(at: impl Into<String>, expected: impl Into<Cow<'static, str>>, segment: &str) -> Self {
        Self { at: at.into(), expected: expected.into(), came: Came::Segment(segment.to_owned()) }
    }

    /// What is told in words that hold no value, such as `sent 2 times`.
    #[must_use]
    pub fn told(
        at: impl Into<String>,
        expected: impl Into<Cow<'static, str>>,
        words: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { at: at.into(), expected: expected.into(), came: Came::Words(words.into()) }
    }

    /// Where.
    pub(crate) fn at(&self) -> &str {
        &self.at
    }

    /// What is wanted there.
    pub(crate) fn expected(&self) -> &str {
        &self.expected
    }

    /// What came.
    pub(crate) fn came(&self) -> &Came {
        &self.came
    }
}
