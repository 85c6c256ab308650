//! `/_mock/sandboxes`: every world of the server.

use std::sync::Arc;
use std::time::Duration;

use super::ask::Ask;
use super::parameter::{Kind, Parameter};
use super::verb::{AnyVerb, NoBody, NoContent, Verb};
use super::world::{self, no_room};
use super::{settings, state};
use crate::api::{Problem, SandboxList, SandboxStart, SandboxState};
use crate::app::sandbox::{Found, Sandbox, SandboxInfo};
use crate::world::clock::Clock;
use crate::world::discard::Discarded;
use crate::world::duration;
use crate::world::ids::Seed;
use crate::world::sandbox::SandboxName;

const NAME: &[Parameter] =
    &[Parameter::segment("name", "The sandbox: 1 to 64 letters, digits, dots, underscores or hyphens, not dots alone")
        .of(Kind::Name)
        .such_as("t1")];

const MAKES: &str = "Makes a sandbox of its own making; the one of that name, if there was one, is gone. With `from` it is \
                     a fork of another one, which costs the same whatever that holds: the two share what neither changes.";

pub(super) static VERBS: [&dyn AnyVerb; 4] = [&LIST_SANDBOXES, &SHOW_SANDBOX, &MAKE_SANDBOX, &DELETE_SANDBOX];

pub(crate) static LIST_SANDBOXES: Verb<NoBody, SandboxList> =
    Verb::get("/_mock/sandboxes", "list_sandboxes", list_sandboxes).about("Every sandbox that is there.").of_server();

pub(crate) static SHOW_SANDBOX: Verb<NoBody, SandboxState> =
    Verb::get("/_mock/sandboxes/{name}", "show_sandbox", show_sandbox)
        .about("One sandbox.")
        .takes(NAME)
        .refuses(&[400, 404])
        .of_server()
        .light();

pub(crate) static MAKE_SANDBOX: Verb<SandboxStart, SandboxState> =
    Verb::put("/_mock/sandboxes/{name}", "make_sandbox", make_sandbox)
        .about(MAKES)
        .takes(NAME)
        .answers(201)
        .refuses(&[400, 404, 409, 503])
        .of_server();

pub(crate) static DELETE_SANDBOX: Verb<NoBody, NoContent> =
    Verb::delete("/_mock/sandboxes/{name}", "delete_sandbox", delete_sandbox)
        .about("Takes a sandbox away. The next request that names it makes a new one.")
        .takes(NAME)
        .refuses(&[400, 404, 409])
        .of_server()
        .light();

fn state_of(info: &SandboxInfo) -> SandboxState {
    SandboxState {
        name: info.sandbox.name().to_string(),
        seed: info.sandbox.seed().0,
        clock: info.sandbox.clock().into(),
        calls: info.sandbox.journal().count(),
        bytes: info.sandbox.account().held(),
        shared_bytes: info.sandbox.account().shared(),
        idle_s: info.idle.as_secs(),
        ttl: info.time_to_live.map(duration::show),
    }
}

fn list_sandboxes(ask: &Ask<'_>, _: NoBody) -> Result<SandboxList, Problem> {
    Ok(SandboxList { sandboxes: ask.app.sandboxes.list().iter().map(state_of).collect() })
}

fn show_sandbox(ask: &Ask<'_>, _: NoBody) -> Result<SandboxState, Problem> {
    let name = name(ask)?;
    ask.app.sandboxes.info(&name).map(|info| state_of(&info)).ok_or_else(|| world::missing(ask, &name))
}

fn make_sandbox(ask: &Ask<'_>, request: SandboxStart) -> Result<SandboxState, Problem> {
    let name = name(ask)?;
    if name.is_default() {
        return Err(Problem::new(
            409,
            "`default` is as the server was started; make a sandbox of another name, such as test-1",
        ));
    }
    // As long as it is forked it is used, so that what is forked again and again does not expire.
    let source = request.from.as_deref().map(|from| source(ask, from)).transpose()?;
    let mut start = ask.app.sandboxes.start();
    if let Some(source) = &source {
        source.sandbox().fork_into(&mut start);
    }
    if let Some(clock) = &request.clock {
        let clock: Clock = clock.parse().map_err(|error| Problem::new(400, format!("{error}")).at("$.clock"))?;
        start.clock = clock;
    }
    start.seed = request.seed.map_or(start.seed, Seed);
    let time_to_live = request.ttl.as_deref().map(time_to_live).transpose()?;
    for (slot, options) in settings::changed(&start.slots, &request.settings, "$.settings")? {
        slot.begin_with(options);
    }
    let leaving = ask.app.sandboxes.info(&name).map_or(0, |info| info.sandbox.account().would_go());
    let moments = state::load_all(&start.slots, &request.fixtures, start.clock.now(), "$.fixtures", leaving)?;
    let replaced: Discarded = match start.slots.first().map(|slot| slot.account().clone()) {
        Some(account) => {
            let mut turn = account.history().turn();
            moments.iter().map(|moment| moment.begin(&mut turn)).collect()
        }
        None => Discarded::none(),
    };
    let sandbox = Arc::new(Sandbox::new(name, start, time_to_live));
    sandbox.discard(replaced);
    ask.app.sandboxes.put(sandbox.clone()).map_err(|full| no_room(&full))?;
    let idle_time = time_to_live.or(Some(ask.app.sandboxes.idle_time()));
    let info = SandboxInfo { sandbox, idle: Duration::ZERO, time_to_live: idle_time };
    Ok(state_of(&info))
}

fn delete_sandbox(ask: &Ask<'_>, _: NoBody) -> Result<NoContent, Problem> {
    let name = name(ask)?;
    if name.is_default() {
        return Err(Problem::new(409, "`default` never goes; POST /_mock/reset puts it back"));
    }
    if ask.app.sandboxes.remove(&name) { Ok(NoContent) } else { Err(world::missing(ask, &name)) }
}

/// The sandbox that another is to be a fork of.
fn source(ask: &Ask<'_>, from: &str) -> Result<Found, Problem> {
    let name: SandboxName =
        from.parse().map_err(|error| Problem::new(400, format!("{error}; an example is default")).at("$.from"))?;
    if ask.app.sandboxes.there(&name).is_none() {
        return Err(world::missing(ask, &name).at("$.from"));
    }
    Ok(ask.app.sandboxes.visit(&name))
}

fn name(ask: &Ask<'_>) -> Result<SandboxName, Problem> {
    ask.name().parse().map_err(|error| Problem::new(400, format!("{error}; an example is test-1")))
}

fn time_to_live(text: &str) -> Result<Duration, Problem> {
    duration::parse(text).map_err(|error| Problem::new(400, error.to_string()).at("$.ttl"))
}
