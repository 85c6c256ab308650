//! The manuals of a server, each kept for the options that were last asked for.

use std::sync::Arc;

use parking_lot::Mutex;

use super::page::Manual;
use crate::contract::document;
use crate::http::hall::Hall;
use crate::http::provider::Options;
use crate::world::sandbox::Sandbox;

/// One manual a provider; making one costs the reading of its whole document.
#[derive(Debug)]
pub struct Manuals(Vec<Mutex<Option<Kept>>>);

/// A manual and the options it is for.
type Kept = (Arc<Options>, Arc<Manual>);

impl Manuals {
    /// Room for this many providers.
    #[must_use]
    pub fn of(providers: usize) -> Self {
        Self((0..providers).map(|_| Mutex::default()).collect())
    }

    /// The manual of a provider under a sandbox's settings; nothing where it has no document.
    #[must_use]
    pub fn of_provider(&self, hall: &Hall, sandbox: &Sandbox, provider: &str) -> Option<Arc<Manual>> {
        let number = hall.passports().position(|passport| passport.id == provider)?;
        let options = hall.options_in(sandbox, number);
        let mut place = self.0.get(number)?.lock();
        if let Some((_, manual)) = place.as_ref().filter(|(known, _)| *known == options) {
            return Some(manual.clone());
        }
        let document = document::served(hall, sandbox, provider)?.ok()?;
        let manual = Arc::new(Manual::of(document)?);
        *place = Some((options, manual.clone()));
        Some(manual)
    }
}
