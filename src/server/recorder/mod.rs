//! The thread that writes the record: every exchange of the server as a line of JSON, without secrets, as the journals have
//! them. What a reset, an expiry or a full journal takes from those stays in it.
//!
//! The first line says `start`, the last one `end` with the reason; `lost` stands where exchanges are missing that came too
//! fast. A file that reached its bound has no more exchanges, and its last line counts what came behind.

mod file;

use std::io::{self, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::json;

use crate::app::AppState;
use crate::app::record::{Batch, Record, Recorded};
use crate::control::Recounter;
use crate::fixtures::threads::wait_for;
use crate::world::clock::Clock;
use crate::world::journal::DeliveryState;
use crate::world::refusal::counted;

/// The least bound of a record: less has no room for an exchange.
pub(crate) const LEAST_RECORD: u64 = 4_096;

/// How much room the last line may need.
const LAST_LINE: u64 = 512;

/// How often is looked whether an answer that a fault holds back has left.
const STEP: Duration = Duration::from_millis(50);

/// The most exchanges whose answers are waited for; more are written as they are.
const MOST_HELD: usize = 1_024;

/// How long the end waits for the file.
const PATIENCE: Duration = Duration::from_secs(10);

/// The record of a server, until it is dropped: then what waits is written, and the last line.
#[derive(Debug)]
#[must_use = "a record that is dropped ends"]
pub(crate) struct Recorder {
    record: Record,
    thread: Option<JoinHandle<()>>,
}

impl Recorder {
    /// Records what a server answers from here on, in at most so many bytes. A record of before is replaced.
    ///
    /// # Errors
    ///
    /// The file cannot be taken: what is there is no regular file, no record, or another process writes it.
    pub(crate) fn start(path: &Path, most: u64, app: &Arc<AppState>) -> io::Result<Self> {
        let shown = path.display().to_string();
        let cannot =
            |error: io::Error| io::Error::new(error.kind(), format!("cannot write the record {shown}: {error}"));
        let out = file::open(path).map_err(cannot)?;
        let record = app.record.clone();
        let mut writer = Writer {
            out: BufWriter::with_capacity(64 << 10, out),
            path: shown.clone(),
            most: most.max(LEAST_RECORD),
            bytes: 0,
            exchanges: 0,
            record: record.clone(),
            is_open: true,
            is_full: false,
        };
        let line = json!({"start": {"persona_mock": env!("CARGO_PKG_VERSION"), "at": Clock::Real.now().to_string()}});
        let started = writer.put(&line.to_string()).and_then(|()| writer.out.flush());
        started.map_err(cannot)?;
        let app = Arc::downgrade(app);
        let thread = std::thread::Builder::new().name("persona-mock-record".to_owned()).spawn(move || {
            let explain = |recorded: &Recorded| {
                let app = app.upgrade()?;
                let line = || Recounter::new(&app).line(&recorded.sandbox, recorded.number, &recorded.exchange);
                // An exchange that cannot be told is lost, and no other.
                catch_unwind(AssertUnwindSafe(line)).ok()
            };
            run(&mut writer, &explain);
        })?;
        record.turn_on();
        Ok(Self { record, thread: Some(thread) })
    }
}

impl Recorder {
    /// Finds out, without a change, whether a record may stand there.
    ///
    /// # Errors
    ///
    /// What is there is no regular file, or no record.
    pub(crate) fn look(path: &Path) -> io::Result<()> {
        file::look(path)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.record.end();
        if let Some(thread) = self.thread.take()
            && !wait_for(thread, PATIENCE)
        {
            tracing::error!("the record did not end within {PATIENCE:?}; its last lines may be missing");
        }
    }
}

/// How an exchange is written; nothing where its server is gone.
type Explain<'e> = dyn Fn(&Recorded) -> Option<String> + 'e;

fn run<W: Write>(writer: &mut Writer<W>, explain: &Explain<'_>) {
    // What a fault holds back is written once it has left, so that its line says how.
    let mut held: Vec<Recorded> = Vec::new();
    loop {
        let Batch { all, lost, is_last } = writer.record.take((!held.is_empty()).then_some(STEP));
        let is_under_way = |one: &Recorded| one.exchange.progress().state == DeliveryState::UnderWay;
        let (waits, left): (Vec<_>, Vec<_>) = held.into_iter().partition(|one| !is_last && is_under_way(one));
        held = waits;
        left.iter().for_each(|one| writer.write(one, explain));
        for one in all {
            if !is_last && held.len() < MOST_HELD && is_under_way(&one) {
                held.push(one);
            } else {
                writer.write(&one, explain);
            }
        }
        if lost > 0 {
            writer.tell_lost(lost);
        }
        if is_last {
            return writer.end("the server stopped");
        }
        writer.flush();
    }
}

struct Writer<W: Write> {
    out: BufWriter<W>,
    path: String,
    most: u64,
    bytes: u64,
    exchanges: u64,
    record: Record,
    is_open: bool,
    /// Whether its bound is reached: it has its last line yet to come.
    is_full: bool,
}

impl<W: Write> Writer<W> {
    fn write(&mut self, recorded: &Recorded, explain: &Explain<'_>) {
        if !self.is_open || self.is_full {
            return self.record.count_lost(1);
        }
        let Some(line) = explain(recorded) else { return self.record.count_lost(1) };
        if self.bytes + line.len() as u64 + 1 + LAST_LINE > self.most {
            self.record.count_lost(1);
            tracing::warn!(
                "the record {} has {} bytes, and the next exchange would pass --record-bytes {}: it ends, and what comes is \
                 not in it",
                self.path,
                self.bytes,
                self.most
            );
            // Its last line waits until all that it lacks is known.
            self.is_full = true;
            self.record.close();
            return self.flush();
        }
        match self.put(&line) {
            Ok(()) => {
                self.exchanges += 1;
                self.record.count_written();
            }
            Err(error) => {
                self.record.count_lost(1);
                self.fail(&error);
            }
        }
    }

    fn put(&mut self, line: &str) -> io::Result<()> {
        self.out.write_all(line.as_bytes())?;
        self.out.write_all(b"\n")?;
        self.bytes += line.len() as u64 + 1;
        self.record.count_bytes(line.len() as u64 + 1);
        Ok(())
    }

    /// Says in the file how many exchanges are missing here.
    fn tell_lost(&mut self, lost: u64) {
        if !self.is_open || self.is_full {
            return;
        }
        let path = &self.path;
        let exchanges = counted(lost, "exchange");
        tracing::warn!("{exchanges} came faster than the record {path} could be written, and left no line in it");
        let line = json!({ "lost": lost }).to_string();
        if self.bytes + line.len() as u64 + 1 + LAST_LINE <= self.most
            && let Err(error) = self.put(&line)
        {
            self.fail(&error);
        }
    }

    fn flush(&mut self) {
        if self.is_open
            && let Err(error) = self.out.flush()
        {
            self.fail(&error);
        }
    }

    /// Writes the last line, once.
    fn end(&mut self, reason: &str) {
        if !std::mem::replace(&mut self.is_open, false) {
            return;
        }
        self.record.close();
        let full = self.is_full.then(|| format!("--record-bytes {} is reached", self.most));
        let reason = full.as_deref().unwrap_or(reason);
        let (_, _, lost) = self.record.counts();
        let at = Clock::Real.now().to_string();
        let line = json!({"end": {"reason": reason, "exchanges": self.exchanges, "lost": lost, "at": at}});
        if let Err(error) = self.put(&line.to_string()).and_then(|()| self.out.flush()) {
            tracing::error!("the record {} cannot be ended: {error}; its last lines are missing", self.path);
        }
    }

    fn fail(&mut self, error: &io::Error) {
        self.is_open = false;
        self.record.close();
        tracing::error!("the record {} cannot be written: {error}; what comes is not in it", self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Sandbox;
    use crate::app::sandbox::Start;
    use crate::world::clock::Stopwatch;
    use crate::world::discard::Discards;
    use crate::world::ids::Seed;
    use crate::world::journal::tests::exchange;
    use crate::world::journal::{Departure, Journals};
    use crate::world::sandbox::SandboxName;

    /// Takes so many bytes, then no more.
    struct Device {
        room: usize,
        written: Vec<u8>,
    }

    impl Write for Device {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.room);
            if taken == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.room -= taken;
            self.written.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn recorded(number: u64, departure: Option<Arc<Departure>>) -> Recorded {
        let (slots, discards, journals) = (Vec::new(), Discards::default(), Journals::default());
        let start = Start { clock: Clock::Real, seed: Seed(1), slots, journals, discards };
        let sandbox = Arc::new(Sandbox::new(SandboxName::default_name(), start, None));
        let mut exchange = exchange(1, 1);
        exchange.departure = departure;
        Recorded { sandbox, number, exchange: Arc::new(exchange) }
    }

    fn writer(room: usize, most: u64) -> Writer<Device> {
        let out = BufWriter::new(Device { room, written: Vec::new() });
        let (path, record) = ("run.ndjson".to_owned(), Record::default());
        Writer { out, path, most, bytes: 0, exchanges: 0, record, is_open: true, is_full: false }
    }

    fn lines(writer: &Writer<Device>) -> Vec<String> {
        let text = String::from_utf8(writer.out.get_ref().written.clone()).expect("UTF-8");
        text.lines().map(|line| line.split(",\"at\"").next().unwrap_or_default().to_owned()).collect()
    }

    fn number(recorded: &Recorded) -> Option<String> {
        Some(recorded.number.to_string())
    }

    #[test]
    fn what_a_fault_holds_back_is_written_once_it_has_left_or_at_the_end() {
        let mut writer = writer(usize::MAX, 10_000);
        let record = writer.record.clone();
        let (slow, endless) = [(); 2].map(|()| Arc::new(Departure::new(Stopwatch::start()))).into();
        record.put(recorded(1, Some(slow.clone())));
        record.put(recorded(2, Some(endless)));
        record.put(recorded(3, None));
        let thread = std::thread::Builder::new().spawn(move || {
            run(&mut writer, &number);
            writer
        });
        while record.counts().0 < 1 {
            std::thread::yield_now();
        }
        slow.end(DeliveryState::Left);
        while record.counts().0 < 2 {
            std::thread::yield_now();
        }
        record.end();
        let thread = thread.expect("a thread");
        while !thread.is_finished() {
            std::thread::yield_now();
        }
        assert_eq!(record.counts().0, 3);
    }

    #[test]
    fn a_device_that_is_full_ends_the_record_and_what_comes_is_counted() {
        let mut writer = writer(8, 10_000);
        (1..4).for_each(|one| writer.write(&recorded(one, None), &number));
        writer.flush();
        assert!(writer.is_open && lines(&writer) == ["1", "2", "3"]);
        (10..20).for_each(|one| writer.write(&recorded(one, None), &number));
        writer.flush();
        assert!(!writer.is_open);
        writer.write(&recorded(20, None), &number);
        writer.record.put(recorded(21, None));
        assert_eq!(writer.record.counts().2, 2);
    }

    #[test]
    fn the_last_line_has_room_whatever_comes_and_says_why_it_is_the_last() {
        let mut writer = writer(usize::MAX, 520);
        (1..9).for_each(|one| writer.write(&recorded(one, None), &number));
        writer.tell_lost(7);
        assert_eq!(lines(&writer), ["1", "2", "3", "4"], "what it has is in the file before its last line");
        (9..12).for_each(|one| writer.record.put(recorded(one, None)));
        writer.end("the server stopped");
        let end = "{\"end\":{\"reason\":\"--record-bytes 520 is reached\",\"exchanges\":4,\"lost\":7";
        assert_eq!(lines(&writer), ["1", "2", "3", "4", end]);
        assert!(writer.bytes <= 520);
        assert_eq!(writer.record.counts(), (4, writer.out.get_ref().written.len() as u64, 7));
    }

    #[test]
    fn a_gap_stands_where_exchanges_are_missing() {
        let mut writer = writer(usize::MAX, 10_000);
        writer.write(&recorded(1, None), &number);
        writer.tell_lost(7);
        writer.write(&recorded(9, None), &number);
        writer.end("the server stopped");
        assert_eq!(lines(&writer)[..3], ["1", "{\"lost\":7}", "9"]);
    }
}
