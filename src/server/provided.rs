//! A request to a provider: one that may be dear to answer, or whose write would wait for one that may be long, is answered
//! on a thread that no other waits for.
//!
//! How dear it may be is known without a look at a record: by how large its body is, and the state. A list may walk all of
//! that, and show all of it.

use std::sync::Arc;

use ::http::Method;
use bytes::Bytes;

use crate::app::sandbox::{Address, Found};
use crate::app::{AppState, Sandbox};
use crate::provider::{HeaderValue, Headers, Refusal, Request};
use crate::server::aside::{Aside, NotDone};
use crate::server::message::{Answer, Sent};
use crate::server::middleware::address::{Naming, Unnamed};
use crate::server::middleware::body::Body;
use crate::server::pipeline::{RequestContext, crashed};

/// The largest body that a worker reads itself: a vendor's answer to a wrong one may be many times as large.
const LIGHT_BODY: usize = 32 << 10;

/// The largest state, in bytes, whose requests a worker answers itself: it writes out all of it in some milliseconds.
const LIGHT_STATE: u64 = 1 << 20;

/// The largest answer to a write that is never refused for what others have not read: as large as a usual state as a whole.
const ALWAYS_SHOWN: u64 = 256 << 10;

/// The shortest item of a batch is about so long: an id within an object.
const SHORTEST_ITEM: u64 = 45;

impl RequestContext<'_> {
    /// An answer under a provider's mount.
    pub(super) async fn provided<B: Body>(
        &self,
        address: Address,
        naming: Result<Naming, Unnamed>,
        found: Option<Found>,
        incoming: &mut B,
        aside: &impl Aside,
    ) -> Box<Answer> {
        let body = incoming.read(self.app.serving.max_body).await;
        let held = body.as_ref().map_or(0, Bytes::len);
        let sent = body.as_deref().unwrap_or_default();
        let size = self.size_of_state(&address, found.as_ref(), sent);
        let writes = !matches!(self.sent.method, Method::GET | Method::HEAD);
        // What may write much and show it asks for room first: what is done cannot be refused.
        let finds_no_room = writes && shows_much(size, sent) && self.app.answers.ask().is_err();
        let is_dear = finds_no_room || is_dear(size, sent);
        let mut asked = Asked::Named(naming, found);
        if !is_dear {
            match self.provider(&address, asked, &body, Turns::Short) {
                Ok(answer) => return answer,
                Err(found) => asked = Asked::Settled(found),
            }
        }
        let mut body = body;
        let full = if writes { self.app.answers.ask().err() } else { None };
        if let Some(full) = full {
            body = body.and(Err(full.into()));
        }
        let whose = asked.sandbox().unwrap_or(self.app.default_sandbox()).name().clone();
        let (owned, place) = (Owned::of(self), address.clone());
        let work = move || owned.context().provider(&place, asked, &body, Turns::Any);
        match aside.run_anyway(&whose, held, work).await {
            Ok(Ok(answer)) => answer,
            Err(NotDone::Busy { running, waiting }) => self.no_turn(&address, running, waiting),
            Ok(Err(_)) | Err(_) => crashed(self.sent, self.app),
        }
    }

    /// The refusal, in the vendor's words, of a request for which there is no thread and no room to wait for one.
    fn no_turn(&self, address: &Address, running: usize, waiting: usize) -> Box<Answer> {
        let why = format!(
            "the mock has no room for this request now: {running} large ones at work, {waiting} waiting; send it again in a \
             second"
        );
        let request = address.request(self.sent.method.as_str(), self.path, self.headers);
        self.refused_without_sandbox(address, &request, &Refusal::Unavailable { retry_after_s: 1 }, &why)
    }
}

impl RequestContext<'_> {
    /// How large the state is that a request is about.
    fn size_of_state(&self, address: &Address, found: Option<&Found>, body: &[u8]) -> u64 {
        let size = address.slot.size();
        // What only the vendor knows to name a sandbox by is looked for where one may be large.
        if found.is_some() || address.slot.account().held_by_all() <= LIGHT_STATE {
            return size;
        }
        let asked = address.request(self.sent.method.as_str(), self.path, self.headers);
        let asked = Request { raw_path: self.raw_path, query: self.sent.target.query(), body, ..asked };
        let provider = address.slot.provider();
        let name = provider.named_sandbox(&asked).and_then(|name| name.parse().ok());
        let slot_of = |sandbox: &Sandbox| sandbox.slot(&provider.descriptor().id).map(|slot| slot.size());
        name.and_then(|name| slot_of(self.app.sandboxes.visit(&name).sandbox())).unwrap_or(size)
    }
}

/// Whether it may take long to answer a request with this body, about a state of so many bytes.
fn is_dear(state: u64, body: &[u8]) -> bool {
    body.len() > LIGHT_BODY || shown(state, body) > LIGHT_STATE
}

/// Whether the answer to a write may be more than there is always room for.
fn shows_much(state: u64, body: &[u8]) -> bool {
    shown(state, body).saturating_add(body.len() as u64) > ALWAYS_SHOWN
}

/// How much of a state the answer may show. Each item of a batch may name the same record, and what comes of it is shown
/// each time.
fn shown(state: u64, body: &[u8]) -> u64 {
    let items = match body.trim_ascii_start() {
        [b'[', ..] => body.len() as u64 / SHORTEST_ITEM,
        _ => 0,
    };
    state.saturating_mul(items.max(1))
}

/// Whom a request to a provider is about.
pub(super) enum Asked {
    /// What its head names; its body may name more.
    Named(Result<Naming, Unnamed>, Option<Found>),
    /// The sandbox that was found.
    Settled(Found),
}

impl Asked {
    /// The sandbox, as far as it is known.
    pub(super) fn sandbox(&self) -> Option<&Sandbox> {
        match self {
            Self::Named(_, found) => found.as_ref().map(|found| &**found.sandbox()),
            Self::Settled(found) => Some(found.sandbox()),
        }
    }
}

/// How long a request may take, and for which turns to write it may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turns {
    /// It is short, and waits for none that is not.
    Short,
    /// Any.
    Any,
}

/// A request context that owns what another one borrows.
struct Owned {
    app: Arc<AppState>,
    sent: Sent,
    headers: Headers,
    page: Option<HeaderValue>,
    prefix: Option<String>,
    raw_path: String,
    path: String,
}

impl Owned {
    fn of(context: &RequestContext<'_>) -> Self {
        Self {
            app: context.app.clone(),
            sent: context.sent.clone(),
            headers: context.headers.clone(),
            page: context.page.cloned(),
            prefix: context.prefix.map(str::to_owned),
            raw_path: context.raw_path.to_owned(),
            path: context.path.to_owned(),
        }
    }

    fn context(&self) -> RequestContext<'_> {
        RequestContext {
            app: &self.app,
            sent: &self.sent,
            headers: &self.headers,
            page: self.page.as_ref(),
            prefix: self.prefix.as_deref(),
            raw_path: &self.raw_path,
            path: &self.path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_dear_by_its_body_its_state_or_both_together() {
        let batch = |bytes: usize| [&b" ["[..], &vec![b' '; bytes - 2]].concat();
        for (state, body, expected) in [
            (LIGHT_STATE, Vec::new(), false),
            (LIGHT_STATE + 1, Vec::new(), true),
            (0, vec![b'{'; LIGHT_BODY], false),
            (0, vec![b'{'; LIGHT_BODY + 1], true),
            (LIGHT_STATE / 2, batch(90), false),
            (LIGHT_STATE / 2 + 1, batch(89), false),
            (LIGHT_STATE / 2 + 1, batch(90), true),
            (LIGHT_STATE / 2 + 1, vec![b'{'; 1_000], false),
            (u64::MAX, batch(1_000), true),
        ] {
            assert_eq!(is_dear(state, &body), expected, "{state} {}", body.len());
        }
        for (state, body, expected) in [
            (262_000, vec![b'{'; 144], false),
            (262_000, vec![b'{'; 145], true),
            (131_027, batch(90), false),
            (131_028, batch(90), true),
        ] {
            assert_eq!(shows_much(state, &body), expected, "{state} {}", body.len());
        }
    }
}
