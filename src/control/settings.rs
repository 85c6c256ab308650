//! `/_mock/settings`: a sandbox's switches.

use std::sync::Arc;

use super::ask::{Ask, slot};
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::{Problem, Settings, SettingsChange};
use crate::app::sandbox::Switched;
use crate::provider::Slot;
use crate::world::options::Options;

pub(super) static VERBS: [&dyn AnyVerb; 2] = [&SHOW_SETTINGS, &CHANGE_SETTINGS];

pub(crate) static SHOW_SETTINGS: Verb<NoBody, Settings> =
    Verb::get("/_mock/settings", "show_settings", show_settings).about("The sandbox's switches.").light();

pub(crate) static CHANGE_SETTINGS: Verb<SettingsChange, Settings> =
    Verb::put("/_mock/settings", "change_settings", change_settings)
        .about("Changes switches, from the next request on; all of the body or, if something is wrong, nothing.")
        .refuses(&[400])
        .light();

fn show_settings(ask: &Ask<'_>, _: NoBody) -> Result<Settings, Problem> {
    Ok(present(ask))
}

fn change_settings(ask: &Ask<'_>, change: SettingsChange) -> Result<Settings, Problem> {
    ask.sandbox.update_options(|slots| changed(slots, &change, "$"))?;
    Ok(present(ask))
}

/// The options that a change makes of those in force, slot by slot.
pub(super) fn changed<'s>(
    slots: &'s [Arc<dyn Slot>],
    change: &SettingsChange,
    at: &str,
) -> Result<Vec<Switched<'s>>, Problem> {
    let mut all = Vec::with_capacity(slots.len());
    for slot in slots {
        let before = slot.options();
        let mut options = Options::clone(&before);
        options.auth = change.auth.unwrap_or(options.auth);
        options.documented_only = change.documented_only.unwrap_or(options.documented_only);
        all.push((&**slot, before, options));
    }
    for (id, settings) in &change.providers {
        let wrong = |detail: String, key: &str| Problem::new(400, detail).at(format!("{at}.providers.{id}{key}"));
        let descriptor = slot(slots, id).map_err(|detail| wrong(detail, ""))?.provider().descriptor();
        let changed = all.iter_mut().filter(|(slot, ..)| slot.provider().descriptor().id == descriptor.id);
        for (_, _, options) in changed {
            for (key, value) in settings {
                let set = options.set(&descriptor.settings, key, value);
                set.map_err(|detail| wrong(detail, &format!(".{key}")))?;
            }
        }
    }
    // Sandboxes share the options that they do not change.
    let shared = |before: Arc<Options>, options: Options| if *before == options { before } else { Arc::new(options) };
    Ok(all.into_iter().map(|(slot, before, options)| (slot, shared(before, options))).collect())
}

fn present(ask: &Ask<'_>) -> Settings {
    let slots = ask.sandbox.slots().iter();
    let all: Vec<_> = slots.map(|slot| (slot.provider().descriptor().id.to_string(), slot.options())).collect();
    let first = all.first().map(|(_, options)| options.clone()).unwrap_or_default();
    let settings =
        |options: &Options| options.settings().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let providers = all.into_iter().map(|(id, options)| (id, settings(&options))).collect();
    Settings { auth: first.auth, documented_only: first.documented_only, providers }
}
