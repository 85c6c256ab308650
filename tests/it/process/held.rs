//! No request holds a worker for long, whatever it asks for, and work for the control API ends with its client.
//!
//! How long a worker is held is read from the system: for how long it ran since it last waited for something. The figures of
//! a release binary are held to 20 ms by `tools/held/`; a debug build is many times slower.
#![cfg(target_os = "linux")]

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use persona_mock::internals::Stopwatch;
use serde_json::{Map, Value, json};

use super::{Process, get, soon};
use crate::command::command;
use crate::support::client::{Asked, Connection};

/// A project of the embedded fixture.
const PROJECT: &str = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10";

/// How much longer than an idle worker one is held at most, in a debug build beside other tests.
const HELD: Duration = Duration::from_millis(300);

/// How long its threads of a name ran, and how often each waited for something.
pub(super) fn ran(pid: u32, name: &str) -> HashMap<String, (u64, Duration)> {
    let mut all = HashMap::new();
    for task in std::fs::read_dir(format!("/proc/{pid}/task")).expect("a process").flatten() {
        let read = |file: &str| std::fs::read_to_string(task.path().join(file)).unwrap_or_default();
        if !read("comm").starts_with(name) {
            continue;
        }
        let (status, times) = (read("status"), read("schedstat"));
        let waits = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        let waits = waits.and_then(|waits| waits.trim().parse().ok());
        let ran = times.split(' ').next().and_then(|ran| ran.parse().ok()).map(Duration::from_nanos);
        all.extend(waits.zip(ran).map(|figures| (task.file_name().to_string_lossy().into_owned(), figures)));
    }
    all
}

/// What came of some work, how long it held a worker at most, and how long others waited at most for their answer.
fn watched<T>(pid: u32, address: SocketAddr, work: impl FnOnce() -> T) -> (T, Duration, Duration) {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let held = scope.spawn(|| {
            let (mut since, mut most) = (HashMap::<String, (u64, Duration)>::new(), Duration::ZERO);
            while !is_over.load(Ordering::Relaxed) {
                for (thread, (waits, ran)) in ran(pid, "actix-rt") {
                    let (_, from) = *since
                        .entry(thread)
                        .and_modify(|known| {
                            if known.0 != waits {
                                *known = (waits, ran);
                            }
                        })
                        .or_insert((waits, ran));
                    most = most.max(ran.saturating_sub(from));
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            most
        });
        let waited = scope.spawn(|| {
            let mut most = Duration::ZERO;
            while !is_over.load(Ordering::Relaxed) {
                let start = Stopwatch::start();
                assert_eq!(get(&mut Connection::to(address), "/_mock/health").status, 200);
                most = most.max(start.elapsed());
                std::thread::sleep(Duration::from_millis(2));
            }
            most
        });
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        (done, held.join().expect("figures"), waited.join().expect("answers"))
    })
}

/// An object of so many members that nobody knows.
fn unknown(members: usize) -> Value {
    Value::Object((0..members).map(|number| (format!("unknwon_{number}"), number.into())).collect::<Map<_, _>>())
}

/// A `verify` that takes longer than any test waits: long texts, compared letter by letter with those of each call.
fn long_verify() -> String {
    let fields = (0..50).map(|number| (format!("x-{number}"), Value::from("y".repeat(120)))).collect::<Map<_, _>>();
    let call = json!({"call": {"header": fields}});
    json!({"calls": vec![call; 40]}).to_string()
}

/// Fills a journal with calls that carry what `long_verify` looks for, and members that nobody knows.
fn fill(address: SocketAddr) {
    let mut connection = Connection::to(address);
    let body = unknown(1_200).to_string();
    for _ in 0..60 {
        let asked = Asked::new("POST", "/v1/personas/").header("Authorization", "Bearer vijil-owner-token");
        let asked = (0..50).fold(asked, |asked, number| asked.header(&format!("x-{number}"), &"z".repeat(120)));
        assert_eq!(connection.send(&asked.json(&body)).status, 422);
    }
}

/// Makes a persona of so many members, and returns its id.
fn large_persona(address: SocketAddr, members: usize) -> String {
    let narrative =
        (0..members).map(|number| (format!("k{number}"), Value::from("x".repeat(20)))).collect::<Map<_, _>>();
    let body = json!({"project_id": PROJECT, "name": "Tess", "narrative": narrative}).to_string();
    let asked = of_crud("POST").json(&body);
    let answer = Connection::to(address).send(&asked);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

fn of_crud(method: &str) -> Asked {
    Asked::new(method, "/crud/personas").header("Authorization", "Bearer vm_anything")
}

fn ask(address: SocketAddr, asked: &Asked) -> u16 {
    Connection::to(address).send(&asked.clone().header("Host", "localhost")).status
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are for whoever runs it")]
fn no_control_request_holds_a_worker_for_long() {
    let args = ["serve", "--port", "0", "--log", "off", "--control-timeout", "2s"];
    let (process, address) = Process::serve(&mut command(&args));
    let pid = process.0.id();
    fill(address);
    let large = format!("[{}", "1,".repeat(4 << 20));
    let cases = [
        ("a page", Asked::new("GET", "/_mock/requests?limit=1000"), 200),
        ("a HAR", Asked::new("GET", "/_mock/requests.har"), 200),
        ("a long verify", Asked::new("POST", "/_mock/verify").json(&long_verify()), 503),
        ("a large body", Asked::new("PUT", "/_mock/clock").json(&large), 400),
        ("a state", Asked::new("GET", "/_mock/state"), 200),
    ];
    for (name, asked, status) in cases {
        let best = (0..3).map(|_| {
            let ((), idle, idle_wait) = watched(pid, address, || std::thread::sleep(Duration::from_millis(300)));
            let stopwatch = Stopwatch::start();
            let (found, held, wait) = watched(pid, address, || ask(address, &asked));
            assert!(found == status || found == 503, "{name}: {found}");
            println!("{name}: {:?}, held {held:?} ({idle:?}), health {wait:?} ({idle_wait:?})", stopwatch.elapsed());
            held.saturating_sub(idle)
        });
        let best = best.min().expect("three");
        assert!(best < HELD, "{name} holds a worker for {best:?}");
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are for whoever runs it")]
fn no_batch_holds_a_worker_for_long_and_a_small_write_beside_it_has_none_wait() {
    let args = ["serve", "--port", "0", "--log", "off", "--journal-size", "0", "--max-write", "12000000"];
    let (process, address) = Process::serve(&mut command(&args));
    let pid = process.0.id();
    let id = large_persona(address, 8_000);
    let items = |count: usize| Value::from(vec![json!({"id": id, "name": "Tess"}); count]).to_string();
    let cases = [
        ("a short batch of a large persona", of_crud("PUT").json(&items(40)), 200),
        ("one that writes too much", of_crud("PUT").json(&items(1_000)), 413),
        ("one of which every item is wrong", of_crud("POST").json(&format!("[{}1]", "1,".repeat(15_000))), 400),
    ];
    for (name, asked, status) in cases {
        let best = (0..3).map(|_| {
            let ((), idle, idle_wait) = watched(pid, address, || std::thread::sleep(Duration::from_millis(300)));
            let small = of_crud("POST").json(&json!({"project_id": PROJECT, "name": "Tess"}).to_string());
            let stopwatch = Stopwatch::start();
            let ((found, beside), held, wait) = watched(pid, address, || {
                std::thread::scope(|scope| {
                    let batch = scope.spawn(|| ask(address, &asked));
                    let beside = (0..5).map(|_| ask(address, &small)).collect::<Vec<_>>();
                    (batch.join().expect("an answer"), beside)
                })
            });
            assert_eq!((found, beside), (status, vec![201; 5]), "{name}");
            println!("{name}: {:?}, held {held:?} ({idle:?}), health {wait:?} ({idle_wait:?})", stopwatch.elapsed());
            (held.saturating_sub(idle), wait.saturating_sub(idle_wait))
        });
        let (held, waited) = best.reduce(|one, other| (one.0.min(other.0), one.1.min(other.1))).expect("three");
        assert!(held < HELD, "{name} holds a worker for {held:?}");
        assert!(waited < HELD, "{name} has health wait for {waited:?}");
    }
}

#[test]
fn work_that_nobody_waits_for_ends_and_what_there_is_no_room_for_is_refused() {
    let args = ["serve", "--port", "0", "--log", "off", "--control-timeout", "10m"];
    let (process, address) = Process::serve(&mut command(&args));
    let pid = process.0.id();
    fill(address);
    let asked = Asked::new("POST", "/_mock/verify").header("Host", "localhost").json(&long_verify());
    let wire = asked.wire();
    let clients: Vec<_> = (0..80)
        .map(|_| {
            let mut client = TcpStream::connect(address).expect("a connection");
            client.write_all(&wire).expect("a request");
            client
        })
        .collect();
    let refused = soon("a refusal", || {
        let mut client = TcpStream::connect(address).expect("a connection");
        client.set_read_timeout(Some(Duration::from_secs(1))).expect("a socket");
        client
            .write_all(b"GET /_mock/routes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .expect("a request");
        let mut text = String::new();
        // One that found room has no answer within the second, and leaves again.
        client.read_to_string(&mut text).ok().filter(|_| text.starts_with("HTTP/1.1 503")).map(|_| text)
    });
    assert!(refused.to_ascii_lowercase().contains("\r\nretry-after: 1\r\n"), "{refused}");
    assert!(refused.contains("send it again in a second"), "{refused}");
    let other = Asked::new("GET", "/_mock/routes").header("X-Mock-Sandbox", "other");
    assert_eq!(ask(address, &other), 200, "another sandbox has its turn");
    for light in ["/_mock/health", "/_mock/ready", "/_mock/clock", "/"] {
        assert_eq!(get(&mut Connection::to(address), light).status, 200, "{light}");
    }
    drop(clients);
    let work = || ran(pid, "aside").into_iter().map(|(thread, (_, ran))| (thread, ran)).collect::<HashMap<_, _>>();
    soon("the end of all work", || {
        let before = work();
        std::thread::sleep(Duration::from_millis(300));
        (work() == before).then_some(())
    });
    assert_eq!(get(&mut Connection::to(address), "/_mock/routes").status, 200);
}
