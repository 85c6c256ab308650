//! Vijil: what FastAPI and pydantic answered, replayed; its document; what a client does in more than one step.

use persona_mock::internals::Document;
use persona_mock::internals::Exchange;
use persona_mock::internals::Setup;
use persona_mock::provider::AuthMode;
use serde_json::{Value, json};

use super::support::contract::Verifier;
use super::support::{Answer, Asked, TestServer, recording, server};

/// The header fields that the framework settles.
const HEADERS: [&str; 5] = ["content-type", "allow", "location", "www-authenticate", "set-cookie"];

/// Stands in a recording for whatever id the mock draws.
const DRAWN: &str = "11111111-2222-4333-8444-555555555555";

/// The recorded answer with the id that the mock drew.
fn with_drawn_id(expected: &Answer, found: &Answer) -> Answer {
    let mut expected = expected.clone();
    let id = serde_json::from_slice::<serde_json::Value>(&found.body).ok();
    if let Some(id) = id.as_ref().and_then(|body| body["id"].as_str()).filter(|_| expected.text().contains(DRAWN)) {
        expected.body = expected.text().replacen(DRAWN, id, 1).into_bytes();
    }
    expected
}

#[test]
fn recordings() {
    let server = TestServer::start(&server::setup());
    let count = recording::replay(&server, &recording::file("vijil"), |_, _, expected, found| {
        recording::same(&with_drawn_id(expected, found), found, &HEADERS)
    });
    assert!(count >= 2_000, "only {count} recordings");
}

#[test]
fn a_token_of_the_mocks_own_keeps_its_owner_and_its_life_in_every_mode() {
    for auth in [AuthMode::Off, AuthMode::Any, AuthMode::Strict] {
        let server = TestServer::start(&Setup { auth, ..server::setup() });
        let login = r#"{"email":"bo.castillo@example.org","password":"other-team"}"#;
        let answer = server.send(&Asked::new("POST", "/v1/auth/jwt/login").json(login));
        let token = answer.json()["access_token"].as_str().expect("a token").to_owned();
        let me = || server.send(&Asked::new("GET", "/v1/users/me").header("Authorization", &format!("Bearer {token}")));
        assert_eq!(me().json()["email"], "bo.castillo@example.org", "{auth:?}");
        server.send(&Asked::new("PUT", "/_mock/clock").json(r#"{"advance":"25h"}"#));
        assert_eq!(me().status, 401, "{auth:?}");
    }
}

/// Whether a persona is as it was but for the time of its last change.
fn same_but_for_its_time(mut found: Value, mut expected: Value) {
    found["updated_at"].take();
    expected["updated_at"].take();
    assert_eq!(found, expected);
}

#[test]
fn every_persona_can_be_sent_back_as_it_was_answered() {
    let server = TestServer::start(&server::setup());
    let fixture: Value = serde_json::from_str(include_str!("../../fixtures/vijil.json")).expect("JSON");
    let token = ("Authorization", "Bearer anything");
    let personas = fixture["personas"].as_array().expect("personas");
    for persona in personas {
        let (id, team) = (persona["id"].as_str().expect("an id"), persona["team_id"].as_str().expect("a team"));
        let read = Asked::new("GET", &format!("/v1/personas/{id}?team_id={team}")).header(token.0, token.1);
        let read = server.send(&read).json();
        let put = |body: &Value| {
            let put = Asked::new("PUT", &format!("/v1/personas/{id}")).header(token.0, token.1);
            let answer = server.send(&put.json(&body.to_string()));
            assert_eq!(answer.status, 200, "{id}: {}", answer.text());
            answer.json()
        };
        same_but_for_its_time(put(&read), read.clone());
        let mut renamed = read.clone();
        renamed["name"] = "Renamed".into();
        same_but_for_its_time(put(&renamed), renamed.clone());
        // A copy: whoever creates from what was answered takes the id away.
        let mut copy = read.clone();
        copy.as_object_mut().expect("an object").shift_remove("id");
        let create = Asked::new("POST", "/v1/personas/").header(token.0, token.1).json(&copy.to_string());
        let made = server.send(&create).json();
        copy["id"] = made["id"].clone();
        for field in ["created_at", "updated_at", "created_by"] {
            copy[field] = made[field].clone();
        }
        assert_eq!(made, in_order_of(&read, &copy));
    }
    assert_eq!(personas.len(), 15);
}

/// The members of `value` in the order that `model` has.
fn in_order_of(model: &Value, value: &Value) -> Value {
    let names = model.as_object().expect("an object").keys();
    names.map(|name| (name.clone(), value[name].clone())).collect::<serde_json::Map<_, _>>().into()
}

#[test]
fn every_preset_becomes_a_persona_that_can_be_changed() {
    let server = TestServer::start(&server::setup());
    let fixture: Value = serde_json::from_str(include_str!("../../fixtures/vijil.json")).expect("JSON");
    let presets = fixture["presets"].as_array().expect("presets");
    for preset in presets {
        let id = preset["id"].as_str().expect("an id");
        let asked = |method: &str, path: &str| Asked::new(method, path).header("Authorization", "Bearer anything");
        let change = asked("PUT", &format!("/v1/personas/{id}")).json(&preset.to_string());
        assert_eq!(server.send(&change).status, 403, "{id} is the system's");
        let made = server.send(&asked("POST", &format!("/v1/personas/from-preset/{id}"))).json();
        let own = made["id"].as_str().expect("an id");
        let answer = server.send(&asked("PUT", &format!("/v1/personas/{own}")).json(&made.to_string()));
        assert_eq!(answer.status, 200, "{id}: {}", answer.text());
        same_but_for_its_time(answer.json(), made.clone());
    }
    assert_eq!(presets.len(), 13);
}

fn sign_in(email: &str, password: &str) -> Asked {
    Asked::new("POST", "/v1/auth/jwt/login").json(&json!({"email": email, "password": password}).to_string())
}

#[test]
fn an_inactive_user_is_refused_whatever_is_sent() {
    let bo = [("bo.castillo@example.org", "other-team"), ("vk_b26c4d9e01f37a85", "other-team-secret")];
    for mode in ["any", "strict", "off"] {
        let server = TestServer::start(&server::setup());
        let control = |method: &str, path: &str, body: &str| server.send(&Asked::new(method, path).json(body));
        let issued = server.send(&sign_in(bo[0].0, bo[0].1)).json();
        let issued = format!("Bearer {}", issued["access_token"].as_str().expect("a token"));
        let mut state = control("GET", "/_mock/state/vijil", "").json();
        let users = state["users"].as_array_mut().expect("users");
        // The first user is whom free credentials stand for: the next active one takes over.
        for user in users.iter_mut() {
            let email = user["email"].as_str().expect("an address");
            user["is_active"] = (email != bo[0].0 && email != "user@example.com").into();
        }
        assert_eq!(control("PUT", "/_mock/state/vijil", &state.to_string()).status, 204);
        assert_eq!(control("PUT", "/_mock/settings", &json!({"auth": mode}).to_string()).status, 200);

        let me = |bearer: &str| server.send(&Asked::new("GET", "/v1/users/me").header("Authorization", bearer));
        let refresh = Asked::new("POST", "/v1/auth/jwt/refresh").header("Authorization", &issued);
        let pair = json!({"client_id": bo[1].0, "client_secret": bo[1].1}).to_string();
        let pair = Asked::new("POST", "/v1/auth/token").json(&pair);
        for asked in [&sign_in(bo[0].0, bo[0].1), &pair, &refresh] {
            assert_eq!(server.send(asked).status, 401, "{mode} {}", asked.target);
        }
        assert_eq!(me(&issued).status, 401, "{mode}");
        let first = "mina.park@example.com";
        match mode {
            "off" => assert_eq!(me("Bearer vijil-other-team-token").json()["email"], first),
            _ => assert_eq!(me("Bearer vijil-other-team-token").status, 401, "{mode}"),
        }
        if mode != "strict" {
            assert_eq!(me("Bearer made-up").json()["email"], first, "{mode}");
        }
    }
}

#[test]
fn a_changed_password_is_kept_by_its_sandbox_and_by_what_is_exported() {
    let server = TestServer::start(&server::setup());
    let status = |asked: &Asked| server.send(asked).status;
    let noor = "noor.haddad@example.com";
    let signed_in = server.send(&sign_in(&format!("{noor}+sandbox.t1"), "first-sign-in")).json();
    let bearer = format!("Bearer {}", signed_in["access_token"].as_str().expect("a token"));
    let me = |bearer: &str| server.send(&Asked::new("GET", "/v1/users/me").header("Authorization", bearer));
    assert_eq!(me(&bearer).json()["password_change_required"], true);

    let change = r#"{"current_password":"first-sign-in","new_password":"chosen by Noor"}"#;
    let change = Asked::new("POST", "/v1/auth/change-password").header("Authorization", &bearer).json(change);
    let changed = server.send(&change);
    assert_eq!((changed.status, changed.header("x-mock-sandbox")), (200, Some("t1")), "{}", changed.text());
    let fresh = format!("Bearer {}", changed.json()["access_token"].as_str().expect("a token"));
    let cookie = changed.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with(&format!("fastapiusersauth={}; ", &fresh["Bearer ".len()..])), "{cookie}");
    for bearer in [&bearer, &fresh] {
        let me = me(bearer);
        assert_eq!(me.header("x-mock-sandbox"), Some("t1"), "both tokens name the sandbox");
        assert_eq!(me.json()["password_change_required"], false);
    }
    assert_eq!(server.send(&change).status, 401, "the old password is no longer the current one");
    assert_eq!(status(&sign_in(&format!("{noor}+sandbox.t1"), "first-sign-in")), 401);
    assert_eq!(status(&sign_in(&format!("{noor}+sandbox.t1"), "chosen by Noor")), 200);
    assert_eq!(status(&sign_in(noor, "first-sign-in")), 200, "another sandbox knows nothing of it");

    let state = server.send(&Asked::new("GET", "/_sandbox/t1/_mock/state")).json();
    let users = state["vijil"]["users"].as_array().expect("the exported users").clone();
    let user = users.iter().find(|user| user["email"] == noor).expect("Noor");
    assert_eq!((&user["password"], &user["password_change_required"]), (&json!("chosen by Noor"), &json!(false)));
    let load = Asked::new("PUT", "/_sandbox/t2/_mock/state").json(&state.to_string());
    assert!(status(&load) < 300, "{}", server.send(&load).text());
    assert_eq!(status(&sign_in(&format!("{noor}+sandbox.t2"), "chosen by Noor")), 200);
    assert_eq!(status(&Asked::new("POST", "/_sandbox/t1/_mock/reset")), 200);
    assert_eq!(status(&sign_in(&format!("{noor}+sandbox.t1"), "first-sign-in")), 200);
}

#[test]
fn a_refused_change_of_a_password_changes_nothing() {
    let server = TestServer::start(&server::setup());
    let changed = |body: &str| {
        let asked = Asked::new("POST", "/v1/auth/change-password").header("Authorization", "Bearer vijil-owner-token");
        server.send(&asked.json(body));
        let journal = server.send(&Asked::new("GET", "/_mock/requests?operation=vijil.change_password")).json();
        journal["requests"].as_array().expect("requests").last().expect("one")["changed"] == true
    };
    assert!(!changed(r#"{"current_password":"wrong","new_password":"long enough"}"#));
    assert!(!changed(r#"{"current_password":"your-password","new_password":"your-password"}"#));
    assert!(!changed(r#"{"current_password":"your-password","new_password":"short"}"#));
    assert!(changed(r#"{"current_password":"your-password","new_password":"long enough"}"#));
}

#[test]
fn health_pages_answer_in_any_sandbox_and_to_a_page_of_any_origin() {
    let server = TestServer::start(&server::setup());
    for page in ["/teams/healthz", "/evaluations/healthz", "/console/healthz"] {
        for (target, sandbox) in [(page.to_owned(), "default"), (format!("/_sandbox/t1{page}"), "t1")] {
            let asked = |method: &str| Asked::new(method, &target).header("Origin", "http://app.test");
            let answer = server.send(&asked("GET"));
            assert_eq!((answer.status, answer.header("x-mock-sandbox")), (200, Some(sandbox)), "{target}");
            assert_eq!(answer.header("access-control-allow-origin"), Some("http://app.test"), "{target}");
            let preflight = server.send(&asked("OPTIONS").header("Access-Control-Request-Method", "GET"));
            assert_eq!(preflight.status, 204, "{target}");
            for method in ["OPTIONS", "DELETE", "HEAD"] {
                let answer = server.send(&asked(method));
                assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")), "{method} {target}");
            }
            for other in [format!("{target}/"), format!("{target}/x"), target.replace("healthz", "other")] {
                let answer = server.send(&Asked::new("GET", &other));
                let problem = Some("application/problem+json");
                assert_eq!((answer.status, answer.header("content-type")), (404, problem), "{other} is nowhere");
            }
        }
    }
    let mounts = server.send(&Asked::new("GET", "/")).json()["mounts"].to_string();
    assert!(mounts.contains("\"/v1\"") && !mounts.contains("healthz"), "no base URL ends in one path: {mounts}");
}

/// The document as it is served.
fn document() -> Value {
    let server = TestServer::start(&server::setup());
    server.send(&Asked::new("GET", "/_mock/openapi/vijil.json")).json()
}

/// What the vendor's document requires of a schema, and its defaults.
fn demands(schema: &Value) -> (Vec<&str>, Vec<(&str, String)>) {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let defaults = properties.filter_map(|(name, member)| Some((name.as_str(), member.get("default")?.to_string())));
    (required, defaults.collect())
}

#[test]
fn schemas_require_what_the_vendors_do_and_have_its_defaults() {
    let document = document();
    let levels = [("knowledge_level", "\"intermediate\""), ("skill_level", "\"competent\""), ("intent", "\"benign\"")];
    let of_personas = [&levels[..], &[("language", "\"en\""), ("is_preset", "false")]].concat();
    let of_users =
        ["is_superuser", "is_verified", "password_change_required", "is_super_admin"].map(|name| (name, "false"));
    let of_users = [&[("is_active", "true")][..], &of_users].concat();
    let own = ["id", "team_id", "name", "role", "created_at", "updated_at", "created_by"];
    let membership = ["id", "team_id", "user_id", "role", "created_at", "updated_at", "team_name", "team_description"];
    let check = |name: &str, required: &[&str], defaults: &[(&str, &str)]| {
        let schema = &document["components"]["schemas"][name];
        let defaults = defaults.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        assert_eq!(demands(schema), (required.to_vec(), defaults), "{name}");
    };
    check("Persona", &own, &of_personas);
    check("PersonaCreate", &["team_id", "name", "role"], &of_personas);
    check("PersonaUpdate", &[], &[]);
    check("PersonaAccessPermissions", &[], &[("privilege_level", "\"user\"")]);
    check("PersonaListResponse", &["results", "total"], &[]);
    check("CreateFromPresetRequest", &[], &[]);
    check("LoginRequest", &["email", "password"], &[]);
    check("ChangePasswordRequest", &["current_password", "new_password"], &[]);
    check("UserRead", &["id", "email"], &of_users);
    check("MembershipWithTeam", &membership, &[]);
    check("HTTPValidationError", &[], &[]);
    check("ValidationError", &["loc", "msg", "type"], &[]);
}

#[test]
fn answers_are_held_to_every_member_whatever_the_vendor_lets_be_absent() {
    let document = document();
    let contract = Verifier::of(&Document::settled(document.clone(), &[]));
    let check = |path: &str, status: u16, count: usize| {
        let response = &document["paths"][path]["get"]["responses"][status.to_string()];
        let response =
            response["$ref"].as_str().map_or(response, |target| document.pointer(&target[1..]).expect("one"));
        let shown = response["content"]["application/json"]["examples"].as_object();
        let (_, first) = shown.and_then(|shown| shown.iter().next()).expect("an example");
        let whole = &first["value"];
        let violations = |body: &Value| {
            let body = body.to_string().into_bytes();
            let content_type = Some("application/json");
            contract
                .violations(&Exchange { path, method: "GET", status, content_type, inferred: false, body: &body })
                .len()
        };
        assert_eq!(violations(whole), 0, "{path} {status}");
        let members = whole.as_object().expect("an object");
        assert_eq!(members.len(), count, "{path} {status}");
        for name in members.keys() {
            let mut part = whole.clone();
            part.as_object_mut().expect("an object").shift_remove(name);
            assert_eq!(violations(&part), 1, "{path} {status} without {name}");
        }
        let mut more = whole.clone();
        more["more"] = Value::Null;
        assert_eq!(violations(&more), 1, "{path} {status} with one more");
    };
    check("/v1/personas/{id}", 200, 18);
    check("/v1/personas/", 200, 2);
    check("/v1/users/me", 200, 11);
    check("/v1/personas/", 422, 1);
}
