//! Fixtures in place of others while the server runs, and what is known of the last attempt.

use jiff::Timestamp;

use crate::api::{LastReload, WatchedFixtures, Watching};
use crate::app::AppState;
use crate::app::setup::FixtureText;
use crate::provider::Registered;
use crate::world::clock::Clock;
use crate::world::fixture::FixtureError;
use crate::world::state::Root;

/// The providers' states and the `$schema` that each file names.
pub(crate) type Loads = (Vec<Root>, Vec<Option<String>>);

/// Loads each provider's fixture: the text given for it, else the embedded one. `faults` are those
/// that are known before a text is looked at.
pub(crate) fn load(
    providers: &[Registered],
    texts: &[FixtureText],
    mut faults: Vec<FixtureError>,
    now: Timestamp,
) -> Result<Loads, Vec<FixtureError>> {
    let (mut roots, mut schemas) = (Vec::new(), Vec::new());
    for provider in providers {
        let descriptor = provider.descriptor();
        let stated = texts.iter().find(|fixture| fixture.provider == descriptor.id);
        let embedded = format!("{}.json", descriptor.id);
        let (file, text) =
            stated.map_or((embedded.as_str(), descriptor.fixture), |fixture| (&*fixture.file, &*fixture.text));
        match provider.load(file, text, now) {
            Ok(loaded) => {
                roots.push(loaded.root);
                schemas.push(loaded.schema);
            }
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok((roots, schemas)) } else { Err(faults) }
}

impl AppState {
    /// Starts new and reset sandboxes at other fixtures. A provider without a text among `texts`
    /// starts at its embedded fixture. `faults` are those that are known before a text is looked at.
    ///
    /// # Errors
    ///
    /// Every fault of every file; then nothing changed.
    pub(crate) fn reload(&self, texts: &[FixtureText], faults: Vec<FixtureError>) -> Result<(), Vec<FixtureError>> {
        let (roots, _) = load(&self.providers, texts, faults, self.sandboxes.baseline().clock.now())?;
        self.sandboxes.reload(roots);
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
