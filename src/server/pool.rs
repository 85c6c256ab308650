//! Threads for work that may take long. They start when there is work, and end once there has been none for a while.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use event_listener::Event;
use parking_lot::{Condvar, Mutex};

use crate::server::aside::NotDone;
use crate::world::cancel::Cancel;

/// The fewest and the most threads: more would take the machine from those that answer.
const THREADS: (usize, usize) = (2, 4);
/// The most work of the control API that waits.
pub(crate) const MOST_WAITING: usize = 64;
/// The most bytes that waiting work keeps, apart from the first that waits.
pub(crate) const MOST_HELD: usize = 128 << 20;
/// How long a thread stays without work.
const IDLE: Duration = Duration::from_secs(10);

/// The threads of one server beside its workers. What the control API is asked never keeps a provider's answer waiting.
#[derive(Debug)]
pub(super) struct Pools {
    /// Those that work for the control API.
    pub(super) control: Pool,
    /// Those that answer what is dear to ask of providers.
    pub(super) providers: Pool,
}

impl Pools {
    pub(super) fn new() -> Self {
        let (fewest, most) = THREADS;
        let most = std::thread::available_parallelism().map_or(fewest, usize::from).clamp(fewest, most);
        // What waits for a provider's answer is bounded by the connections: each waits for one.
        Self { control: Pool::of("aside", most, MOST_WAITING), providers: Pool::of("large", most, usize::MAX) }
    }
}

/// Threads of one name, and the work that waits for them. They end with it, each after the work that it does.
#[derive(Debug)]
pub(super) struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    name: &'static str,
    most: usize,
    most_waiting: usize,
    queue: Mutex<Queue>,
    /// Told of new work, and of the end.
    news: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    held: usize,
    threads: usize,
    idle: usize,
    is_over: bool,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("waiting", &self.waiting.len()).field("threads", &self.threads).finish()
    }
}

struct Job {
    held: usize,
    work: Box<dyn FnOnce() + Send>,
}

impl Pool {
    fn of(name: &'static str, most: usize, most_waiting: usize) -> Self {
        Self(Arc::new(Shared { name, most, most_waiting, queue: Mutex::default(), news: Condvar::new() }))
    }

    /// Hands work over. Whoever drops what comes of it wants it no more.
    pub(super) fn hand_over<T: Send + 'static>(
        &self,
        cancel: Cancel,
        held: usize,
        work: impl FnOnce(&Cancel) -> T + Send + 'static,
    ) -> Result<Pending<T>, NotDone> {
        let (job, pending) = job(cancel, held, work);
        self.push(job).map_err(|(_, busy)| busy)?;
        Ok(pending)
    }

    /// Hands work over that is done whoever waits for it; does it at once where there is no room.
    pub(super) fn hand_over_or_do<T: Send + 'static>(
        &self,
        held: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Pending<T> {
        let (job, pending) = job(Cancel::never(), held, |_| work());
        if let Err((job, _)) = self.push(job) {
            (job.work)();
        }
        pending
    }

    /// Puts a job where a thread takes it; or gives it back, and says why.
    fn push(&self, job: Job) -> Result<(), (Job, NotDone)> {
        let mut queue = self.0.queue.lock();
        let waiting = queue.waiting.len();
        let is_idle = queue.idle > waiting || queue.threads < self.0.most;
        let is_full =
            waiting >= self.0.most_waiting || (waiting > 0 && queue.held.saturating_add(job.held) > MOST_HELD);
        if is_full && !is_idle {
            let running = queue.threads - queue.idle.min(queue.threads);
            return Err((job, NotDone::Busy { running, waiting }));
        }
        if queue.idle <= waiting && queue.threads < self.0.most {
            let shared = self.0.clone();
            let thread = std::thread::Builder::new().name(shared.name.to_owned());
            match thread.spawn(move || shared.run()) {
                Ok(_) => queue.threads += 1,
                Err(error) if queue.threads == 0 => {
                    tracing::error!(%error, "no thread for work of the control API");
                    return Err((job, NotDone::Busy { running: 0, waiting }));
                }
                Err(_) => {}
            }
        }
        queue.held = queue.held.saturating_add(job.held);
        queue.waiting.push_back(job);
        drop(queue);
        self.0.news.notify_one();
        Ok(())
    }
}

/// Work as a job, and what will come of it.
fn job<T: Send + 'static>(
    cancel: Cancel,
    held: usize,
    work: impl FnOnce(&Cancel) -> T + Send + 'static,
) -> (Job, Pending<T>) {
    let outcome = Arc::new(Outcome { value: Mutex::new(None), done: Event::new() });
    let pending = Pending { outcome: outcome.clone(), cancel: cancel.clone() };
    let work = move || {
        let value = match cancel.check() {
            Ok(()) => catch_unwind(AssertUnwindSafe(|| work(&cancel))).map_err(|_| NotDone::Crashed),
            Err(cancelled) => Err(NotDone::Cancelled(cancelled)),
        };
        *outcome.value.lock() = Some(value);
        outcome.done.notify(usize::MAX);
    };
    (Job { held, work: Box::new(work) }, pending)
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut queue = self.0.queue.lock();
        queue.is_over = true;
        let waiting = std::mem::take(&mut queue.waiting);
        drop(queue);
        drop(waiting);
        self.0.news.notify_all();
    }
}

impl Shared {
    /// The life of a thread.
    fn run(&self) {
        while let Some(job) = self.next() {
            (job.work)();
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.queue.lock();
        loop {
            if let Some(job) = queue.waiting.pop_front() {
                queue.held = queue.held.saturating_sub(job.held);
                return Some(job);
            }
            queue.idle += 1;
            let is_late = !queue.is_over && self.news.wait_for(&mut queue, IDLE).timed_out();
            queue.idle -= 1;
            if queue.is_over || (is_late && queue.waiting.is_empty()) {
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
