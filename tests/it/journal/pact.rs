//! Pacts of the calls that were made, and the states that a verifier asks for before each of them.

use std::path::Path;

use persona_mock::api::SandboxStart;
use serde_json::{Value, json};

use super::super::support::{Answer, Asked, TestServer, case, server};
use super::{ask, told, toy, toy_with};

const START: &str = "the sandbox at its start";

/// Makes calls of a provider's cases in a sandbox; how many.
fn make_calls(server: &TestServer, provider: &str, sandbox: &str) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(provider);
    let mut files: Vec<_> = folder.read_dir().expect("cases").map(|entry| entry.expect("a case").path()).collect();
    files.sort();
    let mut count = 0;
    for file in files.iter().step_by(3) {
        if std::fs::read_to_string(file).expect("a case").contains("# options:") {
            continue;
        }
        for exchange in case::read(file).exchanges {
            let asked = Asked { target: format!("/_sandbox/{sandbox}{}", exchange.asked.target), ..exchange.asked };
            server.send_unjudged(&asked);
            count += 1;
        }
    }
    count
}

fn pact(server: &TestServer, sandbox: &str, query: &str) -> Value {
    let (status, pact) = told(server, "GET", &format!("/_sandbox/{sandbox}/_mock/requests.pact{query}"), "");
    assert_eq!(status, 200, "{pact}");
    pact
}

fn set(server: &TestServer, sandbox: &str, state: &Value) -> (u16, Value) {
    told(server, "POST", &format!("/_sandbox/{sandbox}/_mock/provider-states"), &state.to_string())
}

/// What a verifier does for one interaction: the state, the call, the comparison.
fn verify(server: &TestServer, sandbox: &str, interaction: &Value) {
    let what = &interaction["description"];
    let state = &interaction["providerStates"][0];
    let asked = json!({"state": state["name"], "params": state["params"], "action": "setup"});
    let (status, values) = set(server, sandbox, &asked);
    assert_eq!(status, 200, "{what}: {values}");
    let answer = send(server, sandbox, &interaction["request"], &values);
    let response = &interaction["response"];
    assert_eq!(response["status"], answer.status, "{what}: {}", answer.text());
    let expected = &response["body"]["content"];
    if expected.is_object() || expected.is_array() {
        let rules = &response["matchingRules"]["body"];
        holds("$", expected, &answer.json(), rules, &what.to_string());
    }
    assert_eq!(set(server, sandbox, &json!({"state": state["name"], "action": "teardown"})), (200, json!({})));
}

fn send(server: &TestServer, sandbox: &str, request: &Value, values: &Value) -> Answer {
    let mut target = format!("/_sandbox/{sandbox}{}", request["path"].as_str().expect("a path"));
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, all) in request["query"].as_object().into_iter().flatten() {
        for value in all.as_array().expect("a list") {
            query.append_pair(name, value.as_str().expect("a text"));
        }
    }
    let query = query.finish();
    if !query.is_empty() {
        target = format!("{target}?{query}");
    }
    let mut asked = Asked::new(request["method"].as_str().expect("a method"), &target);
    for (name, all) in request["headers"].as_object().into_iter().flatten() {
        let generated = request["generators"]["header"].get(name).and(values.get(name)).cloned();
        for value in generated.map_or_else(|| all.as_array().expect("a list").clone(), |value| vec![value]) {
            asked = asked.header(name, value.as_str().expect("a text"));
        }
    }
    let body = &request["body"];
    let media = body["contentType"].as_str().unwrap_or_default().split(';').next().unwrap_or_default();
    let is_json = media.trim() == "application/json" || media.trim().ends_with("+json");
    match (&body["content"], &body["encoded"]) {
        (Value::Null, Value::Null) => {}
        (Value::String(text), Value::String(_)) => asked.body = decoded(text),
        (Value::String(text), _) if !is_json => asked.body = text.clone().into_bytes(),
        (json, _) => asked.body = json.to_string().into_bytes(),
    }
    server.send_unjudged(&asked)
}

fn decoded(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}

fn holds(path: &str, expected: &Value, found: &Value, rules: &Value, what: &str) {
    if let Some(rule) = rules.get(path) {
        let kind = &rule["matchers"][0]["match"];
        let alike = match kind.as_str() {
            Some("number") => found.is_number(),
            Some("type" | "regex") => found.is_string(),
            other => panic!("{what}: {other:?}"),
        };
        assert!(alike, "{what}: {path}: {found} is no {kind}");
        return;
    }
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (name, expected) in expected {
                holds(&format!("{path}.{name}"), expected, &found[name], rules, what);
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            assert_eq!(expected.len(), found.len(), "{what}: {path}");
            for (number, (expected, found)) in expected.iter().zip(found).enumerate() {
                holds(&format!("{path}[{number}]"), expected, found, rules, what);
            }
        }
        (expected, found) => assert_eq!(expected, found, "{what}: {path}"),
    }
}

fn interactions(pact: &Value) -> &[Value] {
    pact["interactions"].as_array().expect("a list")
}

fn left_out(pact: &Value) -> &[Value] {
    pact["metadata"]["personaMock"]["leftOut"].as_array().expect("a list")
}

#[test]
fn each_vendors_calls_are_answered_so_again_in_another_sandbox_and_order() {
    let server = TestServer::start(&server::setup());
    for provider in ["axero", "crud", "equals_money", "vijil"] {
        let count = make_calls(&server, provider, provider);
        let pact = pact(&server, provider, &format!("?provider={provider}&consumer=shop"));
        assert_eq!((&pact["consumer"]["name"], &pact["provider"]["name"]), (&json!("shop"), &json!(provider)));
        assert_eq!(pact["metadata"]["pactSpecification"], json!({"version": "4.0"}));
        let all = interactions(&pact);
        assert!(all.len() * 10 >= count * 8, "{provider}: {} of {count}: {:#?}", all.len(), left_out(&pact));
        let mut said: Vec<_> = all.iter().map(|one| one["description"].to_string()).collect();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), all.len(), "no two descriptions are alike");
        for interaction in all.iter().rev() {
            verify(&server, "another", interaction);
        }
    }
}

#[test]
fn no_credential_stands_in_the_file_and_a_verifier_is_given_one_that_does_the_same() {
    let server = TestServer::start(&server::setup());
    let list = "/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee";
    for token in ["vijil-read-only-token", "vijil-owner-token", "my-own-token-of-nobody"] {
        server.send(&Asked::new("GET", list).header("Authorization", &format!("Bearer {token}")));
    }
    let create = Asked::new("POST", "/v1/personas/").header("Authorization", "Bearer vijil-read-only-token");
    server.send(&create.json(r#"{"team_id":"c58aea71-3861-4f28-b8c4-20832a2f22ee","name":"n","role":"r"}"#));
    server.send(&Asked::new("GET", list));
    let answer = ask(&server, "GET", "/_mock/requests.pact", "");
    let text = answer.text();
    for token in ["read-only-token", "owner-token", "of-nobody"] {
        assert!(!text.contains(token), "{text}");
    }
    let pact = answer.json();
    let statuses: Vec<_> = interactions(&pact).iter().map(|one| one["response"]["status"].clone()).collect();
    assert_eq!(statuses, [200, 200, 200, 403, 401]);
    let refused = &interactions(&pact)[3];
    let caller = &refused["providerStates"][0]["params"]["persona_mock"]["caller"];
    assert_eq!(caller, &json!({"provider": "vijil", "header": "authorization", "who": "mina.park@example.com"}));
    interactions(&pact).iter().for_each(|one| verify(&server, "another", one));
}

#[test]
fn a_pact_has_one_provider_and_at_least_one_call() {
    let server = TestServer::start(&server::setup());
    let detail = |query: &str, status: u16| {
        let (found, problem) = told(&server, "GET", &format!("/_mock/requests.pact{query}"), "");
        assert_eq!(found, status, "{query}: {problem}");
        problem["detail"].to_string()
    };
    assert!(detail("", 409).contains("no call of a provider is wanted"));
    server.send(&Asked::new("GET", "/v1/personas/"));
    server.send(&Asked::new("GET", "/crud/personas"));
    server.send(&Asked::new("GET", "/nowhere"));
    let several = detail("", 409);
    assert!(several.contains("these calls are of vijil, crud") && several.contains("`provider=vijil`"), "{several}");
    assert_eq!(interactions(&pact(&server, "default", "?provider=crud")).len(), 1);
    assert_eq!(interactions(&pact(&server, "default", "?operation=vijil.list_personas")).len(), 1);
    for (query, status, word) in [
        ("?nope=1", 400, "consumer, state"),
        ("?provider=crud&consumer=", 400, "1 to 200 bytes"),
        ("?provider=crud&state=nope", 404, "the sandbox at its start"),
        ("?provider=crud&status=500", 409, "no call"),
    ] {
        let said = detail(query, status);
        assert!(said.contains(word), "{query}: {said}");
    }
    assert_eq!(told(&toy_with(|setup| setup.journal.exchanges = 0), "GET", "/_mock/requests.pact", "").0, 409);
}

#[test]
fn what_no_verifier_can_make_again_is_left_out_with_its_reason() {
    let server = toy_with(|setup| setup.journal.body = 200);
    ask(&server, "GET", "/toy/count", "");
    ask(&server, "POST", "/toy/count", &json!({"long": "x".repeat(300)}).to_string());
    server.send_unjudged(&Asked::new("GET", "/toy/count").header("Prefer", "code=503"));
    let pact = pact(&server, "default", "");
    assert_eq!(interactions(&pact).len(), 1);
    let reasons: Vec<_> =
        left_out(&pact).iter().map(|left| (left["number"].clone(), left["reason"].to_string())).collect();
    for ((number, reason), (expected, word)) in
        reasons.iter().zip([(2, "--journal-body"), (3, "a fault struck it (request)")])
    {
        assert_eq!(number, &json!(expected));
        assert!(reason.contains(word), "{reason}");
    }
    ask(&server, "POST", "/_mock/reset", "");
    ask(&server, "PUT", "/_mock/state", r#"{"toy": {"count": 9}}"#);
    ask(&server, "GET", "/toy/count", "");
    let (status, problem) = told(&server, "GET", "/_mock/requests.pact", "");
    let said = problem.to_string();
    assert!(status == 409 && said.contains("$.count") && said.contains("save a snapshot"), "{said}");
}

#[test]
fn a_verifier_asks_for_a_snapshot_a_state_of_the_table_or_the_start() {
    let server = toy_with(|setup| {
        let strict = SandboxStart::new().seed(7).fixture("toy", &json!({"count": 5}));
        setup.provider_states.insert("five".to_owned(), strict);
    });
    let state = |name: &str| json!({"state": name, "params": {"own": [1]}, "action": "setup"});
    let count = || ask(&server, "GET", "/toy/count", "").json()["count"].clone();
    ask(&server, "POST", "/toy/count", "");
    ask(&server, "PUT", "/_mock/snapshots/two", "");
    ask(&server, "POST", "/toy/count", "");
    ask(&server, "POST", "/_mock/faults", r#"{"action": "stale"}"#);
    assert_eq!(set(&server, "default", &state("")), (200, json!({})));
    for (name, expected) in [("five", 5), ("two", 2), (START, 1), ("five", 5), ("five", 5)] {
        assert_eq!(set(&server, "default", &state(name)), (200, json!({})), "{name}");
        assert_eq!(count(), expected, "{name}");
        assert_eq!(set(&server, "default", &json!({"state": name, "action": "teardown"})), (200, json!({})));
        assert_eq!(count(), expected, "a teardown of {name} does nothing");
    }
    assert_eq!(told(&server, "GET", "/_mock/faults", "").1, json!({"faults": []}));
    assert!(told(&server, "GET", "/_mock/requests", "").1["written"].as_u64() > Some(5), "the journal stays");
    for name in ["fiver", "../five", "/etc/passwd", "tests/it/main.rs"] {
        let (status, problem) = set(&server, "default", &state(name));
        let detail = problem["detail"].as_str().unwrap_or_default().to_owned();
        assert_eq!((status, &problem["at"]), (404, &json!("$.state")));
        for known in [START, "five", "two"] {
            assert!(detail.contains(&format!("{known:?}")), "{detail}");
        }
        assert_eq!(count(), 5, "nothing was changed");
    }
    assert!(set(&server, "default", &state("fiver")).1["detail"].to_string().contains("was probably meant"));
    assert_eq!(set(&server, "default", &json!({"action": "setup"})).0, 400, "no state");
    let wrong = json!({"state": START, "params": {"persona_mock": {"callz": []}}});
    assert_eq!(set(&server, "default", &wrong).1["at"], "$.params.persona_mock.callz");
    let nobody =
        json!({"state": START, "params": {"persona_mock": {"caller": {"provider": "toy", "header": "x", "who": "y"}}}});
    assert_eq!(set(&server, "default", &nobody).0, 400);
}

#[test]
fn a_pact_has_a_bound() {
    let server = toy_with(|setup| setup.journal.exchanges = 2_000);
    for _ in 0..1_001 {
        ask(&server, "GET", "/toy/count", "");
    }
    let (status, problem) = told(&server, "GET", "/_mock/requests.pact", "");
    assert_eq!(status, 413);
    assert!(problem["detail"].to_string().contains("at most 1000 calls, and 1001 are wanted"), "{problem}");
}

#[test]
fn no_foreign_page_reaches_the_states_and_no_pact_is_read_by_one() {
    let server = toy();
    let body = json!({"state": START, "action": "setup"}).to_string();
    for (name, value) in [("Origin", "http://evil.example"), ("Host", "evil.example"), ("Sec-Fetch-Site", "cross-site")]
    {
        let asked = Asked::new("POST", "/_mock/provider-states").json(&body).header(name, value);
        assert_eq!(server.send_unjudged(&asked).status, 403, "{name}");
        let asked = Asked::new("GET", "/_mock/requests.pact").header(name, value);
        assert_eq!(server.send_unjudged(&asked).status, 403, "{name}");
    }
}

#[test]
fn what_names_the_sandbox_on_the_way_is_no_part_of_the_contract() {
    let server = toy();
    let asked = Asked::new("GET", "/toy/count").header("baggage", "userId=1, mock.sandbox=pk");
    assert_eq!(server.send(&asked).status, 200);
    let pact = pact(&server, "pk", "?consumer=me");
    let headers = &pact["interactions"][0]["request"]["headers"];
    assert!(pact["interactions"].as_array().is_some_and(|all| all.len() == 1), "{pact}");
    assert_eq!(headers.get("baggage"), None, "{headers}");
}
