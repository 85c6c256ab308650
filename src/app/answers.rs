//! The bytes of answers that wait for their clients: those that are too large to leave at once.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The largest body that leaves at once: the system takes so much, whatever its client does.
pub(crate) const AT_ONCE: usize = 65_536;

/// How many seconds whoever finds no room for an answer is asked to wait: in less than that, room is made.
pub(crate) const RETRY_AFTER_S: u64 = 2;

/// What a server holds for clients that read slowly, or not at all.
#[derive(Debug)]
pub(crate) struct Answers {
    most: u64,
    held: AtomicU64,
    /// Whether somebody found no room since room was made last.
    is_wanted: AtomicBool,
}

impl Answers {
    /// Nothing yet, and at most so many bytes.
    pub(crate) fn new(most: u64) -> Arc<Self> {
        Arc::new(Self { most, held: AtomicU64::new(0), is_wanted: AtomicBool::new(false) })
    }

    /// How many bytes are held.
    pub(crate) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }

    /// Holds an answer of so many bytes; nothing where it leaves at once. Where nothing else is held there is always room.
    ///
    /// # Errors
    ///
    /// There is none.
    pub(crate) fn hold(self: &Arc<Self>, bytes: usize) -> Result<Option<Waiting>, Full> {
        if bytes <= AT_ONCE {
            return Ok(None);
        }
        let bytes = bytes as u64;
        let room = |held: u64| (held == 0 || held.saturating_add(bytes) <= self.most).then_some(held + bytes);
        match self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room) {
            Ok(_) => Ok(Some(Waiting { answers: self.clone(), bytes })),
            Err(_) => Err(self.no_room()),
        }
    }

    /// Holds it whether there is room or not: what it tells of is done.
    pub(crate) fn hold_anyway(self: &Arc<Self>, bytes: usize) -> Option<Waiting> {
        (bytes > AT_ONCE).then(|| {
            self.held.fetch_add(bytes as u64, Ordering::Relaxed);
            Waiting { answers: self.clone(), bytes: bytes as u64 }
        })
    }

    /// Asks for room before something is done whose answer may be large.
    ///
    /// # Errors
    ///
    /// There is none.
    pub(crate) fn ask(&self) -> Result<(), Full> {
        if self.held() < self.most { Ok(()) } else { Err(self.no_room()) }
    }

    /// Whether an answer that nobody reads stands in the way of others.
    pub(crate) fn are_in_the_way(&self) -> bool {
        self.is_wanted.load(Ordering::Relaxed)
    }

    /// What is said where there is no room.
    pub(crate) fn full(&self) -> Full {
        Full { most: self.most }
    }

    fn no_room(&self) -> Full {
        self.is_wanted.store(true, Ordering::Relaxed);
        self.full()
    }
}

/// An answer that waits for its client, until it is dropped.
#[derive(Debug)]
pub(crate) struct Waiting {
    answers: Arc<Answers>,
    bytes: u64,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.answers.held.fetch_sub(self.bytes, Ordering::Relaxed);
        self.answers.is_wanted.store(false, Ordering::Relaxed);
    }
}

/// There is no room for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full {
    most: u64,
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "answers are full (--max-answers {})", self.most)
    }
}

impl Full {
    /// What makes room.
    pub(crate) fn hint(self) -> String {
        format!(
            "large answers that their clients have not read yet take the {} bytes that --max-answers allows; read them, or \
             close their connections, and send the request again in {RETRY_AFTER_S} seconds, or start the mock with a larger \
             --max-answers",
            self.most
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_to_the_last_byte_and_for_one_answer_always() {
        let answers = Answers::new(200_000);
        assert!(answers.hold(AT_ONCE).expect("room").is_none(), "what leaves at once is not held");
        let first = answers.hold(100_000).expect("room");
        assert_eq!(answers.hold(100_001).expect_err("no room").to_string(), "answers are full (--max-answers 200000)");
        assert!(answers.are_in_the_way());
        let second = answers.hold(100_000).expect("room");
        assert!(answers.ask().is_err() && answers.held() == 200_000);
        drop(first);
        assert!(answers.ask().is_ok() && !answers.are_in_the_way(), "room was made");
        let third = answers.hold_anyway(500_000);
        assert_eq!(answers.held(), 600_000);
        drop((second, third));
        let large = answers.hold(300_000).expect("one alone has room");
        assert!(answers.hold(AT_ONCE + 1).is_err());
        drop(large);
        assert_eq!(answers.held(), 0);
    }
}
