//! The rules that a value can break.

use serde_json::{Number, Value};

use super::example::Example;
use super::format::{TextFormat, WholeFormat};
use super::kinds::Kinds;
use super::node::ObjectRules;
use super::number;
use super::pattern::Pattern;

/// A rule of a schema that a value breaks. Its text is what was expected: `at least 1 character`, `a UUID`,
/// `one of "Owner", "Admin"`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Rule<'c> {
    /// `type`: of one of these kinds; where an object is one, what it looks like.
    Kind(Kinds, Example<'c>),
    /// `const`: this value.
    Fixed(&'c Value),
    /// `enum`: one of these values.
    Listed(&'c [Value]),
    /// `minimum` and its kin: within this bound.
    Bound(&'c Bound),
    /// `format` of a number: a whole number of so many bits.
    Whole(&'static WholeFormat),
    /// `format` of a text.
    Format(&'static TextFormat),
    /// `pattern`.
    Pattern(&'static Pattern),
    /// `minLength`: at least so many characters.
    MinLength(u64),
    /// `maxLength`: at most so many characters.
    MaxLength(u64),
    /// `minItems`: at least so many items.
    MinItems(u64),
    /// `maxItems`: at most so many items.
    MaxItems(u64),
    /// `uniqueItems`: each item once.
    UniqueItems,
    /// `minProperties`: at least so many members.
    MinMembers(u64),
    /// `maxProperties`: at most so many members.
    MaxMembers(u64),
    /// `required`: a member of this name.
    Missing(&'c str),
    /// `additionalProperties: false` and its kin: none but these names.
    Unknown(Names<'c>),
    /// `anyOf` and `oneOf`: one of these rules at least.
    AnyOf(Vec<Rule<'c>>),
    /// `oneOf`: one schema of several, not the so many that the value fits.
    OneOnly(usize),
    /// This project's own: no value is judged beyond so many levels.
    Depth(u32),
}

impl<'c> Rule<'c> {
    /// A text of the format that is asked for.
    #[must_use]
    pub fn example(&self) -> Option<String> {
        match self {
            Self::Format(format) => Some(format.example.to_owned()),
            Self::Kind(kinds, example) if kinds.contains(Kinds::STRING) => example.text().map(str::to_owned),
            Self::AnyOf(rules) => rules.iter().find_map(Self::example),
            _ => None,
        }
    }

    /// The same rule where a value stands in a query or a path, which have no null and of which none is empty.
    #[must_use]
    pub fn of_text(self) -> Self {
        match self {
            Self::Kind(kinds, example) => Self::Kind(kinds.without(Kinds::NULL), example),
            Self::AnyOf(rules) => {
                let is_empty = |rule: &Self| match rule {
                    Self::Kind(kinds, _) => *kinds == Kinds::NONE,
                    Self::Fixed(value) => *value == "",
                    _ => false,
                };
                Self::AnyOf(rules.into_iter().map(Self::of_text).filter(|rule| !is_empty(rule)).collect())
            }
            rule => rule,
        }
    }

    /// The same rule with an object that its document shows, from which its example is made.
    #[must_use]
    pub fn showing(self, shown: &'c Value) -> Self {
        match self {
            Self::Kind(kinds, example) => Self::Kind(kinds, example.showing(shown)),
            Self::AnyOf(rules) => Self::AnyOf(rules.into_iter().map(|rule| rule.showing(shown)).collect()),
            rule => rule,
        }
    }

    /// Whether a list or an object would keep to it.
    #[must_use]
    pub fn takes_others(&self) -> bool {
        match self {
            Self::Kind(kinds, _) => kinds.contains(Kinds::ARRAY) || kinds.contains(Kinds::OBJECT),
            Self::AnyOf(rules) => rules.iter().any(Self::takes_others),
            _ => false,
        }
    }

    /// Whether its text is surely that of another one: both ask for the same kinds, and show the same example.
    #[must_use]
    pub(crate) fn reads_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Kind(kinds, example), Self::Kind(others, other)) => kinds == others && example.is_as(other),
            _ => false,
        }
    }

    /// Whether it is about a name that is there, or is not, and not about a value.
    #[must_use]
    pub fn is_of_a_name(&self) -> bool {
        matches!(self, Self::Missing(_) | Self::Unknown(_))
    }
}

/// The names that an object may have.
#[derive(Debug, Clone, Copy)]
pub struct Names<'c>(pub(super) &'c ObjectRules);

impl<'c> Names<'c> {
    /// The names, in the order of the schema.
    pub fn iter(&self) -> impl Iterator<Item = &'c str> + use<'c> {
        self.0.names()
    }
}

/// A bound of a number.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// `minimum`.
    AtLeast(Number),
    /// `maximum`.
    AtMost(Number),
    /// `exclusiveMinimum`.
    MoreThan(Number),
    /// `exclusiveMaximum`.
    LessThan(Number),
}

impl Bound {
    /// Whether a number keeps to it.
    pub(super) fn holds(&self, number: &Number) -> bool {
        match self {
            Self::AtLeast(limit) => number::compare(number, limit).is_ge(),
            Self::AtMost(limit) => number::compare(number, limit).is_le(),
            Self::MoreThan(limit) => number::compare(number, limit).is_gt(),
            Self::LessThan(limit) => number::compare(number, limit).is_lt(),
        }
    }

    /// The number that just keeps to it.
    pub(super) fn inclusive(&self) -> Option<&Number> {
        match self {
            Self::AtLeast(number) | Self::AtMost(number) => Some(number),
            Self::MoreThan(_) | Self::LessThan(_) => None,
        }
    }
}
