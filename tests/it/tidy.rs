//! The rules of ARCHITECTURE.md, as tests.

use std::path::{Path, PathBuf};

/// The longest file that is still read in one sitting.
const LONGEST: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder, with its text.
fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                found.push((path.strip_prefix(root()).expect("below the root").to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no .{extension} file");
    found.sort();
    found
}

/// Lines of code below `folders` that hold one of `words`; comments are not code.
fn lines_with(folders: &[&str], words: &[&str], allowed: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in folders.iter().flat_map(|folder| files(folder, "rs")) {
        if allowed.iter().any(|allowed| path.ends_with(allowed)) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(word)) {
                found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    found
}

fn providers() -> Vec<&'static str> {
    persona_mock::providers::registry().iter().map(|provider| &*provider.descriptor().id).collect()
}

#[test]
fn world_and_dialects_name_no_web_framework() {
    let found = lines_with(&["src/world", "src/dialects"], &["actix", "crate::server", "crate::providers"], &[]);
    assert!(found.is_empty(), "{found:#?}");
}

/// Where sockets are: the listener, and those who start one.
const SOCKETS: [&str; 5] =
    ["src/cli/", "src/mock/", "src/server/listener/", "src/server/addresses.rs", "src/server/serve.rs"];

#[test]
fn the_pipeline_and_all_below_it_name_no_web_framework_and_no_runtime() {
    let mut found = lines_with(&["src"], &["actix_", "tokio::"], &["src/lib.rs"]);
    found.retain(|line| !SOCKETS.iter().any(|place| line.starts_with(place)));
    assert!(found.is_empty(), "{found:#?}");
}

/// What may talk to the operating system: files, sockets, processes, threads, the environment, the machine's clock.
/// Clippy says the same of the commonest of it.
const SYSTEM: [&str; 14] = [
    "src/main.rs",
    "src/cli/",
    "src/mock/",
    "src/server/listener/",
    "src/server/addresses.rs",
    "src/server/discards.rs",
    "src/server/file_handles.rs",
    "src/server/looker.rs",
    "src/server/pool",
    "src/server/recorder/",
    "src/server/serve.rs",
    "src/server/teller.rs",
    "src/fixtures/",
    "src/world/clock.rs",
];

#[test]
fn nothing_below_the_server_and_the_fixtures_talks_to_the_operating_system() {
    let words =
        ["std::fs", "std::net", "std::process", "std::thread", "std::env", "std::{", "Instant::now", "SystemTime"];
    // Tests of the registry, of a sandbox, of the feed and of documents let time pass, or do two things at once; those of
    // schemas write their files.
    let exempt = [
        "app/sandbox/registry/tests.rs",
        "app/sandbox/world/tests.rs",
        "contract/document/cache.rs",
        "control/schemas/tests.rs",
        "providers/fixture_schemas.rs",
        "world/journal/feed.rs",
        "world/state/property_tests.rs",
    ];
    let mut found = lines_with(&["src"], &words, &exempt);
    assert!(found.len() > 20, "the check finds nothing even where it is there");
    found.retain(|line| !SYSTEM.iter().any(|place| line.starts_with(place)));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn all_but_the_registry_name_no_provider() {
    let words = ["axero", "equals_money", "vijil", "crud::", "\"crud", "Axero", "EqualsMoney", "Vijil"];
    let found = lines_with(
        &[
            "src/server",
            "src/app",
            "src/provider",
            "src/control",
            "src/api",
            "src/world",
            "src/dialects",
            "src/contract",
        ],
        &words,
        &[],
    );
    // A message to a user may show a provider's name as an example.
    let found: Vec<_> = found.into_iter().filter(|line| !line.contains("such as")).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_contract_asks_a_provider_and_not_the_app_state() {
    let found = lines_with(&["src/contract"], &["crate::app", "AppState", "Sandbox", "crate::control"], &[]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_the_command_line_names_its_parser() {
    let folders = [
        "src/api",
        "src/world",
        "src/dialects",
        "src/contract",
        "src/control",
        "src/app",
        "src/provider",
        "src/server",
        "src/mock",
        "src/fixtures",
        "src/providers",
    ];
    let found = lines_with(&folders, &["clap", "ValueEnum", "crate::cli"], &[]);
    assert!(found.is_empty(), "{found:#?}");
}

/// The public errors and answers of a file that others match or build in full. Where all that is public is an answer, that
/// is so of the files that the control API and the handles are in.
fn closed(text: &str, holds_answers: bool) -> Vec<&str> {
    let text = text.trim_end();
    let items = text.match_indices("\npub struct ").chain(text.match_indices("\npub enum "));
    let closed = items.filter_map(|(place, _)| {
        // What stands before an item: its own lines alone.
        let before = text[..place].rsplit("\n\n").next().unwrap_or_default();
        let item = text[place + 1..].split("\n}\n").next().unwrap_or_default();
        let head = item.lines().next().unwrap_or_default();
        let name = head.split([' ', '<', '(', '{', ';']).nth(2).unwrap_or_default();
        let is_enum = head.starts_with("pub enum");
        let has_fields = head.contains("(pub ") || !head.ends_with(';') && item.contains("\n    pub ");
        // A request refuses names that it does not know; whoever makes one names its fields.
        let is_answer = holds_answers && !before.contains("deny_unknown_fields");
        let is_error = name.ends_with("Error") || before.contains("thiserror::Error");
        ((is_answer || is_error) && (is_enum || has_fields) && !before.contains("#[non_exhaustive]")).then_some(head)
    });
    closed.collect()
}

#[test]
fn errors_and_answers_may_grow() {
    let mut found = Vec::new();
    for (path, text) in files("src", "rs") {
        let holds_answers = path.starts_with("src/api") || path.starts_with("src/mock");
        found.extend(closed(&text, holds_answers).into_iter().map(|head| format!("{}: {head}", path.display())));
    }
    assert!(found.is_empty(), "without #[non_exhaustive]: {found:#?}");
    // What it sees, and what it passes over.
    for (item, anywhere, beside_answers) in [
        ("pub enum OddError {\n    Odd,\n}", true, true),
        ("pub struct OddError {\n    pub found: u8,\n}", true, true),
        ("pub struct OddError(pub u8);", true, true),
        ("#[derive(Debug, thiserror::Error)]\npub enum Odd {\n    Odd,\n}", true, true),
        ("pub struct Answer {\n    pub status: u16,\n}", false, true),
        ("pub enum Answer {\n    Odd,\n}", false, true),
        ("#[serde(deny_unknown_fields)]\npub struct Asked {\n    pub seed: u8,\n}", false, false),
        ("pub struct OddError {\n    found: u8,\n}", false, false),
        ("#[non_exhaustive]\npub enum OddError {\n    Odd,\n}", false, false),
    ] {
        let text = format!("use a::B;\n\n{item}\n");
        assert_eq!([false, true].map(|holds| !closed(&text, holds).is_empty()), [anywhere, beside_answers], "{item}");
    }
}

#[test]
fn the_builder_has_what_the_command_line_has() {
    // Under another name, or one method for two flags. The log, the port file, the config
    // file and standard input are the command's own.
    let other_names = [
        ("fixtures", "fixtures_dir"),
        ("only", "providers"),
        ("max_sandboxes", "sandboxes"),
        ("sandbox_ttl", "sandboxes"),
        ("max_streams", "streams"),
        ("max_sandbox_streams", "streams"),
        ("max_sandbox_state", "max_state"),
        ("history_total_bytes", "history_bytes"),
        ("journal_size", "journal"),
        ("journal_body", "journal"),
        ("control_token_file", "control_token"),
    ];
    let own = ["bound", "world", "record", "config", "log", "log_format", "port_file", "until_stdin_closes"];
    let args = ["src/cli/serve_args.rs", "src/cli/record.rs", "src/cli/world_args.rs"];
    let args = args.map(|file| std::fs::read_to_string(root().join(file)).expect("the arguments")).concat();
    let handles: String = files("src/mock", "rs").into_iter().map(|(_, text)| text).collect();
    let mut flags = Vec::new();
    for args_of in ["pub struct WorldArgs {", "pub struct ServeArgs {", "pub struct RecordArgs {"] {
        let fields = args.split_once(args_of).expect(args_of).1.split("\n}\n").next().unwrap_or_default();
        flags.extend(
            fields.lines().filter_map(|line| line.strip_prefix("    pub ")?.split_once(':')).map(|(name, _)| name),
        );
    }
    assert!(flags.len() > 20, "{flags:?}");
    flags.retain(|flag| {
        let method = other_names.iter().find(|(name, _)| name == flag).map_or(*flag, |(_, method)| method);
        !own.contains(flag) && ["(", "<"].iter().all(|end| !handles.contains(&format!("    pub fn {method}{end}")))
    });
    assert!(flags.is_empty(), "without a method of the builder: {flags:?}");
}

#[test]
fn the_shapes_of_the_control_api_know_none_of_those_who_use_them() {
    let words = ["crate::control", "crate::mock", "crate::cli", "actix"];
    let found = lines_with(&["src/api"], &words, &[]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn providers_do_not_name_each_other() {
    for own in providers() {
        for other in providers().into_iter().filter(|other| *other != own) {
            let found = lines_with(
                &[&format!("src/providers/{own}")],
                &[&format!("providers::{other}"), &format!("super::super::{other}")],
                &[],
            );
            assert!(found.is_empty(), "{own} names {other}: {found:#?}");
        }
    }
}

#[test]
fn only_the_clock_reads_time_and_only_ids_makes_ids() {
    let time = ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"];
    let found = lines_with(&["src"], &time, &["src/world/clock.rs"]);
    assert!(found.is_empty(), "{found:#?}");
    let ids = ["new_v4", "new_v7", "from_random_bytes", "rand::", "getrandom", "RandomState"];
    let found = lines_with(&["src"], &ids, &["src/world/ids.rs"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_library_installs_no_subscriber_hook_or_handler() {
    let words = ["set_hook", "set_global_default", "try_init", "signal::"];
    let found = lines_with(&["src"], &words, &["src/cli/log.rs", "src/cli/signals.rs"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_thread_is_waited_for_without_a_bound() {
    let found = lines_with(&["src"], &[".join()"], &["src/fixtures/threads.rs"]);
    assert!(found.is_empty(), "`fixtures::threads::wait_for` has one: {found:#?}");
}

#[test]
fn a_body_of_the_control_api_is_read_by_the_reader_that_takes_no_list_for_an_object() {
    // What was exported by this process is no control body; nor is an answer that the handle reads, what the journal kept, or
    // the schemas that are embedded.
    let others = [
        "control/diff.rs",
        "control/output.rs",
        "control/journal/pact/asked.rs",
        "control/journal/pact/compare.rs",
        "control/schemas/mod.rs",
    ];
    let found = lines_with(&["src/control"], &["serde_json::from_", "serde_json::Deserializer"], &others);
    assert!(found.is_empty(), "`Ask::read` is that reader: {found:#?}");
}

#[test]
fn every_provider_has_the_same_modules() {
    for provider in providers() {
        let folder = root().join("src/providers").join(provider);
        for module in [
            "mod.rs",
            "routes.rs",
            "wire.rs",
            "records.rs",
            "rules.rs",
            "state.rs",
            "error.rs",
            "auth.rs",
            "openapi.yaml",
            "openapi.json",
        ] {
            let file = folder.join(module);
            let split = folder.join(module.trim_end_matches(".rs")).join("mod.rs");
            assert!(file.is_file() || split.is_file(), "{} is missing", file.display());
        }
        assert!(root().join(format!("fixtures/{provider}.json")).is_file());
        let page = root().join(format!("docs/providers/{}.md", provider.replace('_', "-")));
        assert!(page.is_file(), "{} is missing", page.display());
    }
}

#[test]
fn files_are_short_and_named_for_what_they_hold() {
    for (path, text) in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines: split it into modules", path.display());
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        assert!(!["utils", "util", "common", "helpers", "types", "misc"].contains(&stem), "{}", path.display());
    }
    let main = std::fs::read_to_string(root().join("src/main.rs")).expect("main.rs");
    assert!(main.lines().count() < 60, "main.rs parses, configures and runs; nothing else");
}

#[test]
fn every_source_file_says_what_it_is() {
    for (path, text) in files("src", "rs") {
        assert!(text.starts_with("//!"), "{} starts without a `//!` line", path.display());
    }
}

#[test]
fn no_work_is_left_lying_about() {
    let words = ["todo!", "unimplemented!", "dbg!", "#[ignore", "#[allow", "#![allow"];
    let found = lines_with(&["src", "tests"], &words, &["tests/it/tidy.rs"]);
    assert!(found.is_empty(), "{found:#?}");
    for (path, text) in files("src", "rs") {
        // Whole words: Python speaks of an `Invalid \\uXXXX escape`.
        let mut words = text.split(|char: char| !char.is_alphanumeric());
        let found = words.find(|word| ["TODO", "FIXME", "XXX"].contains(word));
        assert_eq!(found, None, "{}", path.display());
    }
}

#[test]
fn the_paths_that_the_documents_for_engineers_name_are_there() {
    let mut gone = Vec::new();
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root().join(document)).expect("a document");
        let quoted = text.split('`').skip(1).step_by(2);
        let is_path = |word: &&str| ["src/", "docs/", "tests/", "tools/"].iter().any(|folder| word.starts_with(folder));
        // `<vendor>` and `*` stand for many.
        let paths: Vec<_> = quoted.filter(is_path).filter(|path| !path.contains(['<', '*'])).collect();
        assert!(!paths.is_empty(), "{document} names no path");
        gone.extend(paths.iter().filter(|path| !root().join(path).exists()).map(|path| format!("{document}: {path}")));
    }
    assert!(gone.is_empty(), "{gone:#?}");
}
