//! Coverage: an answer of a provider's operation is counted as it leaves; one whose head never leaves shows no status.

use std::sync::Arc;

use ::http::Method;
use bytes::Bytes;

use crate::app::sandbox::Found;
use crate::app::{AppState, Sandbox};
use crate::evidence::{Column, Exchange, Ledger, Place, Share};
use crate::provider::response::ERROR;
use crate::provider::{Headers, Options, Refusal, Response, Slot, View};
use crate::server::message::{Answer, Told};
use crate::server::middleware::body::Unread;
use crate::server::middleware::explain::{Explained, field};
use crate::server::middleware::journal::Opened;
use crate::server::middleware::panics;
use crate::server::middleware::steering::Steering;
use crate::server::pipeline::RequestContext;
use crate::world::fault::Verdict;
use crate::world::journal::HeadHook;

/// The bytes of an answer that waits to be counted.
const LATE: usize = 128;

/// Who made an answer that no rule of the vendor did.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::server) struct Made {
    /// A bound of this server: a rate limit, the size of a body or the time that it takes, what is held for others.
    pub(in crate::server) by_bound: bool,
}

impl Made {
    /// Of a request whose body was not read.
    pub(in crate::server) fn unread(unread: &Unread) -> Self {
        let is_bound = |refusal: &Refusal| matches!(refusal, Refusal::TooLarge { .. } | Refusal::Timeout);
        Self {
            by_bound: match unread {
                Unread::Refused(refusal) => is_bound(refusal),
                Unread::NoRoom(_) | Unread::TooSlow(_) => true,
            },
        }
    }
}

/// What was asked and answered, as it was. Its bodies are shared.
pub(in crate::server) struct Whole {
    path: String,
    query: Option<String>,
    headers: Headers,
    request: Bytes,
    answer: Bytes,
}

impl RequestContext<'_> {
    /// What was asked and answered.
    pub(in crate::server) fn whole(&self, request: Bytes, response: &Response) -> Whole {
        // A HEAD is answered without the body that its GET would have.
        let answer = if self.sent.method == Method::HEAD { Bytes::new() } else { response.bytes().clone() };
        let (path, query) = (self.raw_path.to_owned(), self.sent.target.query().map(str::to_owned));
        Whole { path, query, headers: self.headers.clone(), request, answer }
    }

    /// Counts an answer of a provider that is made now, by the route of its operation.
    pub(in crate::server) fn count(
        &self,
        provider: &str,
        route: Option<usize>,
        exchange: &mut Opened,
        answer: &Answer,
    ) {
        let took = exchange.made() + answer.holds_back();
        let route = route.filter(|_| exchange.operation.is_some());
        self.app.counts.count(provider, route, answer.status(), Some(took));
    }

    /// Notes what is listed beside the cells: that no operation was meant, or what the vendor ignored.
    pub(in crate::server) fn note(&self, found: &Found, explained: &Explained<'_>, exchange: &Opened, told: &Told) {
        panics::guarded("coverage", || {
            let (run, ledger) = (&self.app.run, found.sandbox().coverage());
            match &exchange.operation {
                Some(operation) => {
                    told.ignored.iter().for_each(|at| run.ignored(ledger, &format!("{operation} {at}")));
                }
                None if exchange.is_near_miss() => {
                    run.near_miss(ledger, &explained.safe_line());
                }
                None => {}
            }
        });
    }
}

/// An answer of the operation that a route means.
#[derive(Clone, Copy)]
pub(in crate::server) struct Counted<'a> {
    pub(in crate::server) app: &'a Arc<AppState>,
    pub(in crate::server) sandbox: &'a Sandbox,
    pub(in crate::server) slot: &'a Arc<dyn Slot>,
    pub(in crate::server) view: &'a View<'a>,
    pub(in crate::server) route: usize,
    pub(in crate::server) made: Made,
    pub(in crate::server) verdict: Option<&'a Verdict>,
    pub(in crate::server) steering: Steering,
}

impl Counted<'_> {
    /// Counts it, or gives what counts it once it is known whether its head left, where a fault holds it back. `whole` gives
    /// what was asked and answered, where that is to be looked at.
    pub(in crate::server) fn count(&self, response: &Response, whole: impl FnOnce() -> Whole) -> Option<HeadHook> {
        let count = || {
            let (options, ledger, run) = (&self.view.options, self.sandbox.coverage(), &self.app.run);
            let column = self.column(response);
            self.verdict.iter().flat_map(|verdict| verdict.struck.first()).for_each(|rule| run.struck(ledger, rule));
            let exchange = || run.looks_at_exchanges().then(|| self.exchange(response, column, whole()));
            let place = Where { app: self.app, ledger, slot: self.slot, options };
            // Of an answer that is cut before its head, its client meets no status.
            let has_head = !self.verdict.is_some_and(Verdict::cuts_all);
            let answer = (self.route, has_head.then(|| response.status()));
            if !has_head || self.verdict.is_none_or(|verdict| verdict.delay.is_zero()) {
                place.count(answer, column, exchange);
                return None;
            }
            let exchange = exchange().and_then(|exchange| {
                let share = if exchange.is_bearable() { run.keep(exchange.weight()) } else { None };
                if share.is_none() {
                    run.not_looked_at(ledger);
                }
                Some((exchange, share?))
            });
            let (app, ledger, slot) = (self.app.clone(), ledger.clone(), self.slot.clone());
            let late = Late { app, ledger, slot, options: options.clone(), answer, column, exchange };
            let mut uncounted = Uncounted(Some(late));
            Some(HeadHook::new(move |head| uncounted.count(head)))
        };
        panics::guarded("coverage", count).flatten()
    }

    fn exchange(&self, response: &Response, column: Column, whole: Whole) -> Exchange {
        let Whole { path, query, headers, request, answer } = whole;
        // Of an answer that is cut its client reads no field.
        let answer = if self.verdict.is_some_and(Verdict::cuts) { Bytes::new() } else { answer };
        Exchange {
            ledger: self.sandbox.coverage().clone(),
            route: self.route,
            column,
            path,
            query,
            headers,
            request,
            status: response.status(),
            answer,
            refused: response.named_places().map(str::to_owned).collect(),
        }
    }

    fn column(&self, response: &Response) -> Column {
        let is_canned = self.verdict.is_some_and(|verdict| verdict.is_canned() || verdict.cuts());
        // A fault that no operation can have is refused in the vendor's words, and not by a rule of the vendor.
        let is_misread = || self.steering.asks && self.verdict.is_none() && field(response, &ERROR).is_some();
        match response.is_refusal() {
            _ if is_canned || self.made.by_bound || self.view.full.get().is_some() || is_misread() => Column::Injected,
            true => Column::Refused,
            false => Column::Exercised,
        }
    }
}

/// Where an answer is counted.
#[derive(Clone, Copy)]
struct Where<'a> {
    app: &'a Arc<AppState>,
    ledger: &'a Arc<Ledger>,
    slot: &'a Arc<dyn Slot>,
    options: &'a Arc<Options>,
}

impl Where<'_> {
    fn count(self, answer: (usize, Option<u16>), column: Column, exchange: impl FnOnce() -> Option<Exchange>) {
        let Self { app, ledger, slot, options } = self;
        let run = &app.run;
        match ledger.count(options, answer, column) {
            Ok(()) => {
                if let (Some(exchange), Some(place)) = (exchange(), ledger.place(options)) {
                    run.look_at(exchange, place);
                }
            }
            // The first answers under these options wait until their document is a table.
            Err(generation) => {
                let (app, slot) = (app.clone(), slot.clone());
                let (ledger, options) = (ledger.clone(), options.clone());
                let exchange = exchange().filter(|exchange| {
                    let is_bearable = exchange.is_bearable();
                    if !is_bearable {
                        run.not_looked_at(&ledger);
                    }
                    is_bearable
                });
                run.do_later(exchange.as_ref().map_or(LATE, Exchange::weight), move || {
                    let Some(table) = app.table(slot.provider(), &options) else { return };
                    let place = Place { table, generation };
                    ledger.count_late(&options, &place, answer, column);
                    exchange.iter().for_each(|exchange| exchange.fold(&place));
                });
            }
        }
    }
}

/// An answer that is counted once it is known whether its head left. The head of one that is given up on its way never does.
struct Uncounted(Option<Late>);

struct Late {
    app: Arc<AppState>,
    ledger: Arc<Ledger>,
    slot: Arc<dyn Slot>,
    options: Arc<Options>,
    answer: (usize, Option<u16>),
    column: Column,
    /// What is to be looked at, where that is wanted, and its share of what may wait.
    exchange: Option<(Exchange, Share)>,
}

impl Uncounted {
    /// Counts it, once.
    fn count(&mut self, head: bool) {
        let Some(late) = self.0.take() else { return };
        panics::guarded("coverage", || late.count(head));
    }
}

impl Drop for Uncounted {
    fn drop(&mut self) {
        self.count(false);
    }
}

impl Late {
    fn count(self, head: bool) {
        let Self { app, ledger, slot, options, answer: (route, status), column, exchange } = self;
        // Its client met no status: it went while a fault held the answer back, and nothing of that is the vendor's word.
        let column = if head { column } else { Column::Injected };
        let exchange = exchange.map(|(exchange, _)| {
            let answer = if head { exchange.answer.clone() } else { Bytes::new() };
            Exchange { column, answer, ..exchange }
        });
        let place = Where { app: &app, ledger: &ledger, slot: &slot, options: &options };
        place.count((route, status.filter(|_| head)), column, || exchange);
    }
}
