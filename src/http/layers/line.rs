//! The line to the client, kept so that a fault can cut it.

use std::any::Any;
use std::net::Shutdown;
use std::sync::Arc;
use std::time::Duration;

use socket2::{SockRef, Socket};

/// How long a client may go on sending what nobody will read.
const GRACE: Duration = Duration::from_secs(2);

/// A duplicate of a connection's socket. It closes with the connection.
#[derive(Debug)]
pub(in crate::http) struct Line(Arc<Socket>);

impl Line {
    /// Duplicates the socket of a connection. Where the machine has no more handles, the connection ends: it could
    /// not be ended later, and its client would say when.
    pub(in crate::http) fn of(connection: &dyn Any) -> Option<Self> {
        let stream: &tokio::net::TcpStream = connection.downcast_ref()?;
        let socket = SockRef::from(stream);
        let duplicate = socket.try_clone();
        if let Err(error) = &duplicate {
            tracing::warn!(%error, "a connection is refused");
            let _ = socket.shutdown(Shutdown::Both);
        }
        duplicate.ok().map(|socket| Self(Arc::new(socket)))
    }

    /// Makes the close, whenever it comes, a reset: what is not yet sent is thrown away, and the client is
    /// told so, where a plain close would look like an end.
    pub(in crate::http) fn reset_on_close(&self) {
        if let Err(error) = self.0.set_linger(Some(Duration::ZERO)) {
            tracing::warn!(%error, "a cut connection ends with a plain close");
        }
    }

    /// Ends the connection soon, whatever its client still sends. actix reads a chunked body to its end even
    /// where nobody wants it, and a client that never ends it would keep its connection for ever.
    pub(in crate::http) fn close_soon(&self) {
        let socket = Arc::downgrade(&self.0);
        actix_web::rt::spawn(async move {
            tokio::time::sleep(GRACE).await;
            if let Some(socket) = socket.upgrade() {
                // It fails where the client has closed already.
                let _ = socket.shutdown(Shutdown::Read);
            }
        });
    }
}
