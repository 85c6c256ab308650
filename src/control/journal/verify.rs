//! `POST /_mock/verify`: were these calls made, so often, in this order?

use super::call::Call as Made;
use super::claims::{against, nothing_to_compare, open};
use super::compare::{check_served, compare};
use super::elsewhere::Elsewhere;
use super::entries::{Entries, Marks};
use super::explain::{Explainer, hint};
use super::made::{MOST_MADE, made_call, named, request_line};
use super::wanted::journal;
use crate::api::{Claim, Failure, MadeCall, NearestCall, Problem, Side, Verified, VerifyRequest};
use crate::control::Ask;
use crate::control::base_url::suggested_operation;
use crate::control::bounds::{MOST_CALLS, MOST_EXPLAINED};
use crate::control::verb::Verb;
use crate::world::call::{Pattern, Wrong};
use crate::world::cancel::Cancelled;
use crate::world::journal::JournalBounds;
use crate::world::pattern::PathPattern;
use crate::world::refusal::counted;

/// How many failures the problem's sentence tells.
const MOST_TOLD: usize = 10;

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
        "Holds the journal against what is expected: counts, order and content of calls, and claims about all of them. \
         What is not as expected is explained by the nearest call, field by field, and by which side is probably wrong.",
    )
    .wants_body()
    .refuses(&[400, 409])
    .only_looks();

fn verify(ask: &Ask<'_>, request: VerifyRequest) -> Result<Verified, Problem> {
    let claims = request.claims();
    let ranges = read(ask, &request, &claims)?;
    let journal = journal(ask)?;
    let unused = Elsewhere::said(ask)?;
    // What is said of nothing would hold whatever was called.
    if let Some(nothing) = nothing_to_compare(ask.sandbox, unused.as_deref(), &request.calls, &claims)
        && ranges.iter().all(|(least, _)| *least == 0)
    {
        return Err(Problem::new(409, format!("there is nothing to hold that against: {nothing}")));
    }
    let entries = journal.entries();
    let gone = journal.count().saturating_sub(entries.len() as u64);
    let patterns: Vec<_> = request.calls.iter().map(|expected| expected.pattern()).collect();
    let looks = patterns.iter().any(|pattern| pattern.ignored.is_some());
    let (entries, mut explainer) = (Entries { entries, ask, looks }, Explainer::new(ask.app));
    // No call is taken apart where none is expected.
    let made = if patterns.is_empty() { Vec::new() } else { entries.made(&patterns, &mut explainer)? };
    let counts = made.iter().map(Marks::count);
    let lacking = counts.zip(&ranges).enumerate().filter(|(_, (count, range))| *count < range.0).map(|(at, _)| at);
    let lacking: Vec<_> = lacking.take(MOST_EXPLAINED).map(|at| (at, patterns[at], &made[at])).collect();
    let near = entries.near(&lacking, &mut explainer)?;
    let mut verifier = Verifier { explainer, gone, unused, entries };
    let mut failures = Vec::new();
    let mut reached = 0;
    for (number, (made, range)) in made.iter().zip(&ranges).enumerate() {
        let count = made.count();
        if count < range.0 || range.1.is_some_and(|most| count > most) {
            let near = near.get(&number).map(|at| at.map(|at| verifier.call(at)));
            failures.push(verifier.wrong_count(number, patterns[number], *range, made, near)?);
        } else if request.in_order && range.0 > 0 {
            match made.iter().find(|at| *at >= reached) {
                Some(at) => reached = at + 1,
                None => failures.push(verifier.wrong_order(number, *range, made, reached)),
            }
        }
    }
    for claim in &claims {
        let against = against(*claim, &verifier.entries, &mut verifier.explainer)?;
        failures.extend(against.map(|failure| match &verifier.unused {
            Some(unused) => Failure { because: format!("{}; {unused}", failure.because), ..failure },
            None => failure,
        }));
    }
    let found = made.iter().map(Marks::count).collect();
    let open = if gone > 0 { open(&request.calls, &claims) } else { Vec::new() };
    if failures.is_empty() && !open.is_empty() {
        return Err(Problem::new(409, unknown(ask, &open, gone, verifier.entries.entries.len())));
    }
    if failures.is_empty() {
        return Ok(Verified { verified: true, found, claims, gone, unused: verifier.unused });
    }
    let told = failures.iter().take(MOST_TOLD).map(|failure| {
        let Failure { message, likely_wrong, because, .. } = failure;
        format!("{}: {message} (likely wrong: {likely_wrong}, {because})", failure.what())
    });
    let mut detail = told.collect::<Vec<_>>().join("; ");
    if let Some(more @ 1..) = failures.len().checked_sub(MOST_TOLD) {
        detail.push_str(&format!("; and {more} more"));
    }
    if !open.is_empty() {
        detail.push_str(&format!("; {}", unknown(ask, &open, gone, verifier.entries.entries.len())));
    }
    Err(Problem::new(409, detail).failures(failures))
}

/// Why nothing can be said of what is open, where the calls that are gone made room for the `kept` ones.
fn unknown(ask: &Ask<'_>, open: &[String], gone: u64, kept: usize) -> String {
    let JournalBounds { exchanges, bytes, .. } = ask.app.journals.bounds();
    let flag = if kept >= exchanges { "--journal-size" } else { "--journal-bytes" };
    let now = if kept >= exchanges { exchanges } else { bytes };
    let told: Vec<_> = open.iter().take(MOST_TOLD).map(String::as_str).collect();
    let more = open.len().saturating_sub(MOST_TOLD);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "nothing can be said of {}{more}: {} made room for others and left the journal; start the server with a {flag} above \
         {now}, or empty the journal before what is verified",
        told.join(", "),
        counted(gone, "older call"),
    )
}

/// How often each call may have been made; or what is wrong with the request.
fn read(ask: &Ask<'_>, request: &VerifyRequest, claims: &[Claim]) -> Result<Vec<(u64, Option<u64>)>, Problem> {
    let calls = request.calls.len();
    if calls == 0 && claims.is_empty() {
        let detail = "expected at least one call, such as {\"calls\": [{\"call\": {\"method\": \"POST\"}, \"exactly\": 1}]}, or a \
                      claim that is true, such as {\"nothing_ignored\": true}: nothing_ignored, \
                      nothing_refused_as_invalid, no_near_miss or every_fault_struck; found none";
        return Err(Problem::new(400, detail).at("$"));
    }
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
    Ok(ranges)
}

/// Explains failures.
struct Verifier<'a> {
    explainer: Explainer<'a>,
    /// How many calls made room for others.
    gone: u64,
    /// What is said of the sandbox where nobody has used it.
    unused: Option<String>,
    entries: Entries<'a>,
}

impl Verifier<'_> {
    fn call(&mut self, at: usize) -> Made {
        self.entries.call(at, &mut self.explainer)
    }

    /// The calls at these places, of many the first.
    fn listed(&self, made: &Marks) -> Vec<MadeCall> {
        made.iter().take(MOST_MADE).filter_map(|at| self.entries.entries.get(at)).map(made_call).collect()
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
        let made = self.listed(made);
        let mut message = format!("expected {expected}, found {found}{}", named(&made, found));
        let (call, claim) = (Some(call), None);
        if found > range.0 {
            let (likely_wrong, because) = (Side::Client, "it made the call more often than expected".to_owned());
            return Ok(Failure { call, claim, expected, found, message, likely_wrong, because, made, nearest: None });
        }
        let Some(near) = near else {
            let because = format!("the first {MOST_EXPLAINED} failures are explained, and no more");
            let likely_wrong = Side::Unknown;
            return Ok(Failure { call, claim, expected, found, message, likely_wrong, because, made, nearest: None });
        };
        let (likely_wrong, because) = self.side(pattern, near.as_ref())?;
        let nearest = near.map(|call| self.nearest(pattern, &call));
        if let Some(near) = &nearest {
            let wrong: Vec<_> = near.fields.iter().filter(|field| !field.agrees).map(|field| &*field.field).collect();
            message.push_str(&format!("; the nearest call is {}, which differs in {}", near.request, wrong.join(", ")));
        }
        Ok(Failure { call, claim, expected, found, message, likely_wrong, because, made, nearest })
    }

    fn wrong_order(&self, call: usize, range: (u64, Option<u64>), made: &Marks, reached: usize) -> Failure {
        let before = self.entries.number(reached.saturating_sub(1));
        Failure {
            call: Some(call),
            claim: None,
            expected: words(range),
            found: made.count(),
            message: format!("expected after request {before}, found before it"),
            likely_wrong: Side::Client,
            because: "it made all calls, in another order".to_owned(),
            made: self.listed(made),
            nearest: None,
        }
    }

    fn nearest(&mut self, pattern: &Pattern, call: &Made) -> NearestCall {
        NearestCall {
            id: call.entry.id().to_string(),
            number: call.entry.number,
            request: request_line(&call.entry.exchange),
            status: call.entry.exchange.status,
            fields: compare(pattern, call),
            ignored: self.explainer.ignored(call),
            hint: hint(call),
        }
    }

    /// Which side is probably wrong where a call lacks, and why.
    fn side(&mut self, pattern: &Pattern, near: Option<&Made>) -> Result<(Side, String), Cancelled> {
        Ok(match self.impossible(pattern)? {
            Some(because) => {
                let unused = self.unused.as_ref().map(|unused| format!("; {unused}")).unwrap_or_default();
                (Side::Expectation, format!("{because}{unused}"))
            }
            None => self.side_of_a_possible(pattern, near),
        })
    }

    fn side_of_a_possible(&mut self, pattern: &Pattern, near: Option<&Made>) -> (Side, String) {
        if let Some(unused) = &self.unused {
            return (Side::Client, unused.clone());
        }
        if self.gone > 0 {
            let gone = counted(self.gone, "older call");
            let because = format!("{gone} made room for others; --journal-size keeps more");
            return (Side::Unknown, because);
        }
        let Some(call) = near else {
            return (Side::Client, "no other call was made".to_owned());
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
        let near = suggested_operation(self.entries.ask.sandbox, method, path.as_str(), pattern.provider.as_deref());
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
