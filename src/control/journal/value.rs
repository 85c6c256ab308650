//! JSON values: paths into them, whether one lies within another, and what keeps it from that.

use serde_json::Value;

/// One step of a path.
#[derive(Debug, PartialEq, Eq)]
enum Step<'p> {
    Member(&'p str),
    Item(usize),
}

/// Whether a text is a path such as `$.rows[0].name`.
pub(super) fn parse(path: &str) -> Result<(), String> {
    steps(path).map(|_| ()).ok_or_else(|| format!("expected a path such as $.rows[0].name, found {path:?}"))
}

/// What stands at a path.
pub(super) fn look<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    steps(path)?.into_iter().try_fold(value, |value, step| match step {
        Step::Member(name) => value.get(name),
        Step::Item(number) => value.get(number),
    })
}

fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, behind) = after.split_at(end);
            if name.is_empty() {
                return None;
            }
            steps.push(Step::Member(name));
            rest = behind;
        } else {
            let (inside, behind) = rest.strip_prefix('[')?.split_once(']')?;
            steps.push(Step::Item(inside.parse().ok()?));
            rest = behind;
        }
    }
    Some(steps)
}

/// Whether everything in `expected` is in `found`: objects may have more members, lists may not.
pub(super) fn is_within(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().all(|(name, value)| found.get(name).is_some_and(|found| is_within(value, found)))
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len() && expected.iter().zip(found).all(|(one, other)| is_within(one, other))
        }
        _ => expected == found,
    }
}

/// One leaf of an expected value, and what was found at its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) path: String,
    pub(super) expected: Value,
    pub(super) found: Option<Value>,
}

impl Leaf {
    pub(super) fn agrees(&self) -> bool {
        self.found.as_ref() == Some(&self.expected)
    }
}

/// The leaves of `expected` beside what `found` has in their places. Lists of another length are one leaf.
pub(super) fn leaves(path: &str, expected: &Value, found: Option<&Value>, out: &mut Vec<Leaf>) {
    match (expected, found) {
        (Value::Object(members), Some(Value::Object(there))) if !members.is_empty() => {
            for (name, value) in members {
                leaves(&format!("{path}.{name}"), value, there.get(name), out);
            }
        }
        (Value::Object(members), Some(Value::Object(_))) if members.is_empty() => {}
        (Value::Array(items), Some(Value::Array(there))) if items.len() == there.len() => {
            for (number, (item, there)) in items.iter().zip(there).enumerate() {
                leaves(&format!("{path}[{number}]"), item, Some(there), out);
            }
        }
        _ => out.push(Leaf { path: path.to_owned(), expected: expected.clone(), found: found.cloned() }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_leads_into_a_value() {
        let value = json!({"rows": [{"name": "a"}, {"name": "b"}]});
        assert_eq!(look(&value, "$.rows[1].name"), Some(&json!("b")));
        assert_eq!(look(&value, "$"), Some(&value));
        assert_eq!(look(&value, "$.rows[2]"), None);
        for wrong in ["rows", "$rows", "$.", "$[x]", "$.a[1"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_value_lies_within_one_that_has_more_members() {
        let found = json!({"a": 1, "b": {"c": [1, {"d": 2, "e": 3}]}});
        assert!(is_within(&json!({"b": {"c": [1, {"d": 2}]}}), &found));
        assert!(!is_within(&json!({"b": {"c": [1]}}), &found), "a list may not have more items");
        let mut out = Vec::new();
        leaves("$", &json!({"a": 1, "b": {"c": [1, {"d": 4}]}, "x": null}), Some(&found), &mut out);
        let wrong: Vec<_> = out.iter().filter(|leaf| !leaf.agrees()).map(|leaf| &*leaf.path).collect();
        assert_eq!((out.len(), wrong), (4, vec!["$.b.c[1].d", "$.x"]));
    }
}
