//! `persona-mock fixtures generate`: fixtures of any size.

use std::io::Read;
use std::process::Output;

use serde_json::Value;

use super::command::{command, stderr, stdout};

const PROVIDERS: [&str; 4] = ["axero", "equals_money", "vijil", "crud"];

fn generate(args: &[&str]) -> Output {
    command(&[&["fixtures", "generate"], args].concat()).output().expect("the command runs")
}

fn generated(args: &[&str]) -> String {
    let output = generate(args);
    assert_eq!(stderr(&output), "", "{args:?}");
    stdout(&output)
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn rows<'v>(fixture: &'v Value, list: &str) -> &'v [Value] {
    fixture[list].as_array().expect(list)
}

fn embedded(provider: &str) -> Value {
    let path = format!("{}/fixtures/{provider}.json", env!("CARGO_MANIFEST_DIR"));
    parsed(&std::fs::read_to_string(path).expect("a fixture"))
}

/// Of every provider, in every language, all rows are as its loader wants them, and none is hardly meant.
#[test]
fn what_is_generated_is_a_fixture_without_a_fault() {
    let dir = tempfile::tempdir().expect("a directory");
    for provider in PROVIDERS {
        let text = generated(&[provider, "--count", "600"]);
        let (fixture, embedded) = (parsed(&text), embedded(provider));
        let there = rows(&embedded, "personas");
        assert_eq!(rows(&fixture, "personas").len(), there.len() + 600, "{provider}");
        assert_eq!(
            &rows(&fixture, "personas")[..there.len()],
            there,
            "{provider}: what the documents name is still there"
        );
        std::fs::write(dir.path().join(format!("{provider}.json")), text).expect("a file");
    }
    let checked = command(&["check", dir.path().to_str().expect("UTF-8")]).output().expect("the command runs");
    assert_eq!((checked.status.code(), stderr(&checked)), (Some(0), String::new()), "{}", stdout(&checked));
}

#[test]
#[cfg(unix)]
fn a_link_is_followed_and_what_is_no_regular_file_stays() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = |name: &str| dir.path().join(name).to_str().expect("UTF-8").to_owned();
    let write = |name: &str| generate(&["vijil", "--count", "1", "--output", &at(name), "--force"]);
    std::fs::write(at("file"), "old").expect("a file");
    std::os::unix::fs::symlink("file", at("link")).expect("a link");
    assert_eq!(stderr(&write("link")), "");
    assert!(std::fs::symlink_metadata(at("link")).expect("a link").is_symlink(), "the link stays");
    assert!(std::fs::read_to_string(at("file")).expect("a file").contains("personas"), "its file is replaced");
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).expect("a socket");
    std::fs::create_dir(at("folder")).expect("a directory");
    assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().expect("mkfifo runs").success());
    for (name, kind) in [("socket", "a socket"), ("folder", "a directory"), ("pipe", "a named pipe")] {
        let refused = write(name);
        let said = format!("it is {kind}; expected a regular file, or a path where nothing is");
        assert!(refused.status.code() == Some(1) && stderr(&refused).contains(&said), "{name}: {}", stderr(&refused));
        assert!(!std::fs::metadata(at(name)).expect("it is there").is_file(), "{name} stays");
    }
}

#[test]
fn the_same_seed_makes_the_same_bytes_and_another_others() {
    for provider in PROVIDERS {
        let first = generated(&[provider, "--count", "40", "--seed", "7"]);
        assert_eq!(generated(&[provider, "--seed=7", "--count=40"]), first, "{provider}");
        assert_ne!(generated(&[provider, "--count", "40", "--seed", "8"]), first, "{provider}");
        // A longer one begins as a shorter one does.
        let shorter = generated(&[provider, "--count", "10", "--seed", "7"]);
        let (shorter, first) = (parsed(&shorter), parsed(&first));
        let shorter = rows(&shorter, "personas");
        assert_eq!(&rows(&first, "personas")[..shorter.len()], shorter, "{provider}");
    }
}

#[test]
fn rows_are_of_the_languages_that_were_asked_for() {
    let languages = |args: &[&str]| {
        let fixture = parsed(&generated(&[&["vijil", "--count", "80"], args].concat()));
        let made = &rows(&fixture, "personas")[rows(&embedded("vijil"), "personas").len()..];
        let of = |row: &Value| row["language"].as_str().expect("a tag").to_owned();
        let mut languages: Vec<_> = made.iter().map(of).collect();
        languages.sort();
        languages.dedup();
        languages
    };
    assert_eq!(languages(&["--locale", "de,JA"]), ["de", "ja"]);
    assert_eq!(languages(&["--locale", "pl"]), ["pl"]);
    assert_eq!(languages(&[]), ["ar", "de", "en", "es", "fr", "ja", "pl", "zh"]);
}

/// A person of Equals Money and their persona are rows of two lists.
#[test]
fn each_person_has_one_persona() {
    let fixture = parsed(&generated(&["equals_money", "--count", "50"]));
    let last = |list| rows(&fixture, list).iter().rev().take(50).collect::<Vec<_>>();
    for (person, persona) in last("people").into_iter().zip(last("personas")) {
        assert_eq!(person["id"], persona["personId"]);
        assert_eq!(person["primaryEmailAddress"], persona["emailAddress"]);
    }
}

#[test]
fn a_file_is_written_as_a_whole_and_not_over_another() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("vijil.json");
    let path = path.to_str().expect("UTF-8");
    assert_eq!(generated(&["vijil", "--count", "5", "--output", path]), "");
    let first = std::fs::read_to_string(path).expect("a file");
    assert_eq!(first, generated(&["vijil", "--count", "5"]));
    let refused = generate(&["vijil", "--count", "6", "--output", path]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).ends_with("vijil.json is already there; nothing was written. --force overwrites\n"));
    assert_eq!(std::fs::read_to_string(path).expect("a file"), first);
    generated(&["vijil", "--count", "6", "--output", path, "--force"]);
    assert_ne!(std::fs::read_to_string(path).expect("a file"), first);
    let nowhere = generate(&["vijil", "--output", &format!("{path}/x.json")]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(stderr(&nowhere).contains("cannot write "), "{}", stderr(&nowhere));
}

#[test]
fn what_cannot_be_generated_is_told() {
    for (args, code, told) in [
        (&["vijl"][..], 2, "there is no provider `vijl`; the providers are `axero`, `equals_money`, `vijil`, `crud`"),
        (&["vijil", "--locale", "xx"], 2, "expected one of ar, de, en, es, fr, ja, pl, zh"),
        (&["vijil", "--count", "0"], 2, "expected a whole number from 1 to 100000000, such as 1000"),
        (&["vijil", "--force"], 2, "--output <FILE>"),
        (&[], 2, "<PROVIDER>"),
    ] {
        let output = generate(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        assert!(stderr(&output).contains(told), "{args:?}: {}", stderr(&output));
    }
}

/// Rows are written as they are made: a reader that has seen enough ends it.
#[test]
fn a_reader_may_go() {
    let mut child =
        command(&["fixtures", "generate", "crud", "--count", "100000000"]).spawn().expect("the command runs");
    let mut out = child.stdout.take().expect("a pipe");
    let mut first = [0; 4096];
    out.read_exact(&mut first).expect("the first bytes");
    drop(out);
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
}
