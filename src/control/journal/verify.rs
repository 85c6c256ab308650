//! `POST /_mock/verify`: were these calls made, so often, in this order?

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call::Call;
use super::explain::{Explainer, Hint, Ignored, Side};
use super::journal;
use super::pattern::{CallPattern, FieldCheck};
use crate::control::Ask;
use crate::control::ask::{Outcome, json};
use crate::http::problem::{PROBLEM_JSON, Problem};
use crate::http::provider::Response;
use crate::world::pattern::PathPattern;

/// What is expected of the calls that were made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"calls": [{"call": {"method": "POST", "status": "201"}, "exactly": 1}]})))]
pub(super) struct VerifyRequest {
    /// The calls, each with how often it must have been made; at least one.
    calls: Vec<Expected>,
    /// Whether the calls must have been made in this order; others may lie between them.
    #[serde(default)]
    in_order: bool,
}

/// A call and how often it must have been made: at least once, where nothing is said. It must say one of both: what
/// the call is, or how many calls of any kind there were.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    /// The call.
    #[serde(default)]
    call: CallPattern,
    /// So often and not otherwise.
    exactly: Option<u64>,
    /// So often or more.
    at_least: Option<u64>,
    /// So often or less.
    at_most: Option<u64>,
    /// Not at all (`true`).
    #[serde(default)]
    never: bool,
}

/// All is as expected.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Verified {
    /// Always true.
    verified: bool,
    /// How often each call was made.
    found: Vec<u64>,
}

/// What is not as expected, a problem (RFC 9457) with status 409.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NotVerified {
    /// Always `about:blank`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: &'static str,
    /// The status's own words.
    #[schema(value_type = String)]
    title: &'static str,
    /// 409.
    status: u16,
    /// All failures in words.
    detail: String,
    /// Every failure.
    failures: Vec<Failure>,
}

/// One call that was not made as expected.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Failure {
    /// The call's place in the request's list, from 0.
    call: usize,
    /// How often it was expected.
    #[schema(example = "at least 1")]
    expected: String,
    /// How often it was made.
    found: u64,
    /// What is wrong, in a sentence.
    message: String,
    /// Which side is probably wrong.
    likely_wrong: Side,
    /// Why that side.
    because: String,
    /// The numbers of the calls that are as described, where there are too many.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    made: Vec<u64>,
    /// The call that is nearest to what was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<NearestCall>,
}

/// A call that was made, field by field.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NearestCall {
    /// Its id in the journal.
    id: String,
    /// Its number in the journal.
    number: u64,
    /// Method and target.
    #[schema(example = "POST /v1/personas")]
    request: String,
    /// The answer's status.
    status: u16,
    /// Every expected field beside what was found.
    fields: Vec<FieldCheck>,
    /// What the client sent and the vendor ignores.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ignored: Vec<Ignored>,
    /// What was probably meant, where the request did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<Hint>,
}

impl Expected {
    /// Why this would hold whatever was called, and what would not.
    fn says_nothing(&self) -> Option<&'static str> {
        match (self.exactly, self.at_least, self.at_most, self.never) {
            (None, Some(0), None, false) => {
                Some("any number of calls is at least 0; say a count that can be wrong, such as {\"exactly\": 0}")
            }
            (None, None, None, false) if self.call.is_empty() => Some(
                "expected a call, such as {\"call\": {\"operation\": \"provider.verb_noun\"}}, or a count of all calls, \
                 such as {\"at_least\": 1}; found neither",
            ),
            _ => None,
        }
    }

    /// The least and the most, or what is wrong with them.
    fn range(&self) -> Result<(u64, Option<u64>), String> {
        match (self.exactly, self.at_least, self.at_most, self.never) {
            (None, None, None, false) => Ok((1, None)),
            (Some(exactly), None, None, false) => Ok((exactly, Some(exactly))),
            (None, None, None, true) => Ok((0, Some(0))),
            (None, least, most, false) if most.is_none_or(|most| least.unwrap_or(0) <= most) => {
                Ok((least.unwrap_or(0), most))
            }
            _ => Err("expected one of `exactly`, `never`, or `at_least` and `at_most` with the least first".to_owned()),
        }
    }
}

fn words((least, most): (u64, Option<u64>)) -> String {
    match (least, most) {
        (0, Some(0)) => "never".to_owned(),
        (least, Some(most)) if least == most => format!("exactly {least}"),
        (0, Some(most)) => format!("at most {most}"),
        (least, Some(most)) => format!("{least} to {most}"),
        (least, None) => format!("at least {least}"),
    }
}

/// Holds the journal against what is expected: counts, order and content of calls. What is not as expected is
/// explained by the nearest call, field by field, and by which side is probably wrong.
#[utoipa::path(
    post,
    path = "/_mock/verify",
    tag = "journal",
    request_body = VerifyRequest,
    responses(
        (status = 200, body = Verified),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = NotVerified, content_type = "application/problem+json")
    )
)]
pub(in crate::control) fn verify(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let request: VerifyRequest = ask.read()?;
    if request.calls.is_empty() {
        let detail =
            "expected at least one call, such as [{\"call\": {\"method\": \"POST\"}, \"exactly\": 1}], found none";
        return Err(Problem::new(400, detail).at("$.calls"));
    }
    let mut ranges = Vec::new();
    for (number, expected) in request.calls.iter().enumerate() {
        expected.call.check(ask).map_err(|problem| problem.within(&format!("$.calls[{number}].call")))?;
        let range = expected.range();
        let wrong = |detail: String| Problem::new(400, detail).at(format!("$.calls[{number}]"));
        ranges.push(range.map_err(wrong)?);
        if let Some(detail) = expected.says_nothing() {
            return Err(wrong(detail.to_owned()));
        }
    }
    let journal = journal(ask)?;
    let calls: Vec<_> = journal.entries().into_iter().map(Call::of).collect();
    let mut judge =
        Judge { explainer: Explainer::of(ask), gone: journal.count().saturating_sub(calls.len() as u64), calls };
    let mut found = Vec::new();
    let mut failures = Vec::new();
    let mut reached = 0;
    for (number, (expected, range)) in request.calls.iter().zip(ranges).enumerate() {
        let made: Vec<_> = (0..judge.calls.len()).filter(|at| judge.takes(&expected.call, *at)).collect();
        let count = made.len() as u64;
        found.push(count);
        if count < range.0 || range.1.is_some_and(|most| count > most) {
            failures.push(judge.wrong_count(number, &expected.call, range, &made));
        } else if request.in_order && range.0 > 0 {
            match made.iter().find(|at| **at >= reached) {
                Some(at) => reached = at + 1,
                None => failures.push(judge.wrong_order(number, range, &made, reached)),
            }
        }
    }
    if failures.is_empty() {
        return Ok(json(200, &Verified { verified: true, found }));
    }
    let detail = failures.iter().map(|failure| format!("call {}: {}", failure.call, failure.message));
    let detail = detail.collect::<Vec<_>>().join("; ");
    let not = NotVerified { kind: "about:blank", title: "Conflict", status: 409, detail, failures };
    Ok(Response::new(409).json(PROBLEM_JSON, &not))
}

/// Explains failures.
struct Judge<'a> {
    explainer: Explainer<'a>,
    calls: Vec<Call>,
    /// How many calls made room for others.
    gone: u64,
}

impl Judge<'_> {
    fn takes(&self, pattern: &CallPattern, at: usize) -> bool {
        self.calls.get(at).is_some_and(|call| pattern.takes(call))
    }

    fn number(&self, at: usize) -> u64 {
        self.calls.get(at).map_or(0, |call| call.entry.number)
    }

    fn wrong_count(
        &mut self,
        call: usize,
        pattern: &CallPattern,
        range: (u64, Option<u64>),
        made: &[usize],
    ) -> Failure {
        let found = made.len() as u64;
        let expected = words(range);
        let mut message = format!("expected {expected}, found {found}");
        if found > range.0 {
            let (likely_wrong, because) = (Side::Client, "it made the call more often than expected".to_owned());
            let made = made.iter().map(|at| self.number(*at)).collect();
            return Failure { call, expected, found, message, likely_wrong, because, made, nearest: None };
        }
        // A call that is as described is not near but right: what lacks is another of its kind.
        let others = (0..self.calls.len()).filter(|at| !made.contains(at));
        let near = others
            .map(|at| (at, CallPattern::likeness(&pattern.compare(&self.calls[at]))))
            .max_by(|(at, one), (later, other)| one.total_cmp(other).then(at.cmp(later)))
            .map(|(at, _)| at);
        let (likely_wrong, because) = self.side(pattern, near, found);
        let nearest = near.map(|at| self.nearest(pattern, at));
        if let Some(near) = &nearest {
            let wrong: Vec<_> = near.fields.iter().filter(|field| !field.agrees).map(|field| &*field.field).collect();
            message.push_str(&format!("; the nearest call is {}, which differs in {}", near.request, wrong.join(", ")));
        }
        Failure { call, expected, found, message, likely_wrong, because, made: Vec::new(), nearest }
    }

    fn wrong_order(&self, call: usize, range: (u64, Option<u64>), made: &[usize], reached: usize) -> Failure {
        let before = self.number(reached.saturating_sub(1));
        let made: Vec<_> = made.iter().map(|at| self.number(*at)).collect();
        Failure {
            call,
            expected: words(range),
            found: made.len() as u64,
            message: format!("expected after request {before}, found before it"),
            likely_wrong: Side::Client,
            because: "it made all calls, in another order".to_owned(),
            made,
            nearest: None,
        }
    }

    fn nearest(&mut self, pattern: &CallPattern, at: usize) -> NearestCall {
        let call = &self.calls[at];
        let text = &call.entry.exchange.text;
        NearestCall {
            id: call.entry.id().to_string(),
            number: call.entry.number,
            request: format!("{} {}", text.method(), text.target()),
            status: call.entry.exchange.status,
            fields: pattern.compare(call),
            ignored: self.explainer.ignored(call),
            hint: self.explainer.hint(call),
        }
    }

    /// Which side is probably wrong where a call lacks, and why.
    fn side(&mut self, pattern: &CallPattern, near: Option<usize>, found: u64) -> (Side, String) {
        if let Some(because) = self.impossible(pattern) {
            return (Side::Expectation, because);
        }
        if self.gone > 0 {
            let because = format!("{} older calls made room for others; --journal-size keeps more", self.gone);
            return (Side::Unknown, because);
        }
        let Some(call) = near.and_then(|at| self.calls.get(at)) else {
            let because = if found == 0 { "no call was made at all" } else { "no other call was made" };
            return (Side::Client, because.to_owned());
        };
        let wrong: Vec<_> = pattern.compare(call).into_iter().filter(|field| !field.agrees).collect();
        let misspelt = self.explainer.unknown(call).into_iter().find(|unknown| {
            wrong.iter().any(|field| unknown.nearest.as_deref().is_some_and(|name| field.field.ends_with(name)))
        });
        if let Some(unknown) = misspelt {
            let name = unknown.nearest.unwrap_or_default();
            return (Side::Client, format!("it sent `{}`, which the vendor does not know, for `{name}`", unknown.name));
        }
        if call.entry.exchange.operation.is_none() {
            return (Side::Client, "its nearest call hit no operation".to_owned());
        }
        if call.entry.exchange.fault.is_some() && wrong.iter().any(|field| field.field == "status") {
            return (Side::Mock, "a fault changed the answer".to_owned());
        }
        if let [only] = &wrong[..] {
            let because = format!("one field differs, `{}`; either side may hold the wrong value", only.field);
            return (Side::Unknown, because);
        }
        (Side::Client, "it made no call that is like the expected one".to_owned())
    }

    /// Why no call can be as expected.
    fn impossible(&self, pattern: &CallPattern) -> Option<String> {
        let name = pattern.operation.as_deref().unwrap_or_default();
        let methods: Vec<_> = self.explainer.operations(name).map(|operation| operation.method).collect();
        if let Some(method) = &pattern.method
            && !methods.is_empty()
            && !methods.iter().any(|right| right.eq_ignore_ascii_case(method))
        {
            return Some(format!("`{name}` is a {} and never a {method}", methods.join(" or a ")));
        }
        let path = pattern.path.as_ref()?;
        let method = pattern.method.as_deref().or(methods.first().copied()).unwrap_or("GET");
        let near = self.explainer.nearest(method, path.as_str(), pattern.provider.as_deref());
        let sure = near.as_ref().is_some_and(|near| path.meets(&PathPattern::template(near.operation.path), false));
        if sure || self.calls.iter().any(|call| path.fits(&call.path, call.entry.exchange.exact_case)) {
            return None;
        }
        Some(match near {
            Some(near) => format!("no operation has the path {path}; {near}"),
            None => format!("no operation has a path like {path}"),
        })
    }
}
