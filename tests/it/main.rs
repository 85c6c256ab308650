//! The integration tests, one binary.

mod cases;
mod conformance;
mod support;
