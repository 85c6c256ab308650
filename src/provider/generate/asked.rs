//! What a generated fixture shall be.

use super::locales::Locale;
use crate::world::ids::Seed;

/// What is asked of a generated fixture.
#[derive(Debug, Clone)]
pub struct Generation {
    /// How many rows more than the embedded fixture has.
    pub count: u64,
    /// Same seed, same rows.
    pub seed: Seed,
    /// Whose names and words they have: each row those of one.
    pub locales: Vec<Locale>,
}
