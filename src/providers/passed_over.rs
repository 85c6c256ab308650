//! What Vijil's and Axero's readers say that they passed over of a request, asked of the providers themselves.

use std::sync::Arc;

use crate::provider::asking::Asking;
use crate::provider::{HeaderName, Response};

fn answer(provider: &str, token: &'static str, line: &str, body: &str) -> Response {
    let (method, target) = line.split_once(' ').expect("a method and a target");
    let registered = super::registry().iter().find(|one| one.descriptor().id == provider).expect("a provider");
    Asking::of(Arc::clone(registered), token).ask(method, target, body)
}

fn hint(response: &Response) -> Option<&str> {
    let hint = HeaderName::from_static("x-mock-hint");
    let mut hints = response.headers().iter().filter(|(name, _)| *name == hint);
    let first = hints.next().map(|(_, value)| value.to_str().expect("a text"));
    assert!(hints.next().is_none(), "one hint: {response:?}");
    first
}

/// The status and what is noted: the first place, and how many there are.
#[track_caller]
fn check(
    provider: &str,
    token: &'static str,
    line: &str,
    body: &str,
    status: u16,
    noted: Option<(&str, usize)>,
) -> Response {
    let response = answer(provider, token, line, body);
    let unread = response.passed_over();
    let found = unread.first().map(|first| (first, unread.count()));
    assert_eq!((response.status(), found), (status, noted), "{line} {body}");
    response
}

#[track_caller]
fn vijil(line: &str, body: &str, status: u16, noted: Option<(&str, usize)>) -> Response {
    let line = line.replace("TEAM", "c58aea71-3861-4f28-b8c4-20832a2f22ee");
    let line = line.replace("PERSONA", "d829a422-f29b-4a56-a473-794ce2da0ebb");
    let body = body.replace("TEAM", "c58aea71-3861-4f28-b8c4-20832a2f22ee");
    check("vijil", "Bearer vijil-owner-token", &line, &body, status, noted)
}

#[track_caller]
fn axero(line: &str, body: &str, status: u16, noted: Option<(&str, usize)>) -> Response {
    check("axero", "Bearer axero-owner-alice", line, body, status, noted)
}

const PRESET: &str = "POST /v1/personas/from-preset/201eab82-4d20-4c59-b595-01f139171119";
const LOGIN: &str = r#"{"email":"user@example.com","password":"your-password"}"#;

#[test]
fn vijil_reads_right_requests_whole() {
    let all = r#"{"id":null,"team_id":"TEAM","name":"A","description":null,"role":"r","role_description":"x",
        "knowledge_level":"expert","skill_level":"novice","intent":"benign","language":"de","access_permissions":null,
        "is_preset":false,"preset_category":null,"tags":[],"icon_filename":null}"#;
    vijil("POST /v1/personas/", all, 201, None);
    vijil("PUT /v1/personas/PERSONA", "{}", 200, None);
    vijil("PUT /v1/personas/PERSONA", r#"{"name":null,"tags":null,"intent":"curious"}"#, 200, None);
    let free = r#"{"access_permissions":{"privilege_level":"clinical","ward":"B4"}}"#;
    vijil("PUT /v1/personas/PERSONA", free, 200, None);
    vijil(
        "GET /v1/personas/?team_id=TEAM&intents=curious&intents=malicious&is_preset=off&limit=1&search=",
        "",
        200,
        None,
    );
    vijil("GET /v1/personas/presets/?team_id=TEAM&preset_category=adversarial&limit=1&offset=1", "", 200, None);
    vijil("GET /v1/personas/PERSONA?team_id=TEAM", "{}", 200, None);
    vijil("DELETE /v1/personas/PERSONA", "", 204, None);
    vijil(PRESET, "", 201, None);
    vijil(PRESET, r#"{"name_override":"A"}"#, 201, None);
    vijil("POST /v1/auth/jwt/login", LOGIN, 200, None);
    vijil("POST /v1/auth/jwt/logout", "{}", 200, None);
    vijil("POST /v1/auth/jwt/refresh", "", 200, None);
    vijil("GET /v1/users/me/teams", "", 200, None);
}

#[test]
fn vijil_says_which_members_its_models_leave_out() {
    let put = |body: &str, noted| vijil("PUT /v1/personas/PERSONA", body, 200, noted);
    put(r#"{"roleDescription":"x"}"#, Some(("$.roleDescription", 1)));
    put(r#"{"name":"A","Name":"B","team_id":"TEAM","id":"x"}"#, Some(("$.Name", 3)));
    put(r#"{"access_permissions":{"tools":[],"allowed_tools":["a"]}}"#, Some(("$.access_permissions.tools", 1)));
    put(r#"{"colour":"red","access_permissions":{"tools":[]}}"#, Some(("$.access_permissions.tools", 2)));
    let post = |body: &str, status, noted| vijil("POST /v1/personas/", body, status, noted);
    post(r#"{"team_id":"TEAM","name":"A","role":"r","created_at":1,"id":null}"#, 201, Some(("$.created_at", 1)));
    post(r#"{"teamId":"TEAM","name":"A","role":"r"}"#, 422, Some(("$.teamId", 1)));
    post(r#"{"team_id":"TEAM","name":"A","role":7,"intnt":"curious"}"#, 422, Some(("$.intnt", 1)));
    // No member is looked at where the body is no object, and none before the credential.
    post(r#"[{"a":1}]"#, 422, None);
    vijil(PRESET, r#"{"name":"My Carlos"}"#, 201, Some(("$.name", 1)));
    let login = r#"{"username":"user@example.com","password":"your-password"}"#;
    vijil("POST /v1/auth/jwt/login", login, 422, Some(("$.username", 1)));
    let login = r#"{"email":"user@example.com","password":"your-password","remember":true}"#;
    vijil("POST /v1/auth/jwt/login", login, 200, Some(("$.remember", 1)));
    let pair = r#"{"client_id":"a","client_secret":"b","grant_type":"client_credentials"}"#;
    vijil("POST /v1/auth/token", pair, 200, Some(("$.grant_type", 1)));
    let change = r#"{"current_password":"x","new_password":"12345678","confirm":"12345678"}"#;
    vijil("POST /v1/auth/change-password", change, 401, Some(("$.confirm", 1)));
}

#[test]
fn vijil_says_which_parameters_and_bodies_nobody_asks_for() {
    vijil("GET /v1/personas/?team_id=TEAM&page=2&per_page=1", "", 200, Some(("query.page", 2)));
    vijil("GET /v1/personas/?teamId=TEAM", "", 422, Some(("query.teamId", 1)));
    vijil("GET /v1/personas/PERSONA?team_id=TEAM&fields=name", "", 200, Some(("query.fields", 1)));
    vijil("PUT /v1/personas/PERSONA?team_id=TEAM", r#"{"nam":"A"}"#, 200, Some(("query.team_id", 2)));
    vijil("DELETE /v1/personas/PERSONA?force=1", r#"{"force":true}"#, 204, Some(("query.force", 2)));
    vijil("GET /v1/personas/?team_id=TEAM", r#"{"limit":1}"#, 200, Some(("$", 1)));
    vijil("GET /v1/users/me?expand=teams", "", 200, Some(("query.expand", 1)));
    vijil("POST /v1/auth/jwt/logout?all=1", "token=x", 200, Some(("query.all", 2)));
    vijil("POST /v1/auth/jwt/login?next=x", LOGIN, 200, Some(("query.next", 1)));
    vijil("GET /teams/healthz?verbose=1", "", 200, Some(("query.verbose", 1)));
    // Nothing is read for who shows no credential.
    check("vijil", "Basic x", "GET /v1/users/me?expand=teams", "", 401, None);
}

#[test]
fn vijil_hints_say_more_where_they_know_more() {
    let told = |line: &str, at: &str| {
        let answer = vijil(line, "", 200, Some((at, 1)));
        hint(&answer).map(str::to_owned)
    };
    let list = |query: &str, at: &str| told(&format!("GET /v1/personas/?team_id=TEAM&{query}"), at);
    assert_eq!(list("Limit=1", "query.Limit").as_deref(), Some("Limit is ignored: send limit"));
    assert_eq!(
        list("intents[]=malicious", "query.intents[]").as_deref(),
        Some("intents[] is ignored: send intents, once for each")
    );
    // Presets have it, personas have not.
    assert_eq!(list("Preset_Category=x", "query.Preset_Category"), None);
    let twice = "is sent more than once: the last one counts, the others are ignored";
    assert_eq!(list("limit=1&limit=2", "query.limit"), Some(format!("limit {twice}")));
    let other = "GET /v1/personas/PERSONA?team_id=7d1f0c52-9a3e-4b68-8f47-1c2d5e6a9b30&team_id=TEAM";
    assert_eq!(told(other, "query.team_id"), Some(format!("team_id {twice}")));
    let copied = vijil(&format!("{PRESET}?team_id=TEAM"), "", 201, Some(("query.team_id", 1)));
    assert!(hint(&copied).is_some_and(|hint| hint.contains("first team of the token")));
}

#[test]
fn axero_reads_right_requests_whole() {
    axero(
        "PUT /api/personas/188",
        r#"{"name":"A","ISENABLED":1,"personaConditions":null,"PersonaID":"188"}"#,
        200,
        None,
    );
    axero("PUT /api/personas/188", "{/* x */ 'Name': 'A',}", 200, None);
    let nested = r#"{"PersonaID":0,"Name":"A","RunActionOnSave":true,"RunActionsOnSave":true,"IncludeActions":null,
        "PersonaMatchCondition":1,"PersonaConditions":[{"ConditionID":0,"PersonaID":0,"ProfileFieldId":67,
        "ConditionValue":"611","ConditionOperatorType":0,"ParentID":0,"PersonaMatchCondition":0,"GroupName":"A"}],
        "PersonaActions":[{"ActionID":0,"PersonaID":0,"ActionValue":"1","ActionType":1,"Index":0}]}"#;
    axero("POST /api/personas", nested, 200, None);
    axero("GET /api/personas?startpage=1&PAGESIZE=1&Rest-Api-Key=x", "", 200, None);
    axero("GET /api/personas?PageLength=1", "", 200, None);
    axero("GET /api/personas/188?rest-api-key=x", "", 200, None);
    axero("DELETE /api/personas/188", "{}", 200, None);
}

#[test]
fn axero_says_which_members_bind_to_nothing() {
    let put = |body: &str, noted| axero("PUT /api/personas/188", body, 200, noted);
    put(r#"{"is_enabled":false}"#, Some(("$.is_enabled", 1)));
    put(r#"{"Persona":{"Name":"A"},"LastUpdated":"2026-01-01T00:00:00"}"#, Some(("$.Persona", 2)));
    let misspelt = r#"{"PersonaConditions":[{"ProfileFieldID":67},{"ConditonValue":"611","LastUpdated":1}]}"#;
    put(misspelt, Some(("$.PersonaConditions[1].ConditonValue", 2)));
    put(r#"{"PersonaConditions":[{"Value":1}],"IsEnabled":"yes"}"#, Some(("$.PersonaConditions[0].Value", 1)));
    axero("POST /api/personas", r#"{"Names":"A"}"#, 200, Some(("$.Names", 1)));
    let flat = put(r#"{"Name":"A","ProfileFieldId":67}"#, Some(("$.ProfileFieldId", 1)));
    assert!(hint(&flat).is_some_and(|hint| hint.contains("which belongs in PersonaConditions")), "{flat:?}");
}

#[test]
fn axero_says_which_parameters_and_bodies_nobody_asks_for() {
    axero("GET /api/personas?page=2&per_page=1&PageSize=1", "", 200, Some(("query.page", 2)));
    axero("GET /api/personas?Page=1&StartPage=two", "", 400, Some(("query.Page", 1)));
    axero("GET /api/personas/188?fields=Name", "", 200, Some(("query.fields", 1)));
    axero("GET /api/personas/7000?fields=Name", "", 200, Some(("query.fields", 1)));
    axero("PUT /api/personas/188?draft=1", r#"{"Nam":"A"}"#, 200, Some(("query.draft", 2)));
    axero("DELETE /api/personas/188?force=1", "force", 200, Some(("query.force", 2)));
    axero("GET /api/personas", r#"{"PageSize":1}"#, 200, Some(("$", 1)));
    check("axero", "Basic x", "GET /api/personas?page=2", "", 401, None);
}

#[test]
fn axero_hints_say_which_of_two_parameters_counts() {
    let told = |query: &str, at: &str| {
        let answer = axero(&format!("GET /api/personas?{query}"), "", 200, Some((at, 1)));
        hint(&answer).expect("a hint").to_owned()
    };
    let twice = "PageSize is sent more than once: the first one counts, the others are ignored";
    assert_eq!(told("PageSize=1&pagesize=2", "query.pagesize"), twice);
    let both = "PageLength is ignored: PageSize is sent too and counts; send one of them";
    assert_eq!(told("PageLength=3&PageSize=2", "query.PageLength"), both);
}
