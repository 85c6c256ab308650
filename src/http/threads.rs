//! Threads that are waited for, but not for ever.

use std::thread::JoinHandle;
use std::time::Duration;

use crate::world::clock::Stopwatch;

/// How often is looked whether a thread has ended.
const STEP: Duration = Duration::from_millis(1);

/// Waits for the end of a thread; false where it lives on after `patience` and is left alone.
pub(crate) fn wait_for(thread: JoinHandle<()>, patience: Duration) -> bool {
    let start = Stopwatch::start();
    while !thread.is_finished() {
        if start.elapsed() >= patience {
            return false;
        }
        std::thread::sleep(STEP);
    }
    // It has ended, so this waits for nothing. Whether it crashed was said by whoever noticed.
    let _ = thread.join();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_does_not_end_is_left_alone() {
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let stuck = std::thread::spawn(move || {
            let _ = ended.recv();
        });
        let start = Stopwatch::start();
        assert!(!wait_for(stuck, Duration::from_millis(30)));
        assert!(start.elapsed() < Duration::from_secs(10));
        drop(end);
        assert!(wait_for(std::thread::spawn(|| {}), Duration::from_secs(60)));
    }
}
