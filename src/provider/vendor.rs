//! What a provider implements, and what the server tells it.
//!
//! A provider is a zero-sized type. The server asks it which operation a request means ([`Provider::route`], pure), and
//! calls the function that answers it ([`Route`]); whatever never reaches an operation it asks the provider to phrase
//! ([`Provider::refuse`]). A provider sees its own state alone.

use std::cell::Cell;
use std::convert::Infallible;
use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::request::Request;
use super::response::Response;
use crate::api::Provenance;
use crate::world::fixture::Loading;
use crate::world::ids::Seed;
use crate::world::limit::RateLimit;
use crate::world::options::{Options, Setting, TrackedOptions};
use crate::world::refusal::Refusal;
use crate::world::sandbox::View;
use crate::world::state::StateCell;

/// One vendor.
pub trait Provider: Sized + Send + Sync + 'static {
    /// What the vendor remembers: one immutable value whose clone is O(1).
    type State: Clone + PartialEq + Debug + Send + Sync + 'static;
    /// The fixture file's format, which is also the form of an exported state.
    type Fixture: Serialize + DeserializeOwned + JsonSchema + 'static;
    /// What the vendor says of its own business where an operation fails.
    type Error: IntoResponse + 'static;

    /// Who this is and what it serves.
    fn descriptor() -> &'static Descriptor;

    /// Every operation with the function that answers it, in the order of the vendor's document.
    fn routes() -> &'static [Route<Self::State, Self::Error>];

    /// Makes a state of a fixture; faults go to `loading`, and the state is then thrown away.
    fn load(fixture: Self::Fixture, loading: &mut Loading<'_>) -> Self::State;

    /// The fixture that loads to an equal state.
    fn export(state: &Self::State) -> Self::Fixture;

    /// Which operation a request means. Looks at the request alone.
    fn route<'r>(request: &Request<'r>, options: &Options) -> Routed<Matched<'r, Self::State, Self::Error>>;

    /// Phrases what never reached an operation.
    fn refuse(refusal: &Refusal, request: &Request<'_>, options: &Options) -> Response;

    /// A request that answers 200 on this state, for the list that the server prints when it is ready.
    fn sample(state: &Self::State, options: &Options) -> Option<Sample>;

    /// The header fields in which a credential of this vendor comes, in lower case. There, a credential
    /// that ends in `+sandbox.NAME` names a sandbox; the ending is gone before the vendor's rules see it.
    fn credential_headers() -> &'static [&'static str] {
        &["authorization"]
    }

    /// The sandbox that a request names in a way only the vendor knows: in the body of a login, in a
    /// token that was issued for such a login.
    fn named_sandbox(_request: &Request<'_>) -> Option<String> {
        None
    }

    /// How many requests the vendor's documents let a caller make, where they name a number.
    fn rate_limit() -> Option<RateLimit> {
        None
    }

    /// Changes the OpenAPI document where the settings in force change more than `x-when` can say. A document is
    /// made once for all options that agree in what this looks at.
    fn adapt_document(_document: &mut serde_json::Value, _options: &TrackedOptions<'_>) {}
}

/// Who a provider is and what it serves.
#[derive(Debug)]
pub struct Descriptor {
    /// The id in flags, paths and names of operations: `equals_money`.
    pub id: &'static str,
    /// The vendor's name: `Equals Money`.
    pub title: &'static str,
    /// Where it is served; the longest mount of all providers takes a request.
    pub mounts: &'static [Mount],
    /// The switches.
    pub settings: &'static [Setting],
    /// The embedded fixture's text.
    pub fixture: &'static str,
    /// The OpenAPI document's text, in JSON: `openapi.json`, made from the `openapi.yaml` beside it.
    pub document: &'static str,
}

/// A path at which a provider answers.
#[derive(Debug, Clone, Copy)]
pub struct Mount {
    /// Such as `/v1`; never ends in a slash.
    pub path: &'static str,
    /// Whether the letter case of the path counts.
    pub exact_case: bool,
    /// Whether every path below it belongs to the mount too; else it is this one path alone.
    pub with_paths_below: bool,
    /// The setting that must have this value for the mount to be there.
    pub when: Option<(&'static str, &'static str)>,
}

impl Mount {
    /// A path with all below it. It is always there, and its letter case counts.
    #[must_use]
    pub const fn at(path: &'static str) -> Self {
        Self { path, exact_case: true, with_paths_below: true, when: None }
    }

    /// One path and none below it, such as a page of health. It is always there, and its letter case counts.
    #[must_use]
    pub const fn only(path: &'static str) -> Self {
        Self { with_paths_below: false, ..Self::at(path) }
    }

    /// The same mount where letter case does not count.
    #[must_use]
    pub const fn in_any_case(self) -> Self {
        Self { exact_case: false, ..self }
    }

    /// The same mount, there only while a setting has this value.
    #[must_use]
    pub const fn when(self, key: &'static str, value: &'static str) -> Self {
        Self { when: Some((key, value)), ..self }
    }

    /// Whether a decoded path belongs to the mount.
    #[must_use]
    pub fn takes(&self, path: &str) -> bool {
        let Some((head, rest)) = path.as_bytes().split_at_checked(self.path.len()) else {
            return false;
        };
        let mount = self.path.as_bytes();
        let same = if self.exact_case { head == mount } else { head.eq_ignore_ascii_case(mount) };
        same && match rest.first() {
            None => true,
            Some(b'/') => self.with_paths_below,
            Some(_) => false,
        }
    }
}

/// One thing that a vendor's API does. One that the vendor takes by several methods stands once for each,
/// under the same name.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// `provider.verb_noun`.
    pub name: &'static str,
    /// The method.
    pub method: &'static str,
    /// The path with its mount, parameters in braces: `/api/personas/{PersonaID}`.
    pub path: &'static str,
    /// One line on what it does.
    pub summary: &'static str,
    /// How this is known.
    pub provenance: Provenance,
}

impl Operation {
    /// Whether it only reads.
    #[must_use]
    pub fn is_read(&self) -> bool {
        matches!(self.method, "GET" | "HEAD")
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

    /// The same row, and what is still done to each of its answers.
    #[must_use]
    pub const fn then(self, then: fn(&Call<'_, S>, Response) -> Response) -> Self {
        Self { then, ..self }
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
}

/// What cannot fail has no error to phrase.
impl IntoResponse for Infallible {
    fn into_response(self, _: &Request<'_>, _: &Options) -> Response {
        match self {}
    }
}

/// The row that a request means, with the path's parameters in order, decoded.
pub struct Matched<'r, S: 'static, E: 'static> {
    /// The row.
    pub route: &'static Route<S, E>,
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

/// A request that a new user can paste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The method.
    pub method: &'static str,
    /// The path and query.
    pub target: String,
    /// The header fields.
    pub headers: Vec<(&'static str, String)>,
    /// The JSON body.
    pub body: Option<String>,
}

/// A handler's whole view: one request for one operation in one sandbox, whose state is an `S`.
///
/// It names the state and not the provider, so that no module of a provider has to know the type that joins them.
pub struct Call<'a, S> {
    /// The request.
    pub request: Request<'a>,
    /// The operation that [`Provider::route`] named.
    pub operation: &'static Operation,
    /// The path's parameters in order, decoded.
    pub params: &'a [&'a str],
    /// The sandbox's now, read once a request.
    pub now: Timestamp,
    /// Where ids come from.
    pub seed: Seed,
    /// The provider's switches.
    pub options: &'a Options,
    cell: &'a StateCell,
    wrote: Option<&'a Cell<bool>>,
    state: PhantomData<fn() -> S>,
}

impl<'a, S: Clone + Send + Sync + 'static> Call<'a, S> {
    /// A call that sees `view` of a sandbox.
    pub(crate) fn new(
        request: Request<'a>,
        operation: &'static Operation,
        params: &'a [&'a str],
        view: &'a View<'a>,
    ) -> Self {
        Self {
            request,
            operation,
            params,
            now: view.now,
            seed: view.seed,
            options: &view.options,
            cell: view.state,
            wrote: Some(&view.wrote),
            state: PhantomData,
        }
    }

    /// A call on a cell, for a provider's own unit tests.
    #[cfg(test)]
    pub fn on_cell(
        request: Request<'a>,
        operation: &'static Operation,
        params: &'a [&'a str],
        now: Timestamp,
        options: &'a Options,
        cell: &'a StateCell,
    ) -> Self {
        Self { request, operation, params, now, seed: Seed(1), options, cell, wrote: None, state: PhantomData }
    }

    /// The state at this moment; later writes do not change what was taken.
    #[must_use]
    pub fn read(&self) -> Arc<S> {
        self.cell.read()
    }

    /// Changes the state, or leaves it as it was if `change` fails.
    ///
    /// # Errors
    ///
    /// What `change` returns.
    pub fn write<T, E>(&self, change: impl FnOnce(&mut S) -> Result<T, E>) -> Result<T, E> {
        let outcome = self.cell.write(change)?;
        if let Some(wrote) = self.wrote {
            wrote.set(true);
        }
        Ok(outcome)
    }

    /// The path's parameter of this number, or the empty text.
    #[must_use]
    pub fn param(&self, number: usize) -> &'a str {
        self.params.get(number).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mount: Mount, taken: &[&str], left: &[&str]) {
        for path in taken {
            assert!(mount.takes(path), "{mount:?} takes {path}");
        }
        for path in left {
            assert!(!mount.takes(path), "{mount:?} leaves {path}");
        }
    }

    #[test]
    fn a_mount_takes_its_path_and_those_below_up_to_a_segment_border() {
        check(Mount::at("/v1"), &["/v1", "/v1/", "/v1/personas"], &["", "/", "/v", "/v10", "/V1/x", "/x/v1"]);
        check(Mount::at("/api").in_any_case(), &["/API", "/Api/x"], &["/apis"]);
    }

    #[test]
    fn a_mount_of_one_path_takes_no_other() {
        let others = ["/teams", "/teams/", "/teams/healthz/", "/teams/healthz/x", "/teams/healthzz", "/Teams/healthz"];
        check(Mount::only("/teams/healthz"), &["/teams/healthz"], &others);
        check(Mount::only("/health").in_any_case(), &["/HEALTH"], &["/HEALTH/x"]);
    }
}
