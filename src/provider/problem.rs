//! A problem of ours as an answer.

use crate::api::{PROBLEM_JSON, Problem};
use crate::provider::header::{ETAG, RETRY_AFTER};
use crate::provider::response::{ERROR, Response};

impl Problem {
    /// The answer that states it.
    #[must_use]
    pub fn response(&self) -> Response {
        let response = Response::new(self.status).json(PROBLEM_JSON, self);
        let response = match self.head.as_ref().and_then(|head| head.etag.as_deref()) {
            Some(etag) => response.header(ETAG, etag),
            None => response,
        };
        match self.head.as_ref().and_then(|head| head.retry_after_s) {
            Some(seconds) => response.header(RETRY_AFTER, seconds.to_string()).header(ERROR, &self.detail),
            None => response,
        }
    }
}
