//! The line of a request: packed by who answers it, and written in words by the thread that writes the log.
//!
//! A subscriber formats each line where it is said, which costs as much as half of a request. What is packed here is
//! written later as the subscriber would have written it; a test holds that.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::queue::Queue;
use crate::server::middleware::trace::{Lines, Shown};
use crate::world::clock::Clock;

/// What stands before the texts of a packed line: its time, how long it took, its status, what it has, and the lengths of
/// its texts.
const HEAD: usize = 8 + 8 + 2 + 1 + 4 * TEXTS;
/// The texts of a line: method, path, provider, operation, sandbox, delivery and hint.
const TEXTS: usize = 7;
/// About how long the words around the texts of a line are.
const LINE: usize = 192;
const WARNING: u8 = 1;
const DELIVERY: u8 = 2;
const HINT: u8 = 4;

/// Packs the lines of requests into the queue.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) queue: Arc<Queue>,
    /// Whether lines are written that are no warnings.
    pub(super) all: bool,
}

impl Lines for Packed {
    fn take(&self, line: &Shown<'_>) {
        if self.all || line.is_warning {
            let now = Clock::Real.now();
            self.queue.push_packed(|out| pack(out, line, now));
        }
    }
}

fn pack(out: &mut Vec<u8>, line: &Shown<'_>, now: Timestamp) {
    let flag = |is: bool, flag: u8| if is { flag } else { 0 };
    let has =
        flag(line.is_warning, WARNING) | flag(line.delivery.is_some(), DELIVERY) | flag(line.hint.is_some(), HINT);
    let [delivery, hint] = [line.delivery, line.hint].map(Option::unwrap_or_default);
    let texts = [line.method, line.path, line.provider, line.operation, line.sandbox, delivery, hint];
    let mut head = [0; HEAD];
    head[..8].copy_from_slice(&now.as_microsecond().to_le_bytes());
    head[8..16].copy_from_slice(&u64::try_from(line.took.as_nanos()).unwrap_or(u64::MAX).to_le_bytes());
    head[16..18].copy_from_slice(&line.status.to_le_bytes());
    head[18] = has;
    for (length, text) in head[19..].chunks_exact_mut(4).zip(texts) {
        length.copy_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    }
    out.reserve(HEAD + texts.iter().map(|text| text.len()).sum::<usize>());
    out.extend_from_slice(&head);
    for text in texts.into_iter().filter(|text| !text.is_empty()) {
        out.extend_from_slice(text.as_bytes());
    }
}

/// How lines are written.
#[derive(Debug, Default)]
pub(super) struct Form {
    is_json: bool,
    /// The second that was last written, and how.
    second: Option<i64>,
    written: String,
}

/// Reads what was packed, piece by piece; nothing where it ends too early.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn number<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*number)
    }

    fn text(&mut self, length: u32) -> Option<&'a [u8]> {
        let (text, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(text)
    }
}

/// What stands between the texts of a line.
struct Words {
    time: &'static str,
    info: &'static str,
    warning: &'static str,
    names: [&'static str; TEXTS],
    status: &'static str,
    ms: &'static str,
    end: &'static str,
}

const TEXT: Words = Words {
    time: "",
    info: "  INFO",
    warning: "  WARN",
    names: [" method=", " path=", " provider=", " operation=", " sandbox=", " delivery=", " hint="],
    status: " status=",
    ms: " ms=",
    end: "\n",
};

const JSON: Words = Words {
    time: "{\"timestamp\":\"",
    info: "\",\"level\":\"INFO\"",
    warning: "\",\"level\":\"WARN\"",
    names: [
        ",\"method\":",
        ",\"path\":",
        ",\"provider\":",
        ",\"operation\":",
        ",\"sandbox\":",
        ",\"delivery\":",
        ",\"hint\":",
    ],
    status: ",\"status\":",
    ms: ",\"ms\":",
    end: "}\n",
};

impl Form {
    pub(super) fn text() -> Self {
        Self::default()
    }

    pub(super) fn json() -> Self {
        Self { is_json: true, ..Self::default() }
    }

    /// Writes what was packed.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, packed: &[u8]) {
        let start = out.len();
        if self.put(out, &mut Reader(packed)).is_none() {
            out.truncate(start);
        }
    }

    fn put(&mut self, out: &mut Vec<u8>, packed: &mut Reader<'_>) -> Option<()> {
        let words = if self.is_json { &JSON } else { &TEXT };
        let (time, took) = (i64::from_le_bytes(packed.number()?), u64::from_le_bytes(packed.number()?));
        let (status, [has]) = (u16::from_le_bytes(packed.number()?), packed.number()?);
        let mut lengths = [0; TEXTS];
        for length in &mut lengths {
            *length = u32::from_le_bytes(packed.number()?);
        }
        out.reserve(LINE + packed.0.len());
        out.extend_from_slice(words.time.as_bytes());
        self.put_time(out, time)?;
        let level = if has & WARNING != 0 { words.warning } else { words.info };
        out.extend_from_slice(level.as_bytes());
        for (number, (name, length)) in words.names.into_iter().zip(lengths).enumerate() {
            if number == 5 {
                out.extend_from_slice(words.status.as_bytes());
                put_number(out, status.into());
                out.extend_from_slice(words.ms.as_bytes());
                put_ms(out, Duration::from_nanos(took));
            }
            let is_there = match number {
                5 => has & DELIVERY != 0,
                6 => has & HINT != 0,
                _ => true,
            };
            let text = packed.text(length)?;
            if is_there {
                out.extend_from_slice(name.as_bytes());
                self.put_text(out, text);
            }
        }
        out.extend_from_slice(words.end.as_bytes());
        Some(())
    }

    fn put_text(&self, out: &mut Vec<u8>, text: &[u8]) {
        // Without a branch, so that many are looked at at once.
        let is_special = |byte: u8| !(0x20..0x7f).contains(&byte) | (byte == b'"') | (byte == b'\\');
        if text.iter().fold(false, |found, byte| found | is_special(*byte)) {
            let text = String::from_utf8_lossy(text);
            let escaped =
                if self.is_json { serde_json::to_string(&text).unwrap_or_default() } else { format!("{text:?}") };
            out.extend_from_slice(escaped.as_bytes());
        } else {
            out.push(b'"');
            out.extend_from_slice(text);
            out.push(b'"');
        }
    }

    /// A time to the microsecond. Most lines are of the second of the line before.
    fn put_time(&mut self, out: &mut Vec<u8>, time: i64) -> Option<()> {
        let (second, within) = (time.div_euclid(1_000_000), time.rem_euclid(1_000_000));
        if self.second != Some(second) {
            self.written = format!("{:.0}", Timestamp::from_second(second).ok()?);
            self.second = Some(second);
        }
        out.extend_from_slice(self.written.trim_end_matches('Z').as_bytes());
        out.push(b'.');
        let within = u64::try_from(within).ok()?;
        for pair in [within / 10_000, within / 100 % 100, within % 100] {
            out.extend_from_slice(&digits(pair));
        }
        out.push(b'Z');
        Some(())
    }
}

/// Two digits of a number below 100.
fn digits(number: u64) -> [u8; 2] {
    [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8]
}

/// Milliseconds to the hundredth, as a floating-point number is shown.
fn put_ms(out: &mut Vec<u8>, took: Duration) {
    let hundredths = (took.as_secs_f64() * 1e5).round() as u64;
    put_number(out, hundredths / 100);
    let [tens, ones] = digits(hundredths % 100);
    out.extend_from_slice(&[b'.', tens]);
    if ones != b'0' {
        out.push(ones);
    }
}

fn put_number(out: &mut Vec<u8>, number: u64) {
    let mut written = [0; 20];
    let (mut rest, mut start) = (number, written.len());
    loop {
        start -= 1;
        written[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&written[start..]);
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use parking_lot::Mutex;
    use proptest::prelude::*;
    use tracing_subscriber::fmt::format::Writer;
    use tracing_subscriber::fmt::time::FormatTime;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    /// A clock that stands still.
    struct At(Timestamp);

    impl FormatTime for At {
        fn format_time(&self, out: &mut Writer<'_>) -> std::fmt::Result {
            write!(out, "{:.6}", self.0)
        }
    }

    #[derive(Debug, Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
            self.0.lock().extend_from_slice(text);
            Ok(text.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What the subscriber writes of a line.
    fn said(line: &Shown<'_>, now: Timestamp, is_json: bool) -> String {
        let kept = Kept::default();
        let out = kept.clone();
        let lines = tracing_subscriber::fmt::layer().with_writer(move || out.clone()).with_ansi(false);
        let lines = lines.with_target(false).with_timer(At(now));
        if is_json {
            let subscriber = tracing_subscriber::registry().with(lines.json().flatten_event(true));
            tracing::subscriber::with_default(subscriber, || line.say());
        } else {
            tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || line.say());
        }
        let text = kept.0.lock().clone();
        String::from_utf8(text).unwrap()
    }

    fn written(line: &Shown<'_>, now: Timestamp, form: &mut Form) -> String {
        let (mut packed, mut out) = (Vec::new(), b"before\n".to_vec());
        pack(&mut packed, line, now);
        form.write(&mut out, &packed);
        let mut torn = out.clone();
        form.write(&mut torn, &packed[..packed.len() - 1]);
        assert_eq!(torn, out, "half of a line was written");
        String::from_utf8(out.split_off(7)).unwrap()
    }

    proptest! {
        #[test]
        fn a_packed_line_is_written_as_the_subscriber_writes_it(
            is_warning: bool,
            texts in prop::array::uniform5("[a-z/]{0,9}|\\PC{0,12}|(?s:.{0,12})"),
            (delivery, hint) in (prop::option::of("[ a-z]{0,9}"), prop::option::of("(?s:.{0,60})")),
            status in 100_u16..600,
            took in prop_oneof![0..2_000_000_u64, 0..100_000_000_000_000_u64],
            micros in 0..4_000_000_000_000_000_i64,
        ) {
            let [method, path, provider, operation, sandbox] = &texts;
            let (delivery, hint) = (delivery.as_deref(), hint.as_deref());
            let took = Duration::from_nanos(took);
            let line = Shown { is_warning, method, path, provider, operation, sandbox, status, took, delivery, hint };
            let now = Timestamp::from_microsecond(micros).unwrap();
            for (is_json, mut form) in [(false, Form::text()), (true, Form::json())] {
                let expected = said(&line, now, is_json);
                prop_assert_eq!(&written(&line, now, &mut form), &expected);
                prop_assert_eq!(written(&line, now, &mut form), expected);
            }
        }
    }
}
