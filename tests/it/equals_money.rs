//! Equals Money: the vendor's own sample, and what no single case can show.

mod rows;
mod sentences;
mod writers;

use persona_mock::internals::{FixtureText, Setup};

use super::support::{Asked, TestServer, case, server};

const PRODUCT_KEY: &str = "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a";

/// The vendor's page "Update a persona", as printed: the body that it sends and the one it is answered.
const SAMPLE_REQUEST: &str = include_str!("../samples/equals_money/update_persona.request.json");
const SAMPLE_RESPONSE: &str = include_str!("../samples/equals_money/update_persona.response.json");

const FIXTURE: &str = include_str!("../../fixtures/equals_money.json");

fn at(clock: &str) -> TestServer {
    TestServer::start(&Setup { clock: clock.parse().expect("a clock"), ..server::setup() })
}

/// A server that starts at this fixture.
fn with_fixture(fixture: &serde_json::Value) -> TestServer {
    let text = FixtureText {
        provider: "equals_money".to_owned(),
        file: "equals_money.json".to_owned(),
        text: fixture.to_string(),
    };
    TestServer::start(&Setup { fixtures: vec![text], ..server::setup() })
}

fn asked(method: &str, target: &str) -> Asked {
    Asked::new(method, target).header("Authorization", PRODUCT_KEY)
}

#[test]
fn the_vendors_sample_comes_out_as_printed() {
    let server = at("2019-08-24T14:15:22Z");
    let target = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091";
    let answer = server.send(&asked("PATCH", target).json(SAMPLE_REQUEST));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let expected = serde_json::from_str(SAMPLE_RESPONSE).expect("JSON");
    let mut wrong = Vec::new();
    case::compare("$", &expected, &answer.json(), &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_sample_persona_is_not_the_printed_one_before_the_request() {
    let server = at("2019-08-24T14:15:22Z");
    let target = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091";
    let before = server.send(&asked("PATCH", target).json("{}")).json();
    let printed: serde_json::Value = serde_json::from_str(SAMPLE_RESPONSE).expect("JSON");
    for name in ["emailAddress", "employeeNumber", "workNumber", "jobTitle", "status", "transactionalEmailPreference"] {
        assert_ne!(before[name], printed[name], "{name} could not show that the request set it");
    }
    for name in ["cardTransactionPushNotificationPreference", "marketingEmails", "securityNotifications"] {
        assert_ne!(before[name], printed[name], "{name} could not show that the request set it");
    }
}

#[test]
fn the_default_invites_never_rot() {
    for clock in ["2019-08-24T14:15:22Z", "2026-01-15T12:00:00Z", "2031-07-01T00:00:00Z"] {
        let server = at(clock);
        let listed = server.send(&asked("GET", "/v2/people?accountId=F50091&status=invited")).json();
        let names: Vec<_> = listed["rows"].as_array().expect("rows").iter().map(|row| &row["firstName"]).collect();
        assert!(names.contains(&&"Jean-Luc".into()) && names.contains(&&"Hana".into()), "{clock}: {names:?}");
    }
}

#[test]
fn pages_put_together_are_the_whole_list() {
    let server = at("2026-01-15T12:00:00Z");
    let whole = server.send(&asked("GET", "/v2/people?accountId=F50091")).json();
    let whole = whole["rows"].as_array().expect("rows");
    let mut pages = Vec::new();
    for offset in (0..whole.len()).step_by(5) {
        let page = server.send(&asked("GET", &format!("/v2/people?accountId=F50091&limit=5&offset={offset}"))).json();
        assert_eq!(page["count"], whole.len());
        pages.extend(page["rows"].as_array().expect("rows").iter().cloned());
    }
    assert_eq!(&pages, whole);
}

#[test]
fn a_fixture_may_state_what_the_vendors_samples_leave_empty() {
    let mut fixture: serde_json::Value = serde_json::from_str(FIXTURE).expect("JSON");
    fixture["personas"][1]["createdBy"] = serde_json::json!({"id": "x", "n": 1.50});
    fixture["personas"][1]["primaryOwnerOf"] = serde_json::json!({"b": 1, "a": [null]});
    let server = with_fixture(&fixture);
    let target = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091";
    let answer = server.send(&asked("PATCH", target).json("{}")).text();
    assert!(answer.contains(r#""createdBy":{"id":"x","n":1.5},"#), "{answer}");
    assert!(answer.contains(r#""primaryOwnerOf":{"b":1,"a":[null]},"#), "{answer}");
    let target = "/v2/people?accountId=F50091&search=clint&include=persona.createdBy,persona.primaryOwnerOf";
    let answer = server.send(&asked("GET", target)).text();
    assert!(answer.contains(r#""createdBy":{"id":"x","n":1.5},"primaryOwnerOf":{"b":1,"a":[null]}}"#), "{answer}");
}

#[test]
fn a_role_that_no_account_is_named_for_is_listed_for_each() {
    let mut fixture: serde_json::Value = serde_json::from_str(FIXTURE).expect("JSON");
    let roles = fixture["roles"].as_array_mut().expect("roles");
    roles.retain(|role| role["name"] != "Viewer");
    roles.push(serde_json::json!({"id": "00000000-0000-4000-8000-00000000000a", "name": "Viewer", "createdAt": "now"}));
    let server = with_fixture(&fixture);
    let viewers = |key: &str| {
        let listed = server.send(&Asked::new("GET", "/v2/roles").header("Authorization", key)).json();
        let rows = listed["rows"].as_array().expect("rows").clone();
        assert_eq!(listed["count"], rows.len());
        assert!(rows.iter().all(|role| role["accountId"].is_string()), "{listed}");
        assert!(rows.is_sorted_by_key(|role| role["name"].as_str().map(str::to_owned)), "{listed}");
        let viewers = rows.iter().filter(|role| role["name"] == "Viewer");
        viewers.map(|role| role["accountId"].as_str().expect("an account").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(viewers(PRODUCT_KEY), ["F50091", "F12345"]);
    assert_eq!(viewers("ApiKey 5a1c0c5e-0005-4f12-8345-0a8a88000005"), ["F12345"]);
    let target = "/v2/people?accountId=F12345&roleNames=Viewer&include=persona.roles&limit=1";
    let row = server.send(&asked("GET", target)).json()["rows"][0].clone();
    assert_eq!(row["persona"]["roles"][0]["accountId"], "F12345", "{row}");
    assert_eq!(row["persona"]["roles"][0]["id"], row["roleId"]);
}

#[test]
fn a_search_looks_within_one_text_at_a_time() {
    let server = at("2026-01-15T12:00:00Z");
    // The end of the name and the start of the login stand side by side only in the mock's memory.
    for search in ["whitfielddana", "whitfield%0Adana", "whitfield%FFdana"] {
        let listed = server.send(&asked("GET", &format!("/v2/people?accountId=F50091&search={search}"))).json();
        assert_eq!(listed["count"], 0, "{search}");
    }
}
