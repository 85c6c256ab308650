//! The type of a name.

use std::borrow::Cow;

/// A name that a provider's table states, or that was read where the provider was: of a provider, an operation, a path, a
/// setting. One of a static table is cloned without an allocation.
pub type Name = Cow<'static, str>;
