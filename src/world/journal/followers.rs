//! Those who follow a journal as it is written, and how they learn of it: whoever writes says it once, to nobody in
//! particular, and a thread of its own tells all of them.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::task::{Context, Poll};

use event_listener::{Event, EventListener};

/// Those who follow one journal.
#[derive(Debug, Default)]
pub(crate) struct Followers {
    streams: AtomicUsize,
    /// How many of them have seen all there is. One whose client takes nothing is none of them.
    waiting: AtomicUsize,
    /// Whether they are to be told, and are not yet.
    is_due: AtomicBool,
    written: Event,
}

impl Followers {
    /// Takes one more in, where there are fewer than `most`.
    pub(crate) fn enter(&self, most: usize) -> bool {
        let one_more = |streams: usize| (streams < most).then_some(streams + 1);
        self.streams.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    /// Gives the place of one back.
    pub(crate) fn leave(&self) {
        self.streams.fetch_sub(1, Ordering::Relaxed);
    }

    /// Done when they are told of something that was written after the future was made.
    pub(crate) fn wait(self: &Arc<Self>) -> Waiting {
        // Counted before the journal is looked at: who writes behind that look sees the number.
        self.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting { listener: self.written.listen(), followers: self.clone() }
    }

    /// Tells everybody who waits; how many those are.
    pub(crate) fn tell(&self) -> usize {
        // What is written from here on is due again.
        self.is_due.swap(false, Ordering::AcqRel);
        self.written.notify(usize::MAX);
        self.waiting.load(Ordering::SeqCst)
    }

    /// Whether somebody must be told, and nobody has been asked to do so.
    fn becomes_due(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0 && !self.is_due.swap(true, Ordering::AcqRel)
    }

    /// Has everybody told who waits, by `aside` where there is one.
    pub(super) fn written(self: &Arc<Self>, aside: Option<&Aside>) {
        if !self.becomes_due() {
            return;
        }
        if aside.is_none_or(|aside| aside.0.send(Work::Tell(self.clone())).is_err()) {
            self.tell();
        }
    }
}

/// One who waits.
#[derive(Debug)]
pub(crate) struct Waiting {
    listener: EventListener,
    followers: Arc<Followers>,
}

impl Future for Waiting {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.listener).poll(context)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.followers.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Who does what no request should wait for.
#[derive(Debug)]
pub(crate) struct Aside(Sender<Work>);

/// What is done aside.
pub(crate) enum Work {
    /// Those who follow a journal are told that it was written.
    Tell(Arc<Followers>),
    /// Something is made that some of them want.
    Make(Box<dyn FnOnce() + Send>),
}

impl Aside {
    /// Whoever takes the work at the other end.
    pub(crate) fn new(work: Sender<Work>) -> Self {
        Self(work)
    }

    /// Has something made; whether somebody is there to do it.
    pub(crate) fn make(&self, job: impl FnOnce() + Send + 'static) -> bool {
        self.0.send(Work::Make(Box::new(job))).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_write_hands_on_one_thing_however_many_wait() {
        let (sender, work) = channel();
        let aside = Aside::new(sender);
        let followers = Arc::<Followers>::default();
        followers.written(Some(&aside));
        assert!(work.try_recv().is_err(), "nobody waits");
        let mut waiting: Vec<_> = (0..256).map(|_| followers.wait()).collect();
        for _ in 0..9 {
            followers.written(Some(&aside));
        }
        let Ok(Work::Tell(due)) = work.try_recv() else { panic!("one thing is due") };
        assert!(work.try_recv().is_err(), "and no other");
        assert!(waiting.iter_mut().all(|waiting| waiting.now_or_never().is_none()), "the writer wakes nobody");
        assert_eq!(due.tell(), 256);
        assert!(waiting.iter_mut().all(|waiting| waiting.now_or_never().is_some()));
        drop(waiting);
        let waits = followers.wait();
        followers.written(Some(&aside));
        assert!(work.try_recv().is_ok(), "what comes later is due again");
        drop((work, waits));
        let mut waits = followers.wait();
        followers.tell();
        followers.written(Some(&aside));
        assert!((&mut waits).now_or_never().is_some(), "without anybody aside the writer tells");
    }

    #[test]
    fn places_are_bounded_and_given_back() {
        let followers = Followers::default();
        assert_eq!([followers.enter(2), followers.enter(2), followers.enter(2)], [true, true, false]);
        followers.leave();
        assert!(followers.enter(2));
    }
}
