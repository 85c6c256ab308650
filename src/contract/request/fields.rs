//! The members that a schema names, and those of a value that it does not.

use serde_json::{Map, Value};

use crate::contract::suggestion;

/// How deep references and combinations are followed.
const DEPTH: usize = 24;

/// So many members most objects have at most.
const MEMBERS: usize = 16;

/// How many items of a list are looked at.
const ITEMS: usize = 100;

/// A field that the document does not name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// Where: `$.rows[1].row_name` or `query.limt`.
    pub at: String,
    pub name: String,
    /// The documented name that was probably meant.
    pub nearest: Option<String>,
    /// What is to be known of that name, to stand behind it.
    pub note: Option<&'static str>,
    /// The documented name that is like it and was sent too.
    pub beside: Option<String>,
    /// The member of the body in whose value the vendor reads this name.
    pub belongs_in: Option<String>,
    /// Whether it is a wrapper: what is in it belongs where it stands itself.
    pub wraps: bool,
    /// Whether the vendor refuses it; else it ignores it.
    pub refused: bool,
    /// Other operations that take a field of this name.
    pub taken_by: Vec<String>,
}

/// What all parts of a schema say together about an object or a list.
#[derive(Default)]
struct Shape<'d> {
    /// In the order in which they are named; one that several parts name is there several times.
    properties: Vec<(&'d str, &'d Value)>,
    items: Vec<&'d Value>,
    free: bool,
    closed: bool,
}

impl<'d> Shape<'d> {
    fn of(document: &'d Value, schemas: &[&'d Value]) -> Self {
        let mut shape = Self { properties: Vec::with_capacity(MEMBERS), ..Self::default() };
        schemas.iter().for_each(|schema| gather(document, schema, &mut shape, 0));
        shape
    }

    /// What is said of a member; nothing where none says anything.
    fn property(&self, member: &str) -> impl Iterator<Item = &'d Value> {
        self.properties.iter().filter(move |(known, _)| *known == member).map(|(_, schema)| *schema)
    }

    /// The names of its members, each once.
    fn names(&self) -> impl Iterator<Item = &'d str> {
        let is_first = |place: usize, name: &str| !self.properties[..place].iter().any(|(known, _)| *known == name);
        let named = self.properties.iter().enumerate().filter(move |(place, (name, _))| is_first(*place, name));
        named.map(|(_, (name, _))| *name)
    }
}

/// The node that a reference names.
pub(super) fn resolved<'d>(document: &'d Value, node: &'d Value) -> &'d Value {
    let target = node.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
    target.and_then(|pointer| found(document, pointer)).unwrap_or(node)
}

/// What a JSON pointer leads to.
fn found<'d>(document: &'d Value, pointer: &str) -> Option<&'d Value> {
    if pointer.contains('~') {
        return document.pointer(pointer);
    }
    let mut names = pointer.split('/');
    let is_pointer = names.next() == Some("");
    let below = |value: &'d Value, name: &str| match value {
        Value::Object(members) => members.get(name),
        _ => value.pointer(&format!("/{name}")),
    };
    if is_pointer { names.try_fold(document, below) } else { None }
}

/// Whether a schema names a member of its object.
pub(super) fn names(document: &Value, schema: &Value, member: &str) -> bool {
    let named = |part: &Map<String, Value>| part.get("properties").and_then(Value::as_object)?.get(member).map(|_| ());
    any_part(document, schema, 0, &|part| named(part).is_some())
}

/// The names of the members of a schema's object, each once.
pub(super) fn all_names(document: &Value, schema: &Value) -> Box<[String]> {
    Shape::of(document, &[schema]).names().map(str::to_owned).collect()
}

/// Whether `body` is an object of members that all have one of these names and no members or items themselves. Then
/// [`walk`] finds none.
pub(super) fn are_all_of(body: &Value, names: &[String], ignore_case: bool) -> bool {
    let is_one =
        |name: &str| names.iter().any(|known| known == name || (ignore_case && known.eq_ignore_ascii_case(name)));
    body.as_object().is_some_and(|members| members.iter().all(|(name, member)| is_plain(member) && is_one(name)))
}

/// Whether a value has no members and no items.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => true,
    }
}

/// The member of a schema's object whose own value, or whose items, name `member`.
pub(super) fn holder<'d>(document: &'d Value, schema: &'d Value, member: &str) -> Option<&'d str> {
    let items = |part: &Map<String, Value>| part.get("items").is_some_and(|items| names(document, items, member));
    let holds = |schema| names(document, schema, member) || any_part(document, schema, 0, &items);
    let shape = Shape::of(document, &[schema]);
    shape.names().find(|name| shape.property(name).any(holds))
}

/// Whether a part of a schema is what is sought. Each of many names that nothing knows asks this of many schemas, so that
/// nothing is gathered.
fn any_part(document: &Value, schema: &Value, depth: usize, is_it: &dyn Fn(&Map<String, Value>) -> bool) -> bool {
    let Some(members) = schema.as_object().filter(|_| depth <= DEPTH) else { return false };
    let is_in = |part: &Value| any_part(document, part, depth + 1, is_it);
    let target = resolved(document, schema);
    (!std::ptr::eq(target, schema) && is_in(target)) || is_it(members) || parts(members).any(is_in)
}

/// Finds the members of `body` that `schema` does not name, until `found` has `most`: to look for what each of many was
/// meant to be would take long.
pub(super) fn walk(
    document: &Value,
    schema: &Value,
    body: &Value,
    ignore_case: bool,
    most: usize,
    found: &mut Vec<Unknown>,
) {
    Walk { document, ignore_case, most, found }.value("$", &[schema], body);
}

/// `body` with its members named as the schema spells them, for documents whose names match in any letter case.
pub(super) fn renamed(document: &Value, schema: &Value, body: &Value) -> Value {
    rename(document, &[schema], body)
}

fn rename(document: &Value, schemas: &[&Value], value: &Value) -> Value {
    if !matches!(value, Value::Array(_) | Value::Object(_)) {
        return value.clone();
    }
    let shape = Shape::of(document, schemas);
    match value {
        Value::Array(items) => items.iter().map(|item| rename(document, &shape.items, item)).collect(),
        Value::Object(members) => {
            let named = members.iter().map(|(name, member)| {
                let known = shape.properties.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
                match known {
                    Some((known, _)) => {
                        ((*known).to_owned(), rename(document, &shape.property(known).collect::<Vec<_>>(), member))
                    }
                    None => (name.clone(), member.clone()),
                }
            });
            Value::Object(named.collect())
        }
        plain => plain.clone(),
    }
}

struct Walk<'d, 'f> {
    document: &'d Value,
    ignore_case: bool,
    most: usize,
    found: &'f mut Vec<Unknown>,
}

impl<'d> Walk<'d, '_> {
    fn value(&mut self, path: &str, schemas: &[&'d Value], value: &Value) {
        if self.found.len() >= self.most {
            return;
        }
        // What is neither has no members.
        if !matches!(value, Value::Array(_) | Value::Object(_)) {
            return;
        }
        let shape = Shape::of(self.document, schemas);
        match value {
            Value::Array(items) if !shape.items.is_empty() => {
                for (number, item) in items.iter().take(ITEMS).enumerate() {
                    self.value(&format!("{path}[{number}]"), &shape.items, item);
                }
            }
            Value::Object(members) if !shape.properties.is_empty() => {
                for (name, member) in members {
                    if self.found.len() >= self.most {
                        return;
                    }
                    let path = format!("{path}.{name}");
                    match self.property(&shape, name) {
                        Some(schemas) => self.value(&path, &schemas, member),
                        None if shape.free => {}
                        None => {
                            let wraps = self.wraps(&shape, member);
                            let known = shape.names();
                            let (sent, unsent): (Vec<_>, Vec<_>) =
                                known.partition(|known| members.contains_key(*known));
                            let beside = suggestion::slip(name, sent).map(str::to_owned);
                            let nearest = suggestion::name(name, unsent.into_iter())
                                .filter(|_| beside.is_none() && !wraps)
                                .map(str::to_owned);
                            self.found.push(Unknown {
                                at: path,
                                name: name.clone(),
                                nearest,
                                note: None,
                                beside,
                                belongs_in: None,
                                wraps,
                                refused: shape.closed,
                                taken_by: Vec::new(),
                            });
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a member that is not known holds what should stand in its place: an object of which most members are
    /// known there, or a list of such.
    fn wraps(&self, shape: &Shape<'d>, member: &Value) -> bool {
        let member = member.as_array().and_then(|items| items.first()).unwrap_or(member);
        let Some(members) = member.as_object().filter(|members| !members.is_empty()) else { return false };
        let known = members.keys().take(ITEMS).filter(|name| self.property(shape, name).is_some()).count();
        2 * known > members.len().min(ITEMS)
    }

    fn property(&self, shape: &Shape<'d>, name: &str) -> Option<Vec<&'d Value>> {
        let same = |known: &str| self.ignore_case && known.eq_ignore_ascii_case(name);
        let known = shape.properties.iter().map(|(known, _)| *known);
        let known = known.clone().find(|known| *known == name).or_else(|| known.clone().find(|known| same(known)))?;
        Some(shape.property(known).collect())
    }
}

fn gather<'d>(document: &'d Value, schema: &'d Value, shape: &mut Shape<'d>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    let Some(members) = schema.as_object() else {
        shape.free |= *schema == Value::Bool(true);
        return;
    };
    let target = resolved(document, schema);
    if !std::ptr::eq(target, schema) {
        gather(document, target, shape, depth + 1);
    }
    for (name, schema) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
        shape.properties.push((name, schema));
    }
    parts(members).for_each(|part| gather(document, part, shape, depth + 1));
    shape.items.extend(members.get("items"));
    let named = members.get("properties").and_then(Value::as_object).is_some_and(|named| !named.is_empty());
    for key in ["additionalProperties", "unevaluatedProperties"] {
        match members.get(key) {
            Some(Value::Bool(false)) => shape.closed = true,
            // That others may come does not say that they are kept, where some are named.
            Some(Value::Bool(true)) if named => {}
            Some(_) => shape.free = true,
            None => {}
        }
    }
    shape.free |= members.contains_key("patternProperties") || takes_any_object(members);
}

/// The schemas that a schema is made of.
fn parts(schema: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let combined = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|name| schema.get(name)?.as_array()).flatten();
    combined.chain(["then", "else"].into_iter().filter_map(|branch| schema.get(branch)))
}

/// Whether a schema takes objects and says nothing about their members.
fn takes_any_object(schema: &Map<String, Value>) -> bool {
    let says_more = ["properties", "$ref", "allOf", "anyOf", "oneOf", "additionalProperties", "unevaluatedProperties"];
    let object = match schema.get("type") {
        Some(Value::String(kind)) => kind == "object",
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "object"),
        _ => false,
    };
    object && !says_more.iter().any(|key| schema.contains_key(*key))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn a_body_of_known_and_plain_members_alone_has_none_that_is_unknown(
            members in prop::collection::btree_map("[abcAB]|list", 0_usize..6, 0..4),
            ignore_case: bool,
        ) {
            let list = json!({"items": {"properties": {"a": {}}}});
            let schema = json!({"allOf": [
                {"properties": {"a": {}, "list": list}}, {"properties": {"b": {"properties": {"a": {}}}, "a": {}}},
            ]});
            let values = json!([5, null, [], {}, [{"c": 1}], {"c": 1}]);
            let body: Value = members.into_iter().map(|(name, place)| (name, values[place].clone())).collect();
            let names = all_names(&schema, &schema);
            prop_assert_eq!(names.join(" "), "a list b");
            let mut found = Vec::new();
            walk(&schema, &schema, &body, ignore_case, 20, &mut found);
            let are_all_of = are_all_of(&body, &names, ignore_case);
            prop_assert!(!are_all_of || found.is_empty());
            if body.as_object().is_some_and(|members| members.values().all(is_plain)) {
                prop_assert_eq!(are_all_of, found.is_empty());
            }
        }
    }
}
