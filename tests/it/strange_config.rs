//! A config file that somebody else wrote, or that is written wrongly: where a token goes, what a terminal gets to see, and
//! which line a message names.

use std::path::Path;

use super::command::{command, stderr, stdout};
use super::config_file::{NAME, ends, folder, within};

/// What clears a terminal.
const CLEAR: &str = "\u{1b}[2J";
const SHOWN: &str = "\\u{1b}[2J";

#[test]
#[cfg(unix)]
fn the_file_of_another_user_counts_if_it_is_named() {
    use std::os::unix::fs::{chown, lchown, symlink};
    const OTHER: u32 = 12_345;
    let folder = folder("host = \"127.0.0.1\"\nport = 1\n");
    let file = folder.path().join(NAME);
    // Root alone may give a file away. Whose files count is held beside the code, too.
    if chown(&file, Some(OTHER), None).is_err() {
        return;
    }
    let expected = "persona-mock: cannot take the config file persona-mock.toml of this directory: it belongs to another \
                    user (12345), who would say where calls and tokens go; expected one of your own or of root; --config \
                    persona-mock.toml takes it, --config none reads none\n";
    let ends = |words: &str, sudo: &str| {
        let mut command = within(folder.path(), words);
        let output = command.env("SUDO_UID", sudo).output().expect("the command runs");
        (output.status.code(), stderr(&output))
    };
    for words in ["", "routes", "clock --control-token s3cret", "health", "config"] {
        assert_eq!(ends(words, ""), (Some(1), expected.to_owned()), "{words}");
    }
    for words in ["routes --config persona-mock.toml", "routes --config none"] {
        assert_eq!(ends(words, ""), (Some(0), String::new()), "{words}");
    }
    assert_eq!(ends("routes", "12345").0, Some(0), "whoever became root by sudo");
    // A link of theirs that leads to a file of ours, and a link of ours that leads to theirs.
    let own = folder.path().join("own.toml");
    std::fs::rename(&file, folder.path().join("theirs.toml")).expect("a file");
    std::fs::write(&own, "").expect("a file");
    for (to, owner) in [("own.toml", OTHER), ("theirs.toml", 0)] {
        symlink(to, &file).expect("a link");
        lchown(&file, Some(owner), None).expect("a link of theirs");
        assert_eq!(ends("routes", ""), (Some(1), expected.to_owned()), "{to}");
        std::fs::remove_file(&file).expect("a link");
    }
}

#[test]
fn a_terminal_obeys_nothing_of_a_file_or_a_variable() {
    for (text, expected) in [
        ("\"\\u001B[2J\" = 1", format!("persona-mock.toml:1: there is no key `{SHOWN}`; a key is")),
        ("\"fixtures\\u001B[2J\" = 1", format!("there is no key `fixtures{SHOWN}`; did you mean `fixtures`?")),
        ("host = \"a\\u001B[2J\"", format!("1: `host` holds a character that cannot be seen: \"a{SHOWN}\"; expected")),
        ("host = \"a\\nb\"", "`host` holds a character that cannot be seen: \"a\\nb\"".to_owned()),
        ("set = [\"a\\u202Eb\"]", "`set` holds a character that cannot be seen: \"a\\u{202e}b\"".to_owned()),
        ("port = \u{1b}[2J", "persona-mock.toml:1: this is no TOML: ".to_owned()),
    ] {
        for words in ["", "clock"] {
            let (code, said) = ends(&folder(text), words);
            assert!(code == Some(2) && said.contains(&expected), "{text:?}: {code:?} {said:?}");
            assert!(!said.contains('\u{1b}') && said.lines().count() == 1, "{said:?}");
        }
    }
    let path = format!("a{CLEAR}\n.toml");
    for (words, variable, expected) in [
        (&["routes", "--config", &*path][..], ("PERSONA_MOCK_LOG", "warn"), format!("config file a{SHOWN}\\n.toml: ")),
        (&["serve"], ("PERSONA_MOCK_AUTH", "a\u{1b}[2J\nb"), format!("a{SHOWN}\\nb")),
        (
            &["clock"],
            ("PERSONA_MOCK_PORT", "a\u{1b}[2J\nb"),
            format!("invalid value 'a{SHOWN}\\nb' for 'PERSONA_MOCK_PORT'"),
        ),
        (&["doctor", "-p", "0"], ("PERSONA_MOCK_AUTH", "a\u{1b}[2J\nb"), format!("invalid value 'a{SHOWN}\\nb'")),
        (
            &["doctor", "-p", "0"],
            ("PERSONA_MOCK_A\u{1b}[2J\nB", "1"),
            format!("the variable PERSONA_MOCK_A{SHOWN}\\nB is"),
        ),
        (&["doctor", "-p", "0"], ("PERSONA_MOCK_A\u{1b}[2J_NAME", "/a/b"), format!("PERSONA_MOCK_A{SHOWN}_NAME: of a")),
    ] {
        // As on a terminal, where nothing is left out.
        let mut command = command(words);
        let output = command.env(variable.0, variable.1).env("CLICOLOR_FORCE", "1").output().expect("the command runs");
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert!(said.contains(&expected) && !said.contains(CLEAR), "{words:?}: {said:?}");
    }
}

#[test]
fn a_path_that_cannot_be_used_is_told_with_the_line_or_the_variable_that_names_it() {
    let port_file = folder("port = 0\nport-file = \"nowhere/port\"\n");
    let told = |folder: &Path, words: &str, variable: (&str, &str)| {
        let output = within(folder, words).env(variable.0, variable.1).output().expect("the command runs");
        (output.status.code(), stderr(&output))
    };
    let quiet = ("PERSONA_MOCK_LOG", "warn");
    let token_file = folder("port = 0\n\ncontrol-token-file = \"nowhere/token\"\n");
    let empty = tempfile::tempdir().expect("a directory");
    let (of_port, of_token) = ("cannot write the port file", "cannot read the control token file");
    let unread = "no server is ready: cannot read its port file";
    for (folder, words, variable, begins) in [
        (port_file.path(), "", quiet, format!("persona-mock.toml:2: port-file: {of_port} nowhere/port: ")),
        (port_file.path(), "health", quiet, format!("persona-mock.toml:2: port-file: {unread} nowhere/port: ")),
        (port_file.path(), "clock", quiet, format!("persona-mock.toml:2: port-file: {unread} nowhere/port: ")),
        (token_file.path(), "", quiet, format!("persona-mock.toml:3: control-token-file: {of_token} nowhere/token: ")),
        (
            token_file.path(),
            "clock",
            quiet,
            format!("persona-mock.toml:3: control-token-file: {of_token} nowhere/token"),
        ),
        (empty.path(), "-p 0", ("PERSONA_MOCK_PORT_FILE", "a/b"), format!("PERSONA_MOCK_PORT_FILE: {of_port} a/b: ")),
        (empty.path(), "clock", ("PERSONA_MOCK_PORT_FILE", "a/b"), format!("PERSONA_MOCK_PORT_FILE: {unread} a/b: ")),
        (
            empty.path(),
            "-p 0",
            ("PERSONA_MOCK_CONTROL_TOKEN_FILE", "a/b"),
            format!("PERSONA_MOCK_CONTROL_TOKEN_FILE: {of_token} a/b: "),
        ),
    ] {
        let (code, said) = told(folder, words, variable);
        assert!(code == Some(1) && said.starts_with(&format!("persona-mock: {begins}")), "{words}: {said}");
    }
}

#[test]
fn what_steers_a_server_names_its_own_flags_where_the_port_is_0() {
    let folder = folder("port = 0\n");
    let (code, said) = ends(&folder, "clock");
    let how = "say where the server listens, such as --url http://127.0.0.1:8080, or name its port file by \
               PERSONA_MOCK_PORT_FILE";
    assert_eq!(
        (code, said),
        (Some(1), format!("persona-mock: persona-mock.toml:1: port: port 0 picks a free port; {how}\n"))
    );
    let (_, said) = ends(&folder, "health");
    assert!(said.contains("port 0 picks a free port; name the one that was picked, such as --port 8080"), "{said}");
}

#[test]
fn a_text_without_quotes_and_a_link_that_leads_nowhere_are_told() {
    for (text, expected) in [
        ("host = 127.0.0.1", "a text stands in double quotes: `host = \"127.0.0.1\"`\n"),
        ("port = 1\nauth = strict  # who", "a text stands in double quotes: `auth = \"strict\"`\n"),
        ("port = 1\nport = 2", "duplicate key; expected lines such as `port = 8080`\n"),
        ("port = [1", "expected lines such as `port = 8080`\n"),
        ("auth = \"strict", "expected lines such as `port = 8080`\n"),
    ] {
        let (code, said) = ends(&folder(text), "routes");
        assert!(code == Some(2) && said.contains(": this is no TOML: ") && said.ends_with(expected), "{said}");
    }
    #[cfg(unix)]
    {
        let folder = tempfile::tempdir().expect("a directory");
        std::os::unix::fs::symlink("nowhere", folder.path().join(NAME)).expect("a link");
        for words in ["routes", "routes --config persona-mock.toml"] {
            let (_, said) = ends(&folder, words);
            assert!(
                said.contains("config file persona-mock.toml: it is a link that leads nowhere; expected"),
                "{said}"
            );
        }
    }
}

#[test]
fn a_flag_before_a_subcommand_is_told_to_stand_behind_it() {
    for (words, tip) in [
        (
            &["-p", "0", "config"][..],
            "flags stand behind the subcommand that they are for: persona-mock config --port <PORT>",
        ),
        (
            &["-p", "0", "clock"],
            "flags stand behind the subcommand that they are for, and `clock` has no --port <PORT>",
        ),
    ] {
        let output = command(words).output().expect("the command runs");
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2));
        assert!(said.contains("cannot be used with '--port <PORT>'") && said.contains(tip), "{said}");
    }
}
