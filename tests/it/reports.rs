//! Coverage in the forms that others read, on the wire.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use persona_mock::provider::register;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::support::toy::Toy;
use super::support::{Answer, Asked, TestServer, server};

/// Each form: its path and its media type.
const FORMS: [(&str, &str); 4] = [
    ("/_mock/coverage.xml", "application/xml; charset=utf-8"),
    ("/_mock/coverage.ctrf.json", "application/json"),
    ("/_mock/coverage.md", "text/markdown; charset=utf-8"),
    ("/_mock/coverage.html", "text/html; charset=utf-8"),
];

fn toy() -> TestServer {
    TestServer::with(&[register(Toy)], &server::setup())
}

fn get(server: &TestServer, target: &str) -> Answer {
    server.send(&Asked::new("GET", target))
}

#[test]
fn each_form_has_its_media_type_and_the_same_counts_give_the_same_bytes() {
    let server = toy();
    for (number, (path, media)) in FORMS.into_iter().enumerate() {
        let target = format!("/_sandbox/t{number}{path}");
        let answer = get(&server, &target);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(media)), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(get(&server, &target).text(), answer.text(), "{path}");
        get(&server, &format!("/_sandbox/t{number}/toy/count"));
        assert_ne!(get(&server, &target).text(), answer.text(), "{path} tells nothing of a call");
        let head = server.send(&Asked::new("HEAD", &target));
        assert_eq!((head.status, head.header("content-type"), head.body.len()), (200, Some(media), 0), "{path}");
    }
}

#[test]
fn a_form_is_of_its_sandbox_or_of_the_run() {
    let server = toy();
    get(&server, "/_sandbox/t1/toy/count");
    for (path, _) in FORMS {
        let untouched = get(&server, &format!("/_sandbox/t2{path}")).text();
        let [touched, run] =
            [format!("/_sandbox/t1{path}"), format!("{path}?sandbox=*")].map(|at| get(&server, &at).text());
        assert!(touched.contains("t1") && untouched.contains("t2") || path.ends_with("xml"), "{path}");
        assert_ne!(touched.replace("t1", "t2"), untouched, "{path}");
        assert_eq!(
            run.replace("the run", "sandbox t1").replace("sandbox `t1`", "sandbox t1"),
            touched.replace("sandbox `t1`", "sandbox t1"),
            "{path}"
        );
        let refused = get(&server, &format!("{path}?sandbox=t1"));
        assert_eq!((refused.status, refused.header("content-type")), (400, Some("application/problem+json")), "{path}");
    }
}

#[test]
fn a_page_may_show_itself_in_its_own_style_and_do_nothing_else() {
    let server = toy();
    let answer = get(&server, "/_mock/coverage.html");
    let page = answer.text();
    let style = page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).expect("a style").0;
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        STANDARD.encode(Sha256::digest(style))
    );
    let policies = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-security-policy"));
    let policies: Vec<_> = policies.map(|(_, policy)| policy.as_str()).collect();
    assert_eq!(policies, [&format!("sandbox; {policy}"), "frame-ancestors 'none'"]);
    assert!(page.contains(&format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">")), "{page}");
    for word in ["<script", "javascript:", " on", "src=", "href=", "@import", "url("] {
        let tags: String = page.split('<').skip(1).filter_map(|tag| tag.split('>').next()).collect();
        assert!(!format!("{tags}{style}").contains(word), "{word}");
    }
}

#[test]
fn what_strangers_call_is_text_in_each_form() {
    let server = toy();
    let strange = "%3Cscript%3Ealert(1)%3C/script%3E%5D%5D%3E%22%20onerror=%22x%7C%60%0A%E2%80%AE";
    server.send(&Asked::new("GET", &format!("/toy/{strange}")));
    let json = get(&server, "/_mock/coverage").json();
    let what = json["near_misses"][0]["what"].as_str().expect("a near miss").to_owned();
    for (path, _) in FORMS {
        let report = get(&server, path).text();
        assert!(!report.contains("<script"), "{path}: {report}");
        assert!(report.contains("alert(1)"), "{path} does not tell of {what}");
    }
}

#[test]
fn ctrf_sums_up_its_tests() {
    let server = toy();
    get(&server, "/toy/count");
    let report: Value = get(&server, "/_mock/coverage.ctrf.json").json();
    let summary = &report["results"]["summary"];
    let count = |name: &str| summary[name].as_u64().expect(name);
    assert_eq!(count("tests"), count("passed") + count("skipped"));
    assert!(count("passed") >= 2, "the operation and its status: {summary}");
}
