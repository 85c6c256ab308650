//! The fixtures' states that sandboxes return to, which a reload replaces for all of them at once.

use std::fmt;
use std::sync::Arc;

use parking_lot::RwLock;

use crate::world::state::Root;

/// The states that reloaded fixtures gave, shared by every sandbox of a server. A clone is the same.
#[derive(Clone, Default)]
pub(crate) struct ReloadedFixtures {
    reloaded: Arc<RwLock<Vec<Root>>>,
}

impl ReloadedFixtures {
    /// Replaces every provider's state.
    pub(super) fn replace(&self, roots: Vec<Root>) {
        *self.reloaded.write() = roots;
    }

    /// The state of the provider with this number; nothing as long as nothing was reloaded.
    pub(super) fn get(&self, provider: usize) -> Option<Root> {
        self.reloaded.read().get(provider).cloned()
    }
}

impl fmt::Debug for ReloadedFixtures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReloadedFixtures").field("reloaded", &self.reloaded.read().len()).finish()
    }
}
