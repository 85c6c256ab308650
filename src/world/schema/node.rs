//! A schema as it is checked.

use serde_json::Value;

use super::format::{TextFormat, WholeFormat};
use super::kinds::Kinds;
use super::pattern::Pattern;
use super::rule::Bound;

/// The number of a node in its [`super::Checks`].
pub(super) type Id = usize;

/// One schema: every rule that a value is held against. A schema that says nothing has none.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kinds: Kinds,
    pub(super) fixed: Option<Box<Value>>,
    pub(super) listed: Option<Box<[Value]>>,
    pub(super) number: Option<Box<NumberRules>>,
    pub(super) text: Option<Box<TextRules>>,
    pub(super) list: Option<Box<ListRules>>,
    pub(super) object: Option<Box<ObjectRules>>,
    /// What holds too: `$ref` beside other keywords, and `allOf`.
    pub(super) all: Box<[Id]>,
    pub(super) any: Option<Box<[Id]>>,
    pub(super) one: Option<Box<[Id]>>,
    /// What it shows of itself, which says nothing of which values fit.
    pub(super) shown: Option<Box<Value>>,
    /// Whether it contains itself. Every such circle has a node with this mark, whose verdicts are kept during a
    /// check: else a value that is nested n times could be judged 2^n times.
    pub(super) contains_itself: bool,
}

impl Node {
    /// The schema that everything fits.
    pub(super) fn free() -> Self {
        Self {
            kinds: Kinds::ANY,
            fixed: None,
            listed: None,
            number: None,
            text: None,
            list: None,
            object: None,
            all: Box::default(),
            any: None,
            one: None,
            shown: None,
            contains_itself: false,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct NumberRules {
    pub(super) bounds: Vec<Bound>,
    pub(super) format: Option<&'static WholeFormat>,
}

#[derive(Debug, Default)]
pub(super) struct TextRules {
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
    pub(super) format: Option<&'static TextFormat>,
    pub(super) pattern: Option<&'static Pattern>,
}

#[derive(Debug, Default)]
pub(super) struct ListRules {
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
    pub(super) unique: bool,
    pub(super) items: Option<Id>,
}

#[derive(Debug, Default)]
pub(super) struct ObjectRules {
    /// What `properties` and `required` name, in the order of the names, so that one is found by halving.
    pub(super) members: Box<[Member]>,
    /// Those of `members` that are required, in the order of `required`.
    pub(super) required: Box<[usize]>,
    /// Those of `members` that `properties` names, in its order.
    pub(super) named: Box<[usize]>,
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
    /// `additionalProperties`.
    pub(super) others: Others,
    /// `unevaluatedProperties`.
    pub(super) unevaluated: Others,
}

impl ObjectRules {
    /// What is said of the member of a name.
    pub(super) fn member(&self, name: &str) -> Option<&Member> {
        let place = self.members.binary_search_by(|member| (*member.name).cmp(name)).ok()?;
        self.members.get(place)
    }

    /// The place in `members` of a name, and in `named` of what mostly follows it. `next` is what followed the name before.
    pub(super) fn place(&self, name: &str, next: usize) -> Option<(usize, usize)> {
        if let Some(place) = self.named.get(next).filter(|place| *self.members[**place].name == *name) {
            return Some((*place, next + 1));
        }
        let place = self.members.binary_search_by(|member| (*member.name).cmp(name)).ok()?;
        let behind = self.named.iter().position(|named| *named == place).map_or(next, |at| at + 1);
        Some((place, behind))
    }

    /// The names that `properties` lists, in its order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().filter_map(|place| self.members.get(*place)).map(|member| &*member.name)
    }
}

#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: Box<str>,
    /// Its schema; nothing where only `required` names it.
    pub(super) schema: Option<Id>,
    pub(super) required: bool,
}

/// What is said of members that have no schema of their own.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// Nothing.
    #[default]
    Unsaid,
    /// Any are welcome.
    Free,
    /// There may be none.
    Closed,
    /// Each fits this.
    Fit(Id),
}
