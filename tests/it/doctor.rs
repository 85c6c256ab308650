//! `persona-mock doctor`: what it finds on a machine that is as it should be, and on one that is not.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::command::{Served, command, stderr, stdout};

const PROXIES: [&str; 6] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"];

fn doctor(args: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut doctor = command(&["doctor"]);
    for name in PROXIES {
        doctor.env_remove(name);
    }
    doctor.args(args).envs(variables.iter().copied()).output().expect("the command runs")
}

/// The exit code, and the lines of one check without its name.
fn check(name: &str, args: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, Vec<String>) {
    let output = doctor(args, variables);
    assert_eq!(stderr(&output), "");
    let printed = stdout(&output);
    let words =
        |line: &str| line.split("  ").filter(|part| !part.is_empty()).map(|part| part.trim().to_owned()).collect();
    let lines = printed.lines().map(words).filter(|line: &Vec<String>| line[1] == name);
    (output.status.code(), lines.map(|line| format!("{}: {}", line[0], line[2..].join("  "))).collect())
}

#[test]
fn a_machine_as_it_should_be_has_no_fault_and_each_check_has_a_line() {
    let output = doctor(&["--port", "0", "--json"], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let found: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!(found["faults"], 0);
    let checks: Vec<_> = found["checks"].as_array().expect("checks").iter().map(|one| one["check"].as_str()).collect();
    let all = ["port", "localhost", "proxies", "fixtures", "config", "variables", "setup", "files"];
    assert_eq!(checks, all.map(Some));
    for one in found["checks"].as_array().expect("checks") {
        let help = one["help"].as_str().expect("a text");
        assert_eq!(one["level"] == "ok", help.is_empty(), "{one}");
    }
}

#[test]
fn a_port_that_is_taken_names_the_process_and_changes_nothing() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let began = Instant::now();
    let (code, lines) = check("port", &["--port", &port], &[]);
    assert!(began.elapsed() < Duration::from_secs(20), "who never answers holds nobody up");
    let by = match cfg!(target_os = "linux") {
        true => format!("is taken by process {} (", std::process::id()),
        false => "is taken, and the system does not tell".to_owned(),
    };
    assert!(code == Some(1) && lines[0].starts_with(&format!("fault: 127.0.0.1:{port} {by}")), "{lines:?}");
    assert!(lines[0].ends_with("; end that process, or take another port: --port 0 picks a free one"), "{lines:?}");
    drop(taken);
    assert_eq!(check("port", &["--port", &port], &[]), (Some(0), vec![format!("ok: 127.0.0.1:{port} is free")]));
    let (code, lines) = check("port", &["--host", "192.0.2.1", "--port", "0"], &[]);
    assert!(code == Some(1) && lines[0].starts_with("fault: cannot listen on 192.0.2.1:0: "), "{lines:?}");
}

#[test]
fn a_persona_mock_that_is_there_is_told_with_its_version() {
    let served = Served::start(&mut command(&["--port", "0", "--log", "off"]));
    let port = served.url.rsplit(':').next().expect("a port");
    let (code, lines) = check("port", &["--port", port], &[]);
    let version = env!("CARGO_PKG_VERSION");
    assert!(code == Some(0) && lines[0].starts_with(&format!("warning: persona-mock {version}")), "{lines:?}");
    let ends = format!(
        "listens on 127.0.0.1:{port} and is ready; a second server needs another port, such as -p 0, which picks a free one"
    );
    assert!(lines[0].ends_with(&ends), "{lines:?}");
    let there = vec![format!("ok: persona-mock {version} is ready at {}", served.url)];
    assert_eq!(
        check("server", &["--port", "0"], &[("PERSONA_MOCK_URL", &served.url)]),
        (Some(0), Vec::new()),
        "a flag counts"
    );
    assert_eq!(check("server", &["--url", &served.url], &[("PERSONA_MOCK_PORT", "0")]), (Some(0), there));
    let (code, lines) = check("server", &[], &[("PERSONA_MOCK_URL", "http://127.0.0.1:1"), ("PERSONA_MOCK_PORT", "0")]);
    let said = "warning: no persona-mock answers at http://127.0.0.1:1, where PERSONA_MOCK_URL says that one is; start one, or \
                take PERSONA_MOCK_URL away";
    assert_eq!((code, lines), (Some(0), vec![said.to_owned()]));
}

#[test]
fn a_server_of_another_version_is_a_warning() {
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = other.local_addr().expect("an address").port().to_string();
    std::thread::spawn(move || {
        let mut stream = other.accept().expect("a connection").0;
        let _ = stream.read(&mut [0; 4096]);
        let body = r#"{"ready":true,"version":"9.8.7"}"#;
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        // It stays there until it has been asked.
        let _ = stream.read(&mut [0; 1]);
    });
    let (code, lines) = check("port", &["--port", &port], &[]);
    assert!(code == Some(0) && lines[0].starts_with("warning: persona-mock 9.8.7"), "{lines:?}");
    assert!(lines[0].contains(&format!("and this is persona-mock {}", env!("CARGO_PKG_VERSION"))), "{lines:?}");
}

#[test]
fn a_proxy_that_calls_to_this_machine_would_take_is_a_warning_without_its_password() {
    let proxy = ("HTTP_PROXY", "http://me:pass-word@proxy:3128");
    let (code, lines) = check("proxies", &["--port", "0"], &[proxy]);
    let said = "warning: HTTP_PROXY: set, and NO_PROXY does not name localhost and 127.0.0.1: clients send calls to the mock to \
                that proxy; set NO_PROXY=localhost,127.0.0.1,::1";
    assert_eq!((code, lines), (Some(0), vec![said.to_owned()]));
    let (_, lines) = check("proxies", &["--port", "0"], &[proxy, ("NO_PROXY", "intranet")]);
    assert!(lines[0].ends_with("; add localhost,127.0.0.1,::1 to NO_PROXY"), "what is there stays: {lines:?}");
    let (_, lines) = check("proxies", &["--port", "0"], &[proxy, ("no_proxy", "localhost,127.0.0.1,::1")]);
    assert_eq!(lines, ["ok: HTTP_PROXY: set, and NO_PROXY names localhost and 127.0.0.1"]);
}

#[test]
fn fixtures_are_checked_as_check_does() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().to_str().expect("UTF-8");
    let (code, lines) = check("fixtures", &["--port", "0"], &[("PERSONA_MOCK_FIXTURES", path)]);
    assert!(
        code == Some(0) && lines[0].starts_with(&format!("warning: the directory {path} has no fixture file")),
        "{lines:?}"
    );
    std::fs::write(dir.path().join("crud.json"), r#"{"nonsense": 1}"#).expect("a file");
    let (code, lines) = check("fixtures", &["--port", "0", "--fixtures", path], &[]);
    assert!(
        code == Some(1) && lines[0].starts_with("fault: ") && lines[0].contains("crud.json: $.nonsense"),
        "{lines:?}"
    );
    let (code, lines) = check("fixtures", &["--port", "0", "--fixtures", "/nowhere"], &[]);
    assert!(code == Some(1) && lines[0].starts_with("fault: cannot read the fixture directory /nowhere"), "{lines:?}");
}

#[test]
fn variables_are_told_that_say_nothing_and_that_serve_cannot_take() {
    let odd = [
        ("PERSONA_MOCK_PROT", "8080"),
        ("PERSONA_MOCK_AUTH", "maybe"),
        ("PERSONA_MOCK_SERVICE_HOST", "10.0.0.1"),
        ("PERSONA_MOCK_REPORT", "report"),
    ];
    let (code, lines) = check("variables", &["--port", "0"], &odd);
    let expected = [
        "warning: the variable PERSONA_MOCK_PROT is unknown and has no effect; did you mean PERSONA_MOCK_PORT?",
        "fault: invalid value 'maybe' for 'PERSONA_MOCK_AUTH': expected `off`, `any` or `strict`, found \"maybe\"; \
         `persona-mock serve` ends with 2 until it is mended",
        "ok: PERSONA_MOCK_SERVICE_HOST: of a service link, and passed over",
    ];
    assert_eq!((code, lines), (Some(1), expected.map(str::to_owned).to_vec()));
}

#[test]
fn what_keeps_serve_from_being_set_up_is_a_fault_that_names_what_said_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let notes = dir.path().join("notes.json");
    std::fs::write(&notes, "mine").expect("a file");
    let notes = notes.to_str().expect("UTF-8");
    for (name, value) in [
        ("ONLY", "foo"),
        ("SET", "axero.nope=1"),
        ("RATE_LIMIT", "foo=1/1m"),
        ("COVERAGE", "x.foo"),
        ("COVERAGE", "/nowhere/coverage.json"),
        ("COVERAGE", notes),
        ("PUBLIC_URL", "foo"),
        ("CONTROL_TOKEN", ""),
        ("CONTROL_TOKEN_FILE", "/nowhere/token"),
        ("PROVIDER_STATES", "/nowhere/states.json"),
        ("RECORD_TO", "/nowhere/record.ndjson"),
        ("RECORD_TO", notes),
        ("PORT_FILE", "/nowhere/port"),
        ("WATCH", "events"),
    ] {
        let variable = format!("PERSONA_MOCK_{name}");
        let (code, lines) = check("setup", &["--port", "0"], &[(&variable, value)]);
        let is_told = lines.len() == 1 && lines[0].starts_with("fault: ");
        let named = [&*variable, "port file", "coverage", "control token file"];
        assert!(code == Some(1) && is_told, "{variable}={value}: {code:?} {lines:?}");
        assert!(named.iter().any(|named| lines[0].contains(named)), "{variable}={value}: {lines:?}");
        assert!(lines[0].ends_with("; `persona-mock serve` does not start until it is mended"), "{lines:?}");
    }
    assert_eq!(std::fs::read_to_string(notes).expect("a file"), "mine");
    let left = std::fs::read_dir(dir.path()).expect("a directory").count();
    assert_eq!(left, 1, "nothing is written");
}

#[test]
fn variables_that_no_command_can_take_are_faults_and_all_checks_are_made() {
    let wrong = [("PERSONA_MOCK_PORT", "abc"), ("PERSONA_MOCK_URL", "foo"), ("PERSONA_MOCK_HOST", "http://localhost")];
    let output = doctor(&["--json"], &wrong);
    assert_eq!((output.status.code(), stderr(&output)), (Some(1), String::new()));
    let found: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let checks = found["checks"].as_array().expect("checks");
    for (name, _) in wrong {
        let is_told =
            |one: &Value| one["level"] == "fault" && one["says"].as_str().is_some_and(|says| says.contains(name));
        assert!(checks.iter().any(is_told), "{name}: {found}");
    }
    for name in ["port", "localhost", "setup", "files"] {
        assert!(checks.iter().any(|one| one["check"] == name), "{name}: {found}");
    }
    // A flag is still wrong usage.
    assert_eq!(doctor(&["--port", "abc"], &[]).status.code(), Some(2));
}

#[test]
fn a_config_file_that_cannot_be_taken_is_a_fault() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("mock.toml");
    let file = path.to_str().expect("UTF-8");
    for (text, check_of_it, said) in [
        (None, "config", "cannot read the config file"),
        (Some("port = "), "config", "mock.toml"),
        (Some("prot = 80"), "config", "prot"),
        (Some("auth = \"maybe\""), "config", "maybe"),
        (Some("only = [\"foo\"]"), "setup", "there is no provider `foo`"),
    ] {
        if let Some(text) = text {
            std::fs::write(&path, text).expect("a file");
        }
        let (code, lines) = check(check_of_it, &["--port", "0", "--config", file], &[]);
        assert!(code == Some(1) && lines[0].starts_with("fault: ") && lines[0].contains(said), "{text:?}: {lines:?}");
    }
    std::fs::write(&path, "auth = \"strict\"").expect("a file");
    let (code, lines) = check("config", &["--port", "0", "--config", file], &[]);
    assert_eq!((code, lines), (Some(0), vec![format!("ok: {file} is read")]));
}

#[test]
#[cfg(target_os = "linux")]
fn few_open_files_are_a_warning_and_too_few_a_fault() {
    for (limit, code, level) in [("1000", 0, "warning: 1000 open files"), ("24", 1, "fault: 24 open files are too few")]
    {
        let script = format!("ulimit -n {limit}; exec \"$0\" doctor --port 0");
        let output =
            Command::new("bash").args(["-c", &script, env!("CARGO_BIN_EXE_persona-mock")]).output().expect("bash");
        let (level, rest) = level.split_once(": ").expect("a level");
        let line = format!("{level:7}  files      {rest}");
        assert!(stdout(&output).contains(&line), "{} {}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(code), "{limit}");
    }
}

#[test]
fn the_page_shows_the_lines_as_they_are_printed() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md")).expect("a page");
    let (_, section) = page.split_once("\n## When it does not start or is not found\n").expect("a section");
    let shown = section.split("```").nth(1).and_then(|block| block.strip_prefix("text\n")).expect("a block");
    let variables = [("HTTP_PROXY", "http://proxy:3128"), ("PERSONA_MOCK_PROT", "8080")];
    let printed = stdout(&doctor(&["--port", "0"], &variables));
    // What hangs on the machine is left out.
    let alike = |text: &str| -> Vec<String> {
        let fixed = ["proxies", "fixtures", "variables"];
        text.lines()
            .filter(|line| fixed.contains(&line[9..].split(' ').next().unwrap_or("")))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(alike(shown), alike(&printed));
    assert_eq!(alike(shown).len(), 3);
}
