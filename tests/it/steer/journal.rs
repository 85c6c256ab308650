//! The journal's verbs as a shell says them.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use super::Shell;
use crate::command::command;
use crate::support::Asked;

const PERSONA: &str = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb";

fn rename(shell: &Shell, sandbox: &str, name: &str) -> u16 {
    let asked = Asked::new("PUT", PERSONA).header("Authorization", "Bearer vijil-owner-token");
    shell.send(&asked.header("X-Mock-Sandbox", sandbox).json(&json!({"name": name, "nmae": 1}).to_string()))
}

#[test]
fn requests_are_listed_filtered_and_shown() {
    let shell = Shell::start(&[]);
    assert_eq!(shell.said("requests --sandbox t1"), "no requests\n");
    assert_eq!((rename(&shell, "t1", "A"), rename(&shell, "t1", "")), (200, 422));
    let said = shell.said("requests --sandbox t1 --status 200");
    let first = format!("#1 2026-01-15T12:00:00Z PUT {PERSONA} -> 200 vijil.update_persona\n");
    assert!(said.starts_with(&first), "{said}");
    assert!(said.contains("\n    ignored by the vendor: $.nmae"), "{said}");
    let said = shell.said("requests --sandbox t1 --limit 1");
    assert!(said.starts_with("#2 "), "the newest comes first: {said}");
    assert!(said.ends_with("\n(older ones: --cursor 2; --oldest starts with the first)\n"), "{said}");
    let said = shell.said("requests --sandbox t1 --limit 1 --oldest");
    assert!(said.starts_with("#1 ") && said.ends_with("\n(newer ones: --oldest --cursor 1)\n"), "{said}");
    let said = shell.said("requests --sandbox t2");
    let last = format!("  t1 (2, the last PUT {PERSONA} -> 422)\n");
    assert_eq!(said, format!("no requests; those of other sandboxes, the last first:\n{last}"));
    let said = shell.said("requests --sandbox '*'");
    assert!(said.starts_with("t1 #2 ") && said.contains("\nt1 #1 "), "each says its sandbox: {said}");
    let said = shell.refused("reset --sandbox '*'");
    assert!(said.starts_with("cannot take --sandbox '*': it stands for all sandboxes"), "{said}");
    let page = shell.json("requests --sandbox t1 --newest --limit 1");
    assert_eq!((&page["requests"][0]["number"], &page["next"]), (&json!(2), &json!("2")));
    let rest = shell.json("requests --sandbox t1 --newest --limit 1 --cursor 2");
    assert_eq!(rest["requests"][0]["number"], 1);
    let one = shell.said("requests 2 --sandbox t1");
    assert!(one.starts_with("#2 ") && one.contains("\n422\n") && one.contains("authorization: Bearer"), "{one}");
    assert!(!one.contains("vijil-owner-token"), "no secret: {one}");
    let filters = "--provider vijil --operation vijil.update_persona --method PUT --path /v1/personas/* --changed \
                   --header content-type --body '$.name=A' --since 2026-01-15T12:00:00Z --until 2026-01-15T12:00:00Z";
    let count =
        |filters: &str| shell.json(&format!("requests --sandbox t1 {filters}"))["requests"].as_array().map(Vec::len);
    assert_eq!(count(filters), Some(1));
    assert_eq!([count("--ignored"), count("--ignored=false"), count("--hint=invalid")], [Some(2), Some(0), Some(1)]);
    assert_eq!([count("--hint"), count("--hint=false"), count("--hint=no_route")], [Some(2), Some(0), Some(0)]);
    assert_eq!((count("--changed=false"), count("--changed=true --header 'Content-Type: *json'")), (Some(1), Some(1)));
    assert_eq!((count("--query a=b"), count("--body '{\"nmae\": 1}' --body '$.name'")), (Some(0), Some(2)));
    let har: Value = serde_json::from_str(&shell.said("requests --har --sandbox t1")).expect("JSON");
    assert_eq!(har["log"]["entries"].as_array().map(Vec::len), Some(2));
    let pact: Value = serde_json::from_str(&shell.said("requests --pact --consumer shop --sandbox t1")).expect("JSON");
    assert_eq!((&pact["consumer"]["name"], pact["interactions"].as_array().map(Vec::len)), (&json!("shop"), Some(2)));
    assert!(shell.refused("requests --pact --state nope --sandbox t1").contains("the sandbox at its start"));
    assert_eq!(shell.run("requests --consumer shop --sandbox t1").status.code(), Some(2));
    assert_eq!(shell.said("reset journal --sandbox t1"), "sandbox t1: journal reset\n");
    assert!(shell.refused("requests 1 --sandbox t1").contains("404"));
    for flag in ["--status 404", "--newest", "--limit 1", "--cursor 1"] {
        assert_eq!(shell.run(&format!("requests 1 {flag} --sandbox t1")).status.code(), Some(2), "{flag}");
    }
    assert!(shell.refused("requests --status x").contains("expected a status such as 404 or 4xx"));
}

struct Following {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Following {
    fn start(shell: &Shell, args: &[&str]) -> Self {
        let child = command(args).env("PERSONA_MOCK_URL", &shell.served.url).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("the command runs");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        self.lines.next().expect("a line").expect("UTF-8")
    }
}

#[test]
fn requests_are_followed_until_the_server_ends() {
    let shell = Shell::start(&[]);
    rename(&shell, "t1", "A");
    let mut text = Following::start(&shell, &["requests", "--follow", "--kept", "--sandbox", "t1", "--status", "200"]);
    let mut json = Following::start(&shell, &["requests", "--follow", "--kept", "--sandbox", "t1", "--json"]);
    assert!(text.line().starts_with("#1 "));
    let event: Value = serde_json::from_str(&json.line()).expect("JSON");
    assert_eq!((&event["event"], &event["data"]["number"]), (&json!("exchange"), &json!(1)));
    rename(&shell, "t1", "");
    rename(&shell, "t1", "B");
    assert!(text.line().starts_with("    ignored by the vendor"));
    assert!(text.line().starts_with("    hint: "));
    assert!(text.line().starts_with("#3 "));
    let events = [json.line(), json.line()].map(|line| serde_json::from_str::<Value>(&line).expect("JSON"));
    assert_eq!((&events[0]["data"]["number"], &events[1]["data"]["number"]), (&json!(2), &json!(3)));
    let (code, said) = shell.served.terminate();
    assert_eq!(code, Some(0), "{said}");
    assert!(text.lines.by_ref().map_while(Result::ok).last().is_some_and(|line| line == "(the server stops)"));
    assert_eq!(text.child.wait().expect("an end").code(), Some(0));
    assert!(json.line().contains(r#"{"event":"end""#));
    assert_eq!(json.child.wait().expect("an end").code(), Some(0));
}

#[test]
fn whoever_follows_is_told_what_becomes_of_the_sandbox() {
    let shell = Shell::start(&[]);
    shell.said("sandboxes make t1");
    // No call fits: what is left is what becomes of the sandbox.
    let mut text = Following::start(&shell, &["requests", "--follow", "--kept", "--status", "418", "--sandbox", "t1"]);
    let mut all = Following::start(&shell, &["requests", "--follow", "--kept", "--sandbox", "*", "--json"]);
    // A stream of a sandbox is there once this one is.
    let streams = || shell.said("metrics").contains("persona_mock_event_streams 2");
    while !streams() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    for (change, why, said) in [
        ("reset journal --sandbox t1", "emptied", "(the journal of the sandbox `t1` was emptied)"),
        ("sandboxes make t1", "replaced", "(the sandbox `t1` was replaced by a new one of that name)"),
        ("sandboxes delete t1", "deleted", "(the sandbox `t1` was deleted)"),
    ] {
        rename(&shell, "t1", "A");
        assert!(all.line().contains(r#"{"event":"exchange""#));
        shell.said(change);
        assert_eq!(all.line(), format!(r#"{{"event":"reset","data":{{"sandbox":"t1","why":"{why}"}}}}"#));
        assert_eq!(text.line(), said);
    }
    assert_eq!(text.child.wait().expect("an end").code(), Some(0));
    assert_eq!(shell.served.terminate().0, Some(0));
    assert!(all.line().contains(r#""why":"stopped""#));
    assert_eq!(all.child.wait().expect("an end").code(), Some(0));
}

#[test]
fn calls_are_verified_and_a_failure_shows_the_nearest() {
    let shell = Shell::start(&[]);
    assert_eq!((rename(&shell, "t1", "A"), rename(&shell, "t1", "B")), (200, 200));
    let said = shell.said("verify vijil.update_persona --status 200 --exactly 2 --sandbox t1");
    assert_eq!(said, "as expected; the calls were made 2 time(s)\n");
    shell.said("verify --path '/v1/personas/*' --method PUT --at-least 1 --at-most 2 --sandbox t1");
    shell.said("verify --provider vijil --status 5xx --never --sandbox t1");
    // Any one flag that says which calls or how many is enough, as it is for the server.
    for flags in ["--status 5xx --never", "--fault flaky --never", "--changed", "--method PUT", "--exactly 2"] {
        shell.said(&format!("verify {flags} --sandbox t1"));
    }
    shell.said("verify vijil.update_persona --changed --until 2026-01-15T12:00:00Z --exactly 2 --sandbox t1");
    let precise = "--header 'Content-Type: application/json' --body '{\"name\":\"A\"}'";
    assert_eq!(shell.json(&format!("verify vijil.update_persona {precise} --sandbox t1"))["verified"], true);
    let said = shell.found("verify vijil.update_persona --body '{\"name\":\"C\"}' --sandbox t1");
    assert!(said.contains("! $.name: expected \"C\", found \""), "{said}");
    assert!(said.contains("likely wrong: unknown, one field differs"), "{said}");
    let file = tempfile::NamedTempFile::new().expect("a file");
    let calls = json!({"in_order": true, "calls": [
        {"call": {"body": {"name": "A"}}}, {"call": {"body": {"name": "B"}}},
    ]});
    std::fs::write(file.path(), calls.to_string()).expect("a file");
    shell.said(&format!("verify --file {} --sandbox t1", file.path().display()));
    for flag in ["--status 404", "--never", "--header x"] {
        let said = shell.refused(&format!("verify --file {} {flag} --sandbox t1", file.path().display()));
        assert!(said.starts_with("--file says all that is expected"), "{said}");
    }
    std::fs::write(file.path(), r#"{"calls": []}"#).expect("a file");
    let said = shell.refused(&format!("verify --file {} --sandbox t1", file.path().display()));
    assert!(said.contains("answered 400: expected at least one call, such as {\"calls\""), "{said}");
    std::fs::write(file.path(), "[[]]").expect("a file");
    let said = shell.refused(&format!("verify --file {} --sandbox t1", file.path().display()));
    assert!(said.contains("answered 400: expected an object, found a list"), "{said}");
    let said = shell.refused("verify vijil.update_persona --at-least 0 --sandbox t1");
    assert!(said.contains("any number of calls is at least 0"), "{said}");
    assert!(
        shell.refused("verify --file /dev/zero").contains("cannot take /dev/zero: expected at most 1073741824 bytes")
    );
    assert!(shell.refused("verify vijil.update_persona --body x").contains("or JSON such as"));
    assert_eq!(shell.run("verify").status.code(), Some(2));
}

#[test]
fn claims_are_flags_beside_a_call_or_alone() {
    let shell = Shell::start(&[]);
    let said = shell.refused("verify --nothing-ignored --no-near-miss --sandbox t1");
    assert!(said.contains("nobody has used the sandbox `t1`, and no other; a client names `t1`"), "{said}");
    assert_eq!(rename(&shell, "t2", "A"), 200);
    let said = shell.refused("verify --nothing-ignored --sandbox t1");
    assert!(said.contains(&format!("requests went to t2 (1, the last PUT {PERSONA} -> 200); a client")), "{said}");
    let said = shell.said("verify vijil.update_persona --exactly 1 --no-near-miss --sandbox t2");
    assert_eq!(said, "as expected; the calls were made 1 time(s); no near miss\n");
    let said = shell.found("verify --exactly 1 --nothing-ignored --nothing-refused-as-invalid --sandbox t2");
    assert!(said.contains("\nnothing_ignored: expected that the vendor ignores nothing, found 1 request"), "{said}");
    assert!(said.contains("\n  #1 PUT") && said.contains("ignored by the vendor: $.nmae"), "{said}");
    let said = shell.found("verify vijil.update_persona --exactly 2 --sandbox t2");
    assert!(said.contains(&format!("expected exactly 2, found 1: #1 PUT {PERSONA} -> 200")), "{said}");
}

#[test]
fn metrics_are_printed() {
    let shell = Shell::start(&[]);
    rename(&shell, "t1", "A");
    let line = "persona_mock_requests_total{provider=\"vijil\",operation=\"vijil.update_persona\",status=\"200\"} 1\n";
    assert!(shell.said("metrics").contains(line));
}
