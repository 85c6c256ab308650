//! The app state: which providers are served, under which settings, and what all requests share.

pub(crate) mod counts;
mod guard;
mod host;
pub mod origin;
mod reload;
pub(crate) mod sandbox;
mod setup;
mod state;
pub(crate) mod subscribers;
mod token;

pub use guard::Guard;
pub use host::{Host, HostError};
pub use origin::Cors;
pub use sandbox::{Bounds, Sandbox};
pub use setup::{FixtureText, Serving, Setup, SetupError};
pub use state::AppState;
pub use token::{Token, TokenError};
