//! What a server says once it is ready: what can be pasted works under every flag, and the log's form holds for it.

use std::io::{BufRead, BufReader, Read};

use serde_json::Value;

use super::*;
use crate::support::shell;

/// The commands that a server prints, each answered.
fn paste(args: &[&str], count: usize) {
    let args = [&["--port", "0"], args].concat();
    let (mut process, _) = Process::serve(&mut command(&args));
    let mut lines = BufReader::new(process.stderr()).lines().map(|line| line.expect("UTF-8"));
    let mut curls = Vec::new();
    while curls.len() < count {
        let line = lines.next().unwrap_or_else(|| panic!("{args:?}: {curls:?}"));
        match serde_json::from_str::<Value>(&line) {
            Ok(json) if json["samples"].is_array() => {
                let samples = json["samples"].as_array().into_iter().flatten();
                curls.extend(samples.map(|sample| sample["curl"].as_str().expect("a command").to_owned()));
            }
            _ if line.starts_with("curl ") => curls.push(line),
            _ => {}
        }
    }
    assert_eq!(curls.len(), count, "{args:?}");
    for line in curls {
        let curl = shell::curl(&line);
        let address = curl.server["http://".len()..].parse().unwrap_or_else(|error| panic!("{error}: {line}"));
        let answer = Connection::to(address).send(&curl.asked);
        assert_eq!(answer.status, 200, "{args:?}: {line}\n{}", answer.text());
        assert!(!answer.text().contains("\"IsError\":true"), "{args:?}: {line}\n{}", answer.text());
    }
}

#[test]
fn what_is_printed_to_be_pasted_works_under_every_flag() {
    for (args, count) in [
        (&[][..], 4),
        (&["--require-sandbox"], 4),
        (&["--auth", "strict"], 4),
        (&["--auth", "off"], 4),
        (&["--require-sandbox", "--auth", "strict", "--cors", "off"], 4),
        (&["--host", "::", "--require-sandbox"], 4),
        (&["--host", "0.0.0.0"], 4),
        (&["--host", "localhost", "--auth", "strict"], 4),
        (&["--documented-only", "--require-sandbox"], 4),
        (&["--public-url", "http://mock.example.com/base", "--require-sandbox"], 4),
        (&["--set", "vijil.unprefixed=true", "--set", "axero.error_status=400", "--require-sandbox"], 4),
        (&["--only", "crud,vijil", "--auth", "strict", "--require-sandbox"], 2),
        (&["--clock", "2031-01-01T00:00:00Z", "--auth", "strict"], 4),
        (&["--max-body", "1", "--journal-size", "0", "--rate-limit", "vijil=1/1h"], 4),
        (&["--log-format", "json", "--require-sandbox"], 4),
        (&["--log", "off"], 4),
        (&["--log", "off", "--log-format", "json"], 4),
    ] {
        paste(args, count);
    }
}

/// The lines that a server prints to be pasted.
fn pasted(args: &[&str]) -> Vec<String> {
    let said = said(args, &[]);
    let is_pasted = |line: &&str| ["curl ", "persona-mock "].iter().any(|start| line.starts_with(start));
    said.lines().filter(is_pasted).map(str::to_owned).collect()
}

#[test]
fn credentials_that_are_not_for_everybody_are_not_printed_but_what_lists_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let own = folder.path().to_str().expect("a path");
    std::fs::copy(fixtures.join("vijil.json"), folder.path().join("vijil.json")).expect("a copy");
    let lines = pasted(&["--fixtures", own]);
    assert_eq!(lines.len(), 4, "{lines:?}");
    let [listed, shown] = ["persona-mock credentials --provider vijil --url http://127.0.0.1:", "curl "]
        .map(|start| lines.iter().filter(|line| line.starts_with(start)).count());
    assert_eq!((listed, shown), (1, 3), "of the provider alone whose fixture it is: {lines:?}");
    for args in [&["--control-token", "secret-token"][..], &["--control-token", "secret-token", "--require-sandbox"]] {
        let lines = pasted(args);
        assert!(
            lines.len() == 4 && lines.iter().all(|line| line.starts_with("persona-mock credentials ")),
            "{lines:?}"
        );
        let said = said(&[args, &["--log-format", "json"]].concat(), &[]);
        assert!(said.contains("\"credentials\":\"persona-mock credentials --provider crud"), "{said}");
        assert!(!said.contains("secret-token") && !said.contains("curl") && !said.contains("Bearer"), "{said}");
    }
}

#[test]
fn what_is_printed_to_list_credentials_lists_them() {
    let (process, address) = Process::serve(&mut command(&["--port", "0", "--control-token", "secret-token"]));
    let line = format!("credentials --provider vijil --url http://{address}");
    let mut asked = command(&line.split(' ').collect::<Vec<_>>());
    let output = asked.env("PERSONA_MOCK_CONTROL_TOKEN", "secret-token").output().expect("the command runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("vijil-owner-token"), "{output:?}");
    drop(process);
}

/// What is said in a container that listens on `host`, and the port that it listens on there.
fn said_in_a_container(host: &str) -> (String, u16) {
    let (mut process, address) = Process::serve(command(&["--port", "0", "--host", host]).env("container", "oci"));
    process.signal("TERM");
    let mut said = String::new();
    process.stderr().read_to_string(&mut said).expect("UTF-8");
    assert_eq!(process.end().code(), Some(0), "{said}");
    (said, address.port())
}

#[test]
fn in_a_container_the_greeting_says_where_it_is_reached_from_outside() {
    let (said, port) = said_in_a_container("0.0.0.0");
    assert!(said.contains(&format!("answered at http://localhost:{port}/")), "{said}");
    assert!(
        said.contains(&format!("listens on port {port} of a container, which may publish it as another one")),
        "{said}"
    );
    let curls: Vec<_> = said.lines().filter(|line| line.starts_with("curl ")).collect();
    assert_eq!(curls.len(), 4, "{said}");
    assert!(curls.iter().all(|curl| curl.contains(&format!("http://localhost:{port}/"))), "{said}");
    let (said, port) = said_in_a_container("127.0.0.1");
    assert!(said.contains(&format!("http://127.0.0.1:{port}/")) && !said.contains("of a container"), "{said}");
}

fn said(args: &[&str], targets: &[&str]) -> String {
    let args = [&["--port", "0"], args].concat();
    let (mut process, address) = Process::serve(&mut command(&args));
    let mut connection = Connection::to(address);
    for target in targets {
        get(&mut connection, target);
    }
    drop(connection);
    process.signal("TERM");
    let mut said = String::new();
    process.stderr().read_to_string(&mut said).expect("UTF-8");
    assert_eq!(process.end().code(), Some(0), "{said}");
    said
}

#[test]
fn a_log_that_is_off_says_nothing_but_the_greeting() {
    let said = said(&["--log", "off"], &["/nowhere", "/v1/users/me"]);
    assert!(said.contains("# Vijil") && !said.contains("nowhere") && !said.contains("WARN"), "{said}");
    let only_greeting = said.lines().all(|line| {
        line.is_empty()
            || ["  /", "# ", "curl ", "A page on localhost", "See what is asked"]
                .iter()
                .any(|start| line.starts_with(start))
    });
    assert!(only_greeting, "{said}");
}

#[test]
fn a_log_of_json_is_json_alone() {
    for level in ["off", "debug"] {
        let said = said(&["--log-format", "json", "--log", level, "--host", "localhost"], &["/nowhere"]);
        for line in said.lines() {
            let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
        }
        let ready = said.lines().filter(|line| line.contains("\"message\":\"ready\"")).count();
        assert_eq!((ready, said.contains("nowhere")), (1, level == "debug"), "{said}");
    }
}

#[test]
fn a_server_that_cannot_start_says_so_in_the_form_of_its_log() {
    let holder = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = holder.local_addr().expect("an address").port().to_string();
    let output = command(&["--port", &port, "--log-format", "json"]).output().expect("the command runs");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    let line: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    assert_eq!((output.status.code(), &line["level"]), (Some(1), &"ERROR".into()));
    assert!(line["message"].as_str().is_some_and(|text| text.starts_with("cannot listen on")), "{said}");
}
