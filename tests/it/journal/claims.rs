//! What `verify` claims of all calls, the filters `ignored` and `hint`, and what is said where nobody called.

use persona_mock::internals::{JournalBounds, Setup};
use serde_json::{Value, json};

use super::super::support::{Asked, TestServer, server};
use super::{ask, numbers, shown, told, toy};

const PERSONA: &str = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb";

fn put(server: &TestServer, path: &str, body: &Value) -> u16 {
    let asked = Asked::new("PUT", path).header("Authorization", "Bearer vijil-owner-token");
    server.send_unjudged(&asked.json(&body.to_string())).status
}

/// A server that was sent what is right, what is ignored, what is refused, and what hits no operation.
fn served() -> TestServer {
    let server = TestServer::start(&server::setup());
    let sent = [(PERSONA, json!({"name": "A"})), (PERSONA, json!({"nmae": "A"})), (PERSONA, json!({"name": 5}))];
    assert_eq!(sent.map(|(path, body)| put(&server, path, &body)), [200, 200, 422]);
    assert_eq!([put(&server, "/v1/persona/1", &json!({})), put(&server, "/v3/personas", &json!({}))], [404, 404]);
    assert_eq!(told(&server, "PATCH", PERSONA, "").0, 405);
    server
}

fn verify(server: &TestServer, body: &Value) -> (u16, Value) {
    told(server, "POST", "/_mock/verify", &body.to_string())
}

#[test]
fn a_claim_lists_the_calls_that_are_against_it() {
    let server = served();
    let against = |claim: &str| {
        let (status, mut problem) = verify(&server, &json!({claim: true}));
        assert_eq!(status, 409, "{problem}");
        let failure = problem["failures"][0].take();
        assert_eq!((&failure["claim"], &failure["expected"]), (&json!(claim), &json!("none")));
        assert!(failure["call"].is_null() && failure["because"].is_string(), "{failure}");
        assert!(
            problem["detail"].as_str().is_some_and(|detail| detail.starts_with(&format!("{claim}: "))),
            "{problem}"
        );
        let made = failure["made"].as_array().expect("calls").clone();
        assert_eq!(failure["found"], made.len(), "{failure}");
        made
    };
    let ignored = against("nothing_ignored");
    assert_eq!(numbers(&ignored), [2]);
    assert_eq!(ignored[0]["because"], "ignored by the vendor: $.nmae; `name` was probably meant");
    let invalid = against("nothing_refused_as_invalid");
    assert_eq!(numbers(&invalid), [3]);
    assert_eq!((&invalid[0]["request"], &invalid[0]["status"]), (&json!(format!("PUT {PERSONA}")), &json!(422)));
    assert_eq!(numbers(&against("no_near_miss")), [4, 5, 6]);
}

#[test]
fn claims_are_answered_in_one_order_beside_calls() {
    let server = served();
    let keys = ["nothing_ignored", "nothing_refused_as_invalid", "no_near_miss", "every_fault_struck"];
    let mut all = json!({"every_fault_struck": true, "no_near_miss": true, "nothing_refused_as_invalid": true});
    all["nothing_ignored"] = true.into();
    all["calls"] = json!([{"call": {"status": 200}, "exactly": 2}, {"call": {"method": "DELETE"}}]);
    told(&server, "POST", "/_mock/faults", r#"{"action": "stale", "id": "never"}"#);
    let (status, problem) = verify(&server, &all);
    assert_eq!(status, 409);
    let failures = problem["failures"].as_array().expect("failures");
    assert_eq!(failures[0]["call"], 1, "the calls come first");
    let claims: Vec<_> = failures[1..].iter().filter_map(|failure| failure["claim"].as_str()).collect();
    assert_eq!(claims, keys);
    ask(&server, "POST", "/_mock/reset", "");
    assert_eq!(put(&server, PERSONA, &json!({"name": "A"})), 200);
    let (status, verified) = verify(&server, &json!({"calls": [{"at_most": 1}], "no_near_miss": true, keys[0]: true}));
    assert_eq!((status, verified), (200, json!({"verified": true, "found": [1], "claims": [keys[0], keys[2]]})));
}

#[test]
fn a_fault_that_never_struck_is_named_with_what_it_met() {
    let server = toy();
    let faults = json!({"faults": [
        {"id": "strikes", "action": "stale", "match": {"method": "GET"}},
        {"id": "third", "action": {"refuse": {"status": 500, "force": true}}, "when": {"every": 3}, "match": {"method": "GET"}},
        {"id": "elsewhere", "action": "stale", "match": {"header": {"x-a": "1"}, "method": "GET"}},
        {"id": "short", "action": {"delay": {"fixed": "1ms"}}, "match": {"method": "POST"}, "ttl": "1ms"},
    ]});
    assert_eq!(told(&server, "PUT", "/_mock/faults", &faults.to_string()).0, 200);
    ask(&server, "GET", "/toy/count", "");
    std::thread::sleep(std::time::Duration::from_millis(20));
    let (status, problem) = verify(&server, &json!({"every_fault_struck": true}));
    let failure = &problem["failures"][0];
    assert_eq!((status, &failure["found"]), (409, &json!(3)), "{problem}");
    let because = failure["because"].as_str().expect("why");
    for said in [
        "third (no request fitted its match)",
        "elsewhere (no request fitted its match)",
        "short (it ended before it struck)",
    ] {
        assert!(because.contains(said), "{because}");
    }
    assert!(!because.contains("strikes"), "{because}");
    ask(&server, "DELETE", "/_mock/faults/elsewhere", "");
    let (_, problem) = verify(&server, &json!({"every_fault_struck": true}));
    let because = problem["failures"][0]["because"].as_str().expect("why");
    assert!(because.contains("elsewhere (it ended before it struck)"), "{because}");
    ask(&server, "DELETE", "/_mock/faults", "");
    let (status, problem) = verify(&server, &json!({"every_fault_struck": true}));
    let failure = &problem["failures"][0];
    assert_eq!((status, &failure["found"]), (409, &json!(3)), "what is cleared has not struck: {problem}");
    ask(&server, "POST", "/_mock/reset", "");
    let (status, problem) = verify(&server, &json!({"every_fault_struck": true}));
    assert!(status == 409 && problem["failures"].is_null(), "nothing was claimed of anything: {problem}");
}

#[test]
fn a_rule_that_is_replaced_is_remembered_and_one_that_is_stated_again_goes_on() {
    let server = toy();
    let found = || {
        let (_, answer) = verify(&server, &json!({"every_fault_struck": true}));
        if answer["verified"] == true { json!(0) } else { answer["failures"][0]["found"].clone() }
    };
    let rule = |id: &str, method: &str| json!({"id": id, "action": "stale", "match": {"method": method, "path": "/toy/count"}});
    let put = |rules: &[serde_json::Value]| {
        assert_eq!(told(&server, "PUT", "/_mock/faults", &json!({"faults": rules}).to_string()).0, 200);
    };
    let (mut first, second) = (rule("first", "GET"), rule("second", "GET"));
    put(&[first.clone()]);
    put(&[second.clone(), first.clone()]);
    put(&[first.clone(), second]);
    ask(&server, "GET", "/toy/count", "");
    assert_eq!(found(), json!(1), "the first one strikes, and the second finds nothing to do");
    first["ttl"] = "1h".into();
    put(&[first]);
    assert_eq!(found(), json!(2), "the second ended, and the first is another one now");
    ask(&server, "GET", "/toy/count", "");
    assert_eq!(found(), json!(1));
    put(&[]);
    assert_eq!(found(), json!(1), "nothing that is put in its place makes up for it");
}

#[test]
fn what_is_ignored_and_hinted_filters_the_journal() {
    let server = served();
    let found = |query: &str| numbers(&shown(&server, query));
    assert_eq!(found("?ignored=true"), [2]);
    assert_eq!(found("?ignored=false&status=2xx"), [1]);
    assert_eq!(found("?hint=true"), [2, 3, 4, 5, 6]);
    assert_eq!(found("?hint=false"), [1]);
    assert_eq!((found("?hint=invalid"), found("?hint=Ignored")), (vec![3], vec![2]));
    assert_eq!((found("?hint=no_route"), found("?hint=wrong_method")), (vec![4, 5], vec![6]));
    let har = told(&server, "GET", "/_mock/requests.har?ignored=true", "").1;
    assert_eq!(har["log"]["entries"].as_array().map(Vec::len), Some(1));
    for (calls, found) in [
        (json!([{"call": {"ignored": true}, "exactly": 1}, {"call": {"hint": "invalid"}, "exactly": 1}]), [1, 1]),
        (json!([{"call": {"hint": false}, "exactly": 1}, {"call": {"hint": true, "ignored": false}}]), [1, 4]),
    ] {
        assert_eq!(verify(&server, &json!({"calls": calls})), (200, json!({"verified": true, "found": found})));
    }
    let (_, problem) = told(&server, "GET", "/_mock/requests?hint=wrong", "");
    assert_eq!(problem["at"], "query.hint");
    let said =
        "expected `true`, `false` or a reason: no_route, wrong_method, invalid, refused, fault or ignored, found";
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.starts_with(said)), "{problem}");
    let (status, problem) =
        told(&server, "POST", "/_mock/faults", r#"{"action": "stale", "match": {"ignored": true}}"#);
    assert_eq!((status, &problem["at"]), (400, &json!("$.match.ignored")), "a fault strikes before: {problem}");
}

#[test]
fn a_wrong_count_names_the_calls_that_were_made_and_bounds_them() {
    let server = toy();
    for number in 0..25 {
        ask(&server, "POST", &format!("/toy/count?n={number}"), "{}");
    }
    let (_, problem) = verify(&server, &json!({"calls": [{"call": {"method": "POST"}, "exactly": 2}]}));
    let failure = &problem["failures"][0];
    assert_eq!((&failure["found"], failure["made"].as_array().map(Vec::len)), (&json!(25), Some(20)));
    assert_eq!((&failure["made"][1]["number"], &failure["made"][1]["status"]), (&json!(2), &json!(201)));
    assert_eq!(failure["made"][1]["request"], "POST /toy/count?n=1");
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(detail.starts_with("call 0: expected exactly 2, found 25: #1 POST /toy/count?n=0 -> 201, #2"), "{detail}");
    assert!(detail.contains("#5 POST /toy/count?n=4 -> 201 and 20 more"), "{detail}");
    assert!(detail.ends_with("(likely wrong: client, it made the call more often than expected)"), "{detail}");
    let (_, problem) = verify(&server, &json!({"calls": [{"call": {"query": {"n": "7"}}, "at_least": 2}]}));
    assert_eq!(
        problem["failures"][0]["made"][0]["number"], 8,
        "what is there is named where more is expected: {problem}"
    );
    let long = format!("/toy/count?n={}", "x".repeat(3_000));
    ask(&server, "POST", &long, "{}");
    let (_, problem) = verify(&server, &json!({"calls": [{"call": {"query": {"n": "x"}}}]}));
    assert!(problem.to_string().len() < 8_000, "a long target is shortened: {}", problem.to_string().len());
}

#[test]
fn a_sandbox_that_nobody_has_used_names_those_that_were() {
    let server = toy();
    let of = |name: &str, method: &str, target: &str, body: &str| {
        told(&server, method, &format!("/_sandbox/{name}{target}"), body)
    };
    let calls = json!({"calls": [{"call": {"operation": "toy.add_count"}}]}).to_string();
    let because = |name: &str| {
        let (status, problem) = of(name, "POST", "/_mock/verify", &calls);
        assert_eq!((status, &problem["failures"][0]["likely_wrong"]), (409, &json!("client")), "{problem}");
        let because = problem["failures"][0]["because"].as_str().expect("why").to_owned();
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(&because)), "{problem}");
        because
    };
    let way = "a client names `t1` by the base URL /_sandbox/t1, or by X-Mock-Sandbox: t1";
    assert_eq!(because("t1"), format!("nobody has used the sandbox `t1`, and no other; {way}"));
    for number in 0..7 {
        of(&format!("w{number}"), "POST", "/toy/count", "{}");
    }
    ask(&server, "GET", "/toy/count", "");
    of("w2", "GET", "/toy/count", "");
    let said = because("t1");
    let first = "nobody has used the sandbox `t1`; requests went to w2 (2, the last GET /toy/count -> 200), \
                 default (1, the last GET /toy/count -> 200), w6 (1, the last POST /toy/count -> 201), w5";
    assert!(said.starts_with(first) && said.ends_with(&format!("and 3 more; {way}")), "{said}");
    let page = of("t1", "GET", "/_mock/requests", "").1;
    assert_eq!((page["elsewhere"].as_array().map(Vec::len), &page["elsewhere"][0]["sandbox"]), (Some(5), &json!("w2")));
    let claim = of("t1", "POST", "/_mock/verify", r#"{"nothing_ignored": true}"#);
    assert!(claim.0 == 409 && claim.1["failures"].is_null() && claim.1.to_string().contains("nobody has used"));
    of("w2", "POST", "/_mock/reset", "");
    assert!(because("w2").starts_with("nobody has used the sandbox `w2` since its journal was emptied; requests"));
    assert_eq!(of("w1", "GET", "/_mock/requests", "").1["elsewhere"], Value::Null, "it was used");
}

#[test]
fn what_nobody_called_is_no_proof_that_it_was_not_called() {
    let server = served();
    let asked = |call: Value| told(&server, "POST", "/_sandbox/t1/_mock/verify", &json!({"calls": [call]}).to_string());
    let elsewhere = "nobody has used the sandbox `t1`; requests went to default (6, the last PATCH";
    for call in [
        json!({"call": {"operation": "vijil.get_user"}, "never": true}),
        json!({"call": {"provider": "crud"}, "at_most": 2}),
        json!({"at_most": 2}),
    ] {
        let (status, problem) = asked(call);
        let detail = problem["detail"].as_str().expect("a sentence");
        let expected = format!("there is nothing to hold that against: {elsewhere}");
        assert!(status == 409 && problem["failures"].is_null() && detail.starts_with(&expected), "{problem}");
    }
    // That nobody called at all is what is asked, and said with where the others went.
    let (status, answer) = asked(json!({"never": true}));
    assert_eq!((status, &answer["verified"]), (200, &json!(true)));
    assert!(answer["unused"].as_str().is_some_and(|unused| unused.starts_with(elsewhere)), "{answer}");
    let never = json!({"calls": [{"call": {"operation": "vijil.get_user"}, "never": true}]});
    assert_eq!(verify(&server, &never), (200, json!({"verified": true, "found": [0]})));
}

#[test]
fn one_call_that_is_gone_is_told_as_one() {
    let journal = JournalBounds { exchanges: 1, ..JournalBounds::default() };
    let server = TestServer::start(&Setup { journal, ..server::setup() });
    for name in ["A", "B"] {
        assert_eq!(put(&server, PERSONA, &json!({"name": name})), 200);
    }
    let problem = verify(&server, &json!({"nothing_ignored": true})).1;
    let gone = "nothing can be said of nothing_ignored: 1 older call made room for others and left the journal; ";
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.starts_with(gone)), "{problem}");
    let problem = verify(&server, &json!({"calls": [{"call": {"method": "DELETE", "path": "/v1/personas/*"}}]})).1;
    let because = "1 older call made room for others; --journal-size keeps more";
    assert_eq!(problem["failures"][0]["because"], because, "{problem}");
}

#[test]
fn of_calls_that_are_gone_nothing_is_claimed() {
    let journal = JournalBounds { exchanges: 2, ..JournalBounds::default() };
    let server = TestServer::start(&Setup { journal, ..server::setup() });
    let sent = [json!({"nmae": "A"}), json!({"name": 5}), json!({"name": "A"}), json!({"name": "B"})];
    assert_eq!(sent.map(|body| put(&server, PERSONA, &body)), [200, 422, 200, 200]);
    let never = json!({"call": {"status": 422}, "never": true});
    for (body, open) in [
        (json!({"nothing_ignored": true, "no_near_miss": true}), "nothing_ignored, no_near_miss"),
        (json!({"nothing_refused_as_invalid": true}), "nothing_refused_as_invalid"),
        (json!({"calls": [{"call": {"status": 200}}, never]}), "call 1 (at most 0)"),
        (json!({"calls": [{"call": {"status": 200}, "exactly": 2}]}), "call 0 (at most 2)"),
    ] {
        let (status, problem) = verify(&server, &body);
        assert!(status == 409 && problem["failures"].is_null(), "{problem}");
        let detail = format!(
            "nothing can be said of {open}: 2 older calls made room for others and left the journal; start the server with a \
             --journal-size above 2, or empty the journal before what is verified"
        );
        assert_eq!(problem["detail"], detail);
    }
    // What the calls that are known show can be said.
    let (status, answer) = verify(&server, &json!({"calls": [{"call": {"status": 200}, "at_least": 2}]}));
    assert_eq!((status, &answer["gone"]), (200, &json!(2)));
    assert_eq!(put(&server, PERSONA, &json!({"nmae": "A"})), 200);
    let (status, problem) = verify(&server, &json!({"nothing_ignored": true, "no_near_miss": true}));
    assert_eq!((status, &problem["failures"][0]["claim"]), (409, &json!("nothing_ignored")));
    assert!(
        problem["detail"].as_str().is_some_and(|detail| detail.contains("; nothing can be said of nothing_ignored"))
    );
}
