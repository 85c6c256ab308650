//! Paths that lead to nothing: whatever became of a path that was right, each path that its hint names is answered by a
//! route.

use std::collections::BTreeSet;

use persona_mock::PersonaMock;
use persona_mock::mock::CallRequest;

/// An operation with ids of the form that its vendor has.
struct Known {
    method: String,
    template: String,
    path: String,
}

fn known() -> Vec<Known> {
    let registry = persona_mock::providers::registry();
    let operations = registry.iter().flat_map(|provider| {
        let id = if provider.descriptor().id == "axero" { "188" } else { "497f6eca-6276-4993-bfeb-53cbbbba6f08" };
        provider.operations().into_iter().map(move |operation| {
            let part = |part: &str| if part.starts_with('{') { id.to_owned() } else { part.to_owned() };
            let path = operation.path.split('/').map(part).collect::<Vec<_>>().join("/");
            Known { method: operation.method.to_string(), template: operation.path.to_string(), path }
        })
    });
    operations.collect()
}

/// What becomes of the segments of a path, the first of which is empty.
fn mangle(segments: &mut Vec<String>, how: usize, place: usize) {
    let place = 1 + place % (segments.len() - 1).max(1);
    let Some(segment) = segments.get(place).cloned() else { return };
    match how % 14 {
        0 => drop(segments.remove(place)),
        1 => segments.insert(place, segment),
        2 => segments[place] = segment.to_uppercase(),
        3 => segments.push(String::new()),
        4 => drop(segments.remove(1)),
        5 => segments[place] = segment.strip_suffix('s').map_or(format!("{segment}s"), str::to_owned),
        6 => segments.insert(place, "..".to_owned()),
        7 => segments.insert(1, "api".to_owned()),
        8 => segments.insert(1, "v1".to_owned()),
        9 => segments.insert(1, String::new()),
        10 => segments[place] = segment.chars().rev().collect(),
        11 => segments.insert(1, "undefined".to_owned()),
        12 => segments.truncate(place + 1),
        _ => segments[place] = format!("{segment}x"),
    }
}

/// The hint of a request, and whether it is about its path.
fn hint(mock: &PersonaMock, method: &str, path: &str) -> Option<String> {
    let request = CallRequest::new(method, path).header("Host", "mock.test").header("Authorization", "Bearer x");
    let answer = mock.call(request).expect("an answer");
    answer.header("x-mock-hint").map(|hint| hint.into_owned())
}

fn leads_to_nothing(hint: &str) -> bool {
    ["is no operation", "nothing is mounted", "the control API has no"].iter().any(|words| hint.contains(words))
}

/// The paths that a hint names.
fn meant(hint: &str) -> Vec<&str> {
    let paths =
        hint.strip_prefix("did you mean ").and_then(|rest| rest.split_once(": ")).map_or("", |(paths, _)| paths);
    paths.split(", ").flat_map(|path| path.split(" or ")).filter(|path| !path.is_empty()).collect()
}

#[test]
fn every_path_that_a_hint_names_is_answered_by_a_route() {
    let mock = PersonaMock::builder().build().expect("a mock");
    let operations = known();
    let templates: BTreeSet<_> =
        operations.iter().map(|known| format!("{} {}", known.method, known.template)).collect();
    let (mut tried, mut named, mut wrong) = (BTreeSet::new(), 0, Vec::new());
    // Once, and then twice by a fixed sequence that is as good as random.
    let mut next = 1_usize;
    for round in 0..60 {
        for known in &operations {
            let mut segments: Vec<_> = known.path.split('/').map(str::to_owned).collect();
            mangle(&mut segments, round, round / 14);
            if round >= 28 {
                next = next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                mangle(&mut segments, next >> 33, next >> 50);
            }
            let path = segments.join("/");
            if !path.starts_with('/') || path == "/" || !tried.insert((known.method.clone(), path.clone())) {
                continue;
            }
            let Some(hint) = hint(&mock, &known.method, &path) else { continue };
            let asked = format!("{} {path}: {hint}", known.method);
            for meant in meant(&hint) {
                named += 1;
                let again = self::hint(&mock, &known.method, meant).filter(|hint| leads_to_nothing(hint));
                if meant == path || again.is_some() {
                    wrong.push(format!("{asked}\n    {meant}: {again:?}"));
                }
            }
            if let Some((_, near)) = hint.split_once("the nearest operation is ") {
                named += 1;
                let near = near.split_once(" (").map_or(near, |(near, _)| near);
                if !templates.contains(near) {
                    wrong.push(format!("{asked}\n    {near} is none"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried.len() > 500 && named > 500, "{} paths, {named} named", tried.len());
}

#[test]
fn the_nearest_is_named_first_and_alone_where_only_it_takes_the_id() {
    let mock = PersonaMock::builder().build().expect("a mock");
    for (method, path, expected) in [
        ("GET", "/personas/188", "did you mean /api/personas/188: the base URL lacks /api"),
        ("GET", "/api/v1/personas/188", "did you mean /api/personas/188: /v1 does not belong behind /api"),
        (
            "GET",
            "/api/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb",
            "did you mean /v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb: /api does not belong in the base URL",
        ),
        ("OPTIONS", "/v1/personas/", "OPTIONS is no method of /v1/personas/; it takes GET, POST"),
        ("OPTIONS", "/api/personas/188", "OPTIONS is no method of /api/personas/188; it takes GET, PUT, DELETE"),
        ("GET", "/v1/users/../users/me", "did you mean /v1/users/me: dots in a path are read as they stand"),
        ("GET", "/v1/users/%2e%2e/users/me", "did you mean /v1/users/me: dots in a path are read as they stand"),
        (
            "POST",
            "/v1/personas/presets",
            "POST is no method of /v1/personas/presets; the nearest operation is GET /v1/personas/presets/ \
             (vijil.list_presets)",
        ),
    ] {
        assert_eq!(hint(&mock, method, path).as_deref(), Some(expected), "{method} {path}");
    }
}
