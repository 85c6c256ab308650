//! Behind a proxy: links and redirects start where it says, if the operator trusts it, and nothing else follows it.

use persona_mock::internals::{Cors, Setup};

use super::support::{Answer, Asked, TestServer, server};

fn start(change: impl FnOnce(&mut Setup)) -> TestServer {
    let mut setup = server::setup();
    change(&mut setup);
    TestServer::start(&setup)
}

fn trusting() -> TestServer {
    start(|setup| setup.serving.trust_proxy = true)
}

/// What a proxy sends that serves `https://app.test:8443/mock/`.
fn through(target: &str) -> Asked {
    Asked::new("GET", target)
        .header("X-Forwarded-Host", "app.test:8443")
        .header("X-Forwarded-Proto", "https")
        .header("X-Forwarded-Prefix", "/mock")
}

fn location(answer: &Answer) -> &str {
    answer.header("location").expect("a redirect")
}

fn edit_url(server: &TestServer, asked: Asked) -> String {
    let answer = server.send(&asked.header("Authorization", "Bearer axero-owner-alice"));
    answer.json()["ResponseData"]["EditAbsoluteURL"].as_str().expect("an address").to_owned()
}

#[test]
fn every_link_and_redirect_starts_where_a_trusted_proxy_says() {
    let server = trusting();
    let answer = server.send(&through("/v1/personas?limit=1"));
    assert_eq!((answer.status, location(&answer)), (307, "https://app.test:8443/mock/v1/personas/?limit=1"));
    assert_eq!(edit_url(&server, through("/api/personas/8")), "https://app.test:8443/mock/personas/addedit/8");
    let answer = server.send(&through("/api/nowhere"));
    assert!(answer.text().contains("https://app.test:8443/mock/api/nowhere"), "{}", answer.text());
    // What the vendor redirects to a path stays below the prefix.
    let answer = server.send(&through("/crud/personas/?limit=1"));
    assert_eq!((answer.status, location(&answer)), (308, "/mock/crud/personas?limit=1"));
    assert_eq!(answer.header("refresh"), Some("0;url=/mock/crud/personas?limit=1"));
    let forwarded =
        Asked::new("GET", "/v1/personas").header("Forwarded", "for=\"[::1]\";host=\"a.test:81\";proto=https");
    assert_eq!(location(&server.send(&forwarded)), "https://a.test:81/v1/personas/");
    assert_eq!(location(&server.send(&Asked::new("GET", "/v1/personas"))), "http://mock.test/v1/personas/");
}

#[test]
fn a_sandbox_stands_behind_the_prefix() {
    let server = trusting();
    let answer = server.send(&through("/_sandbox/t1/v1/personas"));
    assert_eq!(location(&answer), "https://app.test:8443/mock/_sandbox/t1/v1/personas/");
    let answer = server.send(&through("/_sandbox/t1/crud/personas/"));
    assert_eq!(location(&answer), "/mock/_sandbox/t1/crud/personas");
    assert_eq!(answer.header("refresh"), Some("0;url=/mock/_sandbox/t1/crud/personas"));
    let named = through("/v1/personas").header("X-Mock-Sandbox", "t1");
    assert_eq!(location(&server.send(&named)), "https://app.test:8443/mock/v1/personas/", "as the client asked");
    let answer = start(|_| {}).send(&Asked::new("GET", "/_sandbox/t1/crud/personas/"));
    assert_eq!(answer.header("refresh"), Some("0;url=/_sandbox/t1/crud/personas"), "without a proxy, too");
}

#[test]
fn nothing_is_looked_at_unless_the_operator_trusts_his_proxy() {
    let server = start(|_| {});
    for (target, expected) in [
        ("/v1/personas", "http://mock.test/v1/personas/"),
        ("/_sandbox/t1/v1/personas", "http://mock.test/_sandbox/t1/v1/personas/"),
        ("/crud/personas/", "/crud/personas"),
    ] {
        let asked = through(target).header("Forwarded", "host=a.test;proto=https").header("X-Forwarded-Port", "81");
        assert_eq!(location(&server.send(&asked)), expected);
    }
}

#[test]
fn the_public_url_counts_more_than_any_proxy_with_its_path() {
    let server = start(|setup| {
        (setup.serving.trust_proxy, setup.public_url) = (true, Some("https://public.test/base".to_owned()));
    });
    let forwarded = |target: &str| through(target).header("Forwarded", "host=a.test;proto=http");
    assert_eq!(location(&server.send(&forwarded("/v1/personas"))), "https://public.test/base/v1/personas/");
    assert_eq!(location(&server.send(&forwarded("/crud/personas/"))), "/base/crud/personas");
    assert_eq!(edit_url(&server, forwarded("/api/personas/8")), "https://public.test/base/personas/addedit/8");
}

#[test]
fn no_hostile_value_comes_into_an_answer() {
    let server = trusting();
    let long = "a".repeat(10_000);
    let names = ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "Forwarded"];
    for name in names {
        for value in [
            "evil.example/path",
            "evil.example\\@app.test",
            "me@evil.example",
            "javascript:alert(1)//evil.example",
            "//evil.example",
            "/..//evil.example",
            "/%2e%2e/evil.example",
            "/a;url=http://evil.example",
            "\"><script>evil.example",
            "host=\"evil.example/\";proto=\"javascript\"",
            "host=\"evil.example",
            "host=\"evil.example\\\r\"",
            "evil.example%0d%0aSet-Cookie:%20a=b",
            "/evil.example%0d%0aSet-Cookie:%20a=b",
            "evil.example\0",
            "evil.example\u{7f}",
            "\u{e9}vil.example",
            &format!("{long}.evil.example"),
            &format!("/{long}/evil.example"),
            &format!("for={long};host=evil.example"),
        ] {
            for target in ["/v1/personas", "/crud/personas/", "/api/nowhere", "/_sandbox/t1/v1/personas"] {
                let answer = server.send_unjudged(&Asked::new("GET", target).header(name, value));
                let shown = format!("{:?} {}", answer.headers, answer.text());
                assert!(!shown.contains("evil") && !shown.contains("aaaa"), "{name}: {value:?}: {shown}");
                let refused = answer.status == 400;
                assert!(
                    refused || answer.header("location").is_some() || target == "/api/nowhere",
                    "{value:?}: {shown}"
                );
            }
        }
    }
    // A line break ends the field: what follows is one more field of the request, and none of the answer.
    let split = Asked::new("GET", "/v1/personas").header("X-Forwarded-Host", "app.test\r\nSet-Cookie: evil=1");
    let answer = server.send(&split);
    assert_eq!((location(&answer), answer.header("set-cookie")), ("http://app.test/v1/personas/", None));
}

#[test]
fn a_page_is_admitted_by_its_own_origin_and_by_nothing_that_a_proxy_says() {
    let server = start(|setup| {
        setup.serving.trust_proxy = true;
        setup.serving.cors = Cors::Only(vec!["https://app.test:8443".parse().expect("an origin")]);
    });
    let allowed = |origin: &str| {
        let answer = server.send(&through("/v1/personas").header("Origin", origin));
        answer.header("access-control-allow-origin").map(str::to_owned)
    };
    assert_eq!(allowed("https://app.test:8443").as_deref(), Some("https://app.test:8443"));
    assert_eq!(allowed("https://evil.example"), None);
    // Neither is a page that the proxy serves one of this server, nor a name that was pointed here.
    let page = through("/_mock/state").header("Origin", "https://app.test:8443");
    assert_eq!(server.send(&page).status, 403);
    let rebound = Asked::new("GET", "/_mock/state").header("Host", "evil.example");
    for name in ["X-Forwarded-Host", "X-Forwarded-For"] {
        assert_eq!(server.send(&rebound.clone().header(name, "localhost")).status, 403);
    }
    assert_eq!(server.send(&rebound.header("Forwarded", "host=localhost")).status, 403);
}
