//! A page whose name is pointed at this machine once it is loaded: the control API answers to names of its own alone.

use std::io::{Read, Write};
use std::net::TcpStream;

use persona_mock::internals::Guard;

use super::pages::operations;
use super::{preflight, toy, with_token};
use crate::support::{Asked, TestServer};

fn status(server: &TestServer, method: &str, target: &str, host: &str) -> u16 {
    server.send(&Asked::new(method, target).header("Host", host)).status
}

#[test]
fn every_path_and_method_is_closed_to_a_name_that_a_stranger_could_own() {
    let server = toy(|_| {});
    let before = server.send(&Asked::new("GET", "/_mock/state")).text();
    let mut all = operations();
    for path in ["/", "/_mock", "/_mock/nowhere", "/%5fmock/state"] {
        all.extend(["GET", "HEAD", "POST", "OPTIONS"].map(|method| (method.to_owned(), path.to_owned())));
    }
    for (method, path) in all {
        let exempt = matches!(&*path, "/_mock/health" | "/_mock/ready");
        for target in [path.clone(), format!("/_sandbox/t1{path}")] {
            let answer = server.send(&Asked::new(&method, &target).header("Host", "evil.example:8080"));
            assert_eq!(answer.status == 403, !exempt, "{method} {target}: {}", answer.status);
            // A rebound page is of this server's own origin.
            let own = Asked::new(&method, &target).header("Host", "evil.example:8080");
            let own = server.send(&own.header("Origin", "http://evil.example:8080"));
            assert_eq!(own.status == 403, !exempt, "{method} {target}: {}", own.status);
            if !exempt && method != "HEAD" {
                assert_eq!(answer.header("content-type"), Some("application/problem+json"));
                let detail = answer.json()["detail"].clone();
                assert!(detail.as_str().is_some_and(|told| told.contains("--control-host evil.example")), "{detail}");
            }
            let asked = preflight(&method, &target, "http://evil.example:8080").header("Host", "evil.example:8080");
            assert_eq!(server.send(&asked).status == 403, !exempt, "OPTIONS {target}");
        }
    }
    assert_eq!(server.send(&Asked::new("GET", "/_mock/state")).text(), before, "nothing was changed");
    assert_eq!(status(&server, "GET", "/toy/count", "evil.example"), 200, "a vendor answers to any name");
    assert_eq!(status(&server, "GET", "/v9", "evil.example"), 404);
}

#[test]
fn names_that_no_stranger_owns_pass_and_what_is_no_name_does_not() {
    let server = toy(|_| {});
    for host in [
        "127.0.0.1:8080",
        "192.168.0.7",
        "[::1]:8080",
        "[::1]",
        "localhost",
        "LOCALHOST:8080",
        "localhost.:8080",
        "app.localhost",
        "persona-mock:8080",
        "persona_mock",
        "host.docker.internal",
        "mock.tests.svc:80",
        "mock.tests.svc.cluster.local",
        "MOCK.test:9",
        "mock.test.",
    ] {
        assert_eq!(status(&server, "GET", "/_mock/state", host), 200, "{host}");
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "x.mock.test",
        "mock.test.evil.example",
        "host.docker.internal.evil.example",
        "user@localhost",
        "evil.example@127.0.0.1",
        "localhost:port",
        "localhost:1:2",
        "localhost,evil.example",
        "localhost evil.example",
        "localhost/",
        "localhost..",
        "::1",
        "[::1",
        "",
    ] {
        let answer = server.send(&Asked::new("GET", "/_mock/state").header("Host", host));
        assert!(matches!(answer.status, 400 | 403), "{host:?}: {}", answer.status);
        assert!(answer.status == 400 || answer.text().contains("--control-host"), "{host:?}: {}", answer.text());
    }
}

#[test]
fn a_forwarded_host_says_nothing_even_of_a_trusted_proxy() {
    for trust_proxy in [false, true] {
        let server = toy(|setup| setup.serving.trust_proxy = trust_proxy);
        for name in ["X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host"] {
            let value = |host: &str| if name == "Forwarded" { format!("host={host}") } else { host.to_owned() };
            let asked = |host: &str, told: &str| {
                Asked::new("GET", "/_mock/state").header("Host", host).header(name, &value(told))
            };
            assert_eq!(server.send(&asked("evil.example", "localhost")).status, 403, "{name}");
            assert_eq!(server.send(&asked("localhost", "evil.example")).status, 200, "{name}");
            let own = asked("localhost", "evil.example").header("Origin", "http://evil.example");
            assert_eq!(
                server.send(&own).status,
                403,
                "{name}: a name that a stranger may own is not this server's own for what a proxy says"
            );
        }
    }
}

#[test]
fn an_absolute_target_names_a_host_too() {
    let server = toy(|_| {});
    for (target, host, expected) in [
        ("http://localhost:8080/_mock/state", "localhost:8080", 200),
        ("http://evil.example/_mock/state", "localhost", 403),
        ("http://localhost/_mock/state", "evil.example", 403),
        ("http://evil.example/_mock/state", "evil.example", 403),
        ("http://evil.example@localhost/_mock/state", "localhost", 403),
    ] {
        assert_eq!(status(&server, "GET", target, host), expected, "{target} {host}");
    }
}

#[test]
fn a_request_without_a_host_passes_where_http_has_such() {
    let server = toy(|_| {});
    // HTTP/1.1 has none: the library answers it before anything here is asked.
    for (head, status) in [("GET /_mock/state HTTP/1.0", "200 OK"), ("GET /_mock/state HTTP/1.1", "400 Bad Request")] {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        write!(stream, "{head}\r\nConnection: close\r\n\r\n").expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.lines().next().is_some_and(|line| line.contains(status)), "{head}: {answer}");
    }
}

#[test]
fn names_of_the_operator_pass() {
    let guard = Guard {
        hosts: vec!["mock.example.com".parse().expect("a host")],
        origins: vec!["https://app.example.com:3000".parse().expect("an origin")],
        ..Guard::default()
    };
    let public_url = Some("https://public.example.com:8443/base".to_owned());
    let server = toy(|setup| (setup.guard, setup.public_url) = (guard, public_url));
    for host in ["mock.example.com", "MOCK.example.com.:8080", "app.example.com", "public.example.com:1"] {
        assert_eq!(status(&server, "GET", "/_mock/state", host), 200, "{host}");
    }
    for host in ["example.com", "x.mock.example.com", "mock.test"] {
        assert_eq!(status(&server, "GET", "/_mock/state", host), 403, "{host}");
    }
}

#[test]
fn with_the_token_any_name_passes_and_without_it_none_more() {
    let guard = Guard { hosts: Vec::new(), ..with_token() };
    let server = toy(|setup| setup.guard = guard);
    let asked = |host: &str, token: &str| {
        let asked = Asked::new("GET", "/_mock/state").header("Host", host);
        server.send(&asked.header("Authorization", token)).status
    };
    assert_eq!(asked("mock.corp.example", "Bearer s3cret"), 200);
    assert_eq!(asked("user@mock", "bearer s3cret"), 200);
    assert_eq!(asked("mock.corp.example", "Bearer wrong"), 403);
    assert_eq!(asked("localhost", "Bearer wrong"), 401);
    for scheme in ["Bearer", "bearer", "BEARER", "bEARER"] {
        assert_eq!(asked("localhost", &format!("{scheme} s3cret")), 200, "{scheme}");
    }
    for wrong in ["s3cret", "Basic s3cret", "Bearer s3cret2", "Bearer s3cre", "Bearer", "Bearer "] {
        assert_eq!(asked("localhost", wrong), 401, "{wrong}");
    }
    let foreign = Asked::new("GET", "/_mock/state").header("Origin", "http://evil.test");
    assert_eq!(server.send(&foreign.header("Authorization", "Bearer s3cret")).status, 403, "a foreign page stays out");
    assert_eq!(status(&server, "GET", "/_mock/health", "evil.example"), 200);
    assert_eq!(status(&server, "GET", "/", "evil.example"), 403, "what needs no token does not answer to any name");
}
