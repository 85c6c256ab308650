//! Tests of what changes a sandbox as a whole.

use std::sync::Barrier;

use super::*;
use crate::provider::from_text::FromText;
use crate::provider::register;
use crate::world::options::AuthMode;

/// A sandbox of so many slots, whose numbers are 1.
fn sandbox(slots: usize) -> Sandbox {
    let provider = register(FromText::counter());
    let slot = provider.slot("counter.json", r#"{"number": 1}"#.into(), Clock::Real.now(), Arc::default());
    let slot = slot.expect("a fixture");
    let slots = (0..slots).map(|_| slot.fresh(slot.account())).collect();
    let (journals, discards) = (Journals::default(), Discards::default());
    let start = Start { clock: Clock::Real, seed: Seed(1), slots, journals, discards };
    Sandbox::new("a".parse().expect("a name"), start, None)
}

/// Changes the options of the only slot, some time after they were read.
fn change(sandbox: &Sandbox, read: impl FnOnce(), change: impl FnOnce(&mut Options)) {
    let changed = sandbox.update_options(|slots| {
        let mut options = Options::clone(&slots[0].options());
        read();
        change(&mut options);
        Ok::<_, ()>(vec![(&*slots[0], Arc::new(options))])
    });
    changed.expect("options");
}

#[expect(clippy::disallowed_methods, reason = "another change must have the time to come between")]
#[test]
fn no_change_of_options_comes_between_another_and_what_that_read() {
    let (sandbox, reading) = (&sandbox(1), &Barrier::new(2));
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let read = || {
                reading.wait();
                std::thread::sleep(Duration::from_millis(200));
            };
            change(sandbox, read, |options| options.documented_only = true);
        });
        scope.spawn(move || {
            reading.wait();
            change(sandbox, || (), |options| options.auth = AuthMode::Off);
        });
    });
    let options = sandbox.slots()[0].options();
    assert_eq!((options.auth, options.documented_only), (AuthMode::Off, true));
}

/// The number of a slot.
fn number(slot: &Arc<dyn Slot>) -> u64 {
    let text = slot.clone().present().export(None, usize::MAX).expect("a text");
    serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["number"].as_u64().expect("a number")
}

#[test]
fn who_sees_one_of_the_states_that_are_put_in_place_sees_no_older_one_of_another_provider() {
    let (sandbox, over) = (&sandbox(3), &AtomicBool::new(false));
    let load = |slot: &Arc<dyn Slot>, number| {
        let text = format!(r#"{{"number": {number}}}"#);
        slot.clone().load("counter.json", text.into(), Clock::Real.now()).expect("a fixture")
    };
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for number in 2..2_000 {
                let moments: Vec<_> = sandbox.slots().iter().map(|slot| load(slot, number)).collect();
                sandbox.put(&moments);
            }
            over.store(true, Ordering::Release);
        });
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            scope.spawn(move || {
                while !over.load(Ordering::Acquire) {
                    let seen = order.map(|slot| number(&sandbox.slots()[slot]));
                    assert!(seen.is_sorted(), "{seen:?} in the order {order:?}");
                }
            });
        }
    });
    assert_eq!(sandbox.slots().iter().map(number).collect::<Vec<_>>(), [1_999; 3]);
}

#[expect(clippy::disallowed_methods, reason = "a reader that waits for longer than the test must not hold it")]
#[test]
fn nobody_reads_a_state_while_another_is_replaced_with_it() {
    let sandbox = sandbox(2);
    let seen = |slot: &Arc<dyn Slot>| {
        let slot = slot.clone();
        let (told, tell) = std::sync::mpsc::channel();
        std::thread::spawn(move || told.send(slot.size()));
        tell.recv_timeout(Duration::from_millis(300)).is_ok()
    };
    let (first, second) = (&sandbox.slots()[0], &sandbox.slots()[1]);
    let mut turn = sandbox.history().turn();
    let all = [first, second];
    let replaced = turn.replace_all(&all, |slot, turn| {
        assert_eq!(seen(first), Arc::ptr_eq(slot, first), "the first is held as the second is replaced");
        slot.reset(turn)
    });
    drop((replaced, turn));
    assert!(seen(first) && seen(second));
}
