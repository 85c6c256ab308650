//! What lies in a directory of fixtures and is no fixture, or none that may be read.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use persona_mock::internals::Stopwatch;
use persona_mock::mock::RemoteMock;
use persona_mock::{Mock, PersonaMock};
use serde_json::Value;

use super::command::{Served, command, get, stderr, stdout};

/// How long anything may take here. A read that waits for a writer takes for ever.
const TIMEOUT: Duration = Duration::from_secs(30);

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
}

/// Runs a command to its end, or fails.
fn ended(mut command: Command) -> Output {
    let mut child = command.spawn().expect("the command runs");
    let start = Stopwatch::start();
    while child.try_wait().expect("a child").is_none() {
        if start.elapsed() > TIMEOUT {
            child.kill().expect("a child");
            panic!("{command:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().expect("an end")
}

fn checked(dir: &Path, more: &[&str]) -> Output {
    ended(command(&[&["check", text(dir)], more].concat()))
}

fn embedded(provider: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/{provider}.json"));
    std::fs::read_to_string(file).expect("a fixture")
}

#[test]
fn only_regular_files_are_read_and_each_other_one_is_a_fault() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = |name: &str| dir.path().join(name);
    pipe(&at("axero.json"));
    let _socket = UnixListener::bind(at("crud.json")).expect("a socket");
    symlink("/dev/zero", at("equals_money.json")).expect("a link");
    std::fs::create_dir(at("vijil.json")).expect("a directory");
    let output = checked(dir.path(), &[]);
    assert_eq!(output.status.code(), Some(3));
    let said = stderr(&output);
    let regular = "expected a regular file, or a link to one";
    for fault in [
        format!("axero.json: found a named pipe, {regular}"),
        format!("crud.json: found a socket, {regular}"),
        format!("equals_money.json: found a link to a device, {regular}"),
        format!("vijil.json: found a directory, {regular}"),
    ] {
        assert!(said.contains(&fault), "{fault} is missing in {said}");
    }
    for command in [
        command(&["serve", "--port", "0", "--fixtures", text(dir.path())]),
        command(&["serve", "--port", "0", "--watch", "--fixtures", text(dir.path())]),
        command(&["routes", "--fixtures", text(dir.path())]),
        command(&["sandboxes", "make", "t1", "--fixtures", text(dir.path())]),
    ] {
        let output = ended(command);
        assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
        assert!(stderr(&output).contains("axero.json: found a named pipe"), "{}", stderr(&output));
    }
}

#[test]
fn links_are_followed_to_regular_files_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let fixtures = dir.path().join("fixtures");
    std::fs::create_dir(&fixtures).expect("a directory");
    pipe(&dir.path().join("pipe"));
    std::fs::write(dir.path().join("vijil"), embedded("vijil")).expect("a file");
    symlink("../vijil", fixtures.join("vijil.json")).expect("a link");
    assert!(stdout(&checked(&fixtures, &[])).contains("vijil.json"));
    symlink("../pipe", fixtures.join("axero.json")).expect("a link");
    symlink("../nothing", fixtures.join("crud.json")).expect("a link");
    symlink("equals_money.json", fixtures.join("equals_money.json")).expect("a link");
    std::fs::create_dir(fixtures.join("old.json")).expect("a directory");
    let said = stderr(&checked(&fixtures, &[]));
    for fault in [
        "axero.json: found a link to a named pipe, expected a regular file, or a link to one",
        "crud.json: found a link that leads nowhere, expected a regular file, or a link to one",
        "equals_money.json: found Too many levels of symbolic links",
        "old.json: found a file of no provider, expected one of axero.json",
    ] {
        assert!(said.contains(fault), "{fault} is missing in {said}");
    }
    assert!(!said.contains("vijil.json: "), "{said}");
}

#[test]
fn a_name_that_begins_with_a_dot_is_no_fixture() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("crud.json"), embedded("crud")).expect("a file");
    // Emacs locks a file by a link that leads nowhere; macOS keeps attributes beside files on foreign disks.
    symlink("dev@host.1234:1700000000", at(".#axero.json")).expect("a link");
    std::fs::write(at("._axero.json"), b"\x00\x05\x16\x07\xff").expect("a file");
    std::fs::write(at(".prettierrc.json"), "{\"semi\": false}").expect("a file");
    std::fs::write(at(".json"), "x").expect("a file");
    std::fs::create_dir(at(".idea.json")).expect("a directory");
    pipe(&at(".vijil.json"));
    let output = checked(dir.path(), &[]);
    assert_eq!(stderr(&output), "");
    assert_eq!(stdout(&output), format!("ok: {}\n", at("crud.json").display()));
}

#[test]
fn no_more_than_a_bound_is_read_of_all_files_together() {
    let dir = tempfile::tempdir().expect("a directory");
    let sizes = ["axero", "crud"].map(|provider| {
        let text = embedded(provider);
        std::fs::write(dir.path().join(format!("{provider}.json")), &text).expect("a file");
        text.len()
    });
    let both = sizes[0] + sizes[1];
    let checked = |most: usize| checked(dir.path(), &["--max-fixture-bytes", &most.to_string()]);
    assert_eq!(checked(both).status.code(), Some(0));
    let said = stderr(&checked(both - 1));
    let expected =
        format!("expected at most {} bytes over all fixture files; --max-fixture-bytes takes more", both - 1);
    let left = sizes[1] - 1;
    let fault = format!("crud.json: found more than the {left} bytes that other files leave, {expected}");
    assert!(said.contains(&fault), "{fault} is missing in {said}");
    assert!(!said.contains("axero.json: "), "{said}");
    let mut serve = command(&["--port", "0", "--fixtures", text(dir.path())]);
    serve.env("PERSONA_MOCK_MAX_FIXTURE_BYTES", "10");
    let said = stderr(&ended(serve));
    assert!(said.contains("axero.json: found more than the 10 bytes, expected at most 10 bytes"), "{said}");
    for wrong in ["0", "-1", "2GiB"] {
        let args = ["check", text(dir.path()), &format!("--max-fixture-bytes={wrong}")];
        let output = ended(command(&args));
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("expected a whole number from 1 to") && said.contains("such as 2147483648"), "{said}");
    }
    let built = PersonaMock::builder().fixtures_dir(dir.path()).max_fixture_bytes(10).start_blocking();
    let error = built.expect_err("too much").to_string();
    assert!(error.contains("axero.json: found more than the 10 bytes"), "{error}");
    let mock = PersonaMock::builder().fixtures_dir(dir.path()).max_fixture_bytes(both as u64).start_blocking();
    assert!(mock.expect("just enough").health().expect("health").ready);
    // A sparse file is as large as it says, and is not read to be found so.
    let sparse = std::fs::File::create(dir.path().join("vijil.json")).expect("a file");
    sparse.set_len(3 << 30).expect("a length");
    let output = ended(command(&["check", text(dir.path())]));
    assert!(stderr(&output).contains("expected at most 2147483648 bytes"), "{}", stderr(&output));
}

#[test]
fn a_pipe_under_a_watch_is_reported_and_sigterm_ends_the_process() {
    for watch in ["--watch", "--watch=poll"] {
        let dir = tempfile::tempdir().expect("a directory");
        let served = Served::start(&mut command(&["--port", "0", watch, "--fixtures", text(dir.path())]));
        pipe(&dir.path().join("axero.json"));
        let start = Stopwatch::start();
        loop {
            let health: Value = serde_json::from_str(&get(&format!("{}/_mock/health", served.url)).1).expect("JSON");
            if health["fixtures"]["last"]["faults"].to_string().contains("axero.json: found a named pipe") {
                break;
            }
            assert!(start.elapsed() < TIMEOUT, "{health}");
            std::thread::sleep(Duration::from_millis(20));
        }
        let start = Stopwatch::start();
        let (code, said) = served.terminate();
        assert_eq!(code, Some(0), "{watch}: {said}");
        assert!(start.elapsed() < TIMEOUT, "{watch}: {:?}", start.elapsed());
    }
}

#[test]
fn a_file_of_provider_states_is_read_and_checked_before_the_server_starts() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("states.json");
    let said = |file: &Path| {
        let output = ended(command(&["serve", "--port", "0", "--provider-states", text(file)]));
        assert_eq!(output.status.code(), Some(1));
        stderr(&output)
    };
    for (states, words) in [
        ("[]", "expected an object"),
        (r#"{"a": {"clocks": "real"}}"#, "clocks"),
        (r#"{"a": {"clock": "noon"}}"#, "the provider state \"a\": $.clock: expected `real` or an RFC 3339 instant"),
        (r#"{"a": {"fixtures": {"vijill": {}}}}"#, "`vijil` was probably meant"),
        (r#"{"a": {"fixtures": {"crud": {"x": 1}}}}"#, "the provider state \"a\": $.fixtures.crud"),
        (r#"{"a": {"settings": {"auth": "none"}}}"#, "none"),
        (r#"{"a": {"ttl": "1m"}}"#, "`ttl` is a sandbox's own"),
        (r#"{"": {}}"#, "1 to 200 bytes"),
        (r#"{"the sandbox at its start": {}}"#, "every sandbox has it"),
    ] {
        std::fs::write(&file, states).expect("a file");
        let said = said(&file);
        assert!(said.contains("--provider-states") && said.contains(words), "{states}: {said}");
    }
    let nowhere = dir.path().join("nowhere.json");
    let expected = format!("{} cannot be read: No such file; expected a JSON file such as {{", nowhere.display());
    assert!(said(&nowhere).contains(&expected), "{}", said(&nowhere));
    assert!(said(dir.path()).contains(&format!("{}: found a directory", dir.path().display())), "{}", said(dir.path()));
    for (states, twice) in [
        (
            "{\"a\": {},\n \"b\": {\"seed\": 1},\n  \"\\u0061\": {}}",
            "$.a is stated twice, at line 1 column 7 and at line 3 column 13",
        ),
        (
            r#"{"a": {"settings": {"providers": {"crud": {"zod": "4", "zod": "3"}}}}}"#,
            "$.a.settings.providers.crud.zod is stated twice, at line 1 column 51 and at line 1 column 63",
        ),
        (
            r#"{"a": {"fixtures": {"crud": {"users": [{"id": 1, "id": 2}]}}}}"#,
            "$.a.fixtures.crud.users[0].id is stated twice, at line 1 column 47 and at line 1 column 56",
        ),
    ] {
        std::fs::write(&file, states).expect("a file");
        let said = said(&file);
        assert!(said.contains("--provider-states") && said.contains(twice), "{states}: {said}");
    }
    assert!(said(Path::new("/dev/zero")).contains("a device"));
    std::fs::write(&file, r#"{"five": {"seed": 5}}"#).expect("a file");
    let mut served = command(&["serve", "--port", "0", "--log", "off"]);
    let served = Served::start(served.env("PERSONA_MOCK_PROVIDER_STATES", &file));
    let mock = RemoteMock::connect(&served.url).expect("a URL");
    mock.sandbox("t").provider_state("five").expect("a state");
    assert_eq!(mock.sandbox("t").seed().expect("a seed"), 5);
    let unknown = mock.sandbox("t").provider_state("six").expect_err("no state").to_string();
    assert!(unknown.contains("there is no provider state"), "{unknown}");
    drop(served);
}
