//! Everything that a test can disturb, under one roof.

use super::clock::Clock;
use super::ids::Seed;
use super::options::Options;
use super::state::{Root, StateCell};

/// One world: each provider's state and switches, the clock and the seed.
///
/// Providers are numbered by their place in the registry that the server was built with.
#[derive(Debug)]
pub struct Sandbox {
    clock: Clock,
    seed: Seed,
    rooms: Vec<Room>,
}

/// One provider's part of a sandbox.
#[derive(Debug)]
pub struct Room {
    /// What the provider remembers.
    pub state: StateCell,
    /// How it is asked to behave.
    pub options: Options,
    origin: Origin,
}

/// The state a reset returns to.
struct Origin(Root);

impl std::fmt::Debug for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Origin")
    }
}

impl Sandbox {
    /// A world that starts at these states, one a provider.
    #[must_use]
    pub fn new(clock: Clock, seed: Seed, rooms: impl IntoIterator<Item = (Root, Options)>) -> Self {
        let rooms = rooms
            .into_iter()
            .map(|(root, options)| Room { state: StateCell::new(root.clone()), options, origin: Origin(root) })
            .collect();
        Self { clock, seed, rooms }
    }

    /// What its vendors take for now.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Where its ids come from.
    #[must_use]
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// The part of the provider with this number.
    #[must_use]
    pub fn room(&self, provider: usize) -> Option<&Room> {
        self.rooms.get(provider)
    }

    /// Puts every provider's data and ids back to where they started. O(1) in the number of records.
    pub fn reset(&self) {
        for room in &self.rooms {
            room.state.set(room.origin.0.clone());
        }
    }
}
