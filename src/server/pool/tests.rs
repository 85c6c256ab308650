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
    let pool = Pool::of("test", 2, MOST_WAITING);
    let here = std::thread::current().id();
    let done = pool.hand_over(long(), 0, move |_| std::thread::current().id() != here).expect("room");
    assert_eq!(wait(done.wait()), Ok(true));
    let crash = pool.hand_over(long(), 0, |_| panic!("on purpose")).expect("room");
    assert_eq!(wait(crash.wait()), Err::<(), _>(NotDone::Crashed));
    let late = pool.hand_over(Cancel::after(Duration::ZERO), 0, |_| ()).expect("room");
    assert_eq!(wait(late.wait()), Err(NotDone::Cancelled(Cancelled::Late(Duration::ZERO))));
}

#[test]
fn no_more_waits_than_there_is_room_for() {
    let pool = Pool::of("test", 2, MOST_WAITING);
    let (mut ends, mut all) = (Vec::new(), Vec::new());
    let mut refused = None;
    for _ in 0..MOST_WAITING + 3 {
        let (end, work) = stuck();
        match pool.hand_over(long(), 0, work) {
            Ok(pending) => all.push(pending),
            Err(error) => refused = Some(error),
        }
        ends.push(end);
    }
    assert!(matches!(refused, Some(NotDone::Busy { waiting: MOST_WAITING.., .. })), "{refused:?}");
    drop(ends);
    let done = wait(join_all(all.iter().map(Pending::wait)));
    assert!(done.len() >= MOST_WAITING && done.iter().all(Result::is_ok), "{}", done.len());
    let again = pool.hand_over(long(), 0, |_| 7).expect("room again");
    assert_eq!(wait(again.wait()), Ok(7));
}

#[test]
fn no_more_bytes_wait_than_there_is_room_for() {
    let pool = Pool::of("test", 1, MOST_WAITING);
    let (end, work) = stuck();
    let (began, begun) = channel();
    let first = pool.hand_over(long(), 0, move |cancel| {
        began.send(()).expect("a test that waits");
        work(cancel);
    });
    begun.recv_timeout(Duration::from_secs(60)).expect("a thread");
    let large = pool.hand_over(long(), MOST_HELD + 1, |_| ()).expect("the first that waits may be large");
    assert!(pool.hand_over(long(), 1, |_| ()).is_err());
    drop(end);
    assert_eq!((wait(first.expect("room").wait()), wait(large.wait())), (Ok(()), Ok(())));
}

#[test]
fn who_no_longer_waits_ends_the_work() {
    let pool = Pool::of("test", 1, MOST_WAITING);
    let (began, begun) = channel();
    let (tell, told) = channel();
    let pending = pool.hand_over(long(), 0, move |cancel| {
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

#[test]
fn what_must_be_done_is_done_here_where_there_is_no_room() {
    let pool = Pool::of("test", 1, MOST_WAITING);
    let (end, work) = stuck();
    let (began, begun) = channel();
    let first = pool.hand_over(long(), 0, move |cancel| {
        began.send(()).expect("a test that waits");
        work(cancel);
    });
    begun.recv_timeout(Duration::from_secs(60)).expect("a thread");
    let waiting: Vec<_> = (0..MOST_WAITING).map(|_| pool.hand_over(long(), 0, |_| ()).expect("room")).collect();
    let here = std::thread::current().id();
    let done = pool.hand_over_or_do(0, move || std::thread::current().id() == here);
    assert_eq!(wait(done.wait()), Ok(true));
    drop(end);
    assert_eq!(wait(first.expect("room").wait()), Ok(()));
    assert!(wait(join_all(waiting.iter().map(Pending::wait))).iter().all(Result::is_ok));
}
