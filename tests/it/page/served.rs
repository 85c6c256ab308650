//! Who is served the page, and what it may do in a browser.

use persona_mock::internals::Guard;

use super::toy;
use crate::support::{Answer, Asked, TestServer, server};

const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn browser(target: &str) -> Asked {
    Asked::new("GET", target).header("Accept", PAGE)
}

/// The files that the page is made of, as its own sources name them.
const FILES: [(&str, &str); 4] = [
    ("/_mock/ui/", "text/html; charset=utf-8"),
    ("/_mock/ui/main.js", "text/javascript; charset=utf-8"),
    ("/_mock/ui/style.css", "text/css; charset=utf-8"),
    ("/_mock/ui/icon.svg", "image/svg+xml"),
];

#[test]
fn a_browser_is_led_to_the_page_and_others_get_what_they_got() {
    let server = toy(|_| {});
    for (target, location) in [
        ("/", "_mock/ui/"),
        ("/_mock", "_mock/ui/"),
        ("/_mock/", "../_mock/ui/"),
        ("/_mock/ui", "../_mock/ui/"),
        ("/_sandbox/t1", "../_mock/ui/#/t1/calls"),
        ("/_sandbox/t1/", "../../_mock/ui/#/t1/calls"),
        ("/_sandbox/t1/_mock/ui/", "../../../../_mock/ui/#/t1/calls"),
    ] {
        let answer = server.send(&browser(target));
        assert_eq!((answer.status, answer.header("location")), (302, Some(location)), "{target}");
        assert_eq!(answer.header("vary"), Some("Accept"), "{target}");
    }
    for accept in ["*/*", "application/json", "text/html;q=0, */*", "text/plain"] {
        let answer = server.send(&Asked::new("GET", "/").header("Accept", accept));
        assert_eq!((answer.status, &answer.json()["name"]), (200, &"persona-mock".into()), "{accept}");
    }
    assert_eq!(server.send(&Asked::new("GET", "/")).status, 200);
    assert_eq!(server.send(&Asked::new("GET", "/_mock")).status, 404);
    assert_eq!(server.send(&browser("/").header("X-Mock-Sandbox", "a b")).status, 400, "no name");
}

#[test]
fn whoever_opens_the_page_of_a_sandbox_makes_none() {
    let server = toy(|_| {});
    for target in ["/_sandbox/t1/", "/_sandbox/t1/_mock/ui/", "/_sandbox/t1/_mock/ui/main.js"] {
        assert!(server.send(&browser(target)).header("x-mock-sandbox-created").is_none(), "{target}");
    }
    assert_eq!(server.send(&Asked::new("GET", "/_mock/sandboxes/t1")).status, 404);
}

#[test]
fn each_file_has_its_type_and_its_policy() {
    let server = toy(|_| {});
    for (target, media) in FILES {
        let answer = server.send(&browser(target));
        let policies: Vec<_> = answer.headers.iter().filter(|(name, _)| name == "content-security-policy").collect();
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(media)), "{target}");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ] {
            assert!(policy.split("; ").any(|known| known == part), "{target}: {part}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policies.is_empty(), "{target}: {policy}");
        let field = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        assert_eq!(
            [field("x-content-type-options"), field("cross-origin-resource-policy"), field("referrer-policy")],
            ["nosniff", "same-origin", "no-referrer"],
            "{target}"
        );
    }
}

fn body(answer: &Answer) -> &[u8] {
    &answer.body
}

#[test]
fn it_is_packed_for_who_takes_that_and_sent_once() {
    let server = toy(|_| {});
    for (target, _) in FILES {
        let plain = server.send(&browser(target));
        let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
        let name = match &target["/_mock/ui/".len()..] {
            "" => "index.html",
            name => name,
        };
        assert_eq!(plain.header("content-encoding"), None, "{target}");
        assert!(body(&plain) == std::fs::read(source.join(name)).expect("its source"), "{target}");
        for taken in ["gzip", "br, gzip;q=0.8", "deflate, GZIP"] {
            let packed = server.send(&browser(target).header("Accept-Encoding", taken));
            let found = (packed.header("content-encoding"), packed.header("vary"));
            assert_eq!(found, (Some("gzip"), Some("Accept-Encoding")), "{target}: {taken}");
            assert!(body(&packed).starts_with(&[0x1f, 0x8b]) && body(&packed).len() < body(&plain).len().max(600));
        }
        for taken in ["identity", "gzip;q=0", "br", ""] {
            let answer = server.send(&browser(target).header("Accept-Encoding", taken));
            assert_eq!(answer.header("content-encoding"), None, "{target}: {taken}");
        }
        let tag = plain.header("etag").expect("a tag");
        for known in [tag.to_owned(), format!("\"x\", {tag}"), "*".to_owned()] {
            let answer = server.send(&browser(target).header("If-None-Match", &known));
            assert_eq!((answer.status, body(&answer).len(), answer.header("etag")), (304, 0, Some(tag)), "{known}");
        }
        assert_eq!(server.send(&browser(target).header("If-None-Match", "W/\"x\"")).status, 200);
        let head = server.send(&Asked::new("HEAD", target));
        assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, Some(tag)));
        let other = server.send(&Asked::new("POST", target));
        assert_eq!((other.status, other.header("allow")), (405, Some("GET, HEAD")));
    }
    for nothing in ["/_mock/ui/x.js", "/_mock/ui/../clock", "/_mock/ui/index.html", "/_mock/ui//main.js", "/_mock/uix"]
    {
        assert_eq!(server.send(&browser(nothing)).status, 404, "{nothing}");
    }
}

#[test]
fn it_wants_no_token_and_all_that_it_shows_does() {
    let server = toy(|setup| {
        setup.guard = Guard { token: Some("s3cret".parse().expect("a token")), ..server::guard() };
    });
    for (target, _) in FILES {
        assert_eq!(server.send(&browser(target)).status, 200, "{target}");
    }
    assert_eq!(server.send(&browser("/")).status, 302);
    for target in ["/_mock/requests", "/_mock/events", "/_mock/sandboxes", "/_mock/ui/x.js", "/_mock/openapi.json"] {
        assert_eq!(server.send(&browser(target)).status, 401, "{target}");
    }
    assert_eq!(server.send(&Asked::new("GET", "/_mock")).status, 401, "as for any other client");
}

#[test]
fn the_licences_of_what_is_embedded_are_served_whole() {
    let server = toy(|_| {});
    let licences = server.send(&browser("/_mock/ui/licences.txt")).text();
    for told in
        ["Copyright (c) 2015-present Jason Miller", "THE SOFTWARE IS PROVIDED \"AS IS\"", "Copyright 2018 Google Inc."]
    {
        assert!(licences.contains(told), "{told}: {licences}");
    }
    assert!(licences.ends_with(include_str!("../../../LICENSE")), "the Apache License stands below it whole");
}

#[test]
fn it_can_be_left_out() {
    let server = toy(|setup| setup.serving.ui = false);
    for (target, status) in
        [("/", 200), ("/_mock", 404), ("/_mock/ui", 404), ("/_mock/ui/", 404), ("/_mock/ui/main.js", 404)]
    {
        assert_eq!(server.send(&browser(target)).status, status, "{target}");
    }
}

/// Asks as a browser does for what a page of another site wants.
fn foreign(target: &str, mode: &str, destination: &str) -> Asked {
    let asked = browser(target).header("Sec-Fetch-Site", "cross-site").header("Sec-Fetch-Mode", mode);
    asked.header("Sec-Fetch-Dest", destination)
}

#[test]
fn a_foreign_page_may_lead_to_it_and_neither_load_nor_frame_it() {
    let server = toy(|_| {});
    let status = |asked: &Asked| server.send(asked).status;
    assert_eq!(status(&foreign("/_mock/ui/", "navigate", "document")), 200);
    assert_eq!(status(&foreign("/", "navigate", "document")), 302);
    for (mode, destination) in [("navigate", "iframe"), ("no-cors", "script"), ("no-cors", "style"), ("cors", "empty")]
    {
        assert_eq!(status(&foreign("/_mock/ui/main.js", mode, destination)), 403, "{mode} {destination}");
    }
    // A page that states its origin may ask for the files, as the page's own does behind TLS, and cannot read them.
    let evil = "http://evil.example";
    let stated = server.send(&browser("/_mock/ui/main.js").header("Origin", evil));
    assert_eq!((stated.status, stated.header("access-control-allow-origin")), (200, None));
    assert_eq!(stated.header("cross-origin-resource-policy"), Some("same-origin"));
    assert_eq!(status(&foreign("/_mock/ui/main.js", "cors", "script").header("Origin", evil)), 403);
    assert_eq!(status(&browser("/_mock/ui/").header("Host", "evil.example")), 403, "a rebound name");
    assert_eq!(status(&browser("/").header("Host", "evil.example")), 403);
}

/// A call that changes something, as the page makes it behind a proxy that speaks TLS.
fn change(server: &TestServer, origin: &str, fields: &[(&str, &str)]) -> u16 {
    let asked = Asked::new("POST", "/_mock/reset").header("Host", "mock").header("Origin", origin).json("{}");
    let asked = fields.iter().fold(asked, |asked, (name, value)| asked.header(name, value));
    server.send(&asked.header("Sec-Fetch-Site", "same-origin")).status
}

#[test]
fn behind_a_trusted_proxy_its_own_origin_is_the_forwarded_one() {
    let tls = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "mock.test")];
    let below = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Prefix", "/x/y")];
    let trusting = toy(|setup| setup.serving.trust_proxy = true);
    assert_eq!(change(&trusting, "https://mock.test", &tls), 200);
    assert_eq!(change(&trusting, "https://mock", &below), 200);
    assert_eq!(change(&trusting, "https://mock", &[("Forwarded", "proto=https")]), 200);
    assert_eq!(change(&trusting, "http://mock", &[]), 200);
    for origin in ["https://evil.example", "http://mock.test", "https://mock.test:8443", "null"] {
        assert_eq!(change(&trusting, origin, &tls), 403, "{origin}");
    }
    let strange = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example")];
    assert_eq!(change(&trusting, "https://evil.example", &strange), 403, "a proxy that takes all names");
    let careful = toy(|_| {});
    assert_eq!(change(&careful, "https://mock.test", &tls), 403, "nobody's word counts");
    let refused = tls.iter().fold(Asked::new("POST", "/_mock/reset"), |asked, (name, value)| asked.header(name, value));
    let refused = careful.send(&refused.header("Origin", "https://mock.test")).text();
    assert!(refused.contains("--trust-proxy"), "{refused}");
    assert_eq!(change(&careful, "http://mock", &tls), 200);
}
