//! The work that waits for threads, by sandbox: they take turns.

use std::collections::VecDeque;
use std::fmt;

use crate::world::cancel::Cancel;
use crate::world::sandbox::SandboxName;

/// How many times the room of one sandbox all of them have together.
const ALL: usize = 2;

/// How much may wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) jobs: usize,
    /// Bytes that it keeps, apart from the first that waits.
    pub(super) bytes: usize,
}

impl Room {
    fn takes(self, waiting: Room, held: usize) -> bool {
        waiting.jobs < self.jobs && (waiting.jobs == 0 || waiting.bytes.saturating_add(held) <= self.bytes)
    }
}

/// Work that waits.
pub(super) struct Job {
    /// The sandbox that it is of.
    pub(super) whose: SandboxName,
    /// How many bytes it keeps.
    pub(super) held: usize,
    /// Whether it is still wanted.
    pub(super) cancel: Cancel,
    pub(super) work: Box<dyn FnOnce() + Send>,
}

/// The work of one sandbox that waits, in order.
struct Turn {
    whose: SandboxName,
    jobs: VecDeque<Job>,
    /// How many bytes it keeps.
    bytes: usize,
}

impl Turn {
    fn waiting(&self) -> Room {
        Room { jobs: self.jobs.len(), bytes: self.bytes }
    }

    /// Keeps what is still wanted.
    fn forget_unwanted(&mut self) {
        self.jobs.retain(|job| job.cancel.check().is_ok());
        self.bytes = self.jobs.iter().map(|job| job.held).fold(0, usize::saturating_add);
    }
}

/// What waits, and who works.
pub(super) struct Queue {
    /// In the order in which they come next.
    turns: VecDeque<Turn>,
    /// Whose work is done now, once for each thread.
    running: Vec<SandboxName>,
    /// The room of one sandbox.
    room: Room,
    /// How many threads one sandbox has at most.
    share: usize,
    pub(super) threads: usize,
    /// How many of them wait for work.
    pub(super) idle: usize,
    pub(super) is_over: bool,
}

impl Queue {
    pub(super) fn new(room: Room, share: usize) -> Self {
        let (turns, running) = (VecDeque::new(), Vec::new());
        Self { turns, running, room, share, threads: 0, idle: 0, is_over: false }
    }

    /// How much work waits.
    pub(super) fn waiting(&self) -> usize {
        self.turns.iter().map(|turn| turn.jobs.len()).sum()
    }

    /// Whether one more may wait. What nobody wants any more makes room first.
    pub(super) fn has_room(&mut self, job: &Job) -> bool {
        let is_there = |queue: &Self| {
            let all = Room { jobs: queue.room.jobs * ALL, bytes: queue.room.bytes * ALL };
            let empty = Room { jobs: 0, bytes: 0 };
            let own = queue.turns.iter().find(|turn| turn.whose == job.whose).map_or(empty, Turn::waiting);
            let total = queue.turns.iter().map(Turn::waiting).fold(empty, |sum, turn| Room {
                jobs: sum.jobs + turn.jobs,
                bytes: sum.bytes.saturating_add(turn.bytes),
            });
            queue.room.takes(own, job.held) && all.takes(total, job.held)
        };
        if is_there(self) {
            return true;
        }
        self.turns.iter_mut().for_each(Turn::forget_unwanted);
        self.turns.retain(|turn| !turn.jobs.is_empty());
        is_there(self)
    }

    pub(super) fn push(&mut self, job: Job) {
        match self.turns.iter_mut().find(|turn| turn.whose == job.whose) {
            Some(turn) => {
                turn.bytes = turn.bytes.saturating_add(job.held);
                turn.jobs.push_back(job);
            }
            None => self.turns.push_back(Turn { whose: job.whose.clone(), bytes: job.held, jobs: [job].into() }),
        }
    }

    /// The next work: of the sandbox that has the fewest threads, and of those the one that waits longest for its turn.
    /// Nothing where each has its share.
    pub(super) fn pop(&mut self) -> Option<Job> {
        let running = |turn: &Turn| self.running.iter().filter(|whose| **whose == turn.whose).count();
        let turns = self.turns.iter().map(running).enumerate().filter(|(_, running)| *running < self.share);
        let (at, _) = turns.min_by_key(|(_, running)| *running)?;
        let mut turn = self.turns.remove(at)?;
        let job = turn.jobs.pop_front()?;
        turn.bytes = turn.bytes.saturating_sub(job.held);
        if !turn.jobs.is_empty() {
            self.turns.push_back(turn);
        }
        self.running.push(job.whose.clone());
        Some(job)
    }

    /// Work of a sandbox is done.
    pub(super) fn is_done(&mut self, whose: &SandboxName) {
        if let Some(at) = self.running.iter().position(|running| running == whose) {
            self.running.swap_remove(at);
        }
    }

    /// All that waits.
    pub(super) fn take_all(&mut self) -> impl Sized + use<> {
        std::mem::take(&mut self.turns)
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("waiting", &self.waiting()).field("threads", &self.threads).finish()
    }
}
