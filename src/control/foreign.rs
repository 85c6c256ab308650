//! Answers in a form that others own.

use std::marker::PhantomData;

use bytes::Bytes;
#[cfg(test)]
use schemars::{Schema, SchemaGenerator, json_schema};
#[cfg(test)]
use serde_json::json;

use super::bounds::{self, Bounds};
#[cfg(test)]
use super::schemas::Content;
use super::verb::Output;
use crate::api::Problem;
use crate::provider::Response;

/// An answer in a form that others own.
pub(crate) struct Foreign<F> {
    body: Bytes,
    form: PhantomData<fn() -> F>,
}

/// A form of answers that others own.
pub(crate) trait Form {
    /// Its media type, as it is sent.
    const MEDIA: &'static str;

    /// What the document says of it.
    #[cfg(test)]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }

    /// Puts on an answer what it says beside its media type.
    fn head(answer: Response) -> Response {
        answer
    }
}

impl<F> Foreign<F> {
    pub(super) fn new(body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), form: PhantomData }
    }

    /// The body as text.
    pub(crate) fn into_text(self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl<F: Form> Output for Foreign<F> {
    fn respond(self, answer: Response, Bounds { most, .. }: Bounds<'_>) -> Result<Response, Problem> {
        if self.body.len() > most {
            return Err(bounds::too_large(most));
        }
        Ok(F::head(answer.body(F::MEDIA, self.body)))
    }

    #[cfg(test)]
    fn content(schemas: &mut SchemaGenerator) -> Option<Content> {
        let media = F::MEDIA.split(';').next().unwrap_or_default().to_owned();
        Some(Content { media, schema: json!(F::schema(schemas)) })
    }

    fn parse(body: &str) -> Result<Self, serde_json::Error> {
        Ok(Self::new(body.to_owned()))
    }
}
