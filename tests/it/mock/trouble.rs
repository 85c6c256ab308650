//! Faults and limits through a sandbox's handle.

use std::time::Duration;

use persona_mock::mock::{Cut, Fault, FaultAction, FaultState, Garble, Mock, MockError, Sandbox};
use serde_json::json;

use super::refusal;

const LIST: &str = "vijil.list_teams";

/// A client that knows the vendor alone; nothing, where the line is cut.
fn teams(sandbox: &Sandbox) -> Option<u16> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let request = agent.get(format!("{}/v1/users/me/teams", sandbox.url()));
    let answer = request.header("Authorization", "Bearer vijil-owner-token").call();
    answer.ok().map(|answer| answer.status().as_u16())
}

pub fn faults_are_armed_listed_and_disarmed(mock: &dyn Mock) {
    let sandbox = mock.sandbox("faults");
    let fault = Fault::refuse(429).retry_after(7).operation(LIST).first(1).id("busy").ttl("5m");
    let armed = sandbox.add_fault(&fault).expect("a fault");
    assert_eq!((armed.id(), armed.struck), ("busy", 0));
    assert_eq!((teams(&sandbox), teams(&sandbox)), (Some(429), Some(200)));
    let faults = sandbox.faults().expect("a list");
    assert_eq!((faults.len(), faults[0].fitted, faults[0].struck), (1, 2, 1));
    let said = faults[0].to_string();
    assert!(said.starts_with("busy: refuse status=429 retry_after_s=7  operation vijil.list_teams  first 1"), "{said}");
    assert!(said.contains("  struck 1 of 2, "), "{said}");
    sandbox.delete_fault("busy").expect("a deletion");
    assert!(refusal(sandbox.delete_fault("busy")).contains("no rule `busy` is armed"));
    let faults = [Fault::cut(Cut::BeforeAnswer).operation(LIST), Fault::refuse(401).operation(LIST)];
    let armed = sandbox.set_faults(&faults).expect("faults");
    assert_eq!(armed.iter().map(FaultState::id).collect::<Vec<_>>(), ["fault-1", "fault-2"]);
    assert_eq!((teams(&sandbox), teams(&mock.sandbox("another"))), (None, Some(200)));
    sandbox.clear_faults().expect("a deletion");
    assert_eq!((teams(&sandbox), sandbox.faults().expect("a list").len()), (Some(200), 0));
}

pub fn every_kind_of_fault_is_understood(mock: &dyn Mock) {
    let sandbox = mock.sandbox("kinds");
    let faults = [
        Fault::refuse(418).force().provider("vijil"),
        Fault::delay("1s").method("GET"),
        Fault::delay_between("1ms", Duration::from_millis(2)).path("/v1/users/**"),
        Fault::delay_lognormal("200ms", 0.5).header("X-A", "*").header("X-B", "b*"),
        Fault::slow_body("5s").every(3),
        Fault::cut(Cut::AfterHeaders).probability(0.5),
        Fault::cut(Cut::HalfBody),
        Fault::garble(Garble::InvalidJson),
        Fault::garble(Garble::EmptyBody),
        Fault::garble(Garble::WrongContentType),
        Fault::stale().operation(LIST),
    ];
    let armed = sandbox.set_faults(&faults).expect("faults");
    for (number, (armed, fault)) in armed.iter().zip(&faults).enumerate() {
        let id = format!("fault-{}", number + 1);
        assert_eq!(armed.fault, fault.clone().id(id), "what is armed is what was built");
    }
    assert_eq!((armed[6].fault.action, armed[6].expires_in_s), (FaultAction::Cut(Cut::HalfBody), 600));
    assert!(armed[10].to_string().starts_with("fault-11: stale  operation vijil.list_teams  struck 0 of 0, "));
    sandbox.reset().expect("a reset");
    assert!(sandbox.faults().expect("a list").is_empty(), "a reset disarms all");
}

pub fn what_no_request_can_be_is_refused(mock: &dyn Mock) {
    let sandbox = mock.sandbox("wrong");
    for (fault, said) in [
        (Fault::refuse(429).operation("vijil.list_team"), "there is no operation `vijil.list_team`"),
        (Fault::refuse(418).operation(LIST), "(at $.action.refuse.status)"),
        (Fault::stale().operation("vijil.delete_persona"), "only a read can be stale"),
        (Fault::cut(Cut::HalfBody).first(0), "(at $.when.first)"),
        (Fault::cut(Cut::HalfBody).path("/v2/**"), "fits \"/v2/**\""),
    ] {
        let found = refusal(sandbox.add_fault(&fault));
        assert!(found.contains(said), "{found}");
    }
}

pub fn what_a_builder_cannot_take_is_told_before_anything_is_sent(mock: &dyn Mock) {
    let sandbox = mock.sandbox("misstated");
    for (fault, said) in [
        (
            Fault::delay("an hour"),
            "ms, the larger unit first, such as 500ms, 90s, 1h30m or 14d; found \"an hour\" (at $.action.delay.fixed)",
        ),
        (Fault::delay_between("1s", "x"), "(at $.action.delay.uniform.max)"),
        (Fault::slow_body("x").ttl("y"), "(at $.action.slow_body.over)"),
        (Fault::stale().ttl("ten minutes"), "(at $.ttl)"),
        (Fault::stale().path("/v1/pers*"), "write /v1/* for one segment or /v1/** for any number"),
        (Fault::stale().path("v1").path("/v1"), "(at $.match.path)"),
        (Fault::stale().retry_after(1), "`retry_after` is part of a refusal"),
        (Fault::cut(Cut::HalfBody).force(), "`force` is part of a refusal"),
        (Fault::stale().probability(f64::NAN), "and at most 1, such as 0.5, found NaN (at $.when.probability)"),
        (
            Fault::delay_lognormal("1s", f64::INFINITY),
            "a number from 0 to 4, such as 0.5, found inf (at $.action.delay.lognormal.sigma)",
        ),
    ] {
        for outcome in [sandbox.add_fault(&fault).map(drop), sandbox.set_faults(std::slice::from_ref(&fault)).map(drop)]
        {
            let error = outcome.expect_err(said);
            assert!(matches!(error, MockError::Value { what: "fault", .. }), "{error:?}");
            assert!(error.to_string().contains(said), "{error}");
        }
        assert!(fault.check().is_err(), "{said}");
    }
    assert!(sandbox.faults().expect("a list").is_empty());
}

pub fn a_fault_strikes_by_query_and_body(mock: &dyn Mock) {
    let sandbox = mock.sandbox("by_body");
    let faults = [
        Fault::refuse(503).operation(LIST).query("limit", "1"),
        Fault::refuse(500).body(json!({"name": "A"})).body_has("$.tags[0]").body_at("$.tags", json!(["t"])),
    ];
    let armed = sandbox.set_faults(&faults).expect("faults");
    assert_eq!(armed[1].fault.matches, faults[1].matches);
    assert_eq!((teams(&sandbox), sandbox.faults().expect("a list")[0].fitted), (Some(200), 0));
}

pub fn limits_are_shown_and_set(mock: &dyn Mock) {
    let sandbox = mock.sandbox("limits");
    assert_eq!(sandbox.limits().expect("limits").to_string(), "vijil  off");
    let limits = sandbox.set_limit("vijil", "2/1m").expect("limits");
    assert_eq!(limits.limits["vijil"].as_ref().map(|limit| &*limit.limit), Some("2/1m"));
    assert_eq!([teams(&sandbox), teams(&sandbox), teams(&sandbox)], [Some(200), Some(200), Some(429)]);
    let said = sandbox.limits().expect("limits").to_string();
    assert_eq!(said, "vijil  2/1m (inferred), 1 caller(s) counted");
    sandbox.advance_clock("1m").expect("a clock");
    assert_eq!(teams(&sandbox), Some(200), "waited without waiting");
    sandbox.set_limit("vijil", "off").expect("limits");
    assert!(refusal(sandbox.set_limit("vijil", "often")).contains("(at $.limits.vijil)"));
}
