//! One verb of the control API: method, path, what it does, its types and its handler, in one row.
//!
//! The router, the API's document, and the paths that the Rust handle and the command line ask for are made of
//! these rows. Each resource's file states its own; [`super::router::VERBS`] is all of them.

use std::borrow::Cow;

use schemars::JsonSchema;
#[cfg(test)]
use schemars::{SchemaGenerator, json_schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
#[cfg(test)]
use serde_json::{Value, json};

use super::ask::{Ask, Outcome};
#[cfg(test)]
use super::example;
use super::light::{self, Light};
pub(crate) use super::output::{NoContent, Output};
use super::parameter::{Parameter, is_name};
#[cfg(test)]
use super::schemas::{Content, RequestBody};
use super::scope::Scope;
use crate::api::Problem;
use crate::app::Sandbox;
use crate::provider::Response;
#[cfg(test)]
use crate::world::objects;

/// A verb that takes an `I` as its body and answers with an `O`.
pub(crate) struct Verb<I, O> {
    row: Row,
    handler: Handler<I, O>,
}

type Handler<I, O> = fn(&Ask<'_>, I) -> Result<O, Problem>;

/// What a verb is, its types and its handler apart.
#[derive(Debug)]
pub(super) struct Row {
    /// Its name: `verb_noun`.
    pub(super) id: &'static str,
    pub(super) method: &'static str,
    /// The path; each name in braces stands for one segment.
    pub(super) path: &'static str,
    /// What it does, in a sentence or two.
    pub(super) summary: &'static str,
    /// What its path, its query and its head may say.
    pub(super) parameters: &'static [Parameter],
    /// Whether its query may also say what an exchange must be, by the fields of a pattern.
    pub(super) filters: bool,
    /// The status of its answer.
    pub(super) status: u16,
    /// The statuses by which it may refuse, those apart by which any verb may, and those that hang on its scope.
    pub(super) refusals: &'static [u16],
    /// Whether it does the same whichever sandbox is named.
    pub(super) is_of_server: bool,
    /// What it has to do with that sandbox.
    pub(super) scope: Scope,
    /// Whether a body must be sent, although each of its members may be absent.
    pub(super) wants_body: bool,
    /// Whether it wants no token.
    pub(super) is_open: bool,
    /// When it is done in no time; never, where absent.
    pub(super) light: Option<Light>,
}

impl<I, O> Verb<I, O> {
    const fn new(
        method: &'static str,
        path: &'static str,
        id: &'static str,
        handler: Handler<I, O>,
        status: u16,
        scope: Scope,
    ) -> Self {
        let row = Row {
            id,
            method,
            path,
            summary: "",
            parameters: &[],
            filters: false,
            status,
            refusals: &[],
            is_of_server: false,
            scope,
            wants_body: false,
            is_open: false,
            light: None,
        };
        Self { row, handler }
    }

    pub(super) const fn get(path: &'static str, id: &'static str, handler: Handler<I, O>) -> Self {
        Self::new("GET", path, id, handler, 200, Scope::Look)
    }

    pub(super) const fn put(path: &'static str, id: &'static str, handler: Handler<I, O>) -> Self {
        Self::new("PUT", path, id, handler, 200, Scope::Change)
    }

    pub(super) const fn post(path: &'static str, id: &'static str, handler: Handler<I, O>) -> Self {
        Self::new("POST", path, id, handler, 200, Scope::Change)
    }

    pub(super) const fn patch(path: &'static str, id: &'static str, handler: Handler<I, O>) -> Self {
        Self::new("PATCH", path, id, handler, 200, Scope::Change)
    }

    pub(super) const fn delete(path: &'static str, id: &'static str, handler: Handler<I, O>) -> Self {
        Self::new("DELETE", path, id, handler, 204, Scope::Change)
    }

    /// Says what it does.
    pub(super) const fn about(mut self, summary: &'static str) -> Self {
        self.row.summary = summary;
        self
    }

    /// Says what its path and its query may say.
    pub(super) const fn takes(mut self, parameters: &'static [Parameter]) -> Self {
        self.row.parameters = parameters;
        self
    }

    /// Takes the fields of a pattern in its query.
    pub(super) const fn filters(mut self) -> Self {
        self.row.filters = true;
        self
    }

    /// Answers with this status and not with 200.
    pub(super) const fn answers(mut self, status: u16) -> Self {
        self.row.status = status;
        self
    }

    /// May refuse with these.
    pub(super) const fn refuses(mut self, statuses: &'static [u16]) -> Self {
        self.row.refusals = statuses;
        self
    }

    /// Does the same whichever sandbox is named.
    pub(super) const fn of_server(mut self) -> Self {
        self.row.is_of_server = true;
        self.of_any_sandbox()
    }

    /// Is answered for a sandbox that was lost as well.
    pub(super) const fn of_any_sandbox(mut self) -> Self {
        self.row.scope = Scope::Server;
        self
    }

    /// Looks at the sandbox, whatever its method is.
    pub(super) const fn only_looks(mut self) -> Self {
        self.row.scope = Scope::Look;
        self
    }

    /// Changes nothing that a new sandbox would lack.
    pub(super) const fn changes_nothing(mut self) -> Self {
        self.row.scope = Scope::Use;
        self
    }

    /// Wants a body, although each of its members may be absent.
    pub(super) const fn wants_body(mut self) -> Self {
        self.row.wants_body = true;
        self
    }

    /// Wants no token.
    pub(super) const fn open(mut self) -> Self {
        self.row.is_open = true;
        self
    }

    /// Is always done in no time, unless its body is large: it need not be done aside.
    pub(super) const fn light(self) -> Self {
        self.light_up_to(light::BODY)
    }

    /// Is done in no time with a body of so many bytes at most.
    pub(super) const fn light_up_to(mut self, body: usize) -> Self {
        self.row.light = Some(Light { body, sandbox: None });
        self
    }

    /// Is done in no time in such a sandbox.
    pub(super) const fn light_in(mut self, sandbox: fn(&Sandbox) -> bool) -> Self {
        self.row.light = Some(Light { body: light::BODY, sandbox: Some(sandbox) });
        self
    }

    pub(crate) fn method(&self) -> &'static str {
        self.row.method
    }

    /// Whether it does the same whichever sandbox is named.
    pub(crate) fn is_of_server(&self) -> bool {
        self.row.is_of_server
    }

    /// The segments of the path below `/_mock`, where `names` stand for those in braces, in order.
    pub(crate) fn segments<'a>(&self, names: &[&'a str]) -> Vec<Cow<'a, str>>
    where
        Self: 'a,
    {
        let mut names = names.iter();
        let below = self.row.path.strip_prefix("/_mock/").unwrap_or_default();
        let segment = |segment: &'static str| match is_name(segment) {
            true => Cow::Borrowed(names.next().copied().unwrap_or_default()),
            false => Cow::Borrowed(segment),
        };
        below.split('/').map(segment).collect()
    }
}

/// A verb, whatever its types are.
pub(super) trait AnyVerb: Sync {
    /// What it is.
    fn row(&self) -> &Row;

    /// Does it.
    fn answer(&self, ask: &Ask<'_>) -> Outcome;

    /// Whether it reads the body of a request.
    fn reads_body(&self) -> bool;

    /// The body that it takes, where it takes one.
    #[cfg(test)]
    fn body(&self, schemas: &mut SchemaGenerator) -> Option<RequestBody>;

    /// The name of the type by which it reads its body, and the type's schema, where it reads JSON of its own.
    #[cfg(test)]
    fn reads(&self) -> Option<(String, Value)>;

    /// The body that it answers with, where there is one.
    #[cfg(test)]
    fn content(&self, schemas: &mut SchemaGenerator) -> Option<Content>;
}

impl<I: Input, O: Output> AnyVerb for Verb<I, O> {
    fn row(&self) -> &Row {
        &self.row
    }

    fn answer(&self, ask: &Ask<'_>) -> Outcome {
        let answer = (self.handler)(ask, I::read(ask, self.row.id)?)?;
        answer.respond(Response::new(self.row.status), ask.bounds())
    }

    fn reads_body(&self) -> bool {
        I::READS
    }

    #[cfg(test)]
    fn body(&self, schemas: &mut SchemaGenerator) -> Option<RequestBody> {
        let wants_body = self.row.wants_body;
        I::body(schemas).map(|body| RequestBody { required: body.required || wants_body, ..body })
    }

    #[cfg(test)]
    fn reads(&self) -> Option<(String, Value)> {
        I::reads()
    }

    #[cfg(test)]
    fn content(&self, schemas: &mut SchemaGenerator) -> Option<Content> {
        O::content(schemas)
    }
}

/// What a verb takes as its body.
pub(super) trait Input: Sized {
    /// Whether anything of the request is read for it.
    const READS: bool = true;

    /// Reads it for the verb of this name.
    fn read(ask: &Ask<'_>, verb: &str) -> Result<Self, Problem>;

    /// What the document says of it.
    #[cfg(test)]
    fn body(schemas: &mut SchemaGenerator) -> Option<RequestBody>;

    /// The name of its type and its schema, where it is JSON of the verb's own.
    #[cfg(test)]
    fn reads() -> Option<(String, Value)> {
        None
    }
}

impl<T: DeserializeOwned + JsonSchema> Input for T {
    fn read(ask: &Ask<'_>, verb: &str) -> Result<Self, Problem> {
        ask.read(verb)
    }

    #[cfg(test)]
    fn body(schemas: &mut SchemaGenerator) -> Option<RequestBody> {
        let schema = json!(schemas.subschema_for::<T>());
        let required = objects::read::<T>(b"{}").is_err();
        let mut own = T::json_schema(&mut SchemaGenerator::default());
        let examples = own.get_mut("examples").and_then(Value::as_array_mut).map(std::mem::take);
        Some(RequestBody { schema, about: None, required, examples: examples.unwrap_or_default() })
    }

    #[cfg(test)]
    fn reads() -> Option<(String, Value)> {
        let schema = SchemaGenerator::default().into_root_schema_for::<T>().to_value();
        Some((T::schema_name().into_owned(), schema))
    }
}

/// No body: one that says anything is refused before.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct NoBody;

impl Input for NoBody {
    const READS: bool = false;

    fn read(_: &Ask<'_>, _: &str) -> Result<Self, Problem> {
        Ok(Self)
    }

    #[cfg(test)]
    fn body(_: &mut SchemaGenerator) -> Option<RequestBody> {
        None
    }
}

/// The text of a fixture, which its provider reads.
#[derive(Debug, Clone)]
pub(crate) struct FixtureBody(pub(super) String);

impl Input for FixtureBody {
    fn read(ask: &Ask<'_>, _: &str) -> Result<Self, Problem> {
        Ok(Self(String::from_utf8_lossy(ask.body).into_owned()))
    }

    #[cfg(test)]
    fn body(_: &mut SchemaGenerator) -> Option<RequestBody> {
        let schema = json!(json_schema!({"type": "object", "additionalProperties": true}));
        let (about, examples) = (Some("A fixture of this provider.".to_owned()), vec![example::FIXTURE.into()]);
        Some(RequestBody { schema, about, required: true, examples })
    }
}
