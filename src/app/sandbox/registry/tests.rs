//! Tests of the registry, with a provider that is read from a text.

use super::*;
use crate::app::sandbox::WhenFull;
use crate::provider::from_text::FromText;
use crate::provider::{Slot, register};
use crate::world::clock::Clock;
use crate::world::history::no_turn;
use crate::world::ids::Seed;
use crate::world::journal::{Journals, Why};

fn sandboxes(bounds: Bounds) -> Sandboxes {
    let now = Clock::Real.now();
    let slot = register(FromText::counter()).slot("counter.json", r#"{"number": 1}"#.into(), now, Arc::default());
    let slots = vec![slot.expect("a fixture")];
    let (journals, discards) = (Journals::default(), Discards::default());
    Sandboxes::new(Start { clock: Clock::Real, seed: Seed(1), slots, journals, discards }, bounds)
}

fn name(text: &str) -> SandboxName {
    text.parse().expect("a name")
}

fn slot(sandbox: &Sandbox) -> Arc<dyn Slot> {
    sandbox.slot("counter").expect("a slot").clone()
}

fn number(sandbox: &Sandbox) -> u64 {
    let text = slot(sandbox).present().export(None, usize::MAX).expect("a text");
    serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["number"].as_u64().expect("a number")
}

fn state(sandbox: &Sandbox, number: u64) -> Arc<dyn Moment> {
    slot(sandbox)
        .load("counter.json", format!(r#"{{"number": {number}}}"#).into(), Clock::Real.now())
        .expect("a fixture")
}

fn write(sandbox: &Sandbox, number: u64) {
    sandbox.put(&[state(sandbox, number)]);
    sandbox.note_written();
}

/// A request that asks for its sandbox to stay, and is not yet answered.
fn ask(all: &Sandboxes, text: &str) -> Result<Found, Full> {
    let found = all.enter(&name(text));
    found.ask_to_stay().map(|()| found)
}

/// A request that reads, and what its answer says of how the sandbox was made.
fn read(all: &Sandboxes, text: &str) -> Result<Option<Created>, Full> {
    let found = ask(all, text)?;
    found.keep().map(|()| found.created())
}

/// The same of one that writes.
fn change(all: &Sandboxes, text: &str, number: u64) -> Result<Option<Created>, Full> {
    let found = ask(all, text)?;
    write(found.sandbox(), number);
    found.keep().map(|()| found.created())
}

fn names(all: &Sandboxes) -> Vec<String> {
    all.list().iter().skip(1).map(|info| info.sandbox.name().to_string()).collect()
}

/// Room for so many, of which a written one is safe for no time.
fn room_for(sandboxes: usize) -> Bounds {
    Bounds { sandboxes, safe: Duration::ZERO, ..Bounds::default() }
}

const NEW: Result<Option<Created>, Full> = Ok(Some(Created::New));
const EVICTED: Result<Option<Created>, Full> = Ok(Some(Created::Evicted));
const UNKEPT: Result<Option<Created>, Full> = Ok(Some(Created::Unkept));
const THERE: Result<Option<Created>, Full> = Ok(None);

#[expect(clippy::disallowed_methods, reason = "time must pass")]
fn let_time_pass() {
    std::thread::sleep(Duration::from_millis(2));
}

#[test]
fn two_sandboxes_never_see_each_other() {
    let all = sandboxes(Bounds::default());
    assert_eq!((change(&all, "one", 7), read(&all, "other")), (NEW, NEW));
    let number_of = |text| number(all.enter(&name(text)).sandbox());
    assert_eq!((number_of("one"), number_of("other"), number(all.default())), (7, 1, 1));
    assert_eq!(read(&all, "one"), THERE);
    all.enter(&name("one")).sandbox().reset();
    assert_eq!(number_of("one"), 1);
}

#[test]
fn a_sandbox_that_lacked_a_provider_would_see_none_of_another() {
    let all = sandboxes(Bounds::default());
    write(all.default(), 7);
    let address = all.default().address("/counter/number").expect("an address");
    let start = Start { slots: Vec::new(), ..all.start() };
    let lacking = address.in_sandbox(&Sandbox::new(name("lacking"), start, None)).slot.clone();
    let shown = |slot: &Arc<dyn Slot>| slot.clone().present().export(None, usize::MAX).expect("a text");
    assert!(shown(&lacking).contains(r#""number": 1"#), "{}", shown(&lacking));
    drop(
        lacking
            .load("counter.json", r#"{"number": 9}"#.into(), Clock::Real.now())
            .expect("a fixture")
            .restore(&mut no_turn()),
    );
    assert_eq!(number(all.default()), 7);
    let there = address.in_sandbox(all.enter(&name("there")).sandbox()).slot.clone();
    assert!(shown(&there).contains(r#""number": 1"#), "{}", shown(&there));
}

#[test]
fn a_sandbox_is_there_once_a_request_keeps_it_and_not_before() {
    let all = sandboxes(Bounds::default());
    for looked in [all.enter(&name("a")), all.visit(&name("a"))] {
        assert_eq!((looked.created(), looked.lost(), names(&all)), (None, None, vec![]));
    }
    let asked = ask(&all, "a").expect("room");
    assert_eq!(names(&all), [""; 0]);
    drop(asked);
    assert_eq!((names(&all), all.home.lists.lock().forks()), (vec![], 0), "a client that went leaves nothing");
    assert_eq!((read(&all, "a"), names(&all)), (NEW, vec!["a".to_owned()]));
    assert_eq!(all.tally().created[0], (Created::New, 1));
}

#[test]
fn two_first_requests_at_once_meet_one_world() {
    let all = sandboxes(Bounds::default());
    let (one, two, look) = (ask(&all, "a").expect("room"), ask(&all, "a").expect("room"), all.enter(&name("a")));
    assert!(Arc::ptr_eq(one.sandbox(), two.sandbox()) && Arc::ptr_eq(one.sandbox(), look.sandbox()));
    write(one.sandbox(), 5);
    assert_eq!((two.keep(), two.created()), (Ok(()), Some(Created::New)));
    assert_eq!((one.keep(), one.created()), (Ok(()), None), "one of them made it");
    drop((one, two, look));
    assert_eq!((number(all.enter(&name("a")).sandbox()), all.home.lists.lock().forks()), (5, 0));
}

#[test]
fn what_was_written_stays_even_if_its_request_ends_without_an_answer() {
    let all = sandboxes(Bounds::default());
    let asked = ask(&all, "a").expect("room");
    write(asked.sandbox(), 5);
    drop(asked);
    assert_eq!((names(&all), number(all.enter(&name("a")).sandbox())), (vec!["a".to_owned()], 5));
    let visit = all.visit(&name("b"));
    write(visit.sandbox(), 5);
    drop(visit);
    assert_eq!(number(all.enter(&name("b")).sandbox()), 1, "what nobody asked to stay goes");
}

#[test]
fn one_that_was_never_written_goes_first_the_longest_unused_first() {
    let all = sandboxes(room_for(3));
    assert_eq!([change(&all, "w", 5), read(&all, "a"), read(&all, "b"), read(&all, "a")], [NEW, NEW, NEW, THERE]);
    assert_eq!((read(&all, "c"), names(&all)), (NEW, ["a", "c", "w"].map(str::to_owned).to_vec()));
    assert_eq!((change(&all, "a", 5), read(&all, "d")), (THERE, NEW));
    assert_eq!(names(&all), ["a", "d", "w"]);
    assert_eq!((read(&all, "b"), read(&all, "w")), (EVICTED, THERE), "its loss is told");
    assert_eq!(all.tally().evicted, 3);
}

#[test]
fn a_flood_of_names_that_nobody_writes_takes_no_written_one_away() {
    let all = sandboxes(room_for(10));
    for number in 0..9 {
        assert_eq!(change(&all, &format!("w{number}"), 5), NEW);
    }
    (0..1_000).for_each(|number| assert_eq!(read(&all, &format!("n{number}")), NEW));
    let written: Vec<_> = (0..9).map(|number| format!("w{number}")).collect();
    assert_eq!(names(&all), [vec!["n999".to_owned()], written].concat());
}

#[test]
fn one_that_nobody_wrote_never_pushes_out_a_written_one() {
    let all = sandboxes(room_for(1));
    assert_eq!((change(&all, "a", 5), read(&all, "b"), names(&all)), (NEW, UNKEPT, vec!["a".to_owned()]));
    assert_eq!((change(&all, "b", 6), names(&all)), (NEW, vec!["b".to_owned()]));
    assert_eq!(read(&all, "a"), UNKEPT, "it is full again");
    let lost = all.enter(&name("a")).lost();
    assert_eq!(lost, Some(Created::Evicted), "and what was lost is still known");
}

#[test]
fn a_written_one_that_was_just_used_stays_and_the_newcomer_is_refused() {
    let all = sandboxes(Bounds { sandboxes: 1, ..Bounds::default() });
    assert_eq!(change(&all, "a", 5), NEW);
    let full = read(&all, "b").expect_err("no room");
    assert_eq!((full.retry_after_s, names(&all)), (60, vec!["a".to_owned()]));
    let said = full.to_string();
    assert!(
        said.contains("there may be 1 (--max-sandboxes 1), and --when-full evict takes none away that was"),
        "{said}"
    );
    assert_eq!((change(&all, "a", 6), all.put(own(&all, "c")).is_err()), (THERE, true));
    assert!(all.remove(&name("a")));
    assert_eq!(read(&all, "b"), NEW);
}

#[test]
fn where_the_full_server_refuses_no_written_one_goes_however_old() {
    let all = sandboxes(Bounds { when_full: WhenFull::Refuse, ..room_for(2) });
    assert_eq!((change(&all, "a", 5), read(&all, "b")), (NEW, NEW));
    assert_eq!((change(&all, "c", 5), names(&all)), (NEW, vec!["a".to_owned(), "c".to_owned()]));
    for refused in [read(&all, "d"), change(&all, "d", 5)] {
        let said = refused.expect_err("no room").to_string();
        assert!(said.contains("--when-full refuse takes none away that was written"), "{said}");
    }
}

#[test]
fn a_write_that_finds_no_room_any_more_is_refused_and_leaves_nothing() {
    let all = sandboxes(Bounds { sandboxes: 1, ..Bounds::default() });
    let (one, two) = (ask(&all, "a").expect("room"), ask(&all, "b").expect("room"));
    write(one.sandbox(), 5);
    write(two.sandbox(), 6);
    let other = ask(&all, "b").expect("room");
    assert_eq!((one.keep(), two.keep().is_err(), other.keep().is_err()), (Ok(()), true, true));
    let ended = [&one, &two].map(|found| found.sandbox().journal().ended());
    assert_eq!(ended, [None, Some(Why::NoRoom)], "whoever follows it is told");
    drop((one, two, other));
    assert_eq!((names(&all), number(all.enter(&name("b")).sandbox())), (vec!["a".to_owned()], 1));
}

#[test]
fn one_that_a_request_is_under_way_in_neither_expires_nor_makes_room() {
    let all = sandboxes(Bounds { idle: Duration::ZERO, ..room_for(1) });
    let found = ask(&all, "a").expect("room");
    found.keep().expect("room");
    let_time_pass();
    all.sweep();
    assert_eq!(names(&all), ["a"]);
    assert!(read(&all, "b").is_err(), "one that is used makes no room");
    assert_eq!(all.enter(&name("a")).lost(), None);
    drop(found);
    let_time_pass();
    all.sweep();
    assert_eq!((names(&all).len(), all.tally().expired), (0, 1), "its idle time counts from the end");
}

#[test]
fn an_idle_one_expires_and_its_loss_is_told_until_it_is_written() {
    let all = sandboxes(Bounds::default());
    let start = || Arc::new(Sandbox::new(name("a"), all.start(), Some(Duration::ZERO)));
    assert_eq!(all.put(start()), Ok(true));
    let_time_pass();
    let expired = Ok(Some(Created::Expired));
    assert_eq!(all.enter(&name("a")).lost(), Some(Created::Expired));
    assert_eq!([read(&all, "a"), read(&all, "a")], [expired.clone(), expired.clone()]);
    assert_eq!([change(&all, "a", 5), read(&all, "a")], [expired, THERE]);
    assert_eq!(all.enter(&SandboxName::default_name()).created(), None, "default never goes");
}

#[test]
fn one_expires_whatever_the_time_of_its_neighbours_is() {
    let all = sandboxes(Bounds::default());
    for (text, time_to_live) in [("short", Duration::ZERO), ("long", Duration::from_secs(60))] {
        let sandbox = Arc::new(Sandbox::new(name(text), all.start(), Some(time_to_live)));
        assert_eq!(all.put(sandbox), Ok(true));
    }
    assert_eq!(read(&all, "usual"), NEW);
    let_time_pass();
    all.sweep();
    assert_eq!((names(&all), all.tally().alive), (vec!["long".to_owned(), "usual".to_owned()], 3));
    assert_eq!(all.why_gone(&name("short")), Some(Created::Expired));
}

#[test]
fn what_expired_makes_room_before_anything_else() {
    let all = sandboxes(Bounds { sandboxes: 2, ..Bounds::default() });
    let short = Arc::new(Sandbox::new(name("short"), all.start(), Some(Duration::ZERO)));
    assert_eq!((all.put(short), change(&all, "a", 5)), (Ok(true), NEW));
    let_time_pass();
    assert_eq!((change(&all, "b", 5), names(&all)), (NEW, vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!((all.tally().expired, all.tally().evicted), (1, 0));
}

#[test]
fn a_sweep_looks_at_what_is_due_alone() {
    let all = sandboxes(Bounds::default());
    (0..100).for_each(|number| assert_eq!(read(&all, &format!("n{number}")), NEW));
    let in_an_hour = all.home.now() + nanoseconds(Bounds::default().idle);
    let sweep = |now, most| all.home.change(|lists, replaced| lists.sweep(now, most, replaced));
    assert!(!sweep(in_an_hour / 2, 10), "nothing is due");
    assert!(sweep(in_an_hour * 2, 10), "it goes on later");
    assert_eq!(all.tally().expired, 10);
    assert!(!sweep(in_an_hour * 2, 100));
    let lists = all.home.lists.lock();
    assert_eq!((lists.tally().alive, lists.due()), (1, 0), "nothing is left to look at");
}

#[test]
fn a_name_can_be_taken_away_while_its_first_request_is_under_way() {
    let all = sandboxes(Bounds::default());
    let look = all.enter(&name("a"));
    assert!(!all.remove(&name("a")), "nobody asked for it to stay");
    assert_eq!(look.sandbox().journal().ended(), None, "whoever follows it waits on");
    drop(look);
    let asked = ask(&all, "a").expect("room");
    write(asked.sandbox(), 5);
    assert!(all.remove(&name("a")));
    assert_eq!((asked.keep(), names(&all).len()), (Ok(()), 0));
    drop(asked);
    assert_eq!((read(&all, "a"), number(all.enter(&name("a")).sandbox())), (NEW, 1));
}

fn own(all: &Sandboxes, text: &str) -> Arc<Sandbox> {
    Arc::new(Sandbox::new(name(text), all.start(), None))
}

#[test]
fn a_reload_is_for_new_and_reset_sandboxes_without_fixtures_of_their_own() {
    let all = sandboxes(Bounds::default());
    let there = all.enter(&name("there"));
    there.keep().expect("room");
    let there = there.sandbox();
    let own = own(&all, "own");
    drop(state(&own, 2).begin(&mut no_turn()));
    assert_eq!(all.put(own.clone()), Ok(true));
    all.reload(&[state(all.default(), 5)]);
    assert_eq!((number(there), number(all.default())), (1, 1), "nobody's world changes under a test");
    assert_eq!(number(all.enter(&name("new")).sandbox()), 5);
    there.reset();
    own.reset();
    all.default().reset_state(&*slot(all.default()));
    assert_eq!((number(there), number(&own), number(all.default())), (5, 2, 5));
}

#[test]
fn a_snapshot_is_data_and_clock() {
    let all = sandboxes(Bounds::default());
    let sandbox = all.default();
    let snapshot = sandbox.snapshot();
    write(sandbox, 9);
    sandbox.set_seed(Seed(5));
    sandbox.set_clock(|clock| Some(clock.freeze()));
    sandbox.restore(&snapshot);
    assert_eq!((number(sandbox), sandbox.clock(), sandbox.seed()), (1, Clock::Real, Seed(5)));
}
