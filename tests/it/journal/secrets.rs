//! No secret is in the journal: a list of planted ones, the credentials of every provider, and what must stay.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::super::support::{Asked, TestServer, server};
use super::{ask, shown, told, toy};

/// One line of `tests/secrets/planted.txt`.
struct Planted {
    place: String,
    text: String,
    /// The secret in all spellings that the line may use.
    spellings: Vec<String>,
    kept: String,
}

fn planted() -> Vec<Planted> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/secrets/planted.txt");
    let lines = std::fs::read_to_string(path).expect("the list");
    let lines = lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.enumerate().map(|(number, line)| plant(number, line)).collect()
}

fn plant(number: usize, line: &str) -> Planted {
    let (place, text) = line.split_at(13);
    let (secret, digits, kept) =
        (format!("hush-{number:03}-Zq7"), format!("71{number:03}00937"), format!("plain-{number:03}"));
    let payload = URL_SAFE_NO_PAD.encode(json!({"sub": kept}).to_string());
    let jwt = format!("eyJhbGciOiJIUzI1NiJ9.{payload}.{}", URL_SAFE_NO_PAD.encode(&secret));
    let basic = STANDARD.encode(format!("ann:{secret}"));
    let escaped: String = secret.chars().map(|letter| format!("\\u{:04x}", letter as u32)).collect();
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let filled = text
        .replace("{secret}", &secret)
        .replace("{number}", &digits)
        .replace("{jwt}", &jwt)
        .replace("{basic}", &basic)
        .replace("{escaped}", &escaped)
        .replace("{percent}", &percent)
        .replace("{kept}", &kept)
        .replace('⏎', "\r\n");
    let mut spellings = vec![secret, jwt, basic, escaped.replace('\\', "\\\\"), escaped, percent];
    if !place.starts_with("keep") {
        spellings.push(digits);
    }
    Planted { place: place.trim_end().to_owned(), text: filled, spellings, kept }
}

impl Planted {
    /// What the answer's own sentences say.
    fn send(&self, server: &TestServer) -> String {
        let asked = |target: &str| Asked::new("POST", target);
        let asked = match self.place.trim_start_matches("keep ") {
            "json" => asked("/toy/count").json(&self.text),
            "form" => {
                asked("/toy/count").header("Content-Type", "application/x-www-form-urlencoded").body(self.text.clone())
            }
            "text" => asked("/toy/count").header("Content-Type", "text/plain").body(self.text.clone()),
            "target" if self.text.starts_with('?') => asked(&format!("/toy/count{}", self.text)),
            "target" => asked(&format!("/toy/cuont{}", self.text)),
            "header" => {
                let (name, value) = self.text.split_once(": ").expect("a field");
                // The toy answers with the body, so that the field comes back.
                asked("/toy/count").header(name, value).json(&json!({"note": value}).to_string())
            }
            other => panic!("there is no place {other}"),
        };
        let answer = server.send_unjudged(&asked);
        ["x-mock-hint", "x-mock-error"].map(|name| answer.header(name).unwrap_or_default().to_owned()).join("\n")
    }
}

/// Everything that the server tells of its journal.
fn pages(server: &TestServer) -> Vec<(&'static str, String)> {
    let get = |target| ask(server, "GET", target, "").text();
    let verify = |call: Value| {
        let (status, answer) = told(server, "POST", "/_mock/verify", &json!({"calls": [{"call": call}]}).to_string());
        assert_eq!(status, 409, "{answer}");
        answer.to_string()
    };
    let expected = json!({"method": "PUT", "path": "/toy/cuont", "headers": {"authorization": "x", "x-note": "x"},
        "query": {"token": "x", "q": "x"}, "body": {"password": "x", "a": "x", "note": "x", "body": "x"}});
    vec![
        ("the list", get("/_mock/requests?limit=1000")),
        ("the entry", get("/_mock/requests/1")),
        ("the HAR file", get("/_mock/requests.har")),
        ("the pact", get("/_mock/requests.pact")),
        ("an explanation", verify(expected)),
        ("another", verify(json!({"operation": "toy.crash_count", "body": {"password": "x"}}))),
    ]
}

/// The events of everything that is kept.
fn events(server: &TestServer) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(server.address).expect("a connection");
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).expect("a time-out");
    write!(stream, "GET /_mock/events?last_event_id=0-0 HTTP/1.1\r\nHost: mock.test\r\n\r\n").expect("a request");
    let (mut text, mut chunk) = (String::new(), [0; 65_536]);
    while !text.contains("event: exchange") || !text.ends_with("\n\n\r\n") {
        let read = stream.read(&mut chunk).expect("more of the stream");
        assert!(read > 0, "the stream ended: {text}");
        text.push_str(&String::from_utf8_lossy(&chunk[..read]));
    }
    text
}

#[test]
fn no_planted_secret_is_told_and_nothing_else_is_hidden() {
    let all = planted();
    assert!(all.iter().filter(|planted| !planted.place.starts_with("keep")).count() >= 164);
    let server = &toy();
    for planted in &all {
        ask(server, "POST", "/_mock/reset", r#"{"only": "journal"}"#);
        let said = planted.send(server);
        let mut told = pages(server);
        told.push(("an event", events(server)));
        let Planted { place, text, spellings, kept } = planted;
        for (page, shown) in &told {
            for secret in spellings {
                assert!(!shown.contains(secret), "{page} tells {secret} of {place} {text}:\n{shown}");
                assert!(!said.contains(secret), "the answer tells {secret} of {place} {text}: {said}");
            }
            // An explanation and a pact show a part of it alone.
            let is_whole = !["another", "an explanation", "the pact"].contains(page);
            if place.starts_with("keep") && is_whole {
                let times = text.matches(&**kept).count();
                assert!(shown.matches(&**kept).count() >= times, "{page} hides {kept} of {place} {text}:\n{shown}");
                assert!(!place.ends_with("json") || text.contains("password\": \"\"") || !shown.contains("[redacted]"));
            }
        }
    }
}

/// The names of all fields, and of all parameters with their places, of a provider's document.
fn names(document: &Value, fields: &mut Vec<String>, parameters: &mut Vec<(String, String)>) {
    match document {
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get("properties") {
                fields.extend(properties.keys().cloned());
            }
            if let (Some(name), Some(place)) = (members.get("name"), members.get("in"))
                && let (Some(name), Some(place)) = (name.as_str(), place.as_str())
            {
                parameters.push((place.to_owned(), name.to_owned()));
            }
            members.values().for_each(|member| names(member, fields, parameters));
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, fields, parameters)),
        _ => {}
    }
}

/// What is hidden of the four documents, and nothing else.
const SECRET_FIELDS: [&str; 6] =
    ["access_token", "client_secret", "current_password", "new_password", "password", "sessionId"];
const SECRET_PARAMETERS: [&str; 3] = ["Authorization", "Rest-Api-Key", "fastapiusersauth"];

#[test]
fn the_credentials_of_every_provider_are_hidden_and_no_other_field_is() {
    for provider in persona_mock::providers::registry() {
        let server = toy();
        let text = &*provider.descriptor().document;
        let document: Value = serde_json::from_str(text).expect("a document");
        let (mut fields, mut parameters) = (Vec::new(), Vec::new());
        names(&document, &mut fields, &mut parameters);
        assert!(fields.len() > 20, "{}", provider.descriptor().id);
        for header in &provider.descriptor().credentials {
            let (secret, value) = ("hush-header-1", format!("Any hush-header-1 of {header}"));
            server.send(&Asked::new("POST", "/toy/count").header(header, &value).json(r#"{"a": "hush-header-1"}"#));
            let entry = shown(&server, "?order=newest&limit=1").remove(0).to_string();
            assert!(!entry.contains(&value), "{header}: {entry}");
            server.send(&Asked::new("POST", "/toy/count").header(header, secret).json(r#"{"a": "hush-header-1"}"#));
            let entry = shown(&server, "?order=newest&limit=1").remove(0).to_string();
            assert!(!entry.contains(secret), "{header}: {entry}");
        }
        for (place, name) in parameters {
            let asked = match &*place {
                "header" => Asked::new("POST", "/toy/count").header(&name, "plain-parameter"),
                "cookie" => Asked::new("POST", "/toy/count").header("Cookie", &format!("{name}=plain-parameter")),
                _ => Asked::new("POST", &format!("/toy/count?{name}=plain-parameter")),
            };
            server.send(&asked);
            let entry = shown(&server, "?order=newest&limit=1").remove(0).to_string();
            let hidden = SECRET_PARAMETERS.contains(&&*name);
            assert_eq!(entry.contains("plain-parameter"), !hidden, "{place} {name}: {entry}");
        }
        for name in fields {
            for body in [json!({&name: "plain-field"}).to_string(), format!("{name}=plain-field")] {
                server.send(&Asked::new("POST", "/toy/count").body(body));
                let entry = shown(&server, "?order=newest&limit=1").remove(0).to_string();
                let hidden = SECRET_FIELDS.contains(&&*name);
                assert_eq!(entry.contains("plain-field"), !hidden, "{name}: {entry}");
            }
        }
    }
}

#[test]
fn what_a_vendor_says_of_a_wrong_sign_in_tells_no_secret() {
    let server = TestServer::start(&server::setup());
    let form = |body: &str| {
        Asked::new("POST", "/v1/auth/jwt/login").header("Content-Type", "application/x-www-form-urlencoded").body(body)
    };
    let login = |body: &str| Asked::new("POST", "/v1/auth/jwt/login").json(body);
    let pair = |body: &str| Asked::new("POST", "/v1/auth/token").json(body);
    for asked in [
        form("password=hush-hush-1"),
        form("username=a&passwor%64=hush-hush-1"),
        login(r#"{"email": 5, "password": ["hush-hush-1"]}"#),
        login(r#"{"email": "user@example.com", "password": {"a": "hush-hush-1"}}"#),
        login(r#"{"email": "user@example.com", "password": 7100937}"#),
        login(r#"{"p\u0061ssword": "hush-hush-1"}"#),
        pair(r#"{"client_id": "x", "client_secret": ["hush-hush-1"]}"#),
        pair(r#"{"client_secret": "hush\u002dhush-1"}"#),
        Asked::new("POST", "/v1/auth/change-password")
            .header("Authorization", "Bearer vijil-owner-token")
            .json(r#"{"current_password": "hush-hush-1", "new_password": ["hush-hush-1"]}"#),
        Asked::new("GET", "/v1/personas/hush-hush-1").header("Authorization", "Bearer hush-hush-1"),
        Asked::new("GET", "/v1/persona/hush-hush-1").header("Authorization", "Bearer hush-hush-1"),
        Asked::new("GET", "/v1/personas?token=hush-hush-1").header("Authorization", "Bearer hush-hush-1"),
        Asked::new("POST", "/api/personas?Rest-Api-Key=hush-hush-1").json(r#"{"Name": ["hush-hush-1"]}"#),
        Asked::new("POST", "/crud/personas").header("Authorization", "Bearer hush-hush-1").json(r#"{"name": 5}"#),
        Asked::new("GET", "/v2/people?accountId=hush-hush-1").header("Authorization", "ApiKey hush-hush-1"),
    ] {
        let answer = server.send_unjudged(&asked);
        let shown = [
            ask(&server, "GET", "/_mock/requests?order=newest&limit=1", "").text(),
            ask(&server, "GET", "/_mock/requests.har", "").text(),
            ask(&server, "GET", "/_mock/requests.pact", "").text(),
        ];
        let body = String::from_utf8_lossy(&asked.body).into_owned();
        for shown in &shown {
            for secret in ["hush-hush", "hush\\\\u002d", "7100937"] {
                assert!(!shown.contains(secret), "{secret} of {} {body}: {}\n{shown}", asked.target, answer.text());
            }
        }
        ask(&server, "POST", "/_mock/reset", r#"{"only": "journal"}"#);
    }
}
