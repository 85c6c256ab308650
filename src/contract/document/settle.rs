//! What a document leaves of its variants under the settings in force.

use serde_json::{Map, Value};

use crate::provider::TrackedOptions;

/// The members of a path that are methods.
pub(super) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Leaves what the options keep.
pub(super) fn settle(document: &mut Value, options: &TrackedOptions<'_>) {
    prune(document, options);
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    let is_extension = |name: &str, operation: &Value| {
        METHODS.contains(&name) && operation.get("x-provenance").is_some_and(|known| known == "extension")
    };
    let mut items = paths.values().filter_map(Value::as_object).flatten();
    // A document without an extension is the same either way, so it does not ask.
    if !items.any(|(name, operation)| is_extension(name, operation)) || !options.documented_only() {
        return;
    }
    paths.retain(|_, item| {
        let Some(item) = item.as_object_mut() else {
            return true;
        };
        item.retain(|name, operation| !is_extension(name, operation));
        item.keys().any(|name| METHODS.contains(&name.as_str()))
    });
}

fn prune(node: &mut Value, options: &TrackedOptions<'_>) {
    match node {
        Value::Object(members) => {
            members.retain(|_, member| holds(member, options));
            members.shift_remove("x-when");
            members.values_mut().for_each(|member| prune(member, options));
            rename(members);
        }
        Value::Array(items) => {
            items.retain(|item| holds(item, options));
            items.iter_mut().for_each(|item| prune(item, options));
        }
        _ => {}
    }
}

/// Gives what states its name in `x-name` that name: variants of one example have one, and a document's keys are
/// unique.
fn rename(members: &mut Map<String, Value>) {
    if members.values().all(|member| member.get("x-name").is_none()) {
        return;
    }
    let named = std::mem::take(members).into_iter().map(|(name, mut member)| {
        let stated = member.as_object_mut().and_then(|member| member.shift_remove("x-name"));
        (stated.as_ref().and_then(Value::as_str).map_or(name, str::to_owned), member)
    });
    *members = named.collect();
}

fn holds(node: &Value, options: &TrackedOptions<'_>) -> bool {
    let Some(condition) = node.get("x-when").and_then(Value::as_str) else {
        return true;
    };
    condition.split_once('=').is_none_or(|(key, value)| options.setting(key) == value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::world::options::{AuthMode, Options, Setting};

    fn specs() -> [Setting; 1] {
        [Setting::new("envelope", &["resource", "data"], "")]
    }

    fn settled(document: &mut Value, documented_only: bool) {
        let options = Options::new(AuthMode::Any, documented_only, &specs());
        settle(document, &TrackedOptions::of(&options));
    }

    #[test]
    fn a_node_is_there_only_while_its_setting_holds() {
        let mut document = json!({
            "oneOf": [{"x-when": "envelope=resource", "type": "object"}, {"x-when": "envelope=data", "type": "array"}],
            "other": {"x-when": "envelope=data"},
        });
        settled(&mut document, false);
        assert_eq!(document, json!({"oneOf": [{"type": "object"}]}));
    }

    #[test]
    fn variants_of_one_example_have_one_name() {
        let mut document = json!({"examples": {
            "one": {"x-when": "envelope=data", "value": 1},
            "one_in_resource": {"x-when": "envelope=resource", "x-name": "one", "value": 2},
            "two": {"value": 3},
        }});
        settled(&mut document, false);
        assert_eq!(document, json!({"examples": {"one": {"value": 2}, "two": {"value": 3}}}));
    }

    #[test]
    fn extensions_vanish_with_their_paths() {
        let mut document = json!({"paths": {
            "/a": {"get": {"x-provenance": "extension"}, "post": {"x-provenance": "documented"}},
            "/b": {"parameters": [], "get": {"x-provenance": "extension"}},
        }});
        settled(&mut document, true);
        assert_eq!(document, json!({"paths": {"/a": {"post": {"x-provenance": "documented"}}}}));
    }
}
