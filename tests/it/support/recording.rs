//! Recordings: what a vendor's real framework answered, one exchange a line.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::TestServer;
use super::client::{Answer, Asked};

/// The first line: with what the rest was recorded.
#[derive(Debug, Deserialize)]
pub struct Heading {
    pub recorded_with: serde_json::Map<String, serde_json::Value>,
    pub seed: u64,
}

/// One line.
#[derive(Debug, Deserialize)]
pub struct Recorded {
    pub name: String,
    request: RecordedRequest,
    response: RecordedResponse,
}

#[derive(Debug, Deserialize)]
struct RecordedRequest {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    #[serde(flatten)]
    body: Body,
}

#[derive(Debug, Deserialize)]
struct RecordedResponse {
    status: u16,
    headers: Vec<(String, String)>,
    #[serde(flatten)]
    body: Body,
}

#[derive(Debug, Default, Deserialize)]
struct Body {
    body: Option<String>,
    body_base64: Option<String>,
}

impl Body {
    fn bytes(self) -> Vec<u8> {
        match (self.body, self.body_base64) {
            (Some(text), _) => text.into_bytes(),
            (None, Some(text)) => STANDARD.decode(text).expect("base64"),
            (None, None) => Vec::new(),
        }
    }
}

/// The recordings of this name: those in `PERSONA_MOCK_RECORDINGS_<NAME>`, else the committed file.
pub fn file(name: &str) -> PathBuf {
    let variable = format!("PERSONA_MOCK_RECORDINGS_{}", name.to_ascii_uppercase().replace('-', "_"));
    std::env::var_os(variable).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/recordings/{name}.jsonl")),
        PathBuf::from,
    )
}

/// With what a file was recorded.
pub fn heading(file: &Path) -> Heading {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let heading: Heading = serde_json::from_str(text.lines().next().expect("a heading")).expect("a heading");
    assert!(!heading.recorded_with.is_empty(), "the heading names no version");
    heading
}

/// Replays a file, each exchange from the fixtures, and hands recorded and present answer to `differ`.
///
/// Returns how many were replayed. Panics with the first differences and the score if any differ.
pub fn replay(
    server: &TestServer,
    file: &Path,
    differ: impl Fn(&Recorded, &Asked, &Answer, &Answer) -> Option<String>,
) -> usize {
    let heading = heading(file);
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut different = Vec::new();
    let mut count = 0;
    for line in text.lines().skip(1) {
        let mut recorded: Recorded = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        count += 1;
        let asked = Asked {
            method: recorded.request.method.clone(),
            target: recorded.request.target.clone(),
            headers: recorded.request.headers.clone(),
            body: std::mem::take(&mut recorded.request.body).bytes(),
        };
        let expected = Answer {
            status: recorded.response.status,
            headers: recorded.response.headers.clone(),
            body: std::mem::take(&mut recorded.response.body).bytes(),
        };
        server.reset();
        let answer = server.send(&asked);
        if let Some(difference) = differ(&recorded, &asked, &expected, &answer) {
            different.push(format!(
                "{}: {} {}\n{}\n{difference}",
                recorded.name,
                asked.method,
                asked.target,
                String::from_utf8_lossy(&asked.body).chars().take(300).collect::<String>()
            ));
        }
    }
    assert!(
        different.is_empty(),
        "{} of {count} recordings (seed {}) differ; the first:\n{}",
        different.len(),
        heading.seed,
        different.iter().take(8).cloned().collect::<Vec<_>>().join("\n\n")
    );
    count
}

/// The plain comparison: status, the named header fields, body byte for byte.
pub fn same(expected: &Answer, found: &Answer, headers: &[&str]) -> Option<String> {
    if expected.status != found.status {
        return Some(format!(
            "status: expected {} {}, found {} {}",
            expected.status,
            expected.text(),
            found.status,
            found.text()
        ));
    }
    for name in headers {
        if expected.header(name) != found.header(name) {
            return Some(format!("{name}: expected {:?}, found {:?}", expected.header(name), found.header(name)));
        }
    }
    (expected.body != found.body)
        .then(|| format!("body: expected {}\n      found    {}", expected.text(), found.text()))
}
