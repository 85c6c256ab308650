//! The way of a request, in order.
//!
//! 1. `trace` starts first, so that its line counts everything.
//! 2. `address` takes the path apart and decodes it. `cors` answers a preflight before anything else
//!    is looked at.
//! 3. `address` reads which sandbox is named and finds the provider: all that follows is in its words.
//! 4. `body` is read to its end, within bounds.
//! 5. `limits` counts the caller, before anything is done for him.
//! 6. `house` asks the provider which operation is meant, then for its answer, and turns a crash into
//!    an answer. `faults` stands between the two: it must know the operation, and may refuse it.
//! 7. The answer gets its date, our own `X-Mock-…` and, for a page, its CORS header fields.
//! 8. `journal` keeps the exchange, and the operation is counted.
//! 9. `faults` may hold it back, let it trickle or cut the line: last, because it strikes what has come
//!    about.
//!
//! It is a few functions and not a stack of middlewares: each boxed middleware costs an allocation a
//! request, and the order is read here at a glance.

use std::sync::Arc;

use actix_web::body::BodyStream;
use actix_web::http::{ConnectionType, Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;

use super::hall::{Address, Hall};
use super::layers::address::{self, Naming, Unnamed};
use super::layers::faults::{self, Meant};
use super::layers::journal::{Heard, Opened};
use super::layers::trace::Trace;
use super::layers::{body, cors, house, limits};
use super::problem::Problem;
use super::provider::{Base, Refusal, Request, Response, Routed};
use super::{HeaderMap, HeaderName, HeaderValue};
use crate::contract::nearest;
use crate::control::{self, Ask, EventStream, Reply};
use crate::world::clock::Clock;
use crate::world::sandbox::{Found, View};

const PROVENANCE: HeaderName = HeaderName::from_static("x-mock-provenance");
const SANDBOX: HeaderName = HeaderName::from_static(address::SANDBOX);
const SANDBOX_CREATED: HeaderName = HeaderName::from_static("x-mock-sandbox-created");
const HINT: HeaderName = HeaderName::from_static("x-mock-hint");
const ERROR: HeaderName = HeaderName::from_static("x-mock-error");

/// Answers any request.
pub(super) async fn answer(
    request: HttpRequest,
    mut payload: web::Payload,
    hall: web::Data<Arc<Hall>>,
) -> HttpResponse {
    let trace = Trace::start();
    let hall: &Arc<Hall> = &hall;
    let (prefix, raw_path) = address::split_prefix(request.uri().path());
    let path = address::decoded(raw_path);
    let suffixed = address::take_suffix(request.headers(), hall.credential_headers());
    let headers = suffixed.as_ref().map_or(request.headers(), |(_, headers)| headers);
    let names = suffixed.as_ref().map_or(&[][..], |(names, _)| names);
    let method = request.method().as_str();
    if hall.cors && cors::is_preflight(method, headers) && hall.address(&path, hall.sandboxes.default()).is_some() {
        // A question before a call makes no sandbox: only the call could tell that it was new.
        return finish(cors::preflight(headers), None, headers.get(header::ORIGIN));
    }
    let naming = named(prefix, headers, names);
    let found = naming.as_ref().ok().and_then(Naming::name).map(|name| hall.sandboxes.find_or_make(name));
    let sandbox = found.as_ref().map_or(hall.sandboxes.default(), |found| &found.sandbox);
    let address = hall.address(&path, sandbox);
    let visit = Visit { hall, request: &request, headers, prefix, raw_path, path: &path };
    let mut response = match address {
        Some(address) => visit.provider(address, naming, found, &mut payload).await,
        None => visit.control(naming, found, &mut payload).await,
    };
    if request.head().upgrade() {
        // Java's HttpClient asks for h2c with every first request. actix would say `Connection: upgrade`
        // beside a 200 and then close in silence.
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    let provider = address.and_then(|address| hall.providers.get(address.provider)).map_or("-", |p| p.passport().id);
    trace.end(method, request.uri().path(), provider, response.status().as_u16());
    response
}

/// The sandbox that the head of a request names.
fn named(prefix: Option<&str>, headers: &HeaderMap, credentials: &[String]) -> Result<Naming, Unnamed> {
    let mut naming = Naming::default();
    if let Some(name) = prefix {
        naming.add(name, "base URL")?;
    }
    for value in headers.get_all(address::SANDBOX) {
        naming.add(&String::from_utf8_lossy(value.as_bytes()), "header X-Mock-Sandbox")?;
    }
    for name in credentials {
        naming.add(name, "credential")?;
    }
    Ok(naming)
}

/// One request in the hall.
struct Visit<'a> {
    hall: &'a Arc<Hall>,
    request: &'a HttpRequest,
    /// The fields as the vendor sees them.
    headers: &'a HeaderMap,
    prefix: Option<&'a str>,
    raw_path: &'a str,
    path: &'a str,
}

impl Visit<'_> {
    /// An answer outside every provider's mount.
    async fn control(
        &self,
        naming: Result<Naming, Unnamed>,
        found: Option<Found>,
        payload: &mut web::Payload,
    ) -> HttpResponse {
        let found = found.unwrap_or_else(|| self.default());
        if let Err(error) = naming {
            return finish(Problem::new(400, error.to_string()).response(), None, None);
        }
        let ask = Ask {
            hall: self.hall,
            sandbox: &found.sandbox,
            method: self.request.method().as_str(),
            path: self.path,
            query: self.request.uri().query(),
            headers: self.headers,
            body: &[],
        };
        let origin = match control::admit(&ask) {
            Ok(origin) => origin,
            Err(problem) => return finish(problem.response(), Some(&found), None),
        };
        if cors::is_preflight(ask.method, self.headers) {
            return finish(cors::preflight(self.headers), Some(&found), origin);
        }
        let read = self.body(payload, control::MAX_BODY).await;
        let body = read.as_deref().unwrap_or_default();
        let reply = match &read {
            Ok(_) => control::answer(&Ask { body, ..ask }),
            Err(Refusal::TooLarge { limit }) => {
                Problem::new(413, format!("the body is larger than {limit} bytes")).response().into()
            }
            Err(Refusal::Timeout) => Problem::new(408, "the body did not arrive in time").response().into(),
            Err(_) => Problem::new(400, "the body could not be read to its end").response().into(),
        };
        let response = match reply {
            Reply::Whole(response) => response,
            Reply::Events(head, events) => return stream(finish(head, Some(&found), origin), events),
        };
        if !control::is_nowhere(self.path) {
            return finish(response, Some(&found), origin);
        }
        let mut exchange = self.open();
        exchange.refused = Some(Refusal::NoRoute.name());
        self.hall.counts.count_nowhere(response.status());
        self.close(exchange, &found, body, response, origin)
    }

    /// An answer under a provider's mount.
    async fn provider(
        &self,
        address: Address,
        naming: Result<Naming, Unnamed>,
        found: Option<Found>,
        payload: &mut web::Payload,
    ) -> HttpResponse {
        let hall = self.hall;
        let method = self.request.method().as_str();
        let origin = self.headers.get(header::ORIGIN).filter(|_| hall.cors);
        let mut exchange = self.open();
        exchange.provider = hall.providers.get(address.provider).map(|provider| provider.passport().id);
        let read = self.body(payload, hall.max_body).await;
        let start = self.start();
        let base = start.as_deref().map_or(Base::Host(self.host()), Base::Public);
        let request = Request {
            method,
            raw_path: self.raw_path,
            path: self.path,
            mount: address.mount,
            rest: self.path.get(address.mount.len()..).unwrap_or_default(),
            query: self.request.uri().query(),
            headers: self.headers,
            body: read.as_deref().unwrap_or_default(),
            base,
        };
        let found = match self.settle(address, naming, found, &request) {
            Ok(found) => found,
            Err(error) => {
                let options = hall.options(address.provider);
                let mut response = hall.refuse(address, &Refusal::BadRequest, &request, &options);
                response.push(ERROR, error.to_string());
                hall.counts.count(address.provider, None, response.status());
                return finish(response, None, origin);
            }
        };
        let Some(view) = found.sandbox.view(address.provider) else { return HttpResponse::NotFound().finish() };
        let routed = match &read {
            Ok(_) => match limits::count(hall, &found.sandbox, address, &request, &view) {
                Some(limited) => {
                    exchange.refused = Some(Refusal::RateLimited { retry_after_s: 0 }.name());
                    Routed::Answered(limited)
                }
                None => house::route(hall, address, &request, &view),
            },
            Err(refusal) => Routed::Refused(refusal.clone()),
        };
        let mut meant = None;
        let without = |response| faults::without_operation(hall, address, &request, &view, response);
        let (response, verdict) = match routed {
            Routed::Operation(operation, params) => {
                meant = Some(operation);
                let (sandbox, params) = (&*found.sandbox, &*params);
                Meant { hall, sandbox, address, request: &request, operation, params, view: &view }.answer()
            }
            Routed::Refused(refusal) => {
                exchange.refused = Some(refusal.name());
                (without(self.refuse(address, &refusal, &request, &view)), None)
            }
            Routed::Answered(response) => (without(response), None),
        };
        let response = match self.prefix {
            Some(name) => address::keep_prefix(response, name),
            None => response,
        };
        hall.counts.count(address.provider, meant, response.status());
        exchange.operation = meant.map(|operation| operation.name);
        exchange.changed = view.wrote.get();
        exchange.fault = verdict.as_ref().map(|verdict| verdict.rules.clone());
        let mut response = self.close(exchange, &found, request.body, response, origin);
        if read.is_err() {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        match verdict {
            Some(verdict) => faults::send(&verdict, response, self.request.conn_data()).await,
            None => response,
        }
    }

    /// The sandbox of a request that has arrived whole.
    fn settle(
        &self,
        address: Address,
        naming: Result<Naming, Unnamed>,
        found: Option<Found>,
        request: &Request<'_>,
    ) -> Result<Found, Unnamed> {
        let mut naming = naming?;
        let named = self.hall.providers.get(address.provider).and_then(|provider| provider.named_sandbox(request));
        if let Some(name) = named {
            naming.add(&name, "credential")?;
        }
        match (found, naming.name()) {
            (Some(found), _) => Ok(found),
            (None, Some(name)) => Ok(self.hall.sandboxes.find_or_make(name)),
            (None, None) if self.hall.require_sandbox => Err(Unnamed::Missing),
            (None, None) => Ok(self.default()),
        }
    }

    /// A refusal in the vendor's words. Where no operation was meant, a header field names the nearest:
    /// the vendor's body is never touched.
    fn refuse(&self, address: Address, refusal: &Refusal, request: &Request<'_>, view: &View<'_>) -> Response {
        let mut response = self.hall.refuse(address, refusal, request, &view.options);
        if matches!(refusal, Refusal::NoRoute | Refusal::MethodNotAllowed { .. }) {
            let passport = self.hall.providers.get(address.provider).map(|provider| provider.passport());
            let operations = nearest::served(passport, &view.options);
            if let Some(near) = nearest::operation(request.method, request.path, operations) {
                response.push(HINT, near.to_string());
            }
        }
        response
    }

    fn open(&self) -> Opened {
        Opened::start(self.hall.journals.bounds().exchanges > 0)
    }

    /// Dresses the answer, and keeps the exchange as it leaves.
    fn close(
        &self,
        exchange: Opened,
        found: &Found,
        body: &[u8],
        response: Response,
        origin: Option<&HeaderValue>,
    ) -> HttpResponse {
        if !exchange.is_kept() {
            return finish(response, Some(found), origin);
        }
        // A HEAD is answered without the body that its GET would have.
        let head_only = self.request.method() == Method::HEAD;
        let said = if head_only { Bytes::new() } else { response.bytes().clone() };
        let answer = finish(response, Some(found), origin);
        let credentials = self.hall.credential_headers();
        let heard = Heard { request: self.request, raw_path: self.raw_path, body, credentials };
        exchange.close(&found.sandbox, heard, &answer, &said);
        answer
    }

    async fn body(&self, payload: &mut web::Payload, limit: usize) -> Result<Bytes, Refusal> {
        let length = self.headers.get(header::CONTENT_LENGTH);
        let announced = length.and_then(|length| length.to_str().ok()?.parse().ok());
        if announced.is_none() && !self.headers.contains_key(header::TRANSFER_ENCODING) {
            return Ok(Bytes::new());
        }
        body::read(payload, announced, limit).await
    }

    fn default(&self) -> Found {
        Found { sandbox: self.hall.sandboxes.default().clone(), created: None }
    }

    fn host(&self) -> &str {
        let host = self.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        host.or(self.request.uri().host()).unwrap_or("localhost")
    }

    /// What absolute links start with, where that is more than the host.
    fn start(&self) -> Option<String> {
        match (self.hall.public_url(), self.prefix) {
            (None, None) => None,
            (Some(url), None) => Some(url.to_owned()),
            (Some(url), Some(name)) => Some(format!("{url}/_sandbox/{name}")),
            (None, Some(name)) => Some(format!("http://{}/_sandbox/{name}", self.host())),
        }
    }
}

/// An answer whose body goes on.
fn stream(head: HttpResponse, events: EventStream) -> HttpResponse {
    head.set_body(BodyStream::new(events)).map_into_boxed_body()
}

/// Puts the hall's own header fields on an answer and hands it to the wire.
fn finish(mut response: Response, found: Option<&Found>, origin: Option<&HeaderValue>) -> HttpResponse {
    if response.is_inferred() {
        response.push(PROVENANCE, "inferred");
    }
    if let Some(found) = found {
        response.push(SANDBOX, found.sandbox.name().as_str());
        if let Some(created) = found.created {
            response.push(SANDBOX_CREATED, created.as_str());
        }
    }
    if let Some(origin) = origin {
        cors::open(&mut response, origin);
    }
    let status = StatusCode::from_u16(response.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::with_body(status, response.bytes().clone());
    let fields = answer.headers_mut();
    for (name, value) in response.headers() {
        fields.append(name.clone(), value.clone());
    }
    let clock = found.map_or(Clock::Real, |found| found.sandbox.clock());
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(clock.now().into())) {
        fields.insert(header::DATE, date);
    }
    answer.map_into_boxed_body()
}
