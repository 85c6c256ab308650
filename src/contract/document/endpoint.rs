//! What a document says of one method of one path.

use std::collections::BTreeMap;

use super::SchemaId;
use super::node::Spot;
use crate::provider::Provenance;

/// One method of one path.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// The path as the document spells it, parameters in braces.
    pub path: String,
    /// The method, in upper case.
    pub method: String,
    /// The names of the operations that it holds.
    pub operations: Vec<String>,
    /// How it is known.
    pub provenance: Provenance,
    /// Its parameters, those of its path and those in which a credential may come among them.
    pub parameters: Vec<Parameter>,
    /// The body that it takes.
    pub body: Option<Body>,
    /// Its answers by status.
    pub answers: BTreeMap<u16, Answer>,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it must be there. A vendor's schema may let one be absent that its text and its service ask for:
    /// `x-always` says so.
    pub required: bool,
    /// What each value must be: of a list the schema of its items.
    pub schema: Option<SchemaId>,
    /// Whether one value may be several with commas between.
    pub commas: bool,
    /// Whether it is an object, whose members stand in the names of parameters.
    pub is_object: bool,
    /// Whether it is there for a credential, and no parameter of the operation's own.
    pub is_credential: bool,
    /// How it is known, where the document says so of it alone.
    pub provenance: Option<Provenance>,
    /// The operations to which it belongs; all of the endpoint, where absent.
    pub operations: Option<Vec<String>>,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) struct Body {
    /// Whether it must be there.
    pub required: bool,
    /// Its media types.
    pub contents: Vec<Content>,
}

/// What a body may be.
#[derive(Debug)]
pub(crate) struct Content {
    /// The media type.
    pub media: String,
    /// What the body must be.
    pub schema: Option<SchemaId>,
    /// What the document shows of it.
    pub examples: Vec<Example>,
}

/// A body that the document shows; [`super::Document::example`] has it.
#[derive(Debug)]
pub(crate) struct Example {
    pub(super) at: Spot,
    /// The operations to which it belongs; all of the endpoint, where absent.
    pub operations: Option<Vec<String>>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    /// Whether its shape is no fact about the vendor: its `x-provenance` is `inferred` or `extension`.
    pub inferred: bool,
    /// How its shape is known, where the document says so of it alone.
    pub provenance: Option<Provenance>,
    /// The operations to which it belongs; all of the endpoint, where absent.
    pub operations: Option<Vec<String>>,
    /// The header fields that the document names.
    pub headers: Vec<Header>,
    /// Its media types; none where it has no body.
    pub contents: Vec<Content>,
}

/// A header field of an answer.
#[derive(Debug)]
pub(crate) struct Header {
    /// Its name, in lower case.
    pub name: String,
    /// The value that the document shows.
    pub example: Option<String>,
}

impl Endpoint {
    /// The parameters that stand somewhere.
    pub(crate) fn parameters_in(&self, place: Place) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.place == place)
    }

    /// The statuses that an operation of it answers, in order, each with its answer.
    pub(crate) fn answers_of<'a>(&'a self, operation: &'a str) -> impl Iterator<Item = (u16, &'a Answer)> {
        let all = self.answers.iter().map(|(status, answer)| (*status, answer));
        all.filter(move |(_, answer)| answer.belongs_to(operation))
    }
}

impl Body {
    /// What the document shows of it, of whatever media type.
    pub(crate) fn examples(&self) -> impl Iterator<Item = &Example> {
        self.contents.iter().flat_map(|content| &content.examples)
    }

    /// What a body of this media type may be; of another, what the document names first.
    #[must_use]
    pub(crate) fn content(&self, media: &str) -> Option<&Content> {
        let same = self.contents.iter().find(|content| content.is_of(media));
        same.or_else(|| self.contents.iter().find(|content| content.schema.is_some()))
    }
}

impl Content {
    /// Whether this is the media type, parameters apart.
    #[must_use]
    pub(crate) fn is_of(&self, media: &str) -> bool {
        self.media.eq_ignore_ascii_case(media) || plain(&self.media).eq_ignore_ascii_case(plain(media))
    }

    /// What the body must be, where it is JSON.
    #[must_use]
    pub(crate) fn json_schema(&self) -> Option<SchemaId> {
        self.schema.filter(|_| plain(&self.media).to_ascii_lowercase().ends_with("json"))
    }
}

impl Answer {
    /// What its body of this media type is.
    #[must_use]
    pub(crate) fn content(&self, media: &str) -> Option<&Content> {
        self.contents.iter().find(|content| content.is_of(media))
    }

    /// Whether an operation of the endpoint answers so: the answer, or its examples, may name those they belong to.
    #[must_use]
    pub(crate) fn belongs_to(&self, operation: &str) -> bool {
        let shown = |content: &Content| {
            content.examples.is_empty() || content.examples.iter().any(|example| example.belongs_to(operation))
        };
        belongs(self.operations.as_deref(), operation) && self.contents.iter().all(shown)
    }
}

impl Parameter {
    /// Whether an operation of the endpoint takes it.
    #[must_use]
    pub(crate) fn belongs_to(&self, operation: &str) -> bool {
        belongs(self.operations.as_deref(), operation)
    }
}

impl Example {
    /// Whether it shows an operation of the endpoint.
    #[must_use]
    pub(crate) fn belongs_to(&self, operation: &str) -> bool {
        belongs(self.operations.as_deref(), operation)
    }
}

fn belongs(operations: Option<&[String]>, operation: &str) -> bool {
    operations.is_none_or(|operations| operations.iter().any(|known| known == operation))
}

/// A media type without its parameters.
fn plain(media: &str) -> &str {
    media.split(';').next().unwrap_or_default().trim()
}
