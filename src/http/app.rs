//! The way of a request, in order.
//!
//! 1. `trace` starts first, so that its line counts everything.
//! 2. `address` decodes the path and finds the provider: all that follows is in its words.
//! 3. `cors` answers a preflight before the body and the credential are looked at.
//! 4. `body` is read to its end, within bounds.
//! 5. `house` runs the provider and turns a crash into an answer.
//! 6. The answer gets its date, our own `X-Mock-…` and, for a page, its CORS header fields.
//!
//! It is one function and not a stack of middlewares: each boxed middleware costs an allocation a
//! request, and the order is read here at a glance.

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::hall::{Address, Hall};
use super::layers::trace::Trace;
use super::layers::{address, body, cors, house};
use super::provider::{Base, Refusal, Request, Response};
use super::{HeaderName, HeaderValue};
use crate::control;

const PROVENANCE: HeaderName = HeaderName::from_static("x-mock-provenance");

/// Answers any request.
pub(super) async fn answer(
    request: HttpRequest,
    mut payload: web::Payload,
    hall: web::Data<Arc<Hall>>,
) -> HttpResponse {
    let trace = Trace::start();
    let hall: &Arc<Hall> = &hall;
    let raw_path = request.uri().path();
    let path = address::decoded(raw_path);
    let address = hall.address(&path);
    let response = match address {
        Some(address) => provided(hall, address, &request, &path, &mut payload).await,
        None => finish(hall, control::answer(hall, request.method().as_str(), &path), None),
    };
    let provider = address.and_then(|address| hall.providers.get(address.provider)).map_or("-", |p| p.passport().id);
    trace.end(request.method().as_str(), raw_path, provider, response.status().as_u16());
    response
}

/// An answer under a provider's mount.
async fn provided(
    hall: &Hall,
    address: Address,
    request: &HttpRequest,
    path: &str,
    payload: &mut web::Payload,
) -> HttpResponse {
    let headers = request.headers();
    let method = request.method().as_str();
    let origin = headers.get(header::ORIGIN).filter(|_| hall.cors);
    if hall.cors && cors::is_preflight(method, headers) {
        return finish(hall, cors::preflight(headers), origin);
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let read = if announced.is_none() && !headers.contains_key(header::TRANSFER_ENCODING) {
        Ok(bytes::Bytes::new())
    } else {
        body::read(payload, announced, hall.max_body).await
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(request.uri().host());
    let base = match hall.public_url() {
        Some(url) => Base::Public(url),
        None => Base::Host(host.unwrap_or("localhost")),
    };
    let mut seen = Request {
        method,
        raw_path: request.uri().path(),
        path,
        mount: address.mount,
        rest: path.get(address.mount.len()..).unwrap_or_default(),
        query: request.uri().query(),
        headers,
        body: &[],
        base,
    };
    let response = match &read {
        Ok(body) => {
            seen.body = body;
            house::answer(hall, address, &seen)
        }
        Err(refusal) => hall.refuse(address, refusal, &seen),
    };
    let unread = matches!(read, Err(Refusal::TooLarge { .. } | Refusal::Timeout | Refusal::MalformedBody));
    let mut response = finish(hall, response, origin);
    if unread {
        response.head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
    }
    response
}

/// Puts the hall's own header fields on an answer and hands it to the wire.
fn finish(hall: &Hall, mut response: Response, origin: Option<&HeaderValue>) -> HttpResponse {
    if response.is_inferred() {
        response.push(PROVENANCE, "inferred");
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
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(hall.clock().now().into())) {
        fields.insert(header::DATE, date);
    }
    answer.map_into_boxed_body()
}
