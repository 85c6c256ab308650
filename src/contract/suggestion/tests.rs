//! Which operation is the nearest, and that no short cut misses it.

use proptest::prelude::*;

use super::*;

const fn of(name: &'static str, method: &'static str, path: &'static str) -> Operation {
    Operation::new(name, method, path, "", Provenance::Documented)
}

static OPERATIONS: [Operation; 4] = [
    of("x.list", "GET", "/v1/personas/"),
    of("x.get", "GET", "/v1/personas/{persona_id}"),
    of("x.put", "PUT", "/v1/personas/{persona_id}"),
    of("x.presets", "GET", "/v1/personas/presets/list"),
];

fn check(method: &str, path: &str, name: &str, differences: &[&str]) {
    let near = operation(method, path, OPERATIONS.iter()).expect("an operation");
    let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
    let found: Vec<_> = near
        .differences
        .iter()
        .map(|step| format!("{}: {} for {}", step.field, shown(&step.expected), shown(&step.found)))
        .collect();
    assert_eq!(near.operation.name, name, "{method} {path}");
    assert_eq!(found, differences, "{method} {path}");
}

#[test]
fn the_nearest_operation_is_told_with_what_differs() {
    check("GET", "/v1/persona/7", "x.get", &["path segment 2: personas for persona"]);
    check("PATCH", "/v1/personas/7", "x.put", &["method: PUT for PATCH"]);
    check("put", "/v1/personas/7", "x.put", &["method: PUT for put"]);
    check("GET", "/personas/7", "x.get", &["path segment 1: v1 for -"]);
    check("GET", "/api/v1/personas/7", "x.get", &["path segment 1: - for api"]);
    check("GET", "/v1/personas/presets/lists", "x.presets", &["path segment 4: list for lists"]);
    check("GET", "/v1/x/personas/7", "x.get", &["path segment 2: - for x"]);
    check("PATCH", "/v1/personas/", "x.put", &["method: PUT for PATCH", "path segment 3: {persona_id} for "]);
    check("PUT", "/v1/personas", "x.put", &["path segment 3: {persona_id} for -"]);
    check("POST", "/v1/personas/7/update", "x.put", &["method: PUT for POST", "path segment 4: - for update"]);
    check("GET", "/v1/personas/presets/list/", "x.presets", &["path segment 5: - for "]);
    check("PUT", "/v1/auth/7", "x.put", &["path segment 2: personas for auth"]);
    for path in ["/favicon.ico", "/static/js/main.js", "/.well-known/appspecific/com.chrome.devtools.json"] {
        assert_eq!(operation("GET", path, OPERATIONS.iter()), None, "{path}");
    }
}

/// The nearest operation, found without a short cut.
fn found_naively<'o>(method: &str, path: &str, operations: &'o [Operation]) -> Option<Suggestion<'o>> {
    let segments = naive::segments(path);
    let implied = segments.last().and_then(|last| align::verb(last));
    let mut best: Option<Suggestion<'_>> = None;
    for operation in operations {
        let (mut distance, steps) = naive::align(&segments, &naive::segments(&operation.path));
        let implied = implied.map(|right| methods_apart(right, &operation.method) + 0.1);
        distance += methods_apart(method, &operation.method).min(implied.unwrap_or(f64::INFINITY));
        if best.as_ref().is_none_or(|best| distance < best.distance) {
            let mut differences = Vec::new();
            if operation.method != method {
                let expected = Some(operation.method.to_string());
                differences.push(Difference { field: "method".to_owned(), expected, found: Some(method.to_owned()) });
            }
            differences.extend(steps);
            best = Some(Suggestion { operation, distance, differences });
        }
    }
    best.filter(|best| best.distance < segments.len().max(2) as f64)
}

fn segment() -> impl Strategy<Value = String> {
    let known =
        ["v1", "v2", "personas", "persona", "Personnas", "users", "me", "list", "delete", "presets", "{id}", ""];
    let known = known.map(str::to_owned).to_vec();
    prop_oneof![6 => prop::sample::select(known), 1 => "[a-z0-9{]{0,9}", 1 => "[0-9a-f-]{36}"]
}

fn path_of(segments: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(segment(), segments).prop_map(|segments| format!("/{}", segments.join("/")))
}

proptest! {
    #[test]
    fn the_nearest_operation_is_that_which_is_found_without_a_short_cut(
        method in "GET|PUT|POST|get|DELETE|FOO",
        path in path_of(0..7),
        paths in prop::collection::vec(("GET|PUT|POST|PATCH|DELETE", path_of(0..6)), 1..12),
    ) {
        let operations: Vec<_> = paths
            .into_iter()
            .map(|(method, path)| Operation { method: method.into(), path: path.into(), ..OPERATIONS[0].clone() })
            .collect();
        prop_assert_eq!(operation(&method, &path, operations.iter()), found_naively(&method, &path, &operations));
        // Some of them are no facts about the vendor.
        let provenance = |place: usize| [Provenance::Documented, Provenance::Extension][place % 3 / 2];
        let operations: Vec<_> = operations
            .into_iter()
            .enumerate()
            .map(|(place, operation)| Operation { provenance: provenance(place), ..operation })
            .collect();
        let all: Vec<_> = operations.iter().collect();
        let paths = Paths::of(&all);
        for documented_only in [false, true] {
            let served = all.iter().copied().filter(|operation| is_served(operation, documented_only));
            let near = paths.nearest(&method, &path, &all, documented_only);
            prop_assert_eq!(near, operation(&method, &path, served));
        }
        let templates = operations.iter().map(|operation| &*operation.path);
        let found = naive::segments(&path);
        let apart = templates.clone().map(|template| (naive::align(&found, &naive::segments(template)).0, template));
        let near = apart.filter(|(apart, _)| *apart < 1.0).min_by(|(one, _), (other, _)| one.total_cmp(other));
        prop_assert_eq!(super::path(&path, templates), near.map(|(_, near)| near));
    }
}
