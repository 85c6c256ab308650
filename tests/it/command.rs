//! The `persona-mock` command as a user runs it.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use persona_mock::provider::FixtureTime;
use serde_json::Value;

use super::support::client::Connection;
use super::support::shell;

pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_persona-mock"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PERSONA_MOCK_") || name == "container") {
        command.env_remove(name);
    }
    command
}

fn run(args: &[&str]) -> Output {
    command(args).output().expect("the command runs")
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// A server in a process of its own, killed on drop.
pub struct Served {
    child: Child,
    pub url: String,
}

impl Served {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("the command runs");
        let mut line = String::new();
        let stdout = child.stdout.as_mut().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let url =
            line.strip_prefix("persona-mock listening on ").unwrap_or_else(|| panic!("{line:?}")).trim().to_owned();
        Self { child, url }
    }

    /// Sends SIGTERM and waits for the end; the exit code and what standard error said.
    pub fn terminate(mut self) -> (Option<i32>, String) {
        let killed = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(killed.success());
        let code = self.child.wait().expect("an end").code();
        let mut said = String::new();
        self.child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("UTF-8");
        (code, said)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn get(url: &str) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(10)))
        .http_status_as_error(false)
        .build()
        .into();
    let mut response = agent.get(url).call().unwrap_or_else(|error| panic!("{url}: {error}"));
    (response.status().as_u16(), response.body_mut().read_to_string().expect("a body"))
}

#[test]
fn it_serves_says_so_and_ends_at_sigterm() {
    for args in [&["--port", "0"][..], &["serve", "--port", "0"]] {
        let served = Served::start(&mut command(args));
        let (status, health) = get(&format!("{}/_mock/health", served.url));
        assert_eq!((status, &health[..14]), (200, r#"{"ready":true,"#));
        let (code, said) = served.terminate();
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("/_mock/health"), "one line a request: {said}");
        assert!(!said.contains('\u{1b}'), "no colour into a pipe: {said}");
    }
}

#[test]
fn every_pasted_curl_answers_200() {
    let served = Served::start(&mut command(&["--port", "0", "--log", "off"]));
    let url = served.url.clone();
    let (_, said) = served.terminate();
    let curls: Vec<_> = said.lines().filter(|line| line.starts_with("curl ")).map(str::to_owned).collect();
    assert_eq!(curls.len(), 4, "one curl a provider: {said}");
    let port = url.rsplit(':').next().expect("a port");
    let served = Served::start(&mut command(&["--port", port, "--log", "off"]));
    for line in curls {
        let curl = shell::curl(&line);
        assert_eq!(curl.server, served.url, "{line}");
        let address = served.url["http://".len()..].parse().expect("an address");
        let answer = Connection::to(address).send(&curl.asked);
        assert_eq!(answer.status, 200, "{line}\n{}", answer.text());
    }
}

#[test]
fn a_port_file_names_the_port_once_the_server_is_ready() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    let served = Served::start(&mut command(&["--port", "0", "--port-file", file.to_str().expect("UTF-8")]));
    let port = std::fs::read_to_string(&file).expect("a port file");
    assert!(served.url.ends_with(&format!(":{}", port.trim())));
}

#[test]
fn a_flag_is_also_an_environment_variable() {
    let mut command = command(&[]);
    command.env("PERSONA_MOCK_PORT", "0").env("PERSONA_MOCK_ONLY", "vijil,crud").env("PERSONA_MOCK_LOG", "off");
    let served = Served::start(&mut command);
    let health: Value = serde_json::from_str(&get(&format!("{}/_mock/health", served.url)).1).expect("JSON");
    assert_eq!(health["providers"], serde_json::json!(["vijil", "crud"]));
}

#[test]
fn a_rate_limit_may_be_switched_on_with_the_vendors_number_or_another() {
    let mut command = command(&["--port", "0", "--log", "off"]);
    command.env("PERSONA_MOCK_RATE_LIMIT", "crud,axero=5/1h,vijil");
    let served = Served::start(&mut command);
    let limits: Value = serde_json::from_str(&get(&format!("{}/_mock/limits", served.url)).1).expect("JSON");
    let of = |provider: &str| {
        (limits["limits"][provider]["limit"].clone(), limits["limits"][provider]["provenance"].clone())
    };
    assert_eq!(of("crud"), ("100/1m".into(), "documented".into()));
    assert_eq!(of("axero"), ("5/1h".into(), "inferred".into()));
    assert_eq!(of("vijil"), ("60/1m".into(), "inferred".into()));
    assert_eq!(limits["limits"]["equals_money"], Value::Null);
}

#[test]
fn a_json_log_line_is_json() {
    let served = Served::start(&mut command(&["--port", "0", "--log-format", "json"]));
    get(&format!("{}/nowhere", served.url));
    let (_, said) = served.terminate();
    let line = said.lines().find(|line| line.contains("\"method\"")).unwrap_or_else(|| panic!("{said}"));
    let line: Value = serde_json::from_str(line).expect("JSON");
    assert_eq!((&line["method"], &line["path"], &line["status"]), (&"GET".into(), &"/nowhere".into(), &404.into()));
}

#[test]
fn what_cannot_be_served_ends_with_1_and_one_message() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    for (args, message) in [
        (vec!["--port", &port], format!("cannot listen on 127.0.0.1:{port}; --port 0 picks a free port")),
        (vec!["--only", "axro"], "there is no provider `axro`; the providers are `axero`".to_owned()),
        (vec!["--set", "axero.error_status=500"], "`error_status` takes `200`, `400`, found \"500\"".to_owned()),
        (vec!["--fixtures", "/nowhere"], "cannot read the fixture directory /nowhere".to_owned()),
        (vec!["--rate-limit", "crud=0/m"], "expected N/PERIOD with an N of 1 or more, such as 100/1m".to_owned()),
        (vec!["--public-url", "x"], "cannot take the public URL \"x\"".to_owned()),
    ] {
        let output = run(&args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).starts_with("persona-mock: "), "{}", stderr(&output));
        assert!(stderr(&output).contains(&message), "{args:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    for args in [
        &["--prot", "1"][..],
        &["--port", "x"],
        &["--clock", "noon"],
        &["--auth", "yes"],
        &["dance"],
        &["--max-body", "0"],
    ] {
        assert_eq!(run(args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn health_tells_a_server_from_none() {
    let served = Served::start(&mut command(&["--port", "0"]));
    let output = run(&["health", "--url", &served.url]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // As a container asks, whose port the environment states for both.
    let port = served.url.rsplit(':').next().expect("a port");
    let output = command(&["health"]).env("PERSONA_MOCK_PORT", port).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    drop(served);
    let output = run(&["health", "--url", "http://127.0.0.1:1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("no healthy server answers at http://127.0.0.1:1/_mock/health"));
}

#[test]
fn routes_and_documents_can_be_printed() {
    let routes: Value = serde_json::from_slice(&run(&["routes", "--json"]).stdout).expect("JSON");
    let names: Vec<_> =
        routes.as_array().expect("a list").iter().filter_map(|route| route["operation"].as_str()).collect();
    for name in ["axero.create_persona", "crud.get_persona", "crud.list_personas", "crud.create_personas_batch"] {
        assert!(names.contains(&name), "{names:?}");
    }
    for provider in ["axero", "equals_money", "vijil", "crud"] {
        let document: Value = serde_json::from_slice(&run(&["openapi", provider]).stdout).expect("JSON");
        assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{provider}");
    }
    assert_eq!(run(&["openapi", "nobody"]).status.code(), Some(1));
}

fn exported(dir: &Path, more: &[&str]) -> Output {
    let mut args = vec!["fixtures", "export", dir.to_str().expect("UTF-8")];
    args.extend(more);
    run(&args)
}

#[test]
fn an_export_checks_serves_and_is_not_overwritten() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().to_str().expect("UTF-8");
    let output = exported(dir.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let output = run(&["check", path]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let again = exported(dir.path(), &[]);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("already there; nothing was written. --force overwrites"), "{}", stderr(&again));
    assert_eq!(exported(dir.path(), &["--force"]).status.code(), Some(0));
    for provider in ["axero", "equals_money", "vijil", "crud"] {
        let read = |name: &str| -> Value {
            let text = std::fs::read_to_string(dir.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
            serde_json::from_str(&text).expect("JSON")
        };
        let schema = read(&format!("schema/{provider}.schema.json"));
        let fixture = read(&format!("{provider}.json"));
        assert_eq!(fixture["$schema"], format!("./schema/{provider}.schema.json"));
        assert!(schema["properties"].is_object());
    }
}

#[test]
fn an_exported_fixture_does_not_rot() {
    let dir = tempfile::tempdir().expect("a directory");
    assert_eq!(exported(dir.path(), &[]).status.code(), Some(0));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for provider in ["axero", "equals_money", "vijil", "crud"] {
        let times = |folder: &Path| {
            let path = folder.join(format!("{provider}.json"));
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let times = text.split('"').filter_map(|word| word.parse::<FixtureTime>().ok());
            let relative = times.filter_map(|time| match time {
                FixtureTime::FromNow(distance) => Some(distance),
                FixtureTime::At(_) => None,
            });
            relative.collect::<BTreeSet<_>>()
        };
        let stated = times(&root);
        assert!(!stated.is_empty(), "{provider} states no relative time");
        assert_eq!(times(dir.path()), stated, "{provider}");
    }
}

#[test]
fn check_reports_every_fault_of_every_file() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("vijil.json"), "{").expect("a file");
    std::fs::write(dir.path().join("crud.json"), r#"{"nonsense": 1}"#).expect("a file");
    let output = run(&["check", dir.path().to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(3), "a fault is what it looks for");
    let said = stderr(&output);
    assert!(said.contains("vijil.json: line 1 column 1: found"), "{said}");
    assert!(said.contains("crud.json: $.nonsense: found an unknown name, expected one of"), "{said}");
    std::fs::write(dir.path().join("axreo.json"), "{}").expect("a file");
    std::fs::write(dir.path().join("axero.json"), b"{\xff}").expect("a file");
    let said = stderr(&run(&["check", dir.path().to_str().expect("UTF-8")]));
    for fault in [
        "axreo.json: $: found a file of no provider, expected one of axero.json, equals_money.json, vijil.json, crud.json",
        "axero.json: byte 1: found a byte that is no UTF-8, expected one JSON object in UTF-8",
        "vijil.json: line 1 column 1: found",
        "crud.json: $.nonsense: found an unknown name",
    ] {
        assert!(said.contains(fault), "{fault} is missing in {said}");
    }
}

#[test]
fn check_warns_of_ids_that_no_client_can_name_and_of_none_that_is_embedded() {
    let output = run(&["check"]);
    assert_eq!((output.status.code(), &*stderr(&output)), (Some(0), ""));
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("crud.json");
    let (user, odd) = ("00000000-0000-4000-8000-000000000001", "12345678-1234-9234-f234-123456789abc");
    let fixture = serde_json::json!({
        "users": [{"id": user, "name": "A", "email": "a@example.com"}],
        "projects": [{"id": odd, "owner": user}, {"id": user, "owner": user}],
        "personas": [{"id": odd, "project_id": odd, "name": "B"}, {"id": user, "project_id": odd, "name": "C"}],
    });
    std::fs::write(&file, fixture.to_string()).expect("a file");
    let output = run(&["check", dir.path().to_str().expect("UTF-8")]);
    let found = format!(
        "found {odd}, which no request can name unless crud.zod is 3 (--set crud.zod=3), expected a UUID of RFC 9562 such as \
         12345678-1234-4234-b234-123456789abc\n"
    );
    let file = file.display();
    let warning = |path: &str| format!("persona-mock: warning: {file}: {path}: {found}");
    assert_eq!(stderr(&output), warning("$.projects[0].id") + &warning("$.personas[0].id"));
    assert_eq!((output.status.code(), &*stdout(&output)), (Some(0), &*format!("ok: {file}\n")));
    let path = dir.path().to_str().expect("UTF-8");
    let output = run(&["check", path, "--set", "crud.zod=3"]);
    assert_eq!((output.status.code(), &*stderr(&output)), (Some(0), ""), "who serves it so is not warned");
    let output = run(&["check", path, "--set", "crud.zod=5"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--set: cannot take the setting `crud.zod=5`"), "{}", stderr(&output));
    std::fs::write(dir.path().join("axero.json"), "{").expect("a file");
    let output = run(&["check", path]);
    assert_eq!(output.status.code(), Some(3));
    let said = stderr(&output);
    assert!(said.contains(&warning("$.personas[0].id")) && said.contains("axero.json: line 1 column 1"), "{said}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for args in [&["openapi", "axero"][..], &["routes"]] {
        let mut child = command(args).spawn().expect("the command runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("an end");
        assert_eq!((output.status.code(), &*stderr(&output)), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn an_empty_variable_is_not_set_and_a_switch_takes_what_people_write() {
    let lines = |value: &str| {
        let mut command = command(&["routes"]);
        for name in ["FIXTURES", "ONLY", "SET", "PORT", "AUTH"] {
            command.env(format!("PERSONA_MOCK_{name}"), "");
        }
        let output = command.env("PERSONA_MOCK_DOCUMENTED_ONLY", value).output().expect("the command runs");
        assert_eq!(output.status.code(), Some(0), "{value:?}: {}", stderr(&output));
        stdout(&output).lines().count()
    };
    let (all, documented) = (lines(""), lines("1"));
    assert!(documented < all, "{documented} of {all}");
    assert_eq!((lines("0"), lines("true")), (all, documented));
}

#[test]
fn the_drain_ends_what_does_not() {
    let served = Served::start(&mut command(&["--port", "0", "--drain", "200ms"]));
    let address = &served.url["http://".len()..];
    let mut half = std::net::TcpStream::connect(address).expect("a connection");
    half.write_all(b"POST /api/personas HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{").expect("half a request");
    std::thread::sleep(Duration::from_millis(100));
    let stopwatch = persona_mock::internals::Stopwatch::start();
    let (code, said) = served.terminate();
    assert_eq!(code, Some(0), "{said}");
    assert!(stopwatch.elapsed() < Duration::from_millis(900), "{:?}", stopwatch.elapsed());
    drop(half);
}

#[test]
fn a_host_may_be_a_name() {
    let served = Served::start(&mut command(&["--host", "localhost", "--port", "0", "--log", "off"]));
    assert_eq!(get(&format!("{}/_mock/health", served.url)).0, 200);
    let unknown = run(&["--host", "no.such.host.invalid", "--port", "0"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("cannot listen on no.such.host.invalid:0"), "{}", stderr(&unknown));
}

#[test]
fn flags_that_contradict_each_other_are_told_at_the_start_and_no_time_for_control_is_refused() {
    let served = Served::start(&mut command(&["--port", "0", "--max-state", "1000", "--max-sandbox-state", "2000"]));
    let (_, said) = served.terminate();
    assert!(said.contains("--max-sandbox-state 2000 has no effect, because --max-state is 1000"), "{said}");
    let (_, said) = Served::start(&mut command(&["--port", "0", "--max-state", "1000"])).terminate();
    assert!(!said.contains("has no effect"), "{said}");
    let refused = run(&["--port", "0", "--control-timeout", "0s"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("expected a time above 0, such as 10s"), "{}", stderr(&refused));
}
