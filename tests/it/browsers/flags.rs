//! The flags that say who may call, and their variables.

use std::process::Output;

use crate::command::{Served, command, stderr, stdout};
use crate::support::Asked;
use crate::support::client::Connection;

fn run(args: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = command(args);
    command.envs(variables.iter().copied());
    command.output().expect("the command runs")
}

fn ask(served: &Served, asked: &Asked) -> (u16, Option<String>) {
    let address = served.url["http://".len()..].parse().expect("an address");
    let answer = Connection::to(address).send(asked);
    (answer.status, answer.header("access-control-allow-origin").map(str::to_owned))
}

fn from(origin: &str) -> Asked {
    Asked::new("GET", "/crud/personas").header("Authorization", "Bearer vm_any").header("Origin", origin)
}

fn control(host: &str) -> Asked {
    Asked::new("GET", "/_mock/seed").header("Host", host)
}

#[test]
fn cors_takes_origins_by_flag_and_by_variable() {
    let flags = ["--port", "0", "--log", "off", "--cors", "http://localhost:3000", "--cors", "null"];
    let mut by_variable = command(&["--port", "0", "--log", "off"]);
    by_variable.env("PERSONA_MOCK_CORS", "http://localhost:3000, null");
    for served in [Served::start(&mut command(&flags)), Served::start(&mut by_variable)] {
        for origin in ["http://localhost:3000", "null"] {
            assert_eq!(ask(&served, &from(origin)), (200, Some(origin.to_owned())));
        }
        assert_eq!(ask(&served, &from("http://localhost:3001")), (200, None));
        let steers = control("localhost").header("Origin", "http://localhost:3000");
        assert_eq!(ask(&served, &steers), (403, None), "it opens no control path");
    }
    for (value, allowed) in
        [("OFF", None), ("0", None), ("True", Some("null".to_owned())), ("", Some("null".to_owned()))]
    {
        let mut command = command(&["--port", "0", "--log", "off"]);
        let served = Served::start(command.env("PERSONA_MOCK_CORS", value));
        assert_eq!(ask(&served, &from("null")), (200, allowed), "{value:?}");
    }
}

#[test]
fn what_says_two_things_or_nothing_that_can_be_is_wrong_usage() {
    let none: &[(&str, &str)] = &[];
    let token: &[(&str, &str)] = &[("PERSONA_MOCK_CONTROL_TOKEN", "a")];
    let mixed: &[(&str, &str)] = &[("PERSONA_MOCK_CORS", "on,http://localhost:3000")];
    for (args, variables, told) in [
        (&["--cors", "on", "--cors", "off"][..], none, "--cors takes `on` or `off` alone"),
        (&["--cors", "http://localhost:3000", "--cors", "on"], none, "`--cors http://localhost:3000 --cors null`"),
        (&["serve", "--cors", "off,null"], none, "found both"),
        (&["serve"], mixed, "PERSONA_MOCK_CORS takes `on` or `off` alone"),
        (
            &["--cors", "http://localhost:3000/app"],
            none,
            "an origin ends after host and port: expected http://localhost:3000",
        ),
        (&["--cors", "localhost:3000"], none, "begins with a scheme"),
        (&["--cors", "*"], none, "every origin is `on`"),
        (&["--cors", "maybe"], none, "expected `on`, `off` or an origin"),
        (&["--control-origin", "localhost:3000"], none, "begins with a scheme"),
        (&["--control-origin", "null"], none, "every page can have the origin `null`"),
        (&["--control-host", "http://mock.example.com"], none, "such as mock.example.com; found"),
        (&["--control-host", "*.example.com"], none, "such as mock.example.com; found"),
        (&["--control-token", "a", "--control-token-file", "b"], none, "cannot be used with"),
        (&["--control-token-file", "b"], token, "cannot be used with"),
        (&["reset", "--control-token", "a", "--control-token-file", "b"], none, "cannot be used with"),
    ] {
        let output = run(args, variables);
        assert_eq!((output.status.code(), &*stdout(&output)), (Some(2), ""), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(told), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_token_that_is_none_is_refused_at_start_and_not_shown() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = |name: &str, text: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_str().expect("UTF-8").to_owned()
    };
    let (empty, blank) = (file("empty", b""), file("blank", b" \n"));
    let (lines, bytes) = (file("lines", b"s3cret\nother\n"), file("bytes", b"s3cret\xff"));
    let missing = dir.path().join("missing").to_str().expect("UTF-8").to_owned();
    for (args, variable, told) in [
        (vec!["--control-token", ""], None, "--control-token: the control token is empty"),
        (vec!["--control-token", "  "], None, "the control token is empty"),
        (vec!["--control-token", "s3cret\n"], None, "holds a line break"),
        (vec!["--control-token", " s3cret"], None, "begins or ends with a blank"),
        (vec!["--control-token", "s3cret+sandbox.t1"], None, "holds `+sandbox.`"),
        (vec![], Some(("PERSONA_MOCK_CONTROL_TOKEN", "")), "PERSONA_MOCK_CONTROL_TOKEN: the control token is empty"),
        (vec!["--control-token-file", &empty], None, "the control token is empty"),
        (vec!["--control-token-file", &blank], None, "the control token is empty"),
        (vec![], Some(("PERSONA_MOCK_CONTROL_TOKEN_FILE", &*blank)), "the control token is empty"),
        (vec!["--control-token-file", &lines], None, "holds a line break"),
        (vec!["--control-token-file", &bytes], None, "cannot read the control token file"),
        (vec!["--control-token-file", "/dev/zero"], None, "holds more than 16384 bytes"),
        (vec!["--control-token-file", &missing], None, "cannot read the control token file"),
        (vec!["--control-token-file", dir.path().to_str().expect("UTF-8")], None, "cannot read the control token file"),
    ] {
        let output = run(&[&["--port", "0"][..], &args].concat(), variable.as_slice());
        assert_eq!((output.status.code(), &*stdout(&output)), (Some(1), ""), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).starts_with("persona-mock: "), "{}", stderr(&output));
        assert!(stderr(&output).contains(told), "{args:?}: {}", stderr(&output));
        assert!(!stderr(&output).contains("s3cret"), "{args:?}: {}", stderr(&output));
    }
    let output = run(&["--port", "0"], &[("PERSONA_MOCK_CONTROL_TOKEN_FILE", "")]);
    assert_eq!(output.status.code(), Some(2), "an empty secret opens no door in silence: {}", stderr(&output));
}

#[test]
fn a_token_may_come_from_a_file_here_and_there() {
    let dir = tempfile::tempdir().expect("a directory");
    for (name, text) in
        [("unix", "s3cret\n"), ("windows", "s3cret\r\n"), ("bare", "s3cret"), ("marked", "\u{feff}s3cret\n")]
    {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("a file");
        let path = path.to_str().expect("UTF-8");
        let mut command = command(&["--port", "0", "--log", "off"]);
        let served = Served::start(command.env("PERSONA_MOCK_CONTROL_TOKEN_FILE", path));
        assert_eq!(ask(&served, &control("localhost")).0, 401);
        assert_eq!(ask(&served, &control("localhost").header("Authorization", "bearer s3cret")).0, 200, "{name}");
        for (args, code) in
            [(&["seed", "--control-token-file", path][..], 0), (&["seed", "--control-token", "x"], 1), (&["seed"], 1)]
        {
            let output = run(&[args, &["--url", &served.url]].concat(), &[]);
            assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
        }
        let output = run(&["seed", "--url", &served.url], &[("PERSONA_MOCK_CONTROL_TOKEN_FILE", path)]);
        assert_eq!(stdout(&output), "0\n", "{}", stderr(&output));
    }
}

#[test]
fn names_of_the_server_are_those_of_its_flags() {
    let none: &[(&str, &str)] = &[];
    let variable: &[(&str, &str)] = &[("PERSONA_MOCK_CONTROL_HOST", "a.example.com, mock.example.com:8080")];
    for (args, variables) in [
        (&["--control-host", "a.example.com", "--control-host", "Mock.Example.com."][..], none),
        (&[], variable),
        (&["--public-url", "https://mock.example.com/base"], none),
        (&["--control-origin", "https://mock.example.com:3000"], none),
    ] {
        let mut command = command(&[&["--port", "0", "--log", "off"][..], args].concat());
        let served = Served::start(command.envs(variables.iter().copied()));
        assert_eq!(ask(&served, &control("mock.example.com")).0, 200, "{args:?}");
        assert_eq!(ask(&served, &control("x.example.com")).0, 403, "{args:?}");
    }
}
