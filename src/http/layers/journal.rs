//! The journal: an exchange is opened when a request arrives and closed with what left the building.

use std::borrow::Cow;

use ::http::{Method, Version};
use bytes::Bytes;
use jiff::Timestamp;

use crate::http::message::{Answer, Sent};
use crate::world::clock::Stopwatch;
use crate::world::journal::{Exchange, Message, Text};
use crate::world::sandbox::Sandbox;

/// An exchange that is under way.
#[derive(Debug)]
pub(in crate::http) struct Opened {
    started: Option<Stopwatch>,
    /// The provider whose mount took it.
    pub(in crate::http) provider: Option<&'static str>,
    /// Whether the letter case of the path counts.
    pub(in crate::http) exact_case: bool,
    /// The operation that is meant.
    pub(in crate::http) operation: Option<&'static str>,
    /// What the building refused.
    pub(in crate::http) refused: Option<&'static str>,
    /// Whether the state was written.
    pub(in crate::http) changed: bool,
    /// The fault that struck.
    pub(in crate::http) fault: Option<String>,
}

/// The request of an exchange.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Heard<'a> {
    /// As it was sent.
    pub(in crate::http) sent: &'a Sent,
    /// The path without the sandbox's prefix.
    pub(in crate::http) raw_path: &'a str,
    /// The body.
    pub(in crate::http) body: &'a [u8],
    /// The header fields in which a credential comes.
    pub(in crate::http) credentials: &'a [&'static str],
}

impl Opened {
    /// Opens an exchange; where no journal is kept, nothing is measured.
    pub(in crate::http) fn start(kept: bool) -> Self {
        let started = kept.then(Stopwatch::start);
        Self { started, provider: None, exact_case: true, operation: None, refused: None, changed: false, fault: None }
    }

    /// Whether the exchange will be kept.
    pub(in crate::http) fn is_kept(&self) -> bool {
        self.started.is_some()
    }

    /// Closes the exchange with the answer as it leaves, made at `at`.
    pub(in crate::http) fn close(self, at: Timestamp, sandbox: &Sandbox, heard: Heard<'_>, answer: &Answer) {
        let Some(started) = self.started else { return };
        let journal = sandbox.journal();
        let uri = &heard.sent.target;
        // Path and query lie side by side in what was sent, behind the sandbox's prefix.
        let prefix = uri.path().len().saturating_sub(heard.raw_path.len());
        let sent = uri.path_and_query().and_then(|sent| sent.as_str().get(prefix..));
        let target = match (sent.filter(|sent| sent.starts_with(heard.raw_path)), uri.query()) {
            (Some(sent), _) => Cow::Borrowed(sent),
            (None, Some(query)) => Cow::Owned(format!("{}?{query}", heard.raw_path)),
            (None, None) => Cow::Borrowed(heard.raw_path),
        };
        let fields = heard.sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let request = Message { headers: fields, body: heard.body };
        // A HEAD is answered without the body that its GET would have.
        let said = if heard.sent.method == Method::HEAD { &Bytes::new() } else { answer.response.bytes() };
        let fields = answer.response.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let response = Message { headers: fields, body: said };
        let line = (heard.sent.method.as_str(), &*target);
        let text = Text::write(line, request, response, journal.body_cap(), heard.credentials);
        journal.write(Exchange {
            at,
            seed: sandbox.seed(),
            took: started.elapsed(),
            provider: self.provider,
            exact_case: self.exact_case,
            operation: self.operation,
            refused: self.refused,
            status: answer.status(),
            changed: self.changed,
            fault: self.fault,
            prefixed: uri.path().len() != heard.raw_path.len(),
            version: if heard.sent.version == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" },
            text,
        });
    }
}
