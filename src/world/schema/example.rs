//! What an object of a schema looks like, for a message.

use std::fmt;

use serde_json::{Map, Number, Value};

use super::kinds::Kinds;
use super::node::{Id, Node, ObjectRules, TextRules};
use super::rule::Bound;

/// How far an example goes into objects within objects.
const DEPTH: usize = 3;

/// The longest example, in bytes of JSON: a longer one would be shown in part, and so be none.
const LONGEST: usize = 160;

/// The longest text in one, in bytes.
const LONGEST_TEXT: usize = 40;

/// A schema, of which an example can be made: an object with every member that must be there, or with the first that is
/// shown or named where none must.
#[derive(Clone, Copy)]
pub struct Example<'c> {
    pub(super) nodes: &'c [Node],
    pub(super) of: Id,
    /// What the document shows in this place.
    pub(super) shown: Option<&'c Value>,
    /// Whether a value fits a schema: the walk, which makes examples, stands above this file.
    pub(super) fits: Fits,
}

pub(super) type Fits = fn(&[Node], Id, &Value) -> bool;

impl fmt::Debug for Example<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Example({:?})", self.object())
    }
}

impl<'c> Example<'c> {
    /// The same, made of what the document shows in this place.
    pub(super) fn showing(self, shown: &'c Value) -> Self {
        Self { shown: Some(shown), ..self }
    }

    /// Whether it is made of the same schema, and of nothing else.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        self.of == other.of && self.shown.is_none() && other.shown.is_none() && std::ptr::eq(self.nodes, other.nodes)
    }

    /// What a text must be, where it has a form.
    pub(super) fn form(&self) -> Option<&'static str> {
        let rules = self.nodes[self.of].text.as_deref()?;
        rules.pattern.map(|pattern| pattern.expected).or(rules.format.map(|format| format.expected))
    }

    /// A text of the form, where its words show none.
    pub(super) fn text(&self) -> Option<&'static str> {
        let rules = self.nodes[self.of].text.as_deref()?;
        rules.format.filter(|_| rules.pattern.is_none()).map(|format| format.example)
    }

    /// An object that fits the schema: nothing where none is found that shows a member.
    pub(super) fn object(&self) -> Option<Value> {
        let making = Making { nodes: self.nodes, fits: self.fits };
        let shown =
            self.shown.into_iter().chain(self.nodes[self.of].shown.as_deref()).filter(|shown| shown.is_object());
        shown.map(Some).chain([None]).filter_map(|shown| making.object(self.of, shown, DEPTH)).find(|object| {
            object.as_object().is_some_and(|members| !members.is_empty()) && making.fits(self.of, object)
        })
    }
}

struct Making<'c> {
    nodes: &'c [Node],
    fits: Fits,
}

impl Making<'_> {
    /// Whether a value may be shown as one of a schema.
    fn fits(&self, of: Id, value: &Value) -> bool {
        (self.fits)(self.nodes, of, value) && value.to_string().len() <= LONGEST
    }

    /// An object of the members that must be there, each as it is shown or as its schema has it.
    fn object(&self, of: Id, shown: Option<&Value>, depth: usize) -> Option<Value> {
        let Some(rules) = self.nodes[of].object.as_deref() else { return Some(Value::Object(Map::new())) };
        if depth == 0 {
            return None;
        }
        let member = |place: &usize| {
            let known = rules.members.get(*place)?;
            let shown = shown.and_then(|shown| shown.get(&*known.name));
            Some((known.name.to_string(), self.value(known.schema?, shown, depth - 1)?))
        };
        if !rules.required.is_empty() {
            return rules.required.iter().map(member).collect::<Option<Map<_, _>>>().map(Value::Object);
        }
        // An empty object would show nothing of what may be there.
        let first = shown.and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let first = first.filter_map(|name| place(rules, name)).chain(rules.named.iter().copied());
        Some(Value::Object(first.into_iter().find_map(|place| member(&place)).into_iter().collect()))
    }

    /// A value of a schema: what is shown, else what the schema shows, else one of its kind; nothing where none is
    /// worth to be shown.
    fn value(&self, of: Id, shown: Option<&Value>, depth: usize) -> Option<Value> {
        let node = &self.nodes[of];
        let shown = shown.into_iter().chain(node.shown.as_deref());
        if let Some(shown) = shown.filter(|shown| is_short(shown)).find(|shown| self.fits(of, shown)) {
            return Some(shown.clone());
        }
        let parts = node.all.iter().chain(node.any.iter().chain(&node.one).flat_map(|branches| branches.iter()));
        let of_part = |part: &Id| self.value(*part, None, depth).filter(|value| self.fits(of, value));
        let made = || self.made(of, depth).filter(|value| self.fits(of, value));
        parts.clone().find_map(of_part).or_else(made)
    }

    /// One that the schema's own rules let think of.
    fn made(&self, of: Id, depth: usize) -> Option<Value> {
        let node = &self.nodes[of];
        let listed = node.fixed.as_deref().or(node.listed.as_ref().and_then(|values| values.first()));
        if let Some(value) = listed {
            return Some(value.clone());
        }
        let has = |kind| node.kinds != Kinds::ANY && node.kinds.contains(kind);
        if has(Kinds::OBJECT) {
            return self.object(of, None, depth);
        }
        if has(Kinds::ARRAY) {
            let rules = node.list.as_deref();
            let items = rules.filter(|rules| rules.min.is_some_and(|least| least > 0)).and_then(|rules| rules.items);
            return match items {
                Some(items) => Some(vec![self.value(items, None, depth)?].into()),
                None => Some(Value::Array(Vec::new())),
            };
        }
        if has(Kinds::STRING) && !has(Kinds::INTEGER) {
            return Some(text(node.text.as_deref()).into());
        }
        if has(Kinds::INTEGER) || has(Kinds::NUMBER) {
            let bounds = node.number.iter().flat_map(|rules| &rules.bounds).filter_map(Bound::inclusive);
            let mut numbers = [1, 0].map(Number::from).into_iter().chain(bounds.cloned()).map(Value::Number);
            return numbers.find(|number| self.fits(of, number));
        }
        has(Kinds::BOOLEAN).then(|| true.into())
    }
}

/// The place of the member of this name, if `properties` names it.
fn place(rules: &ObjectRules, name: &str) -> Option<usize> {
    rules.named.iter().copied().find(|place| rules.members.get(*place).is_some_and(|known| &*known.name == name))
}

/// Whether a value that a document shows helps where it is one of several: null and a long text do not.
fn is_short(shown: &Value) -> bool {
    !shown.is_null() && shown.to_string().len() <= LONGEST_TEXT
}

/// A text of the form that is asked for, else dots.
fn text(rules: Option<&TextRules>) -> &'static str {
    let Some(rules) = rules else { return "…" };
    let pattern = rules.pattern.map(|pattern| pattern.example);
    pattern.or(rules.format.map(|format| format.example)).unwrap_or("…")
}
