//! What a cell holds, whatever is done to it.

use super::*;
use crate::world::clock::Clock;
use crate::world::discard::Discards;
use crate::world::history::{HistoryBounds, no_turn};
use crate::world::table::{Made, Row, Table};
use crate::world::weight::{Budget, StateBounds};

type Outcome = Result<Written<()>, &'static str>;

fn add(number: i32) -> impl FnOnce(&mut Vec<i32>) -> Result<(), &'static str> {
    move |rows| {
        rows.push(number);
        Ok(())
    }
}

#[test]
fn a_failed_write_changes_nothing() {
    let cell = StateCell::new(Arc::new(vec![1]));
    let outcome: Outcome = cell.write(|rows: &mut Vec<i32>| {
        rows.push(2);
        Err("refused")
    });
    assert_eq!(outcome, Err("refused"));
    assert_eq!(*cell.read(), [1]);
}

#[test]
fn a_crashed_write_changes_nothing_and_blocks_nobody() {
    let cell = StateCell::new(Arc::new(vec![1]));
    let crash = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _: Outcome = cell.write(|rows: &mut Vec<i32>| {
            rows.push(2);
            panic!("crashed on purpose")
        });
    }));
    assert!(crash.is_err());
    assert_eq!(cell.write(add(3)), Ok(Written::Done((), None)));
    assert_eq!(*cell.read(), [1, 3]);
}

#[test]
fn who_must_not_wait_is_told_so_and_short_turns_are_shared() {
    let cell = StateCell::new(Arc::new(1));
    let (one, other) = (cell.short_turn(), cell.short_turn());
    assert!(one.is_some() && other.is_some(), "short turns are shared");
    drop((one, other));
    let long = cell.long_turn();
    assert!(cell.short_turn().is_none());
    drop(long);
    assert!(cell.short_turn().is_some());
}

#[test]
fn a_state_is_put_in_place_while_a_write_is_under_way_and_over_it() {
    let cell = StateCell::new(Arc::new(vec![1]));
    let over = |state: &Arc<Vec<i32>>| {
        cell.write(|rows: &mut Vec<i32>| {
            rows.push(2);
            drop(cell.set(state.clone(), 0, None, Origin::default(), &mut no_turn()));
            Ok::<_, &str>(())
        })
    };
    assert_eq!(over(&Arc::new(vec![7])), Ok(Written::Done((), None)));
    assert_eq!((&*cell.read(), &*cell.before()), (&vec![7], &vec![7]));
    assert_eq!(cell.write(add(8)), Ok(Written::Done((), None)));
    assert_eq!((&*cell.read(), &*cell.before()), (&vec![7, 8], &vec![7]), "the next write is of what was put in place");
    assert_eq!(over(&cell.read()), Ok(Written::Done((), None)));
    assert_eq!(*cell.read(), [7, 8], "also where it is the state that the write began with");
}

#[test]
fn a_write_that_is_replaced_holds_nothing_and_neither_does_what_was_there() {
    let budget = budget(u64::MAX, 10_000);
    let account = budget.account();
    let cell = notes(&account);
    let start = cell.read();
    assert!((0..5).all(|id| put(&cell, id, 744)));
    let kept = cell.keep();
    let written = cell.write(|notes| {
        notes.remove(&0);
        notes.insert(Note { id: 9, size: 4_000 });
        drop(cell.set(start.clone(), 0, None, Origin::default(), &mut no_turn()));
        Ok::<_, ()>(())
    });
    assert_eq!((written, cell.read().len(), account.held()), (Ok(Written::Done((), None)), 0, 5_000));
    let written = cell.write(|notes| {
        notes.insert(Note { id: 9, size: 744 });
        drop(cell.set(kept.state.clone(), kept.weight, Some(&kept.pin), Origin::default(), &mut no_turn()));
        Ok::<_, ()>(())
    });
    assert_eq!((written, cell.read().len(), account.held()), (Ok(Written::Done((), None)), 5, 5_000));
    drop((kept, cell.set(start, 0, None, Origin::default(), &mut no_turn())));
    assert_eq!((cell.weight(), account.held(), budget.all_held()), (0, 0, 0));
}

#[test]
fn a_write_without_a_history_tells_which_reset_it_came_after() {
    let account = budget(u64::MAX, 10_000).account();
    assert!(!account.history().is_on());
    let cell = notes(&account);
    let write = |id| {
        let written = cell.write(|notes| {
            notes.insert(Note { id, size: 10 });
            Ok::<_, ()>(())
        });
        let Ok(Written::Done((), Some(stamp))) = written else { panic!("{written:?}") };
        assert!(!stamp.is_own, "no step is kept that could be gone back to");
        stamp.step
    };
    let before = write(1);
    let mut reset = account.history().turn();
    drop((reset.start_anew(Clock::Real, true), reset.end()));
    let after = account.history().last().generation;
    assert!(before.is_before(after) && !write(2).is_before(after));
}

#[test]
fn a_reader_keeps_the_moment_it_took() {
    let cell = StateCell::new(Arc::new(vec![1]));
    let before = cell.read();
    drop(cell.set(Arc::new(vec![9]), 0, None, Origin::default(), &mut no_turn()));
    assert_eq!((before[0], cell.read()[0]), (1, 9));
}

#[test]
fn the_state_before_the_last_write_is_kept() {
    let cell = StateCell::new(Arc::new(vec![1]));
    assert_eq!(cell.write(add(2)), Ok(Written::Done((), None)));
    assert_eq!((&*cell.before(), &*cell.read()), (&vec![1], &vec![1, 2]));
    drop(cell.set(Arc::new(vec![9]), 0, None, Origin::default(), &mut no_turn()));
    assert_eq!(*cell.before(), [9], "a state that is put in place has none before it");
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Note {
    pub(super) id: u16,
    pub(super) size: u16,
}

impl Row for Note {
    type Id = u16;
    type Group = ();
    type Order = Made;

    fn id(&self) -> u16 {
        self.id
    }
    fn groups(&self) -> Vec<()> {
        vec![()]
    }
    fn order(&self, made: Made) -> Made {
        made
    }
    fn weight(&self) -> usize {
        usize::from(self.size)
    }
}

pub(super) type Notes = StateCell<Table<Note>>;

/// What a note takes beside its size.
const PLACES: u64 = 256;

pub(super) fn notes(account: &Arc<Account>) -> Notes {
    StateCell::charging(Arc::new(Table::default()), account.clone())
}

pub(super) fn budget(total: u64, sandbox: u64) -> Arc<Budget> {
    Budget::new(StateBounds { total, sandbox, ..StateBounds::default() }, HistoryBounds::OFF, Discards::default())
}

pub(super) fn put(cell: &Notes, id: u16, size: u16) -> bool {
    let written = cell.write(|notes| {
        notes.insert(Note { id, size });
        Ok::<_, ()>(())
    });
    matches!(written, Ok(Written::Done((), _)))
}

pub(super) fn take(cell: &Notes, ids: std::ops::Range<u16>) -> bool {
    let written = cell.write(|notes| {
        for id in ids {
            notes.remove(&id);
        }
        Ok::<_, ()>(())
    });
    matches!(written, Ok(Written::Done((), _)))
}

#[test]
fn what_a_snapshot_holds_does_not_make_room_for_what_takes_its_place() {
    let budget = budget(u64::MAX, 16_000);
    let account = budget.account();
    let cell = notes(&account);
    assert!((0..10).all(|id| put(&cell, id, 744)));
    assert_eq!(account.held(), 10_000);
    assert!(put(&cell, 0, 744), "one takes the place of another");
    let kept = cell.keep();
    assert!(put(&cell, 0, 400) && !(1..10).all(|id| put(&cell, id, 744)));
    assert!(account.held() > 10_000 && account.held() <= 16_000, "{}", account.held());
    assert!(!take(&cell, 0..10) || account.held() >= 10_000, "the snapshot holds them all");
    let Kept { state, pin, .. } = kept;
    let leaving = cell.end(pin);
    drop((state, leaving));
    assert!(take(&cell, 0..10));
    assert_eq!(account.held(), 0);
}

#[test]
fn what_was_deleted_makes_room_for_others_at_once_and_is_there_for_stale_reads_until_then() {
    let budget = budget(10_000, 10_000);
    let (one, other) = (budget.account(), budget.account());
    let (cell, elsewhere) = (notes(&one), notes(&other));
    assert!((0..10).all(|id| put(&cell, id, 744)) && !put(&elsewhere, 0, 0));
    assert!(take(&cell, 0..10));
    assert_eq!((budget.held(), budget.all_held(), cell.before().len()), (0, 10_000, 10));
    assert!((0..10).all(|id| put(&elsewhere, id, 744)));
    assert_eq!((budget.held(), budget.all_held(), cell.before().len()), (10_000, 10_000, 0), "its room was needed");
}

#[test]
fn a_snapshot_is_charged_the_nodes_that_were_copied_since_and_no_more_than_there_are() {
    let budget = budget(u64::MAX, u64::MAX);
    let account = budget.account();
    let table: Table<Note> = (0..5_000).map(|id| Note { id, size: 1 }).collect();
    let cell = StateCell::charging(Arc::new(table), account.clone());
    let alone = |cell: &Notes| {
        let held = account.held();
        assert!(put(cell, 7, 1));
        account.held() - held
    };
    assert_eq!((alone(&cell), alone(&cell)), (PLACES + 1, 0));
    let mut kept = vec![cell.keep()];
    let copied = alone(&cell);
    assert!((2_000..20_000).contains(&copied), "{copied}");
    kept.push(cell.keep());
    let second = alone(&cell);
    assert!(second.abs_diff(copied) < 1_000, "each has nodes of its own: {copied}, {second}");
    assert!((0..5_000).all(|id| put(&cell, id, 1)));
    let held = account.held();
    assert!((0..5_000).all(|id| put(&cell, id, 1)));
    assert_eq!(account.held(), held, "there is no more to copy");
    kept.swap_remove(0);
    assert!(account.held() > held / 2, "the other one still keeps them");
    kept.clear();
    assert_eq!(account.held(), 5_000 * (PLACES + 1));
}
