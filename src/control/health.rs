//! `/_mock/health` and `/_mock/ready`.

use super::ask::{Ask, provider_ids};
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::{Health, Problem, Ready};

pub(super) static VERBS: [&dyn AnyVerb; 2] = [&SHOW_HEALTH, &SHOW_READY];

pub(crate) static SHOW_HEALTH: Verb<NoBody, Health> =
    Verb::get("/_mock/health", "show_health", show_health).about("How the server is.").of_server().open().light();

static SHOW_READY: Verb<NoBody, Ready> = Verb::get("/_mock/ready", "show_ready", show_ready)
    .about("Whether the server takes requests.")
    .of_server()
    .open()
    .light();

fn show_health(ask: &Ask<'_>, _: NoBody) -> Result<Health, Problem> {
    // The server answers once its fixtures are loaded, so an answer means ready.
    Ok(Health {
        ready: true,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        providers: provider_ids(ask.app).map(str::to_owned).collect(),
        fixtures: ask.app.watched(),
        wants_token: ask.app.guard().token.is_some(),
        no_history: !ask.sandbox.history().is_on(),
    })
}

fn show_ready(_: &Ask<'_>, _: NoBody) -> Result<Ready, Problem> {
    Ok(Ready { ready: true })
}
