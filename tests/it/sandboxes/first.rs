//! First requests: which of them make a sandbox, and that those that come at once meet one world.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Barrier;
use std::time::Duration;

use persona_mock::PersonaMock;
use persona_mock::mock::CallRequest;
use persona_mock::provider::register;

use super::super::support::Asked;
use super::super::support::toy::Toy;
use super::{count, created, get, names, post, put, toy};

#[test]
fn a_control_request_that_is_refused_makes_none() {
    let server = toy(|setup| setup.guard.token = Some("secret".parse().expect("a token")));
    let put = |target: &str| Asked::new("PUT", target).json(r#"{"seed": 7}"#);
    let token = ("Authorization", "Bearer secret");
    let foreign = put("/_sandbox/t3/_mock/seed").header(token.0, token.1).header("Origin", "http://evil.test");
    for (asked, status) in [
        (put("/_sandbox/t1/_mock/seed"), 401),
        (put("/_sandbox/t2/_mock/seed").header("Host", "evil.test"), 403),
        (foreign, 403),
        (Asked::new("DELETE", "/_mock/faults").header("X-Mock-Sandbox", "t4"), 401),
    ] {
        assert_eq!(server.send(&asked).status, status, "{asked:?}");
    }
    let list = || server.send(&Asked::new("GET", "/_mock/sandboxes").header(token.0, token.1)).text();
    assert!(!list().contains("t1") && list().contains("default"), "{}", list());
    let answer = server.send(&put("/_sandbox/t1/_mock/seed").header(token.0, token.1));
    assert_eq!((answer.status, created(&answer)), (200, Some("new")));
}

#[test]
fn whoever_only_looks_at_a_name_that_was_never_used_sees_the_fixtures_and_makes_none() {
    let server = toy(|_| {});
    for target in ["clock", "seed", "settings", "state", "state/toy", "state/diff", "faults", "limits", "requests"] {
        for method in ["GET", "HEAD"] {
            let answer = server.send(&Asked::new(method, &format!("/_sandbox/t1/_mock/{target}")));
            assert_eq!((answer.status, created(&answer)), (200, None), "{method} {target}");
        }
    }
    assert_eq!(get(&server, "/_sandbox/t1/_mock/state/toy").json()["count"], 1);
    let verified = r#"{"calls": [{"exactly": 0}]}"#;
    let verify = server.send(&Asked::new("POST", "/_sandbox/t1/_mock/verify").json(verified));
    assert_eq!((verify.status, created(&verify)), (200, None), "{}", verify.text());
    assert_eq!((get(&server, "/_sandbox/t1/_mock/nonsense").status, get(&server, "/_sandbox/t1/").status), (404, 200));
    assert_eq!(names(&server), [""; 0]);
}

#[test]
fn a_change_makes_none_where_it_says_so() {
    let server = toy(|_| {});
    let asked = |method: &str, target: &str, make: &str| {
        server.send(&Asked::new(method, target).header("X-Mock-Sandbox-Make", make).json("{}"))
    };
    for (method, verb) in
        [("PUT", "seed"), ("POST", "reset"), ("PUT", "snapshots/a"), ("DELETE", "faults"), ("POST", "undo")]
    {
        let answer = asked(method, &format!("/_sandbox/t1/_mock/{verb}"), "no");
        let told = (answer.status, created(&answer), answer.json()["at"].clone());
        assert_eq!(told, (404, None, "sandbox".into()), "{method} {verb}: {}", answer.text());
        assert!(answer.text().contains("there is no sandbox `t1`"), "{}", answer.text());
    }
    assert_eq!(names(&server), [""; 0]);
    let odd = asked("POST", "/_sandbox/t1/_mock/reset", "nope");
    assert_eq!(odd.status, 400, "{}", odd.text());
    assert!(odd.text().contains("X-Mock-Sandbox-Make is `no` or left out"), "{}", odd.text());
    assert_eq!(names(&server), [""; 0]);
    post(&server, "/_sandbox/t1/_mock/reset");
    for target in ["/_sandbox/t1/_mock/reset", "/_mock/reset"] {
        let answer = asked("POST", target, "No");
        assert_eq!((answer.status, answer.header("x-mock-hint")), (200, None), "{target}: {}", answer.text());
    }
    // Whoever looks makes none in any case, and a provider does not read it.
    assert_eq!(asked("GET", "/_sandbox/t2/_mock/seed", "no").status, 200);
    let called = asked("GET", "/_sandbox/t2/toy/count", "no");
    let hint = called.header("x-mock-hint").unwrap_or_default();
    assert!(called.status == 200 && hint.contains("X-Mock-Sandbox-Make is not read"), "{hint}");
    assert_eq!(server.send(&Asked::new("DELETE", "/_mock/sandboxes/t1")).status, 204);
    assert_eq!(asked("PUT", "/_sandbox/t1/_mock/seed", "no").status, 404, "it is gone, and stays so");
}

#[test]
fn every_other_request_makes_one() {
    let server = toy(|_| {});
    let changed = put(&server, "/_sandbox/a/_mock/seed", r#"{"seed": 7}"#);
    let reset = post(&server, "/_sandbox/b/_mock/reset");
    let read = get(&server, "/_sandbox/c/toy/count");
    let nowhere = get(&server, "/_sandbox/d/nowhere");
    let no_route = get(&server, "/_sandbox/e/toy/nowhere");
    for (answer, status) in [(changed, 200), (reset, 200), (read, 200), (nowhere, 404), (no_route, 404)] {
        assert_eq!((answer.status, created(&answer)), (status, Some("new")), "{}", answer.text());
    }
    assert_eq!(names(&server), ["a", "b", "c", "d", "e"]);
    let told = get(&server, "/_sandbox/d/_mock/requests").json();
    assert_eq!(told["requests"][0]["request"]["target"], "/nowhere", "{told}");
    assert_eq!(created(&get(&server, "/_sandbox/c/toy/count")), None);
}

#[test]
fn a_subresource_of_another_site_is_answered_and_makes_none() {
    let server = toy(|_| {});
    let load = |method: &str, name: &str, site: &str, mode: &str| {
        let asked = Asked::new(method, &format!("/_sandbox/{name}/toy/count"));
        server.send(&asked.header("Sec-Fetch-Site", site).header("Sec-Fetch-Mode", mode))
    };
    for (method, status) in [("GET", 200), ("POST", 201)] {
        let answer = load(method, "image", "cross-site", "no-cors");
        assert_eq!((answer.status, created(&answer)), (status, None), "{method}");
    }
    let nowhere = Asked::new("GET", "/_sandbox/image/nowhere.png").header("Sec-Fetch-Site", "cross-site");
    assert_eq!(server.send(&nowhere.header("Sec-Fetch-Mode", "no-cors")).status, 404);
    assert_eq!((names(&server).len(), count(&server, "image")), (0, Some(1)), "what it wrote is gone");
    for (name, site, mode) in [
        ("own", "same-origin", "no-cors"),
        ("near", "same-site", "no-cors"),
        ("page", "cross-site", "cors"),
        ("link", "cross-site", "navigate"),
    ] {
        assert_eq!(created(&load("GET", name, site, mode)), Some("new"), "{name}");
    }
    // A sandbox that is there is answered from.
    post(&server, "/_sandbox/own/toy/count");
    assert_eq!(load("GET", "own", "cross-site", "no-cors").json()["count"], 2);
}

#[test]
fn a_request_that_has_not_come_yet_makes_none() {
    let server = toy(|_| {});
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    let head = "POST /_sandbox/t1/toy/count HTTP/1.1\r\nHost: mock.test\r\nContent-Length: 2\r\n\r\n{";
    stream.write_all(head.as_bytes()).expect("a part of a request");
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(names(&server), [""; 0]);
    assert_eq!(created(&post(&server, "/_sandbox/t1/toy/count")), Some("new"), "whoever is first keeps it");
    stream.write_all(b"}").expect("the rest");
    let mut answer = [0; 4_096];
    let read = stream.read(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer[..read]).to_lowercase();
    assert!(answer.starts_with("http/1.1 201") && !answer.contains("x-mock-sandbox-created"), "{answer}");
    assert_eq!(count(&server, "t1"), Some(3), "both met one world");
}

#[test]
fn a_stream_of_a_name_that_was_never_used_sees_the_sandbox_that_is_made() {
    let server = toy(|_| {});
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
    stream.write_all(b"GET /_sandbox/t1/_mock/events HTTP/1.1\r\nHost: mock.test\r\n\r\n").expect("a request");
    let mut until = |text: &str| {
        let mut told = String::new();
        let mut chunk = [0; 4_096];
        while !told.contains(text) {
            let read = stream.read(&mut chunk).expect("more of the stream");
            assert!(read > 0, "the stream ended: {told}");
            told.push_str(&String::from_utf8_lossy(&chunk[..read]));
        }
    };
    until(": following");
    assert_eq!(names(&server), [""; 0]);
    assert_eq!(created(&post(&server, "/_sandbox/t1/toy/count")), Some("new"));
    until("toy.add_count");
}

#[test]
fn first_requests_at_once_lose_no_write() {
    let mock = PersonaMock::builder().registry(&[register(Toy)]).build().expect("a mock");
    const CLIENTS: usize = 4;
    for round in 0..100 {
        let (target, start) = (format!("/_sandbox/r{round}/toy/count"), Barrier::new(CLIENTS));
        let new: usize = std::thread::scope(|scope| {
            let client = |number: usize| {
                let (mock, target, start) = (&mock, &target, &start);
                scope.spawn(move || {
                    start.wait();
                    // Whoever looks meanwhile meets the same world, and neither makes nor ends it.
                    let look = CallRequest::get(format!("/_sandbox/r{round}/_mock/state"));
                    let looked = (number == 0).then(|| mock.call(look).expect("an answer").status());
                    assert!(looked.is_none_or(|status| status == 200));
                    let answer = mock.call(CallRequest::post(target.clone())).expect("an answer");
                    assert_eq!(answer.status(), 201);
                    usize::from(answer.header("x-mock-sandbox-created").as_deref() == Some("new"))
                })
            };
            let clients: Vec<_> = (0..CLIENTS).map(client).collect();
            clients.into_iter().map(|client| client.join().expect("a client")).sum()
        });
        let answer = mock.call(CallRequest::get(target)).expect("an answer");
        let count = answer.json::<serde_json::Value>().expect("JSON")["count"].as_u64();
        assert_eq!((new, count), (1, Some(1 + CLIENTS as u64)), "round {round}");
    }
}
