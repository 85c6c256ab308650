//! What no row may be, and who may not change one.

use serde_json::{Value, json};

use super::super::support::Asked;
use super::{DAVE, DEVFLOW, NEW, ROBIN, ask, get, refused, start, started};

#[test]
fn a_row_that_the_loader_refuses_is_refused_in_its_words_and_nothing_is_saved() {
    let server = start();
    for provider in ["axero", "crud", "equals_money", "vijil"] {
        let whole = get(&server, provider).0;
        for (list, rows) in whole.as_object().expect("lists") {
            let Some(first) = rows.as_array().and_then(|rows| rows.first()) else { continue };
            let path = format!("{provider}/{list}");
            // Each row once more: what is unique in the file is unique here.
            let twice = ask(&server, "POST", &path, "", &first.to_string());
            let problem = refused(&twice, 400, "a second time");
            let mut file = whole.clone();
            file[list].as_array_mut().expect("rows").push(first.clone());
            let loaded = ask(&server, "PUT", provider, "", &file.to_string());
            let said = |problem: &Value| -> Vec<String> {
                let faults = problem["faults"].as_array().expect("faults");
                let words = faults.iter().map(|fault| fault.as_str().expect("a text"));
                words.map(|text| text[text.find(": found ").expect("words")..].to_owned()).collect()
            };
            let of_file = said(&loaded.json());
            for words in said(&problem) {
                assert!(of_file.contains(&words), "{path}: {words} in {of_file:?}");
            }
            // A member that the schema does not know, at its place.
            let mut odd = first.clone();
            odd["__proto__"] = json!({"a": 1});
            let problem = refused(&ask(&server, "POST", &path, "", &odd.to_string()), 400, "an unknown name");
            assert_eq!(problem["at"], "$.__proto__", "{path}");
        }
        assert_eq!(get(&server, provider).0, whole, "nothing was saved");
    }
}

#[test]
fn a_row_that_refers_to_nothing_or_to_which_others_refer_is_refused() {
    let server = start();
    let row = json!({"id": NEW, "project_id": NEW, "name": "x"});
    let problem = refused(&ask(&server, "POST", "crud/personas", "", &row.to_string()), 400, "the id of a project");
    assert_eq!(problem["at"], "$.project_id");
    let who =
        refused(&ask(&server, "DELETE", &format!("crud/users/{ROBIN}"), "", ""), 409, "other rows refer to this one");
    let said = who["detail"].as_str().expect("words");
    assert!(said.contains("credentials/0") && said.contains(&format!("projects/{DEVFLOW}")), "{said}");
    let who = refused(&ask(&server, "DELETE", &format!("crud/projects/{DEVFLOW}"), "", ""), 409, "personas/");
    assert!(who["detail"].as_str().is_some_and(|said| said.contains(DAVE)), "{who}");
    refused(&ask(&server, "DELETE", "axero/roles/Administrators", "", ""), 409, "users/1245");
    // Null is blamed where it stands.
    for (path, member) in [
        ("axero/users/1245", "role"),
        ("vijil/users/f1e2d3c4-5b6a-4788-9a0b-1c2d3e4f5a6b", "email"),
        ("equals_money/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08", "status"),
    ] {
        let null = json!({member: null}).to_string();
        let problem = refused(&ask(&server, "PATCH", path, "", &null), 400, "found null, expected ");
        assert_eq!(problem["at"], format!("$.{member}"), "{path}: {problem}");
    }
    let other = ask(&server, "PATCH", &format!("crud/personas/{DAVE}"), "", &format!(r#"{{"id": "{NEW}"}}"#));
    assert_eq!(refused(&other, 400, "a row keeps its id")["at"], "$.id");
}

#[test]
fn odd_bodies_and_odd_ids_are_refused_and_change_nothing() {
    let server = started(|setup| setup.serving.max_control_body = 4096);
    let before = get(&server, "crud").0;
    for body in ["", "[]", "null", "{", "1", r#"{"a":1,"a":2}"#, "\"x\""] {
        for (method, path) in [("POST", "crud/projects"), ("PATCH", &*format!("crud/projects/{DEVFLOW}"))] {
            let answer = ask(&server, method, path, "", body);
            assert_eq!(answer.status, 400, "{method} {body}: {}", answer.text());
        }
    }
    let large = format!("{{\"id\": \"{}\"}}", "x".repeat(5000));
    assert_eq!(ask(&server, "POST", "crud/projects", "", &large).status, 413);
    for id in ["x", "%2F", "a%2Fb", "%00", "%C3%A9", "%FF", "..%2F..", "a/b/c"] {
        let answer = ask(&server, "DELETE", &format!("crud/projects/{id}"), "", "");
        refused(&answer, 404, "projects of crud has no row");
    }
    assert_eq!(get(&server, "crud").0, before);
}

#[test]
fn an_id_may_have_slashes_and_other_letters() {
    let server = start();
    let role = json!({"name": "a/b é%", "rest_api": true, "write": false});
    let made = ask(&server, "POST", "axero/roles", "", &role.to_string());
    assert_eq!(made.status, 201, "{}", made.text());
    let place = made.header("location").expect("a place").to_owned();
    let shown = server.send(&Asked::new("GET", &place));
    assert_eq!((shown.status, shown.json()), (200, role), "{place}");
    assert_eq!(server.send(&Asked::new("DELETE", &place)).status, 204);
}

const NAMEABLE: &str = "expected an id that a URL can name its row by: not empty, and neither `.` nor `..`";

#[test]
fn an_id_that_no_url_can_name_is_a_fault_of_the_row_and_of_the_file() {
    let server = start();
    let key = get(&server, "vijil").0["api_keys"][0].clone();
    let mut account = get(&server, "equals_money").0["accounts"][0].clone();
    account.as_object_mut().expect("a row").remove("primaryOwnerPersonaId");
    let role = json!({"name": "x", "rest_api": true, "write": false});
    for (provider, list, member, row) in [
        ("axero", "roles", "name", role),
        ("equals_money", "accounts", "id", account),
        ("vijil", "api_keys", "client_id", key),
    ] {
        for id in ["", ".", ".."] {
            let mut row = row.clone();
            row[member] = json!(id);
            // That an account's id is not empty its schema says itself.
            let said = if id.is_empty() && provider == "equals_money" { "at least 1 character" } else { NAMEABLE };
            let problem =
                refused(&ask(&server, "POST", &format!("{provider}/{list}"), "", &row.to_string()), 400, said);
            assert_eq!(problem["at"], format!("$.{member}"), "{provider}");
            let mut whole = get(&server, provider).0;
            let rows = whole[list].as_array_mut().expect("rows");
            rows.push(row);
            let at = format!("$.{list}[{}].{member}", rows.len() - 1);
            let problem = refused(&ask(&server, "PUT", provider, "", &whole.to_string()), 400, said);
            assert_eq!(problem["at"], at, "{provider}");
        }
        for id in ["...", ".a", "%2E", "a/..", "\u{0}", "a b"] {
            let mut row = row.clone();
            row[member] = json!(id);
            let made = ask(&server, "POST", &format!("{provider}/{list}"), "", &row.to_string());
            assert_eq!(made.status, 201, "{provider} {id:?}: {}", made.text());
            let place = made.header("location").expect("a place").to_owned();
            let shown = server.send(&Asked::new("GET", &place));
            assert_eq!((shown.status, &shown.json()[member]), (200, &json!(id)), "{place}");
            assert_eq!(server.send(&Asked::new("DELETE", &place)).status, 204, "{place}");
        }
    }
}

#[test]
fn a_row_has_one_name_and_another_spelling_of_it_is_told_which() {
    let server = start();
    let before = get(&server, "axero").0;
    let row = get(&server, "axero/personas/8").0;
    for name in ["08", "+8", "00000008"] {
        for method in ["GET", "PUT", "PATCH", "DELETE"] {
            let body = if matches!(method, "GET" | "DELETE") { String::new() } else { row.to_string() };
            let answer = ask(&server, method, &format!("axero/personas/{name}"), "", &body);
            refused(&answer, 404, &format!("has no row `{name}`; `8` is one, which was probably meant"));
        }
    }
    let upper = DAVE.to_uppercase();
    let plain = DAVE.replace('-', "");
    for name in [&*upper, &*plain, &*format!("{{{DAVE}}}"), &*format!("urn:uuid:{DAVE}")] {
        let answer = ask(&server, "GET", &format!("crud/personas/{name}"), "", "");
        refused(&answer, 404, &format!("`{DAVE}` is one, which was probably meant"));
    }
    assert_eq!(get(&server, "axero").0, before);
}

#[test]
fn neither_a_foreign_page_nor_anybody_without_the_token_steers_a_row() {
    let token = "s3cret".parse().expect("a token");
    let locked = started(|setup| setup.guard.token = Some(token));
    let open = start();
    let one = format!("/_mock/state/crud/personas/{DAVE}");
    for (method, target) in [
        ("GET", &*one),
        ("PUT", &one),
        ("PATCH", &one),
        ("DELETE", &one),
        ("POST", "/_mock/state/crud/personas"),
        ("GET", "/_mock/state/crud/personas"),
        ("PUT", "/_mock/sandboxes/t1"),
        ("GET", "/_mock/metrics"),
        ("GET", "/_mock/events?sandbox=*"),
    ] {
        let asked = || Asked::new(method, target).json("{}");
        assert_eq!(locked.send(&asked()).status, 401, "{method} {target}");
        let wrong = asked().header("Authorization", "Bearer other");
        assert_eq!(locked.send(&wrong).status, 401, "{method} {target}");
        let foreign = asked().header("Origin", "http://app.test:3000");
        assert_eq!(open.send(&foreign).status, 403, "{method} {target}");
        let rebound = asked().header("Host", "evil.example.com");
        assert_eq!(open.send(&rebound).status, 403, "{method} {target}");
    }
}
