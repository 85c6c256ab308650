//! The verbs of the control API as a shell says them, against a server in a process of its own.

use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

mod journal;
mod trouble;

use super::command::{Served, command, get, stderr, stdout};
use super::support::{Asked, client, shell};

pub struct Shell {
    served: Served,
}

impl Shell {
    pub fn start(more: &[&str]) -> Self {
        let mut args = vec!["--port", "0", "--log", "off", "--seed", "1", "--clock", "2026-01-15T12:00:00Z"];
        args.extend(more);
        Self { served: Served::start(&mut command(&args)) }
    }

    pub fn run(&self, line: &str) -> Output {
        let words = shell::words(line);
        let args: Vec<_> = words.iter().map(String::as_str).collect();
        command(&args).env("PERSONA_MOCK_URL", &self.served.url).output().expect("the command runs")
    }

    /// A request of the client under test.
    pub fn send(&self, asked: &Asked) -> u16 {
        let address = self.served.url["http://".len()..].parse().expect("an address");
        client::Connection::to(address).send(asked).status
    }

    /// What a line prints that must succeed.
    #[track_caller]
    pub fn said(&self, line: &str) -> String {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", stderr(&output));
        assert_eq!(stderr(&output), "", "{line}");
        stdout(&output)
    }

    #[track_caller]
    pub fn json(&self, line: &str) -> Value {
        let said = self.said(&format!("{line} --json"));
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{line}: {error}: {said}"))
    }

    /// The one message of a line that must fail.
    #[track_caller]
    pub fn refused(&self, line: &str) -> String {
        let output = self.run(line);
        // Which of both it is, `exits` says of every subcommand.
        assert!(matches!(output.status.code(), Some(1 | 2)), "{line}: {:?} {}", output.status, stdout(&output));
        self.message(line, &output)
    }

    /// The one message of a line that finds what is not as it should be.
    #[track_caller]
    pub fn found(&self, line: &str) -> String {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(3), "{line}: {}", stderr(&output));
        self.message(line, &output)
    }

    #[track_caller]
    fn message(&self, line: &str, output: &Output) -> String {
        assert_eq!(stdout(output), "", "{line}");
        let said = stderr(output);
        said.strip_prefix("persona-mock: ").unwrap_or_else(|| panic!("{line}: {said}")).trim_end().to_owned()
    }
}

#[test]
fn a_clock_is_shown_frozen_set_moved_and_run() {
    let shell = Shell::start(&[]);
    assert_eq!(shell.said("clock"), "2026-01-15T12:00:00Z (frozen)\n");
    assert_eq!(shell.said("clock advance 14d --sandbox t1"), "2026-01-29T12:00:00Z (frozen)\n");
    assert_eq!(shell.said("clock --sandbox t1 advance -1h"), "2026-01-29T11:00:00Z (frozen)\n");
    assert_eq!(shell.said("clock show"), "2026-01-15T12:00:00Z (frozen)\n", "another world");
    assert_eq!(shell.said("clock set 2030-01-01T00:00:00Z"), "2030-01-01T00:00:00Z (frozen)\n");
    assert!(shell.said("clock run").ends_with(" (offset)\n"));
    assert_eq!(shell.said("clock freeze 2031-01-01T00:00:00Z"), "2031-01-01T00:00:00Z (frozen)\n");
    assert_eq!(shell.json("clock freeze"), json!({"mode": "frozen", "now": "2031-01-01T00:00:00Z"}));
    assert_eq!(shell.json("clock real")["mode"], "real");
    let said = shell.refused("clock advance fortnight");
    assert!(said.starts_with("PUT /_mock/clock (sandbox default) answered 400: expected whole numbers"), "{said}");
    // What is of no sandbox, or of all, names none.
    let said = shell.refused("sandboxes make zz --from nope");
    assert!(said.starts_with("PUT /_mock/sandboxes/zz answered 404: there is no sandbox `nope`"), "{said}");
    let said = shell.refused("sandboxes delete zz --sandbox t1");
    assert!(said.starts_with("DELETE /_mock/sandboxes/zz answered 404: "), "{said}");
    let said = shell.refused("coverage --gaps --provider nope");
    assert!(said.starts_with("GET /_mock/coverage/gaps (all sandboxes) answered 404: "), "{said}");
}

#[test]
fn a_reset_takes_everything_or_one_provider() {
    let shell = Shell::start(&[]);
    shell.said("seed 5 --sandbox t1");
    assert_eq!(shell.said("reset --sandbox t1"), "sandbox t1: everything reset\n");
    assert_eq!(shell.said("seed --sandbox t1"), "1\n");
    assert_eq!(shell.json("reset crud"), json!({"sandbox": "default", "reset": "crud"}));
    assert!(shell.refused("reset curd").contains("cannot reset `curd` alone"));
}

#[test]
fn a_seed_is_shown_and_set() {
    let shell = Shell::start(&[]);
    assert_eq!((shell.said("seed 7 --sandbox t1"), shell.said("seed")), ("7\n".to_owned(), "1\n".to_owned()));
    assert_eq!(shell.json("seed --sandbox t1"), json!({"seed": 7}));
}

#[test]
fn state_is_got_put_and_compared() {
    let shell = Shell::start(&[]);
    let mut state: Value = serde_json::from_str(&shell.said("state get crud")).expect("JSON");
    let first = state["personas"][0].as_object_mut().expect("a persona");
    first.insert("name".to_owned(), json!("Renamed"));
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), state.to_string()).expect("a file");
    let path = file.path().display();
    assert_eq!(shell.said("state diff"), "nothing changed since fixtures\n");
    shell.said("snapshot save before");
    assert_eq!(shell.said(&format!("state put {path} --provider crud")), "sandbox default: state replaced\n");
    let output = shell.run("state diff");
    let said = stdout(&output);
    assert_eq!((output.status.code(), &*stderr(&output)), (Some(3), ""), "a difference");
    assert!(said.starts_with("changed since fixtures:\ncrud\n  ~ $.personas[") && said.contains("Renamed"), "{said}");
    let output = shell.run("state diff --since before --json");
    assert!(output.status.code() == Some(3) && stdout(&output).starts_with(r#"{"since":"before""#), "{output:?}");
    assert!(shell.refused("state diff --since before --sandbox t2").contains("404: no snapshot `before`"));
}

#[test]
fn a_row_is_listed_got_changed_and_deleted() {
    let shell = Shell::start(&["--only", "crud"]);
    let said = shell.said("row list crud users --limit 1");
    assert!(said.ends_with("1 of 2; --offset 1 shows more\n") && said.contains("Robin"), "{said}");
    let row = shell.json("row list crud credentials --limit 1")["rows"][0].clone();
    let place = "crud credentials 0";
    assert!(shell.refused(&format!("row delete {place}")).contains("answered 428"));
    // A shell takes the quotes of a tag.
    let tag = row["etag"].as_str().expect("a tag").replace('"', "");
    let said = shell.said(&format!("row patch {place} '{{\"note\":\"x\"}}' --if-match {tag}"));
    assert!(said.contains(r#""note":"x""#), "{said}");
    assert!(shell.refused(&format!("row delete {place} --if-match {tag}")).contains("answered 412"));
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), r#"{"id":"0d9f3c6e-52b1-4d0e-9a37-6c1f8e2b4aff","name":"N","email":"n@x"}"#)
        .expect("a file");
    let path = file.path().display();
    assert!(shell.said(&format!("row add crud users {path}")).contains("4aff"));
    let one = "crud users 0d9f3c6e-52b1-4d0e-9a37-6c1f8e2b4aff";
    shell.said(&format!("row put {one} {path}"));
    assert!(shell.said(&format!("row get {one}")).contains("n@x"));
    assert_eq!(
        shell.said(&format!("row delete {one}")),
        "sandbox default: crud/users/0d9f3c6e-52b1-4d0e-9a37-6c1f8e2b4aff deleted\n"
    );
}

#[test]
fn state_is_put_from_standard_input_whole() {
    let shell = Shell::start(&[]);
    let whole = shell.said("state get");
    let mut child = command(&["state", "put", "-", "--sandbox", "t1", "--url", &shell.served.url])
        .stdin(Stdio::piped())
        .spawn()
        .expect("the command runs");
    child.stdin.take().expect("a pipe").write_all(whole.as_bytes()).expect("a text");
    let output = child.wait_with_output().expect("an end");
    assert_eq!(stdout(&output), "sandbox t1: state replaced\n", "{}", stderr(&output));
    assert_eq!(shell.said("state get --sandbox t1"), whole);
    assert!(shell.refused("state put /nowhere.json").starts_with("cannot read /nowhere.json"));
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), r#"{"crud": {"nonsense": 1}}"#).expect("a file");
    let said = shell.refused(&format!("state put {}", file.path().display()));
    assert!(said.contains("\n  crud: $.nonsense: found an unknown name"), "{said}");
}

#[test]
fn time_goes_back_and_forward() {
    let shell = Shell::start(&[]);
    let rename = |name: &str| {
        let asked = Asked::new("PUT", "/api/personas/188").header("Authorization", "Bearer YOUR_TOKEN");
        assert_eq!(shell.send(&asked.json(&json!({"Name": name}).to_string())), 200);
    };
    assert_eq!(shell.said("history"), "no steps\n");
    assert!(shell.refused("undo").contains("409: nothing before"));
    rename("one");
    rename("two");
    let said = shell.said("history");
    let lines = "w-2 2026-01-15T12:00:00Z axero.update_persona #2 (axero)\nw-1 2026-01-15T12:00:00Z axero.update_persona #1 (axero)\n";
    assert_eq!(said, lines);
    assert!(shell.said("history --limit 1").ends_with("(older ones: --cursor 2)\n"));
    assert!(shell.said("history --cursor 2").starts_with("w-1 "));
    let output = shell.run("diff 2");
    let said = "changed since before 2:\naxero\n  ~ $.personas[PersonaID=188].Name: \"one\" -> \"two\"\n";
    assert_eq!((output.status.code(), &*stdout(&output)), (Some(3), said), "a difference");
    let clock = "clock 2026-01-15T12:00:00Z (frozen)";
    assert_eq!(shell.said("undo"), format!("sandbox default: as it was behind w-1 (w-3); {clock}\n"));
    assert_eq!(
        shell.said("rewind --before 1"),
        format!("sandbox default: as it was where it started (w-4); {clock}\n")
    );
    assert_eq!(shell.json("rewind --after w-2")["back_to"], "w-2");
    assert!(shell.refused("rewind --after w-9").contains("404: no step `w-9`"));
    for line in ["rewind", "rewind --before 1 --after 2"] {
        let output = shell.run(line);
        assert!(output.status.code() == Some(2) && stderr(&output).contains("--before"), "{line}: {output:?}");
    }
}

#[test]
fn snapshots_are_saved_listed_shown_restored_and_deleted() {
    let shell = Shell::start(&[]);
    assert_eq!(shell.said("snapshot list"), "no snapshots\n");
    let said = shell.said("snapshot save checkout");
    assert_eq!(said, "sandbox default: saved checkout (clock at 2026-01-15T12:00:00Z)\n");
    assert_eq!(shell.said("snapshot list"), "checkout (clock at 2026-01-15T12:00:00Z)\n");
    assert_eq!(shell.json("snapshot list")["snapshots"][0]["name"], "checkout");
    assert!(shell.json("snapshot show checkout")["crud"].is_object());
    shell.said("clock advance 1d");
    assert_eq!(shell.said("snapshot restore checkout"), "sandbox default: restored checkout\n");
    assert_eq!(shell.said("clock"), "2026-01-15T12:00:00Z (frozen)\n");
    assert_eq!(shell.said("snapshot delete checkout"), "sandbox default: deleted checkout\n");
    assert!(shell.refused("snapshot restore checkout").contains("404: no snapshot `checkout`"));
}

#[test]
fn settings_are_shown_and_changed() {
    let shell = Shell::start(&["--only", "axero"]);
    assert!(shell.said("settings").starts_with("auth=any\ndocumented_only=false\naxero."));
    let said = shell.said("settings auth=strict documented_only=true axero.error_status=400 --sandbox t1");
    assert!(said.starts_with("auth=strict\ndocumented_only=true\n"), "{said}");
    assert!(said.contains("\naxero.error_status=400\n"), "{said}");
    assert_eq!(shell.json("settings")["auth"], "any");
    for (line, said) in [
        ("settings auth=maybe", "cannot take the setting `auth=maybe`: expected `off`, `any` or `strict`"),
        ("settings documented_only=2", "documented_only=2`: expected `on` or `off`, `true` or `false`, `1` or `0`"),
        ("settings error_status=400", "expected auth, documented_only or provider.key"),
        ("settings auth", "expected key=value"),
        ("settings axero.error_status=500", "`error_status` takes `200`, `400`, found \"500\""),
    ] {
        assert!(shell.refused(line).contains(said), "{line}: {}", shell.refused(line));
    }
}

#[test]
fn sandboxes_are_made_listed_and_deleted() {
    let shell = Shell::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    let state = shell.said("state get crud");
    std::fs::write(dir.path().join("crud.json"), state).expect("a file");
    let line = format!(
        "sandboxes make t1 --seed 5 --clock 2030-01-01T00:00:00Z --ttl 10m --set auth=strict --fixtures {}",
        dir.path().display()
    );
    let made = "t1  seed 5  clock 2030-01-01T00:00:00Z (frozen)  idle 0s of 10m\n";
    assert_eq!(shell.said(&line), made);
    assert_eq!(shell.said("sandboxes show t1"), made);
    let list = format!("default  seed 1  clock 2026-01-15T12:00:00Z (frozen)\n{made}");
    assert_eq!(shell.said("sandboxes list"), list);
    assert_eq!(shell.json("sandboxes list")["sandboxes"][1]["name"], "t1");
    assert_eq!(shell.json("settings --sandbox t1")["auth"], "strict");
    assert_eq!(shell.said("sandboxes delete t1"), "sandbox t1 is gone\n");
    assert!(shell.refused("sandboxes show t1").contains("there is no sandbox `t1`"));
    assert!(shell.refused("sandboxes make t1 --clock noon").contains("(at $.clock)"));
}

#[test]
fn the_sandbox_and_the_token_may_come_from_the_environment() {
    let shell = Shell::start(&["--control-token", "s3cret"]);
    assert!(shell.refused("clock").contains("401: this server wants its control token"));
    assert_eq!(shell.said("seed --control-token s3cret"), "1\n");
    let output = command(&["reset"])
        .env("PERSONA_MOCK_URL", format!("{}/", shell.served.url))
        .env("PERSONA_MOCK_SANDBOX", "t9")
        .env("PERSONA_MOCK_CONTROL_TOKEN", "s3cret")
        .output()
        .expect("the command runs");
    assert_eq!(stdout(&output), "sandbox t9: everything reset\n", "{}", stderr(&output));
}

#[test]
fn a_server_that_is_not_there_is_one_clear_message() {
    let output = command(&["reset", "--url", "http://127.0.0.1:1"]).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.starts_with("persona-mock: no persona-mock answers at http://127.0.0.1:1: "), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_changed_fixture_file_is_served_to_new_sandboxes_and_a_broken_one_is_reported() {
    for mode in ["--watch", "--watch=poll"] {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().to_str().expect("UTF-8");
        let exported = command(&["fixtures", "export", path, "--only", "crud"]).output().expect("the command runs");
        assert_eq!(exported.status.code(), Some(0), "{}", stderr(&exported));
        let served = Served::start(&mut command(&["--port", "0", "--fixtures", path, mode]));
        let shell = Shell { served };
        let health = |shell: &Shell| -> Value {
            serde_json::from_str(&get(&format!("{}/_mock/health", shell.served.url)).1).expect("JSON")
        };
        let wait = |shell: &Shell, loaded: bool| {
            for _ in 0..1_000 {
                if health(shell)["fixtures"]["last"]["loaded"] == loaded {
                    return;
                }
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            panic!("no reload: {}", health(shell));
        };
        shell.said("reset --sandbox there");
        let file = dir.path().join("crud.json");
        let text = std::fs::read_to_string(&file).expect("a file");
        let mut fixture: Value = serde_json::from_str(&text).expect("JSON");
        fixture["personas"] = json!([]);
        std::fs::write(&file, fixture.to_string()).expect("a file");
        wait(&shell, true);
        assert_eq!(shell.json("state get crud --sandbox new")["personas"], json!([]), "{mode}");
        assert_ne!(shell.json("state get crud --sandbox there")["personas"], json!([]), "{mode}");
        shell.said("reset --sandbox there");
        assert_eq!(shell.json("state get crud --sandbox there")["personas"], json!([]), "{mode}");
        std::fs::write(&file, r#"{"nonsense": 1}"#).expect("a file");
        wait(&shell, false);
        let fault = format!("{}: $.nonsense: found an unknown name", file.display());
        let health = health(&shell)["fixtures"].clone();
        assert!(health["last"]["faults"][0].as_str().is_some_and(|told| told.starts_with(&fault)), "{health}");
        assert_eq!(shell.json("state get crud --sandbox newer")["personas"], json!([]), "{mode}");
        let (code, log) = shell.served.terminate();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("fixtures reloaded from") && log.contains(&fault), "{log}");
    }
}

#[test]
fn a_watch_wants_a_directory() {
    let output = command(&["--port", "0", "--watch"]).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}
