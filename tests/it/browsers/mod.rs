//! Pages of other origins: what they may call and read, and what stays closed to them.

mod base_urls;
mod flags;
mod hosts;
mod pages;

use persona_mock::internals::{Guard, Setup};
use persona_mock::provider::register;

use super::support::toy::Toy;
use super::support::{Answer, Asked, TestServer, server};

/// An ordinary page, one without an origin (a sandboxed frame, a file), and one of an app.
const PAGES: [&str; 3] = ["http://app.test:3000", "null", "capacitor://localhost"];

fn toy(change: impl FnOnce(&mut Setup)) -> TestServer {
    let mut setup = server::setup();
    change(&mut setup);
    TestServer::with(&[register(Toy)], &setup)
}

fn with_token() -> Guard {
    Guard { token: Some("s3cret".parse().expect("a token")), ..server::guard() }
}

fn preflight(method: &str, target: &str, origin: &str) -> Asked {
    Asked::new("OPTIONS", target).header("Origin", origin).header("Access-Control-Request-Method", method)
}

fn has_cors(answer: &Answer) -> bool {
    answer.headers.iter().any(|(name, _)| name.to_ascii_lowercase().starts_with("access-control-"))
}
