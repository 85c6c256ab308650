//! A document that is asked for in a sandbox speaks of that sandbox, and costs no more for it.

use persona_mock::internals::Setup;
use persona_mock::providers::registry;
use serde_json::{Value, json};

use super::support::{Asked, TestServer, server};

/// Every document that a server has.
fn documents() -> Vec<String> {
    let vendors = registry().iter().map(|provider| format!("/_mock/openapi/{}.json", provider.descriptor().id));
    vendors.chain(["/_mock/openapi.json".to_owned()]).collect()
}

fn start(change: impl FnOnce(&mut Setup)) -> TestServer {
    let mut setup = server::setup();
    change(&mut setup);
    TestServer::start(&setup)
}

/// The addresses that a document gives.
fn servers(server: &TestServer, asked: &Asked) -> Vec<String> {
    let document = server.send(asked).json();
    let servers = document["servers"].as_array().unwrap_or_else(|| panic!("{} names no server", asked.target));
    servers.iter().map(|server| server["url"].as_str().expect("a URL").to_owned()).collect()
}

/// Holds the addresses of every document against a base URL, below which each has those that it has at the root.
#[track_caller]
fn check((root, server): (&TestServer, &TestServer), base: &str, ask: impl Fn(&str) -> Asked) {
    for document in documents() {
        let plain = servers(root, &Asked::new("GET", &document));
        let below = |url: &String| format!("{base}{}", if url == "/" { "" } else { url });
        let expected: Vec<_> = plain.iter().map(below).collect();
        assert!(plain.contains(&"/".to_owned()), "{document}: {plain:?}");
        assert_eq!(servers(server, &ask(&document)), expected, "{document}");
    }
}

#[test]
fn a_document_is_of_the_sandbox_that_is_named_in_whatever_way() {
    let root = start(|_| {});
    let server = (&root, &root);
    check(server, "/_sandbox/t.1", |path| Asked::new("GET", &format!("/_sandbox/t.1{path}")));
    check(server, "/_sandbox/t2", |path| Asked::new("GET", path).header("X-Mock-Sandbox", "t2"));
    check(server, "/_sandbox/t3", |path| {
        Asked::new("GET", &format!("/_sandbox/t3{path}")).header("X-Mock-Sandbox", "t3")
    });
    check(server, "/_sandbox/t4", |path| Asked::new("GET", path).header("Authorization", "Bearer vk+sandbox.t4"));
    check(server, "/_sandbox/default", |path| Asked::new("GET", path).header("X-Mock-Sandbox", "default"));
    // Where every request must name a sandbox, `/` would lead nowhere.
    let strict = start(|setup| setup.serving.require_sandbox = true);
    check((&root, &strict), "/_sandbox/default", |path| Asked::new("GET", path));
}

#[test]
fn behind_a_proxy_that_is_trusted_a_document_is_where_the_client_sees_the_mock() {
    let through = |path: &str| {
        Asked::new("GET", path)
            .header("X-Forwarded-Host", "app.test:8443")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Prefix", "/mock")
    };
    let root = start(|_| {});
    let trusting = start(|setup| setup.serving.trust_proxy = true);
    let trusting = (&root, &trusting);
    check(trusting, "https://app.test:8443/mock/_sandbox/t1", |path| through(&format!("/_sandbox/t1{path}")));
    check(trusting, "https://app.test:8443/mock", through);
    check(trusting, "http://mock.test/mock/_sandbox/t1", |path| {
        Asked::new("GET", path).header("X-Forwarded-Prefix", "/mock").header("X-Mock-Sandbox", "t1")
    });
    check(trusting, "/_sandbox/t1", |path| Asked::new("GET", path).header("X-Mock-Sandbox", "t1"));
    check((&root, &root), "/_sandbox/t1", |path| through(&format!("/_sandbox/t1{path}")));
    let public = start(|setup| setup.public_url = Some("https://mock.example.com/m/".to_owned()));
    check((&root, &public), "https://mock.example.com/m/_sandbox/t1", |path| through(&format!("/_sandbox/t1{path}")));
}

#[test]
fn what_is_sent_where_a_document_says_arrives_in_its_sandbox() {
    let server = start(|_| {});
    let document = Asked::new("GET", "/_mock/openapi.json").header("X-Mock-Sandbox", "t1");
    let [base] = &servers(&server, &document)[..] else { panic!("one server") };
    let changed = server.send(&Asked::new("PUT", &format!("{base}/_mock/clock")).json(r#"{"advance": "1d"}"#));
    assert_eq!(changed.json()["now"], "2026-01-16T12:00:00Z");
    let document = Asked::new("GET", "/_sandbox/t1/_mock/openapi/crud.json");
    for base in servers(&server, &document) {
        let made = Asked::new("POST", &format!("{base}/crud/personas")).json(r#"{"name": "Dana"}"#);
        let answer = server.send(&made.header("Authorization", "Bearer vm_RobinOwnsDevflow000000000001"));
        assert_eq!(answer.header("x-mock-sandbox"), Some("t1"), "{base}");
    }
    let now = |sandbox: &str| server.send(&Asked::new("GET", "/_mock/clock").header("X-Mock-Sandbox", sandbox)).json();
    assert_eq!(
        (&now("t1")["now"], &now("default")["now"]),
        (&json!("2026-01-16T12:00:00Z"), &json!("2026-01-15T12:00:00Z"))
    );
}

#[test]
fn a_document_is_read_once_for_all_sandboxes_and_bases() {
    let server = start(|setup| setup.serving.trust_proxy = true);
    let read = || server.app.documents().read_count();
    for number in 0..20 {
        let prefix = format!("/p{number}");
        for document in documents() {
            let asked = Asked::new("GET", &format!("/_sandbox/s{number}{document}"));
            let found: Value = server.send(&asked.header("X-Forwarded-Prefix", &prefix)).json();
            let url = found["servers"][0]["url"].as_str().expect("a URL").to_owned();
            assert_eq!(url, format!("http://mock.test{prefix}/_sandbox/s{number}"), "{document}");
        }
    }
    assert_eq!(read(), registry().len() as u64, "once for each vendor");
    assert_eq!(server.app.documents().kept_count(), registry().len());
}
