//! An answer whose head never left shows no status: its client met none.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use persona_mock::api::{Coverage, CoverageLevel};
use persona_mock::internals::{JournalBounds, Setup, Stopwatch};
use persona_mock::mock::{Cut, Fault, Mock};

use super::{asked, builder, columns, send};
use crate::support::{Asked, TestServer, server};

/// Of one call: its operation, its status, and a parameter or a field of it.
type Columns = [[u64; 3]; 3];

const NOTHING: [u64; 3] = [0, 0, 0];
const TAKEN: [u64; 3] = [1, 0, 0];
const INJECTED: [u64; 3] = [0, 0, 1];

fn found(coverage: &Coverage) -> Columns {
    ["vijil.list_personas", "200", "query.team_id"].map(|name| columns(coverage, "vijil.list_personas", name))
}

#[test]
fn a_cut_before_the_head_shows_the_operation_and_no_status_and_one_behind_it_shows_both() {
    let mock = builder(CoverageLevel::Fields).build().expect("a mock");
    for (cut, status) in [(Cut::BeforeAnswer, NOTHING), (Cut::AfterHeaders, INJECTED), (Cut::HalfBody, INJECTED)] {
        let sandbox = mock.sandbox(&format!("{cut:?}").to_lowercase());
        sandbox.set_faults(&[Fault::cut(cut).id("cut")]).expect("a rule");
        drop(sandbox.call(asked("GET", "/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee", "")));
        let coverage = sandbox.coverage().expect("its own");
        assert_eq!(found(&coverage), [INJECTED, status, INJECTED], "{cut:?}");
        assert!(coverage.unstruck.is_empty(), "{cut:?}");
    }
    let sandbox = mock.sandbox("late");
    sandbox.set_faults(&[Fault::delay("1ms").id("late")]).expect("a rule");
    assert_eq!(send(&sandbox, "GET", "/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee", ""), 200);
    assert_eq!(found(&sandbox.coverage().expect("its own")), [TAKEN; 3], "it came late, and it came");
    let run = mock.coverage().expect("the run");
    assert_eq!(found(&run), [[1, 0, 3], [1, 0, 2], [1, 0, 3]]);
}

/// What was counted, once the first cell has something.
fn once_counted(server: &TestServer, sandbox: &str) -> Columns {
    let stopwatch = Stopwatch::start();
    loop {
        let answer = server.send(&Asked::new("GET", &format!("/_sandbox/{sandbox}/_mock/coverage")));
        let found = found(&serde_json::from_value::<Coverage>(answer.json()).expect("a coverage"));
        if found[0] != NOTHING || stopwatch.elapsed() > Duration::from_secs(20) {
            return found;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_client_that_goes_during_a_delay_met_no_status_with_a_journal_and_without() {
    for journal in [1_000, 0] {
        let bounds = JournalBounds { exchanges: journal, ..Default::default() };
        let server = TestServer::start(&Setup { coverage: CoverageLevel::Fields, journal: bounds, ..server::setup() });
        let call = |sandbox: &str, delay: &str| {
            let asked = Asked::new(
                "GET",
                &format!("/_sandbox/{sandbox}/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee"),
            );
            let asked = asked.header("Authorization", "Bearer vijil-owner-token").header("Connection", "close");
            let mut stream = TcpStream::connect(server.address).expect("a connection");
            stream.write_all(&asked.header("X-Mock-Fault", delay).wire()).expect("bytes go out");
            stream
        };
        let mut stays = call("stays", "delay=50ms");
        let mut got = Vec::new();
        stays.read_to_end(&mut got).expect("an answer");
        assert!(got.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&got));
        assert_eq!(once_counted(&server, "stays"), [TAKEN; 3], "journal {journal}");
        let goes = call("goes", "delay=700ms");
        std::thread::sleep(Duration::from_millis(200));
        drop(goes);
        assert_eq!(once_counted(&server, "goes"), [INJECTED, NOTHING, INJECTED], "journal {journal}");
    }
}
