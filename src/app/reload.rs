//! Fixtures in place of others while the server runs, and what is known of the last attempt.

use std::sync::Arc;

use crate::api::{LastReload, WatchedFixtures, Watching};
use crate::app::AppState;
use crate::app::setup::{FixtureText, Setup};
use crate::provider::{Descriptor, Options, Registered, Slot};
use crate::world::clock::Clock;
use crate::world::fixture::FixtureError;

/// The slots that a server starts with, each at its provider's fixture.
pub(crate) fn start(
    providers: &[Registered],
    setup: &Setup,
    options: Vec<Options>,
) -> Result<Vec<Arc<dyn Slot>>, Vec<FixtureError>> {
    let now = setup.clock.now();
    let slots = providers.iter().zip(options).map(|(provider, options)| {
        read(provider.descriptor(), &setup.fixtures, |file, text| {
            provider.clone().slot(file, text, now, Arc::new(options))
        })
    });
    all(slots, setup.faults.clone())
}

/// What `load` makes of a provider's fixture: of the text given for it, else of the embedded one.
fn read<T>(descriptor: &Descriptor, texts: &[FixtureText], load: impl FnOnce(&str, &str) -> T) -> T {
    match texts.iter().find(|fixture| fixture.provider == descriptor.id) {
        Some(stated) => load(&stated.file, &stated.text),
        None => load(&format!("{}.json", descriptor.id), &descriptor.fixture),
    }
}

/// All of these, or every fault; `faults` are those that are known already.
fn all<T>(
    loaded: impl Iterator<Item = Result<T, Vec<FixtureError>>>,
    mut faults: Vec<FixtureError>,
) -> Result<Vec<T>, Vec<FixtureError>> {
    let loaded: Vec<T> = loaded.filter_map(|one| one.map_err(|found| faults.extend(found)).ok()).collect();
    if faults.is_empty() { Ok(loaded) } else { Err(faults) }
}

impl AppState {
    /// Starts new and reset sandboxes at other fixtures. A provider without a text among `texts`
    /// starts at its embedded fixture. `faults` are those that are known before a text is looked at.
    ///
    /// # Errors
    ///
    /// Every fault of every file; then nothing changed.
    pub(crate) fn reload(&self, texts: &[FixtureText], faults: Vec<FixtureError>) -> Result<(), Vec<FixtureError>> {
        let start = self.sandboxes.start();
        let now = start.clock.now();
        let moments = start
            .slots
            .iter()
            .map(|slot| read(slot.provider().descriptor(), texts, |file, text| slot.clone().load(file, text, now)));
        self.sandboxes.reload(&all(moments, faults)?);
        Ok(())
    }

    /// Notes that a directory is watched from now on.
    pub(crate) fn note_watched(&self, dir: String, watch: Watching) {
        *self.watched.lock() = Some(WatchedFixtures { dir, watch, reloads: 0, last: None });
    }

    /// Notes what became of a change in the watched directory.
    pub(crate) fn note_reload(&self, faults: Vec<String>) {
        if let Some(watched) = self.watched.lock().as_mut() {
            let loaded = faults.is_empty();
            watched.reloads += u64::from(loaded);
            watched.last = Some(LastReload { at: Clock::Real.now(), loaded, faults });
        }
    }

    /// The directory that is watched, if one is.
    #[must_use]
    pub(crate) fn watched(&self) -> Option<WatchedFixtures> {
        self.watched.lock().clone()
    }
}
