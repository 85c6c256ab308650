//! `/_mock/credentials`: who may call the vendors of a sandbox, and what each sends.

use super::ask::Ask;
use super::parameter::Parameter;
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::{Credentials, Problem};
use crate::provider::Slot;

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&LIST_CREDENTIALS];

pub(crate) static LIST_CREDENTIALS: Verb<NoBody, Credentials> =
    Verb::get("/_mock/credentials", "list_credentials", list_credentials)
        .about(
            "The credentials that the sandbox's data lists: who, what to send, rights, expiry; and what else passes.",
        )
        .takes(&[Parameter::query("provider", "Those of this provider alone")])
        .refuses(&[404]);

fn list_credentials(ask: &Ask<'_>, _: NoBody) -> Result<Credentials, Problem> {
    let now = ask.sandbox.clock().now();
    let row = |slot: &dyn Slot| (slot.provider().descriptor().id.to_string(), slot.credentials(now));
    let providers = match ask.parameter("provider") {
        Some(id) => std::iter::once(row(&**ask.slot(&id)?)).collect(),
        None => ask.sandbox.slots().iter().map(|slot| row(&**slot)).collect(),
    };
    Ok(Credentials::new(providers))
}
