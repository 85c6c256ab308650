//! Bodies that were looked at before and hold no secret. Whoever reads a record twice is answered the same twice, and what a
//! refused request sent is looked at for its hint and for the journal.
//!
//! Each thread remembers some of them, and compares every byte: a body that differs in one is looked at anew.

use std::cell::RefCell;

use super::known::Side;

/// The longest body that is remembered among many.
const SHORT: usize = 2_048;

/// The longest answer that is remembered; of what is sent, only short ones are.
const LONG: usize = 20 << 10;

/// How many of each kind: all together take 80 kB at most.
const SHORT_ONES: usize = 16;
const LONG_ONES: usize = 2;

/// How many short ones that clients sent.
const SENT_ONES: usize = 4;

thread_local! {
    static CLEAN: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// The place where a text is remembered, if it is.
fn place(text: &[u8], side: Side) -> Option<usize> {
    // A few pieces tell most records apart.
    let step = (text.len() / 8).max(8);
    let pieces = text.chunks(step).filter_map(|piece| piece.first_chunk::<8>());
    let number = pieces.fold(text.len() as u64, |sum, piece| {
        (sum.rotate_left(5) ^ u64::from_le_bytes(*piece)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    // The upper bits hang on all of them.
    let number = usize::try_from(number >> 48).unwrap_or_default();
    let length = text.len();
    match side {
        Side::Request => (length <= SHORT).then_some(SHORT_ONES + LONG_ONES + number % SENT_ONES),
        Side::Answer if length <= SHORT => Some(number % SHORT_ONES),
        Side::Answer => (length <= LONG).then_some(SHORT_ONES + number % LONG_ONES),
    }
}

/// Whether a text was looked at and holds no secret and no escape, as far as this thread remembers.
pub(super) fn is_known(text: &[u8], side: Side) -> bool {
    let Some(place) = place(text, side) else { return false };
    let is_same = CLEAN
        .try_with(|clean| clean.try_borrow().is_ok_and(|clean| clean.get(place).is_some_and(|known| known == text)));
    is_same.unwrap_or(false)
}

/// Remembers that a text holds no secret and no escape.
pub(super) fn remember(text: &[u8], side: Side) {
    let Some(place) = place(text, side) else { return };
    let _ = CLEAN.try_with(|clean| {
        let Ok(mut clean) = clean.try_borrow_mut() else { return };
        if clean.is_empty() {
            clean.resize(SHORT_ONES + LONG_ONES + SENT_ONES, Vec::new());
        }
        if let Some(known) = clean.get_mut(place) {
            known.clear();
            known.extend_from_slice(text);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_by_each_of_its_bytes_and_by_its_side() {
        for (length, sides) in [(1, 2), (7, 2), (100, 2), (SHORT, 2), (SHORT + 1, 1), (LONG, 1)] {
            let mut text = vec![b'a'; length];
            for side in [Side::Answer, Side::Request].into_iter().take(sides) {
                assert!(!is_known(&text, side), "{length}");
                remember(&text, side);
                assert!(is_known(&text, side), "{length}");
                for at in [0, length / 2, length - 1] {
                    text[at] = b'b';
                    assert!(!is_known(&text, side), "{length} {at}");
                    text[at] = b'a';
                }
            }
        }
        for (length, side) in [(LONG + 1, Side::Answer), (SHORT + 1, Side::Request)] {
            let long = vec![b'a'; length];
            remember(&long, side);
            assert!(!is_known(&long, side));
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        for number in 0..10_000_usize {
            let text = format!("{{\"id\":{number},\"text\":\"{}\"}}", "x".repeat(number * 7 % LONG));
            remember(text.as_bytes(), Side::Answer);
            remember(text.as_bytes(), Side::Request);
        }
        let held = CLEAN.with_borrow(|clean| clean.iter().map(Vec::capacity).sum::<usize>());
        assert!(held <= 2 * ((SHORT_ONES + SENT_ONES) * SHORT + LONG_ONES * LONG), "{held}");
    }
}
