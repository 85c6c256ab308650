//! What each form says of a few cells, and that a stranger's text stays text in each.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Demand, NotWritten, ReportForm};
use crate::api::{
    Coverage, CoverageAxis, CoverageCell, CoverageLevel, CoverageNote, DocumentCoverage, OperationCoverage, Provenance,
};
use crate::world::cancel::Cancel;

fn cell(axis: CoverageAxis, name: &str, provenance: Provenance, counts: [u64; 3]) -> CoverageCell {
    let [exercised, refused, injected] = counts;
    CoverageCell { axis, name: name.into(), provenance, exercised, refused, injected }
}

fn of(documents: Vec<DocumentCoverage>) -> Coverage {
    Coverage {
        sandbox: Some("t1".into()),
        level: CoverageLevel::Fields,
        documents,
        not_looked_at: 0,
        near_misses: vec![],
        ignored: vec![],
        unstruck: vec![],
    }
}

fn document(cells: Vec<CoverageCell>) -> DocumentCoverage {
    let operation = OperationCoverage {
        operation: "toy.make_counter".into(),
        method: "POST".into(),
        path: "/toy/{id}".into(),
        cells,
    };
    DocumentCoverage {
        provider: "toy".into(),
        sha256: "0123456789abcdef".into(),
        settings: BTreeMap::from([("auth".into(), "off".into())]),
        operations: vec![operation],
    }
}

fn toy() -> Coverage {
    use CoverageAxis::{Operations, RequestFields, Statuses, Transport};
    use Provenance::{Documented, Inferred};
    let mut coverage = of(vec![document(vec![
        cell(Operations, "toy.make_counter", Documented, [3, 1, 2]),
        cell(Statuses, "201", Documented, [3, 0, 0]),
        cell(Statuses, "422", Inferred, [0, 1, 0]),
        cell(Statuses, "409", Inferred, [0, 0, 2]),
        cell(Transport, "503", Inferred, [0, 0, 1]),
        cell(RequestFields, "$.name", Documented, [0, 1, 0]),
        cell(RequestFields, "$.size", Inferred, [0, 0, 0]),
        cell(RequestFields, "$.late", Inferred, [0, 0, 1]),
    ])]);
    coverage.not_looked_at = 5;
    coverage.near_misses = vec![CoverageNote { what: "GET /toys".into(), times: 2 }];
    coverage.unstruck = vec![CoverageNote { what: "late".into(), times: 0 }];
    coverage
}

fn demands() -> [Demand; 2] {
    let demand = |asked: &str, found: &str, is_met| Demand { asked: asked.into(), found: found.into(), is_met };
    [demand("--min statuses=60%", "66 % (2 of 3)", true), demand("--max inferred=0", "1", false)]
}

fn write(form: ReportForm, coverage: &Coverage) -> String {
    form.write(coverage, &demands()).expect("JSON")
}

#[test]
fn text_is_a_table_and_what_is_leaned_on_and_what_is_beside() {
    assert_eq!(
        write(ReportForm::Text, &toy()),
        "\
coverage of sandbox t1, at level fields

                         exercised  refused  injected  covered     of
toy  operations                  1        1         1        1      1
     statuses                    1        1         1        3      3
     transport                   0        0         1        1      1
     request_fields              0        1         1        1      3

inferred, and leaned on: statuses 1
  toy.make_counter statuses 422: exercised 0, refused 1, injected 0 (inferred)

counted by operation and status alone, since too many came at once: 5

called, and no operation: 1
  GET /toys (2 times)

faults that never struck: 1
  late
"
    );
}

#[test]
fn what_nobody_called_takes_one_line() {
    let empty = || document(vec![cell(CoverageAxis::Operations, "toy.make_counter", Provenance::Documented, [0; 3])]);
    let mut coverage = of(vec![empty(), DocumentCoverage { provider: "game".into(), ..empty() }]);
    coverage
        .documents
        .extend(toy().documents.into_iter().map(|met| DocumentCoverage { provider: "met".into(), ..met }));
    for (form, line) in [
        (ReportForm::Text, "\nnothing was exercised of toy, game\n"),
        (ReportForm::Markdown, "\nNothing was exercised of `toy`, `game`.\n"),
        (ReportForm::Html, "\n<p>Nothing was exercised of toy, game.</p>\n"),
    ] {
        let report = write(form, &coverage);
        assert!(report.contains(line), "{report}");
        assert!(report.contains("met"), "{report}");
    }
}

#[test]
fn junit_has_a_suite_an_operation_and_skips_what_was_not_exercised() {
    assert_eq!(write(ReportForm::Junit, &toy()), include_str!("tests/toy.xml"));
}

/// The class and the name of each test.
fn names(report: &str) -> Vec<&str> {
    report
        .lines()
        .filter_map(|line| line.strip_prefix("<testcase ")?.split_once(" time="))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn no_two_tests_have_one_name() {
    let mut twice = document(vec![
        cell(CoverageAxis::Statuses, "200", Provenance::Documented, [1, 0, 0]),
        cell(CoverageAxis::Transport, "503", Provenance::Documented, [0, 0, 1]),
    ]);
    for (method, path) in [("PUT", "/toy/{id}"), ("PATCH", "/toy/{id}"), ("PATCH", "/toys/{id}")] {
        let operation = twice.operations[0].clone();
        twice.operations.push(OperationCoverage { method: method.into(), path: path.into(), ..operation });
    }
    let other = DocumentCoverage { sha256: "fedcba9876543210".into(), ..twice.clone() };
    let report = write(ReportForm::Junit, &of(vec![twice, other]));
    let mut found = names(&report);
    assert!(found.contains(&"classname=\"toy@fedcba98.make_counter (PUT)\" name=\"statuses 200\""), "{found:#?}");
    found.sort_unstable();
    let all = found.len();
    found.dedup();
    assert_eq!((found.len(), all), (18, 18), "{report}");
}

#[test]
fn a_summary_is_short_tables() {
    assert_eq!(write(ReportForm::Markdown, &toy()), include_str!("tests/toy.md"));
}

#[test]
fn a_page_folds_each_operation() {
    let page = write(ReportForm::Html, &toy());
    let body = page.split_once("</style>\n").expect("a style").1;
    assert_eq!(body, include_str!("tests/toy.html"));
}

#[test]
fn ctrf_counts_its_tests() {
    let report: serde_json::Value = serde_json::from_str(&write(ReportForm::Ctrf, &toy())).expect("JSON");
    let results = &report["results"];
    let tests = results["tests"].as_array().expect("tests");
    let status = |name: &str| tests.iter().filter(|test| test["status"] == name).count();
    for name in ["passed", "failed", "skipped"] {
        assert_eq!(results["summary"][name], status(name), "{name}");
    }
    assert_eq!((status("passed"), status("failed"), status("skipped")), (7, 1, 2));
    let named = |name: &str| tests.iter().find(|test| test["name"] == name).expect("a test");
    let refused = named("toy.make_counter request_fields $.name");
    assert_eq!((&refused["status"], &refused["rawStatus"]), (&"passed".into(), &"refused".into()));
    assert_eq!(refused["labels"]["refused"], 1);
    let empty = named("toy.make_counter request_fields $.size");
    assert_eq!((&empty["status"], &empty["rawStatus"]), (&"skipped".into(), &"empty".into()));
    assert_eq!(empty["message"], "not exercised (inferred)");
}

/// What strangers may say: markup, code, ends of what they stand in, and what cannot be seen.
const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\" onerror=\"alert(1)",
    "' onload='alert(1)",
    "]]><!--&amp;-->",
    "a\u{0}\u{b}\u{1b}[31m\u{ffff}\r\n\n# x",
    "\u{2028}\u{202e}\u{2066}\u{feff}",
    "|a|`b``|\\|\n| c | d |",
    "[x](javascript:alert(1)) @everyone <img src=x>",
    "</summary></details></table></style>",
];

fn hostile() -> Coverage {
    let mut document = document(vec![]);
    for text in HOSTILE {
        document.operations[0].cells.push(cell(CoverageAxis::AnswerFields, text, Provenance::Inferred, [1, 0, 0]));
        document.settings.insert(text.into(), text.into());
    }
    document.operations[0].path = HOSTILE.concat();
    document.operations[0].operation = HOSTILE[0].into();
    document.provider = HOSTILE[1].into();
    document.sha256 = HOSTILE[5].into();
    let notes = || HOSTILE.map(|what| CoverageNote { what: what.into(), times: 1 }).into();
    let (near_misses, ignored, unstruck) = (notes(), notes(), notes());
    Coverage { sandbox: Some(HOSTILE.concat()), near_misses, ignored, unstruck, ..of(vec![document.clone(), document]) }
}

/// Whether a reader of XML takes a character, and people see it.
fn is_plain(char: char) -> bool {
    char == '\n'
        || !char.is_control() && !matches!(char, '\u{2028}'..='\u{202e}' | '\u{2066}' | '\u{feff}' | '\u{ffff}')
}

#[test]
fn a_strangers_text_is_seen_whole_in_each_form() {
    for (form, name, _) in ReportForm::ALL {
        let report = write(form, &hostile());
        if form != ReportForm::Json {
            let odd: Vec<_> = report.chars().filter(|char| !is_plain(*char)).collect();
            assert!(odd.is_empty(), "{name} holds {odd:?}");
            assert!(report.contains(r"\u{202e}") || report.contains(r"\\u{202e}"), "{name} shows no mark of direction");
        }
    }
}

#[test]
fn no_text_becomes_a_tag() {
    for form in [ReportForm::Junit, ReportForm::Html] {
        let report = write(form, &hostile());
        let (_, body) = report.split_once(if form == ReportForm::Html { "</style>" } else { "?>" }).expect("a head");
        let tags = body.split('<').skip(1).map(|tag| tag.split(['>', ' ', '/']).find(|name| !name.is_empty()));
        let mut tags: Vec<_> = tags.flatten().collect();
        tags.sort_unstable();
        tags.dedup();
        let known: &[&str] = match form {
            ReportForm::Html => {
                &["code", "details", "h1", "h2", "p", "summary", "table", "tbody", "td", "th", "thead", "tr"]
            }
            _ => &["failure", "properties", "property", "system-out", "testcase", "testsuite", "testsuites", "skipped"],
        };
        assert!(tags.iter().all(|tag| known.contains(tag)), "{tags:?}");
        // Every quote of a stranger's is an entity: those that stand there come in pairs, within tags.
        for tag in body.split('<').skip(1) {
            let (tag, text) = tag.split_once('>').expect("an end");
            assert!(tag.matches('"').count() % 2 == 0 && !text.contains(['"', '\'', '>']), "<{tag}>{text}");
        }
    }
}

/// How many cells a row of a table of GitHub's Markdown has: a bar divides unless a backslash stands before it.
fn columns(row: &str) -> usize {
    let mut before = ' ';
    let bars = row.chars().filter(|char| {
        let divides = *char == '|' && before != '\\';
        before = *char;
        divides
    });
    bars.count() - 1
}

#[test]
fn a_strangers_text_breaks_no_table_and_no_code() {
    let report = write(ReportForm::Markdown, &hostile());
    let mut wanted = None;
    for line in report.lines() {
        match (line.starts_with('|'), wanted) {
            (true, None) => wanted = Some(columns(line)),
            (true, Some(wanted)) => assert_eq!(columns(line), wanted, "{line}"),
            (false, _) => wanted = None,
        }
        // Outside of code there are only this project's own words.
        let mut rest = line;
        let mut outside = String::new();
        while let Some(start) = rest.find('`') {
            outside.push_str(&rest[..start]);
            let fence = rest[start..].len() - rest[start..].trim_start_matches('`').len();
            let after = &rest[start + fence..];
            // The next run of backticks that is as long.
            let mut at = 0;
            let end = loop {
                let next = at + after[at..].find('`').expect(line);
                let run = after[next..].len() - after[next..].trim_start_matches('`').len();
                if run == fence {
                    break next + run;
                }
                at = next + run;
            };
            rest = &after[end..];
        }
        outside.push_str(rest);
        let strange = ["alert", "@", "onerror", "javascript", "script>", "c "];
        assert!(!strange.iter().any(|word| outside.contains(word)), "{outside} of {line}");
    }
}

#[test]
fn the_end_of_a_files_name_says_its_form() {
    for (name, form) in [
        ("coverage.json", Some(ReportForm::Json)),
        ("out/coverage.CTRF.json", Some(ReportForm::Ctrf)),
        ("ctrf.json", Some(ReportForm::Json)),
        ("junit.xml", Some(ReportForm::Junit)),
        ("summary.md", Some(ReportForm::Markdown)),
        ("a.b.HTML", Some(ReportForm::Html)),
        ("table.txt", Some(ReportForm::Text)),
        ("coverage", None),
        ("json", None),
        ("coverage.htm", None),
    ] {
        assert_eq!(ReportForm::of_file(name), form, "{name}");
    }
}

/// As many cells as all documents have together at level `fields`, all covered, and strange words beside them.
fn full() -> Coverage {
    use CoverageAxis::{AnswerFields, EnumValues, RequestFields, RequestNulls, RequestRefusals, Statuses, Transport};
    let mut operations = Vec::new();
    for number in 0..40 {
        let axes = [
            (Statuses, 5, "200", ""),
            (Transport, 5, "503", ""),
            (RequestFields, 8, "$.some_name_", ""),
            (RequestNulls, 8, "$.some_name_", " null"),
            (RequestRefusals, 8, "$.some_name_", " refused"),
            (AnswerFields, 40, "200 $.data[].name_", ""),
            (EnumValues, 16, "$.country=V", ""),
        ];
        let cells = axes.into_iter().flat_map(|(axis, many, start, end)| {
            (0..many).map(move |at| {
                let provenance = if at % 2 == 0 { Provenance::Documented } else { Provenance::Inferred };
                cell(axis, &format!("{start}{at}{end}"), provenance, [123, 0, 0])
            })
        });
        let operation = &document(cells.collect()).operations[0];
        operations.push(OperationCoverage { operation: format!("toy.make_{number}"), ..operation.clone() });
    }
    let mut coverage = of(vec![DocumentCoverage { operations, ..document(vec![]) }]);
    let note = |number| CoverageNote { what: format!("{number}{}", "<\u{e0041}".repeat(4000)), times: 1 };
    let notes = || (0..100).map(note).collect();
    (coverage.near_misses, coverage.ignored, coverage.unstruck) = (notes(), notes(), notes());
    coverage
}

#[test]
fn a_page_of_all_documents_has_at_most_150_kb_and_a_summary_fits_a_comment() {
    let coverage = full();
    let cells: usize = coverage.documents[0].operations.iter().map(|operation| operation.cells.len()).sum();
    assert!(cells >= 3_600, "{cells}");
    let page = write(ReportForm::Html, &coverage).len();
    assert!(page <= 150_000, "{page}");
    // Every sandbox may have settings of its own.
    let one = &coverage.documents[0];
    let documents = (0..300).map(|number| DocumentCoverage { sha256: format!("{number:064}"), ..one.clone() });
    let summary = write(ReportForm::Markdown, &Coverage { documents: documents.collect(), ..coverage.clone() }).len();
    assert!(summary < 65_536, "{summary}");
}

#[test]
fn json_is_what_is_merged() {
    let coverage = hostile();
    assert_eq!(serde_json::from_str::<Coverage>(&write(ReportForm::Json, &coverage)).expect("coverage"), coverage);
}

#[test]
fn a_report_is_known_by_how_it_begins_and_no_other_file_is() {
    let run = Coverage { sandbox: None, ..toy() };
    for (form, name, _) in ReportForm::ALL {
        let report = form.write(&run, &[]).expect("a report");
        let begin: String = report.chars().take(1_000).collect();
        assert!(ReportForm::begins(&begin), "{name}: {begin}");
    }
    for other in [
        "{}",
        r#"{"level": "info", "message": "started"}"#,
        r#"{"start":{"persona_mock":"0.1.0"}}"#,
        r#"{"reportFormat":"CTRF","specVersion":"0.0.0","results":{"tool":{"name":"vitest"}}}"#,
        r#"<?xml version="1.0"?><testsuites name="pytest tests">"#,
        "<!DOCTYPE html><title>mine</title>",
        "# Notes",
        "8080",
    ] {
        assert!(!ReportForm::begins(other), "{other}");
    }
}

#[test]
fn a_report_that_nobody_wants_any_more_is_not_written() {
    let late = Cancel::after(Duration::ZERO);
    for (form, name, _) in ReportForm::ALL {
        let report = form.write_wanted(&toy(), &[], &late);
        assert!(matches!(report, Err(NotWritten::Cancelled(_))), "{name}");
    }
}
