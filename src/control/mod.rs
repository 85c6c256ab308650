//! The control API: the mock's own pages under `/_mock`, and `/`, outside every provider's mount.
//!
//! Every request is addressed to a sandbox as a provider's is. Each resource is one file; `router.rs` is
//! the index.

mod ask;
mod base_url;
mod bounds;
pub(crate) mod clock;
pub(crate) mod coverage;
pub(crate) mod credentials;
pub(crate) mod diff;
mod document;
mod etag;
mod example;
pub(crate) mod explain;
pub(crate) mod faults;
mod foreign;
pub(crate) mod gaps;
mod guard;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod journal;
mod light;
pub(crate) mod limits;
pub(crate) mod metrics;
mod misread;
mod nowhere;
mod openapi;
mod output;
mod parameter;
mod passed_over;
pub(crate) mod provider_states;
mod replay;
mod reports;
pub(crate) mod reset;
mod root;
mod router;
mod routes;
pub(crate) mod rows;
pub(crate) mod sandboxes;
mod schemas;
mod scope;
pub(crate) mod settings;
mod shared;
pub(crate) mod snapshots;
pub(crate) mod state;
#[cfg(feature = "server")]
mod ui;
mod verb;
mod world;

use std::time::Duration;

use http::header::RETRY_AFTER;

use self::scope::Scope;
use crate::api::Problem;
use crate::app::room;
use crate::app::sandbox::Found;
use crate::provider::{Refusal, Response};
use crate::world::cancel::Cancelled;
use crate::world::duration;

pub(crate) use ask::Ask;
pub(crate) use base_url::{Lost, suggested_operation};
pub(crate) use bounds::{MOST_CALLS, MOST_EXPLAINED};
pub use document::control_document;
pub(crate) use guard::{admit, is_public, protect};
pub(crate) use journal::{EventStream, Recounter};
pub(crate) use nowhere::nowhere;
pub(crate) use router::is_nowhere;
pub use routes::route_list;
pub(crate) use shared::MOST_BODY;
#[cfg(feature = "server")]
use ui::is_open as is_of_page;
pub(crate) use verb::{NoBody, NoContent, Output, Verb};
pub(crate) use world::no_room;

/// An answer of the control API.
pub(crate) enum Reply {
    /// All of it.
    Whole(Response),
    /// Its head, and a body that goes on.
    Events(Response, Box<EventStream>),
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self::Whole(response)
    }
}

/// Where the page is, which a server shows to browsers.
pub(crate) const PAGE: &str = "/_mock/ui/";

/// What is said of a crash.
pub(crate) const CRASHED: &str = "the mock crashed while it answered; its log says more. Please report it";

/// Whether a request is answered in no time, whatever the sandbox holds. Any other is answered aside: not on a thread that
/// others wait for.
pub(crate) fn is_light(ask: &Ask<'_>) -> bool {
    let follows = ask.method == "GET" && ask.path == "/_mock/events";
    follows || router::is_light(ask)
}

/// The problem of a request that is not answered since others have asked for so much.
pub(crate) fn busy(running: usize, waiting: usize) -> Response {
    let detail = format!(
        "there is no room for this request now: {running} at work for the control API, {waiting} waiting; send it again in a \
         second"
    );
    Problem::new(503, detail).response().header(RETRY_AFTER, "1")
}

/// The problem of a request whose body or answer finds no room beside those of others.
pub(crate) fn no_room_for_bytes(full: room::Full) -> Response {
    Problem::new(503, format!("{full}: {}", full.hint())).retry_after(room::RETRY_AFTER_S).response()
}

/// The problem of a request whose body came too slowly while others found no room beside it.
pub(crate) fn too_slow(bound: room::Full) -> Response {
    Problem::new(408, format!("{bound}: {}", bound.too_slow())).response()
}

/// The problem of a request that waited for its turn for so long, and was not begun.
pub(crate) fn waited(deadline: Duration) -> Response {
    let deadline = duration::show(deadline);
    let detail = format!(
        "this request waited {deadline} (--control-timeout) for its turn, since others asked for so much, and nothing was \
         done for it; send it again in a second"
    );
    Problem::new(503, detail).response().header(RETRY_AFTER, "1")
}

/// The problem of a request whose work was ended.
pub(crate) fn cancelled(cancelled: Cancelled) -> Response {
    Problem::from(cancelled).response()
}

/// Answers a request of the control API that may be answered, in the sandbox that was found for it. Whoever only looks
/// makes no sandbox.
pub(crate) fn answer_in(found: &Found, ask: &Ask<'_>) -> Reply {
    let scope = router::scope(ask);
    let keeps = scope.makes();
    if let Some(lost) = found.lost().filter(|_| scope == Scope::Look) {
        return world::gone(ask.sandbox.name().as_str(), lost).at(world::PLACE).response().into();
    }
    if let Some(refused) = world::is_not_to_be_made(ask, found).or_else(|| router::refused(ask)).filter(|_| keeps) {
        return refused.response().into();
    }
    if let Err(full) = if keeps { found.ask_to_stay() } else { Ok(()) } {
        return no_room(&full).response().into();
    }
    let reply = answer(ask);
    match if keeps { found.keep() } else { Ok(()) } {
        Ok(()) => reply,
        Err(full) => no_room(&full).response().into(),
    }
}

/// A mock without a server has no page.
#[cfg(not(feature = "server"))]
fn is_of_page(_: &Ask<'_>) -> bool {
    false
}

/// Answers a request that no provider's mount takes.
fn answer(ask: &Ask<'_>) -> Reply {
    #[cfg(feature = "server")]
    if let Some(page) = ui::answer(ask) {
        return page.into();
    }
    match journal::events::follow(ask) {
        Some(Ok((head, events))) => Reply::Events(head, events),
        Some(Err(refused)) => refused.into(),
        None => router::answer(ask).into(),
    }
}

/// The answer, outside every mount, to a body that was not read to its end.
pub(crate) fn unread(refusal: &Refusal) -> Response {
    let problem = match refusal {
        Refusal::TooLarge { limit } => {
            let detail = format!(
                "the body is larger than the {limit} bytes that --max-control-body allows; send less, or start the \
                     server with a larger one"
            );
            Problem::new(413, detail)
        }
        Refusal::Timeout => {
            Problem::new(408, "the body did not arrive in time; `--body-timeout 1m` would give a client longer")
        }
        _ => Problem::new(400, "the body could not be read to its end: it breaks off, or its chunks are none"),
    };
    problem.response()
}
