//! `/_mock/history`, `/_mock/rewind` and `/_mock/undo`: what a sandbox was before each change, and the way there.

use std::collections::HashMap;

use super::ask::Ask;
use super::diff;
use super::journal;
use super::parameter::{Kind, Parameter};
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::{HistoryPage, HistoryStep, Problem, Rewind, Rewound, StateDiff};
use crate::app::Sandbox;
use crate::world::discard::Discarded;
use crate::world::history::{Stamp, Step, StepId, Turn, Unreached, Way, number_of};
use crate::world::journal::Entry;

/// What the state is called that a sandbox began with.
const START: &str = "start";

/// In a journal of so many exchanges one is found in no time.
const FEW: u64 = 10_000;

pub(super) static VERBS: [&dyn AnyVerb; 4] = [&LIST_HISTORY, &SHOW_CALL_DIFF, &REWIND, &UNDO];

pub(crate) static LIST_HISTORY: Verb<NoBody, HistoryPage> = Verb::get("/_mock/history", "list_history", list_history)
    .about("The changes of the sandbox's state since it was made or reset, the newest first, as long as they are kept.")
    .takes(&[
        Parameter::query("limit", "How many, 1 to 1000; 100 where absent").of(Kind::Count(1, MOST_STEPS)),
        Parameter::query("cursor", "The `next` of the page before"),
    ])
    .refuses(&[400, 409]);

pub(crate) static SHOW_CALL_DIFF: Verb<NoBody, StateDiff> =
    Verb::get("/_mock/requests/{id}/diff", "show_call_diff", show_call_diff)
        .about("What one call changed, field by field, by provider, list and record; nothing where it changed nothing.")
        .takes(&[Parameter::segment("id", "The exchange's id, its number, or a step such as w-3").such_as("1")])
        .refuses(&[404, 409, 410]);

pub(crate) static REWIND: Verb<Rewind, Rewound> = Verb::post("/_mock/rewind", "rewind", rewind)
    .about(
        "Puts all providers' data and ids and the clock's setting to before or behind a call or a step: back, or forward \
         again. That is a step itself. Real time goes on.",
    )
    .refuses(&[400, 404, 409, 410])
    .light_in(|sandbox| sandbox.journal().count() <= FEW);

pub(crate) static UNDO: Verb<NoBody, Rewound> = Verb::post("/_mock/undo", "undo", undo)
    .about(
        "Goes one step back: data, ids and the clock's setting are as they were before the last change. Twice goes two \
         steps back. A reset forgets what was before it.",
    )
    .refuses(&[409, 410])
    .light();

/// The most steps of a page.
const MOST_STEPS: u64 = 1_000;

fn list_history(ask: &Ask<'_>, _: NoBody) -> Result<HistoryPage, Problem> {
    let history = ask.sandbox.history();
    if !history.is_on() {
        return Err(unreached(Unreached::Off, ""));
    }
    let (limit, cursor) = page(ask)?;
    let kept = history.steps();
    let entries = by_step(ask, kept.generation)?;
    let gone = kept.last - kept.base - kept.steps.len() as u64;
    let mut steps = Vec::new();
    let mut wanted = kept.steps.iter().rev().skip_while(|(number, _)| cursor.is_some_and(|cursor| *number >= cursor));
    for (number, step) in wanted.by_ref().take(limit) {
        ask.cancel.check()?;
        steps.push(shown(ask.sandbox, *number, step, entries.get(number)));
    }
    let next = wanted.next().map(|(number, _)| (number + 1).to_string());
    Ok(HistoryPage { steps, next, made: kept.last - kept.base, gone, bytes: history.held() })
}

fn page(ask: &Ask<'_>) -> Result<(usize, Option<u64>), Problem> {
    let wrong = |name: &str, wanted: &str, found: &str| {
        let found: String = found.chars().take(40).collect();
        Problem::new(400, format!("expected {wanted}, found {found:?}")).at(format!("query.{name}"))
    };
    let limit = match ask.parameter("limit") {
        Some(text) => match text.parse() {
            Ok(limit) if (1..=MOST_STEPS).contains(&limit) => limit,
            _ => return Err(wrong("limit", "a number from 1 to 1000, such as 100", &text)),
        },
        None => 100,
    };
    let cursor = match ask.parameter("cursor") {
        Some(text) => Some(text.parse().map_err(|_| wrong("cursor", "the `next` of a page, such as 12", &text))?),
        None => None,
    };
    Ok((usize::try_from(limit).unwrap_or(usize::MAX), cursor))
}

/// The exchanges of the journal that made steps, by the number of each.
fn by_step(ask: &Ask<'_>, generation: u32) -> Result<HashMap<u64, Entry>, Problem> {
    let mut entries = HashMap::new();
    for entry in ask.sandbox.journal().entries() {
        ask.cancel.check()?;
        let Stamp { step, is_own } = entry.exchange.step;
        if is_own && step.generation == generation {
            entries.insert(step.number, entry);
        }
    }
    Ok(entries)
}

fn shown(sandbox: &Sandbox, number: u64, step: &Step, entry: Option<&Entry>) -> HistoryStep {
    let operation = || entry.and_then(|entry| entry.exchange.operation.as_deref());
    let has_changed = |place: &usize| step.changed >> (place % 64) & 1 == 1;
    let slots = sandbox.slots().iter().enumerate().filter(|(place, _)| has_changed(place));
    HistoryStep {
        step: StepId::name(number),
        at: step.at,
        by: step.by.or_else(operation).map(str::to_owned),
        request: entry.map(|entry| entry.id().to_string()),
        number: entry.map(|entry| entry.number),
        providers: slots.map(|(_, slot)| slot.provider().descriptor().id.to_string()).collect(),
        back_to: step.undone_to.map(|number| state_name(sandbox, number)),
    }
}

fn state_name(sandbox: &Sandbox, number: u64) -> String {
    if number <= sandbox.history().base() { START.to_owned() } else { StepId::name(number) }
}

/// What a text of a request means: the step, and whether it is the one that is meant or the last before it.
fn meant(ask: &Ask<'_>, text: &str) -> Result<Stamp, Problem> {
    match number_of(text) {
        Some(number) => {
            let StepId { generation, .. } = ask.sandbox.history().last();
            Ok(Stamp { step: StepId { generation, number }, is_own: true })
        }
        None => {
            let entry = journal::find(ask, text)?;
            match entry.exchange.step {
                Stamp { is_own: false, .. } if entry.exchange.changed => Err(Problem::new(
                    409,
                    format!(
                        "what exchange {text} wrote was replaced before it was in place, by a reset, a load or a rewind at \
                         the same time: it is no step; GET /_mock/history lists those that are kept"
                    ),
                )),
                stamp => Ok(stamp),
            }
        }
    }
}

fn rewind(ask: &Ask<'_>, to: Rewind) -> Result<Rewound, Problem> {
    if !ask.sandbox.history().is_on() {
        return Err(unreached(Unreached::Off, ""));
    }
    let (text, at) = match &to {
        Rewind::Before(text) => (text, "$.before"),
        Rewind::After(text) => (text, "$.after"),
    };
    let stamp = meant(ask, text).map_err(|problem| problem.at(at))?;
    let is_before = matches!(to, Rewind::Before(_)) && stamp.is_own;
    let find = |turn: &mut Turn<'_>| match is_before {
        true => turn.way_before(stamp.step),
        false => turn.way_to(stamp.step),
    };
    went(ask, find).map_err(|why| unreached(why, &shortened(text)).at(at))
}

fn undo(ask: &Ask<'_>, _: NoBody) -> Result<Rewound, Problem> {
    went(ask, |turn| turn.way_back()).map_err(|why| unreached(why, "the step before"))
}

fn went(ask: &Ask<'_>, find: impl FnOnce(&mut Turn<'_>) -> Result<Way, Unreached>) -> Result<Rewound, Unreached> {
    let (step, way) = ask.sandbox.rewind(find)?;
    Ok(Rewound {
        sandbox: ask.sandbox.name().to_string(),
        step: StepId::name(step.number),
        back_to: state_name(ask.sandbox, way.origin),
        clock: way.clock.into(),
    })
}

fn show_call_diff(ask: &Ask<'_>, _: NoBody) -> Result<StateDiff, Problem> {
    if !ask.sandbox.history().is_on() {
        return Err(unreached(Unreached::Off, ""));
    }
    let id = ask.name();
    let Stamp { step, is_own } = meant(ask, id)?;
    let since = format!("before {}", shortened(id));
    if !is_own {
        return Ok(StateDiff { since, providers: indexmap::IndexMap::new() });
    }
    // The way is looked for alone: whoever reads goes nowhere.
    ask.sandbox.history().turn().way_before(step).map_err(|why| unreached(why, &shortened(id)))?;
    let around = ask.sandbox.slots().iter().filter_map(|slot| slot.clone().around(step.number));
    let around: Vec<_> = around.collect();
    let found = diff::between(ask, around.iter().map(|[before, after]| (&**before, &**after)));
    ask.sandbox.discard(around.into_iter().flatten().map(Discarded::one).collect::<Discarded>());
    Ok(StateDiff { since, providers: found? })
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The problem of a state that is not reached.
fn unreached(why: Unreached, text: &str) -> Problem {
    match why {
        Unreached::Off => Problem::new(
            409,
            "this server keeps no history; start it with a `--history-bytes` above 0, such as 16777216",
        ),
        Unreached::Start => Problem::new(
            409,
            "nothing before: no step was made since the sandbox was made or reset, or all of them are undone; GET \
             /_mock/history lists the steps, and a snapshot (PUT /_mock/snapshots/NAME) outlives a reset",
        ),
        Unreached::Never { last } => {
            let known = match last {
                0 => "none was made since the sandbox was made or reset".to_owned(),
                last => format!("the last one is {}", StepId::name(last)),
            };
            Problem::new(404, format!("no step `{text}`: {known}; GET /_mock/history lists those that are kept"))
        }
        Unreached::Emptied => Problem::new(
            410,
            format!(
                "`{text}` is of before the sandbox was reset or made anew, and its history was emptied then; GET \
                 /_mock/history lists the steps since"
            ),
        ),
        Unreached::Gone => Problem::new(
            410,
            format!(
                "{text} made room for later steps (--history-bytes, --history-total-bytes) and is kept no more; GET \
                 /_mock/history lists those that are, and a larger --history-bytes keeps more"
            ),
        ),
    }
}
