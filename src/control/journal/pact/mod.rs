//! `GET /_mock/requests.pact`: the calls that were made of one provider, as a Pact V4 file.
//!
//! Each call has the state that it was made in: what its sandbox started from, and the calls before it that wrote, which
//! `POST /_mock/provider-states` makes again. So a verifier may take them in any order, and one alone. What it would not
//! get again is found out before: every call is made once more in a sandbox of nobody's, and is left out where its answer
//! differs.

mod asked;
mod compare;
mod file;
mod rehearse;

#[cfg(test)]
use schemars::{Schema, SchemaGenerator};
use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};

use self::file::{Before, Interaction, LeftOut, Made, Metadata, Pact, Params, Party, Specification, State};
use self::rehearse::{Rehearsal, Rehearsed};
use super::call::{Call, Kept};
use super::explain::Explainer;
use super::wanted::{journal, wanted};
use crate::api::{AT_START, EarlierCall, Problem, Requests, SettingsChange};
use crate::app::Sandbox;
use crate::control::foreign::{self, Foreign};
use crate::control::parameter::Parameter;
use crate::control::provider_states::Base;
use crate::control::verb::{NoBody, Verb};
use crate::control::{Ask, bounds, settings};
use crate::world::journal::Entry;
use crate::world::name::Name;
use crate::world::refusal::counted;

/// Who made the calls, where nobody says.
const CONSUMER: &str = "consumer";

/// The longest name of a consumer or a state, in bytes.
const LONGEST_NAME: usize = 200;

/// The most calls of one file.
pub(crate) const MOST_INTERACTIONS: usize = 1_000;

/// How many reasons a message lists.
const LISTED: usize = 20;

pub(crate) static SHOW_PACT: Verb<NoBody, Foreign<PactFile>> = Verb::get(
    "/_mock/requests.pact",
    "show_pact",
    show_pact,
)
.about(
    "The calls of one provider as a Pact V4 file, which a verifier holds against the mock with /_mock/provider-states. \
             Calls that it would not get answered so again are left out, each with the reason.",
)
.filters()
.takes(&[
    Parameter::query("consumer", "Who made the calls, as the file says; `consumer` where absent").such_as("web-shop"),
    Parameter::query(
        "state",
        "What the calls started from: a snapshot or a state of --provider-states; the sandbox's start where absent",
    ),
])
.refuses(&[400, 404, 409]);

pub(crate) enum PactFile {}

impl foreign::Form for PactFile {
    const MEDIA: &'static str = "application/json";

    #[cfg(test)]
    fn schema(schemas: &mut SchemaGenerator) -> Schema {
        schemas.subschema_for::<Pact<'_, Vec<Interaction<'_>>>>()
    }
}

fn show_pact(ask: &Ask<'_>, _: NoBody) -> Result<Foreign<PactFile>, Problem> {
    let wanted = wanted(ask, &["consumer", "state"])?;
    let (consumer, state) = (name_of(ask, "consumer", CONSUMER)?, name_of(ask, "state", AT_START)?);
    let base = Base::named(ask, &state, "query.state")?;
    let Chosen { provider, calls, gone } = chosen(ask, &wanted)?;
    let scratch = base.scratch(ask.sandbox)?;
    let settings = changed_settings(ask.sandbox, &scratch);
    scratch.update_options(|slots| settings::changed(slots, &settings, "$"))?;
    let slot = scratch.slot(&provider).unwrap_or(ask.slot(&provider)?).clone();
    let mut rehearsal = Rehearsal::new(scratch, slot, ask.app.credential_headers(), (journal(ask)?.body_cap(), gone));
    let (mut made_again, mut left_out) = (Vec::new(), Vec::new());
    for (entry, is_wanted) in calls {
        ask.cancel.check()?;
        let call = Call::of(Kept { sandbox: ask.sandbox.clone(), entry });
        let rehearsed = rehearsal.call(&call);
        let (number, said) = (call.entry.number, described(&call));
        match rehearsed {
            _ if !is_wanted => {}
            Ok(rehearsed) => made_again.push((call.entry.id().to_string(), said, rehearsed)),
            Err(reason) => left_out.push(LeftOut { number, call: said, reason }),
        }
    }
    if made_again.is_empty() {
        return Err(none_left(&left_out));
    }
    let sandbox = ask.sandbox.name().as_str();
    let earlier = rehearsal.earlier;
    let pact = Pact {
        consumer: Party { name: &consumer },
        provider: Party { name: &provider },
        interactions: Interactions { ask, state: &state, settings: &settings, calls: made_again, earlier },
        metadata: Metadata {
            specification: Specification { version: "4.0" },
            made: Made { version: env!("CARGO_PKG_VERSION"), sandbox, left_out },
        },
    };
    bounds::json(&pact, ask.bounds()).map(Foreign::new)
}

/// What a file is made of.
struct Chosen {
    /// The provider whose calls are wanted.
    provider: Name,
    /// Its calls that are wanted, and those that wrote.
    calls: Vec<(Entry, bool)>,
    /// How many exchanges the journal no longer keeps.
    gone: u64,
}

fn chosen(ask: &Ask<'_>, wanted: &Requests) -> Result<Chosen, Problem> {
    let journal = journal(ask)?;
    let (mut all, mut providers) = (Vec::new(), Vec::<Name>::new());
    let mut count = 0;
    let mut explainer = Explainer::new(ask.app);
    let entries = journal.entries();
    let gone = entries.first().map_or(0, |entry| entry.number - 1);
    for entry in entries {
        ask.cancel.check()?;
        let call = explainer.seen(Kept { sandbox: ask.sandbox.clone(), entry }, wanted.pattern());
        let Some(provider) = &call.entry.exchange.provider else { continue };
        let is_wanted = wanted.pattern().fits(&call);
        count += usize::from(is_wanted);
        if is_wanted && !providers.contains(provider) {
            providers.push(provider.clone());
        }
        all.push((call.entry, is_wanted));
    }
    let provider = match &providers[..] {
        [provider] => provider.clone(),
        [] => {
            let written = counted(journal.count(), "exchange");
            let detail = format!(
                "no call of a provider is wanted, so nothing could be verified; the journal took {written} since it was \
                 emptied, and GET /_mock/requests lists those that are kept"
            );
            return Err(Problem::new(409, detail));
        }
        several => {
            let all: Vec<_> = several.iter().map(|id| &**id).collect();
            let (first, all) = (&*several[0], all.join(", "));
            let detail = format!(
                "a pact has one provider, and these calls are of {all}; ask for one, such as `provider={first}`"
            );
            return Err(Problem::new(409, detail).at("query.provider"));
        }
    };
    if count > MOST_INTERACTIONS {
        let detail = format!(
            "a pact has at most {MOST_INTERACTIONS} calls, and {count} are wanted; ask for less by a filter such as \
             `operation` or `since`"
        );
        return Err(Problem::new(413, detail));
    }
    all.retain(|(entry, is_wanted)| {
        entry.exchange.provider.as_ref() == Some(&provider) && (*is_wanted || entry.exchange.changed)
    });
    Ok(Chosen { provider, calls: all, gone })
}

/// A name that the query may give.
fn name_of(ask: &Ask<'_>, parameter: &str, usual: &str) -> Result<String, Problem> {
    let name = ask.parameter(parameter).unwrap_or_else(|| usual.to_owned());
    if name.is_empty() || name.len() > LONGEST_NAME || name.contains(char::is_control) {
        let detail =
            format!("expected a name of 1 to {LONGEST_NAME} bytes without control characters, such as {usual:?}");
        return Err(Problem::new(400, detail).at(format!("query.{parameter}")));
    }
    Ok(name)
}

/// The switches that are otherwise in a sandbox than in another.
fn changed_settings(sandbox: &Sandbox, before: &Sandbox) -> SettingsChange {
    let mut change = SettingsChange::new();
    for (slot, before) in sandbox.slots().iter().zip(before.slots()) {
        let (now, before) = (slot.options(), before.options());
        if now.auth != before.auth {
            change = change.auth(now.auth);
        }
        if now.documented_only != before.documented_only {
            change = change.documented_only(now.documented_only);
        }
        for (key, value) in now.settings().filter(|(key, value)| before.setting(key) != *value) {
            change = change.set(&*slot.provider().descriptor().id, key, value);
        }
    }
    change
}

/// A call in words; its number makes it one of its own.
fn described(call: &Call) -> String {
    let exchange = &call.entry.exchange;
    let number = call.entry.number;
    let operation = exchange.operation.as_deref().map(|operation| format!(" ({operation})")).unwrap_or_default();
    let (path, _) = exchange.text.target().split_once('?').unwrap_or((exchange.text.target(), ""));
    format!("call {number}: {} {path}{operation} is answered {}", exchange.text.method(), exchange.status)
}

/// What is said where no call is left that a verifier could make again.
fn none_left(left_out: &[LeftOut]) -> Problem {
    let said = |left: &LeftOut| format!("{}: {}", left.call, left.reason);
    let first = left_out.first().map(said).unwrap_or_default();
    let what = match left_out.len() {
        1 => "the one call that is wanted could not be verified".to_owned(),
        count => format!("none of the {count} calls that are wanted could be verified"),
    };
    let detail = format!("{what}; {first}");
    Problem::new(409, detail).faults(left_out.iter().take(LISTED).map(said))
}

/// The calls of a pact, each written with what came before it: all of them together may be large.
struct Interactions<'a> {
    ask: &'a Ask<'a>,
    state: &'a str,
    settings: &'a SettingsChange,
    /// Each with its id and its words.
    calls: Vec<(String, String, Rehearsed)>,
    /// Those that wrote, in order.
    earlier: Vec<EarlierCall>,
}

impl Serialize for Interactions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(Some(self.calls.len()))?;
        for (id, description, call) in &self.calls {
            // Whoever writes the answer asks once more, and says why it ends.
            self.ask.cancel.check().map_err(|_| S::Error::custom("nobody wants it any more"))?;
            let Rehearsed { asked, answer, caller, before, now, seed } = call;
            let persona_mock = Before {
                now: *now,
                seed: *seed,
                settings: self.settings,
                caller: caller.as_ref(),
                calls: self.earlier.get(..*before).unwrap_or_default(),
            };
            all.serialize_element(&Interaction {
                kind: "Synchronous/HTTP",
                key: id,
                description,
                pending: false,
                provider_states: [State { name: self.state, params: Params { persona_mock } }],
                request: asked,
                response: answer,
            })?;
        }
        all.end()
    }
}
