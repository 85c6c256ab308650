//! From a schema to nodes: every `$ref` followed, every keyword understood or refused.

mod circle;
mod keywords;
mod object;

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::SchemaError;
use super::format::TextFormat;
use super::kinds::Kinds;
use super::node::{Id, Node};

/// What `format` means.
#[derive(Debug, Clone, Copy)]
pub enum Formats {
    /// It is a note for the reader, as JSON Schema 2020-12 has it where nobody says otherwise.
    Noted,
    /// It is checked. These formats are known beside those of JSON Schema that this project's documents use.
    Checked(&'static [TextFormat]),
}

/// The nodes of a schema, and the one where a check starts.
pub(super) fn compile(root: &Value, schema: &Value, formats: Formats) -> Result<(Vec<Node>, Id), SchemaError> {
    let (nodes, places, known, open) = (Vec::new(), Vec::new(), HashMap::new(), Vec::new());
    let mut compiler = Compiler { root, formats, nodes, places, known, open };
    let start = compiler.schema(schema, if std::ptr::eq(root, schema) { "#" } else { "" })?;
    match circle::find(&compiler.nodes) {
        Some(id) => Err(endless(compiler.places.get(id).map_or("", String::as_str))),
        None => Ok((compiler.nodes, start)),
    }
}

struct Compiler<'s> {
    root: &'s Value,
    formats: Formats,
    nodes: Vec<Node>,
    /// Where the schema of each node stands.
    places: Vec<String>,
    /// The node of each schema by its address, so that a schema that is referred to twice is compiled once.
    known: HashMap<*const Value, Id>,
    /// The schemas that are being compiled, each within the one before.
    open: Vec<Id>,
}

impl<'s> Compiler<'s> {
    /// The node of a schema.
    fn schema(&mut self, schema: &'s Value, place: &str) -> Result<Id, SchemaError> {
        if let Some(known) = self.known.get(&std::ptr::from_ref(schema)).copied() {
            self.nodes[known].contains_itself |= self.open.contains(&known);
            return Ok(known);
        }
        match schema {
            Value::Object(members) => {
                // A reference alone is what it refers to.
                if let Some(target) = alias(members) {
                    let id = self.referred(target, place)?;
                    self.known.insert(std::ptr::from_ref(schema), id);
                    return Ok(id);
                }
                let id = self.reserve(schema, place);
                self.open.push(id);
                let node = self.node(members, place)?;
                self.open.pop();
                // A reference back here, met on the way, has left its mark.
                self.nodes[id] = Node { contains_itself: self.nodes[id].contains_itself, ..node };
                Ok(id)
            }
            Value::Bool(fits) => {
                let id = self.reserve(schema, place);
                self.nodes[id].kinds = if *fits { Kinds::ANY } else { Kinds::NONE };
                Ok(id)
            }
            other => {
                let expected = "a schema: an object such as {\"type\": \"string\"}, true or false";
                Err(SchemaError::new(shown(place), format_args!("found {other}, expected {expected}")))
            }
        }
    }

    fn reserve(&mut self, schema: &Value, place: &str) -> Id {
        let id = self.nodes.len();
        self.nodes.push(Node::free());
        self.places.push(place.to_owned());
        self.known.insert(std::ptr::from_ref(schema), id);
        id
    }

    /// The node of the schema that a reference names.
    fn referred(&mut self, target: &Value, place: &str) -> Result<Id, SchemaError> {
        let here = || format!("{place}/$ref");
        let Some(pointer) = target.as_str().and_then(|target| target.strip_prefix('#')) else {
            let problem = format_args!(
                "found {target}, expected a reference into this document such as \"#/components/schemas/Persona\""
            );
            return Err(SchemaError::new(here(), problem));
        };
        let Some(schema) = self.root.pointer(pointer) else {
            return Err(SchemaError::new(
                here(),
                format_args!("found {target}, expected a reference to a schema that is there"),
            ));
        };
        if self.aliases_without_end(schema) {
            return Err(endless(place));
        }
        self.schema(schema, &format!("#{pointer}"))
    }

    /// Whether a schema is a reference to a reference, and so on, back to itself.
    fn aliases_without_end(&self, mut schema: &'s Value) -> bool {
        let mut met = Vec::new();
        while let Some(target) = schema.as_object().and_then(alias) {
            if met.contains(&std::ptr::from_ref(schema)) {
                return true;
            }
            met.push(std::ptr::from_ref(schema));
            let next = target.as_str().and_then(|target| self.root.pointer(target.strip_prefix('#')?));
            let Some(next) = next else { return false };
            schema = next;
        }
        false
    }
}

/// The target of a schema that is a reference and nothing else that matters.
fn alias(members: &Map<String, Value>) -> Option<&Value> {
    let target = members.get("$ref")?;
    members.keys().all(|name| name == "$ref" || keywords::is_note(name)).then_some(target)
}

fn endless(place: &str) -> SchemaError {
    let problem = "this schema refers to itself for the same value, so that no check would end; expected a reference \
                   from a part of the value, such as from `items`";
    SchemaError::new(shown(place), problem)
}

/// A place for a message.
fn shown(place: &str) -> &str {
    if place.is_empty() { "the schema" } else { place }
}
