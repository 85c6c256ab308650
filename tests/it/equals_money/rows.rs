//! What was read can be written: every person and every persona of the fixture, sent back as it came.

use serde_json::{Value, json};

use super::super::support::{Asked, TestServer};
use super::{asked, at};

const NOW: &str = "2026-01-15T12:00:00Z";
const ACCOUNTS: [(&str, &str); 2] =
    [("F50091", "5a1c0c5e-0001-4f50-8091-0a8a88000001"), ("F12345", "5a1c0c5e-0005-4f12-8345-0a8a88000005")];

fn rows(server: &TestServer, account: &str) -> Vec<Value> {
    let listed = server.send(&asked("GET", &format!("/v2/people?accountId={account}"))).json();
    let rows = listed["rows"].as_array().expect("rows").clone();
    assert!(rows.len() > 5, "{account} has people");
    rows
}

fn state(server: &TestServer) -> Value {
    server.send_unjudged(&Asked::new("GET", "/_mock/state/equals_money")).json()
}

/// A value without the time of its last change, wherever it stands.
fn timeless(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| *name != "updatedAt");
            Value::Object(kept.map(|(name, value)| (name.clone(), timeless(value))).collect())
        }
        Value::Array(items) => items.iter().map(timeless).collect(),
        other => other.clone(),
    }
}

fn with(row: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut row = row.clone();
    row[name] = value.into();
    row
}

fn patch(server: &TestServer, target: &str, key: &str, body: &Value) -> (u16, Value) {
    let request = Asked::new("PATCH", target).header("Authorization", &format!("ApiKey {key}"));
    let answer = server.send(&request.json(&body.to_string()));
    (answer.status, answer.json())
}

#[test]
fn every_row_of_people_can_be_sent_back_and_changes_nothing() {
    let server = at(NOW);
    let before = timeless(&state(&server));
    for (account, own) in ACCOUNTS {
        for row in rows(&server, account) {
            let target = format!("/v2/people/{}", row["id"].as_str().expect("an id"));
            // A product-level key needs no account; without one the answer has no persona.
            let (status, answer) = patch(&server, &target, "1070598f-6540-4c8a-b08f-f7c33dcc726a", &row);
            assert_eq!(status, 200, "{row} is answered {answer}");
            assert_eq!(answer["updatedAt"], NOW);
            let (status, answer) = patch(&server, &target, own, &with(&row, "accountId", account));
            assert_eq!(status, 200, "{row} is answered {answer}");
            assert_eq!(timeless(&answer), timeless(&row));
            assert_eq!(answer["persona"]["updatedAt"], row["persona"]["updatedAt"], "the persona is not touched");
        }
        let shown: Vec<_> = rows(&server, account).iter().map(timeless).collect();
        assert_eq!(shown.len(), rows(&server, account).len());
    }
    assert_eq!(timeless(&state(&server)), before, "nothing but updatedAt moved");
}

#[test]
fn a_changed_row_of_people_changes_what_was_changed() {
    let server = at(NOW);
    for (account, own) in ACCOUNTS {
        for row in rows(&server, account) {
            let target = format!("/v2/people/{}", row["id"].as_str().expect("an id"));
            let changed = with(&with(&row, "accountId", account), "middleInitials", "Q");
            let (status, answer) = patch(&server, &target, own, &changed);
            assert_eq!(status, 200, "{changed} is answered {answer}");
            assert_eq!(timeless(&answer), timeless(&with(&row, "middleInitials", "Q")));
        }
    }
}

/// A request may set a status to `active` or `deactivated` alone (documented), so a persona that shows another one
/// is sent back without it.
#[test]
fn every_persona_can_be_sent_back_and_changes_nothing() {
    let server = at(NOW);
    let before = timeless(&state(&server));
    let mut settable = 0;
    for (account, _) in ACCOUNTS {
        for row in rows(&server, account) {
            let persona = &row["persona"];
            let target = format!("/v2/personas/{}?accountId={account}", persona["id"].as_str().expect("an id"));
            let key = "1070598f-6540-4c8a-b08f-f7c33dcc726a";
            let (status, answer) = patch(&server, &target, key, persona);
            if ["active", "deactivated"].contains(&persona["status"].as_str().expect("a status")) {
                settable += 1;
                assert_eq!(status, 200, "{persona} is answered {answer}");
            } else {
                let shown = persona["status"].as_str().expect("a status");
                let told = json!({"message": format!("status must be active or deactivated, not '{shown}'.")});
                assert_eq!((status, &answer), (400, &told), "{persona}");
            }
            let mut sendable = persona.clone();
            sendable.as_object_mut().expect("an object").remove("status");
            let (status, full) = patch(&server, &target, key, &sendable);
            assert_eq!(status, 200, "{sendable} is answered {full}");
            for (name, value) in persona.as_object().expect("an object") {
                assert!(name == "updatedAt" || &full[name] == value, "{name} of {persona} became {}", full[name]);
            }
            // The whole persona, as this operation answers it, goes back too.
            let mut whole = full.clone();
            whole.as_object_mut().expect("an object").remove("status");
            let (status, again) = patch(&server, &target, key, &whole);
            assert_eq!((status, timeless(&again)), (200, timeless(&full)));
        }
    }
    assert!(settable > 8, "{settable} personas show a status that can be set");
    assert_eq!(timeless(&state(&server)), before, "nothing but updatedAt moved");
}

/// A person with values that only a request or an older fixture can have given.
#[test]
fn what_a_person_has_is_taken_back_whatever_its_form() {
    let server = at(NOW);
    let new = json!({"accountId": "F50091", "firstName": "A", "lastName": "B", "emailAddress": "a@b.example",
        "roleName": "User", "dob": "", "address": {}, "locale": ""});
    let answer = server.send(&asked("POST", "/v2/people").json(&new.to_string()));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let made = answer.json();
    let target = format!("/v2/people/{}", made["id"].as_str().expect("an id"));
    let (status, answer) =
        patch(&server, &target, "1070598f-6540-4c8a-b08f-f7c33dcc726a", &with(&made, "accountId", "F50091"));
    assert_eq!((status, &answer), (200, &made), "sent back within the same instant, nothing differs");

    let mut fixture: Value = serde_json::from_str(super::FIXTURE).expect("JSON");
    fixture["people"][0]["nationalities"] = json!(["British", "Irish"]);
    let server = super::with_fixture(&fixture);
    let row = rows(&server, "F50091").remove(0);
    let target = format!("/v2/people/{}", row["id"].as_str().expect("an id"));
    let (status, answer) = patch(&server, &target, "1070598f-6540-4c8a-b08f-f7c33dcc726a", &row);
    assert_eq!((status, &answer["nationalities"]), (200, &json!(["British", "Irish"])));
    let changed = with(&row, "nationalities", json!(["British"]));
    let (status, _) = patch(&server, &target, "1070598f-6540-4c8a-b08f-f7c33dcc726a", &changed);
    assert_eq!(status, 400, "another list must be of codes");
}
