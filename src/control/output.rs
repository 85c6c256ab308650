//! What a verb of the control API answers with.

use schemars::JsonSchema;
#[cfg(test)]
use schemars::SchemaGenerator;
use serde::Serialize;
use serde::de::DeserializeOwned;
#[cfg(test)]
use serde_json::json;

use super::bounds::{self, Bounds};
#[cfg(test)]
use super::schemas::Content;
use crate::api::Problem;
use crate::provider::Response;

/// What a verb answers with.
pub(crate) trait Output: Sized {
    /// Puts it on an answer.
    ///
    /// # Errors
    ///
    /// It is too large, or no longer wanted.
    fn respond(self, answer: Response, bounds: Bounds<'_>) -> Result<Response, Problem>;

    /// What the document says of it.
    #[cfg(test)]
    fn content(schemas: &mut SchemaGenerator) -> Option<Content>;

    /// Reads it from an answer's body.
    ///
    /// # Errors
    ///
    /// The body is none.
    fn parse(body: &str) -> Result<Self, serde_json::Error>;
}

impl<T: Serialize + DeserializeOwned + JsonSchema> Output for T {
    fn respond(self, answer: Response, bounds: Bounds<'_>) -> Result<Response, Problem> {
        Ok(answer.body("application/json", bounds::json(&self, bounds)?))
    }

    #[cfg(test)]
    fn content(schemas: &mut SchemaGenerator) -> Option<Content> {
        Some(Content { media: "application/json".to_owned(), schema: json!(schemas.subschema_for::<T>()) })
    }

    fn parse(body: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }
}

/// Nothing but the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoContent;

impl Output for NoContent {
    fn respond(self, answer: Response, _: Bounds<'_>) -> Result<Response, Problem> {
        Ok(answer)
    }

    #[cfg(test)]
    fn content(_: &mut SchemaGenerator) -> Option<Content> {
        None
    }

    fn parse(_: &str) -> Result<Self, serde_json::Error> {
        Ok(Self)
    }
}
