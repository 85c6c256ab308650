//! The body of an answer, which tells its connection when it is written.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_http::Response;
use actix_http::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

use crate::app::room::Held;
use crate::app::sandbox::Found;
use crate::server::listener::connection::Connection;

/// A body that is dropped once it is written to its end: then the next request of the connection may come.
#[derive(Debug)]
pub(super) struct Body {
    body: BoxBody,
    /// The sandbox that it is of, which is used as long as it is written, and its bytes, which are held as long.
    _held: (Option<Found>, Option<Held>),
    _turn: Option<Turn>,
}

#[derive(Debug)]
struct Turn(Connection);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.finish_request();
    }
}

/// An answer whose body ends the turn of its request.
pub(super) fn ending(
    answer: Response<BoxBody>,
    held: (Option<Found>, Option<Held>),
    connection: Option<&Connection>,
) -> Response<Body> {
    let turn = connection.cloned().map(Turn);
    answer.map_body(|_, body| Body { body, _held: held, _turn: turn })
}

impl MessageBody for Body {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(context)
    }
}
