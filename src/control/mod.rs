//! The mock's own pages: outside every provider's mount, in our own voice.

mod health;
mod openapi;
mod root;
mod routes;

use crate::http::hall::Hall;
use crate::http::problem::Problem;
use crate::http::provider::Response;
use crate::world::sandbox::Sandbox;

pub use routes::{RouteEntry, route_list};

/// Answers a request that no provider's mount takes.
pub(crate) fn answer(hall: &Hall, sandbox: &Sandbox, method: &str, path: &str) -> Response {
    let response = match path {
        "/" => root::show_mounts(hall, sandbox),
        "/_mock/health" => health::show_health(hall),
        "/_mock/routes" => routes::list_routes(hall, sandbox),
        _ => match path.strip_prefix("/_mock/openapi/").and_then(|name| name.strip_suffix(".json")) {
            Some(provider) => openapi::show_document(hall, sandbox, provider),
            None => return root::unknown_path(hall, sandbox, path),
        },
    };
    if matches!(method, "GET" | "HEAD") {
        return response;
    }
    let detail = format!("{path} takes GET, found {method}");
    Problem::new(405, detail).response().header(actix_web::http::header::ALLOW, "GET, HEAD")
}
