//! Reports of the shards of one suite as one report.

use crate::api::{Coverage, CoverageLevel, CoverageNote, DocumentCoverage, OperationCoverage};

/// All of these as one.
///
/// # Errors
///
/// There is none; or two are of different documents of one provider under one set of settings.
pub(crate) fn merged(reports: Vec<(String, Coverage)>) -> Result<Coverage, String> {
    let mut reports = reports.into_iter();
    let Some((_, mut all)) = reports.next() else { return Err("there is no report to merge".to_owned()) };
    for (name, one) in reports {
        if one.level != all.level {
            return Err(format!(
                "{name} counts {}, and the files before it {}; start all shards with one --coverage-level",
                level(one.level),
                level(all.level)
            ));
        }
        if one.sandbox != all.sandbox {
            all.sandbox = None;
        }
        for document in one.documents {
            add_document(&mut all, document).map_err(|reason| format!("cannot merge {name}: {reason}"))?;
        }
        all.not_looked_at += one.not_looked_at;
        add_notes(&mut all.near_misses, one.near_misses);
        add_notes(&mut all.ignored, one.ignored);
        add_notes(&mut all.unstruck, one.unstruck);
    }
    Ok(all)
}

fn level(level: CoverageLevel) -> &'static str {
    match level {
        CoverageLevel::Operations => "operations alone",
        CoverageLevel::Fields => "fields too",
    }
}

fn add_document(all: &mut Coverage, document: DocumentCoverage) -> Result<(), String> {
    let same =
        |known: &&mut DocumentCoverage| known.provider == document.provider && known.settings == document.settings;
    let Some(known) = all.documents.iter_mut().find(same) else {
        // Of a provider whose settings differ; it stands behind those of that provider.
        let last = all.documents.iter().rposition(|known| known.provider == document.provider);
        all.documents.insert(last.map_or(all.documents.len(), |last| last + 1), document);
        return Ok(());
    };
    if known.sha256 != document.sha256 {
        return Err(format!(
            "it counts another document of {}: its SHA-256 is {}, and that of the files before it {}; run all shards \
             with one version of persona-mock",
            document.provider, document.sha256, known.sha256
        ));
    }
    for operation in document.operations {
        let same = |known: &&mut OperationCoverage| {
            (&known.operation, &known.method, &known.path) == (&operation.operation, &operation.method, &operation.path)
        };
        match known.operations.iter_mut().find(same) {
            Some(known) => add_operation(known, operation),
            None => known.operations.push(operation),
        }
    }
    Ok(())
}

fn add_operation(known: &mut OperationCoverage, operation: OperationCoverage) {
    for (at, cell) in operation.cells.into_iter().enumerate() {
        let is_it = |known: &crate::api::CoverageCell| known.axis == cell.axis && known.name == cell.name;
        // One document has its cells in one order.
        let at = if known.cells.get(at).is_some_and(is_it) { Some(at) } else { known.cells.iter().position(is_it) };
        match at.and_then(|at| known.cells.get_mut(at)) {
            Some(known) => {
                known.exercised = known.exercised.saturating_add(cell.exercised);
                known.refused = known.refused.saturating_add(cell.refused);
                known.injected = known.injected.saturating_add(cell.injected);
            }
            None => known.cells.push(cell),
        }
    }
}

fn add_notes(all: &mut Vec<CoverageNote>, notes: Vec<CoverageNote>) {
    for note in notes {
        match all.iter_mut().find(|known| known.what == note.what) {
            Some(known) => known.times = known.times.saturating_add(note.times),
            None => all.push(note),
        }
    }
    all.sort_by(|one, other| other.times.cmp(&one.times).then_with(|| one.what.cmp(&other.what)));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn report(
        sha256: &str,
        settings: &Value,
        [exercised, refused, injected]: [u64; 3],
        notes: &[(&str, u64)],
    ) -> Coverage {
        let notes: Vec<_> = notes.iter().map(|(what, times)| json!({"what": what, "times": times})).collect();
        let cell = json!({
            "axis": "statuses", "name": "200", "provenance": "documented",
            "exercised": exercised, "refused": refused, "injected": injected,
        });
        let operation = json!({"operation": "toy.show", "method": "GET", "path": "/toy", "cells": [cell]});
        let document = json!({"provider": "toy", "sha256": sha256, "settings": settings, "operations": [operation]});
        let report = json!({
            "sandbox": "t1", "level": "operations", "documents": [document], "not_looked_at": 1, "near_misses": notes,
        });
        serde_json::from_value(report).expect("a report")
    }

    fn named(reports: Vec<Coverage>) -> Vec<(String, Coverage)> {
        reports.into_iter().enumerate().map(|(number, report)| (format!("{number}.json"), report)).collect()
    }

    #[test]
    fn shards_of_one_document_are_added_cell_by_cell_and_list_by_list() {
        let one = report("a", &json!({}), [1, 2, 3], &[("GET /x", 1), ("GET /y", 5)]);
        let other = report("a", &json!({}), [10, 0, 1], &[("GET /x", 6)]);
        let all = merged(named(vec![one, other])).expect("one report");
        let cell = &all.documents[0].operations[0].cells[0];
        assert_eq!((all.documents.len(), cell.exercised, cell.refused, cell.injected), (1, 11, 2, 4));
        let notes: Vec<_> = all.near_misses.iter().map(|note| (&*note.what, note.times)).collect();
        assert_eq!((notes, all.not_looked_at), (vec![("GET /x", 7), ("GET /y", 5)], 2));
        assert_eq!(all.sandbox.as_deref(), Some("t1"));
    }

    #[test]
    fn the_order_of_shards_does_not_matter_and_other_settings_stand_beside() {
        let settings = json!({"mode": "on"});
        let shards = || [report("a", &json!({}), [1, 0, 0], &[]), report("b", &settings, [0, 1, 0], &[])];
        let [one, other] = shards();
        let all = merged(named(vec![one, other])).expect("one report");
        assert_eq!(all.documents.iter().map(|of| &*of.sha256).collect::<Vec<_>>(), ["a", "b"]);
        let [one, other] = shards();
        let mut turned = merged(named(vec![other, one])).expect("one report");
        turned.documents.reverse();
        assert_eq!(turned, all);
    }

    #[test]
    fn shards_of_different_documents_and_levels_are_refused() {
        let one = || report("aaaa", &json!({}), [1, 0, 0], &[]);
        let error = merged(named(vec![one(), report("bbbb", &json!({}), [1, 0, 0], &[])])).expect_err("other");
        assert!(error.starts_with("cannot merge 1.json: it counts another document of toy: "), "{error}");
        assert!(error.contains("aaaa") && error.contains("bbbb"), "{error}");
        let fields = Coverage { level: CoverageLevel::Fields, ..one() };
        let error = merged(named(vec![one(), fields])).expect_err("another level");
        assert!(error.starts_with("1.json counts fields too, and the files before it operations alone"), "{error}");
        assert!(merged(Vec::new()).is_err());
    }
}
