//! How far a path is from templates of paths, and by which steps.
//!
//! One path is held against all operations of a provider, whose paths share most of their segments: how far the path is from
//! a segment is found once, and a template that cannot be the nearest is passed over.

use std::cell::Cell;
use std::cmp::Ordering;

use super::Difference;
use super::spelling::{self, LONGEST, Spelled};
use super::templates::{Part, Templates, segments};

/// What it weighs that an id is missing at the end: who deletes without one does not want to create.
pub(super) const MISSING_ID: f64 = 0.15;

/// What a word weighs in the place of an id.
pub(super) const WORD: f64 = 0.25;

/// What a slash at the end weighs that should not be there, or that is missing. No step weighs less, but for a swap.
pub(super) const SLASH: f64 = 0.1;

/// What a verb weighs at the end of a path, whose method says the same.
pub(super) const VERB: f64 = 0.3;

/// No verb is longer.
const LONGEST_VERB: usize = 7;

/// The method of a verb that stands in a path.
pub(super) fn verb(segment: &str) -> Option<&'static str> {
    const VERBS: [(&str, &[&str]); 4] = [
        ("POST", &["add", "create", "new", "insert"]),
        ("PUT", &["update", "edit", "save", "modify"]),
        ("DELETE", &["delete", "remove", "destroy"]),
        ("GET", &["get", "list", "all", "find", "search", "show"]),
    ];
    if segment.len() > LONGEST_VERB {
        return None;
    }
    let is_one = |verbs: &[&str]| verbs.iter().any(|verb| verb.eq_ignore_ascii_case(segment));
    VERBS.into_iter().find(|(_, verbs)| is_one(verbs)).map(|(method, _)| method)
}

/// A segment of the path that was sent.
#[derive(Debug)]
struct Found<'a> {
    text: &'a str,
    spelled: Spelled<'a>,
    verb: Option<&'static str>,
    has_digit: bool,
}

/// A path that was sent, beside templates. One is known by its number.
#[derive(Debug)]
pub(super) struct Aligned<'a, 't> {
    found: Vec<Found<'a>>,
    templates: &'t Templates<'t>,
    /// How far each segment found is from each of theirs, by spelling alone, once it is asked; below 0 before.
    apart: Vec<Cell<f64>>,
    /// The template that the path is beside, and how far it is from that.
    beside: Option<(usize, Option<f64>)>,
    /// What it costs to come from so many segments found to so many of that template's.
    costs: Vec<f64>,
}

impl<'a, 't> Aligned<'a, 't> {
    /// A path beside templates.
    pub(super) fn new(path: &'a str, templates: &'t Templates<'t>) -> Self {
        let found = segments(path).map(|text| Found {
            text,
            spelled: Spelled::new(text),
            verb: verb(text),
            has_digit: text.bytes().any(|byte| byte.is_ascii_digit()),
        });
        let found: Vec<_> = found.collect();
        let apart = vec![Cell::new(-1.0); found.len() * templates.parts()];
        Self { found, templates, apart, beside: None, costs: Vec::new() }
    }

    /// How many segments the path has.
    pub(super) fn segments(&self) -> usize {
        self.found.len()
    }

    /// The method that a verb at the end of the path stands for.
    pub(super) fn verb_at_end(&self) -> Option<&'static str> {
        self.found.last()?.verb
    }

    /// How many segments a template has.
    fn width(&self, template: usize) -> usize {
        self.templates.segments(template).len()
    }

    /// A segment of a template.
    fn part(&self, template: usize, column: usize) -> &'t Part<'t> {
        self.templates.part(self.templates.segments(template)[column])
    }

    fn spelled_apart(&self, row: usize, part: usize) -> f64 {
        let known = &self.apart[part * self.found.len() + row];
        if known.get() < 0.0 {
            let part = self.templates.part(part);
            // A parameter is like nothing but itself.
            known.set(if part.is_parameter { 0.0 } else { apart(&self.found[row].spelled, &part.spelled()) });
        }
        known.get()
    }

    /// How far the path is from a template at most: segment by segment, where both have as many; without end where that is
    /// more than `most`. It costs far less to know than how far it is.
    pub(super) fn bound(&self, template: usize, most: f64) -> Option<f64> {
        let (rows, columns) = (self.found.len(), self.templates.segments(template));
        if columns.len() != rows {
            return None;
        }
        let mut total = 0.0;
        for at in 0..rows {
            total += self.step_apart(columns, at, at);
            if total > most {
                return Some(f64::INFINITY);
            }
        }
        Some(total)
    }

    /// How far the path is from a template; nothing where that is more than `most`.
    pub(super) fn distance(&mut self, template: usize, most: f64) -> Option<f64> {
        match self.beside {
            Some((beside, total @ Some(_))) if beside == template => total,
            _ => {
                // Each segment too many or too few weighs 1, but for one at the end.
                let more = self.found.len().abs_diff(self.width(template));
                if more > 1 && (more - 1) as f64 > most {
                    return None;
                }
                let total = if most < 1.0 { self.straight(template, most) } else { self.walk(template, most) };
                self.beside = Some((template, total));
                total
            }
        }
    }

    /// How far a segment is from a template's, where those before them are beside each other too.
    fn step_apart(&self, columns: &[usize], row: usize, column: usize) -> f64 {
        let (found, number) = (&self.found[row], columns[column]);
        let part = self.templates.part(number);
        if !part.is_parameter || found.text == part.text() {
            return self.spelled_apart(row, number);
        }
        // A literal that fits is nearer than a parameter that takes anything; nothing is no parameter. Where what it
        // is a parameter of is not there, nothing is.
        let stands = match (row.checked_sub(1), column.checked_sub(1)) {
            (Some(row), Some(column)) => {
                let before = columns[column];
                self.templates.part(before).is_parameter || self.spelled_apart(row, before) < 1.0
            }
            _ => true,
        };
        let is_end = (row + 1, column + 1) == (self.found.len(), columns.len());
        match found.text.is_empty() || found.verb.is_some() {
            _ if !stands => 1.0,
            true if found.text.is_empty() && is_end => MISSING_ID,
            true => 1.0,
            // A word is rarely an id.
            false if found.has_digit => 0.05,
            false => WORD,
        }
    }

    /// What a segment weighs that should not be there.
    fn extra(&self, template: usize, row: usize, column: usize) -> f64 {
        let found = &self.found[row - 1];
        match (row, column) == (self.found.len(), self.width(template)) {
            true if found.text.is_empty() => SLASH,
            true if row > 1 && found.verb.is_some() => VERB,
            _ => 1.0,
        }
    }

    /// What one of the template's weighs that is missing.
    fn missing(&self, template: usize, row: usize, column: usize) -> f64 {
        let is_end = row > 0 && (row, column) == (self.found.len(), self.width(template));
        let part = self.part(template, column - 1);
        match is_end {
            true if part.text().is_empty() => SLASH,
            true if part.is_parameter && !self.found[row - 1].text.is_empty() => MISSING_ID,
            _ => 1.0,
        }
    }

    /// How far the path is from a template to which no step aside leads: each weighs 1, but for one at the end.
    fn straight(&self, template: usize, most: f64) -> Option<f64> {
        let (rows, columns) = (self.found.len(), self.templates.segments(template));
        let (mut total, width) = (0.0, columns.len());
        for at in 0..rows.min(width) {
            total += self.step_apart(columns, at, at);
            if total > most {
                return None;
            }
        }
        total += match rows.cmp(&width) {
            Ordering::Less => self.missing(template, rows, width),
            Ordering::Equal => 0.0,
            Ordering::Greater => self.extra(template, rows, width),
        };
        Some(total).filter(|total| *total <= most)
    }

    /// What the cheapest way from the segments found to the template's costs; nothing where that is more than `most`.
    fn walk(&mut self, template: usize, most: f64) -> Option<f64> {
        let columns = self.templates.segments(template);
        let width = columns.len() + 1;
        let mut costs = std::mem::take(&mut self.costs);
        costs.clear();
        costs.reserve(width * (self.found.len() + 1));
        costs.extend((0..width).map(|column| column as f64));
        let mut is_far = false;
        for row in 1..=self.found.len() {
            let is_last = row == self.found.len();
            let mut left = costs[(row - 1) * width] + 1.0;
            let mut least = left;
            costs.push(left);
            for column in 1..width {
                // Only at the end a segment too many or too few may weigh less than 1.
                let (extra, missing) = match is_last && column + 1 == width {
                    true => (self.extra(template, row, column), self.missing(template, row, column)),
                    false => (1.0, 1.0),
                };
                let apart = self.step_apart(columns, row - 1, column - 1);
                let swapped = costs[(row - 1) * width + column - 1] + apart;
                left = swapped.min(costs[(row - 1) * width + column] + extra).min(left + missing);
                least = least.min(left);
                costs.push(left);
            }
            // No way gets cheaper.
            is_far = least > most;
            if is_far {
                break;
            }
        }
        let total = if is_far { None } else { costs.last().copied() };
        self.costs = costs;
        total
    }

    /// The steps of that way, for one template.
    pub(super) fn steps(&mut self, template: usize) -> Vec<Difference> {
        // Two steps aside weigh 1 at least.
        if self.bound(template, 1.0).is_some_and(|bound| bound < 0.99) {
            return (0..self.found.len()).filter_map(|at| self.swap(template, at, at)).collect();
        }
        if self.walk(template, f64::INFINITY).is_none() {
            return Vec::new();
        }
        let (columns, costs) = (self.templates.segments(template), &self.costs);
        let (mut row, mut column, width) = (self.found.len(), columns.len(), columns.len() + 1);
        let mut steps = Vec::new();
        while row > 0 || column > 0 {
            let here = costs[row * width + column];
            if row > 0 && column > 0 {
                let apart = self.step_apart(columns, row - 1, column - 1);
                if close(here, costs[(row - 1) * width + column - 1] + apart) {
                    (row, column) = (row - 1, column - 1);
                    steps.extend(self.swap(template, row, column));
                    continue;
                }
            }
            if row > 0 && close(here, costs[(row - 1) * width + column] + self.extra(template, row, column)) {
                steps.push(step(row, None, Some(self.found[row - 1].text)));
                row -= 1;
            } else {
                steps.push(step(row + 1, Some(self.part(template, column - 1).text()), None));
                column -= 1;
            }
        }
        steps.reverse();
        steps
    }

    /// What differs where a segment stands beside one of the template's.
    fn swap(&self, template: usize, row: usize, column: usize) -> Option<Difference> {
        let (segment, part) = (self.found[row].text, self.part(template, column));
        let differs = segment != part.text() && (!part.is_parameter || segment.is_empty());
        differs.then(|| step(row + 1, Some(part.text()), Some(segment)))
    }
}

fn step(place: usize, expected: Option<&str>, found: Option<&str>) -> Difference {
    Difference {
        field: format!("path segment {place}"),
        expected: expected.map(str::to_owned),
        found: found.map(str::to_owned),
    }
}

/// How far a segment is from a literal one.
fn apart(found: &Spelled<'_>, template: &Spelled<'_>) -> f64 {
    if found.text() == template.text() {
        0.0
    } else if found.text().len() > LONGEST {
        1.0
    } else {
        // Two segments of which less is alike are no spellings of one: `v1` and `v2` are not.
        spelling::alike(found, template).map_or(1.0, |alike| 1.0 - alike * 0.9)
    }
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}
