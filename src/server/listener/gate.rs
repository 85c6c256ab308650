//! One request at a time.
//!
//! actix reads all requests that are there, and frames an answer as the request asks that it read last: the answer to
//! a GET would lose its body to a HEAD that came behind it. So the next request waits here until the answer before
//! it is written. What else is known of a request as it comes is here too: how long its head takes, and whether its
//! chunks are some.

use std::io::{ErrorKind, Result};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::server::listener::connection::Connection;
use crate::server::listener::framing::Framing;
use crate::server::listener::refused;

/// How much of the next requests is read while they wait.
const HELD: usize = 64 << 10;

/// A stream that gives one request, and the next once that one is answered.
#[derive(Debug)]
pub(super) struct Gate<T> {
    stream: T,
    connection: Connection,
    framing: Framing,
    /// What came behind a request that is not yet answered.
    held: BytesMut,
    /// Whether nothing comes behind what is held.
    is_over: bool,
    /// How long a head may take.
    head: Duration,
    /// Runs while the rest of a head is waited for.
    timeout: Option<Pin<Box<Sleep>>>,
    /// Whether this is the first request: it is late where nothing of it comes, too.
    is_first: bool,
}

impl<T> Gate<T> {
    pub(super) fn new(stream: T, connection: Connection, head: Duration) -> Self {
        Self {
            stream,
            connection,
            framing: Framing::default(),
            held: BytesMut::new(),
            is_over: false,
            head,
            timeout: None,
            is_first: true,
        }
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Follows what came of a request; how much of it is this request's.
    fn follow(&mut self, bytes: &[u8]) -> usize {
        if !self.framing.is_in_head() {
            return self.framing.take(bytes);
        }
        self.connection.keep_start(bytes);
        let taken = self.framing.take(bytes);
        self.connection.note(self.framing.seen());
        if !self.framing.is_in_head() {
            self.connection.take_request();
            self.is_first = false;
            self.timeout = None;
        }
        taken
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Gate<T> {
    /// Gives what is held of the next request.
    fn release(&mut self, buffer: &mut ReadBuf<'_>) {
        let mut held = std::mem::take(&mut self.held);
        let length = held.len().min(buffer.remaining());
        let taken = self.follow(held.get(..length).unwrap_or_default());
        buffer.put_slice(held.get(..taken).unwrap_or_default());
        held.advance(taken);
        if !held.is_empty() {
            self.held = held;
        }
    }

    /// Reads on behind a request that is not yet answered, so that the end of the connection is seen.
    fn hold(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        while !self.is_over && self.held.len() < HELD {
            let before = buffer.filled().len();
            let read = Pin::new(&mut self.stream).poll_read(context, buffer)?;
            if read.is_pending() {
                break;
            }
            let bytes = buffer.filled().get(before..).unwrap_or_default();
            self.is_over = bytes.is_empty();
            if self.is_over {
                self.connection.client_went();
            }
            self.held.extend_from_slice(bytes);
            buffer.set_filled(before);
        }
        if self.is_over && self.connection.is_stream() {
            // A client that closes while it is told of events is gone. Its place would be taken until two signs of life
            // had been written in vain.
            return Poll::Ready(Err(ErrorKind::UnexpectedEof.into()));
        }
        if self.held.is_empty() && self.is_over {
            return Poll::Ready(Ok(()));
        }
        if !self.held.is_empty() {
            self.connection.wake_when_answered(context.waker());
        }
        Poll::Pending
    }

    /// Waits for the rest of a head, or for too long: then nothing more is read.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        let has_begun = self.connection.has_start();
        if !self.framing.is_in_head() || !(self.is_first || has_begun) {
            return Poll::Pending;
        }
        let head = self.head;
        let timeout = self.timeout.get_or_insert_with(|| Box::pin(sleep(head)));
        ready!(timeout.as_mut().poll(context));
        self.is_over = true;
        if self.framing.has_begun() {
            refused::log(&self.connection, "its head did not end in time", 408);
            // Nothing else is being written: the answer before it is, and none has begun. Where its client takes
            // nothing, this is lost.
            if self.connection.blocked_for().is_none() {
                let answer = refused::too_late();
                let _ = Pin::new(&mut self.stream).poll_write(context, &answer)?;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncRead for Gate<T> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let gate = self.get_mut();
        if buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        if gate.framing.is_whole() {
            if !gate.connection.is_answered() {
                return gate.hold(context, buffer);
            }
            gate.framing = Framing::default();
            gate.connection.begin();
        }
        if gate.framing.is_broken() {
            // What cannot be read ends the body: the vendor says that it is not whole.
            return Poll::Ready(Ok(()));
        }
        if !gate.held.is_empty() {
            gate.release(buffer);
            return Poll::Ready(Ok(()));
        }
        if gate.is_over {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        if Pin::new(&mut gate.stream).poll_read(context, buffer)?.is_pending() {
            return gate.wait(context);
        }
        let bytes = buffer.filled().get(before..).unwrap_or_default();
        if bytes.is_empty() && gate.connection.is_stream() {
            // Whatever comes belongs to a request that asks for another protocol, and so does its end: it is the
            // client's, who is gone.
            gate.connection.client_went();
            return Poll::Ready(Err(ErrorKind::UnexpectedEof.into()));
        }
        let taken = gate.follow(bytes);
        if let Some(behind) = bytes.get(taken..).filter(|behind| !behind.is_empty()) {
            gate.held.extend_from_slice(behind);
            buffer.set_filled(before + taken);
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Gate<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
