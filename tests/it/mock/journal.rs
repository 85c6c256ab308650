//! The journal through a sandbox's handle.

use persona_mock::mock::{
    Call, Claim, Event, Fault, Garble, Mock, MockError, Provenance, Reason, Requests, Sandbox, SandboxStart, Side,
    VerifyRequest, Why,
};
use serde_json::{Value, json};

use super::refusal;

const PERSONA: &str = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb";
const RENAME: &str = "vijil.update_persona";

/// A client that knows the vendor alone.
fn put(sandbox: &Sandbox, path: &str, body: &Value) -> u16 {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let request = agent.put(format!("{}{path}", sandbox.url())).header("Authorization", "Bearer vijil-owner-token");
    let answer = request.content_type("application/json").send(body.to_string());
    answer.expect("an answer").status().as_u16()
}

fn failure(claim: impl FnOnce()) -> String {
    let claim = std::panic::catch_unwind(std::panic::AssertUnwindSafe(claim));
    *claim.expect_err("a failure").downcast::<String>().expect("a message")
}

pub fn requests_are_kept_filtered_and_shown(mock: &dyn Mock) {
    let sandbox = mock.sandbox("requests");
    assert_eq!(put(&sandbox, PERSONA, &json!({"name": "A"})), 200);
    assert_eq!(put(&sandbox, PERSONA, &json!({"name": ""})), 422);
    let all = sandbox.requests(&Requests::all()).expect("a journal");
    let seen: Vec<_> = all.iter().map(|one| (one.number, one.answer.status, one.changed)).collect();
    assert_eq!(seen, [(1, 200, true), (2, 422, false)]);
    assert_eq!((all[0].operation.as_deref(), all[0].request.method.as_str()), (Some(RENAME), "PUT"));
    assert_eq!(all[0].request.body.json(), Some(json!({"name": "A"})));
    assert_eq!((all[0].request.body.size, all[0].request.body.cut), (12, false));
    assert_eq!(all[0].provenance, Some(Provenance::Documented));
    assert!(all[0].to_string().starts_with(&format!("#1 2026-01-15T12:00:00Z PUT {PERSONA} -> 200 {RENAME}")));
    let filters = [
        Requests::all().status("4xx").provider("vijil").operation(RENAME),
        Requests::all().changed(false).method("put").path("/v1/personas/*"),
        Requests::all().header("content-type", "application/*").body_at("$.name", "").since("2026-01-15T12:00:00Z"),
    ];
    for filter in filters {
        let found = sandbox.requests(&filter.until("2026-01-15T12:00:00Z")).expect("a journal");
        assert_eq!(found.iter().map(|one| one.number).collect::<Vec<_>>(), [2]);
    }
    let newest = sandbox.requests(&Requests::all().newest_first()).expect("a journal");
    assert_eq!(newest[0], sandbox.request("2").expect("an exchange"));
    assert_eq!(sandbox.request(&newest[1].id).expect("an exchange"), all[0]);
    let page = sandbox.page(&Requests::all(), None, 1).expect("a page");
    assert_eq!((&page.requests[..], page.written, page.gone), (&all[..1], 2, 0));
    let last = sandbox.page(&Requests::all(), page.next.as_deref(), 1).expect("a page");
    assert_eq!((&last.requests[..], last.next), (&all[1..], None));
    assert!(
        refusal(sandbox.page(&Requests::all(), None, 0))
            .contains("expected a whole number from 1 to 1000, such as 100, found \"0\"")
    );
    let har: Value = serde_json::from_str(&sandbox.har(&Requests::all()).expect("a file")).expect("JSON");
    assert_eq!(har["log"]["entries"].as_array().map(Vec::len), Some(2));
    let pact: Value =
        serde_json::from_str(&sandbox.pact(&Requests::all(), "shop", None).expect("a file")).expect("JSON");
    let (consumer, calls) = (&pact["consumer"]["name"], pact["interactions"].as_array().map(Vec::len));
    assert_eq!((consumer, calls), (&json!("shop"), Some(2)));
    assert!(refusal(sandbox.pact(&Requests::all(), "shop", Some("nope"))).contains("no provider state"));
    assert!(refusal(sandbox.requests(&Requests::all().operation("vijil.update_person"))).contains("did you mean"));
    sandbox.reset_only("journal").expect("a reset");
    assert!(sandbox.requests(&Requests::all()).expect("a journal").is_empty());
    assert!(refusal(sandbox.request("1")).contains("404"));
}

pub fn calls_are_held_against_what_is_expected(mock: &dyn Mock) {
    let sandbox = mock.sandbox("verify");
    sandbox.assert_called(&Call::any().never());
    let unused = refusal(sandbox.verify(&[Call::to(RENAME).never()]));
    assert!(unused.contains("there is nothing to hold that against: nobody has used the sandbox `verify`"), "{unused}");
    assert!(refusal(sandbox.verify(&[Call::any()])).contains("expected at least 1, found 0"));
    for nothing in [sandbox.verify(&[]), sandbox.verify_in_order(&[]), sandbox.verify(&[Call::any().at_least(0)])] {
        assert!(refusal(nothing).contains("400"), "what asserts nothing is refused");
    }
    for name in ["A", "B"] {
        assert_eq!(put(&sandbox, &format!("{PERSONA}?x=1"), &json!({"name": name, "tags": ["t"]})), 200);
    }
    let precise = Call::to(RENAME)
        .provider("vijil")
        .method("PUT")
        .path("/v1/personas/*")
        .status(200)
        .header("Content-Type", "application/json")
        .query("x", "1")
        .body(json!({"name": "A"}))
        .body_at("$.tags[0]", "t")
        .once();
    sandbox.assert_called(&precise);
    let error = sandbox.verify(&[Call::any().path("/v1/pers*")]).expect_err("no path");
    assert!(matches!(error, MockError::Value { what: "call", .. }), "{error:?}");
    let calls = [Call::to(RENAME).exactly(2), Call::any().at_least(1).at_most(3), Call::any().status("5xx").never()];
    assert_eq!(sandbox.verify(&calls).expect("as expected"), [2, 2, 0]);
    assert_eq!(sandbox.verify(&[Call::any(), Call::any().exactly(2)]).expect("as expected"), [2, 2]);
    let named = |name: &str| Call::to(RENAME).body(json!({"name": name}));
    sandbox.assert_called_in_order(&[named("A"), named("B")]);
    let said = failure(|| sandbox.assert_called_in_order(&[named("B"), named("A")]));
    assert!(said.contains("call 1: expected after request 2, found before it"), "{said}");
}

pub fn a_claim_that_fails_shows_the_nearest_call(mock: &dyn Mock) {
    let sandbox = mock.sandbox("nearest");
    assert_eq!(put(&sandbox, PERSONA, &json!({"name": "A"})), 200);
    let said = failure(|| sandbox.assert_called(&Call::to(RENAME).body(json!({"name": "B"})).once()));
    for part in [
        "sandbox nearest: POST /_mock/verify (sandbox nearest) answered 409: the calls are not as expected",
        "call 0: expected exactly 1, found 0; the nearest call is PUT",
        "likely wrong: unknown, one field differs, `$.name`",
        &format!("nearest: #1 PUT {PERSONA} -> 200"),
        &format!("      operation: \"{RENAME}\""),
        "    ! $.name: expected \"B\", found \"A\"",
    ] {
        assert!(said.contains(part), "{part}\nis not in\n{said}");
    }
}

pub fn what_the_vendor_ignores_is_told(mock: &dyn Mock) {
    let sandbox = mock.sandbox("ignored");
    let said = failure(|| sandbox.assert_nothing_ignored());
    assert!(said.contains("nobody has used the sandbox `ignored`"), "a claim about nothing says nothing: {said}");
    assert_eq!(put(&sandbox, PERSONA, &json!({"name": "A"})), 200);
    sandbox.assert_nothing_ignored();
    assert_eq!(put(&sandbox, PERSONA, &json!({"nmae": "A"})), 200);
    let said = failure(|| sandbox.assert_nothing_ignored());
    assert!(said.contains("ignored by the vendor: $.nmae; `name` was probably meant"), "{said}");
    assert_eq!(put(&sandbox, "/v1/persona/1", &json!({})), 404);
    let missed = sandbox.requests(&Requests::all().status(404)).expect("a journal");
    sandbox.add_fault(&Fault::garble(Garble::EmptyBody).operation(RENAME).id("spoilt")).expect("a fault");
    put(&sandbox, PERSONA, &json!({"name": "A"}));
    let struck = sandbox.requests(&Requests::all().fault("spoilt")).expect("a journal");
    assert_eq!((struck.len(), struck[0].fault.as_deref()), (1, Some("spoilt")));
    sandbox.assert_called(&Call::to(RENAME).fault("spoilt").once());
    let hint = missed[0].hint.as_ref().expect("a hint");
    assert_eq!((hint.reason, hint.likely_wrong), (Reason::NoRoute, Side::Client));
    assert_eq!(hint.nearest.as_ref().map(|near| &*near.operation), Some(RENAME));
    assert!(missed[0].to_string().contains("hint: PUT /v1/persona/1 is no operation"), "{}", missed[0]);
}

pub fn claims_are_held_against_all_calls(mock: &dyn Mock) {
    let sandbox = mock.sandbox("claims");
    assert_eq!(put(&sandbox, PERSONA, &json!({"name": "A"})), 200);
    sandbox.assert_nothing_refused_as_invalid();
    sandbox.assert_no_near_miss();
    let all = VerifyRequest::default().claim(Claim::NothingIgnored).claim(Claim::NoNearMiss);
    let verified = sandbox.verify_all(&all).expect("claims that hold");
    assert_eq!((&verified.claims[..], verified.gone), (&[Claim::NothingIgnored, Claim::NoNearMiss][..], 0));
    assert_eq!(verified.to_string(), "as expected; nothing ignored, no near miss");
    assert_eq!(put(&sandbox, PERSONA, &json!({"name": 5})), 422);
    assert_eq!(put(&sandbox, "/v1/persona/1", &json!({})), 404);
    let said = failure(|| sandbox.assert_nothing_refused_as_invalid());
    assert!(said.contains("found 1 request against it, the first #2 PUT") && said.contains("$.name is 5"), "{said}");
    let said = failure(|| sandbox.assert_no_near_miss());
    assert!(said.contains("#3 PUT /v1/persona/1 -> 404: PUT /v1/persona/1 is no operation"), "{said}");
    let said = failure(|| sandbox.assert_every_fault_struck());
    assert!(said.contains("no fault is armed in the sandbox `claims`"), "{said}");
    sandbox.add_fault(&Fault::refuse(503).operation(RENAME).id("flaky").first(1)).expect("a fault");
    let said = failure(|| sandbox.assert_every_fault_struck());
    assert!(said.contains("these never struck: flaky (no request fitted its match)"), "{said}");
    assert_eq!(put(&sandbox, PERSONA, &json!({"name": "B"})), 503);
    sandbox.assert_every_fault_struck();
    let hinted = sandbox.requests(&Requests::all().hint(Reason::Invalid)).expect("a journal");
    assert_eq!(hinted.iter().map(|one| (one.number, &*one.sandbox)).collect::<Vec<_>>(), [(2, "claims")]);
}

pub fn events_come_as_they_happen(mock: &dyn Mock) {
    let sandbox = mock.sandbox("events");
    put(&sandbox, PERSONA, &json!({"name": "A"}));
    let mut kept = sandbox.follow(&Requests::all().with_kept()).expect("events");
    let number = |event: Option<Result<Event, _>>| match event.expect("an event").expect("an event") {
        Event::Exchange(exchange) => exchange.number,
        other => panic!("{other:?}"),
    };
    assert_eq!(number(kept.next()), 1);
    let mut refused = sandbox.follow(&Requests::all().status("4xx")).expect("events");
    put(&sandbox, PERSONA, &json!({"name": "B"}));
    put(&sandbox, PERSONA, &json!({"name": ""}));
    assert_eq!((number(kept.next()), number(kept.next()), number(refused.next())), (2, 3, 3));
    sandbox.reset_only("journal").expect("a reset");
    assert_eq!(
        kept.next().expect("an event").expect("an event"),
        Event::Reset { sandbox: "events".to_owned(), why: Why::Emptied }
    );
    sandbox.make(&SandboxStart::default()).expect("another one");
    put(&sandbox, PERSONA, &json!({"name": "C"}));
    let reset = kept.next().expect("an event").expect("an event");
    assert_eq!(reset, Event::Reset { sandbox: "events".to_owned(), why: Why::Replaced });
    assert_eq!(reset.to_string(), "(the sandbox `events` was replaced by a new one of that name)");
    assert_eq!(number(kept.next()), 1);
    sandbox.delete().expect("an end");
    let reason = "the sandbox `events` was deleted".to_owned();
    assert_eq!(kept.next().expect("an event").expect("an event"), Event::End { reason, why: Why::Deleted });
    assert!(kept.next().is_none());
    let error = sandbox.follow(&Requests::all().status("x")).expect_err("no status");
    assert!(error.to_string().contains("cannot take the filter: expected a status such as 404 or 4xx"), "{error}");
}

pub fn metrics_count_requests(mock: &dyn Mock) {
    let sandbox = mock.sandbox("metrics");
    put(&sandbox, PERSONA, &json!({"name": "A"}));
    let line = format!("persona_mock_requests_total{{provider=\"vijil\",operation=\"{RENAME}\",status=\"200\"}} 1");
    let metrics = mock.metrics().expect("metrics");
    assert!(metrics.contains(&line), "{metrics}");
}
