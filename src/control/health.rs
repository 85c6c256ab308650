//! `/_mock/health`.

use serde::Serialize;

use crate::http::hall::Hall;
use crate::http::provider::Response;

#[derive(Serialize)]
struct Health {
    ready: bool,
    version: &'static str,
    providers: Vec<&'static str>,
}

/// `GET /_mock/health`: the server answers once its fixtures are loaded, so an answer means ready.
pub(super) fn show_health(hall: &Hall) -> Response {
    let health = Health {
        ready: true,
        version: env!("CARGO_PKG_VERSION"),
        providers: hall.passports().map(|passport| passport.id).collect(),
    };
    Response::new(200).json("application/json", &health)
}
