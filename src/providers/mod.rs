//! The registry of all providers, one folder a vendor. They know what a provider implements and the dialects, not each
//! other.

mod axero;
mod crud;
mod equals_money;
#[cfg(test)]
mod fixture_schemas;
#[cfg(test)]
mod passed_over;
mod vijil;

use std::sync::LazyLock;

use crate::provider::{Registered, register};

/// Every provider, one line each.
#[must_use]
pub fn registry() -> &'static [Registered] {
    &*REGISTRY
}

static REGISTRY: LazyLock<[Registered; 4]> = LazyLock::new(|| {
    [register(axero::Axero), register(equals_money::EqualsMoney), register(vijil::Vijil), register(crud::Crud)]
});
