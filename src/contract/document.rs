//! A provider's OpenAPI document as it is served: under the settings in force.
//!
//! The embedded YAML states every variant; a node with `x-when: "key=value"` is there only while
//! that setting has that value. With `documented_only`, operations whose `x-provenance` is
//! `extension` vanish, and paths with them.

use serde_json::Value;

use crate::http::hall::Hall;
use crate::http::provider::{Options, Passport};
use crate::world::sandbox::Sandbox;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Why a document could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the OpenAPI document of {provider} is no YAML: {reason}")]
pub struct DocumentError {
    provider: &'static str,
    reason: String,
}

/// The document of a served provider under a sandbox's settings, or nothing where no such provider is served.
#[must_use]
pub fn served(hall: &Hall, sandbox: &Sandbox, provider: &str) -> Option<Result<Value, DocumentError>> {
    let number = hall.passports().position(|passport| passport.id == provider)?;
    under_options(hall, number, &hall.options_in(sandbox, number))
}

/// The document of the provider with this number under these options.
pub(super) fn under_options(hall: &Hall, provider: usize, options: &Options) -> Option<Result<Value, DocumentError>> {
    let registered = hall.providers.get(provider)?;
    Some(read(registered.passport()).map(|mut document| {
        under(&mut document, options);
        registered.adapt_document(&mut document, options);
        document
    }))
}

/// The document as embedded, with every variant.
///
/// # Errors
///
/// The text is no YAML.
pub fn read(passport: &Passport) -> Result<Value, DocumentError> {
    serde_saphyr::from_str(passport.document)
        .map_err(|error| DocumentError { provider: passport.id, reason: error.to_string() })
}

/// Leaves what the options keep.
fn under(document: &mut Value, options: &Options) {
    prune(document, options);
    if !options.documented_only {
        return;
    }
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    paths.retain(|_, item| {
        let Some(item) = item.as_object_mut() else {
            return true;
        };
        item.retain(|name, operation| {
            !METHODS.contains(&name.as_str()) || operation.get("x-provenance") != Some(&Value::from("extension"))
        });
        item.keys().any(|name| METHODS.contains(&name.as_str()))
    });
}

fn prune(node: &mut Value, options: &Options) {
    match node {
        Value::Object(members) => {
            members.retain(|_, member| holds(member, options));
            members.shift_remove("x-when");
            members.values_mut().for_each(|member| prune(member, options));
        }
        Value::Array(items) => {
            items.retain(|item| holds(item, options));
            items.iter_mut().for_each(|item| prune(item, options));
        }
        _ => {}
    }
}

fn holds(node: &Value, options: &Options) -> bool {
    let Some(condition) = node.get("x-when").and_then(Value::as_str) else {
        return true;
    };
    condition.split_once('=').is_none_or(|(key, value)| options.setting(key) == value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::world::options::{AuthMode, Setting};

    const SPECS: &[Setting] = &[Setting { key: "envelope", values: &["resource", "data"], summary: "" }];

    #[test]
    fn a_node_is_there_only_while_its_setting_holds() {
        let mut document = json!({
            "oneOf": [{"x-when": "envelope=resource", "type": "object"}, {"x-when": "envelope=data", "type": "array"}],
            "other": {"x-when": "envelope=data"},
        });
        under(&mut document, &Options::new(AuthMode::Any, false, SPECS));
        assert_eq!(document, json!({"oneOf": [{"type": "object"}]}));
    }

    #[test]
    fn extensions_vanish_with_their_paths() {
        let mut document = json!({"paths": {
            "/a": {"get": {"x-provenance": "extension"}, "post": {"x-provenance": "documented"}},
            "/b": {"parameters": [], "get": {"x-provenance": "extension"}},
        }});
        under(&mut document, &Options::new(AuthMode::Any, true, SPECS));
        assert_eq!(document, json!({"paths": {"/a": {"post": {"x-provenance": "documented"}}}}));
    }
}
