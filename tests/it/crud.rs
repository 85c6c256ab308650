//! The CRUD persona provider beyond its cases: recordings of the real framework, and exports.

use persona_mock::http::hall::{FixtureText, Hall, Setup};
use persona_mock::providers::registry;

use super::support::{Answer, Asked, TestServer, recording, server};

/// The fewest exchanges that the committed recording holds.
const FEWEST: usize = 500;

#[test]
fn answers_what_a_zod_route_handler_answers() {
    let server = TestServer::start(&server::setup());
    let count = recording::replay(&server, &recording::file("crud"), |_, _, expected, found| {
        let expected = Answer { body: with_ids_of(&expected.body, &found.body), ..expected.clone() };
        recording::same(&expected, found, &["content-type", "allow", "location", "refresh"])
    });
    assert!(count >= FEWEST, "{count} exchanges");
}

/// The recorded body with the ids that the mock made in place of `{{new-1}}`, `{{new-2}}`, …
///
/// Only what stands at the placeholder's place and is a version 4 UUID in lower case is put in, so
/// that anything else is a difference.
fn with_ids_of(recorded: &[u8], found: &[u8]) -> Vec<u8> {
    const OPEN: &[u8] = b"{{new-";
    const CLOSE: &[u8] = b"}}";
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|window| window == what);
    let mut body = Vec::new();
    let mut rest = recorded;
    while let Some(at) = find(rest, OPEN) {
        body.extend_from_slice(&rest[..at]);
        let end = at + find(&rest[at..], CLOSE).expect("a closed placeholder") + CLOSE.len();
        match found.get(body.len()..body.len() + 36).filter(|id| is_made(id) && find(&body, id).is_none()) {
            Some(id) => body.extend_from_slice(id),
            None => body.extend_from_slice(&rest[at..end]),
        }
        rest = &rest[end..];
    }
    body.extend_from_slice(rest);
    body
}

fn is_made(id: &[u8]) -> bool {
    let text = std::str::from_utf8(id).unwrap_or_default();
    let parsed = uuid::Uuid::parse_str(text).ok();
    parsed.is_some_and(|id| id.get_version_num() == 4 && id.to_string() == text)
}

const TOKEN: (&str, &str) = ("Authorization", "Bearer vm_anything");

fn setup_with(text: String) -> Setup {
    let fixture = FixtureText { provider: "crud".to_owned(), file: "crud.json".to_owned(), text };
    Setup { fixtures: vec![fixture], ..server::setup() }
}

#[test]
fn what_javascript_stores_survives_an_export() {
    let first = TestServer::start(&server::setup());
    let deep = format!("{}1{}", "[".repeat(300), "]".repeat(300));
    let body = format!(
        r#"{{"project_id":"00000000-0000-4000-8000-00000000000a","name":"half \ud83d","tagline":"\u0000",
        "demographics":{{"deep":{deep}}},"psychographics":{{"$json":"x"}},"pain_points":{{"2":1e21,"1":"\udc00"}}}}"#
    );
    let made = first.send_unjudged(&Asked::new("POST", "/crud/personas").header(TOKEN.0, TOKEN.1).json(&body));
    assert_eq!(made.status, 201, "{}", made.text());
    assert!(made.text().contains(r#""pain_points":{"1":"\udc00","2":1e+21}"#), "{}", made.text());

    let exported = first.hall.export("crud", "schema.json").expect("a provider").expect("a text");
    let second = TestServer::start(&setup_with(exported.clone()));
    let id = made.text().split('"').nth(3).map(str::to_owned).expect("an id");
    let got = second.send_unjudged(&Asked::new("GET", &format!("/crud/personas?id={id}")).header(TOKEN.0, TOKEN.1));
    assert_eq!(got.text(), made.text());
    assert_eq!(second.hall.export("crud", "schema.json").expect("a provider").expect("a text"), exported);
}

#[test]
fn a_fixture_reports_every_broken_reference_at_once() {
    let text = r#"{
        "users": [{"id": "00000000-0000-4000-8000-000000000001", "name": "A", "email": "a@example.com"}],
        "credentials": [{"token": "nope", "user": "00000000-0000-4000-8000-000000000002"}],
        "projects": [{"id": "00000000-0000-4000-8000-000000000011", "owner": "00000000-0000-4000-8000-000000000003"}],
        "personas": [
            {"id": "00000000-0000-4000-8000-000000000021", "project_id": "00000000-0000-4000-8000-000000000011", "name": " "},
            {"id": "00000000-0000-4000-8000-000000000021", "project_id": "00000000-0000-4000-8000-000000000012", "name": "B"}
        ],
        "next_ids": {"crud.person": 1}
    }"#;
    let Err(error) = Hall::build(registry(), &setup_with(text.to_owned())) else { panic!("a broken fixture loaded") };
    let said = error.to_string();
    for path in [
        "$.next_ids['crud.person']",
        "$.credentials[0].user",
        "$.credentials[0].token",
        "$.projects[0].owner",
        "$.personas[0].name",
        "$.personas[1].project_id",
        "$.personas[1].id",
    ] {
        assert!(said.contains(path), "{path} is not in {said}");
    }
}
