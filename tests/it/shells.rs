//! Completions, manual pages, and how the help is ordered.

use std::path::Path;

use clap::{Command as Definition, CommandFactory};
use persona_mock::internals::Cli;

use super::command::{command, stderr, stdout};

fn said(args: &[&str]) -> String {
    let output = command(args).output().expect("the command runs");
    assert_eq!((output.status.code(), &*stderr(&output)), (Some(0), ""), "{args:?}");
    stdout(&output)
}

/// The names of all subcommands, as their manual pages are called.
fn names(command: &Definition, name: &str, found: &mut Vec<String>) {
    found.push(format!("{name}.1"));
    for inner in command.get_subcommands() {
        names(inner, &format!("{name}-{}", inner.get_name()), found);
    }
}

#[test]
fn each_shell_has_a_script_that_completes_subcommands_and_flags() {
    for (shell, begin) in [
        ("bash", "_persona__mock() {"),
        ("zsh", "#compdef persona-mock"),
        ("fish", "# Print an optspec for argparse"),
        ("powershell", "using namespace System.Management.Automation"),
        ("elvish", "use builtin;"),
    ] {
        let script = said(&["completions", shell]);
        assert!(script.trim_start().starts_with(begin), "{shell}: {}", script.chars().take(80).collect::<String>());
        for word in ["completions", "require-sandbox", "snapshot", "follow"] {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
        let mut other = command(&["completions", shell]);
        let other = other.env("PERSONA_MOCK_PORT", "1234").env("PERSONA_MOCK_URL", "http://localhost:1234");
        assert_eq!(stdout(&other.output().expect("the command runs")), script, "whatever the environment says");
    }
    let output = command(&["completions", "tcsh"]).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("[possible values: bash, elvish, fish, powershell, zsh]"), "{}", stderr(&output));
}

#[test]
fn a_script_of_bash_is_one_that_bash_reads() {
    let folder = tempfile::tempdir().expect("a directory");
    let script = folder.path().join("persona-mock");
    std::fs::write(&script, said(&["completions", "bash"])).expect("a file");
    let asked = format!(
        "source {}; COMP_WORDS=(persona-mock serve --fix); COMP_CWORD=2; _persona__mock persona-mock --fix serve; \
         echo \"${{COMPREPLY[@]}}\"",
        script.display()
    );
    let mut bash = std::process::Command::new("bash");
    let output = bash.args(["--norc", "-c", &asked]).output().expect("bash");
    assert_eq!(stdout(&output).trim(), "--fixtures", "{}", stderr(&output));
}

#[test]
fn there_is_a_manual_page_for_each_subcommand_and_it_is_the_same_each_time() {
    let folder = tempfile::tempdir().expect("a directory");
    let pages = folder.path().join("new/man1");
    let pages = pages.to_str().expect("UTF-8");
    let listed = said(&["man", "--output", pages]);
    let mut expected = Vec::new();
    names(&Cli::command(), "persona-mock", &mut expected);
    let listed: Vec<_> = listed.lines().map(|path| path.rsplit('/').next().expect("a name").to_owned()).collect();
    assert_eq!(listed, expected);
    assert!(expected.len() > 45, "{expected:?}");
    let read = |name: &str| std::fs::read_to_string(Path::new(pages).join(name)).expect("a page");
    let page = read("persona-mock.1");
    assert_eq!(said(&["man"]).trim_end(), page.trim_end());
    assert!(page.contains(".SH NAME\npersona\\-mock \\- A stateful mock"), "{page}");
    let serve = read("persona-mock-serve.1");
    for part in [".SH \"WHO MAY CALL\"", "PERSONA_MOCK_MAX_STREAMS", "\\-\\-until\\-stdin\\-closes"] {
        assert!(serve.contains(part), "{part} is not in {serve}");
    }
    std::fs::write(Path::new(pages).join("persona-mock-man.1"), "mine").expect("a file");
    let refused = command(&["man", "--output", pages]).output().expect("the command runs");
    assert_eq!((refused.status.code(), stdout(&refused)), (Some(1), String::new()));
    assert!(
        stderr(&refused).ends_with(" already there; nothing was written. --force overwrites\n"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(read("persona-mock-man.1"), "mine");
    let mut again = command(&["man", "--output", pages, "--force"]);
    assert!(again.env("PERSONA_MOCK_PORT", "1234").output().expect("the command runs").status.success());
    assert_eq!(read("persona-mock-serve.1"), serve);
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let output = command(&["man", "--output", file.to_str().expect("UTF-8")]).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
}

#[test]
fn the_first_screen_says_what_to_type() {
    let help = said(&["--help"]);
    let screen: Vec<_> = help.lines().take(24).collect();
    let screen = screen.join("\n");
    for line in ["  persona-mock --fixtures DIR --watch ", "  persona-mock help serve ", "  -p, --port <PORT>"] {
        assert!(screen.contains(line), "{line} is not in\n{screen}");
    }
    assert!(!help.contains("--max-streams"), "that is in the help of serve");
    let serve = said(&["help", "serve"]);
    let at = |text: &str| serve.find(text).unwrap_or_else(|| panic!("{text} is not in {serve}"));
    assert!(at("\nWhat is served:") < at("\nWho may call:") && at("\nWho may call:") < at("\nRequests and answers:"));
    assert!(at("\nWhere it listens and when it stops:") < at("--port-file"));
}

#[test]
fn a_subcommands_own_flags_come_before_those_that_all_have() {
    let mut count = 0;
    let mut look = vec![(Cli::command(), Vec::new())];
    while let Some((command, names)) = look.pop() {
        for inner in command.get_subcommands() {
            look.push((inner.clone(), [names.clone(), vec![inner.get_name().to_owned()]].concat()));
        }
        let words: Vec<_> = names.iter().map(String::as_str).chain(["--help"]).collect();
        let help = said(&words);
        let Some(common) = help.find("\nServer and sandbox:") else { continue };
        count += 1;
        let (own, common) = help.split_at(common);
        for flag in ["--url <", "--sandbox <", "--control-token <", "--control-token-file <", "--json", "--config <"] {
            assert!(common.contains(flag) && !own.contains(&format!("  {flag}")), "{names:?}: {flag} in\n{help}");
        }
        let flags = common.lines().filter(|line| line.trim_start().starts_with("--")).count();
        assert_eq!(flags, 6, "{names:?}: a flag of its own stands below the common ones\n{help}");
    }
    assert!(count > 40, "{count}");
}
