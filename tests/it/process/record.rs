//! `--record-to`: every exchange of a run in a file.

use persona_mock::mock::{Mock, PersonaMock, Requests};
use serde_json::{Value, json};

use super::*;

const PERSONA: &str = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb";

/// A server that records to a file, with more flags.
fn serve(file: &Path, more: &[&str]) -> (Process, SocketAddr) {
    let mut args = vec!["--port", "0", "--clock", "2026-01-15T12:00:00Z", "--record-to", file.to_str().expect("UTF-8")];
    args.extend(more);
    Process::serve(&mut command(&args))
}

fn put(address: SocketAddr, sandbox: &str, body: &str) -> u16 {
    let asked = Asked::new("PUT", PERSONA).header("Authorization", "Bearer vijil-owner-token");
    Connection::to(address).send(&asked.header("X-Mock-Sandbox", sandbox).json(body)).status
}

fn control(address: SocketAddr, method: &str, target: &str) -> Answer {
    Connection::to(address).send(&Asked::new(method, target).header("Host", "localhost"))
}

/// The lines of a record, each of which is JSON.
fn lines(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).expect("a record");
    assert!(text.ends_with('\n'), "a whole line at the end: {text}");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

fn named(lines: &[Value]) -> Vec<String> {
    let exchanges = lines.iter().filter(|line| line["request"].is_object());
    exchanges.map(|line| format!("{}{}", line["sandbox"].as_str().expect("a sandbox"), line["number"])).collect()
}

#[test]
fn every_exchange_is_written_whatever_is_reset_and_deleted_and_the_end_is_whole_at_sigterm() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("run.ndjson");
    let (mut process, address) = serve(&file, &["--log", "off"]);
    assert_eq!(put(address, "a", "{\n\"name\":\n \"A\"}"), 200);
    assert_eq!(control(address, "POST", "/_sandbox/a/_mock/reset").status, 200);
    assert_eq!((put(address, "a", r#"{"nmae": 1}"#), put(address, "b", r#"{"name": 5}"#)), (200, 422));
    assert_eq!(control(address, "DELETE", "/_mock/sandboxes/b").status, 204);
    assert_eq!(control(address, "GET", "/nowhere?token=geheim-4242").status, 404);
    let written = soon("four lines", || Some(lines(&file)).filter(|lines| lines.len() == 5));
    assert_eq!(named(&written), ["a1", "a1", "b1", "default1"], "they are there while the server runs");
    assert!(control(address, "GET", "/_mock/metrics").text().contains("\npersona_mock_record_exchanges_total 4\n"));
    process.signal("TERM");
    assert_eq!(process.0.wait().expect("an end").code(), Some(0));
    let written = lines(&file);
    assert_eq!((written.len(), &written[0]["start"]["persona_mock"]), (6, &json!(env!("CARGO_PKG_VERSION"))));
    let end = &written[5]["end"];
    assert_eq!((&end["reason"], &end["exchanges"], &end["lost"]), (&json!("the server stopped"), &json!(4), &json!(0)));
    assert_eq!((&written[1]["request"]["json"], &written[1]["changed"]), (&json!({"name": "A"}), &json!(true)));
    assert_eq!(written[2]["ignored"][0]["at"], "$.nmae");
    assert_eq!(written[3]["hint"]["reason"], "invalid");
    let text = std::fs::read_to_string(&file).expect("a record");
    assert!(!text.contains("vijil-owner-token") && !text.contains("geheim-4242"), "no secret: {text}");
}

#[test]
fn a_server_without_a_journal_records_all_the_same() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("run.ndjson");
    let (mut process, address) = serve(&file, &["--log", "off", "--journal-size", "0"]);
    (0..3).for_each(|_| assert_eq!(put(address, "a", "{}"), 200));
    assert_eq!(control(address, "GET", "/_mock/requests").status, 409, "no journal is kept");
    process.signal("INT");
    assert_eq!(process.0.wait().expect("an end").code(), Some(0));
    let written = lines(&file);
    assert_eq!(named(&written), ["a1", "a2", "a3"]);
    let ids: Vec<_> = written[1..4].iter().map(|line| line["id"].as_str().expect("an id")).collect();
    assert!(ids[0] != ids[1] && ids[1] != ids[2], "{ids:?}");
}

#[test]
fn a_record_that_reaches_its_bound_says_so_and_ends() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("run.ndjson");
    let (mut process, address) = serve(&file, &["--log", "warn", "--record-bytes", "6000"]);
    (0..20).for_each(|_| assert_eq!(put(address, "a", "{}"), 200));
    let metrics = || control(address, "GET", "/_mock/metrics").text();
    soon("all to be written or counted", || metrics().contains("persona_mock_record_lost_total ").then_some(()));
    // What comes behind is counted to the end.
    (0..5).for_each(|_| assert_eq!(put(address, "a", "{}"), 200));
    let exchanges = soon("all to be counted", || {
        let written = lines(&file).len() as u64 - 1;
        let all = [
            format!("persona_mock_record_lost_total {}\n", 25_u64.saturating_sub(written)),
            format!("persona_mock_record_bytes_total {}\n", std::fs::metadata(&file).expect("a record").len()),
        ];
        let metrics = metrics();
        all.iter().all(|line| metrics.contains(line)).then_some(written)
    });
    assert!((2..20).contains(&exchanges), "{exchanges}");
    process.signal("TERM");
    process.0.wait().expect("an end");
    assert!(std::fs::metadata(&file).expect("a record").len() <= 6_000);
    let end = &lines(&file).pop().expect("a last line")["end"];
    assert_eq!(end["reason"], "--record-bytes 6000 is reached");
    assert_eq!((&end["exchanges"], &end["lost"]), (&json!(exchanges), &json!(25 - exchanges)));
    let mut said = String::new();
    std::io::Read::read_to_string(process.0.stderr.as_mut().expect("a pipe"), &mut said).expect("UTF-8");
    assert!(said.contains("would pass --record-bytes 6000: it ends, and what comes is not in it"), "{said}");
}

#[test]
fn what_is_no_record_is_left_alone_and_the_start_fails() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("notes"), "mine").expect("a file");
    std::os::unix::fs::symlink(at("notes"), at("link")).expect("a link");
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    for (path, found) in [
        (at("notes"), "found a file that is no record, which is left as it is"),
        (at("link"), "found a link, expected a file of its own, such as ./record.ndjson"),
        (dir.path().to_owned(), "found a directory"),
        ("/dev/full".into(), "found a device"),
        (at("none/run"), "No such file or directory"),
    ] {
        let output = command(&["--port", "0", "--record-to", &text(&path)]).output().expect("the command runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let start = format!("persona-mock: --record-to: cannot write the record {}: ", path.display());
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&start) && said.contains(found), "{said}");
    }
    assert_eq!(std::fs::read_to_string(at("notes")).expect("a file"), "mine");
    let (process, address) = serve(&at("run"), &["--log", "off"]);
    let second = command(&["--port", "0", "--record-to", &text(&at("run"))]).output().expect("the command runs");
    assert!(String::from_utf8_lossy(&second.stderr).contains("found a record that another process writes"));
    assert_eq!(put(address, "a", "{}"), 200);
    soon("a line", || (lines(&at("run")).len() == 2).then_some(()));
    drop(process);
    // A start that does not come about replaces nothing.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let output = command(&["--port", &port, "--record-to", &text(&at("run"))]).output().expect("the command runs");
    assert_eq!((output.status.code(), lines(&at("run")).len()), (Some(1), 2));
    let (mut process, _) = serve(&at("run"), &["--log", "off"]);
    process.signal("TERM");
    process.0.wait().expect("an end");
    assert_eq!(named(&lines(&at("run"))), [""; 0], "one run, one record");
}

#[test]
fn a_server_of_a_test_records_until_it_stops() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("run.ndjson");
    let mock = PersonaMock::builder().providers(["vijil"]).record_to(&file).start_blocking().expect("a server");
    let address = mock.url()["http://".len()..].parse().expect("an address");
    assert_eq!(put(address, "a", "{}"), 200);
    assert_eq!(mock.default_sandbox().requests(&Requests::all().of_all_sandboxes()).expect("a journal").len(), 1);
    drop(mock);
    assert_eq!(named(&lines(&file)), ["a1"]);
    let error = PersonaMock::builder().record_to(&file).build().expect_err("no server");
    assert!(error.to_string().contains("has no thread that writes it"), "{error}");
    let error = PersonaMock::builder().record_to(dir.path()).start_blocking().expect_err("a directory");
    assert!(error.to_string().contains("found a directory, expected a file of its own"), "{error}");
}
