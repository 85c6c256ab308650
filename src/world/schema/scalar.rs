//! A value that holds no other, held against a schema before a [`Value`] is made of it.

use serde_json::{Number, Value};

use super::equal;
use super::kinds::Kinds;
use super::node::{Id, Node};
use super::walk::{number_holds, text_holds};

/// A value that holds no other.
pub(super) enum Scalar<'t> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'t str),
}

impl Scalar<'_> {
    /// Whether it fits a schema.
    pub(super) fn fits(&self, nodes: &[Node], id: Id) -> bool {
        let node = &nodes[id];
        let fits = |id: &Id| self.fits(nodes, *id);
        node.fixed.as_deref().is_none_or(|fixed| self.is(fixed))
            && node.listed.as_deref().is_none_or(|listed| listed.iter().any(|value| self.is(value)))
            && (node.kinds == Kinds::ANY || self.is_of(node.kinds))
            && match self {
                Self::Number(number) => node.number.as_deref().is_none_or(|rules| number_holds(rules, number)),
                Self::Text(text) => node.text.as_deref().is_none_or(|rules| text_holds(rules, text)),
                Self::Null | Self::Bool(_) => true,
            }
            && node.all.iter().all(fits)
            && node.any.as_deref().is_none_or(|branches| branches.iter().any(fits))
            && node.one.as_deref().is_none_or(|branches| branches.iter().filter(|branch| fits(branch)).count() == 1)
    }

    fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(one), Value::Bool(other)) => one == other,
            (Self::Number(one), Value::Number(_)) => equal::equal(&Value::Number(one.clone()), value),
            (Self::Text(one), Value::String(other)) => one == other,
            _ => false,
        }
    }

    fn is_of(&self, kinds: Kinds) -> bool {
        match self {
            Self::Null => kinds.contains(Kinds::NULL),
            Self::Bool(_) => kinds.contains(Kinds::BOOLEAN),
            Self::Number(number) => kinds.hold(&Value::Number(number.clone())),
            Self::Text(_) => kinds.contains(Kinds::STRING),
        }
    }
}
