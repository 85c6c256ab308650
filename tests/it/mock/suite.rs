//! What a sandbox's handle can do, wherever its server runs.

use std::time::Duration;

use persona_mock::mock::{AuthMode, Change, ClockMode, ControlRequest, Mock, SandboxStart, SettingsChange};
use serde_json::{Value, json};

use super::{add, count, refusal};

pub fn a_reset_puts_one_sandbox_back_and_no_other(mock: &dyn Mock) {
    let (one, other) = (mock.sandbox("one"), mock.sandbox("other"));
    add(&one);
    add(&other);
    one.reset().expect("a reset");
    assert_eq!((count(&one), count(&other)), (json!(1), json!(2)));
    other.reset_only("toy").expect("a reset");
    assert_eq!(count(&other), json!(1));
    let said = refusal(other.reset_only("tyo"));
    assert!(said.starts_with("POST /_mock/reset (sandbox other) answered 400: cannot reset `tyo` alone"), "{said}");
    assert!(said.ends_with("(at $.only)"), "{said}");
}

pub fn state_is_read_and_replaced(mock: &dyn Mock) {
    let sandbox = mock.sandbox("state");
    add(&sandbox);
    assert_eq!(sandbox.state().expect("a state"), json!({"toy": {"count": 2}}));
    sandbox.put_state(&json!({"toy": {"count": 5}})).expect("a state");
    assert_eq!(sandbox.state_of("toy").expect("a state"), json!({"count": 5}));
    sandbox.put_state_of("toy", &json!({"count": 6})).expect("a state");
    assert_eq!(sandbox.state_text("toy").expect("a text"), "{\n  \"count\": 6\n}");
    sandbox.put_state_text("toy", r#"{"count": 7}"#).expect("a state");
    let said = refusal(sandbox.put_state_of("toy", &json!({"count": 10})));
    assert!(said.ends_with("\n  toy: $.count: found 10, expected a count below 10"), "{said}");
    assert_eq!(count(&sandbox), json!(7), "a fault changes nothing");
    assert!(refusal(sandbox.state_of("tyo")).contains("no provider `tyo` is served"));
}

pub fn rows_are_listed_read_and_changed(mock: &dyn Mock) {
    let sandbox = mock.sandbox("rows");
    assert!(refusal(sandbox.rows("toy", "counts", 10, 0, "")).contains("toy has no list `counts`"));
    assert!(refusal(sandbox.row("tyo", "counts", "1")).contains("no provider `tyo` is served"));
    let (row, tag) = (json!({}), Some("\"a\""));
    assert!(refusal(sandbox.put_row("toy", "counts", "1", tag, &row)).contains("(sandbox rows) answered 404"));
    assert!(refusal(sandbox.patch_row("toy", "counts", "1", Some("a"), &row)).contains("404"));
    assert!(refusal(sandbox.delete_row("toy", "counts", "a/b", None)).contains("404"));
    assert!(refusal(sandbox.add_row("toy", "counts", &row)).contains("its rows cannot be changed one by one"));
}

pub fn a_diff_tells_what_changed(mock: &dyn Mock) {
    let sandbox = mock.sandbox("diff");
    sandbox.assert_unchanged();
    add(&sandbox);
    sandbox.save_snapshot("one").expect("a snapshot");
    sandbox.assert_unchanged_since("one");
    add(&sandbox);
    let diff = sandbox.diff_since("one").expect("a diff");
    let change = Change::Changed { path: "$.count".to_owned(), from: json!(2), to: json!(3) };
    assert_eq!((diff.of("toy"), diff.of("tyo")), (&[change][..], &[][..]));
    assert_eq!(diff.to_string(), "changed since one:\ntoy\n  ~ $.count: 2 -> 3");
    let claim = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sandbox.assert_unchanged()));
    let said = claim.expect_err("a failure").downcast::<String>().expect("a message");
    assert_eq!(*said, "sandbox diff: expected no change, but changed since fixtures:\ntoy\n  ~ $.count: 1 -> 3");
    assert!(refusal(sandbox.diff_since("two")).contains("no snapshot `two`; the sandbox has one"));
}

pub fn time_goes_back_step_by_step_and_forward_again(mock: &dyn Mock) {
    let sandbox = mock.sandbox("history");
    assert!(refusal(sandbox.undo()).contains("nothing before"));
    add(&sandbox);
    sandbox.advance_clock("1d").expect("a clock");
    add(&sandbox);
    let steps = sandbox.history().expect("a history");
    let told: Vec<_> = steps.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["w-1 2026-01-15T12:00:00Z toy.add_count #1 (toy)", "w-2 2026-01-16T12:00:00Z toy.add_count #2 (toy)"],
        "the oldest first"
    );
    let diff = sandbox.diff_of("2").expect("a diff");
    assert_eq!(diff.to_string(), "changed since before 2:\ntoy\n  ~ $.count: 2 -> 3");
    let back = sandbox.undo().expect("a step");
    assert_eq!((&*back.step, &*back.back_to), ("w-3", "w-1"));
    let back = sandbox.undo().expect("a step");
    let said = "sandbox history: as it was where it started (w-4); clock 2026-01-15T12:00:00Z (frozen)";
    assert_eq!(back.to_string(), said);
    sandbox.rewind_after("w-2").expect("a step");
    assert_eq!(count(&sandbox), json!(3));
    sandbox.rewind_before("2").expect("a step");
    assert_eq!(count(&sandbox), json!(2));
    assert!(refusal(sandbox.rewind_after("w-9")).contains("no step `w-9`: the last one is w-6"));
}

pub fn snapshots_are_saved_restored_listed_and_deleted(mock: &dyn Mock) {
    let sandbox = mock.sandbox("snapshots");
    let saved = sandbox.save_snapshot("before").expect("a snapshot");
    assert_eq!(saved.to_string(), "before (clock at 2026-01-15T12:00:00Z)");
    add(&sandbox);
    sandbox.advance_clock("1d").expect("a clock");
    sandbox.restore_snapshot("before").expect("a restore");
    assert_eq!(count(&sandbox), json!(1));
    assert_eq!(sandbox.clock().expect("a clock").now.to_string(), "2026-01-15T12:00:00Z");
    assert_eq!(sandbox.snapshots().expect("a list"), [saved]);
    assert_eq!(sandbox.snapshot_state("before").expect("a state"), json!({"toy": {"count": 1}}));
    sandbox.delete_snapshot("before").expect("a deletion");
    assert!(refusal(sandbox.restore_snapshot("before")).contains("no snapshot `before`"));
    let said = refusal(sandbox.save_snapshot("a b?"));
    assert!(said.contains("a snapshot's name is 1 to 64 letters"), "{said}");
}

pub fn a_clock_freezes_moves_and_runs(mock: &dyn Mock) {
    let sandbox = mock.sandbox("clock");
    let now = |outcome: Result<persona_mock::mock::ClockState, _>| outcome.expect("a clock").now.to_string();
    assert_eq!(now(sandbox.advance_clock("14d")), "2026-01-29T12:00:00Z");
    assert_eq!(now(sandbox.advance_clock("-1h")), "2026-01-29T11:00:00Z");
    assert_eq!(now(sandbox.advance_clock(Duration::from_millis(1_500))), "2026-01-29T11:00:01.5Z");
    assert_eq!(now(sandbox.set_clock("2030-01-01T00:00:00Z")), "2030-01-01T00:00:00Z");
    assert_eq!(sandbox.run_clock().expect("a clock").mode, ClockMode::Offset);
    assert_eq!(sandbox.freeze_clock().expect("a clock").mode, ClockMode::Frozen);
    let instant = sandbox.freeze_clock_at("2031-01-01T00:00:00Z").expect("a clock").now;
    assert_eq!(now(sandbox.freeze_clock_at(instant)), "2031-01-01T00:00:00Z");
    assert_eq!(sandbox.real_clock().expect("a clock").mode, ClockMode::Real);
    assert!(refusal(sandbox.advance_clock("14 days")).contains("(at $.advance)"));
}

pub fn seed_and_settings_are_the_sandboxes_own(mock: &dyn Mock) {
    let sandbox = mock.sandbox("settings");
    sandbox.set_seed(9).expect("a seed");
    assert_eq!((sandbox.seed().expect("a seed"), mock.default_sandbox().seed().expect("a seed")), (9, 1));
    let settings = sandbox.set_auth(AuthMode::Strict).expect("settings");
    assert_eq!(settings.to_string(), "auth=strict\ndocumented_only=false");
    let change = SettingsChange::new().auth(AuthMode::Off).documented_only(true);
    let settings = sandbox.change_settings(&change).expect("settings");
    assert_eq!((settings.auth, settings.documented_only), (AuthMode::Off, true));
    assert_eq!(sandbox.settings().expect("settings"), settings);
    assert!(refusal(sandbox.set("toy", "size", "1")).contains("(at $.providers.toy.size)"));
}

pub fn a_fork_goes_on_from_what_another_sandbox_is(mock: &dyn Mock) {
    let base = mock.sandbox("base");
    add(&base);
    let fork = base.fork("forked").expect("a fork");
    add(&fork);
    assert_eq!((count(&base), count(&fork), fork.name()), (json!(2), json!(3), "forked"));
    fork.reset().expect("a reset");
    assert_eq!(count(&fork), json!(2));
    assert!(refusal(mock.sandbox("nobody-yet").fork("x")).contains("there is no sandbox `nobody-yet`"));
}

pub fn a_sandbox_is_made_listed_and_taken_away(mock: &dyn Mock) {
    let start = SandboxStart::new()
        .seed(5)
        .clock("2030-01-01T00:00:00Z")
        .ttl("10m")
        .settings(SettingsChange::new().auth(AuthMode::Strict))
        .fixture("toy", &json!({"count": 4}));
    let sandbox = mock.make_sandbox("made", &start).expect("a sandbox");
    add(&sandbox);
    sandbox.reset().expect("a reset");
    assert_eq!(count(&sandbox), json!(4), "a reset returns to its own start");
    let info = sandbox.info().expect("a state");
    assert_eq!(info.to_string(), "made  seed 5  clock 2030-01-01T00:00:00Z (frozen)  idle 0s of 10m");
    assert_eq!(sandbox.settings().expect("settings").auth, AuthMode::Strict);
    let names: Vec<_> = mock.sandboxes().expect("a list").into_iter().map(|state| state.name).collect();
    assert!(names.starts_with(&["default".to_owned()]) && names.contains(&"made".to_owned()), "{names:?}");
    sandbox.delete().expect("a deletion");
    assert!(refusal(sandbox.info()).contains("there is no sandbox `made`"));
    let start = SandboxStart::new().fixture_text("toy", r#"{"count": 10}"#).expect("JSON");
    assert!(refusal(mock.make_sandbox("bad", &start)).contains("expected a count below 10"));
    assert!(refusal(mock.sandbox("a b").reset()).contains("a sandbox's name is 1 to 64 letters"));
    assert!(refusal(mock.default_sandbox().delete()).contains("`default` never goes"));
}

pub fn health_and_any_other_page_can_be_asked(mock: &dyn Mock) {
    let health = mock.health().expect("health");
    assert!(health.ready && health.providers == ["toy"] && health.fixtures.is_none(), "{health:?}");
    let routes = mock.default_sandbox().ask(&ControlRequest::new("GET", &["routes"])).expect("routes");
    assert!(routes.read::<Value>().expect("JSON")["routes"].is_array());
    assert!(refusal(mock.default_sandbox().ask(&ControlRequest::new("GET", &["nowhere"]))).contains("404"));
    assert!(refusal(mock.default_sandbox().ask(&ControlRequest::new("PATCH", &["clock"]))).contains("405"));
}
