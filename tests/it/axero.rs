//! Axero: recordings of Json.NET, the vendor's sample, the fixture's faults.

use jiff::Timestamp;
use persona_mock::internals::Unzoned;
use persona_mock::internals::sql_datetime;
use persona_mock::internals::{AppState, FixtureText, Setup};
use persona_mock::providers::registry;
use serde_json::{Value, json};

use super::support::{Asked, TestServer, case, recording, server};

/// The moment and the site of Axero's own sample.
fn sample_setup() -> Setup {
    Setup {
        clock: "2026-04-09T16:42:24.263Z".parse().expect("a clock"),
        public_url: Some("https://your-site.com".to_owned()),
        ..server::setup()
    }
}

#[test]
fn replays_what_json_net_answered() {
    let server = TestServer::start(&sample_setup());
    let count = recording::replay(&server, &recording::file("axero"), |_, _, expected, found| {
        recording::same(expected, found, &["content-type"])
    });
    assert!(count >= 500, "{count} recordings");
}

#[test]
fn dates_are_rounded_and_printed_as_sql_server_and_json_net_do() {
    let text = include_str!("../recordings/axero-dates.jsonl");
    let mut different = Vec::new();
    for line in text.lines().skip(1) {
        let (instant, expected): (String, String) = serde_json::from_str(line).expect("an instant and its print");
        let instant: Timestamp = instant.parse().expect("an instant");
        let found = Unzoned(sql_datetime::round(instant)).to_string();
        if found != expected {
            different.push(format!("{instant}: expected {expected}, found {found}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn the_vendors_sample_comes_out_as_printed() {
    let server = TestServer::start(&sample_setup());
    let asked = Asked::new("PUT", "/api/personas/188")
        .header("Authorization", "Bearer YOUR_TOKEN")
        .json(r#"{"Name": "Creative Hub"}"#);
    let answer = server.send(&asked);
    let expected: Value = serde_json::from_str(include_str!("../samples/axero_update.json")).expect("the sample");
    let mut wrong = Vec::new();
    case::compare("$", &expected, &answer.json(), &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(answer.text(), expected.to_string(), "compact, byte for byte");
}

#[test]
fn a_fixture_with_faults_names_them_all() {
    let text = r#"{
        "roles": [{"name": "A", "rest_api": true, "write": true}],
        "users": [{"UserID": 1, "DisplayName": "X", "role": "B"}, {"UserID": 1, "DisplayName": "Y", "role": "A"}],
        "tokens": [{"token": "t", "UserID": 2}],
        "legacy_keys": [{"key": "k", "UserID": 3}],
        "personas": [{
            "PersonaID": 5, "Name": " ", "CreatedBy": 4, "UpdatedBy": 1, "DateCreated": "now-3d", "LastUpdated": "now",
            "IsEnabled": true, "IncludeActions": true,
            "PersonaConditions": [
                {"ConditionID": 9, "ProfileFieldID": 1, "CreatedBy": 1, "UpdatedBy": 6, "LastUpdated": "now"},
                {"ConditionID": 9, "ProfileFieldID": 1, "CreatedBy": 1, "UpdatedBy": 1, "LastUpdated": "now"}
            ],
            "PersonaActions": [{"ActionID": 2, "CreatedBy": 7, "UpdatedBy": 1, "LastUpdated": "now", "ActionType": 1}]
        }],
        "next_ids": {"axero.persona": 5, "axero.other": 1}
    }"#;
    let fixture = FixtureText { provider: "axero".to_owned(), file: "axero.json".to_owned(), text: text.to_owned() };
    let error = AppState::build(registry(), &Setup { fixtures: vec![fixture], ..server::setup() }).expect_err("faults");
    let message = error.to_string();
    for fault in [
        "$.users[1].UserID: found `1` a second time, expected each UserID once",
        "$.users[0].role: found `B`, expected the name of a role",
        "$.tokens[0].UserID: found `2`, expected the UserID of a user",
        "$.legacy_keys[0].UserID: found `3`, expected the UserID of a user",
        "$.personas[0].Name: found a blank name, expected a name that is not blank",
        "$.personas[0].CreatedBy: found `4`, expected the UserID of a user",
        "$.personas[0].PersonaConditions[1].ConditionID: found `9` a second time, expected each ConditionID once",
        "$.personas[0].PersonaConditions[0].UpdatedBy: found `6`, expected the UserID of a user",
        "$.personas[0].PersonaActions[0].CreatedBy: found `7`, expected the UserID of a user",
        "$.next_ids['axero.persona']: found 5, expected at least 6",
        "$.next_ids['axero.other']: found the unknown kind `axero.other`",
    ] {
        assert!(message.contains(fault), "`{fault}` is missing in:\n{message}");
    }
}

#[test]
fn every_persona_of_the_fixture_is_accepted_as_it_was_read() {
    let server = TestServer::start(&server::setup());
    let ask = |method: &str, target: &str, body: Option<&Value>| {
        let asked = Asked::new(method, target).header("Authorization", "Bearer YOUR_TOKEN");
        server.send(&body.map_or(asked.clone(), |body| asked.json(&body.to_string())))
    };
    let list = || ask("GET", "/api/personas?PageSize=100", None).json()["ResponseData"].clone();
    let before = list();
    let rows = before.as_array().expect("rows");
    assert!(!rows.is_empty());
    for row in rows {
        let answer = ask("PUT", &format!("/api/personas/{}", row["PersonaID"]), Some(row));
        assert_eq!((answer.status, &answer.json()["IsError"]), (200, &json!(false)), "{row}: {}", answer.text());
        let hint = answer.header("x-mock-hint").expect("what the vendor sets itself is told");
        assert!(hint.starts_with("$.CreatedBy is ignored"), "{row}: {hint}");
    }
    // A save dates and signs the persona and its children, and changes nothing else.
    fn unsigned(mut value: Value) -> Value {
        match &mut value {
            Value::Object(members) => {
                for name in ["LastUpdated", "LastUpdatedString", "UpdatedBy", "UpdatedByUserDisplayName"] {
                    members.remove(name);
                }
                members.values_mut().for_each(|member| *member = unsigned(member.take()));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| *item = unsigned(item.take())),
            _ => {}
        }
        value
    }
    assert_eq!(unsigned(list()), unsigned(before));
}

#[test]
fn the_published_requests_are_answered_as_pasted() {
    let server = TestServer::start(&sample_setup());
    let head =
        |asked: Asked| asked.header("Authorization", "Bearer YOUR_TOKEN").header("Content-Type", "application/json");
    let update = head(Asked::new("PUT", "/api/personas/188")).body(r#"{ "Name": "Power User" }"#);
    let add = head(Asked::new("POST", "/api/personas")).body(
        r#"{"Name": "Human Resources", "IsEnabled": true, "IncludeActions": true, "PersonaMatchCondition": 0,
            "RunActionsOnSave": false,
            "PersonaConditions": [{"ProfileFieldID": 67, "ConditionValue": 611, "ConditionOperatorType": 0}],
            "PersonaActions": [{"ActionValue": "291", "ActionType": 1}]}"#,
    );
    for (asked, name) in [(update, "Power User"), (add, "Human Resources")] {
        let answer = server.send(&asked);
        let json = answer.json();
        let said = (&json["IsError"], &json["ResponseMessage"], &json["ResponseData"]["Name"]);
        assert_eq!(said, (&json!(false), &json!("Changes saved successfully"), &json!(name)));
        assert_eq!(answer.header("x-mock-hint"), None);
    }
    let empty = server.send(&head(Asked::new("POST", "/api/personas")).body("{}"));
    assert_eq!(empty.text(), r#"{"IsError":true,"ResponseMessage":"Required field missing","ResponseData":null}"#);
    let blank = server.send(&head(Asked::new("PUT", "/api/personas/188")).body(r#"{"Name": ""}"#));
    let printed =
        r#"{"IsError":true,"ResponseMessage":"Required parameter is missing or invalid.","ResponseData":null}"#;
    assert_eq!(blank.text(), printed);
}

#[test]
fn each_flat_name_of_the_parameter_table_gets_a_hint_that_the_journal_repeats() {
    let server = TestServer::start(&server::setup());
    let conditions = ["ProfileFieldId", "ConditionOperatorType", "ConditionValue", "GroupName", "ParentID"];
    let actions = ["ActionType", "ActionValue"];
    let told = conditions.map(|name| (name, "PersonaConditions")).into_iter();
    for (name, list) in told.chain(actions.map(|name| (name, "PersonaActions"))) {
        for spelling in [name.to_owned(), name.to_lowercase(), name.to_uppercase()] {
            for value in [json!(1), json!("1"), json!(null), json!({"a": []})] {
                let save = |method: &str, target: &str, body: Value| {
                    let asked = Asked::new(method, target).header("Authorization", "Bearer YOUR_TOKEN");
                    let answer = server.send(&asked.json(&body.to_string()));
                    let hint = answer.header("x-mock-hint").map(str::to_owned);
                    assert_eq!(answer.json()["IsError"], false, "{body}");
                    hint
                };
                let body = json!({"Name": "Flat", spelling.clone(): value});
                let expected = format!(
                    "ignored at the top of the body: {spelling}, which belongs in {list}; \
                     send {{\"{list}\": [{{\"{spelling}\": ...}}]}}"
                );
                assert_eq!(save("PUT", "/api/personas/188", body.clone()).as_ref(), Some(&expected));
                assert_eq!(save("POST", "/api/personas", body).as_ref(), Some(&expected));
                let latest = server.send_unjudged(&Asked::new("GET", "/_mock/requests?order=newest&limit=1")).json();
                let hint = &latest["requests"][0]["hint"];
                assert_eq!((&hint["reason"], &hint["likely_wrong"]), (&json!("ignored"), &json!("client")), "{hint}");
                assert_eq!(hint["message"], json!(expected));
            }
        }
    }
}
