//! Makes events of exchanges, each once for all streams that tell it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::source::Told;
use crate::api::{Event, EventId};
use crate::app::AppState;
use crate::app::renderings::{Key, Rendering};
use crate::control::journal::call::Call;
use crate::control::journal::entry::shown;
use crate::control::journal::explain::Explainer;
use crate::world::clock::Stopwatch;

/// How long events are made before the first of them is told.
const WHILE: Duration = Duration::from_millis(5);

/// Which event it is, and what of it may change.
pub(super) fn key(told: &Told, is_of_all: bool) -> Key {
    let entry = &told.kept.entry;
    (entry.stamp, entry.exchange.progress().state, is_of_all)
}

/// Makes events.
pub(super) struct Maker {
    pub(super) app: Arc<AppState>,
    /// Whether they are for those who follow all sandboxes: such an event has another id.
    pub(super) is_of_all: bool,
}

impl Maker {
    /// Makes the first event, and those behind it that nobody makes, for a while.
    pub(super) fn make(&self, all: &[Told], first: &Arc<Rendering>) {
        let started = Stopwatch::start();
        let renderings = self.app.subscribers.renderings();
        let mut explainer = Explainer::new(&self.app);
        let mut made = Vec::with_capacity(all.len());
        for (at, told) in all.iter().enumerate() {
            let key = key(told, self.is_of_all);
            let rendering = if at == 0 { first.clone() } else { renderings.of(key) };
            if at > 0 && (started.elapsed() > WHILE || !rendering.ask()) {
                break;
            }
            // Others wait for it: whatever happens, something is told.
            let text = catch_unwind(AssertUnwindSafe(|| text(told, &mut explainer))).unwrap_or_else(|_| {
                let number = told.kept.entry.number;
                tracing::error!(number, "an entry of the journal could not be told as an event");
                written(Some(told.id), &Event::Lost { lost: 1 })
            });
            renderings.keep(key, &rendering, text);
            made.push(rendering);
        }
        // At once, so that those who wait wake once for all of them.
        made.iter().for_each(|rendering| rendering.tell());
    }
}

fn text(told: &Told, explainer: &mut Explainer<'_>) -> Bytes {
    let exchange = Box::new(shown(&Call::of(told.kept.clone()), explainer));
    written(Some(told.id), &Event::Exchange(exchange))
}

/// An event as it is sent.
pub(super) fn written(id: Option<EventId>, event: &Event) -> Bytes {
    let mut text = format!("event: {}\n", event.name());
    if let Some(id) = id {
        text.push_str(&format!("id: {id}\n"));
    }
    // A client's own JSON may have line ends; each line of data is a field of its own.
    for line in serde_json::to_string(event).unwrap_or_default().split(['\n', '\r']) {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    Bytes::from(text)
}
