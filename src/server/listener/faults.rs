//! What a fault does to an answer while it is written.

use std::io::{Error, ErrorKind};
use std::time::Duration;

use actix_http::body::{BoxBody, MessageBody, SizedStream};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};

use crate::server::listener::connection::Connection;
use crate::world::fault::{Cut, FaultAction};

/// What is already written must have left before the connection is cut.
const BEFORE_CUT: Duration = Duration::from_millis(50);

/// The shortest wait between two pieces of a trickling body.
const PIECE_INTERVAL: Duration = Duration::from_millis(50);

/// The body of an answer, as a fault lets it leave.
pub(super) fn body(bytes: Bytes, damage: Option<FaultAction>, connection: Option<&Connection>) -> BoxBody {
    match damage {
        Some(FaultAction::SlowBody(slow)) => trickling(bytes, slow.over),
        Some(FaultAction::Cut(cut)) => {
            if let Some(connection) = connection {
                connection.reset_on_close();
            }
            cut_off(&bytes, cut)
        }
        _ => bytes.boxed(),
    }
}

/// A body that ends in an error, by which the connection is dropped.
fn cut_off(body: &Bytes, cut: Cut) -> BoxBody {
    let sent = match cut {
        Cut::BeforeAnswer | Cut::AfterHeaders => None,
        Cut::HalfBody => Some(body.slice(..body.len().div_ceil(2))).filter(|half| !half.is_empty()),
    };
    let end = stream::once(async move {
        // The head is written with the first piece of the body, or with the first wait for it. An error
        // that comes at once is an error before the first byte.
        if cut != Cut::BeforeAnswer {
            tokio::time::sleep(BEFORE_CUT).await;
        }
        Err(Error::new(ErrorKind::ConnectionReset, "cut by a fault"))
    });
    // A length above 0, so that the body is asked for at all.
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX).max(1);
    SizedStream::new(length, stream::iter(sent.map(Ok)).chain(end)).boxed()
}

/// A body that comes in pieces, each after a wait.
fn trickling(body: Bytes, over: Duration) -> BoxBody {
    let most = u32::try_from(over.as_millis() / PIECE_INTERVAL.as_millis()).unwrap_or(u32::MAX);
    let pieces = most.clamp(1, 1_000).min(u32::try_from(body.len()).unwrap_or(u32::MAX).max(1));
    let size = body.len().div_ceil(usize::try_from(pieces).unwrap_or(usize::MAX)).max(1);
    let pieces = u32::try_from(body.len().div_ceil(size)).unwrap_or(u32::MAX).max(1);
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
    let stream = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(over / pieces).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, Error>(piece), rest))
    });
    SizedStream::new(length, Box::pin(stream)).boxed()
}
