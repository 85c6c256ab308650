//! The way of a request through the server, seen on the wire with a provider of a few lines.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use persona_mock::internals::{AppState, Cors, FixtureText, Setup};
use persona_mock::internals::{Clock, Stopwatch};
use persona_mock::mock::SetupError;
use persona_mock::provider::register;
use serde_json::{Value, json};

use super::support::toy::Toy;
use super::support::{Answer, Asked, TestServer, server};

fn toy(change: impl FnOnce(&mut Setup)) -> TestServer {
    let mut setup = server::setup();
    change(&mut setup);
    TestServer::with(&[register(Toy)], &setup)
}

fn fixture(text: &str) -> FixtureText {
    FixtureText { provider: "toy".to_owned(), file: "toy.json".to_owned(), text: text.to_owned() }
}

fn names(answer: &Answer) -> Vec<String> {
    let mut names: Vec<_> = answer.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    names
}

#[test]
fn an_answer_carries_nothing_that_its_provider_did_not_say() {
    let answer = toy(|_| {}).send(&Asked::new("GET", "/toy/count"));
    let names = names(&answer);
    assert_eq!(names, ["content-length", "content-type", "date", "location", "x-mock-provenance", "x-mock-sandbox"]);
    assert_eq!(answer.header("date"), Some("Thu, 15 Jan 2026 12:00:00 GMT"));
    assert_eq!(answer.header("x-mock-provenance"), Some("inferred"));
    assert_eq!(answer.json(), json!({"count": 1, "mount": "/toy", "body": "", "base": "http://mock.test"}));
}

#[test]
fn body_date_and_journal_name_the_same_instant() {
    let server = toy(|setup| setup.clock = Clock::Real);
    let answer = server.send(&Asked::new("GET", "/toy/count").header("X-Toy-Slow", "1"));
    let now: Timestamp = answer.header("x-toy-now").and_then(|now| now.parse().ok()).expect("an instant");
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now).expect("a date");
    assert_eq!(answer.header("date"), Some(&*date));
    let kept = server.send(&Asked::new("GET", "/_mock/requests")).json();
    assert_eq!(kept["requests"][0]["at"], now.to_string());
}

#[test]
fn the_longest_mount_wins_on_the_decoded_path() {
    let server = toy(|_| {});
    let mount = |target: &str| server.send(&Asked::new("GET", target)).json()["mount"].clone();
    assert_eq!(mount("/toy/count"), "/toy");
    assert_eq!(mount("/toy%2Fcount"), "/toy");
    assert_eq!(mount("/toy/inner/count"), "/toy/inner");
    assert_eq!(mount("/toys/count"), "/TOYS");
    assert_eq!(server.send(&Asked::new("GET", "/Toy/count")).status, 404);
    assert_eq!(server.send(&Asked::new("GET", "/toybox/count")).status, 404);
}

#[test]
fn a_crash_is_answered_in_the_vendors_words_and_changes_nothing() {
    let server = toy(|_| {});
    let answer = server.send(&Asked::new("POST", "/toy/crash").body("{}"));
    assert_eq!((answer.status, answer.json()), (500, json!({"toy": 500})));
    assert_eq!(server.send(&Asked::new("POST", "/toy/count").body("{}")).json()["count"], 2);
}

#[test]
fn a_body_of_the_limit_passes_and_one_byte_more_is_refused() {
    let server = toy(|setup| setup.serving.max_body = 100_000);
    let send = |length: usize| server.send(&Asked::new("POST", "/toy/count").body(vec![b'x'; length]));
    let answer = send(100_000);
    assert_eq!((answer.status, answer.json()["body"].as_str().map(str::len)), (201, Some(100_000)));
    let answer = send(100_001);
    assert_eq!((answer.status, answer.json()), (413, json!({"toy": 413})));
    assert_eq!(send(5_000_000).status, 413, "the client can write all it has and still read the answer");
    assert_eq!(server.send(&Asked::new("GET", "/toy/count")).json()["count"], 2);
}

#[test]
fn a_chunked_body_is_bounded_too() {
    let server = toy(|setup| setup.serving.max_body = 10);
    let chunked =
        |body: &str| server.send(&Asked::new("POST", "/toy/count").header("Transfer-Encoding", "chunked").body(body));
    assert_eq!(chunked("5\r\nhello\r\n0\r\n\r\n").json()["body"], "hello");
    assert_eq!(chunked("6\r\nhello,\r\n6\r\n world\r\n0\r\n\r\n").status, 413);
}

#[test]
fn a_method_of_the_wrong_kind_names_the_right_ones() {
    let answer = toy(|_| {}).send(&Asked::new("PATCH", "/toy/count"));
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, POST")));
}

#[test]
fn a_preflight_is_answered_before_the_vendor() {
    let asked = Asked::new("OPTIONS", "/toy/nowhere")
        .header("Origin", "http://app.test:3000")
        .header("Access-Control-Request-Method", "PUT")
        .header("Access-Control-Request-Headers", "authorization, content-type");
    let answer = toy(|_| {}).send(&asked);
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert_eq!(answer.header("access-control-allow-origin"), Some("http://app.test:3000"));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(answer.header("access-control-allow-methods"), Some("PUT"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("authorization, content-type"));
    let vendors = toy(|_| {}).send(&Asked::new("OPTIONS", "/toy/count").header("Origin", "http://app.test:3000"));
    assert_eq!(vendors.status, 405, "any other OPTIONS is the vendor's");
    assert_eq!(vendors.header("access-control-allow-origin"), Some("http://app.test:3000"));
}

#[test]
fn every_answer_to_a_page_can_be_read_refusals_included() {
    let server = toy(|setup| setup.serving.max_body = 10);
    for asked in [
        Asked::new("GET", "/toy/count"),
        Asked::new("GET", "/toy/nowhere"),
        Asked::new("POST", "/toy/crash"),
        Asked::new("POST", "/toy/count").body("more than ten bytes"),
    ] {
        let answer = server.send(&asked.header("Origin", "null"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("null"));
        let exposed = answer.header("access-control-expose-headers").expect("exposed names");
        for name in ["location", "retry-after", "www-authenticate"] {
            assert!(exposed.contains(name), "{exposed}");
        }
        assert_eq!(exposed.contains("x-mock-provenance"), answer.header("x-mock-provenance").is_some());
    }
}

#[test]
fn cors_off_sends_none() {
    let server = toy(|setup| setup.serving.cors = Cors::Off);
    let answer = server.send(&Asked::new("GET", "/toy/count").header("Origin", "http://app.test"));
    assert!(!names(&answer).iter().any(|name| name.starts_with("access-control")));
    let preflight = Asked::new("OPTIONS", "/toy/count")
        .header("Origin", "http://app.test")
        .header("Access-Control-Request-Method", "PUT");
    assert_eq!(server.send(&preflight).status, 405);
}

#[test]
fn outside_every_mount_our_own_problem_names_them() {
    let server = toy(|_| {});
    let root = server.send(&Asked::new("GET", "/"));
    assert_eq!((root.status, &root.json()["mounts"][0]["mount"]), (200, &Value::from("/toy")));
    let lost = server.send(&Asked::new("GET", "/v9/personas"));
    assert_eq!((lost.status, lost.header("content-type")), (404, Some("application/problem+json")));
    assert_eq!(lost.json()["mounts"], json!(["/toy", "/toy/inner", "/TOYS"]));
    let wrong = server.send(&Asked::new("POST", "/_mock/health"));
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn health_and_routes_tell_what_is_served() {
    let server = toy(|_| {});
    let health = server.send(&Asked::new("GET", "/_mock/health")).json();
    assert_eq!(health, json!({"ready": true, "version": env!("CARGO_PKG_VERSION"), "providers": ["toy"]}));
    let routes = server.send(&Asked::new("GET", "/_mock/routes")).json();
    assert_eq!(routes["routes"][1]["operation"], "toy.add_count");
    assert_eq!(routes["routes"][1]["provenance"], "extension");
    let bare = toy(|setup| setup.documented_only = true).send(&Asked::new("GET", "/_mock/routes")).json();
    assert_eq!(bare["routes"], json!([]));
}

#[test]
fn links_start_with_the_public_url_if_one_is_stated() {
    let server = toy(|setup| setup.public_url = Some("https://your-site.com/".to_owned()));
    assert_eq!(server.send(&Asked::new("GET", "/toy/count")).json()["base"], "https://your-site.com");
}

#[test]
fn head_is_never_followed_by_a_body() {
    let server = toy(|_| {});
    let answer = server.send(&Asked::new("HEAD", "/_mock/health"));
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(server.send(&Asked::new("GET", "/toy/count")).status, 200, "the connection is still in step");
}

#[test]
fn a_broken_head_is_refused_and_the_server_lives_on() {
    let server = toy(|_| {});
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a time-out");
    stream.write_all(b"NOT HTTP\r\n\r\n").expect("bytes go out");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(server.send(&Asked::new("GET", "/toy/count")).status, 200);
}

/// Sends the head of a chunked request, then a byte of its body every 100 ms; gives all that came back once the
/// server has ended the connection.
fn drip(address: SocketAddr, target: &str, head: &str, first: &[u8]) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_millis(100))).expect("a time-out");
    let method = if head.contains("Access-Control") { "OPTIONS" } else { "POST" };
    let head = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{head}Transfer-Encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("a head goes out");
    stream.write_all(first).expect("the start of a body goes out");
    let began = Stopwatch::start();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while began.elapsed() < Duration::from_secs(20) {
        let sent = stream.write_all(b"1\r\n \r\n");
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => answer.extend_from_slice(&buffer[..read]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
        if sent.is_err() {
            break;
        }
    }
    (String::from_utf8_lossy(&answer).into_owned(), began.elapsed())
}

#[test]
fn a_refused_request_whose_body_never_ends_loses_its_connection_within_seconds() {
    let server = toy(|setup| {
        setup.serving.body_timeout = Duration::from_secs(1);
        setup.serving.max_body = 1_000;
        setup.guard.token = Some("secret".parse().expect("a token"));
    });
    let large = [format!("{:x}\r\n", 2_000).into_bytes(), vec![b' '; 2_000], b"\r\n".to_vec()].concat();
    let preflight = "Origin: http://localhost\r\nAccess-Control-Request-Method: PUT\r\n";
    let checks = [
        ("/toy/count", "", &b""[..], "408"),
        ("/toy/count", "", &large, "413"),
        ("/toy/count", "X-Mock-Sandbox: -\r\n", b"", "408"),
        ("/_mock/reset", "", b"", "401"),
        ("/_mock/reset", "Authorization: Bearer secret\r\n", b"", "408"),
        ("/nowhere", "Authorization: Bearer secret\r\n", b"", "408"),
        ("/toy/count", preflight, b"", "204"),
    ];
    let address = server.address;
    std::thread::scope(|scope| {
        for (target, head, first, status) in checks {
            scope.spawn(move || {
                let (answer, took) = drip(address, target, head, first);
                assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{target} {head:?}: {answer}");
                assert!(answer.to_ascii_lowercase().contains("connection: close"), "{target} {head:?}: {answer}");
                assert!(took < Duration::from_secs(10), "{target} {head:?}: {took:?}");
            });
        }
    });
}

#[test]
fn a_connection_may_be_silent_before_its_first_request() {
    let server = toy(|_| {});
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
    std::thread::sleep(Duration::from_secs(3));
    stream.write_all(b"GET /toy/count HTTP/1.1\r\nHost: a.test\r\n").expect("half a head goes out");
    std::thread::sleep(Duration::from_secs(4));
    stream.write_all(b"Connection: close\r\n\r\n").expect("the rest goes out");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn an_upgrade_is_not_taken_and_the_client_is_told_so() {
    let server = toy(|_| {});
    let h2c = Asked::new("GET", "/toy").header("Connection", "Upgrade, HTTP2-Settings").header("Upgrade", "h2c");
    let answer = server.send(&h2c.header("HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA"));
    assert_eq!(answer.header("connection"), Some("close"), "{answer:?}");
}

#[test]
fn faults_of_a_fixture_stop_the_start_and_are_all_named() {
    let build = |text: &str| {
        let setup = Setup { fixtures: vec![fixture(text)], ..server::setup() };
        AppState::build(&[register(Toy)], &setup).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(build(r#"{"count": 2}"#), Ok(()));
    assert_eq!(
        build(r#"{"count": 10}"#),
        Err("1 fault(s) in the fixtures:\n  toy.json: $.count: found 10, expected a count below 10".to_owned())
    );
    let both = build(r#"{"cuont": 10}"#).expect_err("two faults");
    assert!(both.contains("$.cuont: found an unknown name, expected one of `$schema`, `count`"), "{both}");
    assert!(both.contains("$: found no `count`, expected `count` to be there"), "{both}");
}

#[test]
fn a_provider_or_setting_that_is_not_there_is_refused_with_those_that_are() {
    let build = |setup: Setup| AppState::build(&[register(Toy)], &setup).expect_err("a refusal").to_string();
    let only = Setup { only: Some(vec!["tory".to_owned()]), ..server::setup() };
    assert_eq!(build(only), "there is no provider `tory`; the providers are `toy`");
    let set = |text: &str| Setup { settings: vec![text.to_owned()], ..server::setup() };
    assert_eq!(
        build(set("toy.size=9")),
        "cannot take the setting `toy.size=9`: there is no setting `size`, and none at all for this provider"
    );
    assert!(build(set("nonsense")).contains("expected provider.key=value"));
    let url = Setup { public_url: Some("your-site.com".to_owned()), ..server::setup() };
    assert!(matches!(AppState::build(&[register(Toy)], &url), Err(SetupError::PublicUrl { .. })));
}

#[test]
fn an_export_names_its_schema_and_loads_again() {
    let setup = Setup { fixtures: vec![fixture(r#"{"$schema": "mine.json", "count": 3}"#)], ..server::setup() };
    let app = AppState::build(&[register(Toy)], &setup).expect("an app state");
    let text = app.export("toy", "other.json").expect("a provider").expect("a text");
    assert_eq!(text, "{\n  \"$schema\": \"mine.json\",\n  \"count\": 3\n}\n");
}
