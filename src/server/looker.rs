//! The thread that looks at exchanges for the coverage of parameters, fields and values.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Weak};

use crate::api::CoverageLevel;
use crate::app::AppState;

/// Starts the thread for an app state, if it is to look at exchanges at all. It ends with the app state.
pub(super) fn start(app: &Arc<AppState>) -> std::io::Result<()> {
    if app.run.level() < CoverageLevel::Fields {
        return Ok(());
    }
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
        // An exchange that crashes it is left out; the next one is looked at all the same.
        if catch_unwind(AssertUnwindSafe(|| state.run.look_at_all())).is_err() {
            tracing::error!("an exchange could not be looked at for its coverage");
        }
    }
}
