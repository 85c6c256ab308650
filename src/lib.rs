//! A stateful mock server for four vendors' persona APIs, and the handle by which a test steers it.
//!
//! A complete first test: a server in this process, a world of the test's own, a client that knows
//! nothing of the mock, and what the test can see and do beside it.
//!
//! ```
//! use persona_mock::{Mock, PersonaMock};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mock = PersonaMock::builder()
//!     .providers(["vijil"])
//!     .seed(7)
//!     .clock("2026-01-15T12:00:00Z")
//!     .start_blocking()?; // `.start().await?` under tokio, actix or any other runtime
//! let sandbox = mock.sandbox("renames_a_persona");
//!
//! // The client under test is given `sandbox.url()` for the vendor's base URL.
//! let persona = format!("{}/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb", sandbox.url());
//! let rename = |token: &str| {
//!     ureq::put(&persona)
//!         .header("Authorization", format!("Bearer {token}"))
//!         .content_type("application/json")
//!         .send(r#"{"name": "Leaver"}"#)
//! };
//!
//! // A refused request changes nothing, and the test need not take the client's word for it.
//! assert!(rename("vijil-read-only-token").is_err());
//! sandbox.assert_unchanged();
//!
//! // The vendor's true state, field by field.
//! rename("vijil-short-lived-token")?;
//! let changes = sandbox.diff()?.to_string();
//! assert!(changes.contains(r#".name: "Insider With a Grudge" -> "Leaver""#), "{changes}");
//!
//! // Time is the test's: this token lives 24 hours.
//! sandbox.advance_clock("25h")?;
//! assert!(rename("vijil-short-lived-token").is_err());
//!
//! // Another test on the same server sees nothing of all this.
//! mock.sandbox("another_test").assert_unchanged();
//! # Ok(())
//! # }
//! ```
//!
//! [`mock`] tells the rest: servers elsewhere, snapshots, settings. The same verbs are subcommands of
//! the `persona-mock` command and pages under `/_mock`.
//!
//! # Features
//!
//! A test takes what it needs, such as
//! `persona-mock = { …, default-features = false, features = ["server"] }`.
//!
//! - `server`: a server in this process, by [`Builder::start`](mock::Builder::start) and
//!   [`start_blocking`](mock::Builder::start_blocking).
//! - `client`: a server elsewhere, by [`RemoteMock`]; and [`Sandbox::follow`](mock::Sandbox::follow).
//! - `watch`: fixture files that are loaded again when they change, by [`Builder::watch`](mock::Builder::watch).
//! - `cli`, the default: the command `persona-mock`, and with it the other three.
//!
//! Without any of them a mock is called in this process, without a socket: [`Builder::build`](mock::Builder::build).
//!
//! # Modules
//!
//! A test needs [`mock`] alone, whose requests and answers are types of [`api`]. A vendor of your own implements
//! [`provider::Provider`]; [`providers::registry`] are those of this crate, and
//! [`Builder::registry`](mock::Builder::registry) takes any of both. All else is the inside of the mock, which the
//! repository's `ARCHITECTURE.md` describes.

#![cfg_attr(
    not(feature = "cli"),
    expect(dead_code, unused_imports, reason = "some of it only the features that are left out use")
)]

pub mod api;
mod app;
#[cfg(feature = "cli")]
#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the command line is where files, processes and the environment are"
)]
mod cli;
mod contract;
mod control;
mod dialects;
mod evidence;
#[expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "files are read here, and watched by a thread")]
mod fixtures;
#[doc(hidden)]
pub mod internals;
mod json;
#[cfg_attr(
    feature = "server",
    expect(clippy::disallowed_types, reason = "the handle runs a server on a thread of its own")
)]
pub mod mock;
pub mod provider;
pub mod providers;
#[cfg_attr(feature = "server", expect(clippy::disallowed_types, reason = "sockets are here"))]
mod server;
mod world;

#[cfg(feature = "client")]
pub use mock::RemoteMock;
pub use mock::{Mock, PersonaMock};

/// The examples of the page on Rust, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/rust.md")]
struct RustPage;
