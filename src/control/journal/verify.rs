//! `POST /_mock/verify`: were these calls made, so often, in this order?

use super::call::Call as Made;
use super::compare::{check_served, compare};
use super::entries::{Entries, Marks};
use super::explain::{Explainer, hint};
use super::wanted::journal;
use crate::api::{Failure, NearestCall, Problem, Side, Verified, VerifyRequest};
use crate::control::Ask;
use crate::control::bounds::{MOST_CALLS, MOST_EXPLAINED};
use crate::control::verb::Verb;
use crate::world::call::{Pattern, Wrong};
use crate::world::cancel::Cancelled;
use crate::world::pattern::PathPattern;

/// The most numbers of calls that one failure lists.
const MOST_NUMBERS: usize = 1_000;

fn words((least, most): (u64, Option<u64>)) -> String {
    match (least, most) {
        (0, Some(0)) => "never".to_owned(),
        (least, Some(most)) if least == most => format!("exactly {least}"),
        (0, Some(most)) => format!("at most {most}"),
        (least, Some(most)) => format!("{least} to {most}"),
        (least, None) => format!("at least {least}"),
    }
}

pub(crate) static VERIFY: Verb<VerifyRequest, Verified> = Verb::post("/_mock/verify", "verify", verify)
    .about(
        "Holds the journal against what is expected: counts, order and content of calls. What is not as expected is \
         explained by the nearest call, field by field, and by which side is probably wrong.",
    )
    .refuses(&[400, 409])
    .only_looks();

fn verify(ask: &Ask<'_>, request: VerifyRequest) -> Result<Verified, Problem> {
    if request.calls.is_empty() {
        let detail =
            "expected at least one call, such as [{\"call\": {\"method\": \"POST\"}, \"exactly\": 1}], found none";
        return Err(Problem::new(400, detail).at("$.calls"));
    }
    let calls = request.calls.len();
    if calls > MOST_CALLS {
        let detail =
            format!("expected at most {MOST_CALLS} calls at once, found {calls}; verify them in several requests");
        return Err(Problem::new(400, detail).at("$.calls"));
    }
    let mut ranges = Vec::new();
    for (number, expected) in request.calls.iter().enumerate() {
        let place = format!("$.calls[{number}]");
        let wrong = |wrong: Wrong| Problem::new(400, wrong.detail).at(format!("{place}{}", wrong.at));
        ask.cancel.check()?;
        expected.check().map_err(wrong)?;
        check_served(ask, expected.pattern()).map_err(|unknown| wrong(unknown.within(".call")))?;
        ranges.push(expected.range().map_err(|detail| Problem::new(400, detail).at(&*place))?);
    }
    let journal = journal(ask)?;
    let entries = journal.entries();
    let gone = journal.count().saturating_sub(entries.len() as u64);
    let patterns: Vec<_> = request.calls.iter().map(|expected| expected.pattern()).collect();
    let entries = Entries { entries, cancel: ask.cancel };
    let made = entries.made(&patterns)?;
    let counts = made.iter().map(Marks::count);
    let lacking = counts.zip(&ranges).enumerate().filter(|(_, (count, range))| *count < range.0).map(|(at, _)| at);
    let lacking: Vec<_> = lacking.take(MOST_EXPLAINED).map(|at| (at, patterns[at], &made[at])).collect();
    let near = entries.near(&lacking)?;
    let mut verifier = Verifier { explainer: Explainer::of(ask), gone, entries };
    let mut failures = Vec::new();
    let mut reached = 0;
    for (number, (made, range)) in made.iter().zip(&ranges).enumerate() {
        let count = made.count();
        if count < range.0 || range.1.is_some_and(|most| count > most) {
            let near = near.get(&number).map(|at| at.map(|at| verifier.entries.call(at)));
            failures.push(verifier.wrong_count(number, patterns[number], *range, made, near)?);
        } else if request.in_order && range.0 > 0 {
            match made.iter().find(|at| *at >= reached) {
                Some(at) => reached = at + 1,
                None => failures.push(verifier.wrong_order(number, *range, made, reached)),
            }
        }
    }
    let found = made.iter().map(Marks::count).collect();
    if failures.is_empty() {
        return Ok(Verified { verified: true, found });
    }
    let detail = failures.iter().map(|failure| format!("call {}: {}", failure.call, failure.message));
    let detail = detail.collect::<Vec<_>>().join("; ");
    Err(Problem::new(409, detail).failures(failures))
}

/// Explains failures.
struct Verifier<'a> {
    explainer: Explainer<'a>,
    /// How many calls made room for others.
    gone: u64,
    entries: Entries<'a>,
}

impl Verifier<'_> {
    /// The numbers of calls, of many the first.
    fn numbers(&self, made: &Marks) -> Vec<u64> {
        made.iter().take(MOST_NUMBERS).map(|at| self.entries.number(at)).collect()
    }

    /// `near` is the nearest call, where the failure is explained by one and there is one.
    fn wrong_count(
        &mut self,
        call: usize,
        pattern: &Pattern,
        range: (u64, Option<u64>),
        made: &Marks,
        near: Option<Option<Made>>,
    ) -> Result<Failure, Cancelled> {
        let found = made.count();
        let expected = words(range);
        let mut message = format!("expected {expected}, found {found}");
        if found > range.0 {
            let (likely_wrong, because) = (Side::Client, "it made the call more often than expected".to_owned());
            let made = self.numbers(made);
            return Ok(Failure { call, expected, found, message, likely_wrong, because, made, nearest: None });
        }
        let Some(near) = near else {
            let because = format!("the first {MOST_EXPLAINED} failures are explained, and no more");
            let (likely_wrong, made) = (Side::Unknown, Vec::new());
            return Ok(Failure { call, expected, found, message, likely_wrong, because, made, nearest: None });
        };
        let (likely_wrong, because) = self.side(pattern, near.as_ref(), found)?;
        let nearest = near.map(|call| self.nearest(pattern, &call));
        if let Some(near) = &nearest {
            let wrong: Vec<_> = near.fields.iter().filter(|field| !field.agrees).map(|field| &*field.field).collect();
            message.push_str(&format!("; the nearest call is {}, which differs in {}", near.request, wrong.join(", ")));
        }
        Ok(Failure { call, expected, found, message, likely_wrong, because, made: Vec::new(), nearest })
    }

    fn wrong_order(&self, call: usize, range: (u64, Option<u64>), made: &Marks, reached: usize) -> Failure {
        let before = self.entries.number(reached.saturating_sub(1));
        Failure {
            call,
            expected: words(range),
            found: made.count(),
            message: format!("expected after request {before}, found before it"),
            likely_wrong: Side::Client,
            because: "it made all calls, in another order".to_owned(),
            made: self.numbers(made),
            nearest: None,
        }
    }

    fn nearest(&mut self, pattern: &Pattern, call: &Made) -> NearestCall {
        let text = &call.entry.exchange.text;
        NearestCall {
            id: call.entry.id().to_string(),
            number: call.entry.number,
            request: format!("{} {}", text.method(), text.target()),
            status: call.entry.exchange.status,
            fields: compare(pattern, call),
            ignored: self.explainer.ignored(call),
            hint: hint(call),
        }
    }

    /// Which side is probably wrong where a call lacks, and why.
    fn side(&mut self, pattern: &Pattern, near: Option<&Made>, found: u64) -> Result<(Side, String), Cancelled> {
        Ok(match self.impossible(pattern)? {
            Some(because) => (Side::Expectation, because),
            None => self.side_of_a_possible(pattern, near, found),
        })
    }

    fn side_of_a_possible(&mut self, pattern: &Pattern, near: Option<&Made>, found: u64) -> (Side, String) {
        if self.gone > 0 {
            let because = format!("{} older calls made room for others; --journal-size keeps more", self.gone);
            return (Side::Unknown, because);
        }
        let Some(call) = near else {
            let because = if found == 0 { "no call was made at all" } else { "no other call was made" };
            return (Side::Client, because.to_owned());
        };
        let wrong: Vec<_> = compare(pattern, call).into_iter().filter(|field| !field.agrees).collect();
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
        let exchange = &call.entry.exchange;
        if let Some(struck) = exchange.fault.as_ref().filter(|_| wrong.iter().any(|field| field.field == "status")) {
            let side = if struck.is_own() { Side::Nobody } else { Side::Mock };
            return (side, if exchange.canned { struck.made(exchange.status) } else { struck.changed() });
        }
        if let [only] = &wrong[..] {
            let because = format!("one field differs, `{}`; either side may hold the wrong value", only.field);
            return (Side::Unknown, because);
        }
        (Side::Client, "it made no call that is like the expected one".to_owned())
    }

    /// Why no call can be as expected.
    fn impossible(&self, pattern: &Pattern) -> Result<Option<String>, Cancelled> {
        let name = pattern.operation.as_deref().unwrap_or_default();
        let methods: Vec<_> = self.explainer.operations(name).map(|operation| &*operation.method).collect();
        if let Some(method) = &pattern.method
            && !methods.is_empty()
            && !methods.iter().any(|right| right.eq_ignore_ascii_case(method))
        {
            return Ok(Some(format!("`{name}` is a {} and never a {method}", methods.join(" or a "))));
        }
        let Some(path) = &pattern.path else { return Ok(None) };
        let method = pattern.method.as_deref().or(methods.first().copied()).unwrap_or("GET");
        let near = self.explainer.suggestion(method, path.as_str(), pattern.provider.as_deref());
        let sure = near.as_ref().is_some_and(|near| path.meets(&PathPattern::template(&near.operation.path), false));
        if sure || self.entries.have_path(path)? {
            return Ok(None);
        }
        Ok(Some(match near {
            Some(near) => format!("no operation has the path {path}; {near}"),
            None => format!("no operation has a path like {path}"),
        }))
    }
}
