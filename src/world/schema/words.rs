//! What a rule expects, in plain words.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::kinds::Kinds;
use super::rule::{Bound, Rule};

impl Display for Rule<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(..) => any_of(f, std::slice::from_ref(self)),
            Self::Fixed(value) => write!(f, "{value}"),
            Self::Listed(values) => f.write_str(&one_of(&values.iter().collect::<Vec<_>>())),
            Self::Bound(bound) => bound.fmt(f),
            Self::Whole(format) => {
                write!(f, "a whole number from {} to {}", format.least, format.most)
            }
            Self::Format(format) => f.write_str(format.expected),
            Self::Pattern(pattern) => f.write_str(pattern.expected),
            Self::MinLength(least) => count(f, "a string of at least", *least, "character"),
            Self::MaxLength(most) => count(f, "a string of at most", *most, "character"),
            Self::MinItems(least) => count(f, "a list of at least", *least, "item"),
            Self::MaxItems(most) => count(f, "a list of at most", *most, "item"),
            Self::UniqueItems => f.write_str("a list with each item once"),
            Self::MinMembers(least) => count(f, "an object of at least", *least, "member"),
            Self::MaxMembers(most) => count(f, "an object of at most", *most, "member"),
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

/// Each rule once: the kinds, what else a value may be, and the values. Null alone stands last.
fn any_of(f: &mut Formatter<'_>, rules: &[Rule<'_>]) -> fmt::Result {
    let mut kinds = Kinds::NONE;
    let mut object = None;
    let mut values: Vec<&Value> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    let mut add = |words: String| {
        // What says the same and more stands for both: a UUID, and a UUID of RFC 9562.
        match others.iter_mut().find(|known| known.starts_with(&*words) || words.starts_with(&**known)) {
            Some(known) if known.len() < words.len() => *known = words,
            Some(_) => {}
            None => others.push(words),
        }
    };
    for rule in rules {
        match rule {
            Rule::Fixed(value) => values.push(value),
            Rule::Listed(listed) => values.extend(*listed),
            Rule::Kind(of, example) => {
                // A text of a form is no text of any kind.
                let form = example.form().filter(|_| of.contains(Kinds::STRING));
                kinds = kinds.with(form.map_or(*of, |_| of.without(Kinds::STRING)));
                form.map(str::to_owned).into_iter().for_each(&mut add);
                object = object.or_else(|| of.contains(Kinds::OBJECT).then(|| example.object()).flatten());
            }
            rule => add(rule.to_string()),
        }
    }
    let null = (kinds == Kinds::NULL).then(|| "null".to_owned());
    let kinds = if null.is_some() { Kinds::NONE } else { kinds };
    let mut parts = Vec::new();
    match (kinds.without(Kinds::OBJECT), kinds.contains(Kinds::OBJECT), object) {
        (others, true, Some(object)) => {
            parts.push(format!("an object such as {object}"));
            parts.extend(plain(others));
        }
        _ => parts.extend(plain(kinds)),
    }
    parts.append(&mut others);
    if !values.is_empty() {
        parts.push(one_of(&values));
    }
    parts.extend(null);
    f.write_str(if parts.is_empty() { "no value" } else { "" })?;
    f.write_str(&parts.join(", or "))
}

/// Kinds in the words of who writes JSON: `a string or null`, `true, false or null`; nothing where there are none.
fn plain(kinds: Kinds) -> Option<String> {
    const WORDS: [(Kinds, &[&str]); 7] = [
        (Kinds::OBJECT, &["an object"]),
        (Kinds::ARRAY, &["a list"]),
        (Kinds::STRING, &["a string"]),
        (Kinds::NUMBER, &["a number"]),
        (Kinds::INTEGER, &["a whole number"]),
        (Kinds::BOOLEAN, &["true", "false"]),
        (Kinds::NULL, &["null"]),
    ];
    let kinds = if kinds.contains(Kinds::NUMBER) { kinds.without(Kinds::INTEGER) } else { kinds };
    let named = WORDS.iter().filter(|(kind, _)| kinds.contains(*kind));
    let mut words: Vec<&str> = named.flat_map(|(_, words)| words.iter().copied()).collect();
    let last = words.pop()?;
    Some(if words.is_empty() { last.to_owned() } else { format!("{} or {last}", words.join(", ")) })
}

/// The values that may be: `one of "a", "b"`.
fn one_of(values: &[&Value]) -> String {
    let listed: Vec<_> = values.iter().map(ToString::to_string).collect();
    format!("{}{}", if values.len() > 1 { "one of " } else { "" }, listed.join(", "))
}
