//! A difference costs what changed, and says what a comparison of the whole states would say.

use std::time::Duration;

use persona_mock::internals::Stopwatch;
use proptest::prelude::*;

use super::*;

const PROVIDERS: [&str; 4] = ["axero", "crud", "equals_money", "vijil"];

/// What lies between two exports of a sandbox, as the control API says it: the states are compared as a whole.
fn between(before: &Value, now: &Value) -> Value {
    let mut providers = json!({});
    for (provider, now) in now.as_object().expect("providers") {
        let mut found = Vec::new();
        compare("$", &before[provider], now, &mut found);
        if !found.is_empty() {
            providers[provider] = found.into();
        }
    }
    providers
}

fn compare(path: &str, before: &Value, now: &Value, found: &mut Vec<Value>) {
    let changed = || json!({"change": "changed", "path": path, "from": before, "to": now});
    match (before, now) {
        (before, now) if before == now => {}
        (Value::Object(before), Value::Object(now)) => {
            let named = |map: &serde_json::Map<String, Value>| -> Vec<_> {
                map.iter().map(|(name, value)| (format!("{path}.{name}"), value.clone())).collect()
            };
            members(&named(before), &named(now), found);
        }
        (Value::Array(items), Value::Array(others)) => match (keyed(path, items), keyed(path, others)) {
            (Some(items), Some(others)) => members(&items, &others, found),
            _ => found.push(changed()),
        },
        _ => found.push(changed()),
    }
}

fn members(before: &[(String, Value)], now: &[(String, Value)], found: &mut Vec<Value>) {
    let of = |list: &[(String, Value)], path: &str| {
        list.iter().find(|(known, _)| known == path).map(|(_, value)| value.clone())
    };
    for (path, value) in before {
        match of(now, path) {
            Some(now) => compare(path, value, &now, found),
            None => found.push(json!({"change": "removed", "path": path, "value": value})),
        }
    }
    for (path, value) in now.iter().filter(|(path, _)| of(before, path).is_none()) {
        found.push(json!({"change": "added", "path": path, "value": value}));
    }
}

/// The rows of a list by the text of their first member, where that names each.
fn keyed(path: &str, items: &[Value]) -> Option<Vec<(String, Value)>> {
    let mut rows: Vec<(String, Value)> = Vec::new();
    for item in items {
        let (name, id) = item.as_object()?.iter().next()?;
        let id = if let Value::String(id) = id { id.clone() } else { id.as_i64()?.to_string() };
        let path = format!("{path}[{name}={id}]");
        if rows.iter().any(|(known, _)| *known == path) {
            return None;
        }
        rows.push((path, item.clone()));
    }
    Some(rows)
}

/// Whatever step a number means; it may be refused.
fn step(server: &TestServer, number: usize, [what, provider, list, row, member]: [usize; 5]) {
    let provider = PROVIDERS[provider % PROVIDERS.len()];
    let whole = control(server, "GET", &format!("/_mock/state/{provider}"), "").json();
    let lists: Vec<_> = whole.as_object().expect("lists").iter().filter(|(_, list)| list.is_array()).collect();
    let list = lists[list % lists.len()].0;
    let path = format!("/_mock/state/{provider}/{list}");
    let page = control(server, "GET", &format!("{path}?limit=1000"), "").json();
    let rows = page["rows"].as_array().expect("rows");
    let Some(shown) = rows.get(row % rows.len().max(1)) else { return };
    let (one, etag) = (format!("{path}/{}", shown["id"].as_str().expect("an id").replace(' ', "%20")), &shown["etag"]);
    let mut row = shown["row"].clone();
    let members: Vec<_> = row.as_object().expect("members").keys().cloned().collect();
    let other = |value: &Value| match value {
        Value::String(text) if text.parse::<uuid::Uuid>().is_ok() => {
            json!(format!("00000000-0000-4000-8000-{number:012x}"))
        }
        Value::String(text) => json!(format!("{text}x")),
        Value::Bool(is) => json!(!is),
        other => json!(other.as_i64().unwrap_or_default() + 1_000),
    };
    let tag = etag.as_str().expect("a tag");
    let send = |method: &str, path: &str, body: &str| {
        let asked = Asked::new(method, path).header("If-Match", tag);
        server.send(&if body.is_empty() { asked } else { asked.json(body) })
    };
    let _answer = match what {
        0 => send("DELETE", &one, ""),
        1 | 2 => {
            let member = &members[(1 + member) % members.len()];
            row[member] = other(&row[member]);
            send("PUT", &one, &row.to_string())
        }
        3 | 4 => {
            let first = &members[0];
            row[first] = other(&row[first]);
            send("POST", &path, &row.to_string())
        }
        5 => control(server, "PUT", &format!("/_mock/state/{provider}"), &whole.to_string()),
        6 => undo(server),
        7 => {
            change(server, &make(server, "", "made"), "changed");
            return;
        }
        8 => {
            axero(server, "made");
            return;
        }
        _ => control(server, "PUT", "/_mock/snapshots/here", ""),
    };
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4) })]

    #[test]
    fn a_difference_is_that_of_the_whole_states(
        steps in proptest::collection::vec([0_usize..10, 0..4, 0..8, 0..12, 0..12], 12..20),
    ) {
        let server = start();
        control(&server, "PUT", "/_mock/snapshots/here", "");
        let whole = || control(&server, "GET", "/_mock/state", "").json();
        let found = |target: &str| control(&server, "GET", target, "").json()["providers"].to_string();
        let first = whole();
        let mut before = whole();
        for (number, what) in steps.into_iter().enumerate() {
            let made = control(&server, "GET", "/_mock/history?limit=1", "").json()["made"].as_u64().expect("a number");
            step(&server, number, what);
            let now = whole();
            prop_assert_eq!(found("/_mock/state/diff"), between(&first, &now).to_string(), "{:?}", what);
            let snapshot = control(&server, "GET", "/_mock/snapshots/here", "").json();
            prop_assert_eq!(found("/_mock/state/diff?since=here"), between(&snapshot, &now).to_string(), "{:?}", what);
            let last = control(&server, "GET", "/_mock/history?limit=1", "").json()["made"].as_u64().expect("a number");
            if last == made + 1 {
                let said = found(&format!("/_mock/requests/w-{last}/diff"));
                prop_assert_eq!(said, between(&before, &now).to_string(), "{:?}", what);
            }
            before = now;
        }
    }
}

#[test]
fn one_row_among_many_is_told_in_less_time_than_the_state_is_written_out() {
    let mut setup = server::setup();
    setup.serving.control_timeout = Duration::from_secs(60);
    let server = TestServer::start(&setup);
    let mut whole = control(&server, "GET", "/_mock/state/crud", "").json();
    let persona = whole["personas"][0].clone();
    let rows = whole["personas"].as_array_mut().expect("rows");
    rows.extend((0..1_000).map(|number| {
        let mut row = persona.clone();
        row["id"] = json!(format!("00000000-0000-4000-8000-{number:012x}"));
        row
    }));
    let loaded = control(&server, "PUT", "/_mock/state/crud", &whole.to_string());
    assert_eq!(loaded.status, 204, "{}", loaded.text());
    control(&server, "PUT", "/_mock/snapshots/here", "");
    let id = persona["id"].as_str().expect("an id");
    change(&server, id, "other");
    let fastest = |target: &str| {
        let time = |_| {
            let watch = Stopwatch::start();
            let answer = control(&server, "GET", target, "");
            let took = watch.elapsed();
            assert_eq!(answer.status, 200, "{}", answer.text());
            took
        };
        (0..5).map(time).min().expect("a time")
    };
    let export = fastest("/_mock/state/crud");
    for target in ["/_mock/state/diff?since=here", "/_mock/requests/w-2/diff"] {
        let said = control(&server, "GET", target, "").json()["providers"]["crud"].clone();
        assert_eq!(said[0]["path"], format!("$.personas[id={id}].name"), "{said}");
        let took: Duration = fastest(target);
        assert!(4 * took < export, "{target}: {took:?}, an export takes {export:?}");
    }
}
