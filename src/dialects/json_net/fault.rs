//! Why a body does not bind.

use std::fmt::Display;

use thiserror::Error;

/// What is wrong, and where: lines start at 1, positions count the UTF-16 units of the line that were read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{finding}, line {line}, position {position}")]
pub(crate) struct Fault {
    /// What is wrong.
    pub finding: Finding,
    /// The line.
    pub line: usize,
    /// The position in the line.
    pub position: usize,
    /// The member whose value it is, such as `$.PersonaConditions[0].Index`, and what that takes.
    pub member: Option<(Box<str>, &'static str)>,
}

impl Fault {
    /// The same, if it is about a value that can be read, as one of a member. The innermost counts.
    pub(super) fn of_member(self, member: impl Display, takes: &'static str) -> Self {
        let is_of_a_value = match self.finding {
            Finding::Number(_) | Finding::Boolean(_) | Finding::Kind | Finding::Null => true,
            // How a value of another kind begins.
            Finding::Character(start) => matches!(start, '[' | '{' | '"' | '\'' | '-' | '0'..='9' | 't' | 'f'),
            _ => false,
        };
        let member = self.member.or_else(|| is_of_a_value.then(|| (member.to_string().into(), takes)));
        Self { member, ..self }
    }
}

/// What can be wrong with a body.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Finding {
    /// The text is over before the value is.
    #[error("unexpected end")]
    End,
    /// A character that cannot stand there.
    #[error("unexpected character {0:?}")]
    Character(char),
    /// A word that starts as a literal and is none.
    #[error("not the literal `{0}`")]
    Literal(&'static str),
    /// A backslash sequence that the library does not know.
    #[error("bad escape sequence")]
    Escape,
    /// Text in the place of a number that is none, or one out of range.
    #[error("`{0}` is not a valid number here")]
    Number(String),
    /// Text in the place of a boolean that is none.
    #[error("`{0}` is not a boolean")]
    Boolean(String),
    /// A bracket that does not close what is open.
    #[error("mismatched bracket")]
    Bracket,
    /// More than 256 containers in one another.
    #[error("nested too deeply")]
    Depth,
    /// A value of a kind that the member does not take.
    #[error("a value of another kind was expected")]
    Kind,
    /// Null for a member that cannot be null.
    #[error("null for a value that cannot be null")]
    Null,
    /// Bytes that are no text in the body's encoding.
    #[error("the body is not valid in its encoding")]
    Encoding,
}

impl Fault {
    /// What is wrong, in the words of who wrote the body, where a place helps.
    #[must_use]
    pub(crate) fn plain(&self) -> Option<String> {
        let what = match &self.finding {
            Finding::End => "the body ends before it is complete".to_owned(),
            Finding::Character(character) => format!("{character:?} cannot stand there"),
            Finding::Literal(word) => format!("a word there begins as {word} and is none"),
            Finding::Escape => "a backslash in a string must be written as \\\\".to_owned(),
            Finding::Number(_) => "the value there is no number that its member takes".to_owned(),
            Finding::Boolean(_) => "the value there is neither true nor false".to_owned(),
            Finding::Bracket => "a bracket there closes what is not open".to_owned(),
            Finding::Depth => "lists and objects are nested deeper than 256 levels".to_owned(),
            Finding::Kind => "the value there is of another kind than its member".to_owned(),
            Finding::Null => "the value there is null, which its member cannot be".to_owned(),
            Finding::Encoding => return None,
        };
        Some(format!("the body cannot be read: {what}, at line {}, character {}", self.line, self.position))
    }
}
