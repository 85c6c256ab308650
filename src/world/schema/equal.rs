//! Values as JSON Schema compares them: numbers by what they mean, objects whatever the order of their members.

use std::collections::HashSet;
use std::hash::{Hash, Hasher};

use serde_json::{Number, Value};

use super::number;

/// Up to how many items each is held against each; beyond, a set is made.
const FEW: usize = 8;

/// Whether two values are the same.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => number::compare(left, right).is_eq(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same = |(name, member)| right.get(name).is_some_and(|other| equal(member, other));
            left.len() == right.len() && left.iter().all(same)
        }
        (left, right) => left == right,
    }
}

/// Whether no item stands twice in a list.
pub(super) fn are_unique(items: &[Value]) -> bool {
    if items.len() <= FEW {
        return items.iter().enumerate().all(|(number, item)| !items[..number].iter().any(|other| equal(item, other)));
    }
    let mut seen = HashSet::with_capacity(items.len());
    items.iter().all(|item| seen.insert(Same(item)))
}

/// A value whose hash and equality are those of its meaning.
struct Same<'v>(&'v Value);

impl PartialEq for Same<'_> {
    fn eq(&self, other: &Self) -> bool {
        equal(self.0, other.0)
    }
}

impl Eq for Same<'_> {}

impl Hash for Same<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self.0).hash(state);
        match self.0 {
            Value::Null => {}
            Value::Bool(value) => value.hash(state),
            Value::Number(value) => hash_number(value, state),
            Value::String(text) => text.hash(state),
            Value::Array(items) => {
                items.len().hash(state);
                items.iter().for_each(|item| Same(item).hash(state));
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_unstable_by_key(|(name, _)| *name);
                members.len().hash(state);
                for (name, member) in members {
                    name.hash(state);
                    Same(member).hash(state);
                }
            }
        }
    }
}

fn hash_number<H: Hasher>(value: &Number, state: &mut H) {
    match number::whole(value) {
        Some(whole) => whole.hash(state),
        None => value.as_f64().map(f64::to_bits).hash(state),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_that_stands_twice_is_found_in_short_lists_and_in_long_ones() {
        let check = |twice: [Value; 2], unique: bool| {
            for between in [0, 1, 20] {
                let mut items: Vec<Value> = (0..between).map(|number| json!([number])).collect();
                items.insert(0, twice[0].clone());
                items.push(twice[1].clone());
                assert_eq!(are_unique(&items), unique, "{items:?}");
            }
        };
        check([json!(1), json!(1.0)], false);
        check([json!(0), json!(-0.0)], false);
        check([json!({"a": 1, "b": [2]}), json!({"b": [2.0], "a": 1})], false);
        check([json!(u64::MAX), json!(u64::MAX)], false);
        check([json!(1), json!("1")], true);
        check([json!(0), json!(false)], true);
        check([json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992.0)], true);
        check([json!({"a": 1}), json!({"a": 1, "b": null})], true);
        check([json!([]), json!({})], true);
    }
}
