//! What `verify` may claim of a sandbox beside its calls, and what is against a claim.

use super::entries::Entries;
use super::explain::Explainer;
use super::made::{MOST_MADE, made_call};
use crate::api::{Call, Claim, Failure, Hint, MadeCall, Side};
use crate::app::Sandbox;
use crate::world::call::Reason;
use crate::world::cancel::Cancelled;
use crate::world::journal::Entry;
use crate::world::refusal::counted;

/// Whether a claim is about the exchanges of the journal.
fn is_of_calls(claim: Claim) -> bool {
    !matches!(claim, Claim::EveryFaultStruck)
}

/// Why nothing would be compared: what is asked is about calls, or faults, of which there are none. `unused` is what is said
/// of a sandbox that nobody has used; of such a one it is true and no more that no call at all was made.
pub(super) fn nothing_to_compare(
    sandbox: &Sandbox,
    unused: Option<&str>,
    calls: &[Call],
    claims: &[Claim],
) -> Option<String> {
    let is_of_some = |call: &Call| !call.is_never_any();
    if let Some(unused) = unused.filter(|_| claims.iter().copied().any(is_of_calls) || calls.iter().any(is_of_some)) {
        return Some(unused.to_owned());
    }
    let has_faults = || !sandbox.faults().list().is_empty() || !sandbox.faults().ended_unstruck().is_empty();
    (claims == [Claim::EveryFaultStruck] && !has_faults())
        .then(|| format!("no fault is armed in the sandbox `{}`, and a reset takes those that were", sandbox.name()))
}

/// Of what is asked that which is open where older calls are no longer known: any of them may be against it.
pub(super) fn open(calls: &[Call], claims: &[Claim]) -> Vec<String> {
    let bounded = |(number, call): (usize, &Call)| {
        let (_, most) = call.range().ok()?;
        most.map(|most| format!("call {number} (at most {most})"))
    };
    let claims = claims.iter().filter(|claim| is_of_calls(**claim)).map(|claim| claim.name().to_owned());
    calls.iter().enumerate().filter_map(bounded).chain(claims).collect()
}

/// Why a claim does not hold; nothing where it does.
pub(super) fn against(
    claim: Claim,
    entries: &Entries<'_>,
    explainer: &mut Explainer<'_>,
) -> Result<Option<Failure>, Cancelled> {
    if claim == Claim::EveryFaultStruck {
        return Ok(unstruck(entries.ask.sandbox));
    }
    let (mut found, mut made) = (0, Vec::new());
    for (at, entry) in entries.entries.iter().enumerate() {
        entries.ask.cancel.check()?;
        let against = match claim {
            Claim::NothingIgnored => ignored(at, entries, explainer),
            Claim::NothingRefusedAsInvalid => hinted(entry, &[Reason::Invalid]),
            Claim::NoNearMiss => hinted(entry, &[Reason::NoRoute, Reason::WrongMethod]),
            Claim::EveryFaultStruck => None,
        };
        let Some(because) = against else { continue };
        found += 1;
        if made.len() < MOST_MADE {
            made.push(MadeCall { because: Some(because), ..made_call(entry) });
        }
    }
    let (expected, because) = match claim {
        Claim::NothingIgnored => ("that the vendor ignores nothing", "it sent what the vendor does not read"),
        Claim::NothingRefusedAsInvalid => {
            ("that no request breaks the rules of its provider's document", "it sent what the vendor's rules refuse")
        }
        _ => ("that every request hits an operation", "it called what is no operation"),
    };
    Ok((found > 0).then(|| failure(claim, expected, found, made, (Side::Client, because.to_owned()))))
}

/// What of a call the vendor ignores.
fn ignored(at: usize, entries: &Entries<'_>, explainer: &mut Explainer<'_>) -> Option<String> {
    let call = entries.call(at, explainer);
    let ignored: Vec<_> = explainer.ignored(&call).iter().map(ToString::to_string).collect();
    // What the vendor's own reader passed over, no document may know of.
    if ignored.is_empty() { hinted(&call.entry, &[Reason::Ignored]) } else { Some(ignored.join("; ")) }
}

/// What the hint of a call says, where it has one of these reasons.
fn hinted(entry: &Entry, reasons: &[Reason]) -> Option<String> {
    let reason = entry.exchange.reason().filter(|reason| reasons.contains(reason))?;
    let hint = entry.exchange.hint.as_deref().and_then(Hint::kept);
    Some(hint.map_or_else(|| reason.to_string(), |hint| hint.message))
}

/// The faults that never struck, those included that ended before, by their time or by a client.
fn unstruck(sandbox: &Sandbox) -> Option<Failure> {
    let (armed, mut ended) = (sandbox.faults().list(), sandbox.faults().ended_unstruck());
    let armed: Vec<_> = armed.iter().filter(|state| state.struck == 0).collect();
    let found = armed.len() + ended.len();
    if found == 0 {
        return None;
    }
    let id = |id: &Option<String>| id.clone().unwrap_or_default();
    let mut named: Vec<_> = armed
        .iter()
        .map(|state| match state.fitted {
            0 => format!("{} (no request fitted its match)", id(&state.rule.id)),
            fitted => format!("{} ({fitted} fitted its match, and its `when` chose none)", id(&state.rule.id)),
        })
        .collect();
    named.extend(ended.drain(..).map(|id| format!("{id} (it ended before it struck)")));
    let more = named.len().saturating_sub(MOST_MADE);
    named.truncate(MOST_MADE);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let because = format!("these never struck: {}{more}", named.join(", "));
    let found = u64::try_from(found).unwrap_or(u64::MAX);
    Some(failure(Claim::EveryFaultStruck, "that every fault strikes", found, Vec::new(), (Side::Unknown, because)))
}

fn failure(claim: Claim, expected: &str, found: u64, made: Vec<MadeCall>, why: (Side, String)) -> Failure {
    let of = if is_of_calls(claim) { "request" } else { "fault" };
    let first = made.first().map_or_else(String::new, |made| format!(", the first {made}"));
    Failure {
        call: None,
        claim: Some(claim),
        expected: "none".to_owned(),
        found,
        message: format!("expected {expected}, found {} against it{first}", counted(found, of)),
        likely_wrong: why.0,
        because: why.1,
        made,
        nearest: None,
    }
}
