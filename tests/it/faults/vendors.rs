//! Every vendor can be made to say whatever its document says it says.

use persona_mock::internals::Contract;
use persona_mock::internals::Setup;
use persona_mock::providers::registry;
use serde_json::json;

use super::super::support::Answer;
use super::{Asked, TestServer, get, server};

/// A path of a template.
fn filled(template: &str) -> String {
    let parts = template.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn every_documented_status_of_every_operation_can_be_asked_for_and_keeps_the_contract() {
    for settings in settings() {
        let server = TestServer::start(&Setup { settings: settings.clone(), ..server::setup() });
        let mut asked_for = 0;
        let mut wrong = Vec::new();
        for slot in server.app.slots() {
            let document = server.app.document(slot.provider(), &slot.options()).expect("a document");
            for (path, method, status) in Contract::new(&document).documented() {
                let asked = Asked::new(&method, &filled(&path)).header("Prefer", &format!("code={status}"));
                // A node may hold an operation on one record and one on many, and a status be of one of them.
                let bodies = ["{}", "[{}]"].map(|body| asked.clone().json(body));
                let asked = if method == "GET" { vec![asked] } else { bodies.to_vec() };
                let retry_after = matches!(status, 429 | 503).then_some("30");
                let answers: Vec<_> = asked.iter().map(|asked| server.send(asked)).collect();
                let is_it = |answer: &Answer| {
                    let found = (answer.status, answer.header("x-mock-fault"), answer.header("retry-after"));
                    found == (status, Some("request"), retry_after)
                };
                if !answers.iter().any(is_it) {
                    let told = |answer: &Answer| {
                        let error = answer.header("x-mock-error").unwrap_or_default();
                        format!("{method} {path} {status}: {} {error} {}", answer.status, answer.text())
                    };
                    wrong.extend(answers.iter().map(told));
                }
                asked_for += 1;
            }
        }
        assert!(wrong.is_empty(), "{settings:?}: {} of {asked_for}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(asked_for > 150, "{asked_for}");
        let diff = server.send(&get("/_mock/state/diff")).json();
        assert_eq!(diff["providers"], json!({}), "no vendor did anything");
    }
}

/// Each setting of each provider alone, as `provider.key=value`; and none.
fn settings() -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for descriptor in registry().iter().map(|provider| provider.descriptor()) {
        for setting in &descriptor.settings {
            let others = setting.values.iter().skip(1);
            all.extend(others.map(|value| vec![format!("{}.{}={value}", descriptor.id, setting.key)]));
        }
    }
    all
}

#[test]
fn every_operation_may_be_refused_by_a_rule_with_each_of_its_statuses_under_every_setting() {
    let mut wrong = Vec::new();
    for settings in settings() {
        let server = TestServer::start(&Setup { settings: settings.clone(), ..server::setup() });
        for slot in server.app.slots() {
            let (provider, options) = (slot.provider(), slot.options());
            let refuser = server.app.refuser(provider, &options).expect("a document");
            for operation in provider.operations() {
                let statuses: Vec<_> = refuser.statuses(operation).collect();
                assert!(!statuses.is_empty(), "the document does not name {}", operation.name);
                let refuse = |status| json!({"refuse": {"status": status}});
                let rule = |status| json!({"match": {"operation": operation.name}, "action": refuse(status)});
                let rules = json!({"faults": statuses.into_iter().map(rule).collect::<Vec<_>>()}).to_string();
                let answer = server.send(&Asked::new("PUT", "/_mock/faults").json(&rules));
                if answer.status != 200 {
                    wrong.push(format!("{settings:?} {}: {}", operation.name, answer.json()["detail"]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_vendor_that_is_down_is_down_for_all_its_operations_and_no_other_vendor_is() {
    let server = TestServer::start(&server::setup());
    for descriptor in server.app.descriptors() {
        let rule = json!({"match": {"provider": descriptor.id}, "action": {"refuse": {"status": 503}}});
        let rules = json!({"faults": [rule]}).to_string();
        assert_eq!(server.send(&Asked::new("PUT", "/_mock/faults").json(&rules)).status, 200);
        for (other, sample) in server.app.samples() {
            let sample = sample.expect("each vendor has a sample");
            let mut asked = Asked::new(&sample.method, &sample.target);
            asked.headers = sample.headers.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
            asked.body = sample.body.unwrap_or_default().into_bytes();
            let expected = if other.id == descriptor.id { 503 } else { 200 };
            assert_eq!(server.send(&asked).status, expected, "{} while {} is down", other.id, descriptor.id);
        }
    }
}

#[test]
fn an_answer_without_a_body_says_that_the_fault_changed_nothing() {
    let server = TestServer::start(&server::setup());
    for fault in ["invalid-json", "slow-body=1s"] {
        let head = Asked::new("HEAD", "/crud/personas").header("Authorization", "Bearer vm_anything");
        let answer = server.send_unjudged(&head.header("X-Mock-Fault", fault));
        let said = answer.header("x-mock-error").unwrap_or_default();
        assert_eq!((answer.status, answer.header("x-mock-fault")), (200, Some("request")), "{fault}");
        assert!(said.contains("no body"), "{fault}: {said}");
    }
}

#[test]
fn a_path_means_the_same_to_faults_the_journal_and_verify() {
    for (pattern, target, fits) in [
        ("/v1/personas/{id}", "/v1/personas/1", true),
        ("/v1/personas/{persona_id}", "/v1/personas/1", true),
        ("/v1/personas/*", "/v1/personas/1", true),
        ("/v1/**", "/v1/personas/1", true),
        ("/**/1", "/v1/personas/1", true),
        ("/v1/personas/{id}", "/v1/personas/", false),
        ("/v1/users/*", "/v1/personas/1", false),
        // Letter case counts where the vendor's mount says so.
        ("/api/personas/{id}", "/API/Personas/1", true),
        ("/API/**", "/api/personas/1", true),
        ("/v2/people/**", "/v2/PEOPLE", false),
        // An operation is below each of its provider's mounts.
        ("/api/crud/**", "/api/crud/personas", true),
        ("/crud/*", "/api/crud/personas", false),
    ] {
        let server = TestServer::start(&server::setup());
        let rule = json!({"match": {"path": pattern}, "action": {"refuse": {"status": 500}}}).to_string();
        let armed = server.send(&Asked::new("POST", "/_mock/faults").json(&rule));
        assert_eq!(armed.status, 201, "{pattern}: {}", armed.text());
        let answer = server.send_unjudged(&get(target).header("Authorization", "Bearer vm_x"));
        assert_eq!(answer.header("x-mock-fault").is_some(), fits, "a fault on {pattern}, {target}: {}", answer.status);
        let listed = server.send(&get(&format!("/_mock/requests?path={pattern}"))).json();
        assert_eq!(listed["requests"].as_array().map(Vec::len), Some(usize::from(fits)), "{pattern}, {target}");
        let calls = json!({"calls": [{"call": {"path": pattern}, "exactly": u8::from(fits)}]}).to_string();
        let verified = server.send(&Asked::new("POST", "/_mock/verify").json(&calls)).json();
        assert_eq!(verified["verified"], true, "{pattern}, {target}: {verified}");
    }
}

#[test]
fn a_fault_strikes_below_the_mounts_that_the_settings_put_in_force() {
    let settings = vec!["vijil.unprefixed=on".to_owned()];
    let server = TestServer::start(&Setup { settings, ..server::setup() });
    let arm = |pattern: &str| {
        let rule = json!({"match": {"path": pattern}, "action": {"refuse": {"status": 500}}}).to_string();
        server.send(&Asked::new("PUT", "/_mock/faults").json(&format!(r#"{{"faults": [{rule}]}}"#))).status
    };
    for (pattern, target) in [
        ("/personas/{id}", "/personas/1"),
        ("/users/**", "/users/me"),
        ("/v1/personas/*", "/v1/personas/1"),
        ("/*/healthz", "/teams/healthz"),
    ] {
        assert_eq!(arm(pattern), 200, "{pattern}");
        let answer = server.send_unjudged(&get(target).header("Authorization", "Bearer x"));
        assert!(answer.header("x-mock-fault").is_some(), "{pattern} {target}: {}", answer.status);
    }
    for pattern in ["/auth/personas/*", "/teams/healthz/*", "/teams/*/x", "/users"] {
        assert_eq!(arm(pattern), 400, "{pattern}");
    }
}

#[test]
fn a_path_that_no_operation_can_have_arms_no_fault() {
    let server = TestServer::start(&server::setup());
    for pattern in ["/V1/personas/{id}", "/v1/persona/*", "/v9/**", "/v1/personas/{id}/x/y", "/v1", "/personas/*"] {
        let rule = json!({"match": {"path": pattern}, "action": {"refuse": {"status": 500}}}).to_string();
        let answer = server.send(&Asked::new("POST", "/_mock/faults").json(&rule));
        assert_eq!((answer.status, &answer.json()["at"]), (400, &json!("$.match.path")), "{pattern}");
    }
    for (target, at) in [("/_mock/requests?path=/v1/pers*", "query.path"), ("/_mock/requests?path=v1", "query.path")] {
        let answer = server.send(&get(target));
        assert_eq!((answer.status, &answer.json()["at"]), (400, &json!(at)), "{target}");
    }
    let calls = json!({"calls": [{"call": {"path": "/v1/pers*"}}]}).to_string();
    let answer = server.send(&Asked::new("POST", "/_mock/verify").json(&calls));
    assert_eq!((answer.status, &answer.json()["at"]), (400, &json!("$.calls[0].call.path")), "{}", answer.text());
}
