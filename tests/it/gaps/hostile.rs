//! Data that would leave its quotes: a shell gets each word as it is.

use std::process::Command;

use persona_mock::PersonaMock;
use serde_json::{Value, json};

use super::super::support::shell::words;
use super::{gaps, line, mock, run};

/// What a shell must not run.
const HOSTILE: &str = "x'; touch pwned; echo '$(touch pwned)`touch pwned`\"\\ ~ * \u{e9}!";

/// A server whose tokens, names and texts are all hostile.
fn hostile() -> PersonaMock {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/axero.json");
    let text = std::fs::read_to_string(path).expect("the embedded fixture");
    let mut fixture: Value = serde_json::from_str(&text).expect("JSON");
    for (number, token) in fixture["tokens"].as_array_mut().expect("tokens").iter_mut().enumerate() {
        token["token"] = json!(format!("x';touch$IFS`touch`pwned;'{number}"));
    }
    for (number, persona) in fixture["personas"].as_array_mut().expect("personas").iter_mut().enumerate() {
        persona["Name"] = json!(format!("{HOSTILE}{number}"));
    }
    mock("axero").fixture("axero", &fixture).build().expect("a mock")
}

#[test]
fn a_shell_runs_nothing_but_curl_and_hands_it_each_word_as_it_is() {
    let mock = hostile();
    let all = gaps(&mock, "/_mock/coverage/gaps?sandbox=*");
    let lines: Vec<_> = all.gaps.iter().filter_map(|gap| gap.command.as_deref()).collect();
    assert!(lines.len() > 200 && lines.iter().any(|line| line.contains("pwned")), "{}", lines.len());
    let folder = tempfile::tempdir().expect("a folder");
    // In place of curl: what it was called with, each word ended by a zero.
    let script = format!("curl() {{ printf '%s\\0' curl \"$@\"; }}\n{}\n", lines.join("\n"));
    let file = folder.path().join("queue.sh");
    std::fs::write(&file, script).expect("a file");
    let output = Command::new("sh").arg(&file).current_dir(folder.path()).output().expect("sh runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected: Vec<_> = lines.iter().flat_map(|line| words(line)).filter(|word| word != "&&").collect();
    let text = String::from_utf8(output.stdout).expect("text");
    let found: Vec<_> = text.split_terminator('\0').collect();
    assert_eq!(found, expected);
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 1, "nothing was made beside the script");
}

#[test]
fn hostile_data_is_asked_for_as_any_other() {
    let mock = hostile();
    let all = gaps(&mock, "/_mock/coverage/gaps?sandbox=*&axis=operations");
    let commands = all.gaps.iter().filter_map(|gap| gap.command.as_deref());
    assert!(commands.flat_map(line::requests).any(|asked| asked.headers.iter().any(|(_, value)| value.contains('\''))));
    assert_eq!(all.gaps.iter().filter_map(|gap| run(&mock, gap)).collect::<Vec<_>>(), Vec::<String>::new());
}
