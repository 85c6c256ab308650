//! What counts, and what is refused.

use super::*;

fn account(total: u64, sandbox: u64) -> Arc<Account> {
    Budget::new(StateBounds { total, sandbox, ..StateBounds::default() }, HistoryBounds::OFF, Discards::default())
        .account()
}

fn check(account: &Account, leaving: u64) -> Result<Room, String> {
    account.check(leaving, &mut Discarded::none()).map_err(|full| full.to_string())
}

#[test]
fn a_bound_holds_what_it_says_and_not_a_byte_more() {
    let one = account(150, 100);
    let full = one.charge(100);
    assert_eq!(check(&one, 0), Ok(Room::Ample));
    let more = one.charge(1);
    assert_eq!(check(&one, 0), Err("state is full (--max-sandbox-state 100)".into()));
    assert_eq!(check(&one, 1), Ok(Room::Short), "a byte that goes makes room");
    let leaving = one.leaving(1);
    assert_eq!(check(&one, 0), Ok(Room::Ample), "what is about to go does not count");
    drop((leaving, more));
    assert_eq!(check(&one, 0), Ok(Room::Ample));
    let other = one.sibling();
    let _rest = other.charge(50);
    assert_eq!(check(&other, 0), Ok(Room::Ample));
    let _more = other.charge(1);
    assert_eq!(check(&other, 0), Err("state is full (--max-state 150)".into()));
    drop(full);
    assert_eq!((check(&other, 0), one.held(), other.held(), one.budget.held()), (Ok(Room::Ample), 0, 51, 51));
    assert!(one.could_hold(100).is_ok() && one.could_hold(101).is_err());
}

#[test]
fn a_write_that_crashed_charges_nobody_and_the_next_only_itself() {
    let account = account(100, 100);
    let crash = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        charged(&account, Sharing::default(), || {
            let _charge = charge(|| 7);
            panic!("crashed on purpose")
        })
    }));
    assert!(crash.is_err() && account.held() == 0 && charge(|| 7).is_none());
    let (kept, tally) = charged(&account, Sharing::default(), || charge(|| 5));
    assert_eq!((account.held(), tally), (5, Tally { added: 5, ..Tally::default() }));
    drop(kept);
    assert_eq!(account.held(), 0);
}

#[test]
fn what_a_write_takes_out_is_told_by_who_else_holds_it() {
    let account = account(1_000, 1_000);
    let sharing = Sharing { version: 9, last: Some(7), before: Some(4) };
    let born = |bytes, born| Arc::new(account.charge_born(bytes, born));
    let elsewhere = account.sibling();
    let (_, tally) = charged(&account, sharing, || {
        [born(1, 9), born(2, 8), born(4, 7), born(8, 5), born(16, 4)].iter().for_each(|charge| remove(Some(charge)));
        remove(charge(|| 32).as_ref());
        [1, 99].iter().for_each(|born| remove(Some(&Arc::new(elsewhere.charge_born(64, *born)))));
        copies(|| Copied { table: 1, bytes: 60, most: 100 });
        copies(|| Copied { table: 1, bytes: 60, most: 500 });
        copies(|| Copied { table: 2, bytes: 60, most: 50 });
    });
    assert_eq!((tally.added, tally.removed, tally.alone, tally.last, tally.own), (32, 63, 3, 12, 32));
    assert!(!tally.adds() && Copied::sum(&tally.copies) == 150, "{:?}", tally.copies);
}

#[test]
fn what_is_noted_for_a_time_is_asked_for_when_that_is_over() {
    struct Held(Mutex<Option<Charge>>);
    impl Reclaim for Held {
        fn reclaim(&self) -> Discarded {
            self.0.lock().take();
            Discarded::none()
        }
    }
    let account = account(100, 100);
    let held = |bytes| Arc::new(Held(Mutex::new(Some(account.charge(bytes)))));
    let (over, lasting) = (held(60), held(40));
    let note = |held: &Arc<Held>, after: std::time::Duration| {
        let who: Weak<Held> = Arc::downgrade(held);
        account.charge(0).expire(after, who)
    };
    let _expiries = [note(&over, std::time::Duration::ZERO), note(&lasting, std::time::Duration::from_secs(600))];
    let _more = account.charge(60);
    assert_eq!((check(&account, 0), account.held()), (Ok(Room::Ample), 100), "what is over makes room");
    let last = account.charge(1);
    assert!(check(&account, 0).is_err() && lasting.0.lock().is_some());
    drop(last);
}

#[test]
fn what_is_left_of_who_is_gone_is_divided_among_its_forks_and_goes_with_the_last() {
    let source = account(1_000, 1_000);
    let [fork, twin, child] = [source.sibling(), source.sibling(), source.sibling()];
    let shared = source.charge(101);
    fork.fork_of(&source);
    twin.fork_of(&source);
    let more = fork.charge(10);
    child.fork_of(&fork);
    let parts = || [&source, &fork, &twin, &child].map(|account| (account.held(), account.shared()));
    assert_eq!(parts(), [(101, 0), (10, 0), (0, 0), (0, 0)], "the source is there");
    assert_eq!((source.would_go(), fork.would_go(), child.would_go()), (0, 0, 0));
    assert!(source.end().is_empty(), "its forks keep what it has");
    assert_eq!(parts(), [(101, 0), (10, 34), (0, 34), (0, 34)]);
    drop(twin.end());
    assert!(fork.end().is_empty(), "its own fork keeps what it has");
    assert_eq!(child.shared(), 111);
    let late = source.sibling();
    late.fork_of(&child);
    assert_eq!((child.shared(), late.shared()), (51 + 5, 51 + 5));
    assert!(child.end().is_empty() && late.shared() == 111);
    let leaving = late.end();
    assert_eq!((source.budget.held(), source.held(), fork.held()), (0, 0, 0), "it was the last");
    drop((shared, more, leaving));
    assert_eq!(source.budget.all_held(), 0);
    let next = source.sibling();
    next.fork_of(&child);
    assert_eq!(next.origins.of.get().map(|of| of.len()), Some(1), "who is gone and holds nothing is forgotten");
    drop(next);
    assert_eq!(child.would_go(), 0, "a fork that never was is none");
}
