//! What a fault does to an answer while it is written.

use std::io::{Error, ErrorKind};
use std::time::Duration;

use actix_http::body::{BoxBody, MessageBody, SizedStream};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};

use crate::app::room::AT_ONCE;
use crate::server::listener::connection::Connection;
use crate::server::listener::departing::Departing;
use crate::world::fault::{Cut, FaultAction};
use crate::world::journal::DeliveryState;

/// What is already written must have left before the connection is cut.
const BEFORE_CUT: Duration = Duration::from_millis(50);

/// The largest piece of a large body.
const PIECE: usize = 16_384;

/// How many pieces leave one after the other, while others wait.
const PIECES: usize = 32;

/// After how many of them a worker rests: a client that takes all as fast as it is written would keep it awake.
const STRETCH: usize = 1_024;

/// How long a worker rests.
const REST: Duration = Duration::from_millis(1);

/// The shortest wait between two pieces of a trickling body.
const PIECE_INTERVAL: Duration = Duration::from_millis(50);

/// The body of an answer, as a fault lets it leave. So many bytes of it are seen where it leaves whole.
pub(super) fn body(
    bytes: Bytes,
    damage: Option<FaultAction>,
    seen: usize,
    connection: Option<&Connection>,
    departing: Option<Departing>,
) -> BoxBody {
    match damage {
        Some(FaultAction::SlowBody(slow)) => trickling(bytes, slow.over, departing),
        Some(FaultAction::Cut(cut)) => cut_off(&bytes, cut, connection.cloned(), departing),
        _ if seen > AT_ONCE => in_pieces(bytes, departing),
        _ => match departing {
            Some(departing) => {
                departing.leave(seen);
                departing.end(DeliveryState::Left);
                bytes.boxed()
            }
            None => bytes.boxed(),
        },
    }
}

/// A large body, piece by piece as its client takes them: actix asks for the next one when there is room for it. A client
/// that takes all at once lets others have their turn.
fn in_pieces(body: Bytes, departing: Option<Departing>) -> BoxBody {
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
    let stream = stream::unfold((body, 0, departing), |(mut rest, turn, departing)| async move {
        if rest.is_empty() {
            if let Some(departing) = &departing {
                departing.end(DeliveryState::Left);
            }
            return None;
        }
        if turn == STRETCH {
            tokio::time::sleep(REST).await;
        } else if turn % PIECES == 0 && turn > 0 {
            tokio::task::yield_now().await;
        }
        let piece = rest.split_to(PIECE.min(rest.len()));
        if let Some(departing) = &departing {
            departing.leave(piece.len());
        }
        Some((Ok::<_, Error>(piece), (rest, turn % STRETCH + 1, departing)))
    });
    SizedStream::new(length, Box::pin(stream)).boxed()
}

/// A body in whose middle its connection is cut.
fn cut_off(body: &Bytes, cut: Cut, connection: Option<Connection>, departing: Option<Departing>) -> BoxBody {
    let leaves = cut.leaves(body.len());
    let sent = Some(body.slice(..leaves)).filter(|sent| !sent.is_empty());
    let rest = if leaves < body.len() { body.slice(leaves..) } else { Bytes::from_static(b" ") };
    let end = stream::once(async move {
        // The head is written with the first piece of the body, or with the first wait for it.
        if cut != Cut::BeforeAnswer {
            tokio::time::sleep(BEFORE_CUT).await;
        }
        if let Some(departing) = &departing {
            if cut != Cut::BeforeAnswer {
                departing.leave(leaves);
            }
            departing.end(DeliveryState::Cut);
        }
        // An error of the body would be an error in actix's log, and this one was asked for: what is written next fails.
        match &connection {
            Some(connection) => {
                connection.cut();
                Ok(rest)
            }
            None => Err(Error::new(ErrorKind::ConnectionReset, "cut by a fault")),
        }
    });
    // A length above 0, so that the body is asked for at all.
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX).max(1);
    SizedStream::new(length, Box::pin(stream::iter(sent.map(Ok)).chain(end))).boxed()
}

/// A body that comes in pieces, each after a wait.
fn trickling(body: Bytes, over: Duration, departing: Option<Departing>) -> BoxBody {
    let most = u32::try_from(over.as_millis() / PIECE_INTERVAL.as_millis()).unwrap_or(u32::MAX);
    let pieces = most.clamp(1, 1_000).min(u32::try_from(body.len()).unwrap_or(u32::MAX).max(1));
    let size = body.len().div_ceil(usize::try_from(pieces).unwrap_or(usize::MAX)).max(1);
    let pieces = u32::try_from(body.len().div_ceil(size)).unwrap_or(u32::MAX).max(1);
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
    if let Some(departing) = &departing {
        departing.leave(0);
    }
    let stream = stream::unfold((body, departing), move |(mut rest, departing)| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(over / pieces).await;
        let piece = rest.split_to(size.min(rest.len()));
        if let Some(departing) = &departing {
            departing.leave(piece.len());
            if rest.is_empty() {
                departing.end(DeliveryState::Left);
            }
        }
        Some((Ok::<_, Error>(piece), (rest, departing)))
    });
    SizedStream::new(length, Box::pin(stream)).boxed()
}
