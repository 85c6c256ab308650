//! What a suite must reach at least, and may have at most, of a coverage.

use crate::api::{Coverage, CoverageAxis, CoverageCell, OperationCoverage, Provenance};
use crate::contract::suggestion;
use crate::evidence::forms::Demand;

/// A threshold: `--min vijil.statuses=40%`, `--max inferred=0`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Threshold {
    /// As it was said, with its flag.
    asked: String,
    /// A provider or an operation; all that is counted, where absent.
    scope: Option<String>,
    key: Key,
    bound: Bound,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    /// Covered cells of an axis, which must be so many.
    Covered(CoverageAxis),
    /// Of each axis apart, the cells that are known in this way and that the suite relies on.
    Known(Provenance),
    /// Of each axis apart, the cells that nothing but a fault, a limit or `Prefer: code` covered.
    Injected,
    NotLookedAt,
    NearMisses,
    Ignored,
    Unstruck,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Bound {
    Percent(f64),
    Number(u64),
}

/// What `--max` takes.
const MOST: [(&str, Key); 7] = [
    ("inferred", Key::Known(Provenance::Inferred)),
    ("extension", Key::Known(Provenance::Extension)),
    ("injected", Key::Injected),
    ("not_looked_at", Key::NotLookedAt),
    ("near_misses", Key::NearMisses),
    ("ignored", Key::Ignored),
    ("unstruck", Key::Unstruck),
];

/// Why a coverage was not held against a threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NotJudged {
    /// It names what is not there.
    Unknown(String),
    /// There is nothing that it could be of.
    Nothing(String),
}

impl Threshold {
    /// What `--min` says.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn at_least(text: &str) -> Result<Self, String> {
        let axes = CoverageAxis::ALL.map(|axis| (axis.name(), Key::Covered(axis)));
        Self::read("--min", text, &axes, "operations=100% or vijil.statuses=40%")
    }

    /// What `--max` says.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn at_most(text: &str) -> Result<Self, String> {
        Self::read("--max", text, &MOST, "inferred=0 or vijil.inferred=10%")
    }

    fn read(flag: &str, text: &str, keys: &[(&str, Key)], example: &str) -> Result<Self, String> {
        let expected = || format!("expected KEY=NUMBER or KEY=PERCENT%, such as {example}");
        let (name, bound) = text.trim().split_once('=').ok_or_else(expected)?;
        let (scope, name) = match name.trim().rsplit_once('.') {
            Some((scope, name)) => (Some(scope.to_owned()), name),
            None => (None, name.trim()),
        };
        let same = |known: &str| known.eq_ignore_ascii_case(&name.replace('-', "_"));
        let Some((_, key)) = keys.iter().find(|(known, _)| same(known)) else {
            let known: Vec<_> = keys.iter().map(|(known, _)| *known).collect();
            let meant = suggestion::name(name, known.iter().copied());
            let meant = meant.map(|meant| format!("`{meant}` was probably meant; ")).unwrap_or_default();
            return Err(format!("there is no key `{name}`; {meant}the keys are {}", known.join(", ")));
        };
        let bound = bound.trim();
        let bound = match bound.strip_suffix('%') {
            Some(percent) => {
                let percent = percent.trim().parse::<f64>().ok().filter(|percent| (0.0..=100.0).contains(percent));
                Bound::Percent(percent.ok_or_else(|| format!("{}; a percentage is from 0% to 100%", expected()))?)
            }
            None => Bound::Number(bound.parse().map_err(|_| expected())?),
        };
        let is_of_cells = matches!(key, Key::Covered(_) | Key::Known(_) | Key::Injected);
        if !is_of_cells && (scope.is_some() || matches!(bound, Bound::Percent(_))) {
            return Err(format!("`{name}` is a number of the whole report, such as {name}=0"));
        }
        Ok(Self { asked: format!("{flag} {}", text.trim()), scope, key: *key, bound })
    }

    /// Holds a coverage against it.
    ///
    /// # Errors
    ///
    /// [`NotJudged`].
    pub(crate) fn judge(&self, coverage: &Coverage) -> Result<Demand, NotJudged> {
        let operations = self.operations(coverage)?;
        let cells = || operations.iter().flat_map(|operation| &operation.cells);
        let (found, is_met) = match self.key {
            Key::Covered(axis) => {
                let of_axis = || cells().filter(|cell| cell.axis == axis);
                let (covered, all) = (of_axis().filter(|cell| cell.is_covered()).count(), of_axis().count());
                if all == 0 {
                    return Err(NotJudged::Nothing(self.nothing(axis)));
                }
                (share(covered, all), self.bound.is_reached(covered, all))
            }
            Key::Known(provenance) => {
                let relies = |cell: &CoverageCell| cell.exercised > 0 || cell.refused > 0;
                self.each_axis(cells().filter(|cell| relies(cell)), |cell| cell.provenance == provenance)
            }
            Key::Injected => {
                let is_only = |cell: &CoverageCell| cell.exercised == 0 && cell.refused == 0;
                self.each_axis(cells().filter(|cell| cell.is_covered()), is_only)
            }
            Key::NotLookedAt => self.number(coverage.not_looked_at),
            Key::NearMisses => self.number(coverage.near_misses.iter().map(|note| note.times).sum()),
            Key::Ignored => self.number(coverage.ignored.iter().map(|note| note.times).sum()),
            Key::Unstruck => self.number(coverage.unstruck.iter().map(|note| note.times).sum()),
        };
        Ok(Demand { asked: self.asked.clone(), found, is_met })
    }

    /// The operations that are meant.
    fn operations<'c>(&self, coverage: &'c Coverage) -> Result<Vec<&'c OperationCoverage>, NotJudged> {
        let all = || {
            coverage
                .documents
                .iter()
                .flat_map(|document| document.operations.iter().map(move |operation| (&*document.provider, operation)))
        };
        let Some(scope) = &self.scope else { return Ok(all().map(|(_, operation)| operation).collect()) };
        let is_meant = |(provider, operation): &(&str, &OperationCoverage)| {
            provider.eq_ignore_ascii_case(scope) || operation.operation.eq_ignore_ascii_case(scope)
        };
        let meant: Vec<_> = all().filter(is_meant).map(|(_, operation)| operation).collect();
        if !meant.is_empty() {
            return Ok(meant);
        }
        let provider = scope.split('.').next().unwrap_or_default();
        let providers: Vec<_> = coverage.documents.iter().map(|document| &*document.provider).collect();
        let of_provider = all().filter(|(of, _)| *of == provider).map(|(_, known)| &*known.operation);
        let (what, mut known) = match scope.contains('.') && providers.contains(&provider) {
            true => ("operations", of_provider.collect()),
            false => ("providers", providers),
        };
        known.dedup();
        // An operation without its provider is the commonest mistake.
        let is_end = |name: &&str| name.rsplit('.').next().is_some_and(|end| end.eq_ignore_ascii_case(scope));
        let end = all().map(|(_, known)| &*known.operation).find(is_end);
        let meant = end.or_else(|| suggestion::name(scope, known.iter().copied()));
        let meant = meant.map(|meant| format!("`{meant}` was probably meant; ")).unwrap_or_default();
        let detail = format!("{}: nothing is called `{scope}`; {meant}the {what} are {}", self.asked, known.join(", "));
        Err(NotJudged::Unknown(detail))
    }

    /// The worst of the axes, each counted apart. The transport's is no business of the vendor.
    fn each_axis<'c>(
        &self,
        cells: impl Iterator<Item = &'c CoverageCell> + Clone,
        counts: impl Fn(&CoverageCell) -> bool,
    ) -> (String, bool) {
        let axes = CoverageAxis::ALL.into_iter().filter(|axis| *axis != CoverageAxis::Transport);
        let tallies = axes.map(|axis| {
            let of_axis = cells.clone().filter(move |cell| cell.axis == axis);
            (axis, of_axis.clone().filter(|cell| counts(cell)).count(), of_axis.count())
        });
        let tallies: Vec<_> = tallies.filter(|(_, _, all)| *all > 0).collect();
        let is_met = tallies.iter().all(|(_, found, all)| self.bound.is_kept(*found, *all));
        let found = tallies.iter().filter(|(_, found, _)| *found > 0);
        let found: Vec<_> = found.map(|(axis, found, all)| format!("{axis} {}", share(*found, *all))).collect();
        (if found.is_empty() { "0".to_owned() } else { found.join(", ") }, is_met)
    }

    fn number(&self, found: u64) -> (String, bool) {
        let is_met = match self.bound {
            Bound::Number(most) => found <= most,
            Bound::Percent(_) => false,
        };
        (found.to_string(), is_met)
    }

    fn nothing(&self, axis: CoverageAxis) -> String {
        match axis {
            CoverageAxis::Operations | CoverageAxis::Statuses | CoverageAxis::Transport => {
                format!("{}: nothing was exercised, since there is no cell of {axis}", self.asked)
            }
            _ => format!(
                "{}: nothing was exercised of {axis}: there is no such cell. A server counts them with \
                 --coverage-level fields",
                self.asked
            ),
        }
    }
}

impl Bound {
    /// Whether it is at least that.
    fn is_reached(self, found: usize, all: usize) -> bool {
        match self {
            Self::Percent(least) => found as f64 * 100.0 >= least * all as f64,
            Self::Number(least) => found as u64 >= least,
        }
    }

    /// Whether it is at most that.
    fn is_kept(self, found: usize, all: usize) -> bool {
        match self {
            Self::Percent(most) => found as f64 * 100.0 <= most * all as f64,
            Self::Number(most) => found as u64 <= most,
        }
    }
}

/// So many of so many, in whole percent rounded down: 100 % is all of it.
fn share(found: usize, all: usize) -> String {
    let percent = (found * 100).checked_div(all).unwrap_or_default();
    format!("{percent} % ({found} of {all})")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Two operations of one provider: a status each that was covered, and one that was not.
    fn coverage() -> Coverage {
        let cell = |axis: &str, name: &str, provenance: &str, [exercised, refused, injected]: [u64; 3]| {
            json!({
                "axis": axis, "name": name, "provenance": provenance,
                "exercised": exercised, "refused": refused, "injected": injected,
            })
        };
        let show = json!({"operation": "toy.show", "method": "GET", "path": "/toy", "cells": [
            cell("operations", "toy.show", "documented", [1, 2, 1]),
            cell("statuses", "200", "documented", [1, 0, 0]),
            cell("statuses", "404", "inferred", [0, 2, 0]),
            cell("statuses", "409", "documented", [0, 0, 1]),
            cell("transport", "503", "inferred", [0, 0, 1]),
        ]});
        let add = json!({"operation": "toy.add", "method": "POST", "path": "/toy", "cells": [
            cell("operations", "toy.add", "inferred", [0, 0, 0]),
            cell("statuses", "201", "documented", [0, 0, 0]),
        ]});
        let document = json!({"provider": "toy", "sha256": "a", "settings": {}, "operations": [show, add]});
        let misses = json!([{"what": "GET /x", "times": 3}]);
        let report = json!({"level": "operations", "documents": [document], "not_looked_at": 0, "near_misses": misses});
        serde_json::from_value(report).expect("a report")
    }

    fn least(text: &str) -> (String, bool) {
        let demand = Threshold::at_least(text).expect(text).judge(&coverage()).expect(text);
        (demand.found, demand.is_met)
    }

    fn most(text: &str) -> (String, bool) {
        let demand = Threshold::at_most(text).expect(text).judge(&coverage()).expect(text);
        (demand.found, demand.is_met)
    }

    #[test]
    fn at_least_so_many_cells_of_an_axis_or_so_much_of_it() {
        assert_eq!(least("operations=50%"), ("50 % (1 of 2)".to_owned(), true));
        assert!(!least("operations=50.1%").1);
        assert_eq!(least("statuses=75%"), ("75 % (3 of 4)".to_owned(), true));
        assert_eq!((least("statuses=3").1, least("statuses=4").1), (true, false));
        assert_eq!(least("toy.show.statuses=100%"), ("100 % (3 of 3)".to_owned(), true));
        assert!(!least("toy.add.Statuses = 1").1);
        assert!(least("TOY.transport=100%").1);
    }

    #[test]
    fn at_most_so_many_guesses_of_each_axis_and_none_of_the_transport() {
        assert_eq!(most("inferred=0"), ("statuses 50 % (1 of 2)".to_owned(), false));
        assert_eq!(
            (most("inferred=1").1, most("toy.show.inferred=50%").1, most("toy.show.inferred=49%").1),
            (true, true, false)
        );
        assert_eq!(most("toy.add.inferred=0"), ("0".to_owned(), true));
        assert_eq!(most("injected=0"), ("statuses 33 % (1 of 3)".to_owned(), false));
        assert_eq!((most("near-misses=3").1, most("near_misses=2")), (true, ("3".to_owned(), false)));
        assert_eq!(most("unstruck=0"), ("0".to_owned(), true));
    }

    #[test]
    fn what_is_not_there_is_told_with_the_names_that_are() {
        let unread = |text: &str| Threshold::at_least(text).expect_err(text);
        assert_eq!(
            unread("operation=1"),
            "there is no key `operation`; `operations` was probably meant; the keys are operations, statuses, transport, \
             parameters, parameter_nulls, parameter_refusals, request_fields, request_nulls, request_refusals, \
             answer_fields, enum_values"
        );
        assert_eq!(
            unread("operations"),
            "expected KEY=NUMBER or KEY=PERCENT%, such as operations=100% or vijil.statuses=40%"
        );
        for text in
            ["operations=x", "operations=-1", "operations=101%", "operations=NaN%", "operations=%", "operations="]
        {
            assert!(unread(text).starts_with("expected KEY=NUMBER or KEY=PERCENT%"), "{text}");
        }
        assert!(Threshold::at_most("operations=1").expect_err("a key").contains("the keys are inferred, extension, "));
        assert!(Threshold::at_most("near_misses=1%").expect_err("no share").contains("such as near_misses=0"));
        let unknown = |text: &str| Threshold::at_least(text).expect(text).judge(&coverage()).expect_err(text);
        assert_eq!(
            unknown("toy.shw.statuses=1"),
            NotJudged::Unknown(
                "--min toy.shw.statuses=1: nothing is called `toy.shw`; `toy.show` was probably meant; the operations are \
                 toy.show, toy.add"
                    .to_owned()
            )
        );
        assert_eq!(
            unknown("show.statuses=1"),
            NotJudged::Unknown(
                "--min show.statuses=1: nothing is called `show`; `toy.show` was probably meant; the providers are toy"
                    .to_owned()
            )
        );
        assert_eq!(
            unknown("game.statuses=1"),
            NotJudged::Unknown("--min game.statuses=1: nothing is called `game`; the providers are toy".to_owned())
        );
    }

    #[test]
    fn a_percentage_of_nothing_is_none() {
        let judged = Threshold::at_least("request_fields=10%").expect("a threshold").judge(&coverage());
        let Err(NotJudged::Nothing(reason)) = judged else { panic!("{judged:?}") };
        assert!(
            reason.contains("nothing was exercised of request_fields") && reason.contains("--coverage-level"),
            "{reason}"
        );
    }
}
