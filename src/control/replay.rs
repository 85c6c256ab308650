//! A call that was made before, made again in a sandbox: by the provider alone, without limits, faults and journal.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;

use crate::api::{Caller, Credential};
use crate::app::Sandbox;
use crate::provider::path::decoded;
use crate::provider::{Base, HeaderName, HeaderValue, Headers, Request, Response, Routed};
use crate::world::clock::Clock;
use crate::world::ids::Seed;

/// How many letters of a credential are tried for one that is not listed.
const MOST_TURNS: usize = 20;

/// How many listed credentials are tried for one call: a fixture may have thousands.
const MOST_LISTED: usize = 60;

/// What absolute links of such an answer start with: no server is there.
pub(super) const BASE: &str = "http://replay.invalid";

/// A call to make again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Again<'a> {
    /// When it was made first.
    pub(super) now: Timestamp,
    /// Where its ids come from.
    pub(super) seed: Seed,
    pub(super) method: &'a str,
    /// Path and query, as sent.
    pub(super) target: &'a str,
    pub(super) headers: &'a Headers,
    pub(super) body: &'a [u8],
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) response: Response,
    /// Whether the state was written.
    pub(super) wrote: bool,
    /// Whether no room was left for what it would have written.
    pub(super) is_full: bool,
}

/// Makes a call again. Nothing, where no provider takes it or its provider crashed. The sandbox's clock and seed are then
/// the call's.
pub(super) fn again(sandbox: &Sandbox, call: &Again<'_>) -> Option<Answered> {
    sandbox.set_clock(|_| Some(Clock::Frozen(call.now)));
    sandbox.set_seed(call.seed);
    let (raw_path, query) = match call.target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (call.target, None),
    };
    let path = decoded(raw_path);
    let address = sandbox.address(&path)?;
    let slot = &*address.slot;
    let plain = address.request(call.method, &path, call.headers);
    let request = Request { raw_path, query, body: call.body, base: Base::Public(BASE), ..plain };
    let view = sandbox.view(slot);
    let answer = || match slot.route(&request, &view.options) {
        Routed::Operation(meant) => meant.answer(request, &view),
        Routed::Refused(refusal) => slot.provider().refuse(&refusal, &request, &view.options),
        Routed::Answered(response) => response,
    };
    // A crash changed nothing: a write runs on a clone.
    let response = catch_unwind(AssertUnwindSafe(answer)).ok()?;
    Some(Answered { response, wrote: view.wrote.get(), is_full: view.full.get().is_some() })
}

/// Credentials that a provider takes in a header field, whose, and the field's value: the first that its data lists, and
/// behind them one of each form that it does not list.
pub(super) fn callers(sandbox: &Sandbox, provider: &str) -> Vec<(Caller, String)> {
    let Some(slot) = sandbox.slot(provider) else { return Vec::new() };
    let mut all = listed(sandbox, provider);
    let mut others: Vec<(Caller, String)> = Vec::new();
    for (caller, value) in &all {
        let (scheme, credential) = value.rsplit_once(' ').unwrap_or(("", value));
        let is_known = |(other, value): &(Caller, String)| {
            other.header == caller.header && value.rsplit_once(' ').map_or("", |(scheme, _)| scheme) == scheme
        };
        if others.iter().any(is_known) {
            continue;
        }
        let mut other = credential.to_owned();
        for _ in 0..MOST_TURNS {
            other = turned(&other);
            if !slot.lists(&other) {
                let value = if scheme.is_empty() { other } else { format!("{scheme} {other}") };
                others.push((Caller { unlisted: true, ..caller.clone() }, value));
                break;
            }
        }
    }
    all.truncate(MOST_LISTED);
    all.append(&mut others);
    all
}

/// A credential of the same form: its last letter or digit is the next of its kind.
fn turned(credential: &str) -> String {
    let next = |letter: char, first: char, last: char| match letter {
        letter if letter == last => first,
        letter => char::from_u32(u32::from(letter) + 1).unwrap_or(first),
    };
    let kinds = [('0', '9'), ('a', 'f'), ('g', 'z'), ('A', 'F'), ('G', 'Z')];
    let kind = |letter: char| kinds.into_iter().find(|(first, last)| (*first..=*last).contains(&letter));
    let mut letters: Vec<_> = credential.chars().collect();
    let last = letters.iter_mut().rev().find_map(|letter| Some((kind(*letter)?, letter)));
    if let Some(((first, last), letter)) = last {
        *letter = next(*letter, first, last);
    }
    letters.into_iter().collect()
}

/// The credentials that a provider's data lists and that are sent in a header field.
fn listed(sandbox: &Sandbox, provider: &str) -> Vec<(Caller, String)> {
    let Some(slot) = sandbox.slot(provider) else { return Vec::new() };
    let mut all: Vec<(Caller, String)> = Vec::new();
    for Credential { who, send, .. } in slot.credentials(sandbox.clock().now()).credentials {
        let Some((name, value)) = send.split_once(": ") else { continue };
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else { continue };
        let header = name.as_str().to_owned();
        let alike = |(other, _): &&(Caller, String)| other.who == who && other.header == header;
        let number = all.iter().filter(alike).count() + 1;
        let provider = provider.to_owned();
        all.push((Caller { provider, header, who, number, unlisted: false }, value.to_owned()));
    }
    all
}

/// What a caller sends.
pub(super) fn credential(sandbox: &Sandbox, caller: &Caller) -> Option<String> {
    let all = if caller.unlisted { callers(sandbox, &caller.provider) } else { listed(sandbox, &caller.provider) };
    all.into_iter().find(|(known, _)| known == caller).map(|(_, value)| value)
}

/// Puts header fields together; what no header can carry is left out. What a caller sends stands in place of what is
/// there.
pub(super) fn headers<'a>(
    fields: impl Iterator<Item = (&'a str, &'a [u8])>,
    credential: Option<(&str, &str)>,
) -> Headers {
    let field = |name: &str, value: &[u8]| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_bytes(value).ok()?))
    };
    let mut all: Headers = fields.filter_map(|(name, value)| field(name, value)).collect();
    if let Some((name, value)) = credential.and_then(|(name, value)| field(name, value.as_bytes())) {
        all.insert(name, value);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::turned;

    #[test]
    fn a_credential_that_is_turned_keeps_its_form() {
        for (credential, other) in [
            ("vm_Robin001", "vm_Robin002"),
            ("1070598f-6540-4c8a-b08f-f7c33dcc726f", "1070598f-6540-4c8a-b08f-f7c33dcc726a"),
            ("owner-token", "owner-tokeo"),
            ("KEY9", "KEY0"),
            ("Z==", "G=="),
            ("--", "--"),
        ] {
            assert_eq!(turned(credential), other);
        }
    }
}
