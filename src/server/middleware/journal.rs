//! The journal: an exchange is opened when a request arrives and closed with what left the server.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use ::http::{Method, Version};
use bytes::Bytes;
use jiff::Timestamp;

use crate::app::Sandbox;
use crate::app::record::{Record, Recorded};
use crate::provider::{Refusal, View};
use crate::server::message::{Answer, Sent};
use crate::world::clock::Stopwatch;
use crate::world::fault::Struck;
use crate::world::history::Stamp;
use crate::world::journal::{Departure, Exchange, Listed, Message, Secrets, Text};
use crate::world::name::Name;

/// An exchange that is under way.
#[derive(Debug)]
pub(in crate::server) struct Opened {
    started: Stopwatch,
    /// Whether it will be kept.
    is_kept: bool,
    /// How long the answer took, once it is made.
    took: Option<Duration>,
    /// The provider whose mount took it.
    pub(in crate::server) provider: Option<Name>,
    /// Whether the letter case of the path counts.
    pub(in crate::server) exact_case: bool,
    /// The operation that is meant.
    pub(in crate::server) operation: Option<Name>,
    /// What the server refused.
    pub(in crate::server) refused: Option<&'static str>,
    /// Whether the state was written.
    pub(in crate::server) changed: bool,
    /// Which step of the sandbox's history it is.
    pub(in crate::server) step: Stamp,
    /// The fault that struck.
    pub(in crate::server) fault: Option<Box<Struck>>,
    /// Whether the fault made the answer, and not the vendor.
    pub(in crate::server) canned: bool,
    /// What was probably meant, as JSON.
    pub(in crate::server) hint: Option<Box<str>>,
}

/// The request of an exchange.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) struct Received<'a> {
    /// As it was sent.
    pub(in crate::server) sent: &'a Sent,
    /// The path without the sandbox's prefix.
    pub(in crate::server) raw_path: &'a str,
    pub(in crate::server) body: &'a [u8],
    /// The header fields in which a credential comes.
    pub(in crate::server) credentials: &'a [Name],
}

impl<'h> Received<'h> {
    /// What of it is secret.
    pub(in crate::server) fn secrets(self) -> Secrets<'static> {
        Secrets::of(&self.target(), self.fields(), self.body, self.credentials)
    }

    /// What stands before the path and names the sandbox.
    pub(in crate::server) fn prefix(self) -> &'h str {
        self.sent.target.path().strip_suffix(self.raw_path).unwrap_or_default()
    }

    /// The header fields.
    fn fields(self) -> impl Iterator<Item = (&'h str, &'h [u8])> + Clone {
        self.sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// The path without the sandbox's prefix, and the query. CONNECT has none, but a host, which is told without a user.
    pub(in crate::server) fn target(self) -> Cow<'h, str> {
        let uri = &self.sent.target;
        if self.raw_path.is_empty()
            && let Some(host) = uri.authority()
        {
            return Cow::Borrowed(host.as_str().rsplit('@').next().unwrap_or_default());
        }
        // Path and query lie side by side in what was sent, behind the sandbox's prefix.
        let prefix = uri.path().len().saturating_sub(self.raw_path.len());
        let sent = uri.path_and_query().and_then(|sent| sent.as_str().get(prefix..));
        match (sent.filter(|sent| sent.starts_with(self.raw_path)), uri.query()) {
            (Some(sent), _) => Cow::Borrowed(sent),
            (None, Some(query)) => Cow::Owned(format!("{}?{query}", self.raw_path)),
            (None, None) => Cow::Borrowed(self.raw_path),
        }
    }

    /// What was asked and what was answered, without secrets, with bodies cut at `cap`.
    fn with(
        self,
        answer: Message<'_, impl Iterator<Item = (&'h str, &'h [u8])>>,
        cap: usize,
        listed: Listed<'_>,
    ) -> Text {
        let request = Message { headers: self.fields(), body: self.body, clean: None };
        Text::write((self.sent.method.as_str(), &self.target()), request, answer, cap, self.credentials, Some(listed))
    }
}

impl Opened {
    /// Opens an exchange, which is kept or only measured.
    pub(in crate::server) fn start(is_kept: bool) -> Self {
        let started = Stopwatch::start();
        let (provider, operation, refused, fault) = (None, None, None, None);
        Self {
            started,
            is_kept,
            took: None,
            provider,
            exact_case: true,
            operation,
            refused,
            changed: false,
            step: Stamp::default(),
            fault,
            canned: false,
            hint: None,
        }
    }

    /// Notes what the request came to, which saw this of its sandbox.
    pub(in crate::server) fn note(&mut self, view: &View<'_>) {
        self.changed = view.wrote.get();
        self.step = view.step.get();
    }

    /// Whether no operation was meant: another path or another method was.
    pub(in crate::server) fn is_near_miss(&self) -> bool {
        let names = [Refusal::NoRoute.name(), Refusal::MethodNotAllowed { allow: Vec::new() }.name()];
        self.operation.is_none() && self.refused.is_some_and(|refused| names.contains(&refused))
    }

    /// Whether the exchange will be kept.
    pub(in crate::server) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// How long its answer took, which is made now.
    pub(in crate::server) fn made(&mut self) -> Duration {
        *self.took.insert(self.started.elapsed())
    }

    /// Closes the exchange with the answer as it leaves, made at `at`. `is_listed` says what the sandbox lists as a
    /// credential.
    pub(in crate::server) fn close(
        self,
        at: Timestamp,
        sandbox: &Arc<Sandbox>,
        record: &Record,
        (received, is_listed): (Received<'_>, &dyn Fn(&str) -> bool),
        answer: &mut Answer,
    ) {
        let started = self.started;
        let journal = sandbox.journal();
        // A HEAD is answered without the body that its GET would have.
        let said = if received.sent.method == Method::HEAD { Bytes::new() } else { answer.response.bytes().clone() };
        let said = answer.leaving(said);
        let fields = answer.response.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        // Of a body that is cut nothing is known.
        let clean = answer.response.clean().filter(|_| said.len() == answer.response.bytes().len());
        let response = Message { headers: fields, body: &said, clean };
        // What has a hint was refused or not read whole.
        let listed = Listed { is_listed, everywhere: self.hint.is_some() };
        let text = received.with(response, journal.body_cap(), listed);
        answer.departure = answer.leaves_later(said.len()).then(|| Arc::new(Departure::new(started)));
        let exchange = Arc::new(Exchange {
            at,
            seed: sandbox.seed(),
            took: self.took.unwrap_or_else(|| started.elapsed()),
            departure: answer.departure.clone(),
            provider: self.provider,
            exact_case: self.exact_case,
            operation: self.operation,
            refused: self.refused,
            status: answer.status(),
            refuses: answer.response.is_refusal(),
            changed: self.changed,
            step: self.step,
            fault: self.fault,
            canned: self.canned,
            hint: self.hint,
            prefixed: received.sent.target.path().len() != received.raw_path.len(),
            version: if received.sent.version == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" },
            text,
        });
        let number = journal.write(exchange.clone());
        if record.is_on() {
            record.put(Recorded { sandbox: sandbox.clone(), number, exchange });
        }
    }
}
