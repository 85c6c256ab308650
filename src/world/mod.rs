//! The world: what a mock remembers, without HTTP, without a vendor, without a wall clock.
//!
//! Time enters through [`clock`], identity through `ids`, data through [`fixture`]; everything a
//! request can change of a provider is one value inside a [`state::StateCell`].

pub(crate) mod call;
pub(crate) mod cancel;
pub(crate) mod clock;
pub(crate) mod discard;
pub(crate) mod duration;
pub(crate) mod fault;
pub(crate) mod fixture;
pub(crate) mod history;
pub(crate) mod ids;
pub(crate) mod journal;
pub(crate) mod limit;
pub(crate) mod malformed;
pub(crate) mod name;
pub(crate) mod objects;
pub(crate) mod options;
pub(crate) mod page;
pub(crate) mod pattern;
pub(crate) mod refusal;
pub(crate) mod rows;
pub(crate) mod sandbox;
pub(crate) mod schema;
pub(crate) mod state;
pub(crate) mod table;
pub(crate) mod visible;
pub(crate) mod wanted;
pub(crate) mod weight;
