//! `/_mock/limits`: how many requests a caller of each provider may make.

use std::sync::Arc;

use indexmap::IndexMap;

use super::ask::{Ask, slot};
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::{Limit, Limits, LimitsChange, Problem, Provenance};
use crate::provider::Slot;
use crate::world::limit::RateLimit;
use crate::world::options::Options;

pub(super) static VERBS: [&dyn AnyVerb; 2] = [&SHOW_LIMITS, &CHANGE_LIMITS];

pub(crate) static SHOW_LIMITS: Verb<NoBody, Limits> =
    Verb::get("/_mock/limits", "show_limits", show_limits).about("The sandbox's limits.").light();

pub(crate) static CHANGE_LIMITS: Verb<LimitsChange, Limits> = Verb::put(
    "/_mock/limits",
    "change_limits",
    change_limits,
)
.about("Changes limits, and forgets what was counted of those; all of the body or, if something is wrong, nothing.")
.refuses(&[400])
.light();

fn show_limits(ask: &Ask<'_>, _: NoBody) -> Result<Limits, Problem> {
    Ok(present(ask))
}

fn change_limits(ask: &Ask<'_>, change: LimitsChange) -> Result<Limits, Problem> {
    let mut limits: Vec<(&dyn Slot, _)> = Vec::with_capacity(change.limits.len());
    for (id, text) in &change.limits {
        let at = || format!("$.limits.{id}");
        let slot = slot(ask.sandbox.slots(), id).map_err(|detail| Problem::new(400, detail).at(at()))?;
        let limit = match text.as_str() {
            "off" => None,
            "on" => Some(slot.provider().descriptor().rate_limit.unwrap_or(RateLimit::UNDOCUMENTED)),
            text => Some(text.parse().map_err(|error| {
                Problem::new(400, format!("{error}; `on` switches the vendor's own on, `off` all off")).at(at())
            })?),
        };
        limits.push((&**slot, limit));
    }
    ask.sandbox.update_options(|_| {
        let limited = limits.iter().map(|(slot, limit)| {
            let mut options = Options::clone(&slot.options());
            options.rate_limit = *limit;
            (*slot, Arc::new(options))
        });
        Ok::<_, Problem>(limited.collect())
    })?;
    limits.iter().for_each(|(slot, _)| slot.limiter().clear());
    Ok(present(ask))
}

fn present(ask: &Ask<'_>) -> Limits {
    let mut limits = IndexMap::new();
    for slot in ask.sandbox.slots() {
        let descriptor = slot.provider().descriptor();
        let limit = slot.options().rate_limit.map(|limit| {
            let own = descriptor.rate_limit == Some(limit);
            let provenance = if own { Provenance::Documented } else { Provenance::Inferred };
            Limit { limit: limit.to_string(), provenance, callers: slot.limiter().callers() }
        });
        limits.insert(descriptor.id.to_string(), limit);
    }
    Limits { limits }
}
