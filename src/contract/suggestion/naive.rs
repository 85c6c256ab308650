//! How far a path is from a template, found anew for each: what the quick way is held against.

use super::Difference;
use super::align::{MISSING_ID, SLASH, VERB, WORD, verb};
use super::spelling::LONGEST;
use super::templates::SEGMENTS;

const ALIKE: f64 = 0.6;

pub(super) fn segments(path: &str) -> Vec<&str> {
    path.trim_start_matches('/').split('/').take(SEGMENTS).collect()
}

fn is_parameter(template: &str) -> bool {
    template.contains('{')
}

/// How far a segment is from a template's, where those before them are beside each other too.
fn step_apart(found: &[&str], template: &[&str], row: usize, column: usize) -> f64 {
    let before = |at: usize| at.checked_sub(1);
    let (segment, part) = (found[row], template[column]);
    if segment != part && is_parameter(part) {
        // A literal that fits is nearer than a parameter that takes anything; nothing is no parameter. Where what it
        // is a parameter of is not there, nothing is.
        let stands = match (before(row), before(column)) {
            (Some(row), Some(column)) => is_parameter(template[column]) || apart(found[row], template[column]) < 1.0,
            _ => true,
        };
        let is_end = (row + 1, column + 1) == (found.len(), template.len());
        return match segment.is_empty() || verb(segment).is_some() {
            _ if !stands => 1.0,
            true if segment.is_empty() && is_end => MISSING_ID,
            true => 1.0,
            // A word is rarely an id.
            false if segment.bytes().any(|byte| byte.is_ascii_digit()) => 0.05,
            false => WORD,
        };
    }
    apart(segment, part)
}

/// How far a segment is from a literal one.
fn apart(found: &str, template: &str) -> f64 {
    if found == template {
        0.0
    } else if found.len() > LONGEST {
        1.0
    } else {
        let alike = strsim::normalized_damerau_levenshtein(&found.to_lowercase(), &template.to_lowercase());
        if alike < ALIKE { 1.0 } else { 1.0 - alike * 0.9 }
    }
}

/// The cheapest way from the segments found to a template's, and its steps.
pub(super) fn align(found: &[&str], template: &[&str]) -> (f64, Vec<Difference>) {
    let width = template.len() + 1;
    // What a segment weighs that should not be there, and one of the template's that is missing.
    let extra = |row: usize, column: usize| {
        let is_verb = row > 1 && (row, column) == (found.len(), template.len()) && verb(found[row - 1]).is_some();
        let is_slash = (row, column) == (found.len(), template.len()) && found[row - 1].is_empty();
        if is_slash {
            SLASH
        } else if is_verb {
            VERB
        } else {
            1.0
        }
    };
    let missing = |row: usize, column: usize| {
        let is_end = row > 0 && (row, column) == (found.len(), template.len());
        match template[column - 1] {
            "" if is_end => SLASH,
            part if is_end && is_parameter(part) && !found[row - 1].is_empty() => MISSING_ID,
            _ => 1.0,
        }
    };
    let mut costs = vec![0.0_f64; (found.len() + 1) * width];
    for row in 0..=found.len() {
        for column in 0..width {
            let cost = match (row.checked_sub(1), column.checked_sub(1)) {
                (None, None) => 0.0,
                (Some(up), None) => costs[up * width] + 1.0,
                (None, Some(left)) => costs[left] + 1.0,
                (Some(up), Some(left)) => {
                    let swapped = costs[up * width + left] + step_apart(found, template, up, left);
                    let extra = costs[up * width + column] + extra(row, column);
                    swapped.min(extra).min(costs[row * width + left] + missing(row, column))
                }
            };
            costs[row * width + column] = cost;
        }
    }
    let (mut row, mut column) = (found.len(), template.len());
    let total = costs[row * width + column];
    let mut steps = Vec::new();
    let step = |place: usize, expected: Option<&str>, found: Option<&str>| Difference {
        field: format!("path segment {place}"),
        expected: expected.map(str::to_owned),
        found: found.map(str::to_owned),
    };
    while row > 0 || column > 0 {
        let here = costs[row * width + column];
        if row > 0 && column > 0 {
            let (segment, part) = (found[row - 1], template[column - 1]);
            let apart = step_apart(found, template, row - 1, column - 1);
            if close(here, costs[(row - 1) * width + column - 1] + apart) {
                if segment != part && (!is_parameter(part) || segment.is_empty()) {
                    steps.push(step(row, Some(part), Some(segment)));
                }
                (row, column) = (row - 1, column - 1);
                continue;
            }
        }
        if row > 0 && close(here, costs[(row - 1) * width + column] + extra(row, column)) {
            steps.push(step(row, None, Some(found[row - 1])));
            row -= 1;
        } else {
            steps.push(step(row + 1, Some(template[column - 1]), None));
            column -= 1;
        }
    }
    steps.reverse();
    (total, steps)
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}
