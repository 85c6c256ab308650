//! What a search reads of some rows, side by side: one buffer, so that a searcher is started once and not once a row.

use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::memmem::Finder;

/// No UTF-8 text holds this byte, so nothing is found across two texts.
pub(crate) const BETWEEN_TEXTS: u8 = 0xff;

/// The texts of some rows.
#[derive(Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    /// Where the text of each row ends, the byte behind it included.
    ends: Vec<usize>,
}

impl Texts {
    /// Adds the text of the next row.
    pub(super) fn push(&mut self, text: impl FnOnce(&mut Vec<u8>)) {
        text(&mut self.bytes);
        self.bytes.push(BETWEEN_TEXTS);
        self.ends.push(self.bytes.len());
    }

    /// To be kept, if there is room; whether there is.
    pub(super) fn keep(mut self) -> (Kept, bool) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
        let held = size_of::<Self>() + self.bytes.capacity() + self.ends.capacity() * size_of::<usize>();
        let is_kept = ROOM.take(held, MOST_SEARCHED);
        (Kept { texts: self, held: if is_kept { held } else { 0 } }, is_kept)
    }

    /// Tells each row whose text has what is sought, which is no empty text, in order.
    pub(super) fn find(&self, sought: &Finder<'_>, mut found: impl FnMut(usize)) {
        let mut next = sought.find(&self.bytes);
        for (row, end) in self.ends.iter().enumerate() {
            let Some(at) = next else { break };
            if at < *end {
                found(row);
                next = self.bytes.get(*end..).and_then(|bytes| sought.find(bytes)).map(|at| end + at);
            }
        }
    }
}

/// How many bytes of texts are kept for searches, of all tables of the process. Whoever searches more reads the rows.
pub(crate) const MOST_SEARCHED: usize = 256 << 20;

static ROOM: Room = Room(AtomicUsize::new(0));

/// How much of the room is taken.
struct Room(AtomicUsize);

impl Room {
    fn take(&self, bytes: usize, most: usize) -> bool {
        let add = |held: usize| held.checked_add(bytes).filter(|held| *held <= most);
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, add).is_ok()
    }

    fn give(&self, bytes: usize) {
        self.0.fetch_sub(bytes, Ordering::AcqRel);
    }
}

/// Texts that take room, or that are read once.
pub(super) struct Kept {
    texts: Texts,
    held: usize,
}

impl Deref for Kept {
    type Target = Texts;

    fn deref(&self) -> &Texts {
        &self.texts
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        ROOM.give(self.held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_within_their_room() {
        let room = Room(AtomicUsize::new(0));
        assert!(room.take(60, 100) && !room.take(41, 100) && room.take(40, 100) && !room.take(usize::MAX, 100));
        room.give(60);
        assert!(room.take(60, 100) && !room.take(1, 100));
    }

    #[test]
    fn texts_that_go_give_their_room_back() {
        let mut texts = Texts::default();
        texts.push(|out| out.extend_from_slice(&[b'a'; 10_000]));
        let (kept, is_kept) = texts.keep();
        assert!(is_kept && kept.held > 10_000 && ROOM.0.load(Ordering::Acquire) >= kept.held);
        let mut found = Vec::new();
        kept.find(&Finder::new("a"), |row| found.push(row));
        assert_eq!(found, [0]);
    }
}
