//! What a sandbox's ledger takes, with the documents of this crate.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

use super::counts::Column;
use super::fold::LARGEST_BODY;
use super::queue::{MOST_BYTES, MOST_WAITING};
use super::table::CellNumber;
use super::{Exchange, Ledger, Place, Run, Table};
use crate::api::{Coverage, CoverageAxis, CoverageLevel};
use crate::contract::Document;
use crate::provider::{AuthMode, Headers, Options, Registered};
use crate::providers::registry;

/// How many sandboxes a server is to bear.
const SANDBOXES: usize = 10_000;

const MIB: usize = 1 << 20;

fn options(provider: &Registered) -> Arc<Options> {
    Arc::new(Options::new(AuthMode::Any, false, &provider.descriptor().settings))
}

fn table(run: &Run, provider: &Registered, options: &Options) -> Arc<Table> {
    let document = Document::of(&**provider, options).expect("a document");
    run.table(&**provider, &document)
}

/// A provider and its options.
type Served<'p> = (&'p Registered, Arc<Options>);

fn served(provider: &Registered) -> Served<'_> {
    (provider, options(provider))
}

/// A ledger in which every route of some providers answered each of these statuses.
fn called(run: &Run, providers: &[Served<'_>], statuses: &[u16]) -> Ledger {
    let ledger = Ledger::default();
    for (provider, options) in providers {
        for route in 0..provider.operations().len() {
            for status in statuses {
                let answer = (route, Some(*status));
                if let Err(generation) = ledger.count(options, answer, Column::Exercised) {
                    let place = Place { table: table(run, provider, options), generation };
                    ledger.count_late(options, &place, answer, Column::Exercised);
                }
            }
        }
    }
    ledger
}

#[test]
fn a_sandbox_that_called_everything_takes_400_bytes() {
    let run = Run::new(CoverageLevel::Operations);
    let all = called(&run, &registry().iter().map(served).collect::<Vec<_>>(), &[200]);
    assert!(all.weight() <= 400, "every operation of all vendors: {}", all.weight());
    for provider in registry() {
        let one = called(&run, &[served(provider)], &[200, 401]);
        assert!(one.weight() <= 400, "{}, answered well and refused: {}", provider.descriptor().id, one.weight());
    }
    assert!(SANDBOXES * all.weight() <= 5 * MIB, "{}", SANDBOXES * all.weight());
    assert_eq!(Ledger::default().weight(), size_of::<Ledger>());
    assert!(size_of::<Ledger>() <= 64, "of a sandbox that nobody calls: {}", size_of::<Ledger>());
}

#[test]
fn at_the_level_of_fields_ten_thousand_sandboxes_take_80_mib() {
    let run = Run::new(CoverageLevel::Fields);
    for provider in registry() {
        let options = options(provider);
        let ledger = called(&run, &[(provider, options.clone())], &[200]);
        let place = ledger.place(&options).expect("a place");
        // Whatever can be sent was sent, taken and refused; whatever can be answered was answered.
        let cells = place.table.cells().iter().enumerate();
        let numbered: Vec<_> =
            cells.map(|(number, cell)| (CellNumber::try_from(number).expect("a cell"), cell.axis)).collect();
        let all: Vec<_> = numbered.iter().map(|(number, _)| *number).collect();
        ledger.add(&place, &all, Column::Exercised);
        let answers =
            |axis| matches!(axis, CoverageAxis::AnswerFields | CoverageAxis::Statuses | CoverageAxis::Transport);
        let asked: Vec<_> = numbered.iter().filter(|(_, axis)| !answers(*axis)).map(|(number, _)| *number).collect();
        ledger.add(&place, &asked, Column::Refused);
        let weight = ledger.weight();
        assert!(SANDBOXES * weight <= 80 * MIB, "{}: {weight} bytes a sandbox", provider.descriptor().id);
    }
}

#[test]
fn a_table_is_made_once_for_a_document_and_routes_lead_to_its_operations() {
    let run = Run::new(CoverageLevel::Operations);
    for provider in registry() {
        let options = options(provider);
        let (one, other) = (table(&run, provider, &options), table(&run, provider, &options));
        assert!(Arc::ptr_eq(&one, &other));
        for (number, route) in provider.operations().into_iter().enumerate() {
            let cells = one.route(number).unwrap_or_else(|| panic!("{} is in no document", route.name));
            assert_eq!((&*cells.name, &*cells.method), (&*route.name, &*route.method));
        }
        assert_eq!(one.route(provider.operations().len()).map(|cells| &cells.name), None);
    }
}

#[test]
fn what_was_counted_before_a_reset_is_of_the_run_alone() {
    let run = Run::new(CoverageLevel::Fields);
    let provider = &registry()[0];
    let options = options(provider);
    let ledger = called(&run, &[(provider, options.clone())], &[200]);
    let place = ledger.place(&options).expect("a place");
    ledger.clear();
    ledger.add(&place, &[0], Column::Refused);
    assert_eq!(ledger.counted().0.len(), 0, "an exchange of before is looked at late");
    assert_eq!(
        place.table.run.tallies().iter().flatten().filter(|times| **times > 0).count(),
        provider.operations().len()
    );
}

fn exchange(ledger: &Arc<Ledger>, request: usize) -> Exchange {
    Exchange {
        ledger: ledger.clone(),
        route: 0,
        column: Column::Exercised,
        path: "/".to_owned(),
        query: None,
        headers: Headers::new(),
        request: vec![b'x'; request].into(),
        status: 200,
        answer: Bytes::new(),
        refused: Vec::new(),
    }
}

#[test]
fn what_the_queue_cannot_take_is_counted_as_not_looked_at() {
    let provider = &registry()[0];
    let options = options(provider);
    // How large exchanges are, and how many of them there is room for.
    for (size, room) in [(0, MOST_WAITING), (LARGEST_BODY, MOST_BYTES / (LARGEST_BODY + 1_024)), (LARGEST_BODY + 1, 0)]
    {
        let run = Run::new(CoverageLevel::Fields);
        run.leave_to(|| {});
        let ledger = Arc::new(called(&run, &[(provider, options.clone())], &[200]));
        let place = ledger.place(&options).expect("a place");
        for _ in 0..room + 7 {
            run.look_at(exchange(&ledger, size), place.clone());
        }
        let lost = |report: Coverage| report.not_looked_at;
        assert_eq!(run.beside.lock().not_looked_at, 7, "{size}");
        assert_eq!((lost(run.report(&[])), lost(run.report_of("t1", &ledger, &[]))), (7, 7), "{size}");
        // Whoever asked for a report worked it off, so that there is room again.
        if room > 0 {
            run.look_at(exchange(&ledger, size), place.clone());
            assert_eq!(lost(run.report(&[])), 7, "{size}");
        }
    }
}

#[test]
fn what_must_be_done_is_done_where_there_is_no_room() {
    let run = Run::new(CoverageLevel::Operations);
    run.leave_to(|| {});
    let done = Arc::new(AtomicUsize::new(0));
    for _ in 0..MOST_WAITING + 3 {
        let done = done.clone();
        run.do_later(1, move || {
            done.fetch_add(1, Ordering::Relaxed);
        });
    }
    assert_eq!(done.load(Ordering::Relaxed), 3);
    run.work_off();
    assert_eq!(done.load(Ordering::Relaxed), MOST_WAITING + 3);
}
