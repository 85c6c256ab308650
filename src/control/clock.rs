//! `/_mock/clock` and `/_mock/seed`: a sandbox's time, and where its ids come from.

use jiff::{SignedDuration, Timestamp};

use super::ask::Ask;
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::{ClockChange, ClockState, Problem, Seed};
use crate::world::clock::Clock;
use crate::world::{duration, ids};

pub(super) static VERBS: [&dyn AnyVerb; 4] = [&SHOW_CLOCK, &CHANGE_CLOCK, &SHOW_SEED, &CHANGE_SEED];

pub(crate) static SHOW_CLOCK: Verb<NoBody, ClockState> =
    Verb::get("/_mock/clock", "show_clock", show_clock).about("What the sandbox's clock shows.").light();

pub(crate) static CHANGE_CLOCK: Verb<ClockChange, ClockState> = Verb::put("/_mock/clock", "change_clock", change_clock)
    .about("Freezes, sets, advances or runs the sandbox's clock.")
    .refuses(&[400])
    .light();

pub(crate) static SHOW_SEED: Verb<NoBody, Seed> =
    Verb::get("/_mock/seed", "show_seed", show_seed).about("The sandbox's seed.").light();

pub(crate) static CHANGE_SEED: Verb<Seed, Seed> = Verb::put("/_mock/seed", "change_seed", change_seed)
    .about("Sets the sandbox's seed, from the next draw on.")
    .refuses(&[400])
    .light();

fn show_clock(ask: &Ask<'_>, _: NoBody) -> Result<ClockState, Problem> {
    Ok(ask.sandbox.clock().into())
}

fn change_clock(ask: &Ask<'_>, change: ClockChange) -> Result<ClockState, Problem> {
    let clock = match &change {
        ClockChange::Freeze(when) if when == "now" => ask.sandbox.set_clock(|clock| Some(clock.freeze())),
        ClockChange::Freeze(when) => {
            let instant = instant(when, "\"now\" or ", "$.freeze")?;
            ask.sandbox.set_clock(|_| Some(Clock::Frozen(instant)))
        }
        ClockChange::Set(when) => {
            let instant = instant(when, "", "$.set")?;
            ask.sandbox.set_clock(|clock| Some(clock.set(instant)))
        }
        ClockChange::Advance(text) => {
            let distance = distance(text).map_err(|detail| Problem::new(400, detail).at("$.advance"))?;
            ask.sandbox.set_clock(|clock| clock.advance(distance))
        }
        ClockChange::Run(true) => ask.sandbox.set_clock(|clock| Some(clock.run())),
        ClockChange::Real(true) => ask.sandbox.set_clock(|_| Some(Clock::Real)),
        ClockChange::Run(false) | ClockChange::Real(false) => {
            let at = if matches!(change, ClockChange::Run(_)) { "$.run" } else { "$.real" };
            return Err(Problem::new(400, "expected true, found false; {\"freeze\": \"now\"} stops a clock").at(at));
        }
    };
    let left = || {
        let detail =
            "the clock would leave the years -9999 to 9999; expected a distance that does not, such as \"14d\"";
        Problem::new(400, detail).at("$.advance")
    };
    clock.map(ClockState::from).ok_or_else(left)
}

fn instant(text: &str, or: &str, at: &str) -> Result<Timestamp, Problem> {
    text.parse().map_err(|_| {
        let detail = format!("expected {or}an RFC 3339 instant such as 2026-01-15T12:00:00Z, found {text:?}");
        Problem::new(400, detail).at(at)
    })
}

fn distance(text: &str) -> Result<SignedDuration, String> {
    let (text, back) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let forth = duration::parse(text).map_err(|error| error.to_string())?;
    let forth = SignedDuration::try_from(forth).map_err(|error| error.to_string())?;
    Ok(if back { -forth } else { forth })
}

fn show_seed(ask: &Ask<'_>, _: NoBody) -> Result<Seed, Problem> {
    Ok(Seed { seed: ask.sandbox.seed().0 })
}

fn change_seed(ask: &Ask<'_>, seed: Seed) -> Result<Seed, Problem> {
    ask.sandbox.set_seed(ids::Seed(seed.seed));
    Ok(seed)
}
