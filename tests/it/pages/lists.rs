//! What pages say of the whole: how the examples are read, every header field of the mock's own, how many statuses are known
//! in which way.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::super::support::{Asked, TestServer, server, shell};
use super::markdown::{pages, root};

/// Where it is said how the examples are read.
const EXPLAINED: &str = "README.md#how-to-read-the-examples";

fn page(name: &str) -> String {
    std::fs::read_to_string(root().join("docs").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The lines within the fences that tests run.
fn examples(text: &str) -> Vec<&str> {
    let mut inside = None;
    let mut found = Vec::new();
    for line in text.lines() {
        match (line.trim_start().strip_prefix("```"), inside) {
            (Some(fence), None) => inside = Some(fence.starts_with("console")),
            (Some(_), Some(_)) => inside = None,
            (None, Some(true)) => found.push(line),
            (None, _) => {}
        }
    }
    found
}

#[test]
fn who_meets_a_sign_for_what_is_left_out_is_led_to_what_it_means() {
    let explains = page("README.md");
    assert!(explains.contains("**`\"<any>\"`**") && explains.contains("**`\"...\": \"<any>\"`**"));
    let mut lacking = Vec::new();
    for page in pages() {
        let Ok(name) = page.path.strip_prefix("docs") else { continue };
        let shows = examples(&page.text).iter().any(|line| line.contains("\"<any>\"") || *line == "...");
        let up = "../".repeat(name.components().count() - 1);
        if shows && !page.is("docs/README.md") && !page.text.contains(&format!("({up}{EXPLAINED})")) {
            lacking.push(format!("{}: expected a link to {up}{EXPLAINED}", page.path.display()));
        }
    }
    assert!(lacking.is_empty(), "pages that show `<any>` and do not lead to its meaning:\n{}", lacking.join("\n"));
}

/// The files of the source.
fn source() -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join("src")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// The names of a row's header field and of what has it, in the table of header fields.
fn header_rows(page: &str) -> Vec<(String, &str)> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `X-Mock-"));
    let rows = rows.filter_map(|row| {
        let mut cells = row.split(" | ");
        Some((format!("x-mock-{}", cells.next()?.trim_end_matches('`').to_lowercase()), cells.next()?))
    });
    rows.collect()
}

/// The header fields of the mock that the source names, tests apart.
fn headers_of_the_source() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in source() {
        let is_test = path.to_string_lossy().ends_with("tests.rs") || path.iter().any(|part| part == "tests");
        let text = if is_test { String::new() } else { std::fs::read_to_string(&path).expect("a file") };
        let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_lowercase();
        for (start, _) in text.match_indices("\"x-mock-") {
            let name: String =
                text[start + 1..].chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '-').collect();
            // With nothing behind it, it is the start of all of them.
            if name != "x-mock-" {
                names.insert(name);
            }
        }
    }
    names
}

#[test]
fn the_table_of_header_fields_has_all_that_the_source_has_each_with_an_example() {
    let page = page("sandboxes.md");
    let rows = header_rows(&page);
    let listed: BTreeSet<_> = rows.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(listed, headers_of_the_source(), "the table of docs/sandboxes.md, and the source");
    // A command goes on where its line ends in a backslash.
    let joined = page.replace("\\\n", "");
    let lines = examples(&joined);
    for (name, on) in rows {
        let is_shown = lines.iter().any(|line| match (line.strip_prefix("$ "), on.starts_with("request")) {
            (Some(command), true) => command.starts_with("curl ") && shell::curl(command).asked.has(&name),
            (None, false) => line.to_lowercase().starts_with(&format!("{name}: ")),
            _ => false,
        });
        assert!(is_shown, "no example of docs/sandboxes.md shows {name} on a {on}");
    }
}

/// How the statuses of the operations are known, as the page of contracts has it.
fn table_of_statuses() -> String {
    let server = TestServer::start(&server::setup());
    let coverage = server.send(&Asked::new("GET", "/_mock/coverage?sandbox=*")).json();
    let words = ["documented", "observed", "inferred", "extension"];
    let mut table = format!("\n| | {} | of |\n|---|---|---|---|---|---|\n", words.join(" | "));
    for document in coverage["documents"].as_array().expect("documents") {
        let operations = document["operations"].as_array().expect("operations");
        let cells = operations.iter().flat_map(|operation| operation["cells"].as_array().expect("cells"));
        let statuses = cells.filter(|cell| cell["axis"] == "statuses");
        let known: Vec<_> = statuses.filter_map(|cell| cell["provenance"].as_str()).collect();
        let count = |word: &&str| known.iter().filter(|known| *known == word).count().to_string();
        let counts: Vec<_> = words.iter().map(count).collect();
        let provider = document["provider"].as_str().expect("a provider");
        table.push_str(&format!("| `{provider}` | {} | {} |\n", counts.join(" | "), known.len()));
    }
    table
}

#[test]
fn the_page_of_contracts_counts_what_is_known() {
    let (file, committed) = (root().join("docs/contract.md"), page("contract.md"));
    let start = committed.find("<!-- statuses: ").and_then(|start| Some(start + committed[start..].find('\n')? + 1));
    let (start, end) = (start.expect("a start"), committed.find("<!-- end of statuses -->").expect("an end"));
    let current = format!("{}{}\n{}", &committed[..start], table_of_statuses(), &committed[end..]);
    if std::env::var_os("PERSONA_MOCK_WRITE_DOCS").is_some() {
        std::fs::write(&file, &current).expect("a page");
    }
    assert!(
        page("contract.md") == current,
        "docs/contract.md is not current: PERSONA_MOCK_WRITE_DOCS=1 cargo nextest run the_page writes it"
    );
}
