//! Calls that were made, in one line each.

use crate::api::{MOST_NAMED, MadeCall};
use crate::world::journal::{Entry, Exchange};

/// The most calls that one failure lists.
pub(super) const MOST_MADE: usize = 20;

/// The longest part of a request's line that is shown beside others.
const MOST_SHOWN: usize = 200;

/// A call as a failure lists it.
pub(super) fn made_call(entry: &Entry) -> MadeCall {
    let exchange = &entry.exchange;
    let (number, id, request) = (entry.number, entry.id().to_string(), request_line(exchange));
    MadeCall { number, id, request, status: exchange.status, because: None }
}

/// The first calls of a failure as its sentence names them: `: #1 POST /v1/personas/ -> 201, #4 ...`.
pub(super) fn named(listed: &[MadeCall], all: u64) -> String {
    let shown: Vec<_> = listed.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    match all.saturating_sub(shown.len() as u64) {
        _ if shown.is_empty() => String::new(),
        0 => format!(": {}", shown.join(", ")),
        more => format!(": {} and {more} more", shown.join(", ")),
    }
}

/// Method and target of a request, of a long one the start.
pub(super) fn request_line(exchange: &Exchange) -> String {
    let line = format!("{} {}", exchange.text.method(), exchange.text.target());
    match line.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
