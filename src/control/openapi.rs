//! `/_mock/openapi/{provider}.json`: the document under the settings in force.

use crate::contract::document;
use crate::http::hall::Hall;
use crate::http::problem::Problem;
use crate::http::provider::Response;
use crate::world::sandbox::Sandbox;

/// `GET /_mock/openapi/{provider}.json`.
pub(super) fn show_document(hall: &Hall, sandbox: &Sandbox, provider: &str) -> Response {
    match document::served(hall, sandbox, provider) {
        Some(Ok(document)) => Response::new(200).json("application/json", &document),
        Some(Err(error)) => Problem::new(500, error.to_string()).response(),
        None => {
            let known: Vec<_> = hall.passports().map(|passport| passport.id).collect();
            let detail = format!("no provider `{provider}` is served; the providers are {}", known.join(", "));
            Problem::new(404, detail).response()
        }
    }
}
