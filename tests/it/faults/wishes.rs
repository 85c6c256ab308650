//! What one request wants for itself.

use serde_json::json;

use super::{arm, armed, count, get, post, raw, told, toy};

#[test]
fn a_request_may_want_a_status_of_its_operation() {
    let server = toy();
    let answer = server.send(&get("/toy/count").header("Prefer", "code=429"));
    assert_eq!(told(&answer), (429, json!({"toy": 429}), Some("request")));
    assert_eq!(answer.header("retry-after"), Some("30"));
    let answer = server.send(&post("/toy/count").header("Prefer", "return=minimal, code=409"));
    assert_eq!(told(&answer), (409, json!({"toy": "taken"}), Some("request")));
    assert_eq!(server.send(&post("/toy/count").header("X-Mock-Fault", "refuse=503")).status, 503);
    assert_eq!(server.send(&get("/toy/count").header("Prefer", "code=200")).json(), json!({"count": 1}));
    assert_eq!(server.send(&post("/toy/count").header("Prefer", "code=204")).text(), "");
    assert_eq!(count(&server), json!(1), "the vendor did nothing");
    let other = server.send(&get("/toy/count").header("Prefer", "respond-async, wait=5"));
    assert_eq!((other.status, other.header("x-mock-fault")), (200, None), "other preferences are the vendor's");
}

#[test]
fn what_cannot_be_honoured_is_400_in_the_vendors_form() {
    let server = toy();
    for (asked, error) in [
        (get("/toy/count").header("Prefer", "code=418"), "toy.get_count has no status 418; it has 200, 400, 401"),
        (get("/toy/count").header("Prefer", "code=many"), "expected a status from 200 to 599"),
        (get("/toy/count").header("X-Mock-Fault", "cut-bdy"), "X-Mock-Fault knows refuse=STATUS, delay=DURATION"),
        (post("/toy/count").header("X-Mock-Fault", "stale"), "only a read can be stale, and toy.add_count writes"),
        (get("/toy/count").header("X-Mock-Fault", "cut").header("Prefer", "code=429"), "two faults at once"),
        (
            get("/toy/nowhere").header("X-Mock-Fault", "cut"),
            "means no operation that could have it: it would be answered 404",
        ),
    ] {
        let answer = server.send(&asked);
        assert_eq!((answer.status, answer.json()), (400, json!({"toy": 400})), "{asked:?}");
        let said = answer.header("x-mock-error").expect("a diagnosis");
        assert!(said.contains(error), "{asked:?}: {said}");
    }
    assert_eq!(count(&server), json!(1));
}

#[test]
fn a_request_with_a_wish_meets_no_rule() {
    let server = armed(&json!({"id": "no", "action": {"refuse": {"status": 503}}, "when": {"first": 1}}));
    let answer = server.send(&get("/toy/count").header("X-Mock-Fault", "delay=1ms"));
    assert_eq!((answer.status, answer.header("x-mock-fault")), (200, Some("request")));
    assert_eq!(server.send(&get("/toy/count")).status, 503, "and is not counted");
}

#[test]
fn a_request_may_want_its_line_cut() {
    let server = toy();
    arm(&server, "", &json!({"action": {"delay": {"fixed": "1ms"}}, "when": {"first": 1}}));
    let (text, end) = raw(&server, &get("/toy/count").header("X-Mock-Fault", "cut-body"));
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("x-mock-fault: request"), "{text}");
    assert_eq!(end, Some(std::io::ErrorKind::ConnectionReset));
}
