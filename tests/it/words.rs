//! No word of the libraries within reaches those who steer the mock: each control operation is sent bodies that are
//! wrong in every way, and each message is read.

use serde_json::{Value, json};

use super::support::{Asked, TestServer, server};

/// What the libraries say, and nobody who writes JSON has to know.
const THEIRS: [&str; 22] = [
    "data did not match",
    "invalid type",
    "invalid value",
    "invalid length",
    "expected struct",
    "expected u",
    "expected i",
    "expected f",
    "sequence",
    "a map",
    "missing field",
    "unknown field",
    "unknown variant",
    "duplicate field",
    "variant",
    "oneOf",
    "anyOf",
    "additionalProperties",
    "EOF",
    "trailing characters",
    "untagged",
    "serde",
];

/// Values of every kind.
fn kinds() -> [Value; 9] {
    [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!("x"),
        json!([]),
        json!([[]]),
        json!({"x": {}}),
    ]
}

/// Each body that differs from `whole` in one place.
fn wrong(whole: &Value) -> Vec<Value> {
    let mut all = kinds().to_vec();
    match whole {
        Value::Object(members) => {
            for (name, member) in members {
                let with = |value: Value| {
                    let mut changed = members.clone();
                    changed.insert(name.clone(), value);
                    Value::Object(changed)
                };
                all.extend(wrong(member).into_iter().map(with));
                let mut less = members.clone();
                less.remove(name);
                all.push(Value::Object(less.clone()));
                less.insert(format!("{name}x"), member.clone());
                all.push(Value::Object(less));
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                all.extend(wrong(item).into_iter().map(|value| {
                    let mut changed = items.clone();
                    changed[number] = value;
                    Value::Array(changed)
                }));
            }
        }
        _ => {}
    }
    all
}

/// What an answer says to people; the values that it shows are the client's own.
fn said(problem: &Value) -> Vec<String> {
    let faults = problem["faults"].as_array().into_iter().flatten();
    faults.chain([&problem["detail"]]).filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether a message has a word as a word: `expected u` stands for `expected u64`.
fn has(message: &str, word: &str) -> bool {
    message.match_indices(word).any(|(at, _)| match word.strip_prefix("expected ") {
        Some(kind) if kind.len() == 1 => message[at + word.len()..].starts_with(|next: char| next.is_ascii_digit()),
        _ => true,
    })
}

#[test]
fn no_message_of_the_control_api_has_a_word_of_its_libraries() {
    let server = TestServer::start(&server::setup());
    let document = server.send_unjudged(&Asked::new("GET", "/_mock/openapi.json")).json();
    let (mut read, mut refused) = (0, 0);
    let mut check = |method: &str, path: &str, body: &[u8]| {
        let answer = server.send_unjudged(&Asked::new(method, path).json(&String::from_utf8_lossy(body)));
        read += 1;
        if answer.status < 400 {
            return;
        }
        refused += 1;
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{method} {path}");
        let problem = answer.json();
        for message in said(&problem) {
            let theirs = THEIRS.iter().find(|word| has(&message, word));
            assert_eq!(theirs, None, "{method} {path} {}: {message}", String::from_utf8_lossy(body));
            assert!(!message.is_empty() && answer.status < 500, "{method} {path}: {problem}");
        }
    };
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let target = path.replace("{provider}", "vijil").replace("{name}", "words").replace("{id}", "words");
            let method = method.to_uppercase();
            if !operation["requestBody"].is_object() {
                continue;
            }
            let pointer = schema["$ref"].as_str().map(|reference| &reference[1..]);
            let whole =
                pointer.and_then(|pointer| document.pointer(pointer)).map(|schema| schema["examples"][0].clone());
            for body in wrong(&whole.unwrap_or_else(|| json!({"users": [{"id": 1}], "teams": 5}))) {
                check(&method, &target, body.to_string().as_bytes());
            }
            for text in
                ["{", "{\"a\" 1}", "[1,]", "{a: 1}", "{} x", "\"\u{1}\"", "tru", "{\"a\": 1, \"a\": 2}", "\"\\ud800\""]
            {
                check(&method, &target, text.as_bytes());
            }
        }
    }
    assert!(read > 300 && refused > 150, "{refused} of {read}");
}

#[test]
fn a_path_that_is_nearly_one_of_the_control_api_is_told_with_the_one_that_was_meant() {
    let server = TestServer::start(&server::setup());
    for (path, meant) in [
        ("/_mock/reqests", "/_mock/requests"),
        ("/_mock/request/7", "/_mock/requests/{id}"),
        ("/_mock/snapshot/a/restore", "/_mock/snapshots/{name}/restore"),
        ("/_mock/sandbox", "/_mock/sandboxes"),
        ("/_mock/clok", "/_mock/clock"),
        ("/_mok/clock", "/_mock/clock"),
        ("/mock/clock", "/_mock/clock"),
        ("/_Mock/clock", "/_mock/clock"),
    ] {
        let answer = server.send_unjudged(&Asked::new("GET", path));
        let detail = answer.json()["detail"].as_str().expect("a detail").to_owned();
        assert!(answer.status == 404 && detail.contains(&format!("did you mean {meant}")), "{path}: {detail}");
    }
}
