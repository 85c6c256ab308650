//! The thread that tells those who follow a journal that it was written, and makes the events that they want.
//!
//! A request that is answered hands on one word, however many follow. Between two rounds there is a pause that grows with
//! the number of those who were told: many streams together take a bounded share of the machine, and one alone is told
//! at once.

use std::io::Result;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::world::clock::Stopwatch;
use crate::world::journal::{Aside, Followers, Work};

/// How long the pause is for each stream that was told: 50 ms for 256 of them.
const PAUSE: Duration = Duration::from_micros(200);

/// Starts the thread. It ends with those who give it work.
pub(super) fn start() -> Result<Aside> {
    let (sender, work) = channel();
    std::thread::Builder::new().name("persona-mock events".to_owned()).spawn(move || run(&work))?;
    Ok(Aside::new(sender))
}

fn run(work: &Receiver<Work>) {
    let mut due: Vec<Arc<Followers>> = Vec::new();
    let (mut since, mut pause) = (Stopwatch::start(), Duration::ZERO);
    loop {
        let next = match due.is_empty() {
            true => work.recv().map_err(|_| RecvTimeoutError::Disconnected),
            false => work.recv_timeout(pause.saturating_sub(since.elapsed())),
        };
        match next {
            Ok(Work::Tell(followers)) => due.push(followers),
            // What is made answers for its own crashes; the thread outlives one all the same.
            Ok(Work::Make(job)) => drop(catch_unwind(AssertUnwindSafe(job))),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if !due.is_empty() && since.elapsed() >= pause {
            let told: usize = due.drain(..).map(|followers| followers.tell()).sum();
            (since, pause) = (Stopwatch::start(), PAUSE.saturating_mul(u32::try_from(told).unwrap_or(u32::MAX)));
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::fixtures::threads::wait_for;
    use crate::world::journal::Waiting;

    fn is_told(mut waiting: Waiting) {
        while (&mut waiting).now_or_never().is_none() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn many_who_were_told_are_told_again_after_a_pause() {
        for (streams, pause) in [(1, Duration::ZERO), (250, PAUSE * 250)] {
            let (sender, work) = channel();
            let followers = Arc::<Followers>::default();
            let silent: Vec<_> = (1..streams).map(|_| followers.wait()).collect();
            let thread = std::thread::Builder::new().spawn(move || run(&work)).expect("a thread");
            let started = Stopwatch::start();
            for _ in 0..3 {
                let waiting = followers.wait();
                sender.send(Work::Tell(followers.clone())).expect("a thread");
                is_told(waiting);
            }
            assert!(started.elapsed() >= pause * 2, "{streams}: {:?}", started.elapsed());
            assert!(started.elapsed() < Duration::from_secs(5), "{streams}: {:?}", started.elapsed());
            drop((sender, silent));
            assert!(wait_for(thread, Duration::from_secs(60)));
        }
    }

    #[test]
    fn a_crash_in_what_is_made_ends_nothing() {
        let (sender, work) = channel();
        let thread = std::thread::Builder::new().spawn(move || run(&work)).expect("a thread");
        sender.send(Work::Make(Box::new(|| panic!("on purpose")))).expect("a thread");
        let (made, is_made) = channel();
        sender.send(Work::Make(Box::new(move || made.send(()).expect("a receiver")))).expect("a thread");
        is_made.recv().expect("the next is made");
        drop(sender);
        assert!(wait_for(thread, Duration::from_secs(60)));
    }
}
