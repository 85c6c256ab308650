//! The integration tests, one binary.
#![expect(unreachable_pub, reason = "a test binary has no outside; `pub` marks what its other rooms use")]

mod cases;
mod command;
mod conformance;
mod documents;
mod hall;
mod sandbox;
mod support;
mod tidy;
mod world;
