//! Faults: what the sandbox's rules, or the request itself, want to go wrong, and how it is done.
//!
//! The vendor does its work first and the fault strikes its answer, a refusal apart: what a client that
//! gave up finds does not hang on who was faster. Waiting holds neither a lock nor a worker.

use std::cell::Cell;
use std::sync::Arc;

use ::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use bytes::Bytes;

use crate::app::sandbox::Address;
use crate::app::{AppState, Sandbox};
use crate::contract::request::bounded;
use crate::provider::response::ERROR;
use crate::provider::{AnyProvider, HeaderName, HeaderValue, Meant, Refusal, Request, Response, View};
use crate::server::middleware::panics;
use crate::server::middleware::steering::Steering;
use crate::world::fault::{self, Act, Asked, CannedAnswer, Example, FaultAction, Garble, Parsed, RequestView, Verdict};

/// On a request: what it wants to go wrong. On an answer: the rules that struck.
pub(in crate::server) const FAULT: HeaderName = HeaderName::from_static("x-mock-fault");

const PREFER: HeaderName = HeaderName::from_static("prefer");

/// A request that means an operation.
#[derive(Clone, Copy)]
pub(in crate::server) struct Asking<'a> {
    pub(in crate::server) app: &'a AppState,
    pub(in crate::server) sandbox: &'a Sandbox,
    pub(in crate::server) address: &'a Address,
    pub(in crate::server) request: &'a Request<'a>,
    pub(in crate::server) meant: &'a dyn Meant,
    pub(in crate::server) view: &'a View<'a>,
    pub(in crate::server) steering: Steering,
}

/// The answer to a request that means no operation. It cannot have what it may want to go wrong.
pub(in crate::server) fn without_operation(
    provider: &dyn AnyProvider,
    request: &Request<'_>,
    view: &View<'_>,
    steering: Steering,
    response: Response,
) -> Response {
    let wrong = match wish(request, steering) {
        Ok(None) => return response,
        Ok(Some(_)) => format!(
            "the request wants a fault, but means no operation that could have it: it would be answered {}",
            response.status()
        ),
        Err(wrong) => wrong,
    };
    provider.refuse(&Refusal::BadRequest, request, &view.options).header(ERROR, wrong)
}

/// What the request wants to go wrong.
fn wish(request: &Request<'_>, steering: Steering) -> Result<Option<Asked>, String> {
    if !steering.asks {
        return Ok(None);
    }
    let mut asked = Asked::default();
    for value in request.headers.get_all(&PREFER) {
        let text = String::from_utf8_lossy(value.as_bytes());
        fault::read_prefer(&mut asked, &text).map_err(|error| error.to_string())?;
    }
    for value in request.headers.get_all(&FAULT) {
        let text = String::from_utf8_lossy(value.as_bytes());
        fault::read_fault(&mut asked, &text).map_err(|error| error.to_string())?;
    }
    Ok((asked != Asked::default()).then_some(asked))
}

impl Asking<'_> {
    /// The vendor's answer, and what is to be done to it on its way. A request that wants something to go
    /// wrong meets no rule.
    pub(in crate::server) fn answer(&self) -> (Response, Option<Verdict>) {
        match self.verdict() {
            Ok(None) => (self.handle(self.view), None),
            Ok(Some(verdict)) => (self.struck(&verdict), Some(verdict)),
            Err(wrong) => {
                let refused = self.provider().refuse(&Refusal::BadRequest, self.request, &self.view.options);
                (refused.header(ERROR, wrong), None)
            }
        }
    }

    fn provider(&self) -> &dyn AnyProvider {
        self.address.slot.provider()
    }

    fn handle(&self, view: &View<'_>) -> Response {
        panics::handle(&*self.address.slot, self.request, self.meant, view)
    }

    fn verdict(&self) -> Result<Option<Verdict>, String> {
        panics::probe("faults");
        if let Some(asked) = wish(self.request, self.steering)? {
            return self.granted(&asked).map(Some);
        }
        let faults = self.sandbox.faults();
        if !faults.is_armed() {
            return Ok(None);
        }
        let Request { method, path, query, body, .. } = *self.request;
        let seen = RequestView {
            provider: Some(&self.provider().descriptor().id),
            operation: &self.meant.operation().name,
            method,
            path,
            exact_case: self.address.mount.exact_case,
            header: &|name| self.request.header_text(name),
            query,
            body,
            parsed: Parsed::default(),
        };
        Ok(faults.strike(self.view.seed, &seen))
    }

    /// What a request wants for itself, if this operation can have it.
    fn granted(&self, asked: &Asked) -> Result<Verdict, String> {
        let operation = self.meant.operation();
        let canned = match asked.action {
            Some(action) if action.is_for_reads() && !operation.is_read() => {
                return Err(format!("only a read can be stale, and {} writes", operation.name));
            }
            Some(FaultAction::Refuse(refuse)) => {
                let refuser = self.app.refuser(self.provider(), &self.view.options);
                let refuser = refuser.map_err(|error| error.to_string())?;
                Some(Arc::new(refuser.canned(operation, refuse)?))
            }
            _ => None,
        };
        let act = asked.action.map(|action| Act { action, canned });
        Ok(Verdict { struck: fault::asked_for(asked), delay: asked.delay, act })
    }

    fn struck(&self, verdict: &Verdict) -> Response {
        let action = verdict.act.as_ref().map(|act| act.action);
        let canned = verdict.act.as_ref().and_then(|act| act.canned.as_ref());
        let mut response = match (action, canned) {
            (_, Some(canned)) => self.canned(canned),
            (Some(FaultAction::Stale), None) => {
                self.handle(&View { stale: true, wrote: Cell::new(false), full: Cell::new(None), ..self.view.clone() })
            }
            _ => self.handle(self.view),
        };
        let has_body = !response.bytes().is_empty() && self.request.method != "HEAD";
        match action {
            Some(FaultAction::Garble(garble)) if has_body => garbled(&mut response, garble),
            Some(action) if action.is_for_bodies() && !has_body => {
                response.push(ERROR, bounded(&verdict.struck.changed_nothing(), 0));
            }
            _ => {}
        }
        response.push(FAULT, &verdict.struck.rules);
        response
    }

    fn canned(&self, canned: &CannedAnswer) -> Response {
        let phrase = |refusal| self.provider().refuse(refusal, self.request, &self.view.options);
        match canned {
            CannedAnswer::Refusal { refusal, forced: None } => phrase(refusal),
            CannedAnswer::Refusal { refusal, forced: Some(status) } => phrase(refusal).with_status(*status).inferred(),
            CannedAnswer::Example(example) => shown(example, &phrase(&Refusal::BadRequest)),
        }
    }
}

/// The answer that an example makes. The vendor writes its media type here as it does elsewhere.
fn shown(example: &Example, elsewhere: &Response) -> Response {
    let mut response = Response::new(example.status);
    for (name, value) in &example.headers {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            response.push(name, value);
        }
    }
    if let Some((media, body)) = &example.body {
        let same = |value: &&HeaderValue| {
            let plain = value.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
            plain.trim_ascii().eq_ignore_ascii_case(media.as_bytes())
        };
        let written = elsewhere.headers().iter().find(|(name, _)| *name == CONTENT_TYPE).map(|(_, value)| value);
        response.push(CONTENT_TYPE, written.filter(same).map_or(media.as_bytes(), HeaderValue::as_bytes));
        response.set_bytes(body.clone());
    }
    if example.inferred { response.inferred() } else { response }
}

fn garbled(response: &mut Response, garble: Garble) {
    match garble {
        Garble::InvalidJson => {
            let body = response.bytes();
            // The start of an object or a list is never JSON; the start of `12` is.
            let start = match body.first() {
                Some(b'{' | b'[') => body.slice(..body.len().div_ceil(2).min(body.len() - 1).max(1)),
                _ => Bytes::from_static(b"{"),
            };
            response.set_bytes(start);
        }
        Garble::EmptyBody => response.set_bytes(Bytes::new()),
        // What a client had stored is then a page of the origin that the control API has: it may run nothing.
        Garble::WrongContentType => {
            response.replace(&CONTENT_TYPE, "text/html; charset=utf-8");
            response.push(CONTENT_SECURITY_POLICY, "sandbox");
        }
    }
}
