//! The way of a line to standard error: a queue bounded in bytes, and one thread that writes.
//!
//! Whoever logs never waits. A terminal may stand still, a pipe may have no reader, a disk may be full:
//! what does not fit is dropped and counted, and one line says how many lines that were, as soon as a
//! line can be written again.

use std::io::{self, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::world::clock::Stopwatch;

/// How many bytes may wait: some 8,000 lines.
pub(in crate::cli) const MOST: usize = 1 << 20;
/// How many bytes are written at once, so that lines of processes that share a pipe do not mix:
/// Linux writes this much in one piece.
const PIECE: usize = 4_096;
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
    text: Vec<u8>,
    /// How many lines found no place behind `text`.
    dropped: u64,
    /// Whether the thread writes what it took.
    writing: bool,
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.dropped == 0
    }
}

impl Queue {
    /// A queue, and the thread that empties it into `out`. `notice` words the line that tells how many
    /// lines were dropped.
    pub(super) fn start(out: impl Write + Send + 'static, notice: fn(dropped: u64) -> String) -> io::Result<Arc<Self>> {
        let queue = Arc::new(Self::default());
        let mut writer = Writer { queue: queue.clone(), out, notice, missed: 0, is_torn: false };
        std::thread::Builder::new().name("log".to_owned()).spawn(move || writer.run())?;
        Ok(queue)
    }

    /// How many lines were dropped, as a counter that goes on counting.
    pub(super) fn dropped(&self) -> Arc<AtomicU64> {
        self.dropped.clone()
    }

    /// Takes whole lines, or drops them.
    pub(super) fn push(&self, lines: &[u8]) {
        let mut waiting = self.waiting.lock();
        // Once a line was dropped, so are all behind it: the notice stands where they are missing.
        if waiting.dropped > 0 || waiting.text.len() + lines.len() > MOST {
            let dropped = count(lines);
            waiting.dropped += dropped;
            self.dropped.fetch_add(dropped, Ordering::Relaxed);
        } else {
            waiting.text.extend_from_slice(lines);
        }
        if !waiting.writing {
            self.filled.notify_one();
        }
    }

    /// Waits until all is written, but never long for a reader that does not read.
    pub(super) fn flush(&self) {
        let start = Stopwatch::start();
        let mut waiting = self.waiting.lock();
        while (waiting.writing || !waiting.is_empty()) && start.elapsed() < FLUSH_TIMEOUT {
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
    /// How many lines are missing that no notice told of.
    missed: u64,
    /// Whether what was last written ends within a line.
    is_torn: bool,
}

impl<W: Write> Writer<W> {
    fn run(&mut self) {
        let mut text = Vec::new();
        loop {
            let dropped = self.take(&mut text);
            self.put(&text);
            self.missed += dropped;
            self.tell();
            text.clear();
            // One burst does not keep its memory for ever.
            text.shrink_to(16 * PIECE);
        }
    }

    /// Waits for text; how many lines are missing behind it.
    fn take(&self, text: &mut Vec<u8>) -> u64 {
        let mut waiting = self.queue.waiting.lock();
        waiting.writing = false;
        while waiting.is_empty() {
            self.queue.emptied.notify_all();
            self.queue.filled.wait(&mut waiting);
        }
        waiting.writing = true;
        std::mem::swap(&mut waiting.text, text);
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
mod tests {
    use super::*;

    /// What a device does at its next writes; once all is done, it takes everything.
    #[derive(Debug, Default)]
    struct Device {
        written: Vec<u8>,
        refused: u32,
        /// How many bytes it takes before it refuses.
        room: usize,
        is_stuck: bool,
    }

    #[derive(Debug, Clone, Default)]
    struct Shared(Arc<(Mutex<Device>, Condvar)>);

    impl Shared {
        fn change(&self, change: impl FnOnce(&mut Device)) {
            change(&mut self.0.0.lock());
            self.0.1.notify_all();
        }

        fn text(&self) -> String {
            String::from_utf8(self.0.0.lock().written.clone()).unwrap()
        }
    }

    impl Write for Shared {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            let (device, changed) = &*self.0;
            let mut device = device.lock();
            while device.is_stuck {
                changed.wait(&mut device);
            }
            if device.refused > 0 && device.room == 0 {
                device.refused -= 1;
                return Err(ErrorKind::StorageFull.into());
            }
            let taken = if device.refused > 0 { text.len().min(device.room) } else { text.len() };
            device.room -= taken.min(device.room);
            device.written.extend_from_slice(&text[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn start(device: &Shared) -> Arc<Queue> {
        Queue::start(device.clone(), |dropped| format!("{dropped} dropped\n")).unwrap()
    }

    #[test]
    fn nobody_waits_for_a_device_that_is_stuck_and_every_line_is_written_or_counted() {
        let device = Shared::default();
        device.change(|device| device.is_stuck = true);
        let queue = start(&device);
        let lines: Vec<_> = (0..3_000).map(|number| format!("{number:01000}\n")).collect();
        lines.iter().for_each(|line| queue.push(line.as_bytes()));
        let dropped = queue.dropped().load(Ordering::Relaxed);
        assert!((900..2_500).contains(&dropped), "{dropped}");
        device.change(|device| device.is_stuck = false);
        queue.flush();
        queue.push(b"after\n");
        queue.flush();
        let kept = lines[..3_000 - usize::try_from(dropped).unwrap()].concat();
        assert!(
            device.text() == format!("{kept}{dropped} dropped\nafter\n"),
            "the notice is not where lines are missing"
        );
    }

    #[test]
    fn the_end_does_not_wait_for_a_device_that_is_stuck() {
        let device = Shared::default();
        device.change(|device| device.is_stuck = true);
        let queue = start(&device);
        queue.push(b"one\n");
        let stopwatch = Stopwatch::start();
        queue.flush();
        assert!(stopwatch.elapsed() >= STALL_TIMEOUT);
        assert_eq!(device.text(), "");
        device.change(|device| device.is_stuck = false);
    }

    #[test]
    fn lines_that_a_full_device_refused_are_told_of_once_it_takes_one() {
        let device = Shared::default();
        device.change(|device| (device.refused, device.room) = (3, 2));
        let queue = start(&device);
        for line in ["torn\n", "lost\n", "three\n", "four\n"] {
            queue.push(line.as_bytes());
            queue.flush();
        }
        assert_eq!(device.text(), "to\n2 dropped\nthree\nfour\n");
        assert_eq!(queue.dropped().load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_line_larger_than_the_queue_is_counted_and_stops_nothing() {
        let device = Shared::default();
        let queue = start(&device);
        queue.push(&[vec![b'x'; MOST], b"\n".to_vec()].concat());
        queue.flush();
        queue.push(b"small\n");
        queue.flush();
        assert_eq!(device.text(), "1 dropped\nsmall\n");
    }

    #[test]
    fn a_piece_is_whole_lines() {
        let line = |length: usize| [vec![b'x'; length - 1], b"\n".to_vec()].concat();
        assert_eq!(piece(b"one\ntwo\n"), 8);
        assert_eq!(piece(&[line(4_000), line(96), line(1)].concat()), PIECE);
        assert_eq!(piece(&[line(4_000), line(97)].concat()), 4_000);
        assert_eq!(piece(&[line(9_000), line(97)].concat()), 9_000);
        assert_eq!(piece(&[b'x'; 9_000]), 9_000);
    }
}
