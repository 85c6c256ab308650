//! The vendors. They know the contract and the dialects, not each other.

use crate::http::Registered;

/// Every provider, one line each.
#[must_use]
pub fn registry() -> &'static [Registered] {
    REGISTRY
}

static REGISTRY: &[Registered] = &[];
