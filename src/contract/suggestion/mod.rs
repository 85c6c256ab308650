//! Suggestions of what was probably meant: the nearest name, and the nearest operation of a request that hit none.

mod align;
mod names;
mod spelling;

use std::fmt;

use crate::provider::{AnyProvider, Operation, Options, Provenance};

use align::Aligned;
pub(crate) use names::{name, slip, synonym};

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
) -> impl Iterator<Item = &'a Operation> + Clone + use<'a> {
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
    let mut aligned = Aligned::new(path);
    let implied = aligned.verb_at_end();
    let by_method = |operation: &Operation| {
        let implied = implied.map(|right| methods_apart(right, &operation.method) + 0.1);
        methods_apart(method, &operation.method).min(implied.unwrap_or(f64::INFINITY))
    };
    let operations: Vec<_> = operations.map(|operation| (operation, aligned.add(&operation.path))).collect();
    // What is farther away than the nearest may be is passed over before it is known how far.
    let bounds = operations.iter().filter_map(|(operation, path)| Some(aligned.bound(*path)? + by_method(operation)));
    let bound = bounds.fold(f64::INFINITY, f64::min);
    let mut best: Option<(f64, &Operation, usize)> = None;
    for (operation, path) in operations {
        let least = best.map_or(f64::INFINITY, |(least, ..)| least);
        let Some(distance) = aligned.distance(path, bound.min(least)) else { continue };
        let distance = distance + by_method(operation);
        if distance < least {
            best = Some((distance, operation, path));
        }
    }
    let (distance, operation, path) = best.filter(|(distance, ..)| *distance < aligned.segments().max(2) as f64)?;
    let mut differences = Vec::new();
    if operation.method != method {
        let expected = Some(operation.method.to_string());
        differences.push(Difference { field: "method".to_owned(), expected, found: Some(method.to_owned()) });
    }
    differences.extend(aligned.steps(path));
    Some(Suggestion { operation, distance, differences })
}

/// The template of a path that a path misspells; nothing where it differs by a whole segment.
pub(crate) fn path<'t>(found: &str, templates: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    let mut aligned = Aligned::new(found);
    let mut best: Option<(f64, &str)> = None;
    for template in templates {
        let least = best.map_or(1.0, |(least, _)| least);
        let number = aligned.add(template);
        if let Some(distance) = aligned.distance(number, least).filter(|distance| *distance < least) {
            best = Some((distance, template));
        }
    }
    best.map(|(_, near)| near)
}

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

#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;
