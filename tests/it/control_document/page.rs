//! `docs/control.md`: what stands between its marks is made of the document that the server serves, and of the answers that it
//! gives to the examples. The rest is written by hand.

use std::fmt::Write;

use serde_json::Value;

use super::super::support::{TestServer, server};
use super::examples::Examples;
use super::members::{anchor, is_whole_body, members, shape_of, type_of};

/// What each tag of the document is called on the page.
const GROUPS: [(&str, &str); 6] = [
    ("world", "Data, clock and settings of a sandbox"),
    ("sandboxes", "Sandboxes"),
    ("faults", "What shall go wrong"),
    ("journal", "What was asked"),
    ("evidence", "What was exercised"),
    ("server", "The server"),
];

/// The parameters that several verbs have in common, which the page shows once.
const FILTERS: &str = "filters";

/// Shapes that others have described.
const FORMATS: [&str; 2] = ["Har", "Pact"];

struct Page<'d> {
    document: &'d Value,
    text: String,
}

fn text(node: &Value) -> &str {
    node.as_str().unwrap_or_default()
}

/// A long sentence up to where it begins to list.
fn in_short(sentence: &str) -> &str {
    match sentence.find([':', ';']) {
        Some(end) if sentence.len() > 70 => &sentence[..end],
        _ => sentence,
    }
}

/// All operations, in the document's order: method, path, node.
fn operations(document: &Value) -> Vec<(String, &str, &Value)> {
    let paths = document["paths"].as_object().expect("paths").iter();
    let all = paths.flat_map(|(path, item)| {
        let methods = item.as_object().expect("methods").iter();
        methods.map(move |(method, node)| (method.to_uppercase(), path.as_str(), node))
    });
    all.collect()
}

/// The parameters of an operation that no others refer to.
fn own(operation: &Value) -> Vec<&Value> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    all.filter(|parameter| parameter.get("$ref").is_none()).collect()
}

/// The names of the filters: those of the list of calls that the file of them has too.
fn filters(document: &Value) -> Vec<&str> {
    let names = |path: &str| -> Vec<&str> {
        own(&document["paths"][path]["get"]).into_iter().map(|parameter| text(&parameter["name"])).collect()
    };
    let others = names("/_mock/requests.har");
    names("/_mock/requests").into_iter().filter(|name| others.contains(name)).collect()
}

/// Takes a sentence apart at its words, so that no line is longer than 120 characters.
pub(super) fn wrapped(sentence: &str) -> String {
    let mut lines = vec![String::new()];
    for word in sentence.split_whitespace() {
        let line = lines.last_mut().expect("a line");
        if !line.is_empty() && line.chars().count() + word.chars().count() >= 120 {
            lines.push(word.to_owned());
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.join("\n")
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Every path with its methods, by what they are about.
    fn index(&mut self) {
        for (tag, title) in GROUPS {
            let _ = write!(self.text, "\n**{title}**\n\n| path | |\n|---|---|\n");
            let mut last = "";
            for (method, path, node) in operations(self.document) {
                if node["tags"][0] != tag {
                    continue;
                }
                let link = format!("[{method}](#{})", anchor(&format!("`{method} {path}`")));
                let about = format!("{link} {}", in_short(text(&node["summary"])));
                if path == last {
                    let end = self.text.trim_end_matches(" |\n").len();
                    self.text.truncate(end);
                    let _ = writeln!(self.text, ". {about} |");
                } else {
                    let _ = writeln!(self.text, "| `{path}` | {about} |");
                }
                last = path;
            }
        }
    }

    /// What any operation may answer beside its own.
    fn shared_answers(&mut self) {
        self.line("");
        let all = self.document["components"]["responses"].as_object().into_iter().flatten();
        let all: Vec<_> = all.map(|(_, answer)| (text(&answer["x-status"]), text(&answer["description"]))).collect();
        self.line("| status | when |\n|---|---|");
        for (status, about) in all {
            self.line(&format!("| {status} | {about} |"));
        }
    }

    fn parameters(&mut self, parameters: &[&Value]) {
        self.line("\n| parameter | in | type | required | |\n|---|---|---|---|---|");
        for parameter in parameters {
            let [name, place, about] = ["name", "in", "description"].map(|key| text(&parameter[key]));
            let required = if parameter["required"] == true { "yes" } else { "no" };
            let kind = type_of(&parameter["schema"]);
            self.line(&format!("| `{name}` | {place} | {kind} | {required} | {about} |"));
        }
    }

    fn operation(&mut self, (method, path, node): &(String, &str, &Value), examples: &mut Examples) {
        let _ = write!(self.text, "\n## `{method} {path}`\n\n{}\n", wrapped(text(&node["description"])));
        let shared = filters(self.document);
        let all = own(node);
        let has_filters = shared.iter().all(|name| all.iter().any(|parameter| parameter["name"] == *name));
        let rest: Vec<_> =
            all.into_iter().filter(|own| !has_filters || !shared.contains(&text(&own["name"]))).collect();
        if has_filters {
            let also = if rest.is_empty() { "." } else { ", and:" };
            self.line(&format!("\nThe query takes the [{FILTERS}](#{FILTERS}){also}"));
        }
        if !rest.is_empty() {
            self.parameters(&rest);
        }
        self.body(node);
        let answers = node["responses"].as_object().into_iter().flatten();
        let answers = answers.filter(|(_, answer)| answer.get("$ref").is_none());
        // That each refusal is a problem is said once.
        let shape = |status: &str, answer: &Value| shape_of(answer).filter(|_| status < "300");
        let answers: Vec<_> = answers
            .map(|(status, answer)| {
                shape(status, answer).map_or_else(|| status.clone(), |shape| format!("{status} {shape}"))
            })
            .collect();
        self.line(&format!("\nAnswers: {}.", answers.join(", ")));
        if let Some(example) = examples.show(method, path, node) {
            let _ = write!(self.text, "\n```console fresh\n{example}```\n");
        } else {
            self.line("\nIts answer does not end: [journal.md](journal.md#events) shows it.");
        }
    }

    fn body(&mut self, node: &Value) {
        let body = &node["requestBody"];
        if body.is_null() {
            return;
        }
        let schema = &body["content"]["application/json"]["schema"];
        let needed = if body["required"] == false { "Body, which may be left out" } else { "Body" };
        let reference = schema["$ref"].as_str();
        let found = reference.and_then(|reference| self.document.pointer(&reference[1..]));
        match found.and_then(members) {
            Some(table) => self.line(&format!("\n{needed}:\n\n{}", table.trim_end())),
            None => {
                let about = text(&found.unwrap_or(body)["description"]);
                let about = if about.is_empty() { "an object of any members." } else { about };
                self.line(&format!("\n{needed}: {}", wrapped(about)));
            }
        }
    }

    fn shapes(&mut self) {
        self.line("\n# Filters\n\nParameters of a query that choose calls. All that are there must fit.");
        let list = own(&self.document["paths"]["/_mock/requests"]["get"]);
        let names = filters(self.document);
        let shown: Vec<_> = list.into_iter().filter(|parameter| names.contains(&text(&parameter["name"]))).collect();
        self.parameters(&shown);
        self.line("\n# Shapes\n\nWhat bodies and answers are made of, by name.");
        for (name, schema) in self.document["components"]["schemas"].as_object().into_iter().flatten() {
            if is_whole_body(self.document, name) {
                continue;
            }
            if let Some(format) = FORMATS.iter().find(|format| name.starts_with(**format)) {
                if name == format {
                    let about = text(&schema["description"]);
                    let _ = write!(self.text, "\n## {name}\n\n{about} `/_mock/openapi.json` has its members.\n");
                }
                continue;
            }
            let about = wrapped(text(&schema["description"]));
            let what = members(schema).unwrap_or_else(|| format!("Type: {}.\n", type_of(schema)));
            let _ = write!(self.text, "\n## {name}\n\n{about}\n\n{what}");
        }
    }
}

/// The text of a part of the page.
fn part(document: &Value, name: &str, examples: &mut Examples) -> String {
    let mut page = Page { document, text: String::new() };
    match name {
        "verbs" => page.index(),
        "answers" => page.shared_answers(),
        _ => {
            for operation in operations(document) {
                page.operation(&operation, examples);
            }
            page.shapes();
        }
    }
    page.text
}

#[test]
fn the_page_of_the_control_api_is_made_of_its_document_and_of_its_answers() {
    let document = TestServer::start(&server::setup())
        .send(&super::super::support::Asked::new("GET", "/_mock/openapi.json"))
        .json();
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/control.md");
    let committed = std::fs::read_to_string(&file).expect("a page");
    let mut current = committed.clone();
    let mut examples = Examples::new();
    for name in ["verbs", "answers", "reference"] {
        let opening = format!("<!-- {name}: ");
        let start = current.find(&opening).and_then(|start| Some(start + current[start..].find('\n')? + 1));
        let start = start.unwrap_or_else(|| panic!("docs/control.md has no line {opening}"));
        let end = current.find(&format!("<!-- end of {name} -->")).unwrap_or_else(|| panic!("no end of {name}"));
        let made = part(&document, name, &mut examples);
        current = format!("{}{made}\n{}", &current[..start], &current[end..]);
    }
    examples.assert_all_were_shown();
    if std::env::var_os("PERSONA_MOCK_WRITE_DOCS").is_some() {
        std::fs::write(&file, &current).expect("a page");
    }
    let committed = std::fs::read_to_string(&file).expect("a page");
    assert!(
        committed == current,
        "docs/control.md is not current: PERSONA_MOCK_WRITE_DOCS=1 cargo nextest run control_document writes it"
    );
}
