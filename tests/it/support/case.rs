//! `tests/cases/<provider>/*.http`: exchanges as a vendor's own engineer would write them down.
//!
//! A file holds one behaviour. Lines that start with `#` explain; `# options:` sets the server up.
//! `# beyond the document:` tells tools/openapi/ that the vendor takes requests here that its document does not allow.
//! Exchanges are separated by `---`; each is a request, then `HTTP <status>`, expected header fields
//! (`Name: *` present, `!Name` absent) and the expected body: none (not looked at), `(empty)`, JSON
//! (compared with its key order; `"<any>"` matches anything, a last key `"..."` allows more), or text.

use std::path::Path;

use persona_mock::internals::Setup;
use serde_json::Value;

use super::client::{Answer, Asked};
use super::server;

/// A file of exchanges.
pub struct Case {
    pub setup: Setup,
    pub exchanges: Vec<Exchange>,
}

/// A request and the answer it must have.
pub struct Exchange {
    pub asked: Asked,
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Option<String>,
}

/// The requests that the cases of all providers make of a server with its default options, but for those that name a
/// sandbox themselves.
pub fn pool() -> Vec<Asked> {
    let mut pool = Vec::new();
    for provider in persona_mock::providers::registry() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(&*provider.descriptor().id);
        let mut files: Vec<_> =
            std::fs::read_dir(dir).expect("cases").map(|entry| entry.expect("a case").path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "http")) {
            let asked = read(file).exchanges.into_iter().map(|exchange| exchange.asked);
            pool.extend(asked.filter(|asked| !String::from_utf8_lossy(&asked.wire()).contains("sandbox")));
        }
    }
    pool
}

/// Reads a case file.
pub fn read(path: &Path) -> Case {
    let text = std::fs::read_to_string(path).expect("a readable case");
    let mut setup = server::setup();
    for line in text.lines() {
        if let Some(options) = line.strip_prefix("# options:") {
            options.split_whitespace().for_each(|option| apply(option, &mut setup));
        }
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let exchanges = lines.split(|line| *line == "---").map(exchange).collect();
    Case { setup, exchanges }
}

/// Sets a server up as an option of a case says.
pub fn apply(option: &str, setup: &mut Setup) {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    match name {
        "auth" => setup.auth = value.parse().expect("an auth mode"),
        "clock" => setup.clock = value.parse().expect("a clock"),
        "set" => setup.settings.push(value.to_owned()),
        "public_url" => setup.public_url = Some(value.to_owned()),
        "trust_proxy" => setup.serving.trust_proxy = true,
        "max_body" => setup.serving.max_body = value.parse().expect("a size"),
        "documented_only" => setup.documented_only = true,
        "rate_limit" => setup.rate_limits.push(value.to_owned()),
        "require_sandbox" => setup.serving.require_sandbox = true,
        "control_token" => setup.guard.token = Some(value.parse().expect("a token")),
        other => panic!("unknown option {other}"),
    }
}

/// Reads an exchange, without lines that explain.
pub fn exchange(lines: &[&str]) -> Exchange {
    let start = lines.iter().position(|line| !line.is_empty()).expect("a request");
    let split = lines.iter().position(|line| line.starts_with("HTTP ")).expect("an `HTTP <status>` line");
    let (request, answer) = (&lines[start..split], &lines[split..]);
    let (method, target) = request[0].split_once(' ').expect("a method and a target");
    let mut asked = Asked::new(method, target);
    let (fields, body) = head_and_body(&request[1..]);
    asked.headers = fields.iter().map(|line| field(line)).collect();
    asked.body = body.unwrap_or_default().into_bytes();
    let status = answer[0]["HTTP ".len()..].split(' ').next().and_then(|status| status.parse().ok());
    let (fields, body) = head_and_body(&answer[1..]);
    let headers = fields.iter().map(|line| field(line)).collect();
    Exchange { asked, status: status.expect("a status"), headers, body }
}

fn head_and_body(lines: &[&str]) -> (Vec<String>, Option<String>) {
    let blank = lines.iter().position(|line| line.is_empty()).unwrap_or(lines.len());
    let fields = lines[..blank].iter().map(|line| (*line).to_owned()).collect();
    let body = lines.get(blank + 1..).unwrap_or_default().join("\n");
    let body = body.trim_end_matches('\n');
    (fields, (!body.is_empty()).then(|| body.to_owned()))
}

fn field(line: &str) -> (String, String) {
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    (name.trim().to_owned(), value.trim().to_owned())
}

impl Exchange {
    /// The value that a header field of the answer must have.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// What an answer lacks; empty if nothing.
    pub fn differences(&self, answer: &Answer) -> Vec<String> {
        let mut wrong = Vec::new();
        if answer.status != self.status {
            wrong.push(format!("status: expected {}, found {}: {}", self.status, answer.status, answer.text()));
        }
        for (name, expected) in &self.headers {
            match (name.strip_prefix('!'), answer.header(name.trim_start_matches('!'))) {
                (Some(_), Some(found)) => wrong.push(format!("{name}: expected no such header, found {found:?}")),
                (None, None) => wrong.push(format!("{name}: expected {expected:?}, found no such header")),
                (None, Some(found)) if expected != "*" && expected != found => {
                    wrong.push(format!("{name}: expected {expected:?}, found {found:?}"));
                }
                _ => {}
            }
        }
        match self.body.as_deref() {
            None => {}
            Some("(empty)") if answer.body.is_empty() => {}
            Some("(empty)") => wrong.push(format!("body: expected none, found {}", answer.text())),
            Some(expected) => match (serde_json::from_str::<Value>(expected), serde_json::from_slice(&answer.body)) {
                (Ok(expected), Ok(found)) => compare("$", &expected, &found, &mut wrong),
                (Ok(_), Err(_)) => wrong.push(format!("body: expected JSON, found {:?}", answer.text())),
                (Err(_), _) if expected == answer.text() => {}
                (Err(_), _) => wrong.push(format!("body: expected {expected:?}, found {:?}", answer.text())),
            },
        }
        wrong
    }
}

/// Compares values, key order included.
pub fn compare(path: &str, expected: &Value, found: &Value, wrong: &mut Vec<String>) {
    match (expected, found) {
        (Value::String(any), _) if any == "<any>" => {}
        (Value::Object(expected), Value::Object(found)) => {
            let open = expected.contains_key("...");
            let names: Vec<_> = expected.keys().filter(|name| *name != "...").collect();
            let there: Vec<_> = found.keys().filter(|name| !open || names.contains(name)).collect();
            if names != there {
                wrong.push(format!("{path}: expected the keys {names:?}, found {there:?}"));
            }
            for name in names {
                if let Some(found) = found.get(name) {
                    compare(&format!("{path}.{name}"), &expected[name], found, wrong);
                }
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                compare(&format!("{path}[{index}]"), expected, found, wrong);
            }
        }
        _ if expected == found => {}
        _ => wrong.push(format!("{path}: expected {expected}, found {found}")),
    }
}
