//! Every example in README.md, SECURITY.md and docs/ is true.
//!
//! A fence marked `console` holds `$ curl …` and `$ persona-mock …` lines and what they print. A file's examples run in order on
//! one fresh server with `--clock 2026-01-15T12:00:00Z --seed 1`, unless the fence says `clock=…`, `trust-proxy`,
//! `require-sandbox`, `max-sandbox-state=…` or `coverage-level=fields`. A fence that says `fresh` has a server of its own. A long
//! answer may be cut by `| head -c N`, or shown in part, as `docs/README.md` tells readers.

use std::path::{Path, PathBuf};

use persona_mock::api::CoverageLevel;
use persona_mock::internals::route_list;
use persona_mock::internals::{AppState, Setup};
use persona_mock::providers::registry;
use serde_json::Value;

use super::command;
use super::support::{Answer, TestServer, case, server, shell};

struct Example {
    /// What the fence says of the server.
    setup: String,
    command: String,
    printed: String,
}

fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![root.join("README.md"), root.join("SECURITY.md")];
    let mut folders = vec![root.join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn examples(text: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut fence: Option<String> = None;
    for line in text.lines() {
        match (&fence, line.trim_end()) {
            (None, line) if line.starts_with("```console") => {
                // Another number asks for another server.
                let number = found.len().to_string();
                fence = line.strip_prefix("```console").map(|setup| setup.replace("fresh", &format!("fresh={number}")));
            }
            (Some(_), "```") => fence = None,
            (Some(setup), line) => match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => {
                    found.push(Example { setup: setup.clone(), command: command.to_owned(), printed: String::new() });
                }
                (None, Some(example)) if example.printed.is_empty() && example.command.ends_with('\\') => {
                    example.command.pop();
                    example.command.push_str(line);
                }
                // A quoted text goes on to its closing quote, as in a shell.
                (None, Some(example))
                    if example.printed.is_empty() && example.command.matches('\'').count() % 2 == 1 =>
                {
                    example.command.push('\n');
                    example.command.push_str(line);
                }
                (None, Some(example)) => {
                    example.printed.push_str(line);
                    example.printed.push('\n');
                }
                (None, None) => panic!("{line:?} stands before any `$ `"),
            },
            _ => {}
        }
    }
    found
}

/// The server that a fence asks for.
fn setup(words: &str) -> Setup {
    let mut setup = server::setup();
    for word in words.split_whitespace() {
        match (word, word.strip_prefix("clock=")) {
            (_, Some(clock)) => setup.clock = clock.parse().expect("a clock"),
            ("trust-proxy", _) => setup.serving.trust_proxy = true,
            ("require-sandbox", _) => setup.serving.require_sandbox = true,
            ("coverage-level=fields", _) => setup.coverage = CoverageLevel::Fields,
            _ if word.starts_with("fresh=") => {}
            _ => match word.strip_prefix("max-sandbox-state=") {
                Some(bytes) => setup.state.sandbox = bytes.parse().expect("bytes"),
                None => panic!("{word} says nothing of a server"),
            },
        }
    }
    setup
}

/// A command without `| head -c N`, and that number.
fn cut(command: &str) -> (&str, Option<usize>) {
    match command.split_once(" | head -c ") {
        Some((command, bytes)) => (command, Some(bytes.parse().expect("a number of bytes"))),
        None => (command, None),
    }
}

/// What `curl … | head -c N` prints: the start of the body as it is, and nothing else.
fn differs_at_the_start(example: &Example, bytes: usize, answer: &Answer) -> Option<String> {
    let start = String::from_utf8_lossy(&answer.body[..bytes.min(answer.body.len())]).into_owned();
    (example.printed.trim_end() != start.trim_end()).then(|| format!("printed\n{start}"))
}

/// What curl prints of an answer. With `-i`, the document need not show every header field.
fn differs(example: &Example, head: bool, answer: &Answer) -> Option<String> {
    let (shown_head, shown_body) = if head {
        example.printed.split_once("\n\n").unwrap_or((example.printed.trim_end(), ""))
    } else {
        ("", example.printed.as_str())
    };
    for line in shown_head.lines() {
        let there = match line.strip_prefix("HTTP/1.1 ") {
            Some(status) => status.starts_with(&answer.status.to_string()),
            None => line.split_once(": ").is_some_and(|(name, value)| answer.header(name) == Some(value)),
        };
        if !there {
            return Some(format!("{line:?} is not in {} {:?}", answer.status, answer.headers));
        }
    }
    let shown = shown_body.trim_end();
    let mut wrong = Vec::new();
    match (serde_json::from_str::<Value>(shown), serde_json::from_slice::<Value>(&answer.body)) {
        (Ok(shown), Ok(found)) => case::compare("$", &shown, &found, &mut wrong),
        _ if shown == answer.text().trim_end() => {}
        _ if shown.strip_suffix("\n...").is_some_and(|start| answer.text().starts_with(start)) => {}
        _ => wrong.push(format!("expected {shown:?}, found {:?}", answer.text())),
    }
    (!wrong.is_empty()).then(|| format!("{}\nthe whole answer: {} {}", wrong.join("\n"), answer.status, answer.text()))
}

/// What the command prints, on standard output and standard error.
fn command_prints(server: &TestServer, line: &str) -> String {
    let words = shell::words(line);
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let output = command::command(&words)
        .env("PERSONA_MOCK_URL", format!("http://{}", server.address))
        .output()
        .expect("the command runs");
    command::stdout(&output) + &command::stderr(&output)
}

#[test]
fn every_example_prints_what_the_document_shows() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for document in documents() {
        let text = std::fs::read_to_string(&document).expect("a document");
        let mut running: Option<(String, TestServer)> = None;
        for example in examples(&text) {
            if running.as_ref().is_none_or(|(setup, _)| *setup != example.setup) {
                running = Some((example.setup.clone(), TestServer::start(&setup(&example.setup))));
            }
            let (_, server) = running.as_ref().expect("a server");
            count += 1;
            if let Some(line) = example.command.strip_prefix("persona-mock ") {
                let printed = command_prints(server, line).replace(&server.address.to_string(), "127.0.0.1:8080");
                let json = |text: &str| serde_json::from_str::<Value>(text);
                let same = match (json(&example.printed), json(&printed)) {
                    // JSON may be broken into lines in a document.
                    (Ok(shown), Ok(found)) => shown == found,
                    _ => printed == example.printed,
                };
                if !same {
                    wrong.push(format!("{}: {}\nprinted\n{printed}", document.display(), example.command));
                }
                continue;
            }
            let (command, bytes) = cut(&example.command);
            let curl = shell::curl(command);
            assert_eq!(curl.server, "http://127.0.0.1:8080", "{}: {}", document.display(), example.command);
            let answer = server.send(&curl.asked);
            assert!(bytes.is_none() || !curl.head, "{}: `-i` and `head`", example.command);
            let difference = match bytes {
                Some(bytes) => differs_at_the_start(&example, bytes, &answer),
                None => differs(&example, curl.head, &answer),
            };
            if let Some(difference) = difference {
                wrong.push(format!("{}: {}\n{difference}", document.display(), example.command));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} examples are not true:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn the_pages_of_the_providers_list_every_operation_and_how_it_is_known() {
    let app = AppState::build(registry(), &server::setup()).expect("the embedded fixtures load");
    for route in route_list(app.default_sandbox()) {
        let page = format!("docs/providers/{}.md", route.provider.replace('_', "-"));
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&page)).expect("a page");
        let provenance = format!("{:?}", route.provenance).to_lowercase();
        let row = format!("| `{}` | `{} {}` | {provenance}", route.operation, route.method, route.path);
        // A reason may stand behind the word.
        let listed = text.lines().filter_map(|line| line.strip_prefix(&row)).any(|rest| rest.starts_with([' ', ';']));
        assert!(listed, "{page} lacks the row {row} |");
    }
}
