//! The stream of a connection: what is read and written, as long as its client takes part.

use std::io::{Error, ErrorKind, Result};
use std::net::Shutdown;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::app::room::Room;
use crate::server::listener::connection::Connection;

/// The end of a connection that HTTP is spoken on. Its handle is the connection's own.
#[derive(Debug)]
pub(super) struct Socket {
    connection: Connection,
    answers: Arc<Room>,
    /// How long the client may take nothing of its answer.
    unread: Duration,
    /// Runs while the client takes nothing.
    timeout: Option<Timeout>,
}

/// How long a client that takes nothing stands in nobody's way.
const STEP: Duration = Duration::from_secs(1);

/// The time in which a client takes nothing, a step at a time.
#[derive(Debug)]
struct Timeout {
    step: Pin<Box<Sleep>>,
    /// What is left behind this step.
    left: Duration,
}

impl Timeout {
    fn of(unread: Duration) -> Self {
        let step = unread.min(STEP);
        Self { step: Box::pin(sleep(step)), left: unread - step }
    }
}

impl Socket {
    pub(super) fn new(connection: Connection, answers: Arc<Room>, unread: Duration) -> Self {
        Self { connection, answers, unread, timeout: None }
    }

    /// Waits until the client takes something, or for too long: that is less where others find no room for their answers.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<Result<usize>> {
        self.connection.block(context.waker());
        let unread = self.unread;
        let timeout = self.timeout.get_or_insert_with(|| Timeout::of(unread));
        loop {
            ready!(timeout.step.as_mut().poll(context));
            if timeout.left.is_zero() || self.answers.is_wanted() {
                break;
            }
            *timeout = Timeout::of(timeout.left);
        }
        let after = unread - timeout.left;
        tracing::debug!("a client took nothing of its answer for {after:?}; its connection is cut");
        self.connection.cut();
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let connection = &self.connection;
        let socket = connection.socket();
        loop {
            if connection.is_cut() {
                return Poll::Ready(Err(ErrorKind::ConnectionReset.into()));
            }
            ready!(socket.poll_read_ready(context))?;
            let (before, free) = (buffer.filled().len(), buffer.remaining());
            let outcome = socket.try_io(Interest::READABLE, || {
                let read = socket.try_read_buf(buffer)?;
                // Where epoll tells of what is new, a read that does not fill the buffer has found all there is.
                // Saying so here saves the next read, which would find nothing.
                if cfg!(target_os = "linux") && (1..free).contains(&read) {
                    return Err(ErrorKind::WouldBlock.into());
                }
                Ok(())
            });
            let has_read = buffer.filled().len() > before;
            match outcome {
                Err(error) if error.kind() == ErrorKind::WouldBlock && !has_read => {}
                Err(error) if !has_read => return Poll::Ready(Err(error)),
                _ => return Poll::Ready(Ok(())),
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        loop {
            if self.connection.is_cut() {
                return Poll::Ready(Err(ErrorKind::ConnectionReset.into()));
            }
            match self.connection.socket().try_write(bytes) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
                Ok(written) => {
                    if self.timeout.take().is_some() {
                        self.connection.flow();
                    }
                    return Poll::Ready(Ok(written));
                }
            }
            if self.connection.socket().poll_write_ready(context)?.is_pending() {
                return self.wait(context);
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        // The end that a plain close has would tell the client that all is there.
        if self.connection.resets() {
            return Poll::Ready(Ok(()));
        }
        match SockRef::from(self.connection.socket()).shutdown(Shutdown::Write) {
            Err(error) if !is_gone(&error) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(())),
        }
    }
}

/// Whether the client has closed already.
fn is_gone(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotConnected | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
}
