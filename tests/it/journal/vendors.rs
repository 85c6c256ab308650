//! What the journal explains of real vendors' requests, out of their documents.

use serde_json::{Value, json};

use super::super::support::{Asked, TestServer, server};
use super::{numbers, shown, told};

const KEY: &str = "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a";
const PERSONA: &str = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091";

fn vendors() -> TestServer {
    TestServer::start(&server::setup())
}

fn last(server: &TestServer) -> Value {
    shown(server, "?order=newest&limit=1").remove(0)
}

fn send(server: &TestServer, method: &str, target: &str, credential: &str, body: &str) -> u16 {
    server.send(&Asked::new(method, target).header("Authorization", credential).json(body)).status
}

#[test]
fn a_field_that_the_vendor_ignores_is_told_with_the_one_that_was_meant() {
    let server = vendors();
    assert_eq!(send(&server, "PATCH", PERSONA, KEY, r#"{"marketingEmails": true, "jobTitle": "x"}"#), 200);
    let entry = last(&server);
    assert_eq!(entry["ignored"][0]["at"], "$.marketingEmails");
    assert_eq!(entry["ignored"][0]["nearest"], "marketingEmailsPreference");
    assert_eq!(entry["ignored"].as_array().map(Vec::len), Some(1), "{entry}");
    send(&server, "PATCH", &format!("{PERSONA}&acountId=1"), KEY, r#"{"jobTitle": "x"}"#);
    assert_eq!(last(&server)["ignored"], json!([{"at": "query.acountId"}]));
}

#[test]
fn a_field_of_another_operation_is_told_as_such() {
    let server = vendors();
    let list = server.send(
        &Asked::new("GET", "/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee")
            .header("Authorization", "Bearer x"),
    );
    let id = list.json()["results"][0]["id"].as_str().expect("a persona").to_owned();
    let body = r#"{"team_id": "7d1f0c52-9a3e-4b68-8f47-1c2d5e6a9b30", "name": "New"}"#;
    assert_eq!(send(&server, "PUT", &format!("/v1/personas/{id}"), "Bearer x", body), 200);
    let ignored = last(&server)["ignored"].clone();
    assert_eq!(ignored[0]["at"], "$.team_id", "{ignored}");
    assert!(ignored[0]["taken_by"].as_array().expect("names").contains(&json!("vijil.create_persona")), "{ignored}");
    let created = last(&server);
    assert_eq!((&created["changed"], &created["provenance"]), (&json!(true), &json!("documented")));
}

#[test]
fn a_documented_request_of_each_vendor_has_nothing_ignored_and_no_hint() {
    let server = vendors();
    let axero = r#"{"name": "Quiet", "ISENABLED": true, "PersonaConditions": [{"profilefieldid": 67, "ConditionValue": "611", "ConditionOperatorType": 0}]}"#;
    assert_eq!(send(&server, "POST", "/api/personas?Rest-Api-Key=x", "Bearer x", axero), 200);
    let crud = r#"{"project_id": "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10", "name": "Dana", "demographics": {"free": 1}}"#;
    assert_eq!(send(&server, "POST", "/crud/personas", "Bearer vm_x", crud), 201);
    for entry in shown(&server, "") {
        assert_eq!((&entry["ignored"], entry.get("hint")), (&json!([]), None), "{entry}");
    }
    assert_eq!(send(&server, "POST", "/api/personas", "Bearer x", r#"{"Name": "Quiet", "IsEnabeld": true}"#), 200);
    assert_eq!(last(&server)["ignored"], json!([{"at": "$.IsEnabeld", "nearest": "IsEnabled"}]));
}

#[test]
fn a_request_that_does_not_pass_is_explained_field_by_field() {
    let server = vendors();
    let body = r#"{"nmae": "x", "team_id": "c58aea71-3861-4f28-b8c4-20832a2f22ee", "role": "r", "intent": "evil"}"#;
    assert_eq!(send(&server, "POST", "/v1/personas/", "Bearer x", body), 422);
    let hint = last(&server)["hint"].clone();
    assert_eq!((&hint["reason"], &hint["likely_wrong"]), (&json!("invalid"), &json!("client")), "{hint}");
    let fields = hint["fields"].as_array().expect("fields");
    assert!(fields.iter().any(|field| field["field"] == "$.intent"), "{hint}");
    let misspelt = json!({"field": "$.nmae", "expected": "`name` was probably meant", "found": "nmae"});
    assert!(fields.contains(&misspelt), "{hint}");
    assert_eq!(
        send(&server, "PATCH", "/v2/personas/00000000-0000-4000-8000-000000000000?accountId=F50091", KEY, "{}"),
        404
    );
    let hint = last(&server)["hint"].clone();
    assert_eq!((&hint["reason"], &hint["likely_wrong"]), (&json!("refused"), &json!("unknown")));
    let login = r#"{"email":"user@example.com","password":"a-guess"}"#;
    assert_eq!(send(&server, "POST", "/v1/auth/jwt/login", "", login), 401);
    let hint = last(&server)["hint"].clone();
    assert_eq!((&hint["reason"], &hint["likely_wrong"]), (&json!("refused"), &json!("client")));
    let told = "this login is listed in the fixture and its password there is another";
    assert!(hint["message"].as_str().is_some_and(|message| message.starts_with(told)), "{hint}");
}

#[test]
fn a_hint_says_at_each_place_what_was_expected_and_what_was_found() {
    let server = vendors();
    let check = |method: &str, target: &str, body: &str, status: u16, expected: &[[&str; 3]]| {
        assert_eq!(send(&server, method, target, "Bearer vm_x", body), status, "{method} {target}");
        let hint = last(&server)["hint"].clone();
        let fields = hint["fields"].as_array().into_iter().flatten();
        let told: Vec<_> = fields.map(|field| ["field", "expected", "found"].map(|name| &field[name])).collect();
        assert_eq!(told, expected, "{method} {target} {body}: {hint}");
    };
    // One persona or a list of them: the list is told of its item.
    let batch = r#"[{"id": "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01"}, {"id": 7}]"#;
    check(
        "PUT",
        "/crud/personas",
        batch,
        207,
        &[["$[1].id", "a UUID of RFC 9562 such as 00000000-0000-4000-8000-000000000000", "7"]],
    );
    let nameless = r#"{"project_id": "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10"}"#;
    check("POST", "/crud/personas", nameless, 400, &[["$", "`name` to be there", "no `name`"]]);
    let wrong = r#"{"name": "", "intent": "evil"}"#;
    let intents = "one of \"benign\", \"curious\", \"adversarial\", \"malicious\", or null";
    let told = [
        ["path.id", "a UUID", "abc"],
        ["$.name", "a string of at least 1 character, or null", "\"\""],
        ["$.intent", intents, "\"evil\""],
    ];
    check("PUT", "/v1/personas/abc", wrong, 422, &told);
    // The vendor's framework reads more forms of a UUID than the document's `format` names.
    let team = r#"{"team_id": "urn:uuid:c58aea71-3861-4f28-b8c4-20832a2f22ee", "name": "N", "role": "r"}"#;
    check("POST", "/v1/personas/", team, 201, &[]);
}

#[test]
fn a_hint_names_the_first_mistake_in_a_sentence_and_how_many_others_there_are() {
    let server = vendors();
    let check = |method: &str, target: &str, body: &str, status: u16, message: &str| {
        assert_eq!(send(&server, method, target, "Bearer vm_x", body), status, "{method} {target} {body}");
        let hint = last(&server)["hint"].clone();
        assert_eq!(hint["message"], message, "{method} {target} {body}");
        assert!(message.is_ascii() && message.len() <= 400);
    };
    let misspelt = r#"{"nmae": "x", "team_id": "c58aea71-3861-4f28-b8c4-20832a2f22ee", "role": "r"}"#;
    let told = "$.nmae is not known; name, which is missing, was probably meant";
    check("POST", "/v1/personas/", misspelt, 422, told);
    let wrong = r#"{"name": "N", "intent": "benignn"}"#;
    let told = "$.intent is \"benignn\"; expected one of \"benign\", \"curious\", \"adversarial\", \"malicious\", \
                or null; \"benign\" was probably meant";
    check("PUT", "/v1/personas/00000000-0000-4000-8000-000000000000", wrong, 422, told);
    let told = "path.id is abc; expected a UUID such as 00000000-0000-4000-8000-000000000000 (and 1 more)";
    check("PUT", "/v1/personas/abc", r#"{"name": 5}"#, 422, told);
    check(
        "POST",
        "/v1/personas/",
        "{\"name\": \n x}",
        422,
        "the body is no JSON: a value must be a string in double quotes, a number, true, false, null, a list or an \
             object, at line 2, character 2, at $.name",
    );
    let nameless = r#"{"project_id": "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10"}"#;
    check("POST", "/crud/personas", nameless, 400, "the body has no `name`, which must be there");
    let told = "$.name is a list; expected a string or null";
    check("PUT", "/v1/personas/00000000-0000-4000-8000-000000000000", r#"{"name": ["a secret"]}"#, 422, told);
    let told = format!(
        "$.intent is \"{}...; expected one of \"benign\", \"curious\", \"adversarial\", \"malicious\", \
         or null",
        "\\u00e9".repeat(39)
    );
    let long = format!(r#"{{"intent": "{}"}}"#, "é".repeat(900));
    check("PUT", "/v1/personas/00000000-0000-4000-8000-000000000000", &long, 422, &told);
}

#[test]
fn a_wrong_media_type_is_the_first_mistake_where_the_vendor_says_so_or_nothing_else_is_wrong() {
    let server = vendors();
    let hint = |target: &str, credential: &str, body: &str| {
        let asked = Asked::new("POST", target).header("Authorization", credential).header("Content-Type", "text/plain");
        let status = server.send(&asked.body(body)).status;
        (status, last(&server)["hint"]["message"].as_str().unwrap_or_default().to_owned())
    };
    let team = r#"{"team_id": "c58aea71-3861-4f28-b8c4-20832a2f22ee", "name": "N", "role": "r"}"#;
    let told = "the Content-Type is text/plain; expected application/json";
    assert_eq!(hint("/v1/personas/", "Bearer x", team), (422, told.to_owned()));
    let (status, message) = hint("/api/personas", "Bearer x", r#"{"Nmae": 1}"#);
    assert!(status == 415 && message.starts_with("the Content-Type is text/plain; expected "), "{status} {message}");
    // This one reads JSON under any name.
    let (status, message) = hint("/crud/personas", "Bearer vm_x", r#"{"project_id": "x", "name": "N"}"#);
    assert!(status == 400 && message.starts_with("$.project_id is \"x\"; expected "), "{status} {message}");
}

#[test]
fn what_a_vendor_refuses_with_200_is_refused() {
    let server = vendors();
    let nameless = r#"{"Nmae": "Quiet"}"#;
    assert_eq!(send(&server, "POST", "/api/personas", "Bearer x", nameless), 200);
    assert_eq!(send(&server, "POST", "/api/personas", "Bearer x", r#"{"Name": "Quiet"}"#), 200);
    assert_eq!(send(&server, "GET", "/v1/personas/abc", "Bearer x", ""), 422);
    let entry = shown(&server, "?outcome=refused&provider=axero").remove(0);
    let meant = json!("$.Nmae is not known; Name, which is missing, was probably meant");
    assert_eq!(
        (&entry["number"], &entry["outcome"], &entry["hint"]["message"]),
        (&json!(1), &json!("refused"), &meant)
    );
    assert_eq!((&entry["hint"]["reason"], &entry["hint"]["likely_wrong"]), (&json!("invalid"), &json!("client")));
    assert_eq!(numbers(&shown(&server, "?outcome=refused")), [1, 3]);
    assert_eq!(numbers(&shown(&server, "?outcome=answered")), [2]);
    assert_eq!(numbers(&shown(&server, "?outcome=failed")), [0; 0]);
    let (status, problem) = told(&server, "GET", "/_mock/requests?outcome=refuse", "");
    let expected = "expected answered, refused or failed, found \"refuse\"";
    assert_eq!((status, &problem["detail"]), (400, &json!(expected)));
    let calls = json!({"calls": [{"call": {"outcome": "refused", "provider": "axero"}, "exactly": 1}]});
    assert_eq!(told(&server, "POST", "/_mock/verify", &calls.to_string()).0, 200);
}

#[test]
fn of_a_body_that_is_kept_in_part_the_journal_says_what_the_answer_said() {
    let mut setup = server::setup();
    setup.journal.body = 20;
    let server = TestServer::start(&setup);
    let body = r#"{"name": "A name", "intent": "evil"}"#;
    assert_eq!(send(&server, "PUT", "/v1/personas/00000000-0000-4000-8000-000000000000", "Bearer x", body), 422);
    let hint = last(&server)["hint"].clone();
    let message = hint["message"].as_str().expect("a message");
    assert!(message.starts_with("$.intent is \"evil\"; expected one of"), "{hint}");
    // What is wrong was found when all of the body was there.
    assert_eq!((&hint["reason"], &hint["fields"][0]["found"]), (&json!("invalid"), &json!("\"evil\"")), "{hint}");
    assert_eq!(send(&server, "PUT", "/v1/personas/abc", "Bearer x", body), 422);
    let hint = last(&server)["hint"].clone();
    assert_eq!(hint["fields"][0], json!({"field": "path.id", "expected": "a UUID", "found": "abc"}));
}

#[test]
fn a_batch_of_which_an_item_is_refused_counts_as_refused() {
    let server = vendors();
    let item = r#"{"project_id": "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10", "name": "Dana"}"#;
    assert_eq!(send(&server, "POST", "/crud/personas", "Bearer vm_x", &format!("[{item}]")), 201);
    assert_eq!(send(&server, "POST", "/crud/personas", "Bearer vm_x", &format!(r#"[{item}, {{"name": 5}}]"#)), 207);
    let entry = shown(&server, "?outcome=refused").remove(0);
    assert_eq!(
        (&entry["number"], &entry["outcome"], &entry["hint"]["reason"]),
        (&json!(2), &json!("refused"), &json!("invalid")),
        "{entry}"
    );
    assert_eq!(numbers(&shown(&server, "?outcome=answered")), [1]);
    let calls = json!({"calls": [{"call": {"outcome": "refused", "status": 207}, "exactly": 1}]});
    assert_eq!(told(&server, "POST", "/_mock/verify", &calls.to_string()).0, 200);
    // A refusal that was asked for is what its status says, and names who asked.
    let down = Asked::new("GET", "/crud/personas").header("Authorization", "Bearer vm_x").header("Prefer", "code=503");
    assert_eq!(server.send(&down).status, 503);
    let entry = last(&server);
    assert_eq!((&entry["outcome"], &entry["fault"]), (&json!("failed"), &json!("request")), "{entry}");
}

#[test]
fn the_mock_says_that_the_client_misspelt_the_field_a_test_expects() {
    let server = vendors();
    send(&server, "PATCH", PERSONA, KEY, r#"{"marketingEmails": true}"#);
    let expected = json!({"calls": [{"call": {
        "operation": "equals_money.update_persona", "body": {"marketingEmailsPreference": true}}}]});
    let (status, problem) = told(&server, "POST", "/_mock/verify", &expected.to_string());
    assert_eq!(status, 409);
    let failure = &problem["failures"][0];
    assert_eq!(failure["likely_wrong"], "client");
    assert_eq!(
        failure["because"],
        "it sent `marketingEmails`, which the vendor does not know, for `marketingEmailsPreference`"
    );
    assert_eq!(failure["nearest"]["ignored"][0]["at"], "$.marketingEmails");
}

#[test]
fn a_login_leaves_no_secret_in_the_journal() {
    let server = vendors();
    let login =
        Asked::new("POST", "/v1/auth/jwt/login").json(r#"{"email": "user@example.com", "password": "your-password"}"#);
    let token = server.send(&login).json()["access_token"].as_str().expect("a token").to_owned();
    let me = server.send(&Asked::new("GET", "/v1/auth/users/me").header("Authorization", &format!("Bearer {token}")));
    assert_eq!(me.status, 200);
    let pair = Asked::new("POST", "/v1/auth/token")
        .json(r#"{"client_id": "vk_7f3a9c2e5b1d4860", "client_secret": "owner-secret"}"#);
    assert_eq!(server.send(&pair).status, 200);
    for page in ["/_mock/requests", "/_mock/requests.har", "/_mock/requests.pact?provider=vijil"] {
        let text = server.send(&Asked::new("GET", page)).text();
        for secret in ["your-password", &token, "owner-secret"] {
            assert!(!text.contains(secret), "{page} tells {secret}");
        }
        assert!(text.contains("user@example.com"));
    }
    assert_eq!(numbers(&shown(&server, "?operation=vijil.login")), [1]);
    assert!(last(&server).get("hint").is_none(), "what was redacted breaks no rule");
}

#[test]
fn every_case_of_every_vendor_can_be_read_back_and_explained() {
    let server = vendors();
    for provider in persona_mock::providers::registry() {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(&*provider.descriptor().id);
        for file in std::fs::read_dir(folder).expect("cases") {
            let case = super::super::support::case::read(&file.expect("a file").path());
            for exchange in case.exchanges {
                server.send_unjudged(&exchange.asked);
            }
        }
    }
    let (_, page) = told(&server, "GET", "/_mock/requests?limit=1000", "");
    let entries = page["requests"].as_array().expect("a list");
    assert!(entries.len() > 200, "{}", entries.len());
    for entry in entries {
        let status = entry["answer"]["status"].as_u64().expect("a status");
        let redirect = (300..400).contains(&status);
        assert!(status < 400 || redirect || entry["hint"]["message"].is_string(), "unexplained: {entry}");
    }
}
