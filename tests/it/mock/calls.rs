//! The mock called without a socket.

use std::time::Duration;

use persona_mock::internals::Stopwatch;
use persona_mock::mock::{CallRequest, CallResponse, Cut, Fault, Mock, MockError, PersonaMock, RemoteMock, Requests};
use serde_json::{Value, json};

use super::{builder, vendors};

#[test]
fn a_mock_without_a_server_keeps_its_sandboxes_and_their_journals() {
    let mock = builder().build().expect("a mock");
    assert_eq!((mock.url(), mock.sandbox("t1").url()), ("", "/_sandbox/t1"));
    let count = |answer: CallResponse| answer.json::<Value>().expect("JSON")["count"].clone();
    let sandbox = mock.sandbox("t1");
    let added = sandbox.call(CallRequest::post("/toy/count").json(&json!({}))).expect("an answer");
    assert_eq!((added.status(), added.header("X-Mock-Sandbox").as_deref()), (201, Some("t1")));
    let prefixed = CallRequest::get(format!("{}/toy/count", sandbox.url()));
    assert_eq!(count(mock.call(prefixed).expect("an answer")), json!(2));
    assert_eq!(count(mock.call(CallRequest::get("/toy/count")).expect("an answer")), json!(1));
    let kept = sandbox.requests(&Requests::all()).expect("a journal");
    let seen: Vec<_> = kept.iter().map(|kept| (&*kept.request.method, kept.answer.status)).collect();
    assert_eq!(seen, [("POST", 201), ("GET", 200)]);
    let other = CallRequest::get("/_sandbox/t2/toy/count");
    assert_eq!(sandbox.call(other).expect("an answer").status(), 400, "a request names one sandbox");
}

#[test]
fn the_steps_of_a_sandbox_are_those_of_its_history() {
    let mock = builder().build().expect("a mock");
    let sandbox = mock.sandbox("t1");
    assert_eq!(mock.steps("t1"), None, "it is not there");
    for number in 1..=3 {
        sandbox.call(CallRequest::post("/toy/count").json(&json!({}))).expect("an answer");
        assert_eq!((mock.steps("t1"), sandbox.history().expect("a history").len()), (Some(number), number as usize));
    }
    sandbox.call(CallRequest::get("/toy/count")).expect("an answer");
    assert_eq!((mock.steps("t1"), mock.steps("default")), (Some(3), Some(0)));
    sandbox.reset().expect("a reset");
    assert_eq!(mock.steps("t1"), Some(0));
}

#[test]
fn a_mock_trusts_a_proxy_if_it_is_told_to() {
    let asked = || CallRequest::get("/toy/count").header("X-Forwarded-Host", "app.test");
    let base =
        |mock: PersonaMock| mock.call(asked()).expect("an answer").json::<Value>().expect("JSON")["base"].clone();
    assert_eq!(base(builder().trust_proxy().build().expect("a mock")), "http://app.test");
    assert_eq!(base(builder().build().expect("a mock")), "http://localhost");
}

#[test]
fn faults_are_reported_and_not_carried_out() {
    let mock = vendors().build().expect("a mock");
    let sandbox = mock.sandbox("faults");
    let me = || {
        let me = CallRequest::get("/v1/users/me").header("Authorization", "Bearer vijil-owner-token");
        sandbox.call(me).expect("an answer")
    };
    let start = Stopwatch::start();
    for (fault, delay, cut, slow) in [
        (Fault::delay("1m"), 60, None, None),
        (Fault::cut(Cut::HalfBody), 0, Some(Cut::HalfBody), None),
        (Fault::slow_body("5m"), 0, None, Some(Duration::from_secs(300))),
    ] {
        sandbox.set_faults(&[fault.id("f")]).expect("a rule");
        let answer = me();
        assert_eq!((answer.status(), answer.header("X-Mock-Fault").as_deref()), (200, Some("f")));
        assert_eq!((answer.delay(), answer.cut()), (Duration::from_secs(delay), cut));
        assert_eq!(answer.slow_body().map(|slow| slow.over), slow);
        assert!(answer.json::<Value>().expect("a whole body").is_object());
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn bounds_limits_and_pages_are_as_through_a_socket() {
    let mock = vendors().max_body(10).build().expect("a mock");
    let me = || CallRequest::get("/v1/users/me").header("Authorization", "Bearer vijil-owner-token");
    let large = CallRequest::post("/v1/personas").header("Authorization", "Bearer vijil-owner-token");
    let unread = |request| {
        let answer = mock.call(request).expect("an answer");
        (answer.status(), answer.closes_connection())
    };
    assert_eq!(unread(large.clone().body("x".repeat(11))), (413, true), "what was not read is left behind the answer");
    assert_eq!(unread(large.header("X-Mock-Sandbox", "no name").body("x")), (400, false));
    let page = mock.call(me().header("Origin", "http://localhost:3000")).expect("an answer");
    assert_eq!(page.header("Access-Control-Allow-Origin").as_deref(), Some("http://localhost:3000"));
    let foreign = CallRequest::get("/_mock/clock").header("Host", "localhost").header("Origin", "http://evil.example");
    assert_eq!(mock.call(foreign).expect("an answer").status(), 403);
    mock.default_sandbox().set_limit("vijil", "1/1m").expect("a limit");
    let statuses = [(); 2].map(|()| mock.call(me()).expect("an answer").status());
    assert_eq!(statuses, [200, 429]);
    let head = mock.call(CallRequest::new("HEAD", "/_mock/clock")).expect("an answer");
    assert_eq!((head.status(), head.body()), (200, &b""[..]));
    let upgrade = mock.call(me().header("Connection", "Upgrade, HTTP2-Settings")).expect("an answer");
    assert!(upgrade.closes_connection() && !page.closes_connection());
}

#[test]
fn a_stream_of_events_is_answered_with_those_that_are_there() {
    let mock = builder().build().expect("a mock");
    for _ in 0..2 {
        mock.call(CallRequest::get("/toy/count")).expect("an answer");
    }
    let events = mock.call(CallRequest::get("/_mock/events?last_event_id=0-0")).expect("an answer");
    let text = events.text();
    assert!(text.starts_with(": following\n\nevent: exchange\nid: 0-1-"), "{text}");
    assert!(text.contains("\nid: 0-2-") && !text.contains("\nid: 0-3-"), "{text}");
    // Its place is free again.
    let metrics = mock.metrics().expect("metrics");
    assert!(metrics.contains("persona_mock_event_streams 0"), "{metrics}");
}

#[test]
fn a_started_server_can_be_called_too_and_one_elsewhere_cannot() {
    let mock = builder().start_blocking().expect("a server");
    let sandbox = mock.sandbox("t1");
    sandbox.call(CallRequest::post(format!("{}/toy/count", mock.url()))).expect("an answer");
    assert_eq!(super::count(&sandbox), json!(2));
    let remote = RemoteMock::connect(mock.url()).expect("a server");
    let error = remote.sandbox("t1").call(CallRequest::get("/toy/count")).expect_err("no call");
    assert!(matches!(error, MockError::Elsewhere { .. }), "{error}");
    let offline = builder().build().expect("a mock");
    let error = offline.default_sandbox().follow(&Requests::all()).expect_err("no stream");
    assert!(matches!(error, MockError::NoServer { .. }), "{error}");
}

#[test]
fn what_no_http_request_can_be_is_an_error() {
    let mock = builder().build().expect("a mock");
    for (request, said) in [
        (CallRequest::new("GET IT", "/toy"), "cannot take the method: found \"GET IT\", expected a word such as GET"),
        (CallRequest::get("toy/count"), "cannot take the target: found \"toy/count\", expected a path such as /v1"),
        (CallRequest::get("/a b"), "cannot take the target: found \"/a b\", expected a path such as /v1"),
        (CallRequest::get("/").header("a b", "c"), "cannot take the header field: found \"a b\", expected a name such"),
        (
            CallRequest::get("/").header("a", "b\nc"),
            "cannot take the header field: found \"a: b\\nc\", expected a value",
        ),
    ] {
        let error = mock.call(request).expect_err("no request").to_string();
        assert!(error.starts_with(said), "{error}");
    }
    let error = mock.sandbox("a\nb").call(CallRequest::get("/toy/count")).expect_err("no name").to_string();
    assert!(error.starts_with("cannot take the sandbox: found \"a\\nb\""), "{error}");
}

#[test]
fn a_builder_says_whose_pages_may_call_how_often_and_what_the_journal_keeps() {
    let builder = || vendors().cors(["http://localhost:3000"]).rate_limit("vijil", "3/1m").journal(2, 4);
    let mock = builder().control_origin("http://localhost:4000").build().expect("a mock");
    let sandbox = mock.sandbox("t1");
    let me = |origin: &str| {
        let me = CallRequest::get("/v1/users/me").header("Authorization", "Bearer vijil-owner-token");
        let answer = sandbox.call(me.header("Origin", origin)).expect("an answer");
        (answer.status(), answer.header("Access-Control-Allow-Origin").is_some())
    };
    assert_eq!((me("http://localhost:3000"), me("http://localhost:5000")), ((200, true), (200, false)));
    assert_eq!((me("http://localhost:3000").0, me("http://localhost:3000").0), (200, 429));
    let kept = sandbox.requests(&Requests::all()).expect("a journal");
    assert_eq!((kept.len(), kept[0].answer.body.cut), (2, true));
    let control = |origin: &str| {
        let asked = CallRequest::get("/_mock/clock").header("Host", "localhost").header("Origin", origin);
        mock.call(asked).expect("an answer").status()
    };
    assert_eq!((control("http://localhost:4000"), control("http://localhost:3000")), (200, 403));
    let none = vendors().cors([""; 0]).build().expect("a mock");
    let page = CallRequest::get("/v1/users/me").header("Origin", "http://localhost:3000");
    assert_eq!(none.call(page).expect("an answer").header("Access-Control-Allow-Origin"), None);
    for (wrong, said) in [
        (vendors().cors(["localhost:3000"]), "cannot take the CORS origin: an origin begins with a scheme"),
        (vendors().control_origin("x/y"), "cannot take the control origin: "),
        (vendors().rate_limit("vijil", "often"), "cannot take the rate limit `vijil=often`: expected N/PERIOD"),
    ] {
        let error = wrong.build().expect_err("no mock").to_string();
        assert!(error.starts_with(said), "{error}");
    }
}
