//! What `--cors` opens, and what stays closed to foreign pages whatever it says.

use persona_mock::internals::control_document;
use persona_mock::internals::{Cors, Guard};

use super::{PAGES, has_cors, preflight, toy, with_token};
use crate::support::{Asked, server};

#[test]
fn listed_origins_may_call_and_no_others() {
    let listed = ["http://app.test:3000", "null"];
    let origins = listed.iter().map(|origin| origin.parse().expect("an origin")).collect();
    let server = toy(|setup| setup.serving.cors = Cors::Only(origins));
    for origin in listed {
        let answer = server.send(&Asked::new("GET", "/toy/count").header("Origin", origin));
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        assert_eq!(answer.header("vary"), Some("Origin"));
        assert_eq!(server.send(&preflight("PUT", "/toy/count", origin)).status, 204);
    }
    for origin in
        ["http://app.test", "https://app.test:3000", "http://app.test:3000.evil.test", "capacitor://localhost"]
    {
        let answer = server.send(&Asked::new("GET", "/toy/count").header("Origin", origin));
        assert_eq!((answer.status, has_cors(&answer)), (200, false), "{origin}");
        let answer = server.send(&preflight("PUT", "/toy/count", origin));
        assert_eq!((answer.status, has_cors(&answer)), (405, false), "{origin}: the vendor's own OPTIONS");
    }
    assert_eq!(server.send(&Asked::new("GET", "/toy/count")).status, 200, "no page asks");
}

#[test]
fn an_older_chromium_is_told_that_this_machine_may_be_called() {
    let server = toy(|_| {});
    for target in ["/toy/count", "/v9"] {
        let asked = preflight("PUT", target, PAGES[0]).header("Access-Control-Request-Private-Network", "true");
        assert_eq!(server.send(&asked).header("access-control-allow-private-network"), Some("true"), "{target}");
        let asked = preflight("PUT", target, PAGES[0]);
        assert_eq!(server.send(&asked).header("access-control-allow-private-network"), None, "{target}");
    }
}

#[test]
fn no_value_of_cors_opens_the_control_api() {
    let listed = || Cors::Only(PAGES.iter().map(|origin| origin.parse().expect("an origin")).collect());
    for cors in [Cors::On, Cors::Off, listed()] {
        let server = toy(|setup| setup.serving.cors = cors);
        for origin in PAGES {
            for target in
                ["/", "/_mock", "/_mock/", "/_mock/state", "/_mock/nowhere", "/%5fmock/state", "/_mock%2Fstate"]
            {
                for target in [target.to_owned(), format!("/_sandbox/t1{target}")] {
                    for asked in [
                        Asked::new("GET", &target).header("Origin", origin),
                        Asked::new("POST", &target).header("Origin", origin),
                        preflight("POST", &target, origin),
                    ] {
                        let answer = server.send(&asked);
                        assert_eq!(
                            (answer.status, has_cors(&answer)),
                            (403, false),
                            "{origin} {} {target}",
                            asked.method
                        );
                    }
                }
            }
            let bare = server.send(&Asked::new("GET", "/_sandbox/t1").header("Origin", origin));
            assert_eq!((bare.status, has_cors(&bare)), (403, false));
        }
    }
}

#[test]
fn a_foreign_page_that_states_no_origin_is_refused_but_for_a_link_that_is_followed() {
    let server = toy(|_| {});
    let loads = |method: &str, target: &str, site: &str, mode: &str, dest: &str| {
        let asked = Asked::new(method, target).header("Sec-Fetch-Site", site);
        server.send(&asked.header("Sec-Fetch-Mode", mode).header("Sec-Fetch-Dest", dest)).status
    };
    for target in ["/_mock/state", "/_sandbox/t1/_mock/state", "/", "/_mock/health"] {
        assert_eq!(loads("GET", target, "cross-site", "no-cors", "image"), 403, "{target}");
        assert_eq!(loads("GET", target, "cross-site", "no-cors", "script"), 403, "{target}");
        assert_eq!(loads("GET", target, "cross-site", "navigate", "iframe"), 403, "{target}");
        assert_eq!(loads("GET", target, "cross-site", "navigate", "object"), 403, "{target}");
        assert_eq!(loads("GET", target, "cross-site", "navigate", "document"), 200, "{target}: a link is followed");
        for site in ["same-origin", "same-site", "none"] {
            assert_eq!(loads("GET", target, site, "no-cors", "image"), 200, "{site} {target}");
        }
    }
    assert_eq!(loads("POST", "/_mock/reset", "cross-site", "navigate", "document"), 403, "a form is sent");
    assert_eq!(loads("HEAD", "/_mock/state", "cross-site", "navigate", "document"), 403);
    assert_eq!(loads("GET", "/toy/count", "cross-site", "no-cors", "image"), 200, "a vendor does not look");
    assert_eq!(loads("GET", "/v9", "cross-site", "no-cors", "image"), 404);
}

#[test]
fn two_origins_are_refused_whichever_they_are() {
    let guard = Guard { origins: vec!["http://app.test:3000".parse().expect("an origin")], ..server::guard() };
    let server = toy(|setup| setup.guard = guard);
    for (one, other) in [
        ("http://app.test:3000", "http://app.test:3000"),
        ("http://mock.test", "http://mock.test"),
        ("http://app.test:3000", "http://evil.test"),
        ("http://evil.test", "http://mock.test"),
    ] {
        let asked = Asked::new("POST", "/_mock/reset").header("Origin", one).header("Origin", other);
        let answer = server.send(&asked);
        assert_eq!(answer.status, 403, "{one} {other}");
        assert!(answer.text().contains("two origins"), "{}", answer.text());
    }
    let joined = Asked::new("POST", "/_mock/reset").header("Origin", "http://app.test:3000, http://app.test:3000");
    assert_eq!(server.send(&joined).status, 403);
    assert_eq!(server.send(&Asked::new("POST", "/_mock/reset").header("Origin", "")).status, 403);
}

#[test]
fn the_refusal_tells_how_to_allow_an_origin_but_not_how_to_allow_all() {
    let server = toy(|_| {});
    let told = |origin: &str| server.send(&Asked::new("POST", "/_mock/reset").header("Origin", origin)).text();
    assert!(told("http://app.test:3000").contains("`--control-origin http://app.test:3000`"));
    for origin in ["null", "", "x", "http://a, http://b"] {
        let told = told(origin);
        assert!(told.contains("`--control-origin URL`") && !told.contains("origin null"), "{origin}: {told}");
    }
}

/// Every path and method of the control API, its parameters filled in.
pub(super) fn operations() -> Vec<(String, String)> {
    let document = control_document(&toy(|_| {}).app);
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let path = path.replace("{provider}", "toy").replace("{name}", "a").replace("{id}", "1");
        let path = path.replace("{collection}", "counts");
        assert!(!path.contains('{'), "{path}");
        for method in item.as_object().expect("methods").keys() {
            found.push((method.to_uppercase(), path.clone()));
        }
    }
    assert!(found.len() > 30, "{found:?}");
    found
}

#[test]
fn every_control_answer_says_who_may_load_it() {
    let server = toy(|_| {});
    let refused = toy(|setup| setup.guard = with_token());
    for (method, path) in operations() {
        if path == "/_mock/events" {
            continue; // It does not end; tests/it/journal reads its head.
        }
        let readers = if path.starts_with("/_mock/openapi") { "cross-origin" } else { "same-origin" };
        for (server, readers) in [(&server, readers), (&refused, "same-origin")] {
            for method in [&*method, "OPTIONS", "TRACE"] {
                let answer = server.send(&Asked::new(method, &path));
                assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{method} {path}");
                let said = answer.header("cross-origin-resource-policy");
                let expected = if matches!(method, "GET" | "HEAD") { readers } else { "same-origin" };
                assert_eq!(said, Some(expected), "{method} {path}: {}", answer.status);
            }
        }
    }
    for target in ["/", "/_mock", "/_mock/nowhere", "/_sandbox/a%20b/_mock/state"] {
        let answer = server.send(&Asked::new("GET", target));
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{target}");
    }
    for target in ["/toy/count", "/v9"] {
        let answer = server.send(&Asked::new("GET", target));
        assert_eq!(answer.header("cross-origin-resource-policy"), None, "{target} is no answer of the control API");
    }
}

#[test]
fn documents_may_be_read_by_pages_of_any_origin_where_no_token_is_set() {
    let targets = ["/_mock/openapi.json", "/_mock/openapi/toy.json", "/_sandbox/t1/_mock/openapi/toy.json"];
    for cors in [Cors::On, Cors::Off] {
        let server = toy(|setup| setup.serving.cors = cors);
        for (origin, target) in PAGES.iter().flat_map(|origin| targets.map(|target| (*origin, target))) {
            for method in ["GET", "HEAD"] {
                let answer = server.send(&Asked::new(method, target).header("Origin", origin));
                assert_eq!(
                    (answer.status, answer.header("access-control-allow-origin")),
                    (200, Some(origin)),
                    "{target}"
                );
                let before = server.send(&preflight(method, target, origin));
                assert_eq!((before.status, before.header("access-control-allow-origin")), (204, Some(origin)));
            }
            for method in ["POST", "PUT", "DELETE"] {
                let answer = server.send(&Asked::new(method, target).header("Origin", origin));
                assert_eq!((answer.status, has_cors(&answer)), (403, false), "{method} {target}");
                assert_eq!(server.send(&preflight(method, target, origin)).status, 403, "{method} {target}");
            }
        }
        let loads = Asked::new("GET", targets[0]).header("Sec-Fetch-Site", "cross-site");
        assert_eq!(server.send(&loads.header("Sec-Fetch-Mode", "no-cors")).status, 200);
        let rebound = Asked::new("GET", targets[0]).header("Origin", "http://evil.test").header("Host", "evil.test");
        assert_eq!(server.send(&rebound).status, 403, "the Host rule holds for documents too");
    }
    let server = toy(|setup| setup.guard = with_token());
    for target in targets {
        let asked = Asked::new("GET", target).header("Authorization", "Bearer s3cret");
        assert_eq!(server.send(&asked).status, 200);
        let answer = server.send(&asked.header("Origin", PAGES[0]));
        assert_eq!((answer.status, has_cors(&answer)), (403, false), "{target}");
        assert_eq!(server.send(&preflight("GET", target, PAGES[0])).status, 403, "{target}");
    }
}
