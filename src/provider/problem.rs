//! A problem of ours as an answer.

use crate::api::{PROBLEM_JSON, Problem};
use http::header::RETRY_AFTER;

use crate::provider::response::Response;
use crate::world::weight::RETRY_AFTER_S;

impl Problem {
    /// The answer that states it.
    #[must_use]
    pub fn response(&self) -> Response {
        let response = Response::new(self.status).json(PROBLEM_JSON, self);
        // What is full now has room once somebody made it.
        if self.status == 503 { response.header(RETRY_AFTER, RETRY_AFTER_S.to_string()) } else { response }
    }
}
