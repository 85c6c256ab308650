//! `persona-mock health --wait`: a script that goes on once the server is ready.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::command::{Served, command, stderr, stdout};

fn health(args: &[&str]) -> Output {
    command(&["health"]).args(args).output().expect("the command runs")
}

#[test]
fn it_ends_once_the_server_is_ready_which_starts_later() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    let path = file.to_str().expect("UTF-8");
    // What an earlier server left behind leads nowhere, and is asked again.
    std::fs::write(&file, "1\n").expect("a file");
    let waits = command(&["health", "--wait", "20s", "--port-file", path]).spawn().expect("the command runs");
    std::thread::sleep(Duration::from_millis(200));
    let _served = Served::start(&mut command(&["--port", "0", "--port-file", path, "--log", "off"]));
    let output = waits.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).starts_with(r#"{"ready":true,"#), "{}", stdout(&output));
}

#[test]
fn the_time_needs_no_number_and_is_above_none() {
    let served = Served::start(&mut command(&["--port", "0", "--log", "off"]));
    for args in [&["--wait", "--url", &*served.url][..], &["--url", &served.url, "--wait"]] {
        assert_eq!(health(args).status.code(), Some(0), "{args:?}");
    }
    for (wrong, expected) in
        [("0s", "expected a time above 0, such as 10s"), ("10", "such as 500ms, 90s, 1h30m or 14d")]
    {
        let output = health(&["--url", &served.url, "--wait", wrong]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
}

#[test]
fn once_the_time_is_over_it_says_what_was_asked_last_and_why_that_was_not_ready() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let silent = format!("http://{}", silent.local_addr().expect("an address"));
    for (url, expected) in [
        ("http://127.0.0.1:1", "no healthy server answers at http://127.0.0.1:1/_mock/health: io: Connection refused"),
        (&*silent, "/_mock/health: no answer within "),
    ] {
        let began = Instant::now();
        let output = health(&["--wait", "400ms", "--url", url]);
        assert_eq!((output.status.code(), &*stdout(&output)), (Some(1), ""));
        let said = stderr(&output);
        assert!(said.starts_with("persona-mock: no server was ready within 400ms: "), "{said}");
        assert!(said.contains(expected), "{said}");
        let took = began.elapsed();
        assert!((Duration::from_millis(400)..Duration::from_secs(5)).contains(&took), "{took:?}");
    }
    // What no wait tells is said at once.
    let began = Instant::now();
    let output = health(&["--wait", "1h", "--port", "0"]);
    assert!(stderr(&output).starts_with("persona-mock: port 0 picks a free port; name the one"), "{}", stderr(&output));
    assert!(output.status.code() == Some(1) && began.elapsed() < Duration::from_secs(60));
}

#[test]
fn the_page_starts_and_stops_a_server_as_a_script_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/cli.md")).expect("a page");
    let (_, section) = page.split_once("## Starting and stopping from a script\n").expect("a section");
    let script = section.split("```").nth(1).and_then(|block| block.strip_prefix("sh\n")).expect("a script");
    let dir = tempfile::tempdir().expect("a directory");
    let binary = Path::new(env!("CARGO_BIN_EXE_persona-mock"));
    let path = format!("{}:{}", binary.parent().expect("a folder").display(), std::env::var("PATH").expect("a path"));
    let bash = Command::new("bash").args(["-euc", script]).current_dir(dir.path()).env("PATH", path).output();
    let bash = bash.expect("bash runs");
    assert_eq!(bash.status.code(), Some(0), "{}", stderr(&bash));
    assert!(stdout(&bash).contains(r#"{"mode":"real","#), "{}", stdout(&bash));
}
