//! A stateful mock server for four vendors' persona APIs.

pub mod cli;
pub mod contract;
pub mod control;
pub mod dialects;
pub mod fixtures;
pub mod http;
pub mod mock;
pub mod providers;
pub mod world;
