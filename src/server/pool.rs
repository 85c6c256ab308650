//! Threads for work that may take long. They start when there is work, and end once there has been none for a while.
//!
//! Sandboxes take turns, and one alone never has all threads: whoever asks for much keeps no other sandbox waiting.

mod queue;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use event_listener::Event;
use parking_lot::{Condvar, Mutex};

use self::queue::{Job, Queue, Room};
use crate::server::aside::NotDone;
use crate::world::cancel::Cancel;
use crate::world::sandbox::SandboxName;

/// The fewest and the most threads: more would take the machine from those that answer. One of them is left to others than
/// the sandbox that has all the rest.
const THREADS: (usize, usize) = (3, 4);
/// What waits for the control API at most, of one sandbox.
const CONTROL: Room = Room { jobs: 64, bytes: 64 << 20 };
/// What waits for providers at most, of one sandbox. Each keeps a connection, and those are bounded.
const PROVIDERS: Room = Room { jobs: 10_000, bytes: 128 << 20 };
/// How long a thread stays without work.
const IDLE: Duration = Duration::from_secs(10);

/// The threads of one server beside its workers. What the control API is asked never keeps a provider's answer waiting.
#[derive(Debug)]
pub(super) struct Pools {
    /// Those that work for the control API.
    pub(super) control: Pool,
    /// Those that answer what may be dear to ask of providers.
    pub(super) providers: Pool,
}

impl Pools {
    pub(super) fn new() -> Self {
        let (fewest, most) = THREADS;
        let most = std::thread::available_parallelism().map_or(fewest, usize::from).clamp(fewest, most);
        Self { control: Pool::of("aside", most, CONTROL), providers: Pool::of("large", most, PROVIDERS) }
    }
}

/// Threads of one name, and the work that waits for them. They end with it, each after the work that it does.
#[derive(Debug)]
pub(super) struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    name: &'static str,
    most: usize,
    queue: Mutex<Queue>,
    /// Told of new work, and of the end.
    news: Condvar,
}

impl Pool {
    /// At most so many threads; `room` is for what waits of one sandbox.
    fn of(name: &'static str, most: usize, room: Room) -> Self {
        let queue = Mutex::new(Queue::new(room, most.saturating_sub(1).max(1)));
        Self(Arc::new(Shared { name, most, queue, news: Condvar::new() }))
    }

    /// Hands work of a sandbox over. Whoever drops what comes of it wants it no more.
    pub(super) fn hand_over<T: Send + 'static>(
        &self,
        cancel: Cancel,
        whose: &SandboxName,
        held: usize,
        work: impl FnOnce(&Cancel) -> T + Send + 'static,
    ) -> Result<Pending<T>, NotDone> {
        let outcome = Arc::new(Outcome { value: Mutex::new(None), done: Event::new() });
        let pending = Pending { outcome: outcome.clone(), cancel: cancel.clone() };
        let asked = cancel.clone();
        let work = move || {
            cancel.begin();
            let value = match cancel.check() {
                Ok(()) => catch_unwind(AssertUnwindSafe(|| work(&cancel))).map_err(|_| NotDone::Crashed),
                Err(cancelled) => Err(NotDone::Cancelled(cancelled)),
            };
            *outcome.value.lock() = Some(value);
            outcome.done.notify(usize::MAX);
        };
        self.push(Job { whose: whose.clone(), held, cancel: asked, work: Box::new(work) })?;
        Ok(pending)
    }

    /// Puts a job where a thread takes it.
    fn push(&self, job: Job) -> Result<(), NotDone> {
        let mut queue = self.0.queue.lock();
        let waiting = queue.waiting();
        let is_taken_at_once = queue.idle > waiting || queue.threads < self.0.most;
        if !is_taken_at_once && !queue.has_room(&job) {
            let running = queue.threads - queue.idle.min(queue.threads);
            return Err(NotDone::Busy { running, waiting });
        }
        if queue.idle <= waiting && queue.threads < self.0.most {
            let shared = self.0.clone();
            let thread = std::thread::Builder::new().name(shared.name.to_owned());
            match thread.spawn(move || shared.run()) {
                Ok(_) => queue.threads += 1,
                Err(error) if queue.threads == 0 => {
                    tracing::error!(%error, name = self.0.name, "no thread for work that may take long");
                    return Err(NotDone::Busy { running: 0, waiting });
                }
                Err(_) => {}
            }
        }
        queue.push(job);
        drop(queue);
        self.0.news.notify_one();
        Ok(())
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut queue = self.0.queue.lock();
        queue.is_over = true;
        let waiting = queue.take_all();
        drop(queue);
        drop(waiting);
        self.0.news.notify_all();
    }
}

impl Shared {
    /// The life of a thread.
    fn run(&self) {
        while let Some(Job { whose, work, .. }) = self.next() {
            // The work answers for its own crashes; what is let go behind it may crash, too.
            if catch_unwind(AssertUnwindSafe(work)).is_err() {
                tracing::error!(name = self.name, "what work left behind crashed as it was let go");
            }
            self.queue.lock().is_done(&whose);
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.queue.lock();
        loop {
            if let Some(job) = queue.pop() {
                return Some(job);
            }
            queue.idle += 1;
            let is_late = !queue.is_over && self.news.wait_for(&mut queue, IDLE).timed_out();
            queue.idle -= 1;
            if queue.is_over || (is_late && queue.waiting() == 0) {
                queue.threads -= 1;
                return None;
            }
        }
    }
}

/// What will come of work.
#[derive(Debug)]
pub(super) struct Pending<T> {
    outcome: Arc<Outcome<T>>,
    cancel: Cancel,
}

#[derive(Debug)]
struct Outcome<T> {
    value: Mutex<Option<Result<T, NotDone>>>,
    done: Event,
}

impl<T> Pending<T> {
    /// Waits for it. Nothing is lost where that is dropped.
    pub(super) async fn wait(&self) -> Result<T, NotDone> {
        loop {
            // Listening starts before looking, so that nothing happens in between unseen.
            let done = self.outcome.done.listen();
            if let Some(value) = self.outcome.value.lock().take() {
                return value;
            }
            done.await;
        }
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        self.cancel.give_up();
    }
}

#[cfg(test)]
mod tests;
