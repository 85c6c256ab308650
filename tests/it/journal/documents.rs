//! How often a provider's document is read for those who read journals and write faults.

use std::time::{Duration, Instant};

use persona_mock::providers::registry;
use serde_json::{Value, json};

use super::super::support::{Asked, TestServer, server};

/// One of each vendor's requests, with a field that its document does not name.
const ASKED: [(&str, &str, &str); 4] = [
    ("POST", "/api/personas", r#"{"Name": "Quiet", "IsEnabeld": true}"#),
    ("PATCH", "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091", r#"{"jobTitel": "x"}"#),
    ("POST", "/v1/personas/", r#"{"nmae": "x", "intent": "evil"}"#),
    ("POST", "/crud/personas", r#"{"nmae": "Dana"}"#),
];

/// A server whose sandbox of this name has these settings and one call to each vendor in its journal.
fn sandbox(server: &TestServer, name: &str, settings: &Value) {
    let changed = server.send_unjudged(&within(name, "PUT", "/_mock/settings").json(&settings.to_string()));
    assert_eq!(changed.status, 200, "{}", changed.text());
    for (method, target, body) in ASKED {
        let key = "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a";
        server.send_unjudged(&within(name, method, target).header("Authorization", key).json(body));
    }
}

fn within(name: &str, method: &str, target: &str) -> Asked {
    Asked::new(method, target).header("X-Mock-Sandbox", name)
}

/// Reads a page of a sandbox's journal, every entry explained by its vendor's document.
#[expect(clippy::disallowed_methods, reason = "what a page costs is measured on the wall clock")]
fn page(server: &TestServer, name: &str) -> Duration {
    let began = Instant::now();
    let answer = server.send_unjudged(&within(name, "GET", "/_mock/requests"));
    let took = began.elapsed();
    let page = answer.json();
    let entries = page["requests"].as_array().expect("a list");
    let explained = entries.iter().filter(|entry| entry["ignored"] != json!([]) || entry["hint"].is_object());
    assert_eq!(explained.count(), ASKED.len(), "{page}");
    took
}

/// Every setting of every provider at its last value.
fn others() -> Value {
    let of = |provider: &persona_mock::provider::Registered| {
        let descriptor = provider.descriptor();
        let settings =
            descriptor.settings.iter().map(|setting| (setting.key.to_string(), json!(setting.values.last())));
        (descriptor.id.to_string(), Value::Object(settings.collect()))
    };
    json!({"providers": registry().iter().map(of).collect::<serde_json::Map<_, _>>()})
}

#[test]
#[expect(clippy::print_stdout, reason = "what it costs is for people to read: a bound in time would fail under load")]
fn journals_of_sandboxes_with_different_settings_cost_no_more_when_they_are_read_in_turn() {
    let server = TestServer::start(&server::setup());
    let read = || server.app.documents().read_count();
    sandbox(&server, "one", &json!({}));
    sandbox(&server, "other", &others());
    page(&server, "one");
    page(&server, "other");
    // What the requests exercised is counted by the same documents, on a thread of its own.
    assert!(server.app.coverage().is_exercised());
    assert_eq!((read(), server.app.documents().kept_count()), (8, 8), "every setting changes its document");
    let (mut same, mut in_turn) = (Vec::new(), Vec::new());
    for _ in 0..10 {
        for name in ["one", "other"] {
            page(&server, name);
            same.extend((0..5).map(|_| page(&server, name)));
        }
        in_turn.extend((0..5).flat_map(|_| ["one", "other"]).map(|name| page(&server, name)));
    }
    assert_eq!(read(), 8, "nothing is read again");
    let median = |mut all: Vec<Duration>| {
        all.sort();
        all[all.len() / 2]
    };
    println!("a page of the journal: {:?} when one is read again, {:?} in turn", median(same), median(in_turn));
}

#[test]
fn neither_who_may_call_nor_how_often_splits_a_document() {
    let server = TestServer::start(&server::setup());
    sandbox(&server, "one", &json!({}));
    page(&server, "one");
    assert!(server.app.coverage().is_exercised());
    let read = server.app.documents().read_count();
    sandbox(&server, "open", &json!({"auth": "off"}));
    let limits = json!({"limits": {"crud": "50/1m"}}).to_string();
    let changed = server.send_unjudged(&within("open", "PUT", "/_mock/limits").json(&limits));
    assert_eq!(changed.status, 200, "{}", changed.text());
    page(&server, "open");
    // A fault is told by the same document, as a rule and as a wish.
    let rule = json!({"match": {"operation": "crud.list_personas"}, "action": {"refuse": {"status": 503}}});
    let armed = server.send_unjudged(&within("open", "POST", "/_mock/faults").json(&rule.to_string()));
    assert_eq!(armed.status, 201, "{}", armed.text());
    let wish = within("open", "GET", "/v1/personas/").header("Prefer", "code=401");
    assert_eq!(server.send_unjudged(&wish).status, 401);
    for id in ["axero", "equals_money", "vijil", "crud"] {
        assert_eq!(server.send(&within("open", "GET", &format!("/_mock/openapi/{id}.json"))).status, 200);
    }
    assert_eq!(server.app.documents().read_count(), read);
    assert_eq!(read, 4);
}

#[test]
fn that_an_undocumented_operation_is_absent_splits_only_the_documents_that_have_one() {
    let server = TestServer::start(&server::setup());
    for (name, settings) in [("one", json!({})), ("bare", json!({"documented_only": true}))] {
        let changed = server.send_unjudged(&within(name, "PUT", "/_mock/settings").json(&settings.to_string()));
        assert_eq!(changed.status, 200);
    }
    for provider in registry() {
        let (id, before) = (&*provider.descriptor().id, server.app.documents().read_count());
        let shown = |name| {
            let mut document = server.send(&within(name, "GET", &format!("/_mock/openapi/{id}.json"))).json();
            // Each speaks of its own sandbox.
            document["servers"].take();
            document
        };
        let differ = shown("one") != shown("bare");
        assert_eq!(server.app.documents().read_count() - before, 1 + u64::from(differ), "{id}");
    }
}
