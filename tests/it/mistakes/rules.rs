//! What holds of every hint.

use std::path::Path;

use serde_json::Value;

use super::super::support::Asked;
use super::Outcome;
use super::mistake::{Kind, Mistake, providers};

/// The most bytes of a hint.
const LONGEST: usize = 400;
/// The most characters that it repeats of a value that was sent.
const MOST_OF_A_VALUE: usize = 40;
/// A shorter text that was sent is no secret that could be told from other words.
const SHORTEST_SECRET: usize = 6;

/// Words of the libraries that read JSON and of JSON Schema, which no user knows.
const FOREIGN_WORDS: [&str; 31] = [
    "a value of type",
    "or null or",
    "null or string",
    "(int32)",
    "JSON Schema",
    "json schema",
    "anyOf",
    "oneOf",
    "allOf",
    "additionalProperties",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "does not match any",
    "did not match any variant",
    "data did not match",
    "unknown variant",
    "unknown field `",
    "missing field `",
    "invalid type:",
    "invalid value:",
    "invalid length",
    "EOF while parsing",
    "expected value at",
    "trailing characters at",
    "key must be a string",
];

/// What says that something is wrong, and not what.
const VAGUE_WORDS: [&str; 5] = [
    "(s)",
    "does not keep to the",
    "or none that passes",
    "another id, or another fixture",
    "a rule of the vendor's business refused it",
];

/// Names of members and parameters whose values are secrets.
const SECRET_NAMES: [&str; 8] = [
    "password",
    "current_password",
    "new_password",
    "client_secret",
    "access_token",
    "apikey",
    "rest-api-key",
    "token",
];

/// The rules that what came of a mistake breaks; empty if none.
pub fn broken(mistake: &Mistake, outcome: &Outcome) -> Vec<String> {
    let hint = outcome.answer.header("x-mock-hint");
    let mut broken = Vec::new();
    match (mistake.kind, hint) {
        (Kind::Fine, Some(hint)) => broken.push(format!("it is fine, and hinted: {hint}")),
        (Kind::Refused | Kind::Ignored, None) => broken.push("it has no hint".to_owned()),
        _ => {}
    }
    broken.extend(hint.iter().flat_map(|hint| sentence(mistake, hint)));
    match &outcome.journal {
        Some(journal) if journal.as_deref() != hint => {
            broken.push(format!("the header says {hint:?}, the journal {journal:?}"));
        }
        _ => {}
    }
    broken
}

/// The rules that a hint breaks, whoever wrote it.
pub fn sentence(mistake: &Mistake, hint: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let mut claim = |holds: bool, what: String| {
        if !holds {
            broken.push(format!("{what}: {hint}"));
        }
    };
    claim(hint.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "it is not ASCII".to_owned());
    claim(hint.len() <= LONGEST, format!("it has {} bytes, and {LONGEST} are the most", hint.len()));
    claim(is_one_sentence(hint), "it is not one sentence".to_owned());
    for word in FOREIGN_WORDS.iter().chain(&VAGUE_WORDS) {
        claim(!hint.contains(word), format!("it says {word:?}"));
    }
    for name in &mistake.names {
        claim(hint.contains(&**name), format!("it does not name {name:?}"));
    }
    let sent = Sent::of(&mistake.exchange.asked);
    for secret in &sent.secrets {
        claim(!hint.contains(&**secret), format!("it repeats the secret {secret:?}"));
    }
    for value in &sent.values {
        claim(!repeats(hint, value), format!("it repeats more than {MOST_OF_A_VALUE} characters of {value:?}"));
    }
    if !mistake.may_show_credentials {
        let of = if mistake.is_control() { providers() } else { vec![mistake.provider.clone()] };
        for credential in of.iter().flat_map(|provider| listed(provider)) {
            claim(!hint.contains(&*credential), format!("it shows the credential {credential:?}"));
        }
    }
    broken
}

fn is_one_sentence(hint: &str) -> bool {
    let trimmed = hint.trim() == hint && !hint.is_empty();
    let starts_another = hint.match_indices(". ").any(|(at, _)| hint[at + 2..].starts_with(|c: char| c.is_uppercase()));
    trimmed && !starts_another
}

fn repeats(hint: &str, value: &str) -> bool {
    let letters: Vec<char> = value.chars().collect();
    letters.windows(MOST_OF_A_VALUE + 1).any(|part| hint.contains(&part.iter().collect::<String>()))
}

/// What a request holds that a hint must not repeat, or not at length.
#[derive(Default)]
struct Sent {
    secrets: Vec<String>,
    values: Vec<String>,
}

impl Sent {
    fn of(asked: &Asked) -> Self {
        let mut sent = Self::default();
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        sent.values.extend(path.split('/').map(str::to_owned));
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            sent.value(name, value);
        }
        for (name, value) in &asked.headers {
            match &*name.to_ascii_lowercase() {
                "authorization" => sent.secret(value.split_once(' ').map_or(&**value, |(_, token)| token)),
                "cookie" => {
                    value.split("; ").filter_map(|pair| pair.split_once('=')).for_each(|(_, it)| sent.secret(it))
                }
                "x-api-key" | "rest-api-key" => sent.secret(value),
                _ => sent.values.push(value.clone()),
            }
        }
        match serde_json::from_slice::<Value>(&asked.body) {
            Ok(body) => sent.json("", &body),
            Err(_) => sent.values.push(String::from_utf8_lossy(&asked.body).into_owned()),
        }
        sent
    }

    fn json(&mut self, name: &str, value: &Value) {
        match value {
            Value::String(text) => self.value(name, text),
            Value::Array(items) => items.iter().for_each(|item| self.json(name, item)),
            Value::Object(members) => members.iter().for_each(|(name, value)| self.json(name, value)),
            _ => {}
        }
    }

    fn value(&mut self, name: &str, value: &str) {
        if SECRET_NAMES.contains(&&*name.to_ascii_lowercase()) {
            self.secret(value);
        }
        self.values.push(value.to_owned());
    }

    /// A scheme without a secret is none, and `undefined` is what a program prints that has none.
    fn secret(&mut self, value: &str) {
        if value.len() >= SHORTEST_SECRET && !["Bearer", "undefined"].contains(&value) {
            self.secrets.push(value.to_owned());
        }
    }
}

/// The credentials of a provider's embedded fixture.
fn listed(provider: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(format!("{provider}.json"));
    let text = std::fs::read_to_string(path).expect("a fixture");
    let fixture: Value = serde_json::from_str(&text).expect("JSON");
    let mut found = Vec::new();
    for list in ["tokens", "legacy_keys", "keys", "credentials", "api_keys"] {
        for row in fixture[list].as_array().into_iter().flatten() {
            let texts = ["token", "key", "client_secret"].iter().filter_map(|name| row[*name].as_str());
            found.extend(texts.map(str::to_owned));
        }
    }
    assert!(!found.is_empty(), "{provider} lists no credential");
    found
}

#[test]
fn a_hint_that_breaks_a_rule_is_seen() {
    assert!(is_one_sentence("name is empty; send one, such as a.b or 1.5"));
    assert!(!is_one_sentence("Name is empty. Send one"));
    assert!(!is_one_sentence("name is empty "));
    assert!(repeats(&format!("x {} y", "n".repeat(41)), &"n".repeat(50)));
    assert!(!repeats(&format!("x {} y", "n".repeat(40)), &"n".repeat(50)));
    let asked = Asked::new("POST", "/a/b?access_token=hush-hush-1&c=d")
        .header("Authorization", "Bearer hush-hush-2")
        .header("Cookie", "a=hush-hush-3; b=c")
        .body(r#"{"password":"hush-hush-4","rows":[{"name":"long"}]}"#);
    let sent = Sent::of(&asked);
    assert_eq!(sent.secrets, ["hush-hush-1", "hush-hush-2", "hush-hush-3", "hush-hush-4"]);
    assert!(sent.values.iter().any(|value| value == "long") && sent.values.iter().any(|value| value == "b"));
}
