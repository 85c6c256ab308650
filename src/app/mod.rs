//! The app state: which providers are served, under which settings, and what all requests share.

pub(crate) mod counts;
mod guard;
mod host;
mod latencies;
pub(crate) mod origin;
pub(crate) mod record;
mod reload;
pub(crate) mod renderings;
pub(crate) mod room;
pub(crate) mod sandbox;
mod setup;
pub(crate) mod sightings;
mod state;
pub(crate) mod subscribers;
mod token;

pub use guard::Guard;
pub(crate) use host::{Host, HostError};
pub(crate) use latencies::Latency;
pub use origin::Cors;
pub(crate) use sandbox::MOST_GONE;
pub(crate) use sandbox::Sandbox;
pub use sandbox::{Bounds, WhenFull};
pub use setup::{FixtureText, Serving, Setup, SetupError};
pub(crate) use setup::{chosen, settled};
pub use state::AppState;
pub use subscribers::StreamBounds;
pub(crate) use token::{Token, TokenError};
