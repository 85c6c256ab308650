//! The thread that lets go of what was replaced: worlds, states, snapshots, journals.
//!
//! A reader may still have what was replaced, and the last one who drops it waits for its end. So the thread keeps it
//! until nobody else does, if that is not long.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use crate::app::AppState;
use crate::world::clock::Stopwatch;
use crate::world::discard::Discarded;

/// The most that waits for the thread. What comes beyond is let go of by whoever replaced it.
const MOST_SENT: usize = 65_536;
/// The most that waits for its readers.
const MOST_READ: usize = 1_024;
/// How long readers are waited for: whatever others share for longer is theirs to let go of.
const READERS: Duration = Duration::from_secs(1);
/// How often is looked whether they are done.
const STEP: Duration = Duration::from_millis(10);

/// Starts the thread for an app state, if none is there. It ends with the app state.
pub(super) fn start(app: &AppState) {
    if app.discards().are_handed_on() {
        return;
    }
    let (give, take) = sync_channel(MOST_SENT);
    let thread = std::thread::Builder::new().name("persona-mock-discard".to_owned());
    match thread.spawn(move || run(&take)) {
        Ok(_) => app.discards().hand_to(move |discarded| {
            // An error gives it back, and it is dropped here.
            let _ = give.try_send(discarded);
        }),
        Err(error) => {
            tracing::warn!(%error, "no thread for what is replaced: a reset of a large world may be waited for")
        }
    }
}

fn run(take: &Receiver<Discarded>) {
    let mut read: VecDeque<(Stopwatch, Discarded)> = VecDeque::new();
    loop {
        let next = match read.is_empty() {
            true => take.recv().map_err(|_| RecvTimeoutError::Disconnected),
            false => take.recv_timeout(STEP),
        };
        match next {
            Ok(discarded) if discarded.is_last() => drop(discarded),
            Ok(discarded) => read.push_back((Stopwatch::start(), discarded)),
            Err(RecvTimeoutError::Timeout) => read.retain(|(_, discarded)| !discarded.is_last()),
            Err(RecvTimeoutError::Disconnected) => return,
        }
        while read.len() > MOST_READ || read.front().is_some_and(|(since, _)| since.elapsed() >= READERS) {
            drop(read.pop_front());
        }
    }
}
