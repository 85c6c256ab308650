//! What becomes of lines, whatever the device behind the queue does.

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
    Queue::start(
        device.clone(),
        |dropped| format!("{dropped} dropped\n"),
        Box::new(|text, packed| {
            text.extend_from_slice(b"packed ");
            text.extend_from_slice(packed);
        }),
    )
    .unwrap()
}

#[test]
fn nobody_waits_for_a_stuck_device_and_every_line_is_written_or_counted() {
    let device = Shared::default();
    device.change(|device| device.is_stuck = true);
    let queue = start(&device);
    let lines: Vec<_> = (0..3_000).map(|number| format!("{number:01000}\n")).collect();
    queue.push(lines[0].as_bytes());
    // Its thread takes what waits once, before the device stops it: what comes then finds no place twice.
    while queue.waiting.lock().state != State::Writing {
        std::thread::yield_now();
    }
    lines[1..].iter().for_each(|line| queue.push(line.as_bytes()));
    let dropped = queue.dropped().load(Ordering::Relaxed);
    assert!((900..2_500).contains(&dropped), "{dropped}");
    device.change(|device| device.is_stuck = false);
    queue.flush();
    queue.push(b"after\n");
    queue.flush();
    let kept = lines[..3_000 - usize::try_from(dropped).unwrap()].concat();
    assert!(device.text() == format!("{kept}{dropped} dropped\nafter\n"), "the notice is not where lines are missing");
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
fn packed_lines_stand_in_order_with_the_others_and_wake_nobody_under_load() {
    let device = Shared::default();
    let queue = start(&device);
    queue.push(b"first\n");
    let mut expected = "first\n".to_owned();
    for number in 0..20_000 {
        queue.push_packed(|out| out.extend_from_slice(format!("{number}\n").as_bytes()));
        queue.push(b"between\n");
        expected += &format!("packed {number}\nbetween\n");
    }
    queue.flush();
    assert!(device.text() == expected, "a line is missing or in another place");
    // One write has some 300 of these lines. Each round of the thread may end within such a piece.
    let most = expected.len() / (PIECE / 2) + 100;
    assert!(queue.steps.load(Ordering::Relaxed) < most as u64);
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
