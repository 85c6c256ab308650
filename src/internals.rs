//! The inside of the mock, for the command and the tests of this repository. It is no part of the library's interface:
//! what stands here changes or goes with any version.

pub use crate::app::{AppState, Bounds, Cors, FixtureText, Guard, Serving, Setup, StreamBounds, WhenFull};
#[cfg(feature = "cli")]
pub use crate::cli::{Cli, EXIT_CODES, Limit, SetBy, limits, limits_table, parse, run};
pub use crate::contract::Document;
pub use crate::contract::document::SchemaId;
pub use crate::contract::validate::{Contract, Exchange, read_body};
pub use crate::control::{control_document, route_list};
pub use crate::dialects::json_net::Unzoned;
pub use crate::dialects::sql_datetime;
pub use crate::fixtures::FixtureDir;
#[cfg(feature = "watch")]
pub use crate::fixtures::{Seen, Watch};
pub use crate::provider::erased::AnyProvider;
#[cfg(feature = "server")]
pub use crate::server::Server;
pub use crate::world::clock::{Clock, Stopwatch};
pub use crate::world::history::HistoryBounds;
pub use crate::world::journal::JournalBounds;
pub use crate::world::weight::StateBounds;

pub use crate::world::schema::format::TextFormat;
pub use crate::world::schema::pattern::PATTERNS;
pub use crate::world::schema::{Checks, Formats};
