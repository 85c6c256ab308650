//! What the run has shown stays, whatever becomes of its sandboxes; and it is the same however it came.

use std::collections::BTreeMap;
use std::time::Duration;

use persona_mock::api::{Coverage, CoverageAxis, CoverageLevel};
use persona_mock::mock::{CallRequest, Fault, Mock, PersonaMock, RemoteMock, Requests, Sandbox};

use super::{asked, builder, cells, columns, counted, operations, send};
use crate::support::{Asked, case};

const ME: &str = "/v1/users/me";

/// How often each operation answered each status, as the journal has it.
fn journal(sandbox: &Sandbox) -> BTreeMap<(String, u16), u64> {
    let mut all = BTreeMap::new();
    for kept in sandbox.requests(&Requests::all()).expect("a journal") {
        if let Some(operation) = kept.operation {
            *all.entry((operation.to_string(), kept.answer.status)).or_insert(0) += 1;
        }
    }
    all
}

/// The same of a coverage, whichever column counted it.
fn statuses(coverage: &Coverage) -> BTreeMap<(String, u16), u64> {
    let mut all = BTreeMap::new();
    let is_status = |axis| matches!(axis, CoverageAxis::Statuses | CoverageAxis::Transport);
    for (operation, _, cell) in cells(coverage).filter(|(_, _, cell)| is_status(cell.axis)) {
        let times = cell.exercised + cell.refused + cell.injected;
        if times > 0 {
            let status = cell.name.parse().expect("a status");
            *all.entry((operation.to_owned(), status)).or_insert(0) += times;
        }
    }
    all
}

/// A request of a case, where it can be sent without a wire.
fn request(asked: &Asked) -> CallRequest {
    let request = CallRequest::new(&asked.method, &asked.target).body(asked.body.clone());
    asked.headers.iter().fold(request, |request, (name, value)| {
        // A recorded header value is Latin-1 text.
        request
            .header(name, value.chars().map(|char| u8::try_from(u32::from(char)).expect("Latin-1")).collect::<Vec<_>>())
    })
}

#[test]
fn what_the_cases_ask_is_counted_as_the_journal_has_it() {
    let mock = builder(CoverageLevel::Fields).journal(100_000, 0).build().expect("a mock");
    let sandbox = mock.sandbox("all");
    let sent = case::pool().iter().filter(|asked| sandbox.call(request(asked)).is_ok()).count();
    assert!(sent > 900, "{sent}");
    let coverage = sandbox.coverage().expect("a coverage");
    let expected = journal(&sandbox);
    // What a bound refused before it was routed has no operation in the journal, and counts where it would have gone.
    let mut found = statuses(&coverage);
    found.retain(|(_, status), _| ![408, 413, 429].contains(status));
    let mut known = expected.clone();
    known.retain(|(_, status), _| ![408, 413, 429].contains(status));
    assert_eq!(found, known);
    assert_eq!((counted(&mock.coverage().expect("the run")), coverage.not_looked_at), (counted(&coverage), 0));
    for (operation, method, cell) in cells(&coverage).filter(|(_, _, cell)| cell.axis == CoverageAxis::Operations) {
        let mut sum = [0; 3];
        for (_, _, other) in cells(&coverage).filter(|(of, by, other)| {
            (*of, *by) == (operation, method) && matches!(other.axis, CoverageAxis::Statuses | CoverageAxis::Transport)
        }) {
            sum = [sum[0] + other.exercised, sum[1] + other.refused, sum[2] + other.injected];
        }
        assert_eq!(
            sum,
            [cell.exercised, cell.refused, cell.injected],
            "{operation} {method}: its statuses are all of it"
        );
    }
}

#[test]
fn a_reset_an_expiry_and_an_eviction_take_nothing_from_the_run() {
    let mock = operations_with_room_for(2);
    let write = |sandbox: &Sandbox| {
        let body = r#"{"name": "A"}"#;
        assert_eq!(send(sandbox, "PUT", "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb", body), 200);
    };
    let run = |mock: &PersonaMock| columns(&mock.coverage().expect("the run"), "vijil.update_persona", "200");
    let first = mock.sandbox("first");
    write(&first);
    assert_eq!(columns(&first.coverage().expect("its own"), "vijil.update_persona", "200"), [1, 0, 0]);
    first.reset().expect("a reset");
    assert_eq!(counted(&first.coverage().expect("its own")), []);
    assert_eq!(run(&mock), [1, 0, 0]);
    // Those that were never written make room for each other.
    for number in 0..5 {
        assert_eq!(send(&mock.sandbox(&format!("guest-{number}")), "GET", ME, ""), 200);
    }
    assert!(mock.sandbox("guest-0").coverage().is_err(), "it is gone");
    assert_eq!(columns(&mock.coverage().expect("the run"), "vijil.get_user", "200"), [5, 0, 0]);
    first.delete().expect("it goes");
    assert_eq!(run(&mock), [1, 0, 0]);
    // The next one of that name begins anew.
    write(&first);
    assert_eq!(columns(&first.coverage().expect("its own"), "vijil.update_persona", "200"), [1, 0, 0]);
    assert_eq!(run(&mock), [2, 0, 0]);
}

fn operations_with_room_for(sandboxes: usize) -> PersonaMock {
    builder(CoverageLevel::Operations).sandboxes(sandboxes, Duration::from_secs(3600)).build().expect("a mock")
}

#[test]
fn what_is_forgotten_is_of_the_sandbox_or_of_the_run() {
    let mock = builder(CoverageLevel::Fields).build().expect("a mock");
    let (one, other) = (mock.sandbox("one"), mock.sandbox("other"));
    for sandbox in [&one, &other] {
        assert_eq!(send(sandbox, "GET", ME, ""), 200);
        assert_eq!(send(sandbox, "GET", "/v1/nowhere", ""), 404);
    }
    one.forget_coverage().expect("it forgets");
    let found = one.coverage().expect("its own");
    assert_eq!((counted(&found), found.near_misses), (vec![], vec![]));
    let found = other.coverage().expect("its own");
    assert_eq!((columns(&found, "vijil.get_user", "200"), found.near_misses.len()), ([1, 0, 0], 1));
    assert_eq!(columns(&mock.coverage().expect("the run"), "vijil.get_user", "200"), [2, 0, 0]);
    mock.forget_coverage().expect("it forgets");
    let run = mock.coverage().expect("the run");
    assert_eq!((counted(&run), run.near_misses), (vec![], vec![]));
    assert_eq!(columns(&other.coverage().expect("its own"), "vijil.get_user", "200"), [1, 0, 0]);
}

#[test]
fn without_a_journal_the_same_is_counted() {
    let play = |journal: usize| {
        let mock = builder(CoverageLevel::Fields).journal(journal, 1_000).build().expect("a mock");
        let sandbox = mock.sandbox("t1");
        sandbox.set_faults(&[Fault::refuse(503).id("down").operation("vijil.list_teams")]).expect("a rule");
        for (method, target, body) in [
            ("GET", ME, ""),
            ("GET", "/v1/users/me/teams", ""),
            ("GET", "/v1/nobody", ""),
            ("PUT", "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb", r#"{"name": "", "nonsense": 1}"#),
            ("PUT", "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb", r#"{"name": "A", "nonsense": 1}"#),
            ("POST", "/nowhere", "{}"),
        ] {
            send(&sandbox, method, target, body);
        }
        (sandbox.coverage().expect("its own"), mock.coverage().expect("the run"))
    };
    let (with, run_with) = play(1_000);
    let (without, run_without) = play(0);
    assert_eq!((&with, &run_with), (&without, &run_without));
    assert_eq!(
        with.near_misses.iter().map(|note| &*note.what).collect::<Vec<_>>(),
        ["GET /v1/nobody", "POST /nowhere"]
    );
    assert_eq!(with.ignored.iter().map(|note| &*note.what).collect::<Vec<_>>(), ["vijil.update_persona $.nonsense"]);
    assert_eq!(with.unstruck, []);
}

#[test]
fn rules_that_never_struck_are_listed_until_they_do() {
    let mock = operations();
    let sandbox = mock.sandbox("t1");
    let late = Fault::delay("1ms").id("late").operation("vijil.get_user");
    sandbox.set_faults(&[late, Fault::refuse(503).id("down").operation("vijil.list_teams")]).expect("rules");
    let listed = |coverage: &Coverage| coverage.unstruck.iter().map(|note| note.what.clone()).collect::<Vec<_>>();
    let both = listed(&sandbox.coverage().expect("its own"));
    assert_eq!(both.len(), 2, "{both:?}");
    send(&sandbox, "GET", ME, "");
    let left = listed(&sandbox.coverage().expect("its own"));
    assert_eq!(left, ["`down` (refuse=503; operation vijil.list_teams)"]);
    assert_eq!(listed(&mock.coverage().expect("the run")), left);
    // A rule that goes has never struck, and never will.
    sandbox.reset().expect("a reset");
    assert_eq!(listed(&sandbox.coverage().expect("its own")), [""; 0]);
    assert_eq!(listed(&mock.coverage().expect("the run")), left);
}

#[test]
fn eight_threads_count_as_one() {
    let script: Vec<_> = [
        ("GET", ME, ""),
        ("GET", "/v1/personas/", ""),
        ("GET", "/crud/personas", ""),
        ("GET", "/api/personas/188", ""),
        ("PUT", "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb", r#"{"name": ""}"#),
        ("GET", "/v2/people?accountId=F50091", ""),
        ("GET", "/v1/nowhere", ""),
    ]
    .into_iter()
    .cycle()
    .take(70)
    .collect();
    let play = |threads: usize| {
        let mock = builder(CoverageLevel::Fields).build().expect("a mock");
        std::thread::scope(|scope| {
            for thread in 0..threads {
                let (mock, script) = (&mock, &script);
                scope.spawn(move || {
                    // Half of the threads share a sandbox.
                    let sandbox = mock.sandbox(&format!("t{}", thread / 2));
                    for _ in 0..8 / threads {
                        for (method, target, body) in script {
                            sandbox.call(asked(method, target, body)).expect("an answer");
                        }
                    }
                });
            }
        });
        let mut run = mock.coverage().expect("the run");
        run.sandbox = None;
        run
    };
    assert_eq!(play(8), play(1));
}

#[test]
fn what_left_the_journal_is_counted_all_the_same() {
    let mock = builder(CoverageLevel::Operations).journal(1_000, 0).build().expect("a mock");
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..10_000 {
                    mock.call(CallRequest::get("/console/healthz")).expect("an answer");
                }
            });
        }
    });
    let run = mock.coverage().expect("the run");
    assert_eq!(columns(&run, "vijil.get_console_health", "200"), [20_000, 0, 0]);
    assert_eq!(
        columns(&mock.default_sandbox().coverage().expect("its own"), "vijil.get_console_health", "200")[0],
        20_000
    );
    let kept = mock.default_sandbox().page(&Requests::all(), None, 1).expect("a page");
    assert_eq!(kept.gone, 19_000, "{kept:?}");
}

#[test]
fn another_document_has_cells_of_its_own() {
    let mock = operations();
    let (plain, bare) = (mock.sandbox("plain"), mock.sandbox("bare"));
    bare.set("crud", "envelope", "bare").expect("a setting");
    for sandbox in [&plain, &bare, &bare] {
        assert_eq!(send(sandbox, "GET", "/crud/personas", ""), 200);
    }
    let run = mock.coverage().expect("the run");
    let of_crud: Vec<_> = run.documents.iter().filter(|document| document.provider == "crud").collect();
    let shown: Vec<_> = of_crud.iter().map(|document| (&*document.settings["envelope"], &document.sha256)).collect();
    assert_eq!((shown.len(), shown[0].0, shown[1].0), (2, "resource", "bare"), "{shown:?}");
    assert_ne!(shown[0].1, shown[1].1);
    let times = |number: usize| of_crud[number].operations[0].cells[0].exercised;
    assert_eq!((times(0), times(1)), (1, 2));
    // A setting that no document depends on is of the same document.
    plain.set_auth(persona_mock::provider::AuthMode::Off).expect("a setting");
    assert_eq!(send(&plain, "GET", "/crud/personas", ""), 200);
    assert_eq!(columns(&plain.coverage().expect("its own"), "crud.list_personas", "200"), [2, 0, 0]);
}

#[test]
fn a_handle_on_a_server_elsewhere_tells_the_same() {
    let mock = builder(CoverageLevel::Fields).start_blocking().expect("a server");
    let remote = RemoteMock::connect(mock.url()).expect("a server");
    let (here, there) = (mock.sandbox("t1"), remote.sandbox("t1"));
    for status in [200, 404] {
        let target = if status == 200 { ME } else { "/v1/nowhere" };
        assert_eq!(send(&here, "GET", target, ""), status);
    }
    let own = here.coverage().expect("its own");
    assert_eq!(columns(&own, "vijil.get_user", "200 $.id"), [1, 0, 0]);
    assert_eq!((there.coverage().expect("its own"), own.sandbox.as_deref()), (own.clone(), Some("t1")));
    assert_eq!(remote.coverage().expect("the run"), mock.coverage().expect("the run"));
    there.forget_coverage().expect("it forgets");
    assert_eq!(counted(&here.coverage().expect("its own")), []);
    remote.forget_coverage().expect("it forgets");
    assert_eq!(counted(&mock.coverage().expect("the run")), []);
}

#[test]
fn a_body_that_is_too_large_to_be_looked_at_is_counted_all_the_same() {
    let mock = builder(CoverageLevel::Fields).max_body(4 << 20).build().expect("a mock");
    let sandbox = mock.sandbox("t1");
    let body = format!(r#"{{"name": "{}"}}"#, "x".repeat(1 << 20));
    for times in 1..3 {
        let status = send(&sandbox, "PUT", "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb", &body);
        let coverage = sandbox.coverage().expect("its own");
        let found = columns(&coverage, "vijil.update_persona", &status.to_string());
        assert_eq!((found.iter().sum::<u64>(), coverage.not_looked_at), (times, times), "{status}");
        assert_eq!(columns(&coverage, "vijil.update_persona", "$.name"), [0, 0, 0]);
        assert_eq!(mock.coverage().expect("the run").not_looked_at, times);
    }
}
