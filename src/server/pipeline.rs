//! The pipeline: the way of a request, in order. Each step is a file of [`middleware`](crate::server::middleware).
//!
//! It takes a plain request and gives a plain answer: the listener makes the one of what comes on a socket and the
//! other into what goes out on it, and a test may call it without either.
//!
//! 1. `trace` starts first, so that its line counts everything.
//! 2. `address` takes the path apart and decodes it. `cors` answers a preflight before anything else
//!    is looked at; only the control API, which is closed to foreign pages, asks `control::admit` first.
//! 3. `address` reads which sandbox is named, or else `carried` along, and finds the provider: all that follows is in its
//!    words.
//! 4. `body` is read to its end, within bounds. What the control API then has to do is done [aside](crate::server::aside),
//!    unless it is light.
//! 5. `limits` counts the caller, before anything is done for him.
//! 6. `panics` asks the provider which operation is meant, then for its answer. `faults` stands between the
//!    two: it must know the operation, and may refuse it.
//! 7. The answer gets its date, our own `X-Mock-…` and, for a page, its CORS header fields.
//! 8. `journal` keeps the exchange, and the operation is counted.
//! 9. The answer says whether it is to be held back, to trickle or to be cut: last, because it strikes what has
//!    come about.
//!
//! A crash in any of these is caught by `panics` and ends no connection.
//!
//! It is a few functions and not a stack of middlewares: each boxed middleware costs an allocation a
//! request, and the order is read here at a glance.

use std::pin::pin;
use std::sync::Arc;

use ::http::Version;
use bytes::Bytes;
use jiff::Timestamp;

use crate::api::Problem;
use crate::app::AppState;
use crate::app::room::{self, Held, RETRY_AFTER_S};
use crate::app::sandbox::{Address, Found, Full};
use crate::control;
use crate::provider::path::{decoded, split_prefix};
use crate::provider::{
    AnyProvider, Base, HeaderValue, Headers, Name, Refusal, Request, Response, Routed, View, header,
};
use crate::server::aside::Aside;
use crate::server::message::{Answer, Line, Sent};
use crate::server::middleware::address::{self, Naming};
use crate::server::middleware::base::Start;
use crate::server::middleware::body::{Body, Unread, without_room};
use crate::server::middleware::coverage::{Counted, Made};
use crate::server::middleware::explain::Explained;
use crate::server::middleware::faults::{self, Asking};
use crate::server::middleware::finish::{finish, finish_at};
use crate::server::middleware::journal::{Opened, Received};
use crate::server::middleware::steering::Steering;
use crate::server::middleware::{carried, cors, limits, panics, trace};
use crate::server::provided::{Asked, Turns};
use crate::world::fault::Verdict;
use crate::world::journal::{Secrets, shown_method, shown_path};

/// Answers any request, whatever crashes on its way. The answer is not held back, and its line is not yet logged.
pub(crate) async fn answer<B: Body>(sent: &Sent, body: &mut B, app: &Arc<AppState>, aside: &impl Aside) -> Box<Answer> {
    let started = trace::start();
    let (answer, provider) = {
        let way = pin!(walk(sent, body, app, aside));
        panics::guarded_way(way).await.unwrap_or_else(|| (crashed(sent, app), None))
    };
    let mut answer = answer.begun(started, provider);
    answer.closes = body.is_left() || sent.asks_for_upgrade() || (answer.events.is_some() && !takes_chunks(sent));
    answer
}

/// Whether a body may come in chunks. HTTP/1.0 knows none, and actix writes none under an upgrade.
fn takes_chunks(sent: &Sent) -> bool {
    sent.version >= Version::HTTP_11 && !sent.headers.contains(&header::UPGRADE)
}

/// How large the body of a request to a path may be.
pub(super) fn max_body(path: &str, app: &AppState) -> usize {
    let (_, raw_path) = split_prefix(path);
    let path = decoded(raw_path);
    let is_control = app.default_sandbox().address(&path).is_none() && !control::is_nowhere(&path);
    if is_control { app.serving.max_control_body } else { app.serving.max_body }
}

/// The way of a request, and the provider at its end.
async fn walk<B: Body>(
    sent: &Sent,
    body: &mut B,
    app: &Arc<AppState>,
    aside: &impl Aside,
) -> (Box<Answer>, Option<Name>) {
    panics::probe("address");
    let (prefix, raw_path) = split_prefix(sent.target.path());
    let path = decoded(raw_path);
    let suffixed = address::take_suffix(&sent.headers, app.credential_headers());
    let headers = suffixed.as_ref().map_or(&sent.headers, |(_, headers)| headers);
    let names = suffixed.as_ref().map_or(&[][..], |(names, _)| names);
    let carried = carried::take(headers);
    let headers = carried.as_ref().map_or(headers, |carried| &carried.headers);
    let method = sent.method.as_str();
    let page = headers.get(&header::ORIGIN).filter(|origin| app.serving.cors.admits(origin));
    if page.is_some() && control::is_nowhere(&path) && cors::is_preflight(method, headers) {
        panics::probe("preflight");
        // A question before a call makes no sandbox: only the call could tell that it was new.
        return (finish(cors::preflight(headers), None, page), None);
    }
    // A cookie comes with whatever a browser asks: it steers nothing.
    let reads_cookie = || control::is_nowhere(&path) || app.default_sandbox().address(&path).is_some();
    let carried = || carried.as_ref().map_or(Ok(None), |carried| carried.name(reads_cookie()));
    let naming = Naming::of(prefix, headers, names, carried);
    let found = naming.as_ref().ok().and_then(Naming::name).map(|name| address::enter(app, name, headers));
    let sandbox = found.as_ref().map_or(app.sandboxes.default(), Found::sandbox);
    let address = sandbox.address(&path);
    let provider = address.as_ref().map(|address| address.slot.provider().descriptor().id.clone());
    let context = RequestContext { app, sent, headers, page, prefix, raw_path, path: &path };
    let response = match address {
        Some(address) => context.provided(address, naming, found, body, aside).await,
        None if control::is_nowhere(&path) => context.nowhere(naming, found, body).await,
        None => context.control(naming, found, body, aside).await,
    };
    (response, provider)
}

/// The answer to a request whose way crashed outside its provider: in its vendor's words where that can be had.
pub(super) fn crashed(sent: &Sent, app: &AppState) -> Box<Answer> {
    panics::guarded("log", || {
        let path = &*shown_path(sent.target.path());
        tracing::error!(method = shown_method(sent.method.as_str()), path, "a request crashed on its way");
    });
    let answer = || {
        let (_, raw_path) = split_prefix(sent.target.path());
        let path = decoded(raw_path);
        let headers = &sent.headers;
        let page = headers.get(&header::ORIGIN).filter(|origin| app.serving.cors.admits(origin));
        let Some(address) = app.default_sandbox().address(&path) else {
            let problem = Problem::new(500, control::CRASHED).response();
            if !control::is_nowhere(&path) {
                return finish(control::protect(problem, false), None, None);
            }
            return finish(problem, None, page);
        };
        let request = address.request(sent.method.as_str(), &path, headers);
        let request = Request { raw_path, query: sent.target.query(), ..request };
        let response = address.slot.provider().refuse(&Refusal::Crashed, &request, &address.slot.options());
        finish(response, None, page)
    };
    panics::guarded("crash", answer).unwrap_or_else(|| Response::new(500).into())
}

/// The request context: one request on its way, as its steps share it.
pub(super) struct RequestContext<'a> {
    pub(super) app: &'a Arc<AppState>,
    pub(super) sent: &'a Sent,
    /// The fields as the vendor sees them.
    pub(super) headers: &'a Headers,
    /// The origin of a page that may read what is no answer of the control API.
    pub(super) page: Option<&'a HeaderValue>,
    pub(super) prefix: Option<&'a str>,
    pub(super) raw_path: &'a str,
    pub(super) path: &'a str,
}

impl RequestContext<'_> {
    /// An answer under a provider's mount; nothing but the sandbox where that may take long and must not.
    pub(super) fn provider(
        &self,
        address: &Address,
        asked: Asked,
        read: &Result<Bytes, Unread>,
        turns: Turns,
    ) -> Result<Box<Answer>, Found> {
        let app = self.app;
        let method = self.sent.method.as_str();
        let origin = self.page;
        let mut exchange = self.open();
        exchange.provider = Some(address.slot.provider().descriptor().id.clone());
        panics::probe("body");
        exchange.exact_case = address.mount.exact_case;
        let host = self.host();
        let start = Start::find(app, self.headers, host, self.prefix);
        let host = Base::Host(app.serving.scheme(), host);
        let base = start.as_ref().map_or(host, |start| Base::Public(start.url()));
        let mount = &address.mount;
        let request = Request {
            method,
            raw_path: self.raw_path,
            path: self.path,
            mount: &mount.path,
            rest: self.path.get(mount.path.len()..).unwrap_or_default(),
            query: self.sent.target.query(),
            headers: self.headers,
            body: read.as_deref().unwrap_or_default(),
            base,
        };
        let settled = match asked {
            Asked::Named(naming, found) => self.settle(address, naming, found, &request),
            Asked::Settled(found) => Ok(found),
        };
        let found = match settled {
            Ok(found) => found,
            Err(error) => {
                let why = error.told(&self.secrets(request.body));
                return Ok(self.refused_without_sandbox(address, &request, &Refusal::BadRequest, &why));
            }
        };
        let no_room = |full: Full| {
            let Full { retry_after_s, .. } = full;
            self.refused_without_sandbox(address, &request, &Refusal::Unavailable { retry_after_s }, &full.to_string())
        };
        if let Err(full) = found.ask_to_stay() {
            return Ok(no_room(full));
        }
        let address = &*address.in_sandbox(found.sandbox());
        let (slot, provider) = (&*address.slot, address.slot.provider());
        let mut view = found.sandbox().view(slot);
        let explained = self.explained(&found, request.body);
        let (mut route, mut made) = (None, Made::default());
        let routed = match read {
            Ok(_) => panics::route(slot, &request, &view),
            Err(unread) => {
                // The operation that it would have meant.
                if let Routed::Operation(meant) = panics::route(slot, &request, &view) {
                    route = Some(meant.route());
                }
                made = Made::unread(unread);
                Routed::Refused(unread.refusal())
            }
        };
        let meant = if let Routed::Operation(meant) = &routed { Some(meant.operation()) } else { None };
        let writes = meant.is_some_and(|operation| !operation.is_read());
        let is_dear = meant.is_some_and(|operation| operation.is_dear);
        let turn = if turns == Turns::Short && writes { slot.short_turn() } else { None };
        view.is_short = turn.is_some();
        if turns == Turns::Short && (is_dear || writes != view.is_short) {
            drop((routed, view, turn, explained));
            return Err(found);
        }
        // Now that it is answered here, it counts.
        let limited = if read.is_ok() { limits::count(slot, &request, &view) } else { None };
        let routed = match limited {
            Some(limited) => {
                exchange.refused = Some(Refusal::RateLimited { retry_after_s: 0 }.name());
                if let Routed::Operation(meant) = &routed {
                    route = Some(meant.route());
                }
                made = Made { by_bound: true };
                Routed::Answered(limited)
            }
            None => routed,
        };
        let mut operation = None;
        let steering = Steering::of(self.headers);
        let without = |response| faults::without_operation(provider, &request, &view, steering, response);
        let (response, verdict) = match routed {
            Routed::Operation(meant) => {
                operation = Some(meant.operation().name.clone());
                route = Some(meant.route());
                let (sandbox, meant) = (&**found.sandbox(), &*meant);
                Asking { app, sandbox, address, request: &request, meant, view: &view, steering }.answer()
            }
            Routed::Refused(refusal) => {
                exchange.refused = Some(refusal.name());
                let response = self.refuse(provider, &refusal, &request, &explained, &view);
                let response = match read {
                    Err(unread) => unread.explained(response),
                    Ok(_) => response,
                };
                (without(response), None)
            }
            Routed::Answered(response) => (without(response), None),
        };
        drop(turn);
        let (response, waiting) = match self.hold(&response, view.wrote.get()) {
            Ok(waiting) => (response, waiting),
            Err(full) => {
                let refusal = Refusal::Unavailable { retry_after_s: RETRY_AFTER_S };
                exchange.refused = Some(refusal.name());
                (without_room(full, self.refuse(provider, &refusal, &request, &explained, &view)), None)
            }
        };
        if view.wrote.get() {
            found.sandbox().note_written();
        }
        if let Err(full) = found.keep() {
            return Ok(no_room(full));
        }
        let response = match &operation {
            Some(operation) if response.wrong_parts().iter().any(|part| part.at().starts_with("path.")) => {
                match explained.lost(self.prefix).at_other_end(operation) {
                    Some(hint) => response.hint(hint),
                    None => response,
                }
            }
            _ => response,
        };
        let response = match &start {
            Some(start) => start.keep(response),
            None => response,
        };
        let uncounted = route.and_then(|route| {
            let (sandbox, slot, view, verdict) = (&**found.sandbox(), &address.slot, &view, verdict.as_ref());
            let counted = Counted { app, sandbox, slot, view, route, made, verdict, steering };
            counted.count(&response, || self.whole(read.clone().unwrap_or_default(), &response))
        });
        if let Some(full) = view.full.get() {
            exchange.refused = Some(full.refusal().name());
        }
        exchange.operation = operation;
        exchange.note(&view);
        exchange.fault = verdict.as_ref().map(|verdict| Box::new(verdict.struck.clone()));
        exchange.canned = verdict.as_ref().is_some_and(Verdict::is_canned);
        let (response, told) = explained.hinted(provider, &view, &mut exchange, steering, response);
        if let Some(told) = &told {
            self.note(&found, &explained, &exchange, told);
        }
        let mut answer = finish_at(view.now, response, Some(&found), origin);
        (answer.waiting, answer.uncounted) = (waiting, uncounted);
        answer.line = Line { operation: exchange.operation.clone(), told, ..Line::default() };
        let answer = match &verdict {
            Some(verdict) => answer.struck_by(verdict),
            None => answer,
        };
        self.count(&provider.descriptor().id, route, &mut exchange, &answer);
        let answer = self.close(view.now, exchange, &found, &explained, answer);
        drop(explained);
        Ok(answer.held_by(found))
    }

    /// Holds the bytes of an answer for its client. One that tells of what is done already leaves in any case.
    fn hold(&self, response: &Response, is_done: bool) -> Result<Option<Held>, room::Full> {
        let (answers, bytes) = (&self.app.answers, response.bytes().len());
        if is_done { Ok(answers.hold_anyway(bytes)) } else { answers.hold(bytes) }
    }

    /// A refusal in the vendor's words. Where no operation was meant, a header field says what probably was:
    /// the vendor's body is never touched.
    fn refuse<'e>(
        &self,
        provider: &'e dyn AnyProvider,
        refusal: &Refusal,
        request: &Request<'_>,
        explained: &Explained<'e>,
        view: &View<'_>,
    ) -> Response {
        let mut response = provider.refuse(refusal, request, &view.options);
        let nearest = || explained.near(provider, &view.options);
        if let Some(hint) = explained.lost(self.prefix).hint_below_a_mount(refusal, provider, &view.options, nearest) {
            response = response.hint(hint);
        }
        response
    }

    pub(super) fn open(&self) -> Opened {
        Opened::start(self.app.journals.bounds().exchanges > 0 || self.app.record.is_on())
    }

    /// Keeps the exchange of an answer that was made at `now`, as it leaves.
    pub(super) fn close(
        &self,
        now: Timestamp,
        exchange: Opened,
        found: &Found,
        explained: &Explained<'_>,
        mut answer: Box<Answer>,
    ) -> Box<Answer> {
        if !exchange.is_kept() {
            return answer;
        }
        let is_listed = |text: &str| explained.lists(text);
        let received = (explained.received(), &is_listed as &dyn Fn(&str) -> bool);
        panics::guarded("journal", || exchange.close(now, found.sandbox(), &self.app.record, received, &mut answer));
        answer
    }

    /// What of the request no sentence repeats.
    pub(super) fn secrets(&self, body: &[u8]) -> Secrets<'static> {
        self.received(body).secrets()
    }

    /// This request as one that an answer is to be explained of.
    pub(super) fn explained<'b>(&'b self, found: &'b Found, body: &'b [u8]) -> Explained<'b> {
        Explained::new(self.app, found.sandbox(), self.received(body))
    }

    pub(super) fn received<'b>(&'b self, body: &'b [u8]) -> Received<'b> {
        let credentials = self.app.credential_headers();
        Received { sent: self.sent, raw_path: self.raw_path, body, credentials }
    }

    pub(super) fn default(&self) -> Found {
        self.app.sandboxes.enter_default()
    }

    pub(super) fn host(&self) -> &str {
        let host = self.headers.get(&header::HOST).and_then(|host| host.to_str().ok());
        host.or(self.sent.target.host()).unwrap_or("localhost")
    }
}

#[cfg(test)]
mod tests;
