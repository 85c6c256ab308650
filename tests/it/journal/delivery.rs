//! What an entry tells of an answer that a fault held back, slowed or cut: what its client met.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use persona_mock::PersonaMock;
use persona_mock::internals::Stopwatch;
use persona_mock::mock::{CallRequest, DeliveryState, Mock, Outcome, Requests};
use serde_json::{Value, json};

use super::super::support::{Asked, TestServer};
use super::{numbers, shown, told, toy};

/// What a client gets of an answer that goes wrong, on a connection of its own, until it ends.
fn raw(server: &TestServer, fault: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    let asked = Asked::new("GET", "/toy/count").header("X-Mock-Fault", fault).header("Connection", "close");
    stream.write_all(&asked.wire()).expect("bytes go out");
    let mut got = Vec::new();
    // A reset is the end of a cut answer.
    let _ = stream.read_to_end(&mut got);
    got
}

fn last(server: &TestServer) -> Value {
    shown(server, "?order=newest&limit=1").remove(0)
}

/// The entry of the HAR file for the exchange that came last.
fn har(server: &TestServer) -> Value {
    let (_, mut file) = told(server, "GET", "/_mock/requests.har", "");
    file["log"]["entries"].as_array_mut().and_then(Vec::pop).expect("an entry")
}

#[test]
fn the_time_of_an_answer_counts_what_held_it_back() {
    let server = toy();
    raw(&server, "delay=300ms");
    let (entry, har_entry) = (last(&server), har(&server));
    assert!(entry["took_ms"].as_f64().is_some_and(|took| took >= 300.0), "{entry}");
    assert_eq!((&entry["outcome"], entry.get("delivery")), (&json!("answered"), None), "{entry}");
    assert!(har_entry["timings"]["wait"].as_f64().is_some_and(|wait| wait >= 300.0), "{har_entry}");
    raw(&server, "slow-body=300ms");
    let (entry, har_entry) = (last(&server), har(&server));
    assert!(entry["took_ms"].as_f64().is_some_and(|took| took >= 300.0), "{entry}");
    let [wait, receive] = ["wait", "receive"].map(|part| har_entry["timings"][part].as_f64().expect("a time"));
    assert!(wait < receive && receive >= 250.0, "{har_entry}");
    assert_eq!(har_entry["time"].as_f64(), Some(wait + receive));
}

#[test]
fn a_cut_is_told_with_the_bytes_that_left() {
    let server = toy();
    let whole = server.send(&Asked::new("GET", "/toy/count")).body.len();
    for (fault, head, body) in [("cut", false, 0), ("cut-headers", true, 0), ("cut-body", true, whole.div_ceil(2))] {
        let got = raw(&server, fault);
        let entry = last(&server);
        let delivery = json!({"state": "cut", "head": head, "body_bytes": body});
        assert_eq!((&entry["delivery"], &entry["outcome"]), (&delivery, &json!("failed")), "{fault}: {entry}");
        assert_eq!(entry["answer"]["size"], body, "{fault}: {entry}");
        let sent = got.windows(4).position(|end| end == b"\r\n\r\n").map(|end| got.len() - end - 4);
        assert_eq!(sent, head.then_some(body), "{fault}: what the client met");
        let har = har(&server);
        assert_eq!(har["response"]["status"], if head { 200 } else { 0 }, "{har}");
        assert_eq!((&har["response"]["bodySize"], &har["comment"]), (&json!(body), &json!("a fault cut the answer")));
    }
    assert_eq!(numbers(&shown(&server, "?outcome=failed")), [2, 3, 4]);
}

#[test]
fn a_client_that_gives_up_finds_its_call_and_the_journal_says_that_it_left() {
    let server = toy();
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    let asked = Asked::new("GET", "/toy/count").header("X-Mock-Fault", "delay=1500ms");
    stream.write_all(&asked.wire()).expect("bytes go out");
    let stopwatch = Stopwatch::start();
    while shown(&server, "").is_empty() {
        assert!(stopwatch.elapsed() < Duration::from_secs(20));
    }
    let entry = last(&server);
    assert_eq!(entry["delivery"], json!({"state": "under_way", "head": false, "body_bytes": 0}), "{entry}");
    assert_eq!(entry["outcome"], "answered", "as its vendor meant it");
    drop(stream);
    let gone = loop {
        let entry = last(&server);
        if entry["delivery"]["state"] != "under_way" {
            break entry;
        }
        assert!(stopwatch.elapsed() < Duration::from_secs(20), "{entry}");
    };
    let delivery = json!({"state": "client_gone", "head": false, "body_bytes": 0});
    assert_eq!((&gone["delivery"], &gone["outcome"]), (&delivery, &json!("failed")), "{gone}");
    assert!(gone["took_ms"].as_f64().is_some_and(|took| took < 1_500.0), "until it left: {gone}");
}

#[test]
fn a_client_that_leaves_in_the_middle_of_a_large_answer_is_told() {
    let server = toy();
    let large = "x".repeat(900_000);
    let asked =
        |connection: &str| Asked::new("GET", "/toy/count").header("Connection", connection).body(large.as_str());
    let whole = server.send(&asked("keep-alive"));
    assert_eq!((last(&server).get("delivery"), whole.body.len() > 900_000), (None, true), "it took all of it");
    let stopwatch = Stopwatch::start();
    let gone = loop {
        // What the system has room for leaves, whatever the client does: the more are asked for, the less room is left.
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        let wires: Vec<u8> = std::iter::repeat_n(asked("keep-alive").wire(), 12).flatten().collect();
        let mut sender = stream.try_clone().expect("a handle");
        let sends = std::thread::spawn(move || drop(sender.write_all(&wires)));
        stream.read_exact(&mut [0; 1]).expect("a byte");
        std::thread::sleep(Duration::from_millis(300));
        stream.shutdown(std::net::Shutdown::Both).expect("a close");
        drop(stream);
        sends.join().expect("no panic");
        let found = shown(&server, "").into_iter().find(|entry| entry["delivery"]["state"] == "client_gone");
        if let Some(entry) = found {
            break entry;
        }
        assert!(stopwatch.elapsed() < Duration::from_secs(20), "{:?}", shown(&server, "").len());
    };
    let left = gone["delivery"]["body_bytes"].as_u64().expect("a number");
    assert!(left > 0 && left < 900_000 && gone["outcome"] == "failed", "{}", gone["delivery"]);
}

#[test]
fn a_call_without_a_socket_is_kept_as_a_client_would_have_met_it() {
    let mock = PersonaMock::builder().providers(["vijil"]).build().expect("a mock");
    let me = |fault: &str| {
        let me = CallRequest::get("/v1/users/me").header("Authorization", "Bearer vijil-owner-token");
        mock.call(me.header("X-Mock-Fault", fault)).expect("an answer")
    };
    let whole = me("cut-body").body().len();
    me("delay=5m");
    let all = mock.default_sandbox().requests(&Requests::all()).expect("the journal");
    let cut = all[0].delivery.as_ref().expect("a delivery");
    assert_eq!((cut.state, cut.head, cut.body_bytes), (DeliveryState::Cut, true, whole.div_ceil(2)));
    assert_eq!((all[0].outcome, all[1].outcome), (Outcome::Failed, Outcome::Answered));
    assert!(all[1].took_ms >= 300_000.0 && all[1].delivery.is_none(), "{:?}", all[1]);
    assert!(all[0].to_string().contains(" (cut after its head and "), "{}", all[0]);
}
