//! How every subcommand ends: one table of exit codes.

use std::collections::BTreeSet;

use clap::{Command as Definition, CommandFactory};
use persona_mock::internals::{Cli, EXIT_CODES};

use super::command::{Served, command, stderr, stdout};
use super::support::{Asked, client, shell};

/// Each subcommand by examples, in order, on one server: the line, and how it ends. `DIR` is an empty directory, `GOOD`
/// one of fixtures, `BAD` one with a fault, `STATE` a file of a state, `NOWHERE` where no server is.
const ENDS: &[(&str, i32)] = &[
    ("serve --only nobody", 2),
    ("serve --port x", 2),
    ("config", 0),
    ("config nothing", 2),
    ("config --port x", 2),
    ("completions bash", 0),
    ("completions tcsh", 2),
    ("man", 0),
    ("check", 0),
    ("check GOOD", 0),
    ("check DIR", 1),
    ("check NOTHING", 1),
    ("check BAD", 3),
    ("check GOOD --set crud.zod=5", 2),
    ("routes", 0),
    ("openapi vijil", 0),
    ("openapi nobody", 2),
    ("openapi", 2),
    ("health", 0),
    ("health --url NOWHERE", 1),
    ("health --wait", 0),
    ("health --wait 100ms --url NOWHERE", 1),
    ("health --wait soon", 2),
    ("env", 0),
    ("env nobody", 1),
    ("env nobody --url NOWHERE", 2),
    ("doctor --port 0", 0),
    ("doctor --port 0 --fixtures BAD", 1),
    ("doctor --port x", 2),
    ("fixtures generate vijil --count 1", 0),
    ("fixtures generate nobody", 2),
    ("fixtures export GOOD", 1),
    ("fixtures export GOOD --force", 0),
    ("man --output DIR", 0),
    ("reset", 0),
    ("reset nobody", 1),
    ("state get", 0),
    ("row list crud projects", 0),
    ("row list crud nothing", 1),
    ("row get crud projects 3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10", 0),
    ("row patch crud projects 3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10 '{}'", 0),
    ("row patch crud projects 3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10 '{}' --if-match other", 1),
    ("row put crud projects 3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10 STATE", 1),
    ("row add crud projects STATE", 1),
    ("row delete crud projects 3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10", 1),
    ("state put STATE", 0),
    ("state put NOTHING", 1),
    ("state diff", 0),
    ("snapshot save 'a b'", 2),
    ("snapshot save one", 0),
    ("snapshot list", 0),
    ("snapshot show one", 0),
    ("snapshot restore one", 0),
    ("snapshot delete one", 0),
    ("snapshot delete one", 1),
    ("history", 0),
    ("rewind --before w-1", 0),
    ("rewind --before w-99", 1),
    ("rewind", 2),
    ("undo", 0),
    ("diff w-1", 0),
    ("diff w-99", 1),
    ("clock", 0),
    ("clock show", 0),
    ("clock freeze", 0),
    ("clock set 2026-01-15T12:00:00Z", 0),
    ("clock advance 1h", 0),
    ("clock advance fortnight", 1),
    ("clock run", 0),
    ("clock real", 0),
    ("settings", 0),
    ("settings auth=maybe", 2),
    ("settings axero.error_status=500", 1),
    ("seed 7", 0),
    ("credentials", 0),
    ("credentials --provider nobody", 1),
    ("fault add --stale --id a", 0),
    ("fault add --stale --query limit", 2),
    ("fault add --stale --retry-after 1", 2),
    ("fault add --refuse 418", 1),
    ("fault list", 0),
    ("fault set NOTHING", 1),
    ("fault delete a", 0),
    ("fault delete a", 1),
    ("fault clear", 0),
    ("limits", 0),
    ("limits vijil", 2),
    ("limits nobody=on", 1),
    ("metrics", 0),
    ("sandboxes list", 0),
    ("sandboxes make 'a b'", 2),
    ("sandboxes make made --from 'a b'", 2),
    ("sandboxes make made --from nobody", 1),
    ("clock --sandbox 'a b'", 2),
    ("sandboxes make made", 0),
    ("sandboxes show made", 0),
    ("sandboxes delete made", 0),
    ("sandboxes delete made", 1),
    // Nobody has called yet: an expectation is not met, and a claim has nothing to look at.
    ("requests", 0),
    ("requests --status x", 2),
    ("requests 1", 1),
    ("verify vijil.list_teams", 3),
    ("verify vijil.list_teams --never", 1),
    ("verify vijil.list_teams --at-most 3", 1),
    ("verify --never", 0),
    ("verify --nothing-ignored", 1),
    // One was armed and cleared without a strike, until a reset forgets it.
    ("verify --every-fault-struck", 3),
    ("reset", 0),
    ("verify --every-fault-struck", 1),
    ("coverage merge NOTHING", 1),
    ("coverage --min nonsense=1", 2),
    ("CALL", 0),
    ("coverage", 0),
    ("coverage --min operations=1", 0),
    ("coverage --min operations=100%", 3),
    ("requests 1", 0),
    ("diff 1", 3),
    ("verify vijil.update_persona --exactly 1", 0),
    ("verify --no-near-miss", 0),
    ("verify --nothing-ignored", 3),
    ("verify vijil.update_persona --exactly 2", 3),
    ("verify vijil.update_persna", 1),
    ("verify", 2),
    ("verify vijil.update_persona --file NOTHING", 2),
    ("verify --never --sandbox '*'", 2),
    ("state diff", 3),
    ("coverage forget", 0),
];

/// The path of every subcommand that does something.
fn leaves(command: &Definition, path: &str, found: &mut BTreeSet<String>) {
    for inner in command.get_subcommands() {
        let path = format!("{path} {}", inner.get_name()).trim().to_owned();
        leaves(inner, &path, found);
        if !inner.is_subcommand_required_set() {
            found.insert(path);
        }
    }
}

fn code(url: &str, words: &[&str]) -> (Option<i32>, String) {
    let output = command(words).env("PERSONA_MOCK_URL", url).output().expect("the command runs");
    (output.status.code(), stdout(&output) + &stderr(&output))
}

#[test]
fn every_subcommand_ends_as_the_table_says() {
    let served = Served::start(&mut command(&["--port", "0", "--log", "off"]));
    let folder = tempfile::tempdir().expect("a directory");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    for name in ["empty", "bad"] {
        std::fs::create_dir(path(name)).expect("a directory");
    }
    std::fs::write(folder.path().join("bad/crud.json"), "{").expect("a file");
    assert_eq!(code(&served.url, &["fixtures", "export", &path("good")]).0, Some(0));
    let (_, state) = code(&served.url, &["state", "get"]);
    std::fs::write(path("state"), state).expect("a file");
    let mut named = BTreeSet::new();
    for (line, expected) in ENDS {
        if *line == "CALL" {
            let asked = Asked::new("PUT", "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb");
            let asked = asked.header("Authorization", "Bearer vijil-owner-token").json(r#"{"name": "A", "nmae": 1}"#);
            let address = served.url["http://".len()..].parse().expect("an address");
            assert_eq!(client::Connection::to(address).send(&asked).status, 200);
            continue;
        }
        let words = shell::words(line).into_iter().map(|word| match &*word {
            "DIR" => path("empty"),
            "GOOD" => path("good"),
            "BAD" => path("bad"),
            "STATE" => path("state"),
            "NOTHING" => path("nothing"),
            "NOWHERE" => "http://127.0.0.1:1".to_owned(),
            word => word.to_owned(),
        });
        let words = words.collect::<Vec<_>>();
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let (found, said) = code(&served.url, &words);
        assert_eq!(found, Some(*expected), "{line}: {said}");
        named.extend((1..=2).filter_map(|many| words.get(..many)).map(|words| words.join(" ")));
    }
    let mut all = BTreeSet::new();
    leaves(&Cli::command(), "", &mut all);
    assert!(all.len() > 30, "{all:?}");
    let missing: Vec<_> = all.difference(&named).collect();
    assert!(missing.is_empty(), "the table has no line of {missing:?}");
    for leaf in &all {
        let mut words: Vec<_> = leaf.split(' ').collect();
        // A distance may begin with a hyphen.
        words.extend((leaf == "clock advance").then_some("1h"));
        words.push("--no-such-flag");
        assert_eq!(code(&served.url, &words).0, Some(2), "{leaf}");
        words.pop();
        words.push("--help");
        assert_eq!(code(&served.url, &words).0, Some(0), "{leaf}");
    }
}

#[test]
fn the_table_names_what_ends_because_of_what_it_found() {
    let named = EXIT_CODES.lines().find(|line| line.starts_with("  3  ")).expect("a line");
    let (_, named) = named.trim_end_matches(')').rsplit_once('(').expect("subcommands");
    let all = Cli::command();
    let mut paths = BTreeSet::new();
    leaves(&all, "", &mut paths);
    let path = |line: &str| {
        let words: Vec<_> = line.split(' ').collect();
        let two = words.get(..2).map(|words| words.join(" ")).filter(|two| paths.contains(two));
        two.unwrap_or_else(|| words[0].to_owned())
    };
    let ends: BTreeSet<_> = ENDS.iter().filter(|(_, code)| *code == 3).map(|(line, _)| path(line)).collect();
    assert_eq!(named.split(", ").map(str::to_owned).collect::<BTreeSet<_>>(), ends);
}

#[test]
fn the_help_and_the_page_have_the_table() {
    let (code, help) = code("", &["--help"]);
    assert!(code == Some(0) && help.contains(EXIT_CODES), "{help}");
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/cli.md")).expect("a page");
    for line in EXIT_CODES.lines().filter_map(|line| line.strip_prefix("  ")) {
        let (code, meaning) = line.split_once("  ").expect("a code and what it means");
        let row = format!("| {code} | {meaning} |");
        assert!(page.contains(&row), "docs/cli.md lacks {row}");
    }
}
