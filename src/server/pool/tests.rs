//! The pool does what it is given, within its bounds.

use std::sync::mpsc::{Receiver, Sender, channel};

use futures_util::FutureExt;
use futures_util::future::join_all;

use super::*;
use crate::world::cancel::Cancelled;

/// Waits for a future in this thread.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let (done, wakes) = channel::<()>();
    struct Wake(Mutex<Sender<()>>);
    impl std::task::Wake for Wake {
        fn wake(self: Arc<Self>) {
            let _ = self.0.lock().send(());
        }
    }
    let waker = Arc::new(Wake(Mutex::new(done))).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        wakes.recv_timeout(Duration::from_secs(60)).expect("a wake within a minute");
    }
}

const ROOM: Room = Room { jobs: 64, bytes: 1_000 };

fn pool(threads: usize) -> Pool {
    Pool::of("test", threads, ROOM)
}

fn name(text: &str) -> SandboxName {
    text.parse().expect("a name")
}

fn long() -> Cancel {
    Cancel::after(Duration::from_secs(60))
}

/// Work that goes on until it is let go.
fn stuck() -> (Sender<()>, impl FnOnce(&Cancel) + Send + 'static) {
    let (end, ended): (Sender<()>, Receiver<()>) = channel();
    (end, move |_: &Cancel| {
        let _ = ended.recv();
    })
}

#[test]
fn work_is_done_on_another_thread_and_its_crash_is_told() {
    let pool = pool(2);
    let here = std::thread::current().id();
    let done = pool.hand_over(long(), &name("a"), 0, move |_| std::thread::current().id() != here).expect("room");
    assert_eq!(wait(done.wait()), Ok(true));
    let crash = pool.hand_over(long(), &name("a"), 0, |_| panic!("on purpose")).expect("room");
    assert_eq!(wait(crash.wait()), Err::<(), _>(NotDone::Crashed));
    let late = pool.hand_over(Cancel::after(Duration::ZERO), &name("a"), 0, |_| ()).expect("room");
    assert_eq!(wait(late.wait()), Err(NotDone::Cancelled(Cancelled::Late(Duration::ZERO))));
}

#[test]
fn no_more_waits_than_there_is_room_for() {
    let pool = pool(2);
    let (mut ends, mut all) = (Vec::new(), Vec::new());
    let mut refused = None;
    for _ in 0..ROOM.jobs + 3 {
        let (end, work) = stuck();
        match pool.hand_over(long(), &name("a"), 0, work) {
            Ok(pending) => all.push(pending),
            Err(error) => refused = Some(error),
        }
        ends.push(end);
    }
    assert!(matches!(refused, Some(NotDone::Busy { waiting: 64.., .. })), "{refused:?}");
    drop(ends);
    let done = wait(join_all(all.iter().map(Pending::wait)));
    assert!(done.len() >= ROOM.jobs && done.iter().all(Result::is_ok), "{}", done.len());
    let again = pool.hand_over(long(), &name("a"), 0, |_| 7).expect("room again");
    assert_eq!(wait(again.wait()), Ok(7));
}

#[test]
fn no_more_bytes_wait_than_there_is_room_for() {
    let pool = pool(1);
    let (end, work) = stuck();
    let (began, begun) = channel();
    let first = pool.hand_over(long(), &name("a"), 0, move |cancel| {
        began.send(()).expect("a test that waits");
        work(cancel);
    });
    begun.recv_timeout(Duration::from_secs(60)).expect("a thread");
    let large = pool.hand_over(long(), &name("a"), ROOM.bytes + 1, |_| ()).expect("the first that waits may be large");
    assert!(pool.hand_over(long(), &name("a"), 1, |_| ()).is_err());
    drop(end);
    assert_eq!((wait(first.expect("room").wait()), wait(large.wait())), (Ok(()), Ok(())));
}

#[test]
fn who_no_longer_waits_ends_the_work() {
    let pool = pool(1);
    let (began, begun) = channel();
    let (tell, told) = channel();
    let pending = pool.hand_over(long(), &name("a"), 0, move |cancel| {
        began.send(()).expect("a test that waits");
        while cancel.check().is_ok() {
            std::thread::yield_now();
        }
        tell.send(cancel.check()).expect("a test that waits");
    });
    let pending = pending.expect("room");
    begun.recv_timeout(Duration::from_secs(60)).expect("a thread");
    assert!(pending.wait().now_or_never().is_none());
    drop(pending);
    assert_eq!(told.recv_timeout(Duration::from_secs(60)), Ok(Err(Cancelled::Unwanted)));
}

/// Work that is under way until it is let go.
fn begun(pool: &Pool, whose: &str) -> (Sender<()>, Pending<()>) {
    let (end, work) = stuck();
    let (began, begun) = channel();
    let pending = pool.hand_over(long(), &name(whose), 0, move |cancel| {
        began.send(()).expect("a test that waits");
        work(cancel);
    });
    begun.recv_timeout(Duration::from_secs(60)).expect("a thread");
    (end, pending.expect("room"))
}

#[test]
fn one_sandbox_leaves_a_thread_to_others_and_fills_no_room_of_theirs() {
    let pool = pool(3);
    let (ends, all): (Vec<_>, Vec<_>) = (0..2).map(|_| begun(&pool, "a")).unzip();
    let waiting: Vec<_> =
        (0..ROOM.jobs).map(|_| pool.hand_over(long(), &name("a"), 0, |_| ()).expect("room")).collect();
    assert!(pool.hand_over(long(), &name("a"), 0, |_| ()).is_err(), "its own room is full");
    let other = pool.hand_over(long(), &name("b"), 0, |_| 7).expect("room");
    assert_eq!(wait(other.wait()), Ok(7), "while the first one's work waits");
    assert!(waiting.iter().all(|pending| pending.wait().now_or_never().is_none()));
    drop(ends);
    assert!(wait(join_all(all.iter().chain(&waiting).map(Pending::wait))).iter().all(Result::is_ok));
}

#[test]
fn sandboxes_take_turns() {
    let pool = pool(1);
    let (end, first) = begun(&pool, "a");
    let (tell, told) = channel();
    let mut all = Vec::new();
    for whose in ["a", "a", "a", "b", "c", "b"] {
        let tell = tell.clone();
        let work = move |_: &Cancel| tell.send(whose).expect("a test that waits");
        all.push(pool.hand_over(long(), &name(whose), 0, work).expect("room"));
    }
    drop(end);
    assert_eq!(wait(first.wait()), Ok(()));
    assert!(wait(join_all(all.iter().map(Pending::wait))).iter().all(Result::is_ok));
    drop(tell);
    assert_eq!(told.iter().collect::<Vec<_>>(), ["a", "b", "c", "a", "b", "a"]);
}

#[test]
fn what_is_wanted_no_more_makes_room_and_what_waits_is_not_late() {
    let pool = pool(1);
    let (end, first) = begun(&pool, "a");
    let mut waiting: Vec<_> =
        (0..ROOM.jobs).map(|_| pool.hand_over(long(), &name("a"), 0, |_| ()).expect("room")).collect();
    assert!(pool.hand_over(long(), &name("a"), 0, |_| ()).is_err());
    drop(waiting.pop());
    let cancel = Cancel::once_begun(Duration::from_secs(60));
    let last = pool.hand_over(cancel.clone(), &name("a"), 0, |cancel| cancel.worked().is_some()).expect("room");
    assert_eq!(cancel.worked(), None, "its time begins with its turn");
    drop(end);
    assert_eq!((wait(first.wait()), wait(last.wait())), (Ok(()), Ok(true)));
}

#[test]
fn a_crash_of_what_work_leaves_behind_takes_no_thread_away() {
    struct Crash;
    impl Drop for Crash {
        fn drop(&mut self) {
            panic!("on purpose")
        }
    }
    let pool = pool(1);
    for _ in 0..3 {
        let (end, first) = begun(&pool, "a");
        let held = Crash;
        // Nobody wants it any more when its turn comes, so what it holds goes with it.
        drop(pool.hand_over(long(), &name("a"), 0, move |_| drop(held)).expect("room"));
        drop(end);
        assert_eq!(wait(first.wait()), Ok(()));
        let next = pool.hand_over(long(), &name("a"), 0, |_| 1).expect("room");
        assert_eq!(wait(next.wait()), Ok(1));
    }
}
