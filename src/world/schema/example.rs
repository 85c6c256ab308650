//! What an object of a schema looks like, for a message.

use std::fmt;

use serde_json::{Map, Number, Value};

use super::kinds::Kinds;
use super::node::{Id, Node, ObjectRules};
use super::rule::Bound;

/// How far an example goes into objects within objects.
const DEPTH: usize = 3;

/// An object with every member that a schema asks for, or with the first that it names where it asks for none, as text:
/// ` such as {"id":0}`. It is empty where the schema names no member.
#[derive(Clone, Copy)]
pub struct Example<'c> {
    pub(super) nodes: &'c [Node],
    pub(super) of: Id,
}

impl fmt::Display for Example<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(rules) = self.nodes[self.of].object.as_deref() else { return Ok(()) };
        let object = match (&*rules.required, rules.named.first()) {
            (_, None) => return Ok(()),
            // An empty object would show nothing of what may be there.
            ([], Some(first)) => self.members(rules, &[*first], DEPTH),
            (required, _) => self.members(rules, required, DEPTH),
        };
        write!(f, " such as {object}")
    }
}

impl fmt::Debug for Example<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Example({self})")
    }
}

impl Example<'_> {
    fn members(&self, rules: &ObjectRules, shown: &[usize], depth: usize) -> Value {
        let shown = shown.iter().filter_map(|place| rules.members.get(*place));
        let member = |schema| self.value(schema, depth);
        let members = shown.filter_map(|known| Some((known.name.to_string(), member(known.schema?))));
        Value::Object(members.collect::<Map<_, _>>())
    }

    fn value(&self, of: Id, depth: usize) -> Value {
        let node = &self.nodes[of];
        let branch = node.any.as_ref().or(node.one.as_ref()).and_then(|branches| branches.first());
        if let Some(branch) = branch.or(node.all.first()) {
            return self.value(*branch, depth);
        }
        if let Some(value) = node.fixed.as_deref().or(node.listed.as_ref().and_then(|values| values.first())) {
            return value.clone();
        }
        match node.kinds {
            Kinds::ANY => Value::Null,
            kinds if kinds.contains(Kinds::OBJECT) => match node.object.as_deref() {
                Some(rules) if depth > 0 => self.members(rules, &rules.required, depth - 1),
                _ => Value::Object(Map::new()),
            },
            kinds if kinds.contains(Kinds::ARRAY) => Value::Array(Vec::new()),
            // A text goes before a number, unless it would have to match a pattern.
            kinds
                if kinds.contains(Kinds::STRING) && node.text.as_ref().is_none_or(|rules| rules.pattern.is_none()) =>
            {
                text(node)
            }
            kinds if kinds.contains(Kinds::INTEGER) || kinds.contains(Kinds::NUMBER) => Value::Number(number(node)),
            kinds if kinds.contains(Kinds::BOOLEAN) => false.into(),
            kinds if kinds.contains(Kinds::STRING) => text(node),
            _ => Value::Null,
        }
    }
}

/// One of the format where one is stated, else dots.
fn text(node: &Node) -> Value {
    let format = node.text.as_ref().and_then(|rules| rules.format);
    format.map_or("…", |format| format.example).into()
}

/// The least number where one is stated, else zero.
fn number(node: &Node) -> Number {
    let bounds = node.number.iter().flat_map(|rules| &rules.bounds);
    let mut least = bounds.filter_map(|bound| match bound {
        Bound::AtLeast(number) => Some(number.clone()),
        _ => None,
    });
    least.next().unwrap_or_else(|| 0.into())
}
