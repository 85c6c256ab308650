//! The control API over HTTP.

use std::time::Duration;

use super::client::{ControlClient, ControlRequest, Told};
use super::error::MockError;

/// The largest answer that is read: the state of a large world.
const MAX_ANSWER: u64 = 1 << 30;
/// How long one exchange may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// What asks a server elsewhere.
#[derive(Debug, Clone)]
pub(super) struct Http(ureq::Agent);

type Answer = ureq::http::Response<ureq::Body>;

impl Http {
    pub(super) fn new() -> Self {
        Self(agent(Some(REQUEST_TIMEOUT)))
    }

    /// Sends a request.
    pub(super) fn text(
        &self,
        client: &ControlClient,
        sandbox: &str,
        request: &ControlRequest,
    ) -> Result<Told, MockError> {
        text(client, exchange(&self.0, client, sandbox, request)?)
    }

    /// Asks for a stream, which has no end that one could wait for; or the answer that is none.
    pub(super) fn follow(
        client: &ControlClient,
        sandbox: &str,
        request: &ControlRequest,
    ) -> Result<Result<ureq::BodyReader<'static>, Told>, MockError> {
        let answer = exchange(&agent(None), client, sandbox, request)?;
        match answer.status().as_u16() {
            200 => Ok(Ok(answer.into_body().into_reader())),
            _ => text(client, answer).map(Err),
        }
    }
}

fn unreachable(client: &ControlClient, error: &ureq::Error) -> MockError {
    MockError::Unreachable { url: client.url().to_owned(), reason: error.to_string() }
}

fn text(client: &ControlClient, mut answer: Answer) -> Result<Told, MockError> {
    let status = answer.status().as_u16();
    let field = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (etag, location) = (field("etag"), field("location"));
    let body = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_string();
    let body = body.map_err(|error| unreachable(client, &error))?;
    Ok(Told { status, body, etag, location })
}

fn exchange(
    agent: &ureq::Agent,
    client: &ControlClient,
    sandbox: &str,
    request: &ControlRequest,
) -> Result<Answer, MockError> {
    let query = request.raw_query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut head = ureq::http::Request::builder()
        .method(request.method)
        .uri(format!("{}{}{query}", client.url(), request.raw_path()))
        .header("X-Mock-Sandbox", sandbox);
    if let Some(token) = &client.token {
        head = head.header("Authorization", format!("Bearer {token}"));
    }
    if let Some(etag) = &request.if_match {
        head = head.header("If-Match", etag);
    }
    let body = request.body.clone().unwrap_or_default();
    if request.body.is_some() {
        head = head.header("Content-Type", "application/json");
    }
    let whole = head.body(body).map_err(|error| unreachable(client, &error.into()))?;
    agent.run(whole).map_err(|error| unreachable(client, &error))
}

fn agent(timeout: Option<Duration>) -> ureq::Agent {
    // A proxy that the environment names is for the world outside, where no mock is.
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
    config.timeout_connect(Some(REQUEST_TIMEOUT)).timeout_global(timeout).build().into()
}
