//! The line to the client, kept so that a fault can cut it.

use std::any::Any;
use std::time::Duration;

use socket2::{SockRef, Socket};

/// A duplicate of a connection's socket. It closes with the connection.
#[derive(Debug)]
pub(in crate::http) struct Line(Socket);

impl Line {
    /// Duplicates the socket of a connection; nothing where the machine has no more handles.
    pub(in crate::http) fn of(connection: &dyn Any) -> Option<Self> {
        let stream: &tokio::net::TcpStream = connection.downcast_ref()?;
        SockRef::from(stream).try_clone().ok().map(Self)
    }

    /// Makes the close, whenever it comes, a reset: what is not yet sent is thrown away, and the client is
    /// told so, where a plain close would look like an end.
    pub(in crate::http) fn reset_on_close(&self) {
        if let Err(error) = self.0.set_linger(Some(Duration::ZERO)) {
            tracing::warn!(%error, "a cut connection ends with a plain close");
        }
    }
}
