//! A problem of ours as an answer.

use crate::api::{PROBLEM_JSON, Problem};
use crate::provider::response::Response;

impl Problem {
    /// The answer that states it.
    #[must_use]
    pub fn response(&self) -> Response {
        Response::new(self.status).json(PROBLEM_JSON, self)
    }
}
