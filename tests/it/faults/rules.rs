//! What a rule may say, which requests it strikes, and what is refused when it is written.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Asked, TestServer, arm, armed, count, get, post, told, toy};

#[test]
fn a_refusal_is_the_vendors_own_and_the_vendor_does_nothing() {
    for (status, retry_after) in [(429, Some("7")), (503, Some("7")), (500, None), (400, None), (413, None)] {
        let mut refuse = json!({"status": status});
        if retry_after.is_some() {
            refuse["retry_after_s"] = json!(7);
        }
        let server = armed(
            &json!({"id": "no", "match": {"method": "POST", "path": "/toy/count"}, "action": {"refuse": refuse}}),
        );
        let answer = server.send(&post("/toy/count"));
        assert_eq!(told(&answer), (status, json!({"toy": status}), Some("no")));
        assert_eq!(answer.header("retry-after"), retry_after, "{status}");
        assert_eq!((count(&server), answer.header("x-mock-provenance")), (json!(1), None));
    }
}

#[test]
fn where_no_phrase_fits_the_documents_example_is_sent() {
    let server = armed(&json!({"match": {"operation": "toy.add_count"}, "action": {"refuse": {"status": 409}}}));
    let answer = server.send(&post("/toy/count"));
    assert_eq!(told(&answer), (409, json!({"toy": "taken"}), Some("fault-1")));
    assert_eq!(
        (answer.header("content-type"), answer.header("x-toy-holder")),
        (Some("application/toy+json"), Some("ann"))
    );
    let server = armed(&json!({"match": {"operation": "toy.get_count"}, "action": {"refuse": {"status": 404}}}));
    let answer = server.send(&get("/toy/count"));
    assert_eq!((answer.json(), answer.header("x-mock-provenance")), (json!({"toy": "gone"}), Some("inferred")));
}

#[test]
fn a_forced_status_is_marked_as_inferred() {
    for (status, body) in [(418, r#"{"toy":400}"#), (504, r#"{"toy":500}"#), (302, "")] {
        let server = armed(&json!({"action": {"refuse": {"status": status, "force": true}}}));
        let answer = server.send_unjudged(&get("/toy/count"));
        assert_eq!(
            (answer.status, &*answer.text(), answer.header("x-mock-provenance")),
            (status, body, Some("inferred"))
        );
    }
    let documented = armed(&json!({"action": {"refuse": {"status": 429, "force": true}}}));
    assert_eq!(documented.send(&get("/toy/count")).header("x-mock-provenance"), None);
}

#[test]
fn a_rule_strikes_only_what_fits() {
    for (matches, struck) in [
        (json!({"provider": "toy"}), [true, true]),
        (json!({"operation": "toy.get_count"}), [true, false]),
        (json!({"method": "post"}), [false, true]),
        (json!({"path": "/toy/*"}), [true, true]),
        (json!({"path": "/toy/{what}"}), [true, true]),
        (json!({"path": "/**"}), [true, true]),
        (json!({"path": "/toy/count", "header": {"X-Tenant": "a*"}}), [true, true]),
        (json!({"header": {"x-tenant": "b"}}), [false, false]),
        (json!({"header": {"x-absent": "*"}}), [false, false]),
        (json!({"headers": {"x-tenant": "ACME/*"}}), [true, true]),
    ] {
        let server = armed(&json!({"match": matches, "action": {"refuse": {"status": 503}}}));
        let is_struck = |asked: Asked| server.send(&asked.header("X-Tenant", "acme/1")).status == 503;
        assert_eq!([is_struck(get("/toy/count")), is_struck(post("/toy/count"))], struck, "{matches}");
    }
    let server = armed(&json!({"action": {"refuse": {"status": 503}}}));
    assert_eq!(server.send(&get("/toy/nowhere")).status, 404, "what means no operation meets no rule");
}

#[test]
fn a_rule_strikes_by_query_and_body() {
    let json = r#"{"name": "Ann", "rows": [{"id": 1, "x": 2}]}"#;
    let form = Asked::new("POST", "/toy/count?dry=1&a=b+c").header("Content-Type", "application/x-www-form-urlencoded");
    let requests =
        [get("/toy/count?dry=1&dry=2"), Asked::new("POST", "/toy/count").json(json), form.body("name=Ann".to_owned())];
    for (matches, struck) in [
        (json!({"query": {"dry": "1"}}), [true, false, true]),
        (json!({"query": {"dry": "2"}}), [true, false, false]),
        (json!({"query": {"dry": "1", "a": "b c"}}), [false, false, true]),
        (json!({"body": {"rows": [{"id": 1}]}}), [false, true, false]),
        (json!({"body": {"rows": []}}), [false, false, false]),
        (json!({"body": null}), [false, false, false]),
        (json!({"body": {"name": "Ann"}}), [false, true, true]),
        (json!({"body_at": {"$.rows[0].id": 1}, "body_has": ["$.rows[0]", "$.name"]}), [false, true, false]),
        (json!({"body_has": ["$.rows[1]"]}), [false, false, false]),
    ] {
        let server = armed(&json!({"match": matches, "action": {"refuse": {"status": 503}}}));
        let is_struck = requests.each_ref().map(|asked| server.send_unjudged(asked).status == 503);
        assert_eq!(is_struck, struck, "{matches}");
    }
}

#[test]
fn a_rule_strikes_the_first_or_every_so_manyth() {
    for (when, expected) in [(json!({"first": 2}), "xx...."), (json!({"every": 3}), "..x..x"), (Value::Null, "xxxxxx")]
    {
        let server = armed(&json!({"when": when, "action": {"refuse": {"status": 503}}}));
        assert_eq!(strikes(&server, "", 6), expected, "{when}");
    }
}

/// Which of so many requests are struck, as a line of `x` and `.`.
fn strikes(server: &TestServer, prefix: &str, requests: usize) -> String {
    let target = format!("{prefix}/toy/count");
    let mark = |_| if server.send_unjudged(&get(&target)).status == 503 { 'x' } else { '.' };
    (0..requests).map(mark).collect()
}

#[test]
fn rules_are_asked_in_order_and_delays_go_with_the_next() {
    let server = armed(&json!({"id": "late", "action": {"delay": {"fixed": "30ms"}}}));
    arm(&server, "", &json!({"id": "once", "action": {"refuse": {"status": 503}}, "when": {"first": 1}}));
    arm(&server, "", &json!({"id": "then", "action": {"refuse": {"status": 429}}}));
    let struck = || {
        let answer = server.send(&get("/toy/count"));
        (answer.status, answer.header("x-mock-fault").map(str::to_owned))
    };
    assert_eq!(struck(), (503, Some("late, once".to_owned())));
    assert_eq!(struck(), (429, Some("late, then".to_owned())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn with_a_seed_the_same_requests_strike_the_same(seed in any::<u64>(), chance in 0.1..0.9, others in 0usize..4) {
        let rule = json!({"id": "luck", "when": {"probability": chance}, "action": {"refuse": {"status": 503}}});
        let line = |alone: bool| {
            let server = toy();
            for prefix in ["/_sandbox/a", "/_sandbox/b"] {
                let body = format!(r#"{{"seed": {seed}}}"#);
                server.send(&Asked::new("PUT", &format!("{prefix}/_mock/seed")).json(&body));
                arm(&server, prefix, &rule);
            }
            let mut line = String::new();
            for _ in 0..30 {
                if !alone {
                    // Neither another world's requests nor another operation's draw from this rule's luck.
                    strikes(&server, "/_sandbox/b", others);
                    server.send_unjudged(&get("/_sandbox/a/toy/nowhere"));
                }
                line.push_str(&strikes(&server, "/_sandbox/a", 1));
            }
            line
        };
        prop_assert_eq!(line(true), line(false));
    }
}

#[test]
fn a_probability_is_met_about_as_often_as_it_says() {
    let server = armed(&json!({"when": {"probability": 0.25}, "action": {"refuse": {"status": 503}}}));
    let struck = strikes(&server, "", 400).matches('x').count();
    assert!((70..=130).contains(&struck), "{struck} of 400");
}

#[test]
fn a_rule_that_cannot_be_meant_is_refused_when_it_is_written() {
    let server = toy();
    let refuse = |status: u16| json!({"refuse": {"status": status}});
    for (rule, at, detail) in [
        (json!({}), "$", "`action` is missing"),
        (json!({"action": "stale", "wen": 1}), "$.wen", "unknown name `wen`, expected one of `id`, `match`"),
        (json!({"action": "sta"}), "$.action", "unknown name `sta`, expected one of `refuse`, `delay`"),
        (json!({"action": {"cut": "tail"}}), "$.action.cut", "expected one of `before_answer`"),
        (json!({"action": refuse(503), "match": {"provider": "tyo"}}), "$.match.provider", "the providers are toy"),
        (
            json!({"action": refuse(503), "match": {"operation": "toy.count"}}),
            "$.match.operation",
            "the operations are toy.get_count, toy.add_count, toy.crash_count",
        ),
        (
            json!({"action": refuse(503), "match": {"operation": "toy.get_count", "method": "POST"}}),
            "$.match.method",
            "has the method POST, but GET",
        ),
        (
            json!({"action": refuse(503), "match": {"method": "POST", "path": "/toy/*/x"}}),
            "$.match.path",
            "the paths are /toy/count, /toy/crash",
        ),
        (json!({"action": "stale", "match": {"header": {"x y": "*"}}}), "$.match.header", "can be named \"x y\""),
        (json!({"action": refuse(503), "match": {"path": "toy"}}), "$.match.path", "starts with / or **"),
        (
            json!({"action": refuse(503), "match": {"path": "/toy/c*t"}}),
            "$.match.path",
            "write /toy/* for one segment or /toy/** for any number",
        ),
        (json!({"action": refuse(503), "match": {"path": "/TOY/count"}}), "$.match.path", "no operation that is meant"),
        (
            json!({"action": refuse(418), "match": {"operation": "toy.get_count"}}),
            "$.action.refuse.status",
            "toy.get_count has no status 418; it has 200, 400, 401, 403, 404, 408, 413, 429, 500, 503",
        ),
        (json!({"action": refuse(409)}), "$.action.refuse.status", "toy.get_count has no status 409"),
        (json!({"action": refuse(99)}), "$.action.refuse.status", "from 200 to 599"),
        (
            json!({"action": {"refuse": {"status": 500, "retry_after_s": 3}}}),
            "$.action.refuse.retry_after_s",
            "only a 429 or a 503",
        ),
        (json!({"action": "stale", "match": {"status": 404}}), "$.match.status", "known of answered calls only"),
        (json!({"action": "stale", "match": {"changed": false}}), "$.match.changed", "a fault strikes before"),
        (json!({"action": "stale", "match": {"since": "2026-01-15T12:00:00Z"}}), "$.match.since", "`verify` take it"),
        (json!({"action": "stale", "match": {"body_at": {"a": 1}}}), "$.match.body_at", "such as $.rows[0].name"),
        (json!({"action": "stale", "match": {"body_has": ["$x"]}}), "$.match.body_has", "such as $.rows[0].name"),
        (json!({"action": "stale", "match": {"body": "x".repeat(65_536)}}), "$.match", "at most 65536 bytes of JSON"),
        (json!({"action": "stale", "match": {"query": {"a": "x".repeat(501)}}}), "$.match.query", "at most 500 bytes"),
        (json!({"action": "stale", "match": {"header": {}, "headers": {}}}), "$.match", "`header` stands there twice"),
        (json!({"action": "stale", "match": {"method": "POST"}}), "$.action", "only a read can be stale"),
        (json!({"action": {"delay": {"fixed": "11m"}}}), "$.action.delay.fixed", "at most 10m"),
        (json!({"action": {"delay": {"fixed": 2}}}), "$.action.delay.fixed", "expected a duration such as \"500ms\""),
        (
            json!({"action": {"delay": {"uniform": {"min": "2s", "max": "1s"}}}}),
            "$.action.delay.uniform.min",
            "at most `max`",
        ),
        (
            json!({"action": {"delay": {"lognormal": {"median": "1s", "sigma": 5}}}}),
            "$.action.delay.lognormal.sigma",
            "from 0 to 4",
        ),
        (json!({"action": {"slow_body": {"over": "0s"}}}), "$.action.slow_body.over", "above 0"),
        (json!({"action": "stale", "when": {"first": 0}}), "$.when.first", "1 or more"),
        (json!({"action": "stale", "when": {"first": 1, "every": 2}}), "$.when", "expected"),
        (json!({"action": "stale", "when": {"probability": 1.5}}), "$.when.probability", "at most 1"),
        (json!({"action": "stale", "ttl": "0s"}), "$.ttl", "above 0"),
        (json!({"action": "stale", "id": "a b"}), "$.id", "1 to 64 letters"),
        (json!({"action": "stale", "id": "request"}), "$.id", "not `request`"),
    ] {
        let answer = server.send(&Asked::new("POST", "/_mock/faults").json(&rule.to_string()));
        let problem = answer.json();
        let said = problem["detail"].as_str().unwrap_or_default();
        assert!(answer.status == 400 && said.contains(detail), "{rule}: {problem}");
        assert_eq!(problem["at"], at, "{rule}: {problem}");
    }
    assert_eq!(server.send(&get("/_mock/faults")).json(), json!({"faults": []}));
}
