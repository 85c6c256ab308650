//! Suggestions of what was probably meant: the nearest name, and the nearest operation of a request that hit none.

mod align;
mod names;
mod spelling;
mod templates;

use std::fmt;

use crate::provider::{AnyProvider, Operation, Options, Provenance};

use align::Aligned;
pub(crate) use names::{name, slip, synonym};
use templates::Templates;

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

impl Suggestion<'_> {
    /// It in words, piece by piece.
    pub(crate) fn sentence(&self) -> [&str; 7] {
        let Operation { name, method, path, .. } = self.operation;
        ["the nearest operation is ", method, " ", path, " (", name, ")"]
    }
}

impl fmt::Display for Suggestion<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().iter().try_for_each(|piece| f.write_str(piece))
    }
}

/// The operations that a provider serves under these options.
pub(crate) fn served<'a>(
    provider: &'a dyn AnyProvider,
    options: &Options,
) -> impl Iterator<Item = &'a Operation> + Clone + use<'a> {
    let documented_only = options.documented_only;
    provider.operations().into_iter().filter(move |operation| is_served(operation, documented_only))
}

fn is_served(operation: &Operation, documented_only: bool) -> bool {
    !documented_only || operation.provenance != Provenance::Extension
}

/// The paths of a provider's operations, taken apart once for all requests.
#[derive(Debug)]
pub(crate) struct Paths {
    templates: Templates<'static>,
    /// Which of them each operation has, in the provider's order.
    numbers: Vec<usize>,
}

impl Paths {
    /// Those of a provider's operations.
    pub(crate) fn of(operations: &[&Operation]) -> Self {
        let mut templates = Templates::default();
        let numbers = operations.iter().map(|operation| templates.keep(&operation.path)).collect();
        Self { templates, numbers }
    }

    /// The one of the same operations that is nearest to a request, of those that are served.
    pub(crate) fn nearest<'o>(
        &self,
        method: &str,
        path: &str,
        operations: &[&'o Operation],
        documented_only: bool,
    ) -> Option<Suggestion<'o>> {
        let operations = operations.iter().copied().zip(self.numbers.iter().copied());
        let served = operations.filter(|(operation, _)| is_served(operation, documented_only));
        nearest(method, Aligned::new(path, &self.templates), served)
    }
}

/// The operation nearest to a request, by the edit distance of the path's segments and the method.
/// Nothing where no operation is at all like it.
pub(crate) fn operation<'o>(
    method: &str,
    path: &str,
    operations: impl Iterator<Item = &'o Operation>,
) -> Option<Suggestion<'o>> {
    let mut templates = Templates::default();
    let operations: Vec<_> = operations.map(|operation| (operation, templates.add(&operation.path))).collect();
    nearest(method, Aligned::new(path, &templates), operations.into_iter())
}

/// The same of operations with the numbers of their paths.
fn nearest<'o>(
    method: &str,
    mut aligned: Aligned<'_, '_>,
    operations: impl Iterator<Item = (&'o Operation, usize)>,
) -> Option<Suggestion<'o>> {
    let implied = aligned.verb_at_end();
    let by_method = |operation: &Operation| {
        let implied = implied.map(|right| methods_apart(right, &operation.method) + 0.1);
        methods_apart(method, &operation.method).min(implied.unwrap_or(f64::INFINITY))
    };
    // What is farther away than the nearest may be is passed over before it is known how far.
    let mut bound = f64::INFINITY;
    let mut last: Option<(usize, Option<f64>)> = None;
    let (_, most) = operations.size_hint();
    let mut looked_at = Vec::with_capacity(most.unwrap_or_default());
    looked_at.extend(operations.map(|(operation, path)| {
        let by_method = by_method(operation);
        // Operations of one path stand side by side.
        let (_, straight) = match last {
            Some(last) if last.0 == path => last,
            _ => *last.insert((path, aligned.bound(path, bound))),
        };
        bound = bound.min(straight.map_or(f64::INFINITY, |most| most + by_method));
        (operation, path, by_method, straight)
    }));
    let mut best: Option<(f64, &Operation, usize)> = None;
    for (operation, path, by_method, straight) in looked_at {
        let least = best.map_or(f64::INFINITY, |(least, ..)| least);
        let most = bound.min(least);
        let distance = match straight {
            // No step aside leads there.
            Some(straight) if most < 1.0 => Some(straight).filter(|straight| *straight <= most),
            _ => aligned.distance(path, most),
        };
        let Some(distance) = distance else { continue };
        let distance = distance + by_method;
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
    let mut known = Templates::default();
    let templates: Vec<_> = templates.map(|template| (template, known.add(template))).collect();
    let mut aligned = Aligned::new(found, &known);
    let mut best: Option<(f64, &str)> = None;
    for (template, number) in templates {
        let least = best.map_or(1.0, |(least, _)| least);
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
