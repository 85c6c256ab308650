//! Charges for what requests wrote beside the tables.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use imbl::HashMap;

use super::{Charge, charge, remove};

/// Charges for what requests wrote beside the tables, by what it is. It is no part of what two states are compared by.
#[derive(Clone)]
pub(crate) struct Charges<K>(HashMap<K, Option<Arc<Charge>>>);

impl<K: Clone + Eq + Hash> Charges<K> {
    /// Charges the write under way for `of`, in place of what was charged for it before.
    pub(crate) fn set(&mut self, of: K, bytes: usize) {
        if let Some(former) = self.0.insert(of, charge(|| bytes)) {
            remove(former.as_ref());
        }
    }

    /// Whether a request wrote it.
    #[must_use]
    pub(crate) fn contains(&self, of: &K) -> bool {
        self.0.contains_key(of)
    }
}

impl<K> Default for Charges<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K> PartialEq for Charges<K> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<K> fmt::Debug for Charges<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Charges").field("count", &self.0.len()).finish()
    }
}
