//! The client of a server's control API: a function call in this process, an HTTP exchange elsewhere.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::{self, CallRequest, CallResponse};
use super::error::MockError;
use super::events::Events;
use crate::api::Problem;
use crate::app::AppState;
use crate::control::{self, Ask, Output, Reply, Verb};
use crate::provider::Headers;
use crate::world::sandbox::SandboxName;

/// The largest answer that is read: the state of a large world.
const MAX_ANSWER: u64 = 1 << 30;
/// How long one exchange may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a path segment or a query value carries as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request to the control API.
#[derive(Debug, Clone)]
pub struct ControlRequest {
    method: &'static str,
    /// Below `/_mock`, decoded.
    segments: Vec<String>,
    query: Vec<(String, String)>,
    body: Option<String>,
}

impl ControlRequest {
    /// A request to the path below `/_mock` that these segments make.
    #[must_use]
    pub fn new(method: &'static str, segments: &[&str]) -> Self {
        let segments = segments.iter().map(|segment| (*segment).to_owned()).collect();
        Self { method, segments, query: Vec::new(), body: None }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body, which is JSON text.
    #[must_use]
    pub fn body(mut self, json: impl Into<String>) -> Self {
        self.body = Some(json.into());
        self
    }

    fn path(&self) -> String {
        self.segments.iter().fold("/_mock".to_owned(), |path, segment| path + "/" + segment)
    }

    fn raw_path(&self) -> String {
        let encode = |segment: &String| format!("/{}", utf8_percent_encode(segment, PLAIN));
        format!("/_mock{}", self.segments.iter().map(encode).collect::<String>())
    }

    fn raw_query(&self) -> Option<String> {
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
        Self { request: ControlRequest::new(verb.method(), &segments), types: PhantomData }
    }

    /// Adds a query parameter.
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.query(name, value);
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
pub struct ControlAnswer {
    /// What was asked, for messages.
    pub request: String,
    /// The body's text; empty where the server has nothing to say.
    pub body: String,
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

/// The way to one server. A clone leads to the same.
#[derive(Clone)]
pub struct ControlClient {
    url: Arc<str>,
    token: Option<Arc<str>>,
    end: End,
}

#[derive(Clone)]
enum End {
    Here(Arc<AppState>),
    There(ureq::Agent),
}

impl fmt::Debug for ControlClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("url", &self.url).finish_non_exhaustive()
    }
}

impl ControlClient {
    pub(super) fn here(url: &str, app: Arc<AppState>) -> Self {
        let token = app.guard().token.as_ref().map(|token| token.as_str().into());
        Self { url: url.into(), token, end: End::Here(app) }
    }

    pub(super) fn there(url: &str, token: Option<&str>) -> Self {
        Self { url: url.into(), token: token.map(Into::into), end: End::There(agent(Some(PATIENCE))) }
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
        let said = format!("{} {} (sandbox {sandbox})", request.method, request.path());
        let (status, body) = match &self.end {
            End::Here(app) => here(app, sandbox, request),
            End::There(agent) => self.text(self.exchange(agent, sandbox, request)?)?,
        };
        if (200..300).contains(&status) {
            Ok(ControlAnswer { request: said, body })
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
            End::There(_) => Err(MockError::Elsewhere { url: self.url.to_string() }),
        }
    }

    /// Asks for events, which come over HTTP from any server.
    pub(super) fn follow(&self, sandbox: &str, request: &ControlRequest) -> Result<Events, MockError> {
        let said = format!("{} {} (sandbox {sandbox})", request.method, request.path());
        if self.url.is_empty() {
            return Err(MockError::NoServer { request: said });
        }
        // A stream has no end that one could wait for.
        let answer = self.exchange(&agent(None), sandbox, request)?;
        if answer.status().as_u16() != 200 {
            let (status, body) = self.text(answer)?;
            return Err(refused(said, status, &body));
        }
        Ok(Events::new(answer.into_body().into_reader(), said))
    }

    fn unreachable(&self, error: &ureq::Error) -> MockError {
        MockError::Unreachable { url: self.url.to_string(), reason: error.to_string() }
    }

    fn text(&self, mut answer: Answer) -> Result<(u16, String), MockError> {
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_string();
        Ok((status, body.map_err(|error| self.unreachable(&error))?))
    }

    fn exchange(&self, agent: &ureq::Agent, sandbox: &str, request: &ControlRequest) -> Result<Answer, MockError> {
        let query = request.raw_query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut head = ureq::http::Request::builder()
            .method(request.method)
            .uri(format!("{}{}{query}", self.url, request.raw_path()))
            .header("X-Mock-Sandbox", sandbox);
        if let Some(token) = &self.token {
            head = head.header("Authorization", format!("Bearer {token}"));
        }
        let body = request.body.clone().unwrap_or_default();
        if request.body.is_some() {
            head = head.header("Content-Type", "application/json");
        }
        let whole = head.body(body).map_err(|error| self.unreachable(&error.into()))?;
        agent.run(whole).map_err(|error| self.unreachable(&error))
    }
}

type Answer = ureq::http::Response<ureq::Body>;

fn agent(patience: Option<Duration>) -> ureq::Agent {
    // A proxy that the environment names is for the world outside, where no mock is.
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
    config.timeout_connect(Some(PATIENCE)).timeout_global(patience).build().into()
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

fn here(app: &Arc<AppState>, sandbox: &str, request: &ControlRequest) -> (u16, String) {
    let name: SandboxName = match sandbox.parse() {
        Ok(name) => name,
        Err(error) => return text(&Problem::new(400, format!("{error}")).response()),
    };
    let found = app.sandboxes.find_or_make(&name);
    let (path, query) = (request.path(), request.raw_query());
    let ask = Ask {
        app,
        sandbox: &found.sandbox,
        method: request.method,
        path: &path,
        names: &[],
        query: query.as_deref(),
        headers: &Headers::new(),
        body: request.body.as_deref().unwrap_or_default().as_bytes(),
    };
    match control::answer(&ask) {
        Reply::Whole(response) => text(&response),
        Reply::Events(..) => text(&Problem::new(400, "events are followed over HTTP").response()),
    }
}

fn text(response: &crate::provider::Response) -> (u16, String) {
    (response.status(), String::from_utf8_lossy(response.bytes()).into_owned())
}
