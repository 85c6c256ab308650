//! A stateful mock server for four vendors' persona APIs.
pub mod dialects;
