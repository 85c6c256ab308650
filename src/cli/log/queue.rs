//! The way of a line to standard error: a queue bounded in bytes, and one thread that writes.
//!
//! Whoever logs never waits. A terminal may stand still, a pipe may have no reader, a disk may be full:
//! what does not fit is dropped and counted, and one line says how many lines that were, as soon as a
//! line can be written again.
//!
//! Whoever logs wakes the thread only where it has nothing to do: between two rounds it pauses, so that many lines
//! are written at once. The first line after a rest is written at once.

use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::world::clock::Stopwatch;

/// How many bytes may wait: some 8,000 lines.
pub(in crate::cli) const MOST: usize = 1 << 20;
/// How many bytes may wait until the thread breaks its pause off.
const URGENT: usize = MOST / 4;
/// How many bytes are written at once, so that lines of processes that share a pipe do not mix:
/// Linux writes this much in one piece.
const PIECE: usize = 4_096;
/// How many bytes of lines are put in words at once.
const ROUND: usize = 16 * PIECE;
/// How long lines are gathered under load, before they are written.
const GATHER: Duration = Duration::from_millis(50);
/// How long a writer that cannot write now, but soon, is left alone.
const PAUSE: Duration = Duration::from_millis(10);
/// How long the end waits for a reader that reads nothing.
const STALL_TIMEOUT: Duration = Duration::from_secs(1);
/// How long the end waits for a reader that is slow.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    /// There is something to write.
    filled: Condvar,
    /// There is nothing to write.
    emptied: Condvar,
    /// How often something was written.
    steps: AtomicU64,
    dropped: Arc<AtomicU64>,
}

#[derive(Debug, Default)]
struct Waiting {
    /// Entries: a length, what kind it is of, and so many bytes.
    entries: Vec<u8>,
    /// How many lines found no place behind them.
    dropped: u64,
    /// What the thread does.
    state: State,
    /// Whether somebody waits for the end of all that waits.
    is_due: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// It sleeps until something comes.
    #[default]
    Resting,
    /// It lets lines gather.
    Gathering,
    Writing,
}

/// What stands before an entry: its length, and whether it is packed.
const HEAD: usize = 5;

impl Waiting {
    fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.dropped == 0
    }
}

/// Puts a packed line in words.
pub(super) type Unpack = Box<dyn FnMut(&mut Vec<u8>, &[u8]) + Send>;

impl Queue {
    /// A queue, and the thread that empties it into `out`. `notice` words the line that tells how many
    /// lines were dropped, `unpack` each that came packed.
    pub(super) fn start(
        out: impl Write + Send + 'static,
        notice: fn(dropped: u64) -> String,
        unpack: Unpack,
    ) -> io::Result<Arc<Self>> {
        let queue = Arc::new(Self::default());
        let mut writer = Writer { queue: queue.clone(), out, notice, unpack, missed: 0, is_torn: false };
        std::thread::Builder::new().name("log".to_owned()).spawn(move || writer.run())?;
        Ok(queue)
    }

    /// How many lines were dropped, as a counter that goes on counting.
    pub(super) fn dropped(&self) -> Arc<AtomicU64> {
        self.dropped.clone()
    }

    /// Takes whole lines, or drops them.
    pub(super) fn push(&self, lines: &[u8]) {
        self.take(false, lines.len(), || count(lines), |entries| entries.extend_from_slice(lines));
    }

    /// Takes one line that is packed, or drops it.
    pub(super) fn push_packed(&self, pack: impl FnOnce(&mut Vec<u8>)) {
        self.take(true, 0, || 1, pack);
    }

    fn take(&self, is_packed: bool, length: usize, lines: impl FnOnce() -> u64, put: impl FnOnce(&mut Vec<u8>)) {
        let mut waiting = self.waiting.lock();
        let start = waiting.entries.len();
        // Once a line was dropped, so are all behind it: the notice stands where they are missing.
        let mut fits = waiting.dropped == 0 && start + length <= MOST;
        if fits {
            waiting.entries.extend_from_slice(&[0, 0, 0, 0, is_packed.into()]);
            put(&mut waiting.entries);
            let length = waiting.entries.len() - start - HEAD;
            fits = waiting.entries.len() <= MOST;
            match u32::try_from(length) {
                Ok(length) if fits => waiting.entries[start..start + 4].copy_from_slice(&length.to_le_bytes()),
                _ => waiting.entries.truncate(start),
            }
        }
        if !fits {
            let dropped = lines();
            waiting.dropped += dropped;
            self.dropped.fetch_add(dropped, Ordering::Relaxed);
        }
        let wakes = match waiting.state {
            State::Resting => start == 0,
            State::Gathering => start < URGENT && waiting.entries.len() >= URGENT,
            State::Writing => false,
        };
        drop(waiting);
        if wakes {
            self.filled.notify_one();
        }
    }

    /// Waits until all is written, but never long for a reader that does not read.
    pub(super) fn flush(&self) {
        let start = Stopwatch::start();
        let mut waiting = self.waiting.lock();
        while (waiting.state == State::Writing || !waiting.is_empty()) && start.elapsed() < FLUSH_TIMEOUT {
            waiting.is_due = true;
            self.filled.notify_one();
            let before = self.steps.load(Ordering::Relaxed);
            let is_late = self.emptied.wait_for(&mut waiting, STALL_TIMEOUT).timed_out();
            if is_late && before == self.steps.load(Ordering::Relaxed) {
                return;
            }
        }
    }
}

/// A line of the log, as a subscriber writes it: in one call.
impl Write for &Queue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Writer<W> {
    queue: Arc<Queue>,
    out: W,
    notice: fn(dropped: u64) -> String,
    unpack: Unpack,
    /// How many lines are missing that no notice told of.
    missed: u64,
    /// Whether what was last written ends within a line.
    is_torn: bool,
}

impl<W> fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl<W: Write> Writer<W> {
    fn run(&mut self) {
        let (mut entries, mut text) = (Vec::new(), Vec::new());
        loop {
            let dropped = self.take(&mut entries);
            let mut rest = &entries[..];
            while !rest.is_empty() {
                rest = self.word(rest, &mut text);
                self.put(&text);
                text.clear();
            }
            self.missed += dropped;
            self.tell();
            entries.clear();
            // One burst does not keep its memory for ever.
            entries.shrink_to(ROUND);
            text.shrink_to(2 * ROUND);
        }
    }

    /// Puts some entries in words; the rest of them.
    fn word<'e>(&mut self, mut entries: &'e [u8], text: &mut Vec<u8>) -> &'e [u8] {
        while text.len() < ROUND {
            let Some((&[a, b, c, d, is_packed], rest)) = entries.split_first_chunk::<HEAD>() else { return &[] };
            let length = u32::from_le_bytes([a, b, c, d]) as usize;
            let (entry, rest) = rest.split_at(length.min(rest.len()));
            match is_packed {
                0 => text.extend_from_slice(entry),
                _ => (self.unpack)(text, entry),
            }
            entries = rest;
        }
        entries
    }

    /// Waits for entries; how many lines are missing behind them.
    fn take(&self, entries: &mut Vec<u8>) -> u64 {
        let mut waiting = self.queue.waiting.lock();
        if waiting.state == State::Writing {
            waiting.state = State::Gathering;
            if waiting.is_empty() {
                self.queue.emptied.notify_all();
            }
            let start = Stopwatch::start();
            while !waiting.is_due && waiting.entries.len() < URGENT {
                let rest = GATHER.saturating_sub(start.elapsed());
                if rest.is_zero() || self.queue.filled.wait_for(&mut waiting, rest).timed_out() {
                    break;
                }
            }
        }
        waiting.state = State::Resting;
        while waiting.is_empty() {
            waiting.is_due = false;
            self.queue.emptied.notify_all();
            self.queue.filled.wait(&mut waiting);
        }
        waiting.state = State::Writing;
        std::mem::swap(&mut waiting.entries, entries);
        std::mem::take(&mut waiting.dropped)
    }

    /// Writes lines, or counts them as missing.
    fn put(&mut self, mut text: &[u8]) {
        while !text.is_empty() {
            let (piece, rest) = text.split_at(piece(text));
            self.tell();
            let left = if self.missed == 0 { self.write(piece) } else { piece };
            let dropped = count(left);
            self.missed += dropped;
            self.queue.dropped.fetch_add(dropped, Ordering::Relaxed);
            text = rest;
        }
    }

    /// Tells how many lines are missing, if that can be told.
    fn tell(&mut self) {
        if self.missed > 0 && self.write((self.notice)(self.missed).as_bytes()).is_empty() {
            self.missed = 0;
        }
    }

    /// Writes some lines; what is left of them if that failed.
    fn write<'a>(&mut self, mut text: &'a [u8]) -> &'a [u8] {
        if self.is_torn && !self.write_all(&mut &b"\n"[..]) {
            return text;
        }
        self.write_all(&mut text);
        text
    }

    fn write_all(&mut self, text: &mut &[u8]) -> bool {
        while !text.is_empty() {
            match self.out.write(text) {
                Ok(0) => return false,
                Ok(written) => {
                    let (done, rest) = text.split_at(written.min(text.len()));
                    self.is_torn = !done.ends_with(b"\n");
                    *text = rest;
                    self.queue.steps.fetch_add(1, Ordering::Relaxed);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Whoever shares this file made it one that does not block.
                Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::sleep(PAUSE),
                Err(_) => return false,
            }
        }
        true
    }
}

/// How much of a text is written at once: whole lines.
fn piece(text: &[u8]) -> usize {
    let end = match text.get(..PIECE) {
        None => None,
        Some(head) => memchr::memrchr(b'\n', head).or_else(|| memchr::memchr(b'\n', text)),
    };
    end.map_or(text.len(), |end| end + 1)
}

fn count(lines: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', lines).count() as u64
}

#[cfg(test)]
mod tests;
