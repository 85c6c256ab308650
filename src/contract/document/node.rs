//! A node of a document, with its place there.

use serde_json::Value;

use crate::provider::Provenance;

/// The most references that lead from one to the next.
const MOST_REFERENCES: usize = 24;

/// A node, and the JSON pointer that leads to it.
#[derive(Debug, Clone)]
pub(super) struct Node<'d> {
    root: &'d Value,
    pub(super) at: String,
    pub(super) value: &'d Value,
}

/// A place in a document: the number of each member and item on the way.
#[derive(Debug)]
pub(super) struct Spot(Box<[usize]>);

impl Spot {
    /// What stands there.
    pub(super) fn find<'v>(&self, root: &'v Value) -> &'v Value {
        let below = |value: &'v Value, number: &usize| match value {
            Value::Array(items) => items.get(*number),
            Value::Object(members) => members.values().nth(*number),
            _ => None,
        };
        self.0.iter().try_fold(root, below).unwrap_or(&Value::Null)
    }
}

impl<'d> Node<'d> {
    pub(super) fn of(root: &'d Value) -> Self {
        Self { root, at: String::new(), value: root }
    }

    /// The place of this node.
    pub(super) fn spot(&self) -> Spot {
        let mut value = self.root;
        let names = self.at.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~"));
        let numbers = names.map_while(|name| {
            let number = match value {
                Value::Array(_) => name.parse().ok()?,
                _ => value.as_object()?.keys().position(|known| *known == name)?,
            };
            value = match value {
                Value::Array(items) => items.get(number)?,
                other => other.get(&name)?,
            };
            Some(number)
        });
        Spot(numbers.collect())
    }

    /// The member of this name as it stands.
    pub(super) fn raw(&self, name: &str) -> Option<Self> {
        self.value.as_object()?.get(name).map(|value| self.below(name, value))
    }

    /// The member of this name; where it refers to another node, that one.
    pub(super) fn member(&self, name: &str) -> Option<Self> {
        self.raw(name).map(Self::resolved)
    }

    /// Every member, references followed.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'d str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(name, value)| (name.as_str(), self.below(name, value).resolved()))
    }

    /// Every item, references followed.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(number, value)| self.below(&number.to_string(), value).resolved())
    }

    /// The member of this name, if it is a text.
    pub(super) fn text(&self, name: &str) -> Option<&'d str> {
        self.value.get(name)?.as_str()
    }

    /// The texts of a list.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let items = self.value.get(name)?.as_array()?;
        Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// How it is known, where it says so.
    pub(super) fn provenance(&self) -> Option<Provenance> {
        Provenance::stated(self.value)
    }

    /// Whether a member is `true`.
    pub(super) fn is(&self, name: &str) -> bool {
        self.value.get(name) == Some(&Value::Bool(true))
    }

    /// Whether a schema names this type.
    pub(super) fn is_of_type(&self, name: &str) -> bool {
        match self.value.get("type") {
            Some(Value::String(kind)) => kind == name,
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
            _ => false,
        }
    }

    /// The node to which this one refers, or this one.
    pub(super) fn resolved(self) -> Self {
        self.followed(|_| true)
    }

    /// The same, as far as a reference says nothing beside it.
    pub(super) fn schema(self) -> Self {
        self.followed(|members| members == 1)
    }

    fn followed(self, goes_on: impl Fn(usize) -> bool) -> Self {
        let mut node = self;
        for _ in 0..MOST_REFERENCES {
            let members = node.value.as_object().filter(|members| goes_on(members.len()));
            let target = members.and_then(|members| members.get("$ref")?.as_str()?.strip_prefix('#'));
            let Some((at, value)) = target.and_then(|at| Some((at, node.root.pointer(at)?))) else { break };
            node = Self { root: node.root, at: at.to_owned(), value };
        }
        node
    }

    fn below(&self, name: &str, value: &'d Value) -> Self {
        let name = name.replace('~', "~0").replace('/', "~1");
        Self { root: self.root, at: format!("{}/{name}", self.at), value }
    }
}
