//! What a server holds beyond its fixtures is bounded, and comes back.

mod beside;
mod room;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use persona_mock::internals::{Cli, JournalBounds, Limit, SetBy, Setup, StateBounds, limits, limits_table};
use serde_json::{Value, json};

use super::support::client::Answer;
use super::support::{Asked, TestServer, server};

const EMPTY: StateBounds =
    StateBounds { total: 1 << 40, sandbox: 1 << 40, write: 1 << 40, snapshots: 1_000, faults: 100 };

fn start(state: StateBounds) -> TestServer {
    let journal = JournalBounds { exchanges: 0, ..JournalBounds::default() };
    TestServer::start(&Setup { state, journal, ..server::setup() })
}

/// A way to make a record, and where it is then: nowhere where the vendor deletes none.
struct Making {
    provider: &'static str,
    target: &'static str,
    credential: &'static str,
    body: fn(usize, &str) -> Value,
    delete: Option<fn(&Value) -> String>,
}

fn text(json: &Value) -> &str {
    json.as_str().expect("a text")
}

const MAKING: [Making; 4] = [
    Making {
        provider: "vijil",
        target: "/v1/personas/",
        credential: "Bearer vijil-owner-token",
        body: |_, long| {
            let team = "c58aea71-3861-4f28-b8c4-20832a2f22ee";
            json!({"team_id": team, "name": "Night Auditor", "role": "auditor", "description": long})
        },
        delete: Some(|made| format!("/v1/personas/{}?team_id={}", text(&made["id"]), text(&made["team_id"]))),
    },
    Making {
        provider: "crud",
        target: "/crud/personas",
        credential: "Bearer vm_anything",
        body: |_, long| {
            let project = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10";
            json!({"project_id": project, "name": "Tess", "demographics": {"age_range": long}})
        },
        delete: Some(|made| format!("/crud/personas?id={}", text(&made["id"]))),
    },
    Making {
        provider: "axero",
        target: "/api/personas",
        credential: "Bearer YOUR_TOKEN",
        body: |_, long| json!({"Name": long}),
        delete: Some(|made| format!("/api/personas/{}", made["ResponseData"]["PersonaID"])),
    },
    Making {
        provider: "equals_money",
        target: "/v2/people",
        credential: "ApiKey 00000000-0000-4000-8000-000000000000",
        body: |number, long| {
            let email = format!("a{number}@birchwood.example");
            json!({
                "accountId": "F50091", "firstName": "Sally", "lastName": "Jones", "emailAddress": email,
                "roleName": "Viewer", "dob": long,
            })
        },
        delete: None,
    },
];

impl Making {
    fn make(&self, server: &TestServer, prefix: &str, number: usize, length: usize) -> Answer {
        let body = (self.body)(number, &"x".repeat(length)).to_string();
        let asked = Asked::new("POST", &format!("{prefix}{}", self.target)).header("Authorization", self.credential);
        server.send(&asked.json(&body))
    }

    /// What a record weighs.
    fn weight(&self, length: usize) -> u64 {
        let server = start(EMPTY);
        assert!(self.make(&server, "", 0, length).status < 300);
        held(&server)
    }
}

fn control(server: &TestServer, method: &str, target: &str, body: &str) -> Answer {
    let asked = Asked::new(method, target);
    server.send(&if body.is_empty() { asked } else { asked.json(body) })
}

/// How many bytes all sandboxes hold.
fn held(server: &TestServer) -> u64 {
    let page = control(server, "GET", "/_mock/metrics", "").text();
    let number = page.lines().find_map(|line| line.strip_prefix("persona_mock_state_bytes "));
    number.expect("a number").parse().expect("bytes")
}

/// Waits until all sandboxes hold so many bytes: what was replaced may be read by others for a moment.
fn settles_at(server: &TestServer, bytes: u64) {
    let end = Instant::now() + Duration::from_secs(20);
    while held(server) != bytes {
        assert!(Instant::now() < end, "expected {bytes} bytes, found {}", held(server));
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn state(server: &TestServer) -> String {
    control(server, "GET", "/_mock/state", "").text()
}

fn is_full(answer: &Answer, said: &str) {
    let retry_after = answer.header("retry-after").map(|seconds| seconds.parse::<u64>().expect("a number"));
    assert!(
        answer.status == 503 && retry_after.is_some_and(|seconds| (1..=60).contains(&seconds)),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("x-mock-error"), Some(&*format!("state is full ({said})")));
    let flag = said.split(' ').next().expect("a flag");
    assert!(answer.header("x-mock-hint").is_some_and(|hint| hint.contains(flag)), "{:?}", answer.header("x-mock-hint"));
}

#[test]
fn a_full_sandbox_refuses_in_every_vendors_words_and_changes_nothing() {
    for making in MAKING {
        let server = start(StateBounds { sandbox: 400_000, ..EMPTY });
        let mut made = Vec::new();
        let refused = loop {
            let answer = making.make(&server, "", made.len(), 20_000);
            if answer.status >= 300 {
                break answer;
            }
            made.push(answer.json());
        };
        let provider = making.provider;
        assert!((3..=20).contains(&made.len()), "{provider}: {}", made.len());
        is_full(&refused, "--max-sandbox-state 400000");
        let (before, holds) = (state(&server), held(&server));
        assert!(holds <= 400_000 && holds as usize > made.len() * 20_000, "{provider}: {holds}");
        is_full(&making.make(&server, "", made.len(), 20_000), "--max-sandbox-state 400000");
        assert!(state(&server) == before && held(&server) == holds, "{provider}");
        assert!(making.make(&server, "/_sandbox/other", 0, 20_000).status < 300, "{provider}: another has room");
        if let Some(delete) = making.delete {
            let asked = Asked::new("DELETE", &delete(&made[0])).header("Authorization", making.credential);
            assert!(server.send(&asked).status < 300, "{provider}");
            assert!(making.make(&server, "", made.len(), 20_000).status < 300, "{provider}: a delete made room");
            is_full(&making.make(&server, "", made.len(), 20_000), "--max-sandbox-state 400000");
        }
        assert_eq!(control(&server, "DELETE", "/_mock/sandboxes/other", "").status, 204);
        assert_eq!(control(&server, "POST", "/_mock/reset", "").status, 200);
        settles_at(&server, 0);
        assert!(making.make(&server, "", 0, 20_000).status < 300, "{provider}: a reset made room");
    }
}

#[test]
fn the_bounds_of_state_are_exact() {
    for making in &MAKING {
        let weight = making.weight(1_000);
        let one = start(StateBounds { sandbox: weight, ..EMPTY });
        assert!(making.make(&one, "", 0, 1_000).status < 300, "{}", making.provider);
        let less = start(StateBounds { sandbox: weight - 1, ..EMPTY });
        is_full(&making.make(&less, "", 0, 1_000), &format!("--max-sandbox-state {}", weight - 1));
        settles_at(&less, 0);
        let both = start(StateBounds { total: 2 * weight, ..EMPTY });
        assert!(
            making.make(&both, "", 0, 1_000).status < 300 && making.make(&both, "/_sandbox/a", 0, 1_000).status < 300
        );
        is_full(&making.make(&both, "/_sandbox/b", 0, 1_000), &format!("--max-state {}", 2 * weight));
        assert_eq!(control(&both, "DELETE", "/_mock/sandboxes/a", "").status, 204);
        settles_at(&both, weight);
        assert!(
            making.make(&both, "/_sandbox/b", 0, 1_000).status < 300,
            "{}: one that went made room",
            making.provider
        );
    }
}

#[test]
fn a_change_that_is_no_larger_is_taken_at_the_bound() {
    let vijil = &MAKING[0];
    let server = start(StateBounds { sandbox: vijil.weight(10_000), ..EMPTY });
    let made = vijil.make(&server, "", 0, 10_000).json();
    let target = vijil.delete.expect("a place")(&made);
    let change = |length: usize| {
        let body = json!({"description": "y".repeat(length)}).to_string();
        server.send(&Asked::new("PUT", &target).header("Authorization", vijil.credential).json(&body)).status
    };
    for _ in 0..5 {
        assert_eq!([change(10_000), change(9_999), change(10_001), change(10_000)], [200, 200, 503, 200]);
    }
}

#[test]
fn a_snapshot_shares_what_it_can_and_holds_what_it_must() {
    let (vijil, weight) = (&MAKING[0], MAKING[0].weight(20_000));
    let server = start(StateBounds { sandbox: 2 * weight + A_SNAPSHOT, snapshots: 3, ..EMPTY });
    let made = vijil.make(&server, "", 0, 20_000).json();
    for name in ["a", "b", "c"] {
        assert_eq!(control(&server, "PUT", &format!("/_mock/snapshots/{name}"), "").status, 200);
    }
    let holds = held(&server);
    assert!((weight + 3 * 1_024..weight + A_SNAPSHOT).contains(&holds), "{holds}");
    let more = control(&server, "PUT", "/_mock/snapshots/d", "");
    assert_eq!((more.status, more.header("retry-after")), (503, Some("10")));
    assert!(more.text().contains("--max-snapshots"), "{}", more.text());
    assert_eq!(control(&server, "PUT", "/_mock/snapshots/c", "").status, 200, "one may be replaced");
    let delete = vijil.delete.expect("a place")(&made);
    assert_eq!(server.send(&Asked::new("DELETE", &delete).header("Authorization", vijil.credential)).status, 204);
    assert!(vijil.make(&server, "", 0, 20_000).status < 300);
    let holds = held(&server);
    assert!((2 * weight..2 * weight + A_SNAPSHOT).contains(&holds), "{holds}");
    is_full(&vijil.make(&server, "", 0, 20_000), &format!("--max-sandbox-state {}", 2 * weight + A_SNAPSHOT));
    for name in ["a", "b", "c"] {
        assert_eq!(control(&server, "DELETE", &format!("/_mock/snapshots/{name}"), "").status, 204);
    }
    assert_eq!(held(&server), weight, "what is deleted counts no more at once");
    assert!(vijil.make(&server, "", 0, 20_000).status < 300);
}

/// More than a few snapshots take themselves.
const A_SNAPSHOT: u64 = 10_000;

/// A fixture of one provider that loads, and is so long.
fn fixture(length: usize) -> String {
    let text = include_str!("../../fixtures/crud.json");
    text.replacen('{', &format!("{{{}", " ".repeat(length.saturating_sub(text.len()))), 1)
}

#[test]
fn a_state_that_is_loaded_counts_as_a_whole() {
    let server = start(StateBounds { sandbox: 300_000, total: 500_000, ..EMPTY });
    let load =
        |prefix: &str, length: usize| control(&server, "PUT", &format!("{prefix}/_mock/state/crud"), &fixture(length));
    let (large, before) = (load("", 80_000), state(&server));
    assert_eq!(large.status, 413, "{}", large.text());
    assert!(large.text().contains("--max-sandbox-state allows 300000"), "{}", large.text());
    assert!(state(&server) == before && held(&server) == 0);
    for _ in 0..3 {
        assert_eq!(load("", 60_000).status, 204, "one takes the place of another");
    }
    let full = load("/_sandbox/a", 70_000);
    assert_eq!((full.status, full.header("retry-after")), (503, Some("10")), "{}", full.text());
    assert!(full.text().contains("state is full (--max-state 500000)"), "{}", full.text());
    let body = format!("{{\"fixtures\": {{\"crud\": {}}}}}", fixture(0));
    assert_eq!(control(&server, "PUT", "/_mock/sandboxes/own", &body).status, 201);
    assert_eq!(control(&server, "POST", "/_sandbox/own/_mock/reset", "").status, 200, "its start stays");
    assert!(held(&server) > 240_000);
    assert_eq!(control(&server, "DELETE", "/_mock/sandboxes/own", "").status, 204);
    assert_eq!(control(&server, "POST", "/_mock/reset", "").status, 200);
    settles_at(&server, 0);
}

#[test]
fn fault_rules_are_bounded_in_number_and_in_bytes() {
    let server = start(StateBounds { sandbox: 200_000, faults: 5, ..EMPTY });
    let rule = |long: usize| json!({"action": "stale", "match": {"body": {"name": "x".repeat(long)}}}).to_string();
    let add = |long: usize| control(&server, "POST", "/_mock/faults", &rule(long));
    assert_eq!([add(60_000).status, add(60_000).status, add(60_000).status], [201; 3]);
    let full = add(60_000);
    assert_eq!((full.status, full.header("retry-after")), (503, Some("10")), "{}", full.text());
    assert!(full.text().contains("state is full (--max-sandbox-state 200000)"), "{}", full.text());
    assert_eq!([add(1).status, add(1).status], [201; 2]);
    let many = add(1);
    assert_eq!((many.status, many.header("retry-after")), (503, Some("10")), "{}", many.text());
    assert!(many.text().contains("at most 5 rules (--max-faults)"), "{}", many.text());
    let list = format!("{{\"faults\": [{}]}}", vec![rule(60_000); 3].join(","));
    assert_eq!(control(&server, "PUT", "/_mock/faults", &list).status, 200, "these take the place of those");
    let list = format!("{{\"faults\": [{}]}}", vec![rule(60_000); 4].join(","));
    assert_eq!(control(&server, "PUT", "/_mock/faults", &list).status, 503);
    assert_eq!(control(&server, "GET", "/_mock/faults", "").json()["faults"].as_array().map(Vec::len), Some(3));
    assert_eq!(control(&server, "DELETE", "/_mock/faults", "").status, 204);
    settles_at(&server, 0);
}

#[test]
fn a_batch_that_names_a_large_persona_over_and_over_is_refused_before_it_is_answered() {
    let crud = &MAKING[1];
    let server = start(StateBounds { write: 3_000_000, ..EMPTY });
    let made = crud.make(&server, "", 0, 100_000).json();
    let batch = |count: usize| {
        let items = vec![json!({"id": made["id"]}); count];
        let asked = Asked::new("PUT", crud.target).header("Authorization", crud.credential);
        server.send(&asked.json(&Value::from(items).to_string()))
    };
    assert_eq!(batch(10).status, 200);
    let (before, holds) = (state(&server), held(&server));
    let refused = batch(10_000);
    assert_eq!((refused.status, refused.header("retry-after")), (413, None), "{}", refused.text());
    assert_eq!(refused.header("x-mock-error"), Some("the request writes too much (--max-write 3000000)"));
    assert!(refused.header("x-mock-hint").is_some_and(|hint| hint.contains("fewer items at a time")));
    assert!(state(&server) == before && held(&server) == holds);
}

#[test]
fn a_body_that_is_nested_too_deep_is_refused() {
    let server = start(EMPTY);
    let add = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        let body = format!(r#"{{"action": "stale", "match": {{"body": {open}{close}}}}}"#);
        control(&server, "POST", "/_mock/faults", &body)
    };
    assert_eq!(add(100).status, 201);
    for levels in [130, 100_000] {
        let refused = add(levels);
        assert_eq!(refused.status, 400, "{levels}");
        assert!(refused.text().contains("nested too deep"), "{levels}: {}", refused.text());
    }
}

#[test]
fn the_page_of_limits_is_made_of_the_code_and_each_bound_has_its_test() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for Limit { what, test: (file, name), .. } in limits() {
        let text = std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{what}: {file}: {error}"));
        assert!(text.contains(&format!("fn {name}()")), "{what}: {file} has no test `{name}`");
    }
    let table = limits_table().expect("flags");
    let known =
        limits().into_iter().filter_map(|limit| if let SetBy::Flag(flag) = limit.set_by { Some(flag) } else { None });
    let known: Vec<_> = known.collect();
    let command = <Cli as clap::CommandFactory>::command();
    let most = command.get_arguments().filter_map(clap::Arg::get_long).filter(|flag| flag.starts_with("max-"));
    for flag in most {
        assert!(known.contains(&flag), "--{flag} is a bound that the table of limits lacks");
    }
    let file = root.join("docs/limits.md");
    let page = std::fs::read_to_string(&file).expect("a page");
    let start = page.find("<!-- limits: ").and_then(|start| Some(start + page[start..].find('\n')? + 1));
    let (start, end) = (start.expect("a start"), page.find("<!-- end of limits -->").expect("an end"));
    let current = format!("{}\n{table}\n{}", &page[..start], &page[end..]);
    if std::env::var_os("PERSONA_MOCK_WRITE_DOCS").is_some() {
        std::fs::write(&file, &current).expect("a page");
    }
    let committed = std::fs::read_to_string(&file).expect("a page");
    assert!(
        committed == current,
        "docs/limits.md is not current: PERSONA_MOCK_WRITE_DOCS=1 cargo nextest run limits writes it"
    );
}

#[test]
fn one_connection_too_many_takes_the_place_of_an_idle_one() {
    let mut setup = server::setup();
    setup.serving.max_connections = 2;
    let server = TestServer::start(&setup);
    let open = || {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.write_all(b"GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("a request");
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"}\n") && !head.ends_with(b"}") && stream.read(&mut byte).expect("an answer") > 0 {
            head.push(byte[0]);
        }
        assert!(head.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&head));
        stream
    };
    let (first, second) = (open(), open());
    let third = open();
    let is_closed = |mut stream: TcpStream| {
        stream.set_read_timeout(Some(Duration::from_secs(2))).expect("a timeout");
        matches!(stream.read(&mut [0; 64]), Ok(0))
    };
    assert!(!is_closed(third) && is_closed(first), "the one that did nothing longest made room");
    drop(second);
}
