//! The bytes that clients make a server hold for a while: large answers that they have not read, and large bodies that are
//! on their way or worked on.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The largest body that counts nowhere: of an answer the system takes so much, whatever its client does, and a request that
/// brings no more is never refused for what others hold.
pub(crate) const AT_ONCE: usize = 65_536;

/// How much of a body comes in a second, at least, while others find no room beside it.
pub(crate) const SLOWEST: usize = 65_536;

/// How many seconds whoever finds no room is asked to wait: in less than that, room is made.
pub(crate) const RETRY_AFTER_S: u64 = 2;

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Bodies of requests, from the time that they are announced until nobody has them.
    Bodies,
    /// Answers whose clients read slowly, or not at all.
    Answers,
}

/// How many bytes of one kind a server holds, and how many it may.
#[derive(Debug)]
pub(crate) struct Room {
    kind: Kind,
    most: u64,
    held: AtomicU64,
    /// Whether somebody found no room since room was made last.
    is_wanted: AtomicBool,
}

impl Room {
    /// Room for answers: nothing yet, and at most so many bytes.
    pub(crate) fn for_answers(most: u64) -> Arc<Self> {
        Self::new(Kind::Answers, most)
    }

    /// Room for bodies: nothing yet, and at most so many bytes.
    pub(crate) fn for_bodies(most: u64) -> Arc<Self> {
        Self::new(Kind::Bodies, most)
    }

    fn new(kind: Kind, most: u64) -> Arc<Self> {
        Arc::new(Self { kind, most, held: AtomicU64::new(0), is_wanted: AtomicBool::new(false) })
    }

    /// How many bytes are held.
    pub(crate) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }

    /// Holds so many bytes; nothing where they count nowhere. Where nothing else is held there is always room.
    ///
    /// # Errors
    ///
    /// There is none.
    pub(crate) fn hold(self: &Arc<Self>, bytes: usize) -> Result<Option<Held>, Full> {
        if bytes <= AT_ONCE {
            return Ok(None);
        }
        let mut held = Held { room: self.clone(), bytes: 0, was_refused: false };
        held.grow(bytes)?;
        Ok(Some(held))
    }

    /// Holds them whether there is room or not: what they tell of is done.
    pub(crate) fn hold_anyway(self: &Arc<Self>, bytes: usize) -> Option<Held> {
        (bytes > AT_ONCE).then(|| {
            self.held.fetch_add(bytes as u64, Ordering::Relaxed);
            Held { room: self.clone(), bytes: bytes as u64, was_refused: false }
        })
    }

    /// Asks for room before something is done that may need much.
    ///
    /// # Errors
    ///
    /// There is none.
    pub(crate) fn ask(&self) -> Result<(), Full> {
        if self.held() < self.most { Ok(()) } else { Err(self.no_room()) }
    }

    /// Whether somebody found no room, so that whoever holds some and does not go on stands in the way.
    pub(crate) fn is_wanted(&self) -> bool {
        self.is_wanted.load(Ordering::Relaxed)
    }

    fn no_room(&self) -> Full {
        self.is_wanted.store(true, Ordering::Relaxed);
        self.bound()
    }

    /// What bounds it, for whoever stands in the way of others.
    pub(crate) fn bound(&self) -> Full {
        Full { kind: self.kind, most: self.most }
    }
}

/// Bytes that are held, until this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    room: Arc<Room>,
    bytes: u64,
    /// Whether it found no room to grow: then its end alone makes no room for the like of it.
    was_refused: bool,
}

impl Held {
    /// Holds so many bytes in all, if it does not already.
    ///
    /// # Errors
    ///
    /// There is no room for more; what is held stays.
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), Full> {
        let (own, bytes) = (self.bytes, bytes as u64);
        if bytes <= own {
            return Ok(());
        }
        let grown = |held: u64| {
            let others = held.saturating_sub(own);
            (others == 0 || others.saturating_add(bytes) <= self.room.most).then_some(others.saturating_add(bytes))
        };
        if self.room.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown).is_err() {
            self.was_refused = true;
            return Err(self.room.no_room());
        }
        self.bytes = bytes;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.room.held.fetch_sub(self.bytes, Ordering::Relaxed);
        if !self.was_refused {
            self.room.is_wanted.store(false, Ordering::Relaxed);
        }
    }
}

/// There is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full {
    kind: Kind,
    most: u64,
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Bodies => write!(f, "bodies are full (--max-bodies {})", self.most),
            Kind::Answers => write!(f, "answers are full (--max-answers {})", self.most),
        }
    }
}

impl Full {
    /// Why a body is not waited for that stood in the way of others.
    pub(crate) fn too_slow(self) -> String {
        let most = self.most;
        format!(
            "less than {SLOWEST} bytes of the body came in a second, while other requests found no room for theirs in the \
             {most} bytes that --max-bodies allows; send it faster, or send fewer large bodies at a time, or start the mock \
             with a larger --max-bodies"
        )
    }

    /// What makes room.
    pub(crate) fn hint(self) -> String {
        let most = self.most;
        match self.kind {
            Kind::Bodies => format!(
                "large bodies of other requests, which still arrive or are worked on, take the {most} bytes that --max-bodies \
                 allows; send fewer at a time, and this request again in {RETRY_AFTER_S} seconds, or start the mock with a \
                 larger --max-bodies"
            ),
            Kind::Answers => format!(
                "large answers that their clients have not read yet take the {most} bytes that --max-answers allows; read \
                 them, or close their connections, and send the request again in {RETRY_AFTER_S} seconds, or start the mock \
                 with a larger --max-answers"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_to_the_last_byte_and_for_one_alone_always() {
        let answers = Room::for_answers(200_000);
        assert!(answers.hold(AT_ONCE).expect("room").is_none(), "what leaves at once is not held");
        let first = answers.hold(100_000).expect("room");
        assert_eq!(answers.hold(100_001).expect_err("no room").to_string(), "answers are full (--max-answers 200000)");
        assert!(answers.is_wanted());
        let second = answers.hold(100_000).expect("room");
        assert!(answers.ask().is_err() && answers.held() == 200_000);
        drop(first);
        assert!(answers.ask().is_ok() && !answers.is_wanted(), "room was made");
        let third = answers.hold_anyway(500_000);
        assert_eq!(answers.held(), 600_000);
        drop((second, third));
        let large = answers.hold(300_000).expect("one alone has room");
        assert!(answers.hold(AT_ONCE + 1).is_err());
        drop(large);
        assert_eq!(answers.held(), 0);
    }

    #[test]
    fn what_is_held_grows_as_far_as_there_is_room() {
        let bodies = Room::for_bodies(300_000);
        let mut first = bodies.hold(100_000).expect("room").expect("a place");
        first.grow(90_000).expect("no more than it has");
        first.grow(400_000).expect("one alone has room");
        assert!(bodies.hold(AT_ONCE + 1).is_err());
        drop(first);
        let (mut one, other) = (bodies.hold(100_000).expect("room").expect("a place"), bodies.hold(100_000));
        one.grow(200_000).expect("room to the last byte");
        assert_eq!(one.grow(200_001).expect_err("no room").to_string(), "bodies are full (--max-bodies 300000)");
        assert_eq!(bodies.held(), 300_000, "what it has stays");
        drop(one);
        assert!(bodies.is_wanted(), "its own end made no room for it");
        drop(other);
        assert!(!bodies.is_wanted() && bodies.held() == 0);
    }
}
