//! `persona-mock coverage`, and the files that a server writes when it ends.

use std::path::Path;

use persona_mock::api::Coverage;

use crate::command::{Served, command, stderr, stdout};
use crate::steer::Shell;
use crate::support::Asked;

use super::columns;

fn me() -> Asked {
    Asked::new("GET", "/v1/users/me").header("Authorization", "Bearer vijil-owner-token").header("Connection", "close")
}

/// The exit code of a line, what it prints and what it says is wrong.
fn end(shell: &Shell, line: &str) -> (i32, String, String) {
    let output = shell.run(line);
    (output.status.code().expect("an end"), stdout(&output), stderr(&output))
}

#[test]
fn thresholds_end_with_three_and_nothing_with_one() {
    let shell = Shell::start(&["--only", "vijil"]);
    let (code, _, said) = end(&shell, "coverage --min operations=1%");
    assert_eq!(code, 1, "{said}");
    assert!(said.starts_with("persona-mock: nothing was exercised: no request meant an operation"), "{said}");
    assert_eq!(shell.send(&me().header("X-Mock-Sandbox", "t1")), 200);
    let (code, shown, said) = end(&shell, "coverage --min vijil.get_user.operations=100% --max inferred=0");
    assert_eq!((code, &*said), (0, ""), "{shown}");
    assert!(shown.starts_with("coverage of the run, at level operations\n"), "{shown}");
    let (code, shown, said) = end(&shell, "coverage --min operations=100% --min statuses=1 --format json");
    assert_eq!((code, &*said), (3, "persona-mock: --min operations=100% is not met: found 5 % (1 of 18)\n"));
    let run: Coverage = serde_json::from_str(&shown).expect("JSON");
    assert_eq!((run.sandbox, run.documents.len()), (None, 1));
    let (code, _, said) = end(&shell, "coverage --sandbox t2");
    assert_eq!(code, 1);
    assert!(said.contains("nothing was exercised in the sandbox t2"), "{said}");
    assert_eq!(end(&shell, "coverage --sandbox t1").0, 0);
    assert_eq!(end(&shell, "coverage --sandbox *").0, 0);
    let (code, _, said) = end(&shell, "coverage --min request_fields=1%");
    assert_eq!(code, 1);
    assert!(said.contains("nothing was exercised of request_fields"), "{said}");
}

#[test]
fn what_is_not_there_is_wrong_usage_and_told_with_the_names() {
    let shell = Shell::start(&["--only", "vijil"]);
    assert_eq!(shell.send(&me()), 200);
    for (line, said) in [
        ("coverage --min status=1%", "`statuses` was probably meant; the keys are operations, statuses, "),
        ("coverage --max guessed=0", "the keys are inferred, extension, injected, "),
        ("coverage --min statuses", "expected KEY=NUMBER or KEY=PERCENT%, such as operations=100%"),
        ("coverage --min vijil.get_usr.statuses=1", "`vijil.get_user` was probably meant; the operations are vijil."),
        ("coverage --max axero.inferred=0", "nothing is called `axero`; the providers are vijil"),
        ("coverage --format yaml", "[possible values: text, json, junit, ctrf, markdown, html]"),
        ("coverage merge", "required"),
    ] {
        let (code, shown, found) = end(&shell, line);
        assert_eq!((code, &*shown), (2, ""), "{line}: {found}");
        assert!(found.contains(said), "{line}: {found}");
    }
}

#[test]
fn what_was_counted_can_be_forgotten() {
    let shell = Shell::start(&["--only", "vijil"]);
    assert_eq!(shell.send(&me()), 200);
    assert_eq!(shell.said("coverage forget --sandbox default"), "forgot what the sandbox default exercised\n");
    assert_eq!((end(&shell, "coverage --sandbox default").0, end(&shell, "coverage").0), (1, 0));
    assert_eq!(shell.said("coverage forget"), "forgot what the run exercised\n");
    assert_eq!(end(&shell, "coverage").0, 1);
}

/// Serves with a file to write to, sends some requests, and ends the server; the exit code and what was said.
fn shard(files: &[&Path], requests: usize, more: &[&str]) -> (Option<i32>, String) {
    let mut args = vec!["--port", "0", "--log", "info", "--only", "vijil"];
    for file in files {
        args.extend(["--coverage", file.to_str().expect("UTF-8")]);
    }
    args.extend(more);
    let served = Served::start(&mut command(&args));
    let address = served.url["http://".len()..].parse().expect("an address");
    for _ in 0..requests {
        let answer = crate::support::client::Connection::to(address).send(&me());
        assert_eq!(answer.status, 200);
    }
    served.terminate()
}

fn read(file: &Path) -> Coverage {
    serde_json::from_str(&std::fs::read_to_string(file).expect("a report")).expect("JSON")
}

#[test]
fn a_server_writes_what_it_counted_when_it_is_told_to_end_and_shards_are_merged() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = |name: &str| dir.path().join(name);
    let (one, other, page) = (at("a.json"), at("b.json"), at("a.md"));
    std::fs::write(&one, "").expect("a file");
    let (code, said) = shard(&[&one, &page], 3, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("coverage written to ") && said.contains("a.md"), "{said}");
    assert_eq!(shard(&[&other], 2, &[]).0, Some(0));
    assert_eq!(columns(&read(&one), "vijil.get_user", "200"), [3, 0, 0]);
    assert_eq!(columns(&read(&one), "vijil.get_user", "200 $.id"), [3, 0, 0], "--coverage counts fields too");
    assert!(std::fs::read_to_string(&page).expect("a report").contains("vijil"));
    let left: Vec<_> =
        std::fs::read_dir(dir.path()).expect("files").map(|entry| entry.expect("a file").file_name()).collect();
    assert_eq!(left.len(), 3, "no unfinished file is left: {left:?}");
    let run = |args: &[&str]| command(args).output().expect("the command runs");
    let (one, other) = (one.to_str().expect("UTF-8"), other.to_str().expect("UTF-8"));
    let merged = run(&["coverage", "merge", one, other]);
    assert_eq!(merged.status.code(), Some(0), "{}", stderr(&merged));
    let merged: Coverage = serde_json::from_str(&stdout(&merged)).expect("JSON");
    assert_eq!(columns(&merged, "vijil.get_user", "200"), [5, 0, 0]);
    let judged = run(&["coverage", "merge", one, other, "--min", "operations=50%", "--format", "text"]);
    assert_eq!(judged.status.code(), Some(3), "{}", stderr(&judged));
    let wrong = run(&["coverage", "merge", one, page.to_str().expect("UTF-8")]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(
        stderr(&wrong).contains("a.md as a coverage; expected the JSON that --coverage FILE.json"),
        "{}",
        stderr(&wrong)
    );
}

#[test]
fn shards_of_different_documents_are_refused_with_both_hashes() {
    let dir = tempfile::tempdir().expect("a directory");
    let (one, other) = (dir.path().join("a.json"), dir.path().join("b.json"));
    shard(&[&one], 1, &[]);
    let mut changed = read(&one);
    changed.documents[0].sha256 = "0".repeat(64);
    std::fs::write(&other, serde_json::to_string(&changed).expect("JSON")).expect("a file");
    let paths = [&one, &other].map(|path| path.to_str().expect("UTF-8").to_owned());
    let output = command(&["coverage", "merge", &paths[0], &paths[1]]).output().expect("the command runs");
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(&read(&one).documents[0].sha256) && said.contains(&"0".repeat(64)), "{said}");
}

#[test]
fn a_file_that_cannot_be_written_is_told_at_the_start() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = |name: &str| dir.path().join(name).to_str().expect("UTF-8").to_owned();
    std::fs::create_dir(at("sub.json")).expect("a directory");
    std::fs::write(at("notes.json"), "{\"mine\": 1}").expect("a file");
    for (file, code, said) in [
        (at("none/a.json"), 1, "its folder must be there, and this user must be allowed to write in it"),
        (at("sub.json"), 1, "it is a directory; name a file in it"),
        (at("a.yaml"), 2, "it is none of .ctrf.json, .json, .xml, .md, .html, .txt; an example is coverage.json"),
        (at("notes.json"), 1, "found a file that is no coverage, which is left as it is; expected a file of its own"),
        ("/proc/a.json".to_owned(), 1, "cannot write the coverage to /proc/a.json when the server ends"),
    ] {
        let output = command(&["--port", "0", "--coverage", &file]).output().expect("the command runs");
        let found = stderr(&output);
        assert_eq!((output.status.code(), &*stdout(&output)), (Some(code), ""), "{file}: {found}");
        assert!(found.contains(said), "{file}: {found}");
    }
    assert_eq!(std::fs::read_to_string(at("notes.json")).expect("a file"), "{\"mine\": 1}");
}

#[test]
fn no_two_files_of_a_server_are_one() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = |name: &str| dir.path().join(name).to_str().expect("UTF-8").to_owned();
    std::fs::write(at("run.json"), "").expect("a file");
    #[cfg(unix)]
    std::os::unix::fs::symlink(at("run.json"), at("link.json")).expect("a link");
    #[cfg(not(unix))]
    std::fs::hard_link(at("run.json"), at("link.json")).expect("a second name");
    let (run, link, other) = (at("run.json"), at("link.json"), at("./run.json"));
    for flags in [
        ["--coverage", &run, "--record-to", &run],
        ["--coverage", &link, "--record-to", &run],
        ["--coverage", &link, "--port-file", &other],
        ["--coverage", &run, "--coverage", &other],
        ["--port-file", &run, "--record-to", &link],
    ] {
        let output = command(&["--port", "0"]).args(flags).output().expect("the command runs");
        let said = stderr(&output);
        assert_eq!((output.status.code(), &*stdout(&output)), (Some(2), ""), "{flags:?}: {said}");
        assert!(
            said.contains("are one file; name a file of its own for each, such as --port-file mock.port"),
            "{said}"
        );
    }
}
