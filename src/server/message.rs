//! What goes into the pipeline and what comes out of it: plain values, which know nothing of how they travel.

use std::sync::Arc;
use std::time::Duration;

use ::http::{Method, StatusCode, Uri, Version};
use bytes::Bytes;

use crate::app::room::{AT_ONCE, Held};
use crate::app::sandbox::Found;
use crate::control::EventStream;
use crate::provider::response::Response;
use crate::provider::{Headers, Name, header};
use crate::world::clock::Stopwatch;
use crate::world::fault::{Cut, FaultAction, Verdict};
use crate::world::journal::{DeliveryState, Departure, HeadHook};

/// A request as it was sent, without its body.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) method: Method,
    pub(crate) target: Uri,
    pub(crate) version: Version,
    pub(crate) headers: Headers,
}

impl Sent {
    /// Whether a client asks for another protocol, as Java's HttpClient asks for h2c with every first request. It gets none,
    /// and its connection ends: actix would say `Connection: upgrade` beside a 200 and then close in silence.
    pub(in crate::server) fn asks_for_upgrade(&self) -> bool {
        let fields = self.headers.get_all(&header::CONNECTION).filter_map(|field| field.to_str().ok());
        let mut options = fields.flat_map(|field| field.split(',')).map(str::trim);
        options.any(|option| option.eq_ignore_ascii_case("upgrade"))
    }
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
    /// Who is told how it leaves, where it is held back, damaged or large, and its exchange is kept, its line is read or
    /// it is counted only then.
    pub(crate) departure: Option<Arc<Departure>>,
    /// The sandbox that it is of: it is used until the answer is written.
    pub(in crate::server) held: Option<Found>,
    /// What counts it once it is known whether its head left, where a fault holds it back.
    pub(in crate::server) uncounted: Option<HeadHook>,
    /// Its bytes, as long as they wait for its client.
    pub(in crate::server) waiting: Option<Held>,
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
    /// The operation that it means.
    pub(in crate::server) operation: Option<Name>,
    /// What is to be told of it.
    pub(in crate::server) told: Option<Told>,
}

/// What the log tells of a request that did not pass.
#[derive(Debug, Clone)]
pub(in crate::server) struct Told {
    /// One sentence.
    pub(in crate::server) message: String,
    /// Whether it is a client's mistake; else it keeps to the document, or was asked to go wrong.
    pub(in crate::server) is_mistake: bool,
    /// The path, where it has a secret of the request in it.
    pub(in crate::server) path: Option<String>,
    /// The method, where it is one.
    pub(in crate::server) method: Option<String>,
    /// The places of what the vendor ignored.
    pub(in crate::server) ignored: Vec<String>,
}

impl From<Response> for Box<Answer> {
    /// An answer that meets no fault. It is large, and handed on by many.
    fn from(response: Response) -> Self {
        let response = match StatusCode::from_u16(response.status()) {
            Ok(_) => response,
            Err(_) => response.with_status(500),
        };
        let (delay, line) = (Duration::ZERO, Line::default());
        Self::new(Answer {
            response,
            events: None,
            closes: false,
            delay,
            damage: None,
            departure: None,
            held: None,
            uncounted: None,
            waiting: None,
            line,
        })
    }
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.response.status()
    }

    /// The answer, in whose sandbox a request is under way until it is written.
    pub(in crate::server) fn held_by(mut self: Box<Self>, found: Found) -> Box<Self> {
        self.held = Some(found);
        self
    }

    /// The same, of which the log has this to tell.
    pub(in crate::server) fn telling(mut self: Box<Self>, told: Option<Told>) -> Box<Self> {
        self.line.told = told;
        self
    }

    /// The body that a client gets to see: a HEAD has none, and neither have these statuses.
    pub(crate) fn body_for(&self, method: &Method) -> Bytes {
        let is_bare = method == Method::HEAD || matches!(self.status(), 100..=199 | 204 | 304);
        if is_bare { Bytes::new() } else { self.response.bytes().clone() }
    }

    /// Whether it does not leave at once and whole, with so many bytes of its body: a fault strikes it, or its client may
    /// leave before it has all.
    pub(in crate::server) fn leaves_later(&self, body: usize) -> bool {
        let is_struck = matches!(self.damage, Some(FaultAction::Cut(_) | FaultAction::SlowBody(_)));
        is_struck || body > AT_ONCE || !self.delay.is_zero()
    }

    /// As much of a body as leaves.
    pub(in crate::server) fn leaving(&self, body: Bytes) -> Bytes {
        match self.damage {
            Some(FaultAction::Cut(cut)) => body.slice(..cut.leaves(body.len())),
            _ => body,
        }
    }

    /// The same with its line begun; one that leaves later is followed, if anybody reads that line.
    pub(in crate::server) fn begun(
        mut self: Box<Self>,
        started: Option<Stopwatch>,
        provider: Option<Name>,
    ) -> Box<Self> {
        let uncounted = self.uncounted.take();
        let is_followed = uncounted.is_some() || started.is_some();
        let later = is_followed && self.departure.is_none() && self.leaves_later(self.response.bytes().len());
        let departure = later.then(|| Arc::new(Departure::new(started.unwrap_or_else(Stopwatch::start))));
        self.departure = self.departure.or(departure);
        if let (Some(departure), Some(uncounted)) = (&self.departure, uncounted) {
            departure.tell_of_head(uncounted);
        }
        (self.line.started, self.line.provider) = (started, provider);
        self
    }

    /// Tells the exchange of an answer that is handed over without a wire how it would have left.
    pub(crate) fn hand_over(&self, body: usize) {
        let Some(departure) = &self.departure else { return };
        let (head, body, over, state) = match self.damage {
            Some(FaultAction::Cut(cut)) => {
                (cut != Cut::BeforeAnswer, cut.leaves(body), Duration::ZERO, DeliveryState::Cut)
            }
            Some(FaultAction::SlowBody(slow)) => (true, body, slow.over, DeliveryState::Left),
            _ => (true, body, Duration::ZERO, DeliveryState::Left),
        };
        departure.skip(self.delay, head, body, over, state);
    }

    /// How long a fault holds it back.
    pub(in crate::server) fn holds_back(&self) -> Duration {
        match self.damage {
            Some(FaultAction::SlowBody(slow)) => self.delay + slow.over,
            _ => self.delay,
        }
    }

    /// The answer as a verdict wants it to leave.
    pub(in crate::server) fn struck_by(mut self: Box<Self>, verdict: &Verdict) -> Box<Self> {
        self.delay = verdict.delay;
        self.damage = verdict.act.as_ref().map(|act| act.action);
        self
    }
}
