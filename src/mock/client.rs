//! The client of a server's control API: a function call in this process, an HTTP exchange elsewhere.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::{self, CallRequest, CallResponse};
use super::error::MockError;
#[cfg(feature = "client")]
use super::events::Events;
#[cfg(feature = "client")]
use super::http::Http;
use crate::api::{EVERYWHERE, Problem};
use crate::app::AppState;
use crate::control::{self, Ask, Output, Reply, Verb};
use crate::provider::header::{ETAG, IF_MATCH, LOCATION};
use crate::provider::path::PREFIX;
use crate::provider::{HeaderName, HeaderValue, Headers};
use crate::world::cancel::Cancel;
use crate::world::sandbox::SandboxName;

/// What a path segment or a query value carries as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request to the control API.
#[derive(Debug, Clone)]
pub struct ControlRequest {
    pub(super) method: &'static str,
    /// Below `/_mock`, decoded.
    segments: Vec<String>,
    query: Vec<(String, String)>,
    /// Whether it is of the server, whichever sandbox is named.
    is_of_server: bool,
    /// The version that is meant, as `If-Match` states it.
    pub(super) if_match: Option<String>,
    pub(super) body: Option<String>,
}

impl ControlRequest {
    /// A request to the path below `/_mock` that these segments make.
    #[must_use]
    pub fn new(method: &'static str, segments: &[&str]) -> Self {
        let segments = segments.iter().map(|segment| (*segment).to_owned()).collect();
        Self { method, segments, query: Vec::new(), is_of_server: false, if_match: None, body: None }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// States the version that is meant, by the `ETag` of an answer: what is another by now is not changed.
    #[must_use]
    pub fn if_match(mut self, etag: impl Into<String>) -> Self {
        self.if_match = Some(etag.into());
        self
    }

    /// Sets the body, which is JSON text.
    #[must_use]
    pub fn body(mut self, json: impl Into<String>) -> Self {
        self.body = Some(json.into());
        self
    }

    /// What is asked, for messages.
    fn said(&self, sandbox: &str) -> String {
        let whose = match self.query.iter().any(|(name, value)| name == "sandbox" && value == EVERYWHERE) {
            _ if self.is_of_server => String::new(),
            true => " (all sandboxes)".to_owned(),
            false => format!(" (sandbox {sandbox})"),
        };
        format!("{} {}{whose}", self.method, self.path())
    }

    fn path(&self) -> String {
        self.segments.iter().fold("/_mock".to_owned(), |path, segment| path + "/" + segment)
    }

    pub(super) fn raw_path(&self) -> String {
        let encode = |segment: &String| format!("/{}", utf8_percent_encode(segment, PLAIN));
        format!("/_mock{}", self.segments.iter().map(encode).collect::<String>())
    }

    pub(super) fn raw_query(&self) -> Option<String> {
        let pair = |(name, value): &(String, String)| {
            format!("{}={}", utf8_percent_encode(name, PLAIN), utf8_percent_encode(value, PLAIN))
        };
        (!self.query.is_empty()).then(|| self.query.iter().map(pair).collect::<Vec<_>>().join("&"))
    }
}

/// A request for a verb that takes an `I` and answers with an `O`.
#[derive(Debug)]
pub(crate) struct Typed<I, O> {
    request: ControlRequest,
    types: PhantomData<fn(I) -> O>,
}

impl<I, O> Typed<I, O> {
    /// A request for a verb, where `names` stand for those that its path has in braces.
    pub(crate) fn new(verb: &Verb<I, O>, names: &[&str]) -> Self {
        let segments = verb.segments(names);
        let segments: Vec<_> = segments.iter().map(|segment| &**segment).collect();
        let request = ControlRequest::new(verb.method(), &segments);
        Self { request: ControlRequest { is_of_server: verb.is_of_server(), ..request }, types: PhantomData }
    }

    /// Adds a query parameter.
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.query(name, value);
        self
    }

    /// States the version that is meant, if one is.
    pub(crate) fn if_match(mut self, etag: Option<&str>) -> Self {
        self.request.if_match = etag.map(str::to_owned);
        self
    }

    /// Sets the body.
    pub(crate) fn with(self, body: &I) -> Result<Self, MockError>
    where
        I: Serialize,
    {
        self.with_json(body)
    }

    /// Sets the body to what the caller has in place of an `I`; the server says whether it is one.
    pub(crate) fn with_json(self, body: &impl Serialize) -> Result<Self, MockError> {
        let json = serde_json::to_string(body);
        let json = json.map_err(|error| MockError::Value { what: "body", reason: error.to_string() })?;
        Ok(self.with_text(json))
    }

    /// The same from text.
    pub(crate) fn with_text(mut self, json: impl Into<String>) -> Self {
        self.request = self.request.body(json);
        self
    }

    /// The request alone.
    pub(crate) fn into_request(self) -> ControlRequest {
        self.request
    }
}

/// What the control API answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ControlAnswer {
    /// What was asked, for messages.
    pub request: String,
    /// The body's text; empty where the server has nothing to say.
    pub body: String,
    /// The `ETag` of what was answered, where it has one.
    pub etag: Option<String>,
    /// The path of what was made, where something was.
    pub location: Option<String>,
}

impl ControlAnswer {
    /// What the verb that was asked for answers with.
    pub(crate) fn answer<O: Output>(&self) -> Result<O, MockError> {
        O::parse(&self.body)
            .map_err(|error| MockError::Strange { request: self.request.clone(), reason: error.to_string() })
    }

    /// The body as a `T`.
    ///
    /// # Errors
    ///
    /// [`MockError::Strange`], where it is none.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, MockError> {
        serde_json::from_str(&self.body)
            .map_err(|error| MockError::Strange { request: self.request.clone(), reason: error.to_string() })
    }
}

/// What asks the control API of one server. A clone asks the same.
#[derive(Clone)]
pub struct ControlClient {
    url: Arc<str>,
    pub(super) token: Option<Arc<str>>,
    end: End,
}

#[derive(Clone)]
enum End {
    Here(Arc<AppState>),
    #[cfg(feature = "client")]
    There(Http),
}

impl fmt::Debug for ControlClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ControlClient").field("url", &self.url).finish_non_exhaustive()
    }
}

impl ControlClient {
    pub(super) fn here(url: &str, app: Arc<AppState>) -> Self {
        let token = app.guard().token.as_ref().map(|token| token.as_str().into());
        Self { url: url.into(), token, end: End::Here(app) }
    }

    #[cfg(feature = "client")]
    pub(super) fn there(url: &str, token: Option<&str>) -> Self {
        Self { url: url.into(), token: token.map(Into::into), end: End::There(Http::new()) }
    }

    /// The server, where it is in this process.
    pub(super) fn app(&self) -> Option<&Arc<AppState>> {
        match &self.end {
            End::Here(app) => Some(app),
            #[cfg(feature = "client")]
            End::There(_) => None,
        }
    }

    /// The server's base URL, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Asks the control API something about a sandbox.
    ///
    /// # Errors
    ///
    /// [`MockError::Refused`] where the server refuses, [`MockError::Unreachable`] where none answers.
    pub fn ask(&self, sandbox: &str, request: &ControlRequest) -> Result<ControlAnswer, MockError> {
        let said = request.said(sandbox);
        let Told { status, body, etag, location } = match &self.end {
            End::Here(app) => here(app, sandbox, request),
            #[cfg(feature = "client")]
            End::There(http) => http.text(self, sandbox, request)?,
        };
        if (200..300).contains(&status) {
            Ok(ControlAnswer { request: said, body, etag, location })
        } else {
            Err(refused(said, status, &body))
        }
    }

    /// Asks for a verb.
    pub(crate) fn call<I, O: Output>(&self, sandbox: &str, request: Typed<I, O>) -> Result<O, MockError> {
        self.ask(sandbox, &request.into_request())?.answer()
    }

    /// Sends a request of a client, where the server is in this process.
    pub(super) fn send(&self, sandbox: Option<&str>, request: CallRequest) -> Result<CallResponse, MockError> {
        match &self.end {
            End::Here(app) => call::call(app, sandbox, request),
            #[cfg(feature = "client")]
            End::There(_) => Err(MockError::Elsewhere { url: self.url.to_string() }),
        }
    }

    /// Asks for events, which come over HTTP from any server.
    #[cfg(feature = "client")]
    pub(super) fn follow(&self, sandbox: &str, request: &ControlRequest) -> Result<Events, MockError> {
        let said = request.said(sandbox);
        if self.url.is_empty() {
            return Err(MockError::NoServer { request: said });
        }
        match Http::follow(self, sandbox, request)? {
            Ok(body) => Ok(Events::new(body, said)),
            Err(Told { status, body, .. }) => Err(refused(said, status, &body)),
        }
    }
}

fn refused(request: String, status: u16, body: &str) -> MockError {
    match serde_json::from_str::<Problem>(body) {
        Ok(problem) => MockError::Refused { request, problem: Box::new(problem) },
        Err(_) => {
            let reason = format!("status {status}, {}", body.chars().take(200).collect::<String>());
            MockError::Strange { request, reason }
        }
    }
}

/// An answer, as far as somebody looks at it.
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) etag: Option<String>,
    pub(super) location: Option<String>,
}

fn here(app: &Arc<AppState>, sandbox: &str, request: &ControlRequest) -> Told {
    let name: SandboxName = match sandbox.parse() {
        Ok(name) => name,
        Err(error) => return text(&Problem::new(400, format!("{error}")).response()),
    };
    let found = app.sandboxes.enter(&name);
    let (path, raw_path, query) = (request.path(), request.raw_path(), request.raw_query());
    let mut headers = Headers::new();
    if let Some(etag) = &request.if_match {
        match HeaderValue::from_str(etag) {
            Ok(etag) => headers.append(IF_MATCH, etag),
            Err(_) => return text(&Problem::new(400, NO_FIELD).response()),
        }
    }
    let ask = Ask {
        app,
        base: &format!("{PREFIX}{name}"),
        sandbox: found.sandbox(),
        method: request.method,
        path: &path,
        sent_path: &raw_path,
        names: &[],
        query: query.as_deref(),
        headers: &headers,
        body: request.body.as_deref().unwrap_or_default().as_bytes(),
        cancel: &Cancel::never(),
    };
    match control::answer_in(&found, &ask) {
        Reply::Whole(response) => text(&response),
        Reply::Events(..) => text(&Problem::new(400, "events are followed over HTTP").response()),
    }
}

/// What is said of an `If-Match` that no request can carry.
pub(super) const NO_FIELD: &str =
    "If-Match holds what no header field can; expected the ETag of an answer with its quotes";

fn text(response: &crate::provider::Response) -> Told {
    let field = |name: &HeaderName| {
        let found = response.headers().iter().find(|(known, _)| known == name);
        found.and_then(|(_, value)| value.to_str().ok()).map(str::to_owned)
    };
    let body = String::from_utf8_lossy(response.bytes()).into_owned();
    Told { status: response.status(), body, etag: field(&ETAG), location: field(&LOCATION) }
}
