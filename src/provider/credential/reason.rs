//! The sentence itself.

use std::fmt::Display;

use crate::provider::Response;

/// Why a credential was refused. It may be unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reason(Option<Box<str>>);

impl Reason {
    /// The most bytes of a sentence.
    const LONGEST: usize = 400;

    /// A reason in these words. What is no printable ASCII becomes `?`.
    pub(crate) fn new(text: impl Display) -> Self {
        let plain = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
        let text: String = text.to_string().chars().map(plain).take(Self::LONGEST).collect();
        Self(Some(text.into()))
    }

    /// Says it on an answer.
    pub(crate) fn on(self, answer: Response) -> Response {
        match self.0 {
            Some(text) => answer.hint(&*text),
            None => answer,
        }
    }
}

/// A value of the state as a sentence shows it: its first 40 characters.
pub(crate) fn shown(value: &str) -> String {
    const MOST: usize = 40;
    match value.char_indices().nth(MOST) {
        Some(_) => value.chars().take(MOST - 3).chain("...".chars()).collect(),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_short_and_ascii() {
        let Reason(Some(text)) = Reason::new("ä\n".repeat(400)) else { panic!("a reason") };
        assert_eq!(&*text, "?".repeat(400));
        assert_eq!(shown(&"é".repeat(41)).chars().count(), 40);
        assert_eq!(shown(&"a".repeat(40)), "a".repeat(40));
    }
}
