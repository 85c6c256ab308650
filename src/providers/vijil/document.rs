//! The OpenAPI document under the setting that serves every path twice.

use serde_json::Value;

use super::routes::UNPREFIXED;
use crate::provider::TrackedOptions;

/// Adds each path without its prefix while the setting is on; ids of operations stay unique.
pub(super) fn adapt(document: &mut Value, options: &TrackedOptions<'_>) {
    if options.setting(UNPREFIXED.0) != UNPREFIXED.1 {
        return;
    }
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    let mut more = Vec::new();
    for (path, item) in paths.iter() {
        let mut item = item.clone();
        for operation in item.as_object_mut().into_iter().flat_map(|item| item.values_mut()) {
            if let Some(Value::String(id)) = operation.get_mut("operationId") {
                id.push_str("_unprefixed");
            }
        }
        more.extend(path.strip_prefix("/v1").map(|path| (path.to_owned(), item)));
    }
    paths.extend(more);
}
