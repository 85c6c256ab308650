//! JSON values: paths into them, whether one lies within another, and what keeps it from that.

use std::fmt;
use std::ops::ControlFlow;

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

/// How many characters of a member's name are written. Every leaf below it repeats them.
const MOST_NAMED: usize = 200;

/// A place in a value, written out only where somebody asks.
#[derive(Debug, Clone, Copy)]
pub enum At<'a> {
    /// A place that is written already.
    Path(&'a str),
    /// A member of what stands at a place.
    Member(&'a At<'a>, &'a str),
    /// An item of what stands at a place.
    Item(&'a At<'a>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.write_str(path),
            Self::Member(of, name) => match name.char_indices().nth(MOST_NAMED) {
                Some((end, _)) => write!(f, "{of}.{}…", &name[..end]),
                None => write!(f, "{of}.{name}"),
            },
            Self::Item(of, number) => write!(f, "{of}[{number}]"),
        }
    }
}

/// Who is shown the leaves of an expected value, each beside what was found in its place.
pub(super) type Leaves<'v> = dyn FnMut(&At<'_>, &Value, Option<&Value>) -> ControlFlow<()> + 'v;

/// Shows the leaves of `expected` beside what `found` has in their places: objects may have more members, lists may
/// not. Lists of another length are one leaf.
pub(super) fn leaves(at: &At<'_>, expected: &Value, found: Option<&Value>, visit: &mut Leaves<'_>) -> ControlFlow<()> {
    match (expected, found) {
        (Value::Object(members), Some(Value::Object(there))) => {
            members.iter().try_for_each(|(name, value)| leaves(&At::Member(at, name), value, there.get(name), visit))
        }
        (Value::Array(items), Some(Value::Array(there))) if items.len() == there.len() => {
            let mut pairs = items.iter().zip(there).enumerate();
            pairs.try_for_each(|(number, (item, there))| leaves(&At::Item(at, number), item, Some(there), visit))
        }
        _ => visit(at, expected, found),
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
    fn a_long_name_is_cut_where_a_place_is_written() {
        let (long, most) = ("é".repeat(MOST_NAMED + 1), "é".repeat(MOST_NAMED));
        let at = At::Path("$");
        let at = At::Member(&at, &long);
        assert_eq!(At::Member(&at, &most).to_string(), format!("$.{most}….{most}"));
    }

    /// The leaves that are not as expected, of how many.
    fn wrong(expected: &Value, found: &Value) -> (usize, Vec<String>) {
        let (mut count, mut wrong) = (0, Vec::new());
        let all = leaves(&At::Path("$"), expected, Some(found), &mut |at, expected, found| {
            count += 1;
            if found != Some(expected) {
                wrong.push(at.to_string());
            }
            ControlFlow::Continue(())
        });
        assert!(all.is_continue());
        (count, wrong)
    }

    #[test]
    fn a_value_lies_within_one_that_has_more_members() {
        let found = json!({"a": 1, "b": {"c": [1, {"d": 2, "e": 3}]}});
        assert_eq!(wrong(&json!({"b": {"c": [1, {"d": 2}]}}), &found), (2, vec![]));
        assert_eq!(wrong(&json!({"b": {"c": [1]}}), &found), (1, vec!["$.b.c".to_owned()]), "no list has more items");
        assert_eq!(wrong(&json!({"b": {}, "a": {}}), &found), (1, vec!["$.a".to_owned()]));
        let expected = json!({"a": 1, "b": {"c": [1, {"d": 4}]}, "x": null});
        assert_eq!(wrong(&expected, &found), (4, vec!["$.b.c[1].d".to_owned(), "$.x".to_owned()]));
    }
}
