//! The CRUD persona provider beyond its cases: recordings of the real framework, and exports.

use super::support::{Answer, TestServer, recording, server};

/// The fewest exchanges that the committed recording holds.
const FEWEST: usize = 500;

#[test]
fn answers_what_a_zod_route_handler_answers() {
    let server = TestServer::start(&server::setup());
    let count = recording::replay(&server, &recording::file("crud"), |_, _, expected, found| {
        let expected = Answer { body: with_ids_of(&expected.body, &found.body), ..expected.clone() };
        recording::same(&expected, found, &["content-type", "allow"])
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
