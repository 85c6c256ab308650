//! What a provider implements, and what the server tells it.
//!
//! The server asks a provider which operation a request means ([`Provider::route`], pure), and
//! calls the function that answers it ([`Route`]); whatever never reaches an operation it asks the provider to phrase
//! ([`Provider::refuse`]). A provider sees its own state alone.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt::{self, Debug};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::call::Call;
use super::generate::Generators;
use super::mount::Mount;
use super::records::Records;
use super::request::Request;
use super::response::Response;
use super::sample::Sample;
use super::wrong_part::WrongPart;
use crate::api::{Provenance, ProviderCredentials};
use crate::world::fixture::{self, Loading};
use crate::world::limit::RateLimit;
use crate::world::name::Name;
use crate::world::options::{Options, Setting, TrackedOptions};
use crate::world::refusal::Refusal;

/// One vendor.
pub trait Provider: Sized + Send + Sync + 'static {
    /// What the vendor remembers: one immutable value whose clone is O(1).
    ///
    /// What requests write to it counts against no bound of state: how much of it is shared with the states before, only
    /// the mock's own tables know. Bound what your provider keeps, such as by a number of records.
    type State: Clone + PartialEq + Debug + Send + Sync + 'static;
    /// The fixture file's format, which is also the form of an exported state.
    type Fixture: Serialize + DeserializeOwned + JsonSchema + 'static;
    /// What the vendor says of its own business where an operation fails.
    type Error: IntoResponse + 'static;

    /// Who this is and what it serves. It is asked once.
    fn descriptor(&self) -> Descriptor;

    /// Every operation with the function that answers it, in the order of the vendor's document.
    fn routes(&self) -> &[Route<Self::State, Self::Error>];

    /// Makes a state of a fixture; faults go to `loading`, and the state is then thrown away.
    fn load(&self, fixture: Self::Fixture, loading: &mut Loading<'_>) -> Self::State;

    /// The fixture that loads to an equal state.
    fn export(&self, state: &Self::State) -> Self::Fixture;

    /// What makes further rows for its fixture.
    #[doc(hidden)]
    fn generators(&self, _embedded: &Self::Fixture) -> Generators {
        Generators::default()
    }

    /// The JSON Schema of the fixture file. The providers of this crate have it ready-made.
    #[doc(hidden)]
    fn fixture_schema() -> Value {
        fixture::made::<Self::Fixture>()
    }

    /// The lists of its fixture whose rows can be changed one by one.
    #[doc(hidden)]
    fn records(&self) -> &'static [Records<Self::State>] {
        &[]
    }

    /// Takes out of two states what both have, where that is known without looking at each record. It is for comparing them.
    #[doc(hidden)]
    fn drop_shared(&self, _one: &mut Self::State, _other: &mut Self::State) {}

    /// Which operation a request means. Looks at the request alone.
    fn route<'r>(&'r self, request: &Request<'r>, options: &Options) -> Routed<Matched<'r, Self::State, Self::Error>>;

    /// Phrases what never reached an operation.
    fn refuse(&self, refusal: &Refusal, request: &Request<'_>, options: &Options) -> Response;

    /// A request that answers 200 on this state, for the list that the server prints when it is ready.
    fn sample(&self, state: &Self::State, options: &Options) -> Option<Sample>;

    /// The credentials that a state lists, as of `now`, and what passes besides.
    fn credentials(&self, _state: &Self::State, _options: &Options, _now: Timestamp) -> ProviderCredentials {
        ProviderCredentials::default()
    }

    /// Whether a state lists a credential of this text.
    fn lists(&self, _state: &Self::State, _credential: &str) -> bool {
        false
    }

    /// The sandbox that a request names in a way only the vendor knows: in the body of a login, in a
    /// token that was issued for such a login.
    fn named_sandbox(&self, _request: &Request<'_>) -> Option<String> {
        None
    }

    /// Changes the OpenAPI document where the settings in force change more than `x-when` can say. A document is
    /// made once for all options that agree in what this looks at.
    fn adapt_document(&self, _document: &mut Value, _options: &TrackedOptions<'_>) {}
}

/// Who a provider is and what it serves.
#[derive(Debug)]
#[non_exhaustive]
pub struct Descriptor {
    /// The id in flags, paths and names of operations: `equals_money`.
    pub id: Name,
    /// The vendor's name: `Equals Money`.
    pub title: Name,
    /// Where it is served; the longest mount of all providers takes a request.
    pub mounts: Vec<Mount>,
    /// The switches.
    pub settings: Vec<Setting>,
    /// The header fields in which a credential of this vendor comes, in lower case. There, a credential
    /// that ends in `+sandbox.NAME` names a sandbox; the ending is gone before the vendor's rules see it.
    pub credentials: Vec<Name>,
    /// How many requests the vendor's documents let a caller make, where they name a number.
    pub rate_limit: Option<RateLimit>,
    /// The embedded fixture's text.
    pub fixture: Name,
    /// The OpenAPI document's text, in JSON: `openapi.json`, made from the `openapi.yaml` beside it.
    pub document: Name,
}

impl Descriptor {
    /// A provider with these texts and nothing else: no mount, no setting, no credential, no limit.
    #[must_use]
    pub fn new(
        id: impl Into<Name>,
        title: impl Into<Name>,
        fixture: impl Into<Name>,
        document: impl Into<Name>,
    ) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            mounts: Vec::new(),
            settings: Vec::new(),
            credentials: Vec::new(),
            rate_limit: None,
            fixture: fixture.into(),
            document: document.into(),
        }
    }

    /// The same provider, served at these mounts.
    #[must_use]
    pub fn with_mounts(self, mounts: impl IntoIterator<Item = Mount>) -> Self {
        Self { mounts: mounts.into_iter().collect(), ..self }
    }

    /// The same provider with these switches.
    #[must_use]
    pub fn with_settings(self, settings: impl IntoIterator<Item = Setting>) -> Self {
        Self { settings: settings.into_iter().collect(), ..self }
    }

    /// The same provider, whose credentials come in these header fields, in lower case.
    #[must_use]
    pub fn with_credentials<N: Into<Name>>(self, fields: impl IntoIterator<Item = N>) -> Self {
        Self { credentials: fields.into_iter().map(Into::into).collect(), ..self }
    }

    /// The same provider, whose documents name this limit.
    #[must_use]
    pub fn with_rate_limit(self, limit: RateLimit) -> Self {
        Self { rate_limit: Some(limit), ..self }
    }
}

/// One thing that a vendor's API does. One that the vendor takes by several methods stands once for each,
/// under the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// `provider.verb_noun`.
    pub name: Name,
    /// The method.
    pub method: Name,
    /// The path with its mount, parameters in braces: `/api/personas/{PersonaID}`.
    pub path: Name,
    /// One line on what it does.
    pub summary: Name,
    /// How this is known.
    pub provenance: Provenance,
    /// Whether its answer may take long whatever the size of its request, such as that of a batch: then no thread makes it
    /// that other requests wait for.
    pub is_dear: bool,
}

impl Operation {
    /// An operation of a static table.
    #[must_use]
    pub const fn new(
        name: &'static str,
        method: &'static str,
        path: &'static str,
        summary: &'static str,
        provenance: Provenance,
    ) -> Self {
        let [name, method, path, summary] =
            [Name::Borrowed(name), Name::Borrowed(method), Name::Borrowed(path), Name::Borrowed(summary)];
        Self { name, method, path, summary, provenance, is_dear: false }
    }

    /// The same, whose answer may take long whatever the size of its request.
    #[must_use]
    pub const fn dear(mut self) -> Self {
        self.is_dear = true;
        self
    }

    /// An operation that is read where the provider is, such as from a file.
    #[must_use]
    pub fn of(
        name: impl Into<Name>,
        method: impl Into<Name>,
        path: impl Into<Name>,
        summary: impl Into<Name>,
        provenance: Provenance,
    ) -> Self {
        let (name, method, path, summary) = (name.into(), method.into(), path.into(), summary.into());
        Self { name, method, path, summary, provenance, is_dear: false }
    }

    /// Whether it only reads.
    #[must_use]
    pub fn is_read(&self) -> bool {
        matches!(&*self.method, "GET" | "HEAD")
    }
}

/// One row of a provider's table: an operation, and the function that answers it.
pub struct Route<S, E> {
    /// The operation.
    pub operation: Operation,
    /// What answers it.
    pub answer: fn(&Call<'_, S>) -> Result<Response, E>,
    /// What is still done to each of its answers, an error's too.
    pub then: fn(&Call<'_, S>, Response) -> Response,
}

impl<S, E> Route<S, E> {
    /// A row whose answers leave as they were made.
    #[must_use]
    pub const fn new(operation: Operation, answer: fn(&Call<'_, S>) -> Result<Response, E>) -> Self {
        Self { operation, answer, then: |_, response| response }
    }

    /// A row with what is still done to each of its answers.
    #[must_use]
    pub const fn with(
        operation: Operation,
        answer: fn(&Call<'_, S>) -> Result<Response, E>,
        then: fn(&Call<'_, S>, Response) -> Response,
    ) -> Self {
        Self { operation, answer, then }
    }
}

impl<S, E> Debug for Route<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Route").field("operation", &self.operation).finish_non_exhaustive()
    }
}

/// An error of a vendor's that is the answer to a request.
pub trait IntoResponse {
    /// The answer.
    fn into_response(self, request: &Request<'_>, options: &Options) -> Response;

    /// What `X-Mock-Hint` says of it, in one sentence without a value that was sent; nothing where the vendor's document
    /// says what is wrong with the request.
    fn hint(&self, _request: &Request<'_>) -> Option<Cow<'static, str>> {
        None
    }

    /// The parts of the request whose form is refused, in the vendor's order: nothing where a rule of the vendor's business
    /// says no. The vendor's document may say more of them; where it does not, these are what `X-Mock-Hint` says.
    fn wrong(&self, _request: &Request<'_>) -> Vec<WrongPart> {
        Vec::new()
    }

    /// The answer with its hint.
    fn into_hinted(self, request: &Request<'_>, options: &Options) -> Response
    where
        Self: Sized,
    {
        let (hint, wrong) = (self.hint(request), self.wrong(request));
        let response = self.into_response(request, options).wrong(wrong);
        match hint {
            Some(hint) => response.hint(hint.as_ref()),
            None => response,
        }
    }
}

/// What cannot fail has no error to phrase.
impl IntoResponse for Infallible {
    fn into_response(self, _: &Request<'_>, _: &Options) -> Response {
        match self {}
    }
}

/// The row that a request means, with the path's parameters in order, decoded.
pub struct Matched<'r, S, E> {
    /// The row.
    pub route: &'r Route<S, E>,
    /// The path's parameters.
    pub params: Vec<&'r str>,
}

/// Which operation a request means.
#[derive(Debug)]
pub enum Routed<M> {
    /// This one.
    Operation(M),
    /// None: the vendor's refusal.
    Refused(Refusal),
    /// None, and the vendor's router itself answers, as with a redirect.
    Answered(Response),
}
