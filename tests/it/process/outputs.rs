//! Where nothing more can be written, opened or started: one clear message, exit code 1, nothing left.

use std::path::PathBuf;
use std::process::Output;

use super::*;
use crate::command::{stderr, stdout};

const FULL: &str = "persona-mock: cannot write to standard output: No space left on device (os error 28)\n";

/// Runs a command that is to end with 1 and no file at `port`; what it said.
fn refused(command: &mut Command, port: &Path) -> String {
    std::fs::write(port, "1\n").expect("a stale port file");
    let output = command.output().expect("the command runs");
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{command:?}: {said}");
    assert!(!port.exists(), "{command:?}: {said}");
    assert_eq!(std::fs::read_dir(port.parent().expect("a folder")).expect("a folder").count(), 0, "{command:?}");
    said
}

fn port_file() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    (dir, file)
}

#[test]
fn a_server_whose_greeting_finds_no_room_does_not_start() {
    let (_dir, file) = port_file();
    let args = ["--port", "0", "--port-file", file.to_str().expect("UTF-8")];
    assert_eq!(refused(command(&args).stdout(full()), &file), FULL);
    // Nobody can be told why; the exit code says that it failed.
    assert_eq!(refused(command(&args).stdout(full()).stderr(full()), &file), "");
}

#[test]
fn a_server_whose_port_file_finds_no_room_does_not_start() {
    let output = command(&["--port", "0", "--port-file", "/dev/full"]).output().expect("the command runs");
    let message =
        "persona-mock: --port-file: cannot write the port file /dev/full: No space left on device (os error 28)\n";
    assert_eq!((output.status.code(), &*stderr(&output), &*stdout(&output)), (Some(1), message, ""));

    // A disk that takes no byte more, though a file can be made.
    let (_dir, file) = port_file();
    let args = ["--port", "0", "--port-file", file.to_str().expect("UTF-8")];
    let said = refused(&mut in_shell(r#"trap '' XFSZ; ulimit -f 0; exec "$@""#, &args), &file);
    assert!(
        said.starts_with(&format!("persona-mock: --port-file: cannot write the port file {}: ", file.display())),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_server_that_may_open_too_few_files_says_so() {
    let (_dir, file) = port_file();
    let args = ["--port", "0", "--port-file", file.to_str().expect("UTF-8")];
    for files in [8, 10, 11, 12, 13, 14, 15, 16, 18, 20, 24] {
        let script = format!(r#"ulimit -n {files}; exec "$@""#);
        let said = refused(&mut in_shell(&script, &args), &file);
        assert!(said.starts_with("persona-mock: ") && said.lines().count() == 1, "{files}: {said}");
        assert!(said.contains("Too many open files"), "{files}: {said}");
        assert!(said.contains("; raise the limit, such as `ulimit -n "), "{files}: {said}");
    }
}

#[test]
fn an_export_to_a_full_disk_leaves_no_file_half_written() {
    let dir = tempfile::tempdir().expect("a directory");
    let to = dir.path().join("fixtures");
    let args = ["fixtures", "export", to.to_str().expect("UTF-8")];
    let output = in_shell(r#"trap '' XFSZ; ulimit -f 0; exec "$@""#, &args).output().expect("the command runs");
    let said = stderr(&output);
    assert_eq!((output.status.code(), &*stdout(&output)), (Some(1), ""), "{said}");
    assert!(said.starts_with(&format!("persona-mock: cannot write {}", to.display())), "{said}");
    let left = |folder: &Path| {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        entries.filter(|path| path.is_file()).collect::<Vec<_>>()
    };
    assert_eq!([left(&to), left(&to.join("schema"))], [Vec::<PathBuf>::new(), Vec::new()]);
}

#[test]
fn whatever_prints_tells_a_full_device_from_a_reader_that_has_enough() {
    let dir = tempfile::tempdir().expect("a directory");
    let (_process, address) = Process::serve(&mut command(&["--port", "0", "--log", "off"]));
    let url = format!("http://{address}");
    let run = |words: &str, stdout: Stdio| -> Output {
        let words: Vec<_> = words
            .split(' ')
            .map(|word| if word == "DIR" { dir.path().to_str().expect("UTF-8") } else { word })
            .collect();
        command(&words).env("PERSONA_MOCK_URL", &url).stdout(stdout).output().expect("the command runs")
    };
    assert_eq!(run("snapshot save one", Stdio::null()).status.code(), Some(0));
    for words in [
        "--help",
        "help serve",
        "--version",
        "routes",
        "routes --json",
        "config",
        "completions zsh",
        "man",
        "man --output DIR --force",
        "openapi vijil",
        "check",
        "fixtures export DIR --force",
        "health",
        "reset",
        "state get",
        "state diff",
        "snapshot list",
        "clock",
        "seed",
        "settings",
        "fault list",
        "limits",
        "requests",
        "requests --har",
        "requests --json",
        "verify --never",
        "metrics",
        "sandboxes list",
    ] {
        let output = run(words, full());
        assert_eq!((output.status.code(), &*stderr(&output)), (Some(1), FULL), "{words}");
        let output = run(words, unread());
        assert_eq!((output.status.code(), &*stderr(&output)), (Some(0), ""), "{words}");
    }
    // A stream has nothing to print before something happens.
    get(&mut Connection::to(address), "/v1/teams");
    let output = run("requests --follow --kept", full());
    assert_eq!((output.status.code(), &*stderr(&output)), (Some(1), FULL));
    let output = run("requests --follow --kept", unread());
    assert_eq!((output.status.code(), &*stderr(&output)), (Some(0), ""));
}

#[test]
fn a_failure_that_nobody_can_be_told_of_keeps_its_exit_code() {
    for (words, code) in [("check NOWHERE", 1), ("openapi nobody", 2), ("--bogus", 2)] {
        for stderr in [full(), unread()] {
            let words: Vec<_> = words.split(' ').collect();
            let status = command(&words).stderr(stderr).status().expect("the command runs");
            assert_eq!(status.code(), Some(code), "{words:?}");
        }
    }
}
