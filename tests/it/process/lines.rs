//! What the log says: one line a request, warnings for mistakes alone; and what it says of what is no request.

use std::io::{Read, Write};

use serde_json::Value;

use super::*;

/// A server that logs JSON; what standard error said, line by line, once `ask` is done.
fn logged(args: &[&str], ask: impl FnOnce(SocketAddr)) -> Vec<Value> {
    let args = [&["--port", "0", "--log-format", "json"], args].concat();
    let (mut process, address) = Process::serve(&mut command(&args));
    ask(address);
    let mut stderr = process.stderr();
    process.signal("TERM");
    let mut said = String::new();
    stderr.read_to_string(&mut said).expect("UTF-8");
    assert_eq!(process.end().code(), Some(0), "{said}");
    let line = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    said.lines().map(line).collect()
}

/// One request, and what its line must say: level, status, operation, sandbox and hint.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str, Line);
type Line = (&'static str, u16, &'static str, &'static str, Option<&'static str>);

const OWNER: (&str, &str) = ("Authorization", "Bearer vijil-owner-token");
const TEAMS: &str = "/v1/personas/00000000-0000-4000-8000-000000000000?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee";
const NOBODY: &str = "/v1/personas/00000000-0000-4000-8000-000000000000";

#[test]
fn a_line_tells_operation_sandbox_and_hint_and_warns_of_mistakes_alone() {
    let get = "vijil.get_persona";
    let cases: [Case; 13] = [
        ("GET", "/v1/users/me", &[OWNER], "", ("INFO", 200, "vijil.get_user", "default", None)),
        (
            "GET",
            "/v1/personas/abc",
            &[OWNER],
            "",
            ("WARN", 422, get, "default", Some("query.team_id is missing; expected a value (and 1 more)")),
        ),
        (
            "PUT",
            NOBODY,
            &[OWNER],
            "{\"intent\": \"x\"}",
            ("WARN", 422, "vijil.update_persona", "default", Some("$.intent is \"x\"; expected one of ")),
        ),
        ("GET", TEAMS, &[OWNER], "", ("INFO", 404, get, "default", Some("the team has no persona of this id"))),
        ("GET", TEAMS, &[], "", ("WARN", 401, get, "default", Some("there is no Authorization header"))),
        (
            "GET",
            "/v1/persona/",
            &[OWNER],
            "",
            (
                "WARN",
                404,
                "-",
                "default",
                Some("GET /v1/persona/ is no operation; the nearest operation is GET /v1/personas/"),
            ),
        ),
        ("GET", "/nowhere", &[], "", ("WARN", 404, "-", "default", Some("/"))),
        (
            "POST",
            "/api/personas",
            &[("Authorization", "Bearer x")],
            "{\"Nmae\": 1}",
            ("WARN", 200, "axero.create_persona", "default", Some("$.Nmae is not known; Name, which is missing")),
        ),
        (
            "GET",
            "/_sandbox/t1/v1/users/me",
            &[OWNER, ("X-Mock-Fault", "cut=bad")],
            "",
            ("WARN", 400, "vijil.get_user", "t1", Some("cut=bad")),
        ),
        (
            "GET",
            "/v1/users/me",
            &[OWNER, ("Prefer", "code=401")],
            "",
            (
                "INFO",
                401,
                "vijil.get_user",
                "default",
                Some("the request itself asked for this 401 by Prefer: code=401"),
            ),
        ),
        ("GET", "/v1/users/me", &[OWNER, ("X-Mock-Sandbox", "a b")], "", ("WARN", 400, "-", "-", Some("sandbox"))),
        ("GET", "/_mock/reqests", &[], "", ("WARN", 404, "-", "default", Some("did you mean /_mock/requests"))),
        (
            "POST",
            "/_mock/verify",
            &[],
            "{\"calls\": [{\"call\": {\"method\": \"PUT\"}, \"exactly\": 7}]}",
            ("INFO", 409, "-", "default", Some("expected exactly 7, found 1")),
        ),
    ];
    let lines = logged(&[], |address| {
        let mut connection = Connection::to(address);
        for (method, target, fields, body, _) in &cases {
            let asked = Asked::new(method, target).header("Host", "localhost");
            let asked = fields.iter().fold(asked, |asked, (name, value)| asked.header(name, value));
            connection.send(&if body.is_empty() { asked } else { asked.json(body) });
        }
    });
    let lines: Vec<_> = lines.iter().filter(|line| line["method"].is_string()).collect();
    assert_eq!(lines.len(), cases.len());
    for (line, (method, target, _, _, (level, status, operation, sandbox, hint))) in lines.iter().zip(cases) {
        let told =
            (line["level"].as_str(), line["status"].as_u64(), line["operation"].as_str(), line["sandbox"].as_str());
        assert_eq!(
            told,
            (Some(level), Some(status.into()), Some(operation), Some(sandbox)),
            "{method} {target}: {line}"
        );
        assert!(line["ms"].is_number() && line["path"].is_string() && line["provider"].is_string(), "{line}");
        match (hint, line["hint"].as_str()) {
            (None, told) => assert_eq!(told, None, "{line}"),
            (Some(hint), told) => assert!(told.is_some_and(|told| told.contains(hint)), "{hint}: {line}"),
        }
    }
}

#[test]
fn a_missing_sandbox_is_said_where_one_is_required() {
    let lines = logged(&["--require-sandbox"], |address| {
        get(&mut Connection::to(address), "/v1/users/me");
    });
    let line = lines.iter().find(|line| line["method"].is_string()).expect("a line");
    assert_eq!((&line["level"], &line["status"]), (&"WARN".into(), &400.into()));
    assert!(line["hint"].as_str().is_some_and(|hint| hint.contains("requires a sandbox: name one by")), "{line}");
}

#[test]
fn a_hint_in_the_log_repeats_no_secret() {
    let lines = logged(&["--journal-size", "0"], |address| {
        let mut connection = Connection::to(address);
        let login = r#"{"email": 5, "password": ["hunter2-secret"], "client_secret": "hunter2-secret"}"#;
        connection.send(&Asked::new("POST", "/v1/auth/jwt/login").header("Host", "localhost").json(login));
        get(
            &mut connection,
            "/v1/personas/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmF0dXJl?token=hunter2-secret",
        );
    });
    let said = lines.iter().map(Value::to_string).collect::<String>();
    assert!(!said.contains("hunter2-secret") && !said.contains("eyJzdWIi"), "{said}");
    assert!(said.contains("\"hint\""), "{said}");
}

/// One request on a connection of its own, whose client reads to its end, or waits for so long and leaves.
fn ask_and_leave(address: SocketAddr, fault: &str, patience: Option<Duration>) {
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    let asked = Asked::new("GET", "/v1/users/me").header("Host", "localhost").header(OWNER.0, OWNER.1);
    stream.write_all(&asked.header("X-Mock-Fault", fault).header("Connection", "close").wire()).expect("bytes go out");
    match patience {
        Some(patience) => std::thread::sleep(patience),
        None => drop(stream.read_to_end(&mut Vec::new())),
    }
}

#[test]
fn the_line_of_an_answer_that_did_not_leave_whole_says_so_with_the_time_that_it_took() {
    for journal in ["1000", "0"] {
        let lines = logged(&["--journal-size", journal], |address| {
            for fault in ["cut", "delay=200ms, cut-body", "slow-body=300ms"] {
                ask_and_leave(address, fault, None);
            }
            ask_and_leave(address, "slow-body=3s", Some(Duration::from_millis(300)));
            ask_and_leave(address, "delay=600ms", Some(Duration::from_millis(100)));
            std::thread::sleep(Duration::from_millis(1_500));
        });
        let lines: Vec<_> = lines.iter().filter(|line| line["operation"] == "vijil.get_user").collect();
        let told = |line: &Value| line["delivery"].as_str().unwrap_or("whole").to_owned();
        let ms = |line: &Value| line["ms"].as_f64().expect("a time");
        assert_eq!(lines.len(), 5, "{lines:?}");
        assert_eq!(told(lines[0]), "cut before its first byte");
        assert!(told(lines[1]).starts_with("cut after its head and ") && ms(lines[1]) >= 200.0, "{}", lines[1]);
        assert!(told(lines[2]) == "whole" && ms(lines[2]) >= 300.0, "{}", lines[2]);
        assert!(told(lines[3]).starts_with("its client was gone after its head and "), "{}", lines[3]);
        assert!(told(lines[4]) == "its client was gone before its first byte" && ms(lines[4]) < 600.0, "{}", lines[4]);
        for line in lines {
            assert!(line["level"] == "INFO" && line["hint"].as_str().is_some_and(|hint| hint.contains("itself asked")));
        }
    }
}

#[test]
fn a_cut_that_was_asked_for_is_no_error() {
    let lines = logged(&["--log", "debug"], |address| {
        for cut in ["cut", "cut-headers", "cut-body"] {
            let mut stream = std::net::TcpStream::connect(address).expect("a connection");
            let asked = Asked::new("GET", "/v1/users/me").header("Host", "localhost").header(OWNER.0, OWNER.1);
            stream.write_all(&asked.header("X-Mock-Fault", cut).wire()).expect("bytes go out");
            stream.read_to_end(&mut Vec::new()).expect_err("a reset");
        }
    });
    let requests = lines.iter().filter(|line| line["operation"] == "vijil.get_user").count();
    let wrong: Vec<_> = lines.iter().filter(|line| line["level"] == "ERROR" || line["level"] == "WARN").collect();
    assert!(requests == 3 && wrong.is_empty(), "{lines:?}");
}

#[test]
fn what_cannot_be_read_is_told_by_its_reason_ten_times_a_minute() {
    let many: String = (0..97).map(|number| format!("X-{number}: a\r\n")).collect();
    let cases = [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(), "it looks like TLS"),
        (
            "GET /aü HTTP/1.1\r\nHost: a\r\n\r\n".into(),
            "its target holds a raw character at byte 3; percent-encode it, as %C3%BC",
        ),
        (format!("GET / HTTP/1.1\r\n{many}\r\n").into(), "it has 97 header fields, and at most 96 are read"),
        (b"GET / HTTP/1.1\r\nA: b\r\n\r\n".to_vec(), "it has no header field Host"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n".to_vec(), "a line of its head is no header field"),
        (b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), "its target holds ` ` at byte 3"),
        (b"GET / HTTP/3.0\r\nHost: a\r\n\r\n".to_vec(), "it is of another version of HTTP"),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
            "both a Content-Length and a Transfer-Encoding",
        ),
        (b"{\"a\": 1}\r\n\r\n".to_vec(), "it does not begin with a method"),
    ];
    let lines = logged(&[], |address| {
        let wires = cases.iter().map(|(wire, _)| &wire[..]).chain([&b"PRI * HTTP/2.0\r\n\r\n"[..]; 20]);
        for wire in wires {
            let mut stream = std::net::TcpStream::connect(address).expect("a connection");
            stream.write_all(wire).expect("bytes go out");
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).expect("an answer");
            assert!(answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(wire));
        }
    });
    let told: Vec<_> = lines.iter().filter(|line| line["came"].is_string()).collect();
    assert_eq!(told.len(), 10, "{told:?}");
    for (line, (wire, why)) in told.iter().zip(&cases) {
        let message = line["message"].as_str().expect("a message");
        assert!(message.contains(why) && line["level"] == "WARN", "{}: {message}", String::from_utf8_lossy(wire));
    }
    let last = told[9]["message"].as_str().expect("a message");
    assert!(last.ends_with("; others that come within a minute are counted, not written"), "{last}");
}

#[test]
fn what_a_fixture_that_is_loaded_hardly_means_is_said_at_the_start_and_when_it_is_put_in_place() {
    let (user, odd) = ("00000000-0000-4000-8000-000000000001", "12345678-1234-9234-f234-12345678900");
    let personas =
        (0..8).map(|number| serde_json::json!({"id": format!("{odd}{number}"), "project_id": user, "name": "A"}));
    let fixture = serde_json::json!({
        "users": [{"id": user, "name": "A", "email": "a@example.com"}],
        "projects": [{"id": user, "owner": user}],
        "personas": personas.collect::<Vec<_>>(),
    });
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("crud.json"), fixture.to_string()).expect("a file");
    let path = dir.path().to_str().expect("UTF-8");
    let put = |address| {
        let asked = Asked::new("PUT", "/_mock/state/crud").header("Host", "localhost");
        assert_eq!(Connection::to(address).send(&asked.json(&fixture.to_string())).status, 204);
    };
    let warned = |set: &str| {
        let lines = logged(&["--fixtures", path, "--set", set], put);
        let warned = lines.into_iter().filter(|line| line["level"] == "WARN");
        warned.map(|line| line["message"].as_str().expect("a message").to_owned()).collect::<Vec<_>>()
    };
    let warnings = warned("crud.zod=4");
    assert_eq!(warnings.len(), 12, "five and how many more, twice: {warnings:#?}");
    for (file, warnings) in [("crud.json", &warnings[..6]), ("crud", &warnings[6..])] {
        let first = format!("{file}: $.personas[0].id: found {odd}0, which no request can name");
        assert!(warnings[0].contains(&first), "{warnings:#?}");
        assert!(
            warnings[5].contains(&format!("{file}: warnings like these that are not written here: 3;")),
            "{warnings:#?}"
        );
    }
    assert_eq!(warned("crud.zod=3"), Vec::<String>::new());
}
