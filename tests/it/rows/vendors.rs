//! What a changed row means to its vendor, and what hangs on it.

use serde_json::json;

use super::super::support::Asked;
use super::{DEVFLOW, ask, get, refused, start};

#[test]
fn every_row_of_every_provider_is_put_back_as_it_is_and_nothing_changes() {
    let server = start();
    for provider in ["axero", "crud", "equals_money", "vijil"] {
        let whole = get(&server, provider).0;
        for (list, rows) in whole.as_object().expect("lists").iter().filter(|(_, rows)| rows.is_array()) {
            let page = get(&server, &format!("{provider}/{list}?limit=1000")).0;
            let shown: Vec<_> = page["rows"].as_array().expect("rows").iter().map(|row| row["row"].clone()).collect();
            assert_eq!(json!(shown), *rows, "{provider}/{list}");
            for row in page["rows"].as_array().expect("rows") {
                let (id, etag) = (row["id"].as_str().expect("an id"), row["etag"].as_str().expect("a tag"));
                let path = format!("{provider}/{list}/{}", id.replace(' ', "%20"));
                let put = ask(&server, "PUT", &path, etag, &row["row"].to_string());
                assert_eq!((put.status, put.header("etag")), (200, Some(etag)), "{path}: {}", put.text());
                let patched = ask(&server, "PATCH", &path, etag, "{}");
                assert_eq!((patched.status, patched.header("etag")), (200, Some(etag)), "{path}");
            }
        }
        assert_eq!(get(&server, provider).0, whole, "{provider}");
    }
}

#[test]
fn what_a_credential_may_do_follows_the_rows() {
    let server = start();
    let call = || {
        let asked = Asked::new("GET", "/v1/users/me/teams").header("Authorization", "Bearer vijil-owner-token");
        server.send(&asked)
    };
    assert_eq!(call().json().as_array().map(Vec::len), Some(2));
    let membership = "a9b8c7d6-e5f4-4321-8765-0a1b2c3d4e5f";
    let row = get(&server, &format!("vijil/memberships/{membership}")).0;
    assert_eq!(ask(&server, "DELETE", &format!("vijil/memberships/{membership}"), "", "").status, 204);
    assert_eq!(call().json().as_array().map(Vec::len), Some(1));
    assert_eq!(ask(&server, "POST", "vijil/memberships", "", &row.to_string()).status, 201);
    assert_eq!(call().json().as_array().map(Vec::len), Some(2));
    let user = row["user_id"].as_str().expect("a user").to_owned();
    let path = format!("vijil/users/{user}");
    assert_eq!(ask(&server, "PATCH", &path, "", r#"{"is_active": false}"#).status, 200);
    assert_eq!(call().status, 401);
    let users = get(&server, "vijil/users?limit=1000").0;
    let mut last = None;
    for row in users["rows"].as_array().expect("rows") {
        let path = format!("vijil/users/{}", row["id"].as_str().expect("an id"));
        last = Some(ask(&server, "PATCH", &path, "", r#"{"is_active": false}"#));
        if last.as_ref().is_some_and(|answer| answer.status != 200) {
            break;
        }
    }
    refused(&last.expect("an answer"), 400, "no active user");
}

#[test]
fn the_personas_of_a_project_are_of_its_new_owner() {
    let server = start();
    let users = get(&server, "crud/users").0;
    let other = users["rows"][1]["id"].as_str().expect("a user").to_owned();
    let before = get(&server, "crud/personas?limit=1000").0;
    let patch = json!({"owner": other}).to_string();
    assert_eq!(ask(&server, "PATCH", &format!("crud/projects/{DEVFLOW}"), "", &patch).status, 200);
    assert_eq!(get(&server, "crud/personas?limit=1000").0, before, "in their order, with their tags");
    refused(&ask(&server, "DELETE", &format!("crud/users/{other}"), "", ""), 409, &format!("projects/{DEVFLOW}"));
    let asked = Asked::new("GET", &format!("/crud/personas?project_id={DEVFLOW}"));
    let robin = server.send(&asked.header("Authorization", "Bearer vm_RobinOwnsDevflow000000000001"));
    assert_eq!(robin.status, 403, "{}", robin.text());
}

#[test]
fn a_first_owner_stays_one_and_a_role_in_use_stays() {
    let server = start();
    let owner = "equals_money/personas/8e214819-5c83-429f-a976-eb127a0a8a88";
    for patch in [r#"{"status": "deactivated"}"#, r#"{"roleName": "Admin"}"#] {
        refused(&ask(&server, "PATCH", owner, "", patch), 409, "accounts/F50091");
    }
    refused(&ask(&server, "DELETE", owner, "", ""), 409, "accounts/F50091");
    let role = "equals_money/roles/5d029430-d598-492e-bd16-e97a43c779f6";
    refused(&ask(&server, "DELETE", role, "", ""), 409, "personas/8e214819-5c83-429f-a976-eb127a0a8a88");
    assert_eq!(ask(&server, "PATCH", role, "", r#"{"type": null}"#).status, 200);
    refused(
        &ask(
            &server,
            "PATCH",
            "equals_money/accounts/F50091",
            "",
            r#"{"primaryOwnerPersonaId": "8e214819-5c83-429f-a976-eb127a0a8a89"}"#,
        ),
        400,
        "who is not deactivated",
    );
}

#[test]
fn an_id_that_was_added_is_drawn_no_more() {
    let server = start();
    let mut row = get(&server, "axero/personas/8").0;
    row["PersonaID"] = json!(900);
    for child in ["PersonaConditions", "PersonaActions"] {
        row[child] = json!([]);
    }
    assert_eq!(ask(&server, "POST", "axero/personas", "", &row.to_string()).status, 201);
    assert_eq!(get(&server, "axero").0["next_ids"]["axero.persona"], 901);
}
