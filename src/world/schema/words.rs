//! What a rule expects, in plain words.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::kinds::Kinds;
use super::rule::{Bound, Rule};

impl Display for Rule<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(kinds, example) => match (kinds.without(Kinds::OBJECT), kinds.contains(Kinds::OBJECT)) {
                (Kinds::NONE, false) => f.write_str("nothing"),
                (Kinds::NONE, true) => write!(f, "an object{example}"),
                (kinds, false) => write!(f, "a value of type {kinds}"),
                (kinds, true) => write!(f, "an object{example}, or a value of type {kinds}"),
            },
            Self::Fixed(value) => write!(f, "{value}"),
            Self::Listed(values) => one_of(f, values.iter()),
            Self::Bound(bound) => bound.fmt(f),
            Self::Whole(format) => {
                write!(f, "a whole number from {} to {} ({})", format.least, format.most, format.name)
            }
            Self::Format(format) => f.write_str(format.expected),
            Self::Pattern(pattern) => f.write_str(pattern.expected),
            Self::MinLength(least) => count(f, "at least", *least, "character"),
            Self::MaxLength(most) => count(f, "at most", *most, "character"),
            Self::MinItems(least) => count(f, "at least", *least, "item"),
            Self::MaxItems(most) => count(f, "at most", *most, "item"),
            Self::UniqueItems => f.write_str("each item once"),
            Self::MinMembers(least) => count(f, "at least", *least, "member"),
            Self::MaxMembers(most) => count(f, "at most", *most, "member"),
            Self::Missing(name) => write!(f, "`{name}` to be there"),
            Self::Unknown(names) => {
                let mut names = names.0.names();
                let Some(first) = names.next() else { return f.write_str("no member of this name") };
                write!(f, "one of `{first}`")?;
                names.try_for_each(|name| write!(f, ", `{name}`"))
            }
            Self::AnyOf(rules) => any_of(f, rules),
            Self::OneOnly(fitting) => {
                write!(f, "a value that fits one form of several, and this one fits {fitting} of them")
            }
            Self::Depth(levels) => write!(f, "at most {levels} levels of lists and objects"),
        }
    }
}

impl Display for Bound {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(number) => write!(f, "at least {number}"),
            Self::AtMost(number) => write!(f, "at most {number}"),
            Self::MoreThan(number) => write!(f, "more than {number}"),
            Self::LessThan(number) => write!(f, "less than {number}"),
        }
    }
}

fn count(f: &mut Formatter<'_>, bound: &str, number: u64, noun: &str) -> fmt::Result {
    write!(f, "{bound} {number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn one_of<'v>(f: &mut Formatter<'_>, mut values: impl ExactSizeIterator<Item = &'v Value>) -> fmt::Result {
    let (many, first) = (values.len() > 1, values.next());
    let Some(first) = first else { return f.write_str("nothing") };
    f.write_str(if many { "one of " } else { "" })?;
    write!(f, "{first}")?;
    values.try_for_each(|value| write!(f, ", {value}"))
}

/// Values stand together first, kinds together last, each rule once.
fn any_of(f: &mut Formatter<'_>, rules: &[Rule<'_>]) -> fmt::Result {
    let mut values: Vec<&Value> = Vec::new();
    let mut kinds = Kinds::NONE;
    let mut others: Vec<String> = Vec::new();
    for rule in rules {
        match rule {
            Rule::Fixed(value) => values.push(value),
            Rule::Listed(listed) => values.extend(*listed),
            Rule::Kind(of, _) if !of.contains(Kinds::OBJECT) => kinds = kinds.with(*of),
            rule => {
                let words = rule.to_string();
                if !others.contains(&words) {
                    others.push(words);
                }
            }
        }
    }
    let mut parts = 0;
    let mut separate = |f: &mut Formatter<'_>| {
        parts += 1;
        f.write_str(if parts > 1 { ", or " } else { "" })
    };
    if !values.is_empty() {
        separate(f)?;
        one_of(f, values.into_iter())?;
    }
    for words in others {
        separate(f)?;
        f.write_str(&words)?;
    }
    if kinds != Kinds::NONE {
        separate(f)?;
        write!(f, "a value of type {kinds}")?;
    }
    Ok(())
}
