//! Where a field stands in a body, as a schema names it: `$.rows[].name`.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

/// How deep references and combinations are followed.
const DEPTH: usize = 24;

/// How deep fields are looked for in fields.
const LEVELS: usize = 12;

/// Where a field stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct Path(pub(super) Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Step {
    /// The member of this name.
    Member(String),
    /// Each item.
    Items,
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.0.iter().try_for_each(|step| match step {
            Step::Member(name) => write!(f, ".{name}"),
            Step::Items => f.write_str("[]"),
        })
    }
}

impl FromStr for Path {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut steps = Vec::new();
        for (number, part) in text.split('.').enumerate() {
            let name = part.trim_end_matches("[]");
            match (number, name) {
                (0, "$") => {}
                (0, _) | (_, "") => return Err(()),
                _ => steps.push(Step::Member(name.to_owned())),
            }
            steps.extend(std::iter::repeat_n(Step::Items, (part.len() - name.len()) / 2));
        }
        Ok(Self(steps))
    }
}

impl Path {
    /// The path of a member of what stands here.
    fn member(&self, name: &str) -> Self {
        self.then(Step::Member(name.to_owned()))
    }

    fn then(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// The name of the field itself.
    pub(super) fn name(&self) -> &str {
        let last = self.0.iter().rev().find_map(|step| match step {
            Step::Member(name) => Some(name.as_str()),
            Step::Items => None,
        });
        last.unwrap_or_default()
    }

    /// Every value that stands here.
    pub(super) fn of<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        self.0.iter().fold(vec![value], |values, step| {
            let below = |value: &'v Value| -> Vec<&'v Value> {
                match step {
                    Step::Member(name) => value.get(name).into_iter().collect(),
                    Step::Items => value.as_array().into_iter().flatten().collect(),
                }
            };
            values.into_iter().flat_map(below).collect()
        })
    }

    /// Puts a value here; what leads here and is missing is made by `make`, which is asked with the steps that lead to
    /// it.
    pub(super) fn put(&self, value: &mut Value, new: Value, make: &dyn Fn(&[Step]) -> Value) {
        let mut at = value;
        for (number, step) in self.0.iter().enumerate() {
            let done = &self.0[..number];
            match step {
                Step::Member(name) => {
                    if !at.is_object() {
                        *at = Some(make(done))
                            .filter(Value::is_object)
                            .unwrap_or_else(|| Value::Object(Default::default()));
                    }
                    let Value::Object(members) = at else { return };
                    at = members.entry(name.as_str()).or_insert(Value::Null);
                }
                Step::Items => {
                    if at.as_array().is_none_or(Vec::is_empty) {
                        *at = Value::Array(vec![make(&self.0[..=number])]);
                    }
                    let Some(first) = at.as_array_mut().and_then(|items| items.first_mut()) else { return };
                    at = first;
                }
            }
        }
        *at = new;
    }
}

/// The schemas of a document that speak of one value: what references, `allOf` and the branches of a choice lead to.
pub(super) fn parts<'d>(document: &'d Value, schema: &'d Value) -> Vec<&'d Value> {
    let mut found = Vec::new();
    gather(document, schema, &mut found, 0);
    found
}

fn gather<'d>(document: &'d Value, schema: &'d Value, found: &mut Vec<&'d Value>, depth: usize) {
    if depth > DEPTH || found.iter().any(|known| std::ptr::eq(*known, schema)) {
        return;
    }
    found.push(schema);
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
    if let Some(target) = target.and_then(|pointer| document.pointer(pointer)) {
        gather(document, target, found, depth + 1);
    }
    for combination in ["allOf", "anyOf", "oneOf"] {
        for part in schema.get(combination).and_then(Value::as_array).into_iter().flatten() {
            gather(document, part, found, depth + 1);
        }
    }
}

/// The schemas that speak of what stands at a path.
pub(super) fn at<'d>(document: &'d Value, schema: &'d Value, steps: &[Step]) -> Vec<&'d Value> {
    steps.iter().fold(parts(document, schema), |schemas, step| {
        let below = |schema: &&'d Value| match step {
            Step::Member(name) => schema.get("properties").and_then(|named| named.get(name)),
            Step::Items => schema.get("items"),
        };
        let found: Vec<_> = schemas.iter().filter_map(below).collect();
        found.into_iter().flat_map(|schema| parts(document, schema)).collect()
    })
}

/// Every field that a schema names, in its order.
pub(crate) fn fields(document: &Value, schema: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    walk(document, &parts(document, schema), &Path::default(), &mut found, 0);
    found
}

fn walk(document: &Value, schemas: &[&Value], path: &Path, found: &mut Vec<Path>, level: usize) {
    if level > LEVELS {
        return;
    }
    let items: Vec<_> = schemas.iter().filter_map(|schema| schema.get("items")).collect();
    if !items.is_empty() {
        let parts: Vec<_> = items.into_iter().flat_map(|schema| parts(document, schema)).collect();
        walk(document, &parts, &path.then(Step::Items), found, level + 1);
    }
    for (name, _) in schemas.iter().filter_map(|schema| schema.get("properties")?.as_object()).flatten() {
        let path = path.member(name);
        if found.contains(&path) {
            continue;
        }
        found.push(path.clone());
        let members = schemas.iter().filter_map(|schema| schema.get("properties")?.get(name));
        let parts: Vec<_> = members.flat_map(|schema| parts(document, schema)).collect();
        walk(document, &parts, &path, found, level + 1);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_is_read_as_it_is_written() {
        for text in ["$", "$.a", "$[].a", "$.rows[].names[]", "$.a.b"] {
            assert_eq!(text.parse::<Path>().expect("a path").to_string(), text);
        }
        for text in ["", "a", "$.", "$..a", "$.a."] {
            assert!(text.parse::<Path>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_is_put_where_a_path_leads_and_the_rest_stays() {
        let path: Path = "$.rows[].name".parse().expect("a path");
        let make = |_: &[Step]| json!({"id": 1});
        for (before, after) in [
            (json!({"rows": [{"name": "a", "x": 1}, {}]}), json!({"rows": [{"name": "b", "x": 1}, {}]})),
            (json!({"y": 2}), json!({"y": 2, "rows": [{"id": 1, "name": "b"}]})),
            (json!({"rows": null}), json!({"rows": [{"id": 1, "name": "b"}]})),
        ] {
            let mut value = before;
            path.put(&mut value, json!("b"), &make);
            assert_eq!(value, after);
            assert_eq!(path.of(&value), [&json!("b")]);
        }
    }

    #[test]
    fn every_field_of_a_schema_is_found_once_and_a_circle_ends() {
        let document = json!({"s": {"properties": {
            "a": {"anyOf": [{"type": "null"}, {"items": {"$ref": "#/s"}}]}, "b": {"properties": {"c": {}}},
        }}});
        let found: Vec<_> = fields(&document, &document["s"]).iter().map(ToString::to_string).collect();
        assert_eq!(&found[..2], ["$.a", "$.a[].a"]);
        assert!(found.contains(&"$.b.c".to_owned()) && found.len() < 100, "{}", found.len());
    }
}
