//! The pages that people read, as pages: their links lead somewhere, their lines are short, and each block of commands
//! is run by something.

mod links;
mod lists;
mod markdown;

use markdown::{Fence, Page, pages};

/// What README may take of a reader's time.
const README_LINES: usize = 130;

/// The longest line outside a table.
const LONGEST_LINE: usize = 160;

/// The page that a test writes of the control API's document: a paragraph of that is a line of it.
const MADE: &str = "docs/control.md";

/// README.md, SECURITY.md and docs/.
fn read_by_users() -> impl Iterator<Item = Page> {
    let of_users = |page: &Page| page.is("README.md") || page.is("SECURITY.md") || page.path.starts_with("docs");
    pages().into_iter().filter(of_users)
}

#[test]
fn every_link_and_anchor_leads_somewhere() {
    let pages = pages();
    let found: Vec<_> = pages.iter().flat_map(|page| links::broken(page, &pages)).collect();
    assert!(found.is_empty(), "{} links lead nowhere:\n{}", found.len(), found.join("\n"));
    let checked: usize = pages.iter().map(|page| links::of(page).len()).sum();
    assert!(checked > 100, "{checked} links were looked at");
}

#[test]
fn the_readme_is_short() {
    let readme = pages().into_iter().find(|page| page.is("README.md")).expect("a README");
    let lines = readme.text.lines().count();
    assert!(lines <= README_LINES, "README.md has {lines} lines, of at most {README_LINES}");
}

#[test]
fn no_line_is_long_outside_a_table() {
    let mut long = Vec::new();
    for page in read_by_users().filter(|page| !page.is(MADE)) {
        let prose: Vec<_> = page.prose().into_iter().map(|(number, _)| number).collect();
        for (number, line) in (1..).zip(page.text.lines()) {
            // What a program prints as one line stands so in docs/. JSON may be broken, and so may a command.
            let printed = !page.is("README.md") && !prose.contains(&number) && !line.starts_with(['{', '[', '$']);
            let letters = line.chars().count();
            if letters > LONGEST_LINE && !printed && !line.trim_start().starts_with('|') {
                long.push(format!("{}:{number} has {letters} characters", page.path.display()));
            }
        }
    }
    assert!(long.is_empty(), "at most {LONGEST_LINE} characters, but in a table:\n{}", long.join("\n"));
}

/// What runs a fence: `console` is run by `documents`, `rust` by `cargo test --doc`, `sh` by tools/pages. A second word
/// names the script that runs what needs more, such as packages.
fn runs(fence: &Fence) -> Option<&str> {
    match fence.language() {
        "console" => Some("tests/it/documents.rs"),
        "rust" => Some("src/lib.rs"),
        "sh" => Some(fence.words().nth(1).unwrap_or("tools/pages/run.sh")),
        _ => fence.words().nth(1),
    }
}

#[test]
fn each_block_of_commands_is_run_and_a_page_without_one_says_why() {
    let ci = std::fs::read_to_string(markdown::root().join(".ci/run")).expect("a script");
    let mut wrong = Vec::new();
    for page in read_by_users() {
        let fences = page.fences();
        let by: Vec<_> = fences.iter().filter_map(runs).collect();
        for script in &by {
            if !markdown::root().join(script).is_file() {
                wrong.push(format!("{}: a block says that {script} runs it, which is not there", page.path.display()));
            } else if script.starts_with("tools/") && !ci.contains(script) {
                wrong.push(format!("{}: .ci/run does not run {script}, which a block names", page.path.display()));
            }
        }
        if by.is_empty() && !page.text.contains("<!-- nothing to run here: ") {
            let page = page.path.display();
            wrong.push(format!("{page} has no block that is run, and no `<!-- nothing to run here: why -->`"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
