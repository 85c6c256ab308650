//! The thread that works for the coverage: it makes tables of documents and looks at exchanges.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Weak};

use crate::app::AppState;

/// Starts the thread for an app state. It ends with the app state.
pub(super) fn start(app: &Arc<AppState>) -> std::io::Result<()> {
    let (wake, woken) = sync_channel(1);
    let state = Arc::downgrade(app);
    std::thread::Builder::new().name("persona-mock coverage".to_owned()).spawn(move || run(&woken, &state))?;
    app.run.leave_to(move || {
        // It is full where the thread is told already.
        let _ = wake.try_send(());
    });
    Ok(())
}

fn run(woken: &Receiver<()>, state: &Weak<AppState>) {
    while woken.recv().is_ok() {
        let Some(state) = state.upgrade() else { return };
        // What crashes is left out; the next one is worked on all the same.
        if catch_unwind(AssertUnwindSafe(|| state.run.work_off())).is_err() {
            tracing::error!("an exchange could not be counted for the coverage");
        }
    }
}
