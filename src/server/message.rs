//! What goes into the pipeline and what comes out of it: plain values, which know nothing of how they travel.

use std::time::Duration;

use ::http::{Method, StatusCode, Uri, Version};
use bytes::Bytes;

use crate::control::EventStream;
use crate::provider::response::Response;
use crate::provider::{Headers, Name};
use crate::world::clock::Stopwatch;
use crate::world::fault::{FaultAction, Verdict};

/// A request as it was sent, without its body.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) method: Method,
    pub(crate) target: Uri,
    pub(crate) version: Version,
    pub(crate) headers: Headers,
}

/// An answer as it is to leave, and what is to happen to it on its way.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Status, header fields and body. Their framing is the wire's business.
    pub(crate) response: Response,
    /// Where it goes on without an end, what follows its head.
    pub(crate) events: Option<Box<EventStream>>,
    /// Whether its connection must close behind it.
    pub(crate) closes: bool,
    /// How long it is held back.
    pub(crate) delay: Duration,
    /// What a fault does to it while it is written; where it changes nothing on the wire, nothing comes of it.
    pub(crate) damage: Option<FaultAction>,
    /// The log's line, which is due once the answer has been held back.
    pub(in crate::server) line: Line,
}

/// What the log's line of a request is made of.
#[derive(Debug, Clone, Default)]
pub(in crate::server) struct Line {
    /// Since when the request is under way; nothing where nobody reads the line.
    pub(in crate::server) started: Option<Stopwatch>,
    /// The id of the provider that it went to.
    pub(in crate::server) provider: Option<Name>,
}

impl From<Response> for Answer {
    /// An answer that meets no fault.
    fn from(response: Response) -> Self {
        let response = match StatusCode::from_u16(response.status()) {
            Ok(_) => response,
            Err(_) => response.with_status(500),
        };
        let (delay, line) = (Duration::ZERO, Line::default());
        Self { response, events: None, closes: false, delay, damage: None, line }
    }
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.response.status()
    }

    /// The body that a client gets to see: a HEAD has none, and neither have these statuses.
    pub(crate) fn body_for(&self, method: &Method) -> Bytes {
        let is_bare = method == Method::HEAD || matches!(self.status(), 100..=199 | 204 | 304);
        if is_bare { Bytes::new() } else { self.response.bytes().clone() }
    }

    /// The answer as a verdict wants it to leave.
    pub(in crate::server) fn struck_by(mut self, verdict: &Verdict) -> Self {
        self.delay = verdict.delay;
        self.damage = verdict.act.as_ref().map(|act| act.action);
        self
    }
}
