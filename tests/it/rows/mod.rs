//! `/_mock/state/{provider}/{collection}/{id}`: the rows of a sandbox's data, one by one.

mod cost;
mod refused;
mod vendors;

use persona_mock::internals::Setup;
use serde_json::{Value, json};

use super::support::{Answer, Asked, TestServer, server};

const ROBIN: &str = "0d9f3c6e-52b1-4d0e-9a37-6c1f8e2b4a01";
const DEVFLOW: &str = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10";
const DAVE: &str = "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01";
const NEW: &str = "00000000-0000-4000-8000-00000000000a";

fn start() -> TestServer {
    TestServer::start(&server::setup())
}

fn started(change: impl FnOnce(&mut Setup)) -> TestServer {
    let mut setup = server::setup();
    change(&mut setup);
    TestServer::start(&setup)
}

/// Asks below `/_mock/state/`. `if_match` is sent unless it is empty.
fn ask(server: &TestServer, method: &str, path: &str, if_match: &str, body: &str) -> Answer {
    let asked = Asked::new(method, &format!("/_mock/state/{path}"));
    let asked = if if_match.is_empty() { asked } else { asked.header("If-Match", if_match) };
    server.send(&if body.is_empty() { asked } else { asked.json(body) })
}

fn get(server: &TestServer, path: &str) -> (Value, String) {
    let answer = ask(server, "GET", path, "", "");
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    let etag = answer.header("etag").unwrap_or_default().to_owned();
    (answer.json(), etag)
}

#[track_caller]
fn refused(answer: &Answer, status: u16, said: &str) -> Value {
    let problem = answer.json();
    assert_eq!(answer.status, status, "{problem}");
    let detail = problem["detail"].as_str().unwrap_or_default();
    assert!(detail.contains(said), "{said} in {problem}");
    problem
}

#[test]
fn a_row_is_added_shown_changed_replaced_and_deleted() {
    let server = start();
    let row = json!({"id": NEW, "project_id": DEVFLOW, "name": " Ada ", "tagline": "x"});
    let made = ask(&server, "POST", "crud/personas", "", &row.to_string());
    assert_eq!((made.status, made.json()["name"].as_str()), (201, Some("Ada")), "as the loader has it");
    let location = made.header("location").expect("a place").to_owned();
    assert!(location.ends_with(&format!("/_mock/state/crud/personas/{NEW}")), "{location}");
    let path = format!("crud/personas/{NEW}");
    let (shown, etag) = get(&server, &path);
    assert_eq!((&shown, made.header("etag")), (&made.json(), Some(&*etag)));
    // The vendor shows it at once, the newest first.
    let listed = Asked::new("GET", &format!("/crud/personas?id={NEW}")).header("Authorization", "Bearer vm_x");
    let listed = server.send(&listed);
    assert_eq!((listed.status, listed.text().contains("Ada")), (200, true), "{}", listed.text());
    let patched = ask(&server, "PATCH", &path, &etag, r#"{"name": "Bea", "tagline": null}"#);
    assert_eq!(
        (patched.status, &patched.json()["name"], &patched.json()["tagline"]),
        (200, &json!("Bea"), &Value::Null)
    );
    assert_ne!(patched.header("etag"), Some(&*etag));
    let put = ask(&server, "PUT", &path, "", &row.to_string());
    assert_eq!((put.status, put.header("etag")), (200, Some(&*etag)), "the same row has the same tag");
    assert_eq!(ask(&server, "DELETE", &path, &etag, "").status, 204);
    refused(&ask(&server, "GET", &path, "", ""), 404, "personas of crud has no row");
    assert!(get(&server, "crud/personas?limit=1000").0["rows"].as_array().is_some_and(|rows| rows.len() == 9));
}

#[test]
fn null_sets_null_where_a_row_takes_it_and_removes_where_not() {
    let server = start();
    let token = get(&server, "axero/tokens/3").0;
    let (_, etag) = get(&server, "axero/tokens/0");
    let patch = r#"{"expires": "now+1d", "revoked": true}"#;
    let set = ask(&server, "PATCH", "axero/tokens/0", &etag, patch);
    assert_eq!((set.status, &set.json()["expires"]), (200, &json!("2026-01-16T12:00:00Z")), "{}", set.text());
    let etag = set.header("etag").expect("a tag").to_owned();
    let cleared = ask(&server, "PATCH", "axero/tokens/0", &etag, r#"{"expires": null, "revoked": null}"#);
    // `revoked` takes no null: it is gone, and as if it had never been stated.
    assert_eq!((cleared.status, cleared.json().get("expires"), &cleared.json()["revoked"]), (200, None, &json!(false)));
    assert_eq!(get(&server, "axero/tokens/3").0, token);
    let no_name = ask(&server, "PATCH", "axero/personas/8", "", r#"{"Name": null}"#);
    let problem = refused(&no_name, 400, "$.Name: found null, expected a string");
    assert_eq!(problem["at"], "$.Name");
}

#[test]
fn what_changed_since_it_was_read_is_not_changed_and_the_difference_is_told() {
    let server = start();
    let path = format!("crud/personas/{DAVE}");
    let (_, mine) = get(&server, &path);
    assert_eq!(ask(&server, "PATCH", &path, &mine, r#"{"name": "Theirs"}"#).status, 200);
    let late = ask(&server, "PATCH", &path, &mine, r#"{"tagline": "mine"}"#);
    let problem = refused(&late, 412, "the row is not as you read it");
    let changes = problem["changes"].as_array().expect("changes");
    assert_eq!(changes.len(), 1, "{problem}");
    assert_eq!((&changes[0]["path"], &changes[0]["to"]), (&json!("$.tagline"), &json!("mine")));
    let now = late.header("etag").expect("a tag").to_owned();
    assert_eq!(get(&server, &path).1, now);
    refused(&ask(&server, "DELETE", &path, &mine, ""), 412, "GET");
    let list = format!("\"x\", {now}");
    assert_eq!(ask(&server, "PATCH", &path, &list, r#"{"tagline": "mine"}"#).status, 200);
    let now = get(&server, &path).1;
    // A weak tag says nothing of the bytes, so it never fits.
    refused(&ask(&server, "DELETE", &path, &format!("W/{now}"), ""), 412, "If-Match names another");
    refused(&ask(&server, "DELETE", &path, "x", ""), 400, "If-Match is x; expected the ETag of an answer");
    assert_eq!(ask(&server, "DELETE", &path, "*", "").status, 204);
}

#[test]
fn a_row_without_an_id_is_changed_by_its_place_and_the_tag_of_its_list() {
    let server = start();
    let (first, tag) = get(&server, "crud/credentials/0");
    let (second, same) = get(&server, "crud/credentials/1");
    assert_eq!(tag, same, "the list's");
    for (if_match, status) in [("", 428), ("*", 428), ("\"x\"", 412)] {
        assert_eq!(ask(&server, "DELETE", "crud/credentials/0", if_match, "").status, status, "{if_match}");
    }
    let moved = ask(&server, "PATCH", "crud/credentials/0", &tag, r#"{"token": "vm_another"}"#);
    assert_eq!((moved.status, &moved.json()["token"]), (200, &json!("vm_another")), "it stays in its place");
    assert_eq!(get(&server, "crud/credentials/1").0, second);
    // What was read before may be another row by now.
    assert_eq!(ask(&server, "DELETE", "crud/credentials/1", &tag, "").status, 412);
    let tag = moved.header("etag").expect("a tag").to_owned();
    assert_eq!(ask(&server, "DELETE", "crud/credentials/0", &tag, "").status, 204);
    assert_eq!(get(&server, "crud/credentials/0").0, second);
    let added = ask(&server, "POST", "crud/credentials", "", &first.to_string());
    assert!(added.header("location").is_some_and(|path| path.ends_with("/crud/credentials/4")), "{added:?}");
    for name in ["5", "-1", "00", "1e0", "18446744073709551616"] {
        let path = format!("crud/credentials/{name}");
        refused(&ask(&server, "GET", &path, "", ""), 404, "it has 5 rows, at the places 0 to 4");
    }
}

#[test]
fn a_list_is_shown_page_by_page_and_searched() {
    let server = start();
    let whole = get(&server, "vijil").0;
    let ids = |page: &Value| -> Vec<Value> {
        page["rows"].as_array().expect("rows").iter().map(|row| row["id"].clone()).collect()
    };
    let mut seen = Vec::new();
    let mut offset = json!(0);
    while let Some(number) = offset.as_u64() {
        let page = get(&server, &format!("vijil/personas?limit=4&offset={number}")).0;
        assert_eq!(page["total"], 15);
        seen.extend(ids(&page));
        offset = page["next"].clone();
    }
    let file: Vec<_> = whole["personas"].as_array().expect("rows").iter().map(|row| row["id"].clone()).collect();
    assert_eq!(seen, file, "in the order of the fixture");
    let found = get(&server, "vijil/personas?search=FRUSTRATED").0;
    assert_eq!((ids(&found), &found["total"]), (vec![file[0].clone()], &json!(1)));
    assert_eq!(get(&server, "vijil/personas?search=role_description").0["total"], 0, "a member's name is no value");
    for query in ["limit=0", "limit=1001", "limit=x", "offset=-1", "limit="] {
        let answer = ask(&server, "GET", &format!("vijil/personas?{query}"), "", "");
        refused(&answer, 400, "expected a whole number from");
    }
    for list in ["vijil/persona", "vijil/__proto__", "vijil/next_ids", "vijil/a%2Fb"] {
        assert_eq!(ask(&server, "GET", list, "", "").status, 404, "{list}");
    }
    refused(&ask(&server, "GET", "vijil/persona", "", ""), 404, "`personas` was probably meant");
}

#[test]
fn an_edit_that_changes_nothing_is_no_step() {
    let server = start();
    let path = format!("crud/personas/{DAVE}");
    let (row, etag) = get(&server, &path);
    let changed = ask(&server, "PATCH", &path, "", r#"{"name": "Changed"}"#);
    for (method, body) in
        [("PATCH", "{}".to_owned()), ("PATCH", r#"{"name": "Changed"}"#.to_owned()), ("PUT", changed.text())]
    {
        let again = ask(&server, method, &path, "", &body);
        assert_eq!((again.status, again.header("etag")), (200, changed.header("etag")), "{method} {body}");
    }
    let list = get(&server, "axero/tokens/0").1;
    assert_eq!(ask(&server, "PATCH", "axero/tokens/0", &list, "{}").header("etag"), Some(&*list));
    let history = server.send(&Asked::new("GET", "/_mock/history")).json();
    assert_eq!(history["steps"].as_array().map(Vec::len), Some(1), "{history}");
    assert_eq!(server.send(&Asked::new("POST", "/_mock/undo")).status, 200);
    assert_eq!(get(&server, &path), (row, etag), "undo takes back the change");
}

#[test]
fn a_whole_number_that_is_written_otherwise_is_told_as_such() {
    let server = start();
    let (page, _) = get(&server, "vijil/personas");
    let path = format!("vijil/personas/{}", page["rows"][0]["id"].as_str().expect("an id"));
    for written in ["1000.0", "1e3"] {
        let answer = ask(&server, "PATCH", &path, "", &format!(r#"{{"created_at": {written}}}"#));
        refused(&answer, 400, "$.created_at: found 1000.0, expected a whole number such as 1");
    }
}
