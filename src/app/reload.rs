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
    mut texts: Vec<FixtureText>,
    options: Vec<Options>,
) -> Result<Vec<Arc<dyn Slot>>, Vec<FixtureError>> {
    let now = setup.clock.now();
    let slots = providers.iter().zip(options).map(|(provider, options)| {
        let options = Arc::new(options);
        match stated(provider.descriptor(), &mut texts) {
            Some(FixtureText { file, text, .. }) => provider.clone().slot(&file, text.into(), now, options),
            None => provider.clone().embedded_slot(now, options),
        }
    });
    all(slots, setup.faults.clone())
}

/// Takes the text that is given for a provider; without one it starts at its embedded fixture.
fn stated(descriptor: &Descriptor, texts: &mut Vec<FixtureText>) -> Option<FixtureText> {
    let place = texts.iter().position(|fixture| fixture.provider == descriptor.id)?;
    Some(texts.remove(place))
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
    pub(crate) fn reload(
        &self,
        mut texts: Vec<FixtureText>,
        faults: Vec<FixtureError>,
    ) -> Result<(), Vec<FixtureError>> {
        let start = self.sandboxes.start();
        let now = start.clock.now();
        let moments = start.slots.iter().map(|slot| match stated(slot.provider().descriptor(), &mut texts) {
            Some(FixtureText { file, text, .. }) => slot.clone().load(&file, text.into(), now),
            None => slot.clone().load_embedded(now),
        });
        self.sandboxes.reload(&all(moments, faults)?);
        Ok(())
    }

    /// Puts every sandbox back to its start that would begin at reloaded fixtures then; how many. Those with a start of
    /// their own are left alone.
    pub(crate) fn reset_to_reloaded(&self) -> usize {
        let all = self.sandboxes.all().into_iter();
        // A reset takes away what was changed at every provider, so one fixture of its own keeps the sandbox as it is.
        let follows = |slots: &[Arc<dyn Slot>]| {
            slots.iter().any(|slot| slot.awaits_reset()) && !slots.iter().any(|slot| slot.has_own_start())
        };
        let reset = all.filter(|sandbox| follows(sandbox.slots()));
        reset.inspect(|sandbox| sandbox.reset()).count()
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
