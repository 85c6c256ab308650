//! A request to a mock of this process, and its answer, without a socket between them.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue, Method, Uri, Version};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::MockError;
use crate::app::AppState;
use crate::control::EventStream;
use crate::provider::Headers;
use crate::server::aside::Here;
use crate::server::message::{Answer, Sent};
use crate::server::middleware::address::SANDBOX;
use crate::server::middleware::body::Whole;
use crate::server::middleware::finish::next_event;
use crate::server::middleware::trace;
use crate::server::pipeline;
use crate::world::fault::{Cut, FaultAction, SlowBody};

/// A request for [`PersonaMock::call`](super::PersonaMock::call) and [`Sandbox::call`](super::Sandbox::call).
///
/// It is what a client would send: nothing is added to it but a `Content-Length`, where there is a body and its length
/// is not stated. One without a `Host` is taken as one to `localhost`. What no HTTP request can carry is an error of the
/// call.
///
/// ```
/// use persona_mock::mock::CallRequest;
/// use serde_json::json;
///
/// let list = CallRequest::get("/v1/personas?limit=2").header("Authorization", "Bearer vijil-owner-token");
/// let rename = CallRequest::put("/v1/personas/7").json(&json!({"name": "Leaver"}));
/// let odd = CallRequest::new("PROPFIND", "/v1/personas").body("<propfind/>");
/// # let _ = (list, rename, odd);
/// ```
#[derive(Debug, Clone)]
pub struct CallRequest {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Result<Bytes, String>,
}

impl CallRequest {
    /// A request of any method. The target is a path with its query, such as `/v1/personas?limit=2`, or a URL, of which
    /// scheme, host and port lead nowhere else.
    #[must_use]
    pub fn new(method: impl Into<String>, target: impl Into<String>) -> Self {
        Self { method: method.into(), target: target.into(), headers: Vec::new(), body: Ok(Bytes::new()) }
    }

    /// A GET.
    #[must_use]
    pub fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    /// A POST.
    #[must_use]
    pub fn post(target: impl Into<String>) -> Self {
        Self::new("POST", target)
    }

    /// A PUT.
    #[must_use]
    pub fn put(target: impl Into<String>) -> Self {
        Self::new("PUT", target)
    }

    /// A PATCH.
    #[must_use]
    pub fn patch(target: impl Into<String>) -> Self {
        Self::new("PATCH", target)
    }

    /// A DELETE.
    #[must_use]
    pub fn delete(target: impl Into<String>) -> Self {
        Self::new("DELETE", target)
    }

    /// Adds a header field beside those of its name.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.into(), value.as_ref().to_vec()));
        self
    }

    /// Sets the body, whose media type is another header field's business.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Ok(body.into());
        self
    }

    /// Sets a body of JSON, and its `Content-Type` unless there is one.
    #[must_use]
    pub fn json(mut self, value: &impl Serialize) -> Self {
        self.body = serde_json::to_vec(value).map(Bytes::from).map_err(|error| error.to_string());
        let is_stated = self.headers.iter().any(|(name, _)| CONTENT_TYPE.as_str().eq_ignore_ascii_case(name));
        if is_stated { self } else { self.header("content-type", "application/json") }
    }

    /// The request as it is read off a socket.
    fn read(self, sandbox: Option<&str>) -> Result<(Sent, Bytes), MockError> {
        let Self { method, target, headers: fields, body } = self;
        let wrong = |what, found: &str, expected: &str| {
            let reason = format!("found {found:?}, expected {expected}");
            MockError::Value { what, reason }
        };
        let sent_method = Method::from_bytes(method.as_bytes());
        let sent_method = sent_method.map_err(|_| wrong("method", &method, "a word such as GET"))?;
        let is_target = ["/", "http://", "https://"].iter().any(|start| target.starts_with(start)) || target == "*";
        let uri = Uri::try_from(&*target).ok().filter(|_| is_target);
        let uri = uri.ok_or_else(|| {
            wrong("target", &target, "a path such as /v1/personas?limit=2, what is no ASCII in it percent-encoded")
        })?;
        let body = body.map_err(|reason| MockError::Value { what: "body", reason })?;
        let mut headers = Headers::with_capacity(fields.len() + 2);
        for (name, value) in &fields {
            let field = HeaderName::from_bytes(name.as_bytes());
            let field = field.map_err(|_| wrong("header field", name, "a name such as X-Request-Id"))?;
            let value = HeaderValue::from_bytes(value).map_err(|_| {
                wrong("header field", &format!("{name}: {}", String::from_utf8_lossy(value)), "a value of one line")
            })?;
            headers.append(field, value);
        }
        if !body.is_empty() && !headers.contains(&CONTENT_LENGTH) && !headers.contains(&TRANSFER_ENCODING) {
            headers.append(CONTENT_LENGTH, body.len().into());
        }
        if let Some(name) = sandbox {
            let value = HeaderValue::from_str(name);
            let value = value.map_err(|_| wrong("sandbox", name, "a name such as t1"))?;
            headers.append(HeaderName::from_static(SANDBOX), value);
        }
        Ok((Sent { method: sent_method, target: uri, version: Version::HTTP_11, headers }, body))
    }
}

/// What a mock of this process answered to a [`CallRequest`].
///
/// Faults are reported and not carried out: the answer is whole, and [`delay`](Self::delay), [`cut`](Self::cut) and
/// [`slow_body`](Self::slow_body) say what would have become of it on a socket.
#[derive(Debug, Clone, PartialEq)]
pub struct CallResponse {
    status: u16,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    closes: bool,
    delay: Duration,
    damage: Option<FaultAction>,
}

impl CallResponse {
    fn of(answer: Box<Answer>, method: &Method, most: usize) -> Self {
        let body = match answer.events {
            Some(mut events) => there(&mut events, most),
            None => answer.body_for(method),
        };
        let (status, headers, _) = answer.response.into_parts();
        Self { status, headers, body, closes: answer.closes, delay: answer.delay, damage: answer.damage }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The header fields in order, names in lower case. Those by which HTTP frames a body, such as `Content-Length`, are
    /// not among them.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// The first header field of a name, in any letter case; bytes that are no UTF-8 are U+FFFD.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut fields = self.headers();
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| String::from_utf8_lossy(value))
    }

    /// The body. Of a stream of events it has those that are there already.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as text; bytes that are no UTF-8 are U+FFFD.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as a `T`.
    ///
    /// # Errors
    ///
    /// The body is no JSON of a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.body)
    }

    /// How long a fault would have held the answer back.
    #[must_use]
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// Where a fault would have cut the connection.
    #[must_use]
    pub fn cut(&self) -> Option<Cut> {
        match self.damage {
            Some(FaultAction::Cut(cut)) => Some(cut),
            _ => None,
        }
    }

    /// How slowly a fault would have let the body come.
    #[must_use]
    pub fn slow_body(&self) -> Option<SlowBody> {
        match self.damage {
            Some(FaultAction::SlowBody(slow)) => Some(slow),
            _ => None,
        }
    }

    /// Whether the server would have closed the connection behind the answer.
    #[must_use]
    pub fn closes_connection(&self) -> bool {
        self.closes
    }
}

/// Sends a request through the pipeline of an app state; `sandbox` is named by a header field.
pub(super) fn call(
    app: &Arc<AppState>,
    sandbox: Option<&str>,
    request: CallRequest,
) -> Result<CallResponse, MockError> {
    let (sent, body) = request.read(sandbox)?;
    let answer = pipeline::answer(&sent, &mut Whole::new(body), app, &Here).now_or_never();
    let waits = || {
        let request = format!("{} {}", sent.method, sent.target);
        MockError::Strange { request, reason: "it waits for something, though all of it is there".to_owned() }
    };
    let answer = answer.ok_or_else(waits)?;
    answer.hand_over(answer.body_for(&sent.method).len());
    trace::write(&sent, &answer);
    Ok(CallResponse::of(answer, &sent.method, app.journals.bounds().exchanges))
}

/// The pieces of a stream that are there already: its greeting, that it starts anew, how many are lost, and what a journal
/// of `most` exchanges can hold.
fn there(events: &mut EventStream, most: usize) -> Bytes {
    let mut text = Vec::new();
    events.stay_here();
    for _ in 0..=most.saturating_add(3) {
        match next_event(events).now_or_never().flatten() {
            Some(Ok(piece)) => text.extend_from_slice(&piece),
            _ => break,
        }
    }
    text.into()
}
