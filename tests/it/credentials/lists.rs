//! The list of the credentials that pass, as the control API, the handle and the shell show it.

use persona_mock::api::Credentials;
use persona_mock::internals::{Guard, Setup};
use persona_mock::provider::AuthMode;
use persona_mock::{Mock, PersonaMock};
use serde_json::{Value, json};

use super::super::steer::Shell;
use super::super::support::{Asked, TestServer, server};
use super::{CALLS, get, of, strict};

#[test]
fn each_listed_credential_works_as_it_is_listed() {
    let server = TestServer::start(&strict());
    let all: Credentials =
        serde_json::from_value(server.send(&Asked::new("GET", "/_mock/credentials")).json()).expect("a list");
    assert_eq!(all.providers.keys().collect::<Vec<_>>().len(), CALLS.len());
    for (provider, listed) in &all.providers {
        assert_eq!(listed.auth, AuthMode::Strict);
        assert!(listed.others.starts_with("no other passes"), "{provider}: {}", listed.others);
        assert!(listed.credentials.len() > 4, "{provider}");
        let (mut good, mut bad) = (0, 0);
        for credential in &listed.credentials {
            let send = &credential.send;
            let asked = match send.split_once(": ") {
                Some((name, value)) if !send.starts_with("POST ") => {
                    // Some keys see another account.
                    let target = of(provider)
                        .0
                        .replace("F50091", if credential.rights.contains("F12345") { "F12345" } else { "F50091" });
                    get(&target, Some((name, value)))
                }
                _ => {
                    let (target, body) = send["POST ".len()..].split_once(' ').expect("a body");
                    Asked::new("POST", target).json(body)
                }
            };
            let answer = server.send(&asked);
            let passes = !credential.expired && !credential.revoked && !credential.rights.starts_with("none");
            assert_eq!(answer.status == 200, passes, "{provider} {credential}: {} {}", answer.status, answer.text());
            *(if passes { &mut good } else { &mut bad }) += 1;
        }
        assert!(good > 2 && bad > 0, "{provider}: {good} {bad}");
    }
}

#[test]
fn a_password_that_a_request_set_is_not_shown() {
    let server = TestServer::start(&server::setup());
    let change = Asked::new("POST", "/_sandbox/t1/v1/auth/change-password")
        .header("Authorization", "Bearer vijil-owner-token")
        .json(r#"{"current_password": "your-password", "new_password": "planted-4242"}"#);
    let changed = server.send(&change);
    assert!(changed.status < 300, "{}", changed.text());
    let text = |prefix: &str| server.send(&Asked::new("GET", &format!("{prefix}/_mock/credentials"))).text();
    let shown = text("/_sandbox/t1");
    assert!(!shown.contains("planted-4242") && !shown.contains("your-password"), "{shown}");
    assert!(shown.contains("with the password that a request changed it to"), "{shown}");
    assert!(text("").contains("your-password"), "a password of the fixture is shown");
    // It is no part of the state: what is exported loads to an equal one.
    let state = server.send(&Asked::new("GET", "/_sandbox/t1/_mock/state/vijil")).text();
    assert!(server.send(&Asked::new("PUT", "/_sandbox/t2/_mock/state/vijil").json(&state)).status < 300);
    assert_eq!(server.send(&Asked::new("GET", "/_sandbox/t2/_mock/state/vijil")).text(), state);
}

#[test]
fn the_list_is_of_a_sandbox_and_its_modes_and_of_one_provider_where_asked() {
    let server = TestServer::start(&server::setup());
    let list = |prefix: &str, query: &str| -> Value {
        server.send(&Asked::new("GET", &format!("{prefix}/_mock/credentials{query}"))).json()
    };
    let all = list("", "");
    assert_eq!(all["providers"]["axero"]["others"], "any other token or key acts as Alice Romero");
    let mode = Asked::new("PUT", "/_sandbox/t1/_mock/settings").json(r#"{"auth": "off"}"#);
    assert_eq!(server.send(&mode).status, 200);
    let off = list("/_sandbox/t1", "?provider=vijil");
    assert_eq!(off["providers"].as_object().map(serde_json::Map::len), Some(1));
    let others = off["providers"]["vijil"]["others"].as_str().expect("a sentence");
    assert!(others.starts_with("no credential is looked at; every request acts as user@example.com"), "{others}");
    let first = &off["providers"]["vijil"]["credentials"][0];
    assert_eq!(
        (&first["who"], &first["send"]),
        (&json!("user@example.com"), &json!("Authorization: Bearer vijil-owner-token"))
    );
    let wrong = server.send(&Asked::new("GET", "/_mock/credentials?provider=vigil"));
    assert_eq!(wrong.status, 404);
    assert!(
        wrong.text().contains("the providers are axero, crud, equals_money, vijil")
            || wrong.text().contains("the providers are"),
        "{}",
        wrong.text()
    );
    let handle = PersonaMock::builder().build().expect("a mock").sandbox("t1");
    let told = handle.credentials().expect("a list");
    assert!(told.providers["crud"].credentials.iter().any(|row| row.revoked), "{told}");
}

#[test]
fn the_list_is_guarded_as_the_state_is() {
    let token = Some("control-4242".parse().expect("a token"));
    let closed = TestServer::start(&Setup { guard: Guard { token, ..server::guard() }, ..server::setup() });
    let open = TestServer::start(&server::setup());
    let ask = |server: &TestServer, path: &str, field: Option<(&str, &str)>| server.send(&get(path, field)).status;
    for path in ["/_mock/credentials", "/_mock/state"] {
        assert_eq!(ask(&closed, path, None), 401, "{path}");
        assert_eq!(ask(&closed, path, Some(("Authorization", "Bearer control-4242"))), 200, "{path}");
        assert_eq!(ask(&open, path, Some(("Origin", "http://evil.test"))), 403, "{path}");
        let rebound = Asked::new("GET", path).header("Host", "evil.test");
        assert_eq!(open.send(&rebound).status, 403, "{path}");
    }
}

#[test]
fn a_shell_lists_the_credentials() {
    let shell = Shell::start(&[]);
    let said = shell.said("credentials --provider equals_money --sandbox t1");
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(
        lines[0],
        "equals_money (auth=any): any other UUID is a product-level key, which reads and writes in every account"
    );
    assert_eq!(lines[1], "  Authorization: ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a");
    assert!(said.contains("; read, F50091\n") && said.contains("; expired 2026-01-14T12:00:00Z"), "{said}");
    let all = shell.json("credentials");
    assert_eq!(all["providers"].as_object().map(serde_json::Map::len), Some(4));
    assert!(shell.refused("credentials --provider vigil").contains("the providers are"), "an unknown provider");
}
