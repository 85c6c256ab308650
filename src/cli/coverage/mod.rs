//! What was exercised of what the documents promise: `persona-mock coverage`, and `--coverage FILE` of a server.

pub(in crate::cli) mod file;
pub(in crate::cli) mod flags;
mod gaps;
mod shards;
pub(in crate::cli) mod verb;
