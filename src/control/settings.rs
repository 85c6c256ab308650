//! `/_mock/settings`: a sandbox's switches.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::{Ask, Outcome, json};
use super::provider_ids;
use crate::http::problem::Problem;
use crate::world::options::{AuthMode, Options};

/// The switches of a sandbox.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SettingsState {
    /// Which credentials pass.
    auth: AuthMode,
    /// Whether operations that a vendor does not document are absent.
    documented_only: bool,
    /// Each provider's settings.
    #[schema(value_type = Object)]
    providers: IndexMap<&'static str, IndexMap<&'static str, &'static str>>,
}

/// Switches to change; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"auth": "strict", "providers": {"provider": {"key": "value"}}})))]
pub(super) struct SettingsChange {
    /// Which credentials pass.
    auth: Option<AuthMode>,
    /// Whether operations that a vendor does not document are absent.
    documented_only: Option<bool>,
    /// Settings by provider id and key.
    #[serde(default)]
    #[schema(value_type = Object)]
    providers: IndexMap<String, IndexMap<String, String>>,
}

/// The sandbox's switches.
#[utoipa::path(get, path = "/_mock/settings", tag = "world", responses((status = 200, body = SettingsState)))]
pub(super) fn show_settings(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    Ok(json(200, &present(ask)))
}

/// Changes switches, from the next request on; all of the body or, if something is wrong, nothing.
#[utoipa::path(
    put,
    path = "/_mock/settings",
    tag = "world",
    request_body = SettingsChange,
    responses((status = 200, body = SettingsState), (status = 400, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn change_settings(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let change: SettingsChange = ask.read()?;
    let before: Vec<_> = (0..ask.hall.providers.len()).map(|number| ask.hall.options_in(ask.sandbox, number)).collect();
    for (number, options) in changed(ask, &change, &before, "$")?.into_iter().enumerate() {
        if let Some(room) = ask.sandbox.room(number) {
            room.set_options(options);
        }
    }
    Ok(json(200, &present(ask)))
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
        let number = provider_ids(ask.hall).position(|known| known == id).filter(|number| *number < all.len());
        let Some(number) = number else {
            let known: Vec<_> = provider_ids(ask.hall).collect();
            let detail = format!("no provider `{id}` is served; the providers are {}", known.join(", "));
            return Err(Problem::new(400, detail).at(format!("{at}.providers.{id}")));
        };
        for (key, value) in settings {
            let specs = ask.hall.passports().nth(number).map_or(&[][..], |passport| passport.settings);
            if let Some(options) = all.get_mut(number) {
                options
                    .set(specs, key, value)
                    .map_err(|detail| Problem::new(400, detail).at(format!("{at}.providers.{id}.{key}")))?;
            }
        }
    }
    Ok(all.into_iter().map(Arc::new).collect())
}

fn present(ask: &Ask<'_>) -> SettingsState {
    let mut providers = IndexMap::new();
    let mut first = Arc::<Options>::default();
    for (number, id) in provider_ids(ask.hall).enumerate() {
        let options = ask.hall.options_in(ask.sandbox, number);
        providers.insert(id, options.settings().collect());
        if number == 0 {
            first = options;
        }
    }
    SettingsState { auth: first.auth, documented_only: first.documented_only, providers }
}
