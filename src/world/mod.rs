//! The world: what a mock remembers, without HTTP, without a vendor, without a wall clock.
//!
//! Time enters through [`clock`], identity through [`ids`], data through [`fixture`]; everything a
//! request can change is one value inside a [`sandbox::Sandbox`].

pub mod call;
pub mod clock;
pub mod duration;
pub mod fault;
pub mod fixture;
pub mod ids;
pub mod journal;
pub mod limit;
pub mod objects;
pub mod options;
pub mod page;
pub mod pattern;
pub mod refusal;
pub mod sandbox;
pub mod schema;
pub mod state;
pub mod table;
