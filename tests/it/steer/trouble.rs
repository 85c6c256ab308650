//! Faults and limits as a shell says them.

use serde_json::json;

use super::Shell;
use crate::support::Asked;

fn teams(shell: &Shell, sandbox: &str) -> u16 {
    let asked = Asked::new("GET", "/v1/users/me/teams").header("Authorization", "Bearer vijil-owner-token");
    shell.send(&asked.header("X-Mock-Sandbox", sandbox))
}

#[test]
fn a_fault_is_added_listed_and_deleted() {
    let shell = Shell::start(&[]);
    let said = shell.said("fault add --refuse 429 --retry-after 7 --operation vijil.list_teams --first 1 --sandbox t1");
    let rule = "fault-1: refuse status=429 retry_after_s=7  operation vijil.list_teams  first 1";
    assert!(said.starts_with(rule) && said.contains("  struck 0 of 0, "), "{said}");
    assert_eq!((teams(&shell, "t1"), teams(&shell, "t1"), teams(&shell, "t2")), (429, 200, 200));
    assert!(shell.said("fault list --sandbox t1").contains("  struck 1 of 2, "));
    assert!(shell.said("requests --fault fault-1 --sandbox t1").starts_with("#1 "));
    shell.said("verify vijil.list_teams --fault fault-1 --exactly 1 --sandbox t1");
    assert_eq!(shell.said("fault list"), "no faults\n");
    assert_eq!(shell.said("fault delete fault-1 --sandbox t1"), "sandbox t1: fault fault-1 disarmed\n");
    assert!(shell.refused("fault delete fault-1 --sandbox t1").contains("no rule `fault-1` is armed"));
    shell.said("fault add --stale --id old --sandbox t1");
    assert_eq!(shell.said("fault clear --sandbox t1"), "sandbox t1: all faults disarmed\n");
    assert_eq!(shell.json("fault list --sandbox t1"), json!({"faults": []}));
}

#[test]
fn every_flag_of_a_fault_says_what_the_control_api_says() {
    let shell = Shell::start(&[]);
    for (flags, action) in [
        ("--refuse 418 --force", json!({"refuse": {"status": 418, "force": true}})),
        ("--delay 2s", json!({"delay": {"fixed": "2s"}})),
        ("--delay 100ms..2s", json!({"delay": {"uniform": {"min": "100ms", "max": "2s"}}})),
        ("--delay-lognormal 200ms,0.5", json!({"delay": {"lognormal": {"median": "200ms", "sigma": 0.5}}})),
        ("--slow-body 5s", json!({"slow_body": {"over": "5s"}})),
        ("--cut before-answer", json!({"cut": "before_answer"})),
        ("--cut after-headers", json!({"cut": "after_headers"})),
        ("--cut half-body", json!({"cut": "half_body"})),
        ("--garble invalid-json", json!({"garble": "invalid_json"})),
        ("--garble empty-body", json!({"garble": "empty_body"})),
        ("--garble wrong-content-type", json!({"garble": "wrong_content_type"})),
        ("--stale", json!("stale")),
    ] {
        assert_eq!(shell.json(&format!("fault add {flags}"))["action"], action, "{flags}");
    }
    let matching = "--provider vijil --operation vijil.list_teams --method GET --path '/v1/**' --header 'X-A: *'";
    let armed = shell.json(&format!("fault add --stale {matching} --probability 0.5 --ttl 1m --id mine"));
    let expected = json!({"provider": "vijil", "operation": "vijil.list_teams", "method": "GET", "path": "/v1/**",
                          "header": {"X-A": "*"}});
    assert_eq!(
        (&armed["match"], &armed["when"], &armed["id"]),
        (&expected, &json!({"probability": 0.5}), &json!("mine"))
    );
    assert_eq!(shell.json("fault add --stale --every 3")["when"], json!({"every": 3}));
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), r#"{"faults": [{"action": "stale", "id": "only"}]}"#).expect("a file");
    assert!(shell.said(&format!("fault set {}", file.path().display())).starts_with("only: stale  struck 0 of 0"));
    for wrong in ["fault add", "fault add --stale --cut half-body", "fault add --stale --first 1 --every 2"] {
        assert_eq!(shell.run(wrong).status.code(), Some(2), "{wrong}");
    }
    assert_eq!(shell.refused("fault add --stale --retry-after 3"), "--retry-after and --force are part of --refuse");
    assert_eq!(shell.json("fault add --stale --header X")["match"], json!({"header": {"X": "*"}}));
    let said = shell.refused("fault add --stale --query limit");
    assert_eq!(said, "cannot take --query \"limit\": expected name=value, such as limit=10, found \"limit\"");
    let flags = "--query limit=1 --body '{\"a\": 1}' --body '$.b=x' --body '$.c'";
    let expected = json!({"query": {"limit": "1"}, "body": {"a": 1}, "body_at": {"$.b": "x"}, "body_has": ["$.c"]});
    assert_eq!(shell.json(&format!("fault add --stale {flags}"))["match"], expected);
    for (flag, value) in [("cut", "nowhere"), ("garble", "x")] {
        assert_eq!(shell.run(&format!("fault add --{flag} {value}")).status.code(), Some(2), "{flag}");
    }
    assert_eq!(shell.json("fault add --cut Half-Body")["action"], json!({"cut": "half_body"}));
    assert_eq!(shell.run("fault add --stale --status 404").status.code(), Some(2), "a fault knows no answer");
    assert!(shell.refused("fault add --delay-lognormal 200ms").contains("expected median and spread"));
    assert!(
        shell.refused("fault add --delay-lognormal 200ms,inf").contains("a number from 0 to 4, such as 0.5, found inf")
    );
    assert!(shell.refused("fault add --refuse 429 --operation x").contains("there is no operation `x`"));
}

#[test]
fn limits_are_shown_and_changed() {
    let shell = Shell::start(&["--only", "vijil,crud"]);
    assert_eq!(shell.said("limits"), "vijil  off\ncrud  off\n");
    let said = shell.said("limits vijil=1/1m --sandbox t1");
    assert_eq!(said, "vijil  1/1m (inferred), 0 caller(s) counted\ncrud  off\n");
    assert_eq!((teams(&shell, "t1"), teams(&shell, "t1")), (200, 429));
    assert_eq!(shell.json("limits vijil=off --sandbox t1")["limits"]["vijil"], json!(null));
    assert!(shell.refused("limits vijil").contains("expected provider=limit"));
    assert!(shell.refused("limits vijil=often").contains("(at $.limits.vijil)"));
}
