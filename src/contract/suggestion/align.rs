//! How far a path is from templates of paths, and by which steps.
//!
//! One path is held against all operations of a provider, whose paths begin alike: what was found of a segment that the
//! template before has in the same place is not found again, and a template that cannot be the nearest is passed over.

use super::Difference;
use super::names::LONGEST;
use super::spelling::{self, Spelled};

/// The most segments of a path that are compared.
pub(super) const SEGMENTS: usize = 24;

/// What it weighs that an id is missing at the end: who deletes without one does not want to create.
pub(super) const MISSING_ID: f64 = 0.15;

/// What a word weighs in the place of an id.
pub(super) const WORD: f64 = 0.25;

/// What a slash at the end weighs that should not be there, or that is missing. No step weighs less, but for a swap.
pub(super) const SLASH: f64 = 0.1;

/// What a verb weighs at the end of a path, whose method says the same.
pub(super) const VERB: f64 = 0.3;

/// The method of a verb that stands in a path.
pub(super) fn verb(segment: &str) -> Option<&'static str> {
    const VERBS: [(&str, &[&str]); 4] = [
        ("POST", &["add", "create", "new", "insert"]),
        ("PUT", &["update", "edit", "save", "modify"]),
        ("DELETE", &["delete", "remove", "destroy"]),
        ("GET", &["get", "list", "all", "find", "search", "show"]),
    ];
    let is_one = |verbs: &[&str]| verbs.iter().any(|verb| verb.eq_ignore_ascii_case(segment));
    VERBS.into_iter().find(|(_, verbs)| is_one(verbs)).map(|(method, _)| method)
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('/').split('/').take(SEGMENTS)
}

/// How many segments a template has.
fn length(template: &str) -> usize {
    let slashes = memchr::memchr_iter(b'/', template.trim_start_matches('/').as_bytes()).count();
    (slashes + 1).min(SEGMENTS)
}

fn is_parameter(template: &str) -> bool {
    template.contains('{')
}

/// A segment of the path that was sent.
#[derive(Debug)]
struct Found<'a> {
    text: &'a str,
    spelled: Spelled<'a>,
    verb: Option<&'static str>,
    has_digit: bool,
}

/// A segment that templates have.
#[derive(Debug)]
struct Part<'t> {
    text: &'t str,
    is_parameter: bool,
    /// How far each segment found is from it, by spelling alone.
    apart: Vec<f64>,
}

/// A path that was sent, beside a template.
#[derive(Debug)]
pub(super) struct Aligned<'a, 't> {
    found: Vec<Found<'a>>,
    /// All segments of templates that were met.
    parts: Vec<Part<'t>>,
    /// The template, and which of the parts are its segments.
    path: Option<&'t str>,
    template: Vec<usize>,
    /// What it costs to come from so many segments found to so many of the template's.
    costs: Vec<f64>,
    total: Option<f64>,
}

impl<'a, 't> Aligned<'a, 't> {
    /// A path beside no template.
    pub(super) fn new(path: &'a str) -> Self {
        let found = segments(path).map(|text| Found {
            text,
            spelled: Spelled::new(text),
            verb: verb(text),
            has_digit: text.bytes().any(|byte| byte.is_ascii_digit()),
        });
        let (parts, template, costs) = (Vec::new(), Vec::new(), Vec::new());
        Self { found: found.collect(), parts, path: None, template, costs, total: None }
    }

    /// How many segments the path has.
    pub(super) fn segments(&self) -> usize {
        self.found.len()
    }

    /// The method that a verb at the end of the path stands for.
    pub(super) fn verb_at_end(&self) -> Option<&'static str> {
        self.found.last()?.verb
    }

    /// How far the path is from a template at most: segment by segment, where both have as many. It costs far less to
    /// know than how far it is.
    pub(super) fn bound(&mut self, template: &'t str) -> Option<f64> {
        if length(template) != self.found.len() {
            return None;
        }
        self.put_beside(template);
        Some((0..self.found.len()).fold(0.0, |sum, at| sum + self.step_apart(at, at)))
    }

    /// How far the path is from a template; nothing where that is more than `most`.
    pub(super) fn distance(&mut self, template: &'t str, most: f64) -> Option<f64> {
        if self.path != Some(template) || self.total.is_none() {
            // Each segment too many or too few weighs 1, but for one at the end.
            let more = self.found.len().abs_diff(length(template));
            if more > 1 && (more - 1) as f64 > most {
                return None;
            }
            self.put_beside(template);
            self.total = self.walk(most);
        }
        self.total
    }

    /// Learns which segments a template has.
    fn put_beside(&mut self, template: &'t str) {
        if self.path == Some(template) {
            return;
        }
        (self.path, self.total) = (Some(template), None);
        self.template.clear();
        for text in segments(template) {
            let known = self.parts.iter().position(|part| part.text == text);
            let part = known.unwrap_or_else(|| {
                let (spelled, is_parameter) = (Spelled::new(text), is_parameter(text));
                let apart = self.found.iter().map(|found| match is_parameter {
                    // A parameter is like nothing but itself.
                    true => 0.0,
                    false => apart(&found.spelled, &spelled),
                });
                let apart = apart.collect();
                self.parts.push(Part { text, is_parameter, apart });
                self.parts.len() - 1
            });
            self.template.push(part);
        }
    }

    fn part(&self, column: usize) -> &Part<'t> {
        &self.parts[self.template[column]]
    }

    /// How far a segment is from a template's, where those before them are beside each other too.
    fn step_apart(&self, row: usize, column: usize) -> f64 {
        let (found, part) = (&self.found[row], self.part(column));
        if !part.is_parameter || found.text == part.text {
            return part.apart[row];
        }
        // A literal that fits is nearer than a parameter that takes anything; nothing is no parameter. Where what it
        // is a parameter of is not there, nothing is.
        let stands = match (row.checked_sub(1), column.checked_sub(1)) {
            (Some(row), Some(column)) => self.part(column).is_parameter || self.part(column).apart[row] < 1.0,
            _ => true,
        };
        let is_end = (row + 1, column + 1) == (self.found.len(), self.template.len());
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
    fn extra(&self, row: usize, column: usize) -> f64 {
        let found = &self.found[row - 1];
        match (row, column) == (self.found.len(), self.template.len()) {
            true if found.text.is_empty() => SLASH,
            true if row > 1 && found.verb.is_some() => VERB,
            _ => 1.0,
        }
    }

    /// What one of the template's weighs that is missing.
    fn missing(&self, row: usize, column: usize) -> f64 {
        let is_end = row > 0 && (row, column) == (self.found.len(), self.template.len());
        let part = self.part(column - 1);
        match is_end {
            true if part.text.is_empty() => SLASH,
            true if part.is_parameter && !self.found[row - 1].text.is_empty() => MISSING_ID,
            _ => 1.0,
        }
    }

    /// What the cheapest way from the segments found to the template's costs; nothing where that is more than `most`.
    fn walk(&mut self, most: f64) -> Option<f64> {
        let width = self.template.len() + 1;
        let mut costs = std::mem::take(&mut self.costs);
        costs.clear();
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
                    true => (self.extra(row, column), self.missing(row, column)),
                    false => (1.0, 1.0),
                };
                let swapped = costs[(row - 1) * width + column - 1] + self.step_apart(row - 1, column - 1);
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
    pub(super) fn steps(&mut self, template: &'t str) -> Vec<Difference> {
        if self.distance(template, f64::INFINITY).is_none() {
            return Vec::new();
        }
        let (width, costs) = (self.template.len() + 1, &self.costs);
        let (mut row, mut column) = (self.found.len(), self.template.len());
        let mut steps = Vec::new();
        let step = |place: usize, expected: Option<&str>, found: Option<&str>| Difference {
            field: format!("path segment {place}"),
            expected: expected.map(str::to_owned),
            found: found.map(str::to_owned),
        };
        while row > 0 || column > 0 {
            let here = costs[row * width + column];
            if row > 0 && column > 0 {
                let (segment, part) = (self.found[row - 1].text, self.part(column - 1));
                let apart = self.step_apart(row - 1, column - 1);
                if close(here, costs[(row - 1) * width + column - 1] + apart) {
                    if segment != part.text && (!part.is_parameter || segment.is_empty()) {
                        steps.push(step(row, Some(part.text), Some(segment)));
                    }
                    (row, column) = (row - 1, column - 1);
                    continue;
                }
            }
            if row > 0 && close(here, costs[(row - 1) * width + column] + self.extra(row, column)) {
                steps.push(step(row, None, Some(self.found[row - 1].text)));
                row -= 1;
            } else {
                steps.push(step(row + 1, Some(self.part(column - 1).text), None));
                column -= 1;
            }
        }
        steps.reverse();
        steps
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
