//! Coverage as a person reads it: a short table, what is inferred and leaned on, and what is listed beside.

use std::fmt;

use super::{Coverage, CoverageCell, CoverageLevel, CoverageNote, Tally};
use crate::world::visible::Visible;

/// How many of a list are shown.
const MOST_LISTED: usize = 10;

/// The longest text of a stranger's that is shown whole.
const LONGEST: usize = 120;

impl fmt::Display for CoverageLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operations => "operations",
            Self::Fields => "fields",
        })
    }
}

impl fmt::Display for CoverageCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { axis, exercised, refused, injected, provenance, .. } = self;
        let name = Visible::new(&self.name, LONGEST);
        write!(f, "{axis} {name}: exercised {exercised}, refused {refused}, injected {injected} ({provenance})")
    }
}

impl fmt::Display for CoverageNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = Visible::new(&self.what, LONGEST);
        match self.times {
            0 => what.fmt(f),
            1 => write!(f, "{what} (once)"),
            times => write!(f, "{what} ({times} times)"),
        }
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sandbox {
            Some(sandbox) => write!(f, "coverage of sandbox {}", Visible::new(sandbox, LONGEST))?,
            None => f.write_str("coverage of the run")?,
        }
        write!(f, ", at level {}", self.level)?;
        self.table(f)?;
        self.guesses(f)?;
        if self.not_looked_at > 0 {
            write!(
                f,
                "\n\ncounted by operation and status alone, since too many came at once: {}",
                self.not_looked_at
            )?;
        }
        notes(f, "called, and no operation", &self.near_misses)?;
        notes(f, "sent, and ignored by the vendor", &self.ignored)?;
        notes(f, "faults that never struck", &self.unstruck)
    }
}

impl Coverage {
    fn table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (documents, others) = self.exercised();
        let labels = documents.iter().map(|document| Visible::new(&self.label(document), LONGEST).to_string());
        let labels: Vec<_> = labels.collect();
        let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or_default();
        if !labels.is_empty() {
            write!(f, "\n\n{:width$}  {:18}  exercised  refused  injected  covered     of", "", "")?;
        }
        for (label, document) in labels.iter().zip(documents) {
            for (number, tally) in document.tallies().enumerate() {
                let label = if number == 0 { label } else { "" };
                let Tally { axis, exercised, refused, injected, covered, of } = tally;
                write!(f, "\n{label:width$}  {:18}  {exercised:>9}  {refused:>7}  ", axis.name())?;
                write!(f, "{injected:>8}  {covered:>7}  {of:>5}")?;
            }
        }
        if others.is_empty() {
            return Ok(());
        }
        write!(f, "\n\nnothing was exercised of {}", Visible::new(&others.join(", "), LONGEST))
    }

    fn guesses(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = self.leaned_on().count();
        if many == 0 {
            return f.write_str("\n\nnothing that was exercised is inferred");
        }
        write!(f, "\n\ninferred, and leaned on: {}", self.leaned_on_by_axis())?;
        for (document, operation, cell) in self.leaned_on().take(MOST_LISTED) {
            let operation = self.operation_label(document, operation);
            write!(f, "\n  {} {cell}", Visible::new(&operation, LONGEST))?;
        }
        more(f, many)
    }
}

fn notes(f: &mut fmt::Formatter<'_>, title: &str, notes: &[CoverageNote]) -> fmt::Result {
    if notes.is_empty() {
        return Ok(());
    }
    write!(f, "\n\n{title}: {}", notes.len())?;
    notes.iter().take(MOST_LISTED).try_for_each(|note| write!(f, "\n  {note}"))?;
    more(f, notes.len())
}

fn more(f: &mut fmt::Formatter<'_>, many: usize) -> fmt::Result {
    match many.checked_sub(MOST_LISTED) {
        Some(more @ 1..) => write!(f, "\n  and {more} more"),
        _ => Ok(()),
    }
}
