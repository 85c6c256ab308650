//! Parallel equals serial: a series of requests gets the same bytes, whatever other sandboxes do meanwhile.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use persona_mock::internals::{Bounds, Setup};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::support::client::Connection;
use super::support::{Answer, Asked, TestServer, case, server};

/// What identifies an answer: everything but the sandbox's name and that it was new.
type Bytes = (u16, Vec<(String, String)>, Vec<u8>);

fn bytes(answer: &Answer) -> Bytes {
    let own = |name: &str| name.to_ascii_lowercase().starts_with("x-mock-sandbox");
    let headers = answer.headers.iter().filter(|(name, _)| !own(name)).cloned().collect();
    (answer.status, headers, answer.body.clone())
}

fn play(server: &TestServer, sandbox: &str, series: &[Asked]) -> Vec<Bytes> {
    let mut connection = Connection::to(server.address);
    let named = |asked: &Asked| asked.clone().header("X-Mock-Sandbox", sandbox);
    series.iter().map(|asked| bytes(&connection.send(&named(asked)))).collect()
}

#[test]
fn many_sandboxes_at_once_answer_as_each_alone() {
    let pool = case::pool();
    let server = TestServer::start(&server::setup());
    let rounds = AtomicUsize::new(0);
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let strategy = proptest::collection::vec(0..pool.len(), 1..40);
    runner
        .run(&strategy, |picks| {
            let round = rounds.fetch_add(1, Ordering::Relaxed);
            let series: Vec<_> = picks.iter().map(|pick| pool[*pick].clone()).collect();
            let alone = play(&server, &format!("alone-{round}"), &series);
            let together: Vec<_> = std::thread::scope(|scope| {
                let (server, series) = (&server, &series);
                let spawn = |number: usize| {
                    let name = format!("together-{round}-{number}");
                    scope.spawn(move || play(server, &name, series))
                };
                let threads: Vec<_> = (0..8).map(spawn).collect();
                threads.into_iter().map(|thread| thread.join().expect("a thread")).collect()
            });
            for answers in together {
                prop_assert_eq!(&answers, &alone);
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_thousand_sandboxes_serve_parallel_clients() {
    // One more is written than there is room for: the first makes room.
    let bounds = Bounds { sandboxes: 1_000, safe: Duration::ZERO, ..Default::default() };
    let setup = Setup { bounds, ..server::setup() };
    let server = TestServer::start(&setup);
    let series = case::pool().into_iter().step_by(17).take(12).collect::<Vec<_>>();
    let expected = play(&server, "expected", &series);
    std::thread::scope(|scope| {
        for client in 0..8 {
            let (server, series, expected) = (&server, &series, &expected);
            scope.spawn(move || {
                for number in (client..1_000).step_by(8) {
                    assert_eq!(&play(server, &format!("s{number}"), series), expected, "sandbox {number}");
                }
            });
        }
    });
    let (status, list) = {
        let answer = server.send(&Asked::new("GET", "/_mock/sandboxes"));
        (answer.status, answer.json())
    };
    let there = list["sandboxes"].as_array().map_or(0, Vec::len);
    assert_eq!((status, there), (200, 1_001), "the bound and `default`");
}
