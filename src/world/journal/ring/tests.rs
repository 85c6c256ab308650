//! Tests of the ring, and what other tests of the journal write to it.

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::super::{JournalBounds, Message, Text};
use super::*;
use crate::world::history::{Stamp, StepId};
use crate::world::ids::Seed;

pub(crate) fn exchange(body: usize, cap: usize) -> Exchange {
    let body = vec![b'x'; body];
    let message = || Message { headers: [("host", &b"a"[..])].into_iter(), body: &body, clean: None };
    let text = Text::write(("GET", "/a"), message(), message(), cap, &[], None);
    Exchange {
        at: Timestamp::UNIX_EPOCH,
        seed: Seed(1),
        took: Duration::ZERO,
        departure: None,
        provider: None,
        exact_case: true,
        operation: None,
        refused: None,
        status: 200,
        refuses: false,
        changed: false,
        step: Stamp::default(),
        fault: None,
        canned: false,
        hint: None,
        prefixed: false,
        version: "HTTP/1.1",
        text,
    }
}

pub(crate) fn bounds(exchanges: usize, bytes: usize) -> JournalBounds {
    JournalBounds { exchanges, body: 100, bytes }
}

fn numbers(journal: &Journal) -> Vec<u64> {
    journal.entries().iter().map(|entry| entry.number).collect()
}

#[test]
fn memory_after_one_more_equals_memory_before() {
    let pool = Journals::new(bounds(10, usize::MAX));
    let journal = pool.journal();
    for _ in 0..10 {
        journal.write(exchange(50, 100));
    }
    let held = (pool.bytes(), pool.exchanges(), journal.ring.lock().entries.capacity());
    for _ in 0..500 {
        journal.write(exchange(50, 100));
        assert_eq!((pool.bytes(), pool.exchanges(), journal.ring.lock().entries.capacity()), held);
    }
    assert_eq!(numbers(&journal), (501..=510).collect::<Vec<_>>());
    assert_eq!((pool.dropped(), journal.count()), (500, 510));
    drop(journal);
    assert_eq!((pool.bytes(), pool.exchanges()), (0, 0), "a journal that goes gives its bytes back");
}

#[test]
fn a_large_body_is_cut_and_its_true_size_is_told() {
    let exchange = exchange(5_000, 100);
    assert_eq!((exchange.text.request_body().len(), exchange.text.request_size), (100, 5_000));
    assert!(exchange.weight() < 1_000);
}

#[test]
fn what_a_reset_took_back_is_not_kept_and_numbered_before_it() {
    let pool = Journals::new(bounds(10, usize::MAX));
    let journal = pool.journal();
    let wrote = |generation| {
        let step = Stamp { step: StepId { generation, number: 1 }, is_own: true };
        Exchange { changed: true, step, ..exchange(1, 1) }
    };
    assert_eq!((journal.write(wrote(0)), journal.write(wrote(0))), (1, 2));
    drop(journal.reset(1));
    assert_eq!((journal.write(wrote(0)), journal.write(wrote(0))), (3, 4), "they came late");
    assert_eq!((journal.count(), pool.exchanges()), (0, 0));
    assert_eq!((journal.write(wrote(1)), journal.write(exchange(1, 1))), (1, 2), "a read is kept whenever it began");
    drop(journal.clear());
    assert_eq!((journal.write(wrote(0)), journal.write(wrote(1)), journal.count()), (5, 1, 1));
}

#[test]
fn over_all_journals_the_oldest_goes_first() {
    let one = exchange(50, 100).weight();
    let pool = Journals::new(bounds(100, 4 * one));
    let (a, b) = (pool.journal(), pool.journal());
    for journal in [&a, &a, &b, &a] {
        journal.write(exchange(50, 100));
    }
    assert_eq!((numbers(&a), numbers(&b)), (vec![1, 2, 3], vec![1]));
    b.write(exchange(50, 100));
    assert!(pool.bytes() <= 4 * one);
    assert_eq!((numbers(&a).first(), numbers(&b)), (Some(&3), vec![1, 2]));
}

#[test]
fn a_subscriber_learns_of_what_it_missed_and_of_a_reset() {
    let journal = Journals::new(bounds(2, usize::MAX)).journal();
    let (generation, number) = journal.end();
    for _ in 0..3 {
        journal.write(exchange(0, 0));
    }
    let news = journal.after(generation, number, 1);
    assert_eq!((news.lost, news.entries.len(), news.entries[0].number), (1, 1, 2));
    drop(journal.clear());
    journal.write(exchange(0, 0));
    let news = journal.after(generation, 3, 9);
    assert_eq!((news.generation, news.lost, news.entries[0].number), (generation + 1, 0, 1));
    let news = journal.after(generation + 1, 17, 9);
    assert_eq!(news.entries[0].number, 1, "a number of another server's journal means nothing here");
}

#[test]
fn an_id_hangs_on_seed_and_number() {
    let pool = Journals::new(bounds(9, usize::MAX));
    let ids = || {
        let journal = pool.journal();
        journal.write(exchange(1, 1));
        journal.write(exchange(2, 2));
        journal.entries().iter().map(Entry::id).collect::<Vec<_>>()
    };
    assert_eq!(ids(), ids());
}

#[test]
fn a_size_of_nothing_keeps_nothing() {
    let pool = Journals::new(bounds(0, usize::MAX));
    let journal = pool.journal();
    journal.write(exchange(1, 1));
    assert_eq!((journal.is_on(), pool.bytes(), journal.count()), (false, 0, 1));
}

proptest! {
    #[test]
    fn whatever_is_written_the_bounds_hold(
        writes in prop::collection::vec((0_usize..4, 0_usize..400), 0..200),
        size in 0_usize..20,
        bytes in 0_usize..20_000,
    ) {
        let pool = Journals::new(bounds(size, bytes));
        let journals: Vec<_> = (0..4).map(|_| pool.journal()).collect();
        for (number, body) in writes {
            journals[number].write(exchange(body, 100));
            prop_assert!(pool.bytes() <= bytes);
            let all: Vec<_> = journals.iter().flat_map(|journal| journal.entries()).collect();
            prop_assert!(journals.iter().all(|journal| journal.entries().len() <= size));
            prop_assert_eq!(pool.bytes(), all.iter().map(|entry| entry.exchange.weight()).sum::<usize>());
            prop_assert_eq!(pool.exchanges(), all.len());
        }
    }
}
