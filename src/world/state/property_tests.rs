//! What a cell holds, whatever is done to it, with a history and without.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::tests::{Note, Notes, budget, notes, put, take};
use super::*;
use crate::world::discard::Discards;
use crate::world::history::{HistoryBounds, StepId};
use crate::world::table::Table;
use crate::world::weight::{Budget, StateBounds};

#[derive(Debug, Clone)]
enum Step {
    Put(u16, u16),
    Take(u16, u16),
    Keep,
    Forget(u8),
    Restore(u8),
    Reset,
    Back(u8),
    Expire(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0_u16..40, 0_u16..2_000).prop_map(|(id, size)| Step::Put(id, size)),
        2 => (0_u16..40, 1_u16..40).prop_map(|(id, count)| Step::Take(id, count)),
        2 => Just(Step::Keep),
        1 => any::<u8>().prop_map(Step::Forget),
        1 => any::<u8>().prop_map(Step::Restore),
        1 => Just(Step::Reset),
        2 => any::<u8>().prop_map(Step::Back),
        1 => (0_u16..2_000).prop_map(Step::Expire),
    ]
}

/// Holds a charge for no time at all.
struct Over(Mutex<Vec<weight::Charge>>);

impl weight::Reclaim for Over {
    fn reclaim(&self) -> Discarded {
        self.0.lock().clear();
        Discarded::none()
    }
}

const TOTAL: u64 = 30_000;
const SANDBOX: u64 = 20_000;
/// What a write may have under way: a record, and the nodes and the root of each kept state.
const A_WRITE: u64 = 10_000;

fn play(budget: &Arc<Budget>, cell: &Notes, account: &Arc<Account>, steps: &[Step], writers: u64) {
    let start = cell.read();
    let over = Arc::new(Over(Mutex::default()));
    let mut kept: VecDeque<Kept<Table<Note>>> = VecDeque::new();
    let mut expiries = Vec::new();
    let at = |kept: &VecDeque<Kept<Table<Note>>>, number: u8| usize::from(number).checked_rem(kept.len());
    for step in steps {
        match step {
            Step::Put(id, size) => drop(put(cell, *id, *size)),
            Step::Take(id, count) => drop(take(cell, *id..id + count)),
            Step::Keep if kept.len() < 6 => kept.push_back(cell.keep()),
            Step::Keep => drop(kept.pop_front()),
            Step::Forget(number) => {
                if let Some(Kept { state, pin, .. }) = at(&kept, *number).and_then(|at| kept.remove(at)) {
                    let leaving = cell.end(pin);
                    drop((state, leaving));
                }
            }
            Step::Restore(number) => {
                if let Some(Kept { state, weight, pin }) = at(&kept, *number).and_then(|at| kept.get(at)) {
                    turned(account, |turn| cell.set(state.clone(), *weight, Some(pin), Origin::default(), turn));
                }
            }
            Step::Reset => turned(account, |turn| cell.set(start.clone(), 0, None, Origin::default(), turn)),
            Step::Back(number) => {
                let last = account.history().last();
                let to = StepId { number: u64::from(*number) % (last.number + 1), ..last };
                turned(account, |turn| match turn.way_to(to) {
                    Ok(way) => {
                        cell.go_back(way.to, &Origin::default(), turn).map_or_else(Discarded::none, |back| back.1)
                    }
                    Err(_) => Discarded::none(),
                });
            }
            Step::Expire(bytes) => {
                let charge = account.charge(u64::from(*bytes));
                if account.check(0, &mut Discarded::none()).is_ok() {
                    let who: std::sync::Weak<Over> = Arc::downgrade(&over);
                    expiries.push(charge.expire(std::time::Duration::ZERO, who));
                    over.0.lock().push(charge);
                }
            }
        }
        let (held, all) = (account.held(), budget.all_held());
        // Who goes back takes what the history has, whatever room there is: together they hold no more than before.
        let HistoryBounds { sandbox, total: history } = account.history().bounds();
        assert!(held <= SANDBOX + sandbox + A_WRITE * (writers - 1), "{step:?}: the sandbox holds {held}");
        assert!(all <= TOTAL + history + A_WRITE * (writers - 1), "{step:?}: all hold {all}");
    }
}

/// The notes as they are, charged to nobody.
fn copy(cell: &Notes) -> Table<Note> {
    cell.read().in_order_made().map(|note| Note::clone(note)).collect()
}

fn turned(account: &Account, put: impl FnOnce(&mut Turn<'_>) -> Discarded) {
    let mut turn = account.history().turn();
    let replaced = put(&mut turn);
    let (_, more) = turn.end();
    drop((replaced, more));
}

const HISTORY: HistoryBounds = HistoryBounds { sandbox: 60_000, total: 90_000 };

fn with_history(total: u64, sandbox: u64) -> Arc<Budget> {
    Budget::new(StateBounds { total, sandbox, ..StateBounds::default() }, HISTORY, Discards::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn never_more_is_held_than_the_bounds_allow_and_nothing_at_the_end(
        steps in proptest::collection::vec(step(), 1..200),
        is_on in any::<bool>(),
    ) {
        let budget = if is_on { with_history(TOTAL, SANDBOX) } else { budget(TOTAL, SANDBOX) };
        let account = budget.account();
        let cell = notes(&account);
        play(&budget, &cell, &account, &steps, 1);
        drop(cell);
        prop_assert_eq!((account.held(), budget.held(), budget.all_held()), (0, 0, 0));
    }

    #[test]
    fn the_same_holds_for_several_threads(
        all in proptest::collection::vec(proptest::collection::vec(step(), 1..120), 4),
        is_on in any::<bool>(),
    ) {
        let budget = if is_on { with_history(TOTAL, SANDBOX) } else { budget(TOTAL, SANDBOX) };
        let accounts = [budget.account(), budget.account()];
        let cells: Vec<_> = (0..4).map(|number| notes(&accounts[number / 2])).collect();
        std::thread::scope(|scope| {
            for (number, steps) in all.iter().enumerate() {
                let (budget, cell, account) = (&budget, &cells[number], &accounts[number / 2]);
                scope.spawn(move || play(budget, cell, account, steps, 4));
            }
        });
        drop(cells);
        prop_assert_eq!((accounts[0].held(), accounts[1].held(), budget.held(), budget.all_held()), (0, 0, 0, 0));
    }
}

proptest! {
    #[test]
    fn what_was_there_behind_a_step_is_there_again_and_counts_as_what_it_weighs(
        steps in proptest::collection::vec(step(), 1..120),
    ) {
        // Nothing makes room: then what counts as the history's is exact.
        let bounds = HistoryBounds { sandbox: 100 << 20, total: 100 << 20 };
        let wide = StateBounds { total: u64::MAX, sandbox: u64::MAX, ..StateBounds::default() };
        let budget = Budget::new(wide, bounds, Discards::default());
        let account = budget.account();
        let cell = notes(&account);
        let start = cell.read();
        let mut seen = vec![copy(&cell)];
        for step in steps {
            match step {
                Step::Put(id, size) => prop_assert!(put(&cell, id, size)),
                Step::Take(id, count) => prop_assert!(take(&cell, id..id + count)),
                Step::Reset => turned(&account, |turn| cell.set(start.clone(), 0, None, Origin::default(), turn)),
                Step::Back(number) => {
                    let last = account.history().last();
                    let to = StepId { number: u64::from(number) % (last.number + 1), ..last };
                    let mut turn = account.history().turn();
                    if let Ok(way) = turn.way_to(to) {
                        let _ = turn.goes();
                        let back = cell.go_back(way.to, &Origin::default(), &mut turn);
                        prop_assert_eq!(&*cell.read(), &seen[usize::try_from(way.to).expect("a number")]);
                        drop((back, turn.end()));
                    }
                }
                _ => continue,
            }
            if account.history().last().number == seen.len() as u64 {
                seen.push(copy(&cell));
            }
            prop_assert_eq!(account.held(), cell.weight());
            prop_assert!(account.history().held() <= bounds.sandbox);
            prop_assert!(budget.all_held() <= cell.weight() + bounds.sandbox);
        }
        drop(cell);
        prop_assert_eq!((account.held(), budget.all_held()), (0, 0));
    }
}

#[test]
fn a_write_that_is_under_way_is_replaced_by_a_step_back_and_is_no_step() {
    let budget = with_history(u64::MAX, u64::MAX);
    let account = budget.account();
    let cell = notes(&account);
    assert!(put(&cell, 1, 744));
    let written = cell.write(|notes| {
        notes.insert(Note { id: 2, size: 744 });
        turned(&account, |turn| cell.go_back(0, &Origin::default(), turn).expect("another state").1);
        Ok::<_, ()>(())
    });
    assert_eq!((written, cell.read().len()), (Ok(Written::Done((), None)), 0));
    assert_eq!((account.held(), account.history().last().number), (0, 2));
    turned(&account, |turn| cell.go_back(1, &Origin::default(), turn).expect("another state").1);
    assert_eq!((cell.read().len(), account.held()), (1, 1_000));
    let seen = cell.around(1).expect("a step").map(|notes| notes.len());
    assert_eq!((seen, cell.around(4).is_none()), ([0, 1], true));
}
