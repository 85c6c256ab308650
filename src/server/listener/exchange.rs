//! From a request as actix reads it to the pipeline, and back.

use std::sync::Arc;
use std::time::Duration;

use actix_http::body::{BodyStream, BoxBody, MessageBody};
use actix_http::{ConnectionType, HttpMessage, Request, RequestHead, Response, StatusCode};
use bytes::Bytes;
use futures_util::stream::{Stream, unfold};

use crate::app::AppState;
use crate::app::room::AT_ONCE;
use crate::control::EventStream;
use crate::provider::{Headers, header};
use crate::server::large::Large;
use crate::server::listener::answer::{self, Body};
use crate::server::listener::aside::OfConnection;
use crate::server::listener::connection::Connection;
use crate::server::listener::departing::Departing;
use crate::server::listener::faults;
use crate::server::listener::incoming::{Asked, Incoming};
use crate::server::message::{Answer, Sent};
use crate::server::middleware::body::{Body as _, length};
use crate::server::middleware::finish::{Crashed, next_event};
use crate::server::middleware::trace::{self, Due};
use crate::server::pipeline;
use crate::server::pool::Pools;

/// How often a silent stream of events says that it is alive.
const EVENT_KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Answers a request by the pipeline, and holds the answer back as long as a fault wants it.
pub(super) async fn serve(state: Arc<AppState>, pools: Arc<Pools>, mut request: Request) -> Response<Body> {
    let sent = sent(request.head_mut());
    let asked = request.extensions_mut().remove();
    let mut body = Incoming::of(&sent.headers, request.take_payload(), &state, asked);
    let aside = OfConnection { pools: &pools, connection: request.conn_data::<Connection>() };
    let mut answer = pipeline::answer(&sent, &mut body, &state, &aside).await;
    let departing = answer.departure.clone().map(|departure| Departing::new(departure, Due::of(&sent, &answer)));
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    let connection = request.conn_data::<Connection>();
    match (&departing, connection.and_then(Connection::gone_for)) {
        (Some(departing), Some(gone)) => departing.client_went(gone),
        (Some(_), None) => {}
        (None, _) => trace::write(&sent, &answer),
    }
    if let Some(connection) = connection.filter(|_| body.is_left()) {
        connection.close_soon();
    }
    let seen = answer.body_for(&sent.method).len();
    let held = (answer.held.take(), answer.waiting.take());
    if seen > AT_ONCE {
        answer.response.set_bytes(Large::of(answer.response.bytes().clone(), None, state.discards()));
    }
    answer::ending(response(answer, seen, connection, departing), held, connection)
}

/// Asks for room for the body that a head announces; nothing where it announces more than is taken.
pub(super) fn ask_for_room(head: &RequestHead, state: &AppState) -> Option<Asked> {
    let announced = head.headers.get(header::CONTENT_LENGTH).and_then(length);
    let is_taken = announced.is_none_or(|announced| announced <= pipeline::max_body(head.uri.path(), state));
    // Of a body in chunks it is not known whether it needs any: there must be some for one that does.
    let is_chunked = head.headers.contains_key(header::TRANSFER_ENCODING);
    let wanted = announced.unwrap_or(if is_chunked { AT_ONCE + 1 } else { 0 });
    is_taken.then(|| Asked::room(wanted, state))
}

/// Takes a request out of its head, which actix uses again for another.
fn sent(head: &mut RequestHead) -> Sent {
    let mut headers = Headers::with_capacity(head.headers.len());
    headers.extend(head.headers.drain());
    Sent { method: head.method.clone(), target: std::mem::take(&mut head.uri), version: head.version, headers }
}

/// An answer as actix writes it.
fn response(
    answer: Box<Answer>,
    seen: usize,
    connection: Option<&Connection>,
    departing: Option<Departing>,
) -> Response<BoxBody> {
    let Answer { response, events, closes, damage, .. } = *answer;
    let (status, fields, bytes) = response.into_parts();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let is_stream = events.is_some();
    if let Some(connection) = connection.filter(|_| is_stream) {
        connection.start_stream();
    }
    let body = match events {
        Some(events) => BodyStream::new(pieces(events)).boxed(),
        None => faults::body(bytes, damage, seen, connection, departing),
    };
    let mut response = Response::with_body(status, body);
    for (name, value) in fields {
        response.headers_mut().append(name, value);
    }
    if closes {
        response.head_mut().set_connection_type(ConnectionType::Close);
        // Such a stream ends with its connection. actix would write no chunks under an upgrade, but say so.
        response.head_mut().no_chunking(is_stream);
    }
    response
}

/// The pieces of a stream of events, with signs of life between them.
fn pieces(events: Box<EventStream>) -> impl Stream<Item = Result<Bytes, Crashed>> {
    unfold(Some(events), |events| async {
        let mut events = events?;
        if let Some(piece) = events.said() {
            return Some((Ok(piece), Some(events)));
        }
        loop {
            match tokio::time::timeout(EVENT_KEEP_ALIVE, next_event(&mut events)).await {
                Ok(None) => return None,
                Ok(Some(Ok(piece))) => return Some((Ok(piece), Some(events))),
                Ok(Some(Err(crashed))) => return Some((Err(crashed), None)),
                Err(_) => events.keep_alive(),
            }
        }
    })
}
