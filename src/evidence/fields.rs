//! The fields that a schema names, as a tree in which a value finds the cells of its members.

use serde_json::Value;

use super::table::{CellNumber, Maker};
use crate::api::{CoverageAxis, Provenance};

/// How deep fields and references are followed.
const DEPTH: usize = 24;

/// The most values of an enumeration whose values are cells: a longer one is a list of codes, such as that of all
/// countries, and no suite sends each.
const MOST_VALUES: usize = 40;

/// A place in a body: its cells, and the places below it.
#[derive(Debug, Default)]
pub(super) struct Field {
    pub(super) sent: Option<CellNumber>,
    pub(super) null: Option<CellNumber>,
    pub(super) refused: Option<CellNumber>,
    pub(super) values: Vec<(Box<str>, CellNumber)>,
    pub(super) members: Vec<(Box<str>, Field)>,
    pub(super) items: Option<Box<Field>>,
}

/// The fields of an operation's body, of whatever media type.
pub(super) fn of_request<'d>(
    maker: &mut Maker<'d>,
    operation: &str,
    schemas: &[&'d Value],
    known: Provenance,
) -> Field {
    let mut walk = Walk { maker, operation, status: None, above: Vec::new() };
    walk.field("$", schemas, known)
}

/// The fields of an operation's answer.
pub(super) fn of_answer<'d>(
    maker: &mut Maker<'d>,
    operation: &str,
    status: u16,
    schemas: &[&'d Value],
    known: Provenance,
) -> Field {
    let mut walk = Walk { maker, operation, status: Some(status), above: Vec::new() };
    walk.field("$", schemas, known)
}

/// The values of an enumeration, as texts; none of which is null.
pub(super) fn values(document: &Value, schemas: &[&Value]) -> Vec<String> {
    let mut shape = Shape::default();
    schemas.iter().for_each(|schema| shape.gather(document, schema, None, 0));
    shape.listed().iter().map(|value| text(value)).collect()
}

/// A value as it stands in the name of its cell.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What all parts of a schema say together.
#[derive(Default)]
struct Shape<'d> {
    properties: Vec<(&'d str, Vec<&'d Value>)>,
    items: Vec<&'d Value>,
    values: Vec<&'d Value>,
}

impl<'d> Shape<'d> {
    /// The values of an enumeration that are cells.
    fn listed(&self) -> &[&'d Value] {
        if self.values.len() > MOST_VALUES { &[] } else { &self.values }
    }

    fn gather(&mut self, document: &'d Value, schema: &'d Value, operation: Option<&str>, depth: usize) {
        if depth > DEPTH || !belongs(schema, operation) {
            return;
        }
        let Some(members) = schema.as_object() else { return };
        if let Some(target) = target(document, schema) {
            self.gather(document, target, operation, depth + 1);
        }
        for (name, schema) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
            match self.properties.iter_mut().find(|(known, _)| known == name) {
                Some((_, schemas)) => schemas.push(schema),
                None => self.properties.push((name, vec![schema])),
            }
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for part in members.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                self.gather(document, part, operation, depth + 1);
            }
        }
        for keyword in ["then", "else"] {
            if let Some(part) = members.get(keyword) {
                self.gather(document, part, operation, depth + 1);
            }
        }
        self.items.extend(members.get("items"));
        let listed = members.get("enum").and_then(Value::as_array).into_iter().flatten();
        for value in listed.chain(members.get("const")) {
            if !value.is_null() && !value.is_boolean() && !self.values.contains(&value) {
                self.values.push(value);
            }
        }
    }
}

/// The node that a schema refers to.
fn target<'d>(document: &'d Value, schema: &Value) -> Option<&'d Value> {
    document.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

/// Whether a part of a schema is of an operation: it may name those that it belongs to.
fn belongs(schema: &Value, operation: Option<&str>) -> bool {
    let named = schema.get("x-operations").and_then(Value::as_array);
    named.is_none_or(|named| operation.is_none_or(|operation| named.iter().any(|known| known == operation)))
}

struct Walk<'m, 'd> {
    maker: &'m mut Maker<'d>,
    operation: &'m str,
    /// Of an answer, its status.
    status: Option<u16>,
    /// The schemas that the place lies in: one that holds itself is not followed again.
    above: Vec<*const Value>,
}

impl<'d> Walk<'_, 'd> {
    fn field(&mut self, path: &str, schemas: &[&'d Value], known: Provenance) -> Field {
        let mut field = Field::default();
        let document = self.maker.document.json();
        let schemas: Vec<_> = schemas.iter().copied().filter(|schema| belongs(schema, Some(self.operation))).collect();
        let known = schemas.iter().find_map(|schema| stated(document, schema, 0)).unwrap_or(known);
        if path != "$" && !path.ends_with("[]") {
            self.cells(&mut field, path, known);
        }
        let entered: Vec<_> = schemas.iter().map(|schema| std::ptr::from_ref(resolved(document, schema))).collect();
        if self.above.len() > DEPTH || entered.iter().any(|schema| self.above.contains(schema)) {
            return field;
        }
        let depth = self.above.len();
        self.above.extend(entered);
        let mut shape = Shape::default();
        for schema in &schemas {
            shape.gather(document, schema, Some(self.operation), 0);
        }
        if self.status.is_none() {
            for value in shape.listed() {
                let value = text(value);
                let cell = self.maker.cell(CoverageAxis::EnumValues, format!("{path}={value}"), known);
                field.values.extend(cell.map(|cell| (value.into(), cell)));
            }
        }
        for (name, schemas) in shape.properties {
            // A member that an answer or a body of other operations has.
            if !schemas.iter().any(|schema| belongs(schema, Some(self.operation))) {
                continue;
            }
            let member = self.field(&format!("{path}.{name}"), &schemas, known);
            field.members.push((name.into(), member));
        }
        if !shape.items.is_empty() {
            field.items = Some(Box::new(self.field(&format!("{path}[]"), &shape.items, known)));
        }
        self.above.truncate(depth);
        field
    }

    fn cells(&mut self, field: &mut Field, path: &str, known: Provenance) {
        match self.status {
            Some(status) => field.sent = self.maker.cell(CoverageAxis::AnswerFields, format!("{status} {path}"), known),
            None => {
                field.sent = self.maker.cell(CoverageAxis::RequestFields, path.to_owned(), known);
                field.null = self.maker.cell(CoverageAxis::RequestNulls, format!("{path} null"), known);
                field.refused = self.maker.cell(CoverageAxis::RequestRefusals, format!("{path} refused"), known);
            }
        }
    }
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let mut schema = schema;
    for _ in 0..DEPTH {
        match target(document, schema) {
            Some(next) => schema = next,
            None => break,
        }
    }
    schema
}

/// How a schema says that it is known, itself or by what it refers to.
fn stated(document: &Value, schema: &Value, depth: usize) -> Option<Provenance> {
    let beyond =
        || target(document, schema).filter(|_| depth < DEPTH).and_then(|next| stated(document, next, depth + 1));
    Provenance::stated(schema).or_else(beyond)
}
