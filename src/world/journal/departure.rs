//! How an answer leaves that a fault holds back, slows or cuts, or that is large.
//!
//! Its exchange is kept before it leaves, so that a client which gives up finds it. What its client met is known later,
//! and completes it. Other answers have none of this: they leave at once.

use std::fmt;
use std::time::Duration;

use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::world::clock::Stopwatch;

/// How far an answer has come that did not leave whole, as far as this machine's system has taken it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// A fault holds it back, its body trickles, or it is large and its client takes it by and by.
    UnderWay,
    /// It left whole.
    Left,
    /// A fault cut it.
    Cut,
    /// Its client had closed its side before all of it had left.
    ClientGone,
}

/// What wants to know whether the head of an answer left. It is told, or dropped with an answer that was given up.
pub(crate) struct HeadHook(Box<dyn FnOnce(bool) + Send>);

impl HeadHook {
    pub(crate) fn new(told: impl FnOnce(bool) + Send + 'static) -> Self {
        Self(Box::new(told))
    }
}

impl fmt::Debug for HeadHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeadHook").finish_non_exhaustive()
    }
}

/// An answer on its way.
#[derive(Debug)]
pub struct Departure {
    started: Stopwatch,
    progress: Mutex<Progress>,
    /// Told once: when the head leaves, or when it no longer can.
    of_head: Mutex<Option<HeadHook>>,
}

/// How far an answer has come, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How far.
    pub state: DeliveryState,
    /// How long it took, from the request's arrival: until its end, or until now.
    pub took: Duration,
    /// After which time its head left; nothing where it did not.
    pub head: Option<Duration>,
    /// How many bytes of its body left.
    pub body: usize,
}

impl Departure {
    /// An answer to a request that arrived when this was started.
    #[must_use]
    pub fn new(started: Stopwatch) -> Self {
        let (state, took) = (DeliveryState::UnderWay, Duration::ZERO);
        let progress = Mutex::new(Progress { state, took, head: None, body: 0 });
        Self { started, progress, of_head: Mutex::default() }
    }

    /// Tells whether its head left, once that is known.
    pub(crate) fn tell_of_head(&self, hook: HeadHook) {
        *self.of_head.lock() = Some(hook);
    }

    /// Tells it, outside the lock of the progress: whoever hears of it may take locks of his own.
    fn tell(&self, head: bool) {
        let hook = self.of_head.lock().take();
        if let Some(HeadHook(told)) = hook {
            told(head);
        }
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let progress = *self.progress.lock();
        match progress.state {
            DeliveryState::UnderWay => Progress { took: self.started.elapsed(), ..progress },
            _ => progress,
        }
    }

    /// Its head leaves, if it has not, and so many bytes of its body.
    pub fn leave(&self, body: usize) {
        let now = self.started.elapsed();
        let mut progress = self.progress.lock();
        if progress.state == DeliveryState::UnderWay {
            progress.head.get_or_insert(now);
            progress.body += body;
            drop(progress);
            self.tell(true);
        }
    }

    /// It ends; nothing that comes later changes that.
    pub fn end(&self, state: DeliveryState) {
        self.end_after(self.started.elapsed(), state);
    }

    /// It ended so long after its request had arrived.
    pub fn end_after(&self, took: Duration, state: DeliveryState) {
        let mut progress = self.progress.lock();
        if progress.state == DeliveryState::UnderWay {
            (progress.state, progress.took) = (state, took);
            let head = progress.head.is_some();
            drop(progress);
            self.tell(head);
        }
    }

    /// It ends as it would on a wire, where there is none: after a wait, and after so many bytes.
    pub fn skip(&self, wait: Duration, head: bool, body: usize, over: Duration, state: DeliveryState) {
        let now = self.started.elapsed() + wait;
        let mut progress = self.progress.lock();
        *progress = Progress { state, took: now + over, head: head.then_some(now), body };
        drop(progress);
        self.tell(head);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn of_its_head_it_tells_once_and_only_what_is_so() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let departure = || {
            let (departure, told) = (Departure::new(Stopwatch::start()), told.clone());
            departure.tell_of_head(HeadHook::new(move |head| told.lock().push(head)));
            departure
        };
        let said = || std::mem::take(&mut *told.lock());
        let whole = departure();
        whole.leave(0);
        assert_eq!(said(), [true], "before its body has left");
        whole.leave(3);
        whole.end(DeliveryState::ClientGone);
        assert!(said().is_empty(), "once");
        let gone = departure();
        gone.end(DeliveryState::ClientGone);
        gone.leave(1);
        assert_eq!(said(), [false], "what is over leaves no more");
        departure().skip(Duration::ZERO, false, 0, Duration::ZERO, DeliveryState::Cut);
        departure().skip(Duration::ZERO, true, 0, Duration::ZERO, DeliveryState::Left);
        assert_eq!(said(), [false, true]);
    }

    #[test]
    fn the_first_end_counts() {
        let departure = Departure::new(Stopwatch::start());
        assert_eq!(departure.progress().state, DeliveryState::UnderWay);
        departure.leave(3);
        departure.leave(4);
        departure.end(DeliveryState::Cut);
        let ended = departure.progress();
        departure.end(DeliveryState::Left);
        departure.leave(5);
        assert_eq!((ended.state, ended.body, ended.head.is_some()), (DeliveryState::Cut, 7, true));
        assert_eq!(departure.progress(), ended);
    }
}
