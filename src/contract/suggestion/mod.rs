//! Suggestions of what was probably meant: the nearest name, and the nearest operation of a request that hit none.

mod names;

use std::fmt;

use crate::provider::{AnyProvider, Operation, Options, Provenance};

pub(crate) use names::{name, slip, synonym};

/// The most segments of a path that are compared.
const SEGMENTS: usize = 24;

/// The operation that a request is nearest to, and how far it is from it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Suggestion<'o> {
    pub operation: &'o Operation,
    /// How far away it is: 0 is a hit, 1 a whole segment.
    pub distance: f64,
    /// What differs, in words.
    pub differences: Vec<Difference>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Such as `method` or `path segment 2`.
    pub field: String,
    /// What would be right; nothing where the field should not be there.
    pub expected: Option<String>,
    /// What was found; nothing where it is missing.
    pub found: Option<String>,
}

impl fmt::Display for Suggestion<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Operation { name, method, path, .. } = self.operation;
        write!(f, "the nearest operation is {method} {path} ({name})")
    }
}

/// The operations that a provider serves under these options.
pub(crate) fn served<'a>(
    provider: &'a dyn AnyProvider,
    options: &Options,
) -> impl Iterator<Item = &'a Operation> + use<'a> {
    let documented_only = options.documented_only;
    let operations = provider.operations().into_iter();
    operations.filter(move |operation| !documented_only || operation.provenance != Provenance::Extension)
}

/// The operation nearest to a request, by the edit distance of the path's segments and the method.
/// Nothing where no operation is at all like it.
pub(crate) fn operation<'o>(
    method: &str,
    path: &str,
    operations: impl Iterator<Item = &'o Operation>,
) -> Option<Suggestion<'o>> {
    let segments = segments(path);
    let mut best: Option<Suggestion<'_>> = None;
    for operation in operations {
        let (mut distance, steps) = align(&segments, &self::segments(&operation.path));
        let implied =
            segments.last().and_then(|last| verb(last)).map(|right| methods_apart(right, &operation.method) + 0.1);
        distance += methods_apart(method, &operation.method).min(implied.unwrap_or(f64::INFINITY));
        if best.as_ref().is_none_or(|best| distance < best.distance) {
            let mut differences = Vec::new();
            if operation.method != method {
                let expected = Some(operation.method.to_string());
                differences.push(Difference { field: "method".to_owned(), expected, found: Some(method.to_owned()) });
            }
            differences.extend(steps);
            best = Some(Suggestion { operation, distance, differences });
        }
    }
    best.filter(|best| best.distance < segments.len().max(2) as f64)
}

/// The template of a path that a path misspells; nothing where it differs by a whole segment.
pub(crate) fn path<'t>(found: &str, templates: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    let found = segments(found);
    let apart = templates.map(|template| (align(&found, &segments(template)).0, template));
    apart.filter(|(apart, _)| *apart < 1.0).min_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, near)| near)
}

/// From where on two segments are spellings of one: `v1` and `v2` are not.
const ALIKE: f64 = 0.6;

/// What a wrong method weighs, in segments: two that change something are nearer than one that reads.
fn methods_apart(found: &str, right: &str) -> f64 {
    let reads = |method: &str| matches!(method, "GET" | "HEAD" | "OPTIONS");
    match (found, right) {
        (found, right) if found == right => 0.0,
        (found, right) if found.eq_ignore_ascii_case(right) => 0.1,
        ("PUT", "PATCH") | ("PATCH", "PUT") => 0.4,
        (found, right) if reads(found) == reads(right) => 0.6,
        _ => 0.7,
    }
}

/// What it weighs that an id is missing at the end: who deletes without one does not want to create.
const MISSING_ID: f64 = 0.15;

/// What a word weighs in the place of an id.
const WORD: f64 = 0.25;

/// What a slash at the end weighs that should not be there, or that is missing.
const SLASH: f64 = 0.1;

/// What a verb weighs at the end of a path, whose method says the same.
const VERB: f64 = 0.3;

/// The method of a verb that stands in a path.
fn verb(segment: &str) -> Option<&'static str> {
    const VERBS: [(&str, &[&str]); 4] = [
        ("POST", &["add", "create", "new", "insert"]),
        ("PUT", &["update", "edit", "save", "modify"]),
        ("DELETE", &["delete", "remove", "destroy"]),
        ("GET", &["get", "list", "all", "find", "search", "show"]),
    ];
    let is_one = |verbs: &[&str]| verbs.iter().any(|verb| verb.eq_ignore_ascii_case(segment));
    VERBS.into_iter().find(|(_, verbs)| is_one(verbs)).map(|(method, _)| method)
}

fn segments(path: &str) -> Vec<&str> {
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
    } else if found.len() > names::LONGEST {
        1.0
    } else {
        let alike = strsim::normalized_damerau_levenshtein(&found.to_lowercase(), &template.to_lowercase());
        if alike < ALIKE { 1.0 } else { 1.0 - alike * 0.9 }
    }
}

/// The cheapest way from the segments found to a template's, and its steps.
fn align(found: &[&str], template: &[&str]) -> (f64, Vec<Difference>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const fn of(name: &'static str, method: &'static str, path: &'static str) -> Operation {
        Operation::new(name, method, path, "", Provenance::Documented)
    }

    static OPERATIONS: [Operation; 4] = [
        of("x.list", "GET", "/v1/personas/"),
        of("x.get", "GET", "/v1/personas/{persona_id}"),
        of("x.put", "PUT", "/v1/personas/{persona_id}"),
        of("x.presets", "GET", "/v1/personas/presets/list"),
    ];

    fn check(method: &str, path: &str, name: &str, differences: &[&str]) {
        let near = operation(method, path, OPERATIONS.iter()).expect("an operation");
        let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
        let found: Vec<_> = near
            .differences
            .iter()
            .map(|step| format!("{}: {} for {}", step.field, shown(&step.expected), shown(&step.found)))
            .collect();
        assert_eq!(near.operation.name, name, "{method} {path}");
        assert_eq!(found, differences, "{method} {path}");
    }

    #[test]
    fn the_nearest_operation_is_told_with_what_differs() {
        check("GET", "/v1/persona/7", "x.get", &["path segment 2: personas for persona"]);
        check("PATCH", "/v1/personas/7", "x.put", &["method: PUT for PATCH"]);
        check("put", "/v1/personas/7", "x.put", &["method: PUT for put"]);
        check("GET", "/personas/7", "x.get", &["path segment 1: v1 for -"]);
        check("GET", "/api/v1/personas/7", "x.get", &["path segment 1: - for api"]);
        check("GET", "/v1/personas/presets/lists", "x.presets", &["path segment 4: list for lists"]);
        check("GET", "/v1/x/personas/7", "x.get", &["path segment 2: - for x"]);
        check("PATCH", "/v1/personas/", "x.put", &["method: PUT for PATCH", "path segment 3: {persona_id} for "]);
        check("PUT", "/v1/personas", "x.put", &["path segment 3: {persona_id} for -"]);
        check("POST", "/v1/personas/7/update", "x.put", &["method: PUT for POST", "path segment 4: - for update"]);
        check("GET", "/v1/personas/presets/list/", "x.presets", &["path segment 5: - for "]);
        check("PUT", "/v1/auth/7", "x.put", &["path segment 2: personas for auth"]);
        for path in ["/favicon.ico", "/static/js/main.js", "/.well-known/appspecific/com.chrome.devtools.json"] {
            assert_eq!(operation("GET", path, OPERATIONS.iter()), None, "{path}");
        }
    }
}
