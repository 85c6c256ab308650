//! `/_mock/settings`: a sandbox's switches.

use std::sync::Arc;

use indexmap::IndexMap;

use super::ask::{Ask, provider_ids};
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::{Problem, Settings, SettingsChange};
use crate::world::options::Options;

pub(super) static VERBS: [&dyn AnyVerb; 2] = [&SHOW_SETTINGS, &CHANGE_SETTINGS];

pub(crate) static SHOW_SETTINGS: Verb<NoBody, Settings> =
    Verb::get("/_mock/settings", "show_settings", show_settings).about("The sandbox's switches.");

pub(crate) static CHANGE_SETTINGS: Verb<SettingsChange, Settings> =
    Verb::put("/_mock/settings", "change_settings", change_settings)
        .about("Changes switches, from the next request on; all of the body or, if something is wrong, nothing.")
        .refuses(&[400]);

fn show_settings(ask: &Ask<'_>, _: NoBody) -> Result<Settings, Problem> {
    Ok(present(ask))
}

fn change_settings(ask: &Ask<'_>, change: SettingsChange) -> Result<Settings, Problem> {
    let before: Vec<_> = (0..ask.app.providers.len()).map(|number| ask.app.options_in(ask.sandbox, number)).collect();
    for (number, options) in changed(ask, &change, &before, "$")?.into_iter().enumerate() {
        if let Some(slot) = ask.sandbox.slot(number) {
            slot.set_options(options);
        }
    }
    Ok(present(ask))
}

/// The options that a change makes of those before, provider by provider.
pub(super) fn changed(
    ask: &Ask<'_>,
    change: &SettingsChange,
    before: &[Arc<Options>],
    at: &str,
) -> Result<Vec<Arc<Options>>, Problem> {
    let mut all: Vec<Options> = before.iter().map(|options| (**options).clone()).collect();
    for options in &mut all {
        options.auth = change.auth.unwrap_or(options.auth);
        options.documented_only = change.documented_only.unwrap_or(options.documented_only);
    }
    for (id, settings) in &change.providers {
        let number = provider_ids(ask.app).position(|known| known == id).filter(|number| *number < all.len());
        let Some(number) = number else {
            let known: Vec<_> = provider_ids(ask.app).collect();
            let detail = format!("no provider `{id}` is served; the providers are {}", known.join(", "));
            return Err(Problem::new(400, detail).at(format!("{at}.providers.{id}")));
        };
        for (key, value) in settings {
            let specs = ask.app.descriptors().nth(number).map_or(&[][..], |descriptor| descriptor.settings);
            if let Some(options) = all.get_mut(number) {
                options
                    .set(specs, key, value)
                    .map_err(|detail| Problem::new(400, detail).at(format!("{at}.providers.{id}.{key}")))?;
            }
        }
    }
    Ok(all.into_iter().map(Arc::new).collect())
}

fn present(ask: &Ask<'_>) -> Settings {
    let mut providers = IndexMap::new();
    let mut first = Arc::<Options>::default();
    for (number, id) in provider_ids(ask.app).enumerate() {
        let options = ask.app.options_in(ask.sandbox, number);
        let settings = options.settings().map(|(key, value)| (key.to_owned(), value.to_owned()));
        providers.insert(id.to_owned(), settings.collect());
        if number == 0 {
            first = options;
        }
    }
    Settings { auth: first.auth, documented_only: first.documented_only, providers }
}
