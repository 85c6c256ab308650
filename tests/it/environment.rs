//! The environment as containers, clusters and people fill it.

use std::fmt::Write;
use std::path::Path;

use clap::{Arg, Command as Definition, CommandFactory};
use persona_mock::internals::Cli;
use serde_json::Value;

use super::command::{Served, command, get, stderr, stdout};

/// What Kubernetes sets in every pod beside a Service named `persona-mock`, and Docker in a container that links one.
const LINKS: [(&str, &str); 14] = [
    ("PERSONA_MOCK_SERVICE_HOST", "10.96.12.7"),
    ("PERSONA_MOCK_SERVICE_PORT", "80"),
    ("PERSONA_MOCK_SERVICE_PORT_HTTP", "80"),
    ("PERSONA_MOCK_PORT", "tcp://10.96.12.7:80"),
    ("PERSONA_MOCK_PORT_80_TCP", "tcp://10.96.12.7:80"),
    ("PERSONA_MOCK_PORT_80_TCP_PROTO", "tcp"),
    ("PERSONA_MOCK_PORT_80_TCP_PORT", "80"),
    ("PERSONA_MOCK_PORT_80_TCP_ADDR", "10.96.12.7"),
    ("PERSONA_MOCK_PORT_53_UDP", "udp://10.96.12.7:53"),
    ("PERSONA_MOCK_PORT_53_UDP_ADDR", "10.96.12.7"),
    ("PERSONA_MOCK_NAME", "/web/persona-mock"),
    ("PERSONA_MOCK_ENV_PATH", "/usr/bin:/bin"),
    ("PERSONA_MOCK_ENV_PERSONA_MOCK_SEED", "7"),
    ("PERSONA_MOCK_STAGING_PORT", "tcp://[fd00::7]:80"),
];

/// What a command says: its exit code, standard output and standard error.
fn said(args: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let output = command(args).envs(variables.iter().copied()).output().expect("the command runs");
    (output.status.code(), stdout(&output), stderr(&output))
}

fn warnings(said: &str) -> Vec<&str> {
    said.lines().filter_map(|line| line.split_once(" WARN ").map(|(_, message)| message)).collect()
}

#[test]
fn service_links_stop_no_subcommand_and_are_not_warned_of() {
    let served = Served::start(command(&["--port", "0"]).envs(LINKS));
    assert_eq!(get(&format!("{}/_mock/health", served.url)).0, 200);
    for args in [&["health", "--url", &served.url][..], &["clock", "--url", &served.url], &["routes"], &["check"]] {
        let (code, _, said) = said(args, &LINKS);
        assert_eq!((code, &*said), (Some(0), ""), "{args:?}");
    }
    let (_, said) = served.terminate();
    assert_eq!(warnings(&said), Vec::<&str>::new());
}

#[test]
fn a_value_of_a_links_form_counts_in_no_variable_but_a_secret() {
    let is_secret = |arg: &Arg| arg.is_hide_env_values_set();
    let mut names = Vec::new();
    for arg in arguments().iter().filter(|arg| !is_secret(arg)) {
        names.push(arg.get_env().expect("a variable").to_str().expect("UTF-8").to_owned());
    }
    for value in ["tcp://10.0.0.1:80", "udp://10.0.0.1:53", "sctp://[fd00::1]:9", ""] {
        let set: Vec<_> = names.iter().map(|name| (&**name, value)).collect();
        assert_eq!(said(&["check"], &set), (Some(0), "ok: the embedded fixtures\n".to_owned(), String::new()));
    }
    let served = Served::start(command(&["--port", "0"]).env("PERSONA_MOCK_CONTROL_TOKEN", "tcp://10.0.0.1:80"));
    let clock = ["clock", "--url", &served.url];
    assert_eq!(said(&clock, &[]).0, Some(1));
    assert_eq!(said(&clock, &[("PERSONA_MOCK_CONTROL_TOKEN", "tcp://10.0.0.1:80")]).0, Some(0));
}

#[test]
fn an_unknown_variable_is_warned_of_once_with_the_one_that_was_meant() {
    let unknown = [("PERSONA_MOCK_FIXTURE", "s3cret"), ("PERSONA_MOCK_LOG_LEVEL", "off"), ("PERSONA_MOCK_QUX", "1")];
    let known = [("PERSONA_MOCK_SANDBOX", "t1"), ("PERSONA_MOCK_URL", "http://localhost:1")];
    let served = Served::start(command(&["--port", "0"]).envs(unknown).envs(known).envs(LINKS));
    get(&format!("{}/_mock/health", served.url));
    let (_, said) = served.terminate();
    let mut warned = warnings(&said);
    warned.sort_unstable();
    assert_eq!(
        warned,
        [
            "the variable PERSONA_MOCK_FIXTURE is unknown and has no effect; did you mean PERSONA_MOCK_FIXTURES?",
            "the variable PERSONA_MOCK_LOG_LEVEL is unknown and has no effect; did you mean PERSONA_MOCK_LOG?",
            "the variable PERSONA_MOCK_QUX is unknown and has no effect; `persona-mock help serve` lists them all",
        ]
    );
    assert!(!said.contains("s3cret"), "its value may be a secret: {said}");
}

#[test]
fn letter_case_and_blanks_do_not_count_in_switches_enumerations_and_ids() {
    let mut command = command(&["--port", "0", "--log", " OFF ", "--watch=Off"]);
    command.env("PERSONA_MOCK_ONLY", " Vijil , CRUD,");
    command.env("PERSONA_MOCK_SET", "VIJIL.unprefixed=True, crud.Envelope = DATA");
    command.env("PERSONA_MOCK_AUTH", " Strict\n").env("PERSONA_MOCK_LOG_FORMAT", "JSON");
    command.env("PERSONA_MOCK_CORS", "FALSE").env("PERSONA_MOCK_REQUIRE_SANDBOX", "0").env("PERSONA_MOCK_SEED", " 7 ");
    command.env("PERSONA_MOCK_RATE_LIMIT", "Crud = 5/1H").env("PERSONA_MOCK_CLOCK", " Real ");
    command.env("PERSONA_MOCK_DRAIN", "200MS").env("PERSONA_MOCK_DOCUMENTED_ONLY", "On");
    let served = Served::start(&mut command);
    let told =
        |path: &str| serde_json::from_str::<Value>(&get(&format!("{}/_mock/{path}", served.url)).1).expect("JSON");
    let crud = serde_json::json!({"envelope": "data", "columns": "documented", "delete": "200", "zod": "4"});
    let settings = serde_json::json!({"auth": "strict", "documented_only": true,
        "providers": {"vijil": {"unprefixed": "on"}, "crud": crud}});
    assert_eq!(told("settings"), settings);
    assert_eq!(told("limits")["limits"]["crud"]["limit"], "5/1h");
    assert_eq!(told("seed")["seed"], 7);
    let shell = |args: &[&str]| said(&[args, &["--url", &served.url, "--json"]].concat(), &[]);
    let (code, answer, wrong) = shell(&["settings", "AUTH=Any", "Documented_Only=0", "Vijil.Unprefixed=OFF"]);
    assert_eq!(code, Some(0), "{wrong}");
    let settings = r#"{"auth":"any","documented_only":false,"providers":{"vijil":{"unprefixed":"off"},"#;
    assert!(answer.starts_with(settings), "{answer}");
    assert_eq!(shell(&["limits", " CRUD = False"]).0, Some(0));
    for args in [&["reset", "VIJIL"][..], &["state", "get", "Crud"], &["requests", "--provider", "Crud"]] {
        let (code, _, wrong) = shell(args);
        assert_eq!(code, Some(0), "{args:?}: {wrong}");
    }
    assert!(shell(&["reset", "Acme"]).2.contains("Acme"), "a provider of the server's own keeps its spelling");
    assert_eq!(told("limits")["limits"]["crud"], Value::Null);
}

#[test]
fn every_switch_takes_six_words_as_flag_and_as_variable() {
    let lines = |args: &[&str], variables: &[(&str, &str)]| {
        let (code, routes, wrong) = said(args, variables);
        assert_eq!(code, Some(0), "{args:?} {variables:?}: {wrong}");
        routes.lines().count()
    };
    let (all, documented) = (lines(&["routes"], &[]), lines(&["routes", "--documented-only"], &[]));
    assert!(documented < all, "{documented} of {all}");
    for (words, expected) in [(["on", "true", "1"], documented), (["off", "false", "0"], all)] {
        for word in words {
            let flag = format!("--documented-only={word}");
            assert_eq!(lines(&["routes", &flag], &[("PERSONA_MOCK_DOCUMENTED_ONLY", "maybe")]), expected, "{flag}");
            assert_eq!(lines(&["routes"], &[("PERSONA_MOCK_DOCUMENTED_ONLY", word)]), expected, "{word}");
        }
    }
}

#[test]
fn a_wrong_value_names_its_variable_what_was_expected_and_an_example() {
    for (name, value, expected) in [
        ("PORT", "80a", "expected a whole number from 0 to 65535, such as 8080"),
        ("PORT", "65536", "expected a whole number from 0 to 65535, such as 8080"),
        ("HOST", "localhost:80", "such as 127.0.0.1, ::1 or localhost; found \"localhost:80\""),
        ("AUTH", "yes", "expected `off`, `any` or `strict`, found \"yes\""),
        ("CLOCK", "noon", "expected `real` or an RFC 3339 instant such as 2026-01-15T12:00:00Z"),
        ("SEED", "-1", "expected a whole number from 0 to 18446744073709551615, such as 42"),
        ("MAX_BODY", "0", "expected a whole number from 1 to 1073741824, such as 1048576"),
        ("MAX_SANDBOXES", "many", "expected a whole number from 1 to 1000000, such as 10000"),
        (
            "DRAIN",
            "5",
            "expected whole numbers with w, d, h, m, s or ms, the larger unit first, such as 500ms, 90s, 1h30m or 14d",
        ),
        ("DOCUMENTED_ONLY", "maybe", "expected `on` or `off`, `true` or `false`, `1` or `0`"),
        ("CORS", "maybe", "expected `on`, `off` or an origin"),
        ("CORS", "*", "every origin is `on`"),
        ("CONTROL_HOST", "http://x", "expected a host name or an address, such as mock.example.com"),
        ("LOG", "loud", "[possible values: off, error, warn, info, debug, trace]"),
        ("LOG_FORMAT", "xml", "[possible values: text, json]"),
        ("WATCH", "often", "[possible values: events, poll, off]"),
        (
            "CONTROL_ORIGIN",
            "localhost:3000",
            "an origin begins with a scheme: expected one such as http://localhost:3000",
        ),
    ] {
        let (code, _, said) = said(&[], &[(&format!("PERSONA_MOCK_{name}"), value)]);
        assert_eq!(code, Some(2), "{name}={value}: {said}");
        let named = format!("error: invalid value '{value}' for 'PERSONA_MOCK_{name}'");
        assert!(said.starts_with(&named) && said.contains(expected), "{name}={value}: {said}");
    }
    for (name, value, expected) in [
        ("ONLY", "axro", "there is no provider `axro`"),
        ("ONLY", " , ", "no provider is left to serve"),
        (
            "SET",
            "axero=400",
            "cannot take the setting `axero=400`: expected provider.key=value, such as axero.error_status",
        ),
        ("RATE_LIMIT", "crud=0/m", "such as 100/1m"),
        ("PUBLIC_URL", "x", "such as https://your-site.com"),
        ("FIXTURES", "/nowhere", "cannot read the fixture directory /nowhere"),
    ] {
        let (code, _, said) = said(&[], &[(&format!("PERSONA_MOCK_{name}"), value)]);
        // A directory may come to be there; the others are wrong wherever they are said.
        let expected_code = if name == "FIXTURES" { 1 } else { 2 };
        assert_eq!(code, Some(expected_code), "{name}={value}: {said}");
        let named = format!("persona-mock: PERSONA_MOCK_{name}: ");
        assert!(said.starts_with(&named) && said.contains(expected), "{name}={value}: {said}");
    }
    let (code, _, said) = said(&[], &[("PERSONA_MOCK_WATCH", "1")]);
    assert_eq!(code, Some(2), "{said}");
    let off = command(&["--watch=off", "--watch-reset"]).output().expect("the command runs");
    let said_of_off = "error: --watch-reset resets sandboxes when watched fixtures change, and --watch says that none are watched; \
                       take one of them away\n";
    assert!(off.status.code() == Some(2) && stderr(&off).starts_with(said_of_off), "{}", stderr(&off));
    assert!(said.starts_with("error: PERSONA_MOCK_WATCH needs a directory to watch: add --fixtures DIR"), "{said}");
}

#[test]
fn a_wrong_flag_names_the_flag_whatever_the_environment_says() {
    let variables = [("PERSONA_MOCK_PORT", "8081"), ("PERSONA_MOCK_URL", "http://localhost:1")];
    let (code, _, wrong) = said(&["--port", "x"], &variables);
    assert_eq!(code, Some(2));
    assert!(wrong.starts_with("error: invalid value 'x' for '--port <PORT>'"), "{wrong}");
    let (code, _, wrong) = said(&["--only", "axro"], &[("PERSONA_MOCK_ONLY", "vijil")]);
    assert_eq!(code, Some(2));
    assert!(wrong.starts_with("persona-mock: --only: there is no provider `axro`"), "{wrong}");
    let (code, _, wrong) = said(&["verify"], &variables);
    assert_eq!(code, Some(2));
    assert!(wrong.contains("<OPERATION>") && !wrong.contains("PERSONA_MOCK"), "{wrong}");
}

#[test]
fn a_subcommand_reads_its_own_variables_alone() {
    let served = Served::start(&mut command(&["--port", "0"]));
    let wrong = [("PERSONA_MOCK_PORT", "x"), ("PERSONA_MOCK_AUTH", "x"), ("PERSONA_MOCK_WATCH", "1")];
    let (code, _, said) = said(&["clock", "--url", &served.url], &wrong);
    assert_eq!((code, &*said), (Some(0), ""));
}

#[test]
fn check_takes_the_directory_of_the_variable_and_rather_that_of_its_argument() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().to_str().expect("UTF-8");
    std::fs::write(dir.path().join("crud.json"), r#"{"nonsense": 1}"#).expect("a file");
    let (code, _, wrong) = said(&["check"], &[("PERSONA_MOCK_FIXTURES", path)]);
    assert_eq!(code, Some(3));
    assert!(wrong.contains("crud.json: $.nonsense"), "{wrong}");
    let other = tempfile::tempdir().expect("a directory");
    let (code, _, wrong) = said(&["check", other.path().to_str().expect("UTF-8")], &[("PERSONA_MOCK_FIXTURES", path)]);
    assert_eq!(code, Some(1));
    assert!(wrong.contains(&format!("the directory {} has no fixture file", other.path().display())), "{wrong}");
}

#[test]
fn help_names_every_variable_those_too_that_say_nothing() {
    let (code, help, _) =
        said(&["help", "serve"], &[("PERSONA_MOCK_PORT", "tcp://10.0.0.1:80"), ("PERSONA_MOCK_AUTH", "")]);
    assert_eq!(code, Some(0));
    assert!(help.contains("[env: PERSONA_MOCK_PORT=") && help.contains("[env: PERSONA_MOCK_AUTH="), "{help}");
}

/// The first argument of each variable, in the order of `--help`.
fn arguments() -> Vec<Arg> {
    fn collect(command: &Definition, found: &mut Vec<Arg>) {
        for arg in command.get_arguments().filter(|arg| arg.get_env().is_some()) {
            if !found.iter().any(|known| known.get_env() == arg.get_env()) {
                found.push(arg.clone());
            }
        }
        command.get_subcommands().for_each(|command| collect(command, found));
    }
    let mut found = Vec::new();
    collect(&Cli::command(), &mut found);
    found
}

#[test]
fn the_page_lists_every_variable() {
    let mut table = "| variable | flag | default | |\n|---|---|---|---|\n".to_owned();
    for arg in arguments() {
        let name = arg.get_env().and_then(|name| name.to_str()).expect("a variable");
        let flag = arg.get_long().expect("a flag");
        let default =
            arg.get_default_values().iter().filter_map(|value| value.to_str()).map(|value| format!("`{value}`"));
        let default = default.collect::<Vec<_>>().join(", ");
        let help = arg.get_help().expect("a help text").to_string().replace('|', "\\|");
        let _ = writeln!(table, "| `{name}` | `--{flag}` | {default} | {help} |");
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
    let page = std::fs::read_to_string(&file).expect("a page");
    let start = page.find("<!-- variables: ").and_then(|start| Some(start + page[start..].find('\n')? + 1));
    let (start, end) = (start.expect("a start"), page.find("<!-- end of variables -->").expect("an end"));
    let current = format!("{}\n{table}\n{}", &page[..start], &page[end..]);
    if std::env::var_os("PERSONA_MOCK_WRITE_DOCS").is_some() {
        std::fs::write(&file, &current).expect("a page");
    }
    let committed = std::fs::read_to_string(&file).expect("a page");
    assert!(
        committed == current,
        "docs/cli.md is not current: PERSONA_MOCK_WRITE_DOCS=1 cargo test environment writes it"
    );
}
