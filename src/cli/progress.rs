//! How far the loading of large fixtures has come, on a terminal alone.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::print;
use crate::fixtures::threads;
use crate::world::fixture::progress::{self, Progress};

/// What takes no longer than this is not shown.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is written anew.
const STEP: Duration = Duration::from_millis(200);
/// Goes to the start of the line and clears it.
const CLEAR: &str = "\r\x1b[K";

/// Does work that loads fixtures, and shows on standard error how far it is where that is a terminal.
pub(super) fn shown<T>(work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() || std::env::var_os("CI").is_some() {
        return work();
    }
    let progress = Arc::new(Progress::default());
    let (end, ended) = mpsc::channel();
    let shown = progress.clone();
    let showing = thread::Builder::new().name("progress".to_owned()).spawn(move || show(&shown, &ended));
    let outcome = progress::noted(&progress, work);
    drop(end);
    // Without a thread nothing is shown, and all is done the same.
    if let Ok(showing) = showing {
        threads::wait_for(showing, PATIENCE);
    }
    outcome
}

fn show(progress: &Progress, ended: &Receiver<()>) {
    let (mut wait, mut before) = (PATIENCE, String::new());
    while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = STEP;
        let line = print::seen(&progress.to_string());
        if line != before {
            write(&line);
            before = line;
        }
    }
    if !before.is_empty() {
        write("");
    }
}

fn write(line: &str) {
    // Where nobody can be told, all is done the same.
    let _ = write!(std::io::stderr().lock(), "{CLEAR}{line}");
}
