//! `POST /_mock/provider-states`: a sandbox is made as a Pact verifier wants it before a call.
//!
//! A state is a name: of a snapshot of the sandbox, of a table that the server was started with, or that of the start. No
//! request names a file.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::ask::Ask;
use super::replay::{self, Again};
use super::verb::{AnyVerb, Verb};
use super::{settings, snapshots, state};
use crate::api::{
    AT_START, Caller, EarlierCall, Problem, ProviderState, Rebuild, SandboxStart, StateAction, StateValues,
};
use crate::app::sandbox::Snapshot;
use crate::app::{AppState, Sandbox};
use crate::contract::suggestion;
use crate::world::clock::Clock;
use crate::world::ids::Seed;

/// How many names a message lists.
const LISTED: usize = 20;

/// The most bytes of a name.
const LONGEST_NAME: usize = 200;

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&SET_PROVIDER_STATE];

pub(crate) static SET_PROVIDER_STATE: Verb<ProviderState, StateValues> = Verb::post(
    "/_mock/provider-states",
    "set_provider_state",
    set_provider_state,
)
.about(
    "Makes the sandbox as a Pact verifier wants it before a call: at its start, at a snapshot, or at a state of \
             --provider-states. Where its `params` say so, the calls are then made again that came before.",
)
.refuses(&[400, 404, 503]);

fn set_provider_state(ask: &Ask<'_>, wanted: ProviderState) -> Result<StateValues, Problem> {
    // A verifier asks so for a call without a state, too.
    if wanted.action == StateAction::Teardown || wanted.state.is_empty() {
        return Ok(StateValues::default());
    }
    Base::named(ask, &wanted.state, "$.state")?.put(ask)?;
    match wanted.params.and_then(|params| params.persona_mock) {
        Some(rebuild) => rebuilt(ask, &rebuild),
        None => Ok(StateValues::default()),
    }
}

/// What a provider state starts from.
pub(super) enum Base<'a> {
    /// What a reset returns to.
    Start,
    /// A snapshot of the sandbox.
    Snapshot(Snapshot),
    /// A state of the table.
    Stated(&'a SandboxStart),
}

impl<'a> Base<'a> {
    /// What a name means: a snapshot of the sandbox comes before a state of the table.
    pub(super) fn named(ask: &Ask<'a>, name: &str, at: &str) -> Result<Self, Problem> {
        if name == AT_START {
            return Ok(Self::Start);
        }
        let snapshot = snapshots::named(ask, name).ok();
        let stated = || ask.app.provider_states.get(name).map(Self::Stated);
        snapshot.map(Self::Snapshot).or_else(stated).ok_or_else(|| unknown(ask, name).at(at))
    }

    /// Puts it in place.
    fn put(self, ask: &Ask<'_>) -> Result<(), Problem> {
        match self {
            Self::Start => ask.sandbox.restart(),
            Self::Snapshot(snapshot) => {
                ask.sandbox.restore(&snapshot);
                ask.sandbox.discard(snapshot);
            }
            Self::Stated(stated) => {
                ask.sandbox.restart();
                apply(ask.sandbox, stated)?;
            }
        }
        Ok(())
    }

    /// A sandbox of nobody's in this state.
    pub(super) fn scratch(self, sandbox: &Sandbox) -> Result<Sandbox, Problem> {
        Ok(match self {
            Self::Start => sandbox.scratch(None),
            Self::Snapshot(snapshot) => {
                let scratch = sandbox.scratch(Some(&snapshot));
                sandbox.discard(snapshot);
                scratch
            }
            Self::Stated(stated) => {
                let scratch = sandbox.scratch(None);
                apply(&scratch, stated)?;
                scratch
            }
        })
    }
}

/// Changes a sandbox that is at its start into a state of the table.
fn apply(sandbox: &Sandbox, stated: &SandboxStart) -> Result<(), Problem> {
    if stated.from.is_some() {
        let detail = "a provider state is made of the sandbox that it is asked for, and is no fork of another; leave out \
                      `from`, and state what is otherwise there by `fixtures`";
        return Err(Problem::new(400, detail).at("$.from"));
    }
    if let Some(clock) = &stated.clock {
        let clock: Clock = clock.parse().map_err(|error| Problem::new(400, format!("{error}")).at("$.clock"))?;
        sandbox.set_clock(|_| Some(clock));
    }
    if let Some(seed) = stated.seed {
        sandbox.set_seed(Seed(seed));
    }
    sandbox.update_options(|slots| settings::changed(slots, &stated.settings, "$.settings"))?;
    let moments = state::load_all(sandbox.slots(), &stated.fixtures, sandbox.clock().now(), "$.fixtures", 0)?;
    sandbox.put(&moments);
    Ok(())
}

fn unknown(ask: &Ask<'_>, name: &str) -> Problem {
    let snapshots: Vec<_> = ask.sandbox.snapshots(|all| all.keys().cloned().collect());
    let known = || [AT_START].into_iter().chain(ask.app.provider_states.keys().chain(&snapshots).map(String::as_str));
    let shown: String = name.chars().take(80).collect();
    let mut detail = format!("there is no provider state {shown:?}; ");
    if let Some(near) = suggestion::name(name, known()) {
        let _ = write!(detail, "{near:?} was probably meant; ");
    }
    let listed: Vec<_> = known().take(LISTED).map(|name| format!("{name:?}")).collect();
    let _ = write!(detail, "the states are {}", listed.join(", "));
    let more = known().count() - listed.len();
    if more > 0 {
        let _ = write!(detail, " and {more} more");
    }
    detail.push_str("; PUT /_mock/snapshots/NAME saves one, and --provider-states FILE states others at the start");
    Problem::new(404, detail)
}

/// Makes what the sandbox started from into what it was before a call.
fn rebuilt(ask: &Ask<'_>, rebuild: &Rebuild) -> Result<StateValues, Problem> {
    let sandbox = ask.sandbox;
    sandbox.update_options(|slots| settings::changed(slots, &rebuild.settings, "$.params.persona_mock.settings"))?;
    for (number, call) in rebuild.calls.iter().enumerate() {
        let at = format!("$.params.persona_mock.calls[{number}]");
        repeat(ask, call).map_err(|problem| placed(problem, &at))?;
    }
    if let Some(now) = rebuild.now {
        sandbox.set_clock(|_| Some(Clock::Frozen(now)));
    }
    if let Some(seed) = rebuild.seed {
        sandbox.set_seed(Seed(seed));
    }
    let mut values = StateValues::default();
    if let Some(caller) = &rebuild.caller {
        let Some(value) = replay::credential(sandbox, caller) else {
            return Err(nobody(caller).at("$.params.persona_mock.caller"));
        };
        values.0.insert(caller.header.clone(), value);
    }
    Ok(values)
}

fn nobody(caller: &Caller) -> Problem {
    let Caller { provider, header, who, .. } = caller;
    let detail = format!(
        "the data of {provider} lists no credential of {who:?} in {header}; GET /_mock/credentials?provider={provider} \
         lists those that it has: the calls were made with other fixtures"
    );
    Problem::new(400, detail)
}

/// Makes one call again.
fn repeat(ask: &Ask<'_>, call: &EarlierCall) -> Result<(), Problem> {
    ask.cancel.check()?;
    let sandbox = ask.sandbox;
    let credential = match &call.caller {
        Some(caller) => Some((&*caller.header, replay::credential(sandbox, caller).ok_or_else(|| nobody(caller))?)),
        None => None,
    };
    let fields = call.headers.iter().flat_map(|(name, values)| values.iter().map(|value| (&**name, value.as_bytes())));
    let headers = replay::headers(fields, credential.as_ref().map(|(name, value)| (*name, &**value)));
    let body = match (&call.text, &call.base64) {
        (Some(text), _) => text.as_bytes().to_vec(),
        (None, Some(base64)) => {
            let wrong = |error| Problem::new(400, format!("expected base64, such as \"aGVsbG8=\": {error}"));
            STANDARD.decode(base64).map_err(wrong)?
        }
        (None, None) => Vec::new(),
    };
    let EarlierCall { now, seed, method, target, .. } = call;
    let most = ask.app.serving.max_body;
    if body.len() > most {
        let detail =
            format!("the body of the call has {} bytes; a provider takes at most {most} (--max-body)", body.len());
        return Err(Problem::new(400, detail));
    }
    let again = Again { now: *now, seed: Seed(*seed), method, target, headers: &headers, body: &body };
    match replay::again(sandbox, &again) {
        Some(answered) if answered.is_full => state::check(sandbox.account(), 0),
        Some(_) => Ok(()),
        None => Err(Problem::new(
            400,
            format!("no provider answers {method} {target}; a path such as those of GET /_mock/routes is"),
        )),
    }
}

/// Checks the table that a server is to be started with, with all that it serves at hand; what is wrong names the state.
///
/// # Errors
///
/// The first state that cannot be made, and why.
pub(crate) fn check(app: &AppState) -> Result<(), String> {
    for (name, stated) in &app.provider_states {
        let wrong = |detail: &str| format!("the provider state {name:?}: {detail}");
        if name.is_empty() || name.len() > LONGEST_NAME {
            return Err(wrong("a name has 1 to 200 bytes, such as \"no personas\""));
        }
        if name == AT_START {
            return Err(wrong("every sandbox has it; give yours another name"));
        }
        if stated.ttl.is_some() {
            return Err(wrong("`ttl` is a sandbox's own; a state has `seed`, `clock`, `settings` and `fixtures`"));
        }
        let scratch = app.default_sandbox().scratch(None);
        apply(&scratch, stated).map_err(|problem| {
            let at = problem.at.map(|at| format!("{at}: ")).unwrap_or_default();
            wrong(&format!("{at}{}", problem.detail))
        })?;
    }
    Ok(())
}

/// A problem with its place, where it names none.
fn placed(problem: Problem, at: &str) -> Problem {
    if problem.at.is_none() { problem.at(at) } else { problem }
}
