//! Credentials that the sandbox lists. They have no form that tells of them, so each piece of a request is asked about. That
//! takes a while, and is done for requests alone that a vendor refused or did not read whole: a credential in the place of
//! a name is such a one.

use std::fmt;

use super::fold::folded;
use super::known::{ANYWHERE, Known};

/// How many pieces of a request are asked about.
const MOST: usize = 1_024;

/// What the sandbox lists as a credential.
#[derive(Clone, Copy)]
pub struct Listed<'a> {
    /// Whether it lists a text.
    pub is_listed: &'a dyn Fn(&str) -> bool,
    /// Whether each piece of the request is asked about.
    pub everywhere: bool,
}

impl fmt::Debug for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listed").field("everywhere", &self.everywhere).finish_non_exhaustive()
    }
}

impl Listed<'_> {
    /// Whether a text is a credential.
    pub(super) fn lists(self, text: &str) -> bool {
        text.len() >= ANYWHERE && (self.is_listed)(text)
    }
}

/// Takes note of the listed credentials in a part of a request.
pub(in crate::world::journal) fn learn_listed(text: &[u8], listed: Listed<'_>, known: &mut Known) {
    if listed.everywhere {
        each_piece(text, |piece| {
            if (listed.is_listed)(piece) {
                known.learn(piece.as_bytes());
            }
        });
    }
}

/// Gathers what [`learn_listed`] asks about, and what it is told.
pub(super) fn pieces(text: &[u8], is_listed: &dyn Fn(&str) -> bool, found: &mut Vec<(String, bool)>) {
    each_piece(text, |piece| {
        if !found.iter().any(|(known, _)| known == piece) {
            found.push((piece.to_owned(), is_listed(piece)));
        }
    });
}

fn each_piece(text: &[u8], mut look: impl FnMut(&str)) {
    let mut look = |piece: &str| {
        look(piece);
        false
    };
    any_piece(&folded(text), &mut look);
    // Where it stands as it is, a plus is no blank.
    if memchr::memchr(b'+', text).is_some() {
        any_piece(text, &mut look);
    }
}

/// Whether a text without escapes has a listed credential in it.
pub(super) fn is_in(text: &[u8], is_listed: &dyn Fn(&str) -> bool) -> bool {
    any_piece(text, is_listed)
}

/// What a byte does to the piece that it stands in: it ends it, or parts it.
const END: u8 = 1;
const PART: u8 = 2;

static MARKS: [u8; 256] = marks();

const fn marks() -> [u8; 256] {
    let mut marks = [0; 256];
    let mut byte = 0;
    while byte <= b'z' {
        marks[byte as usize] = match byte {
            0..=b' ' | b'"' | b'\'' | b',' | b';' | b'&' | b'<' | b'>' | b'[' | b']' | b'(' | b')' => END,
            b'/' | b'=' | b':' | b'?' | b'#' | b'@' => PART,
            _ => 0,
        };
        byte += 1;
    }
    marks[b'{' as usize] = END;
    marks[b'}' as usize] = END;
    marks
}

/// Whether one of the pieces of a text is what is sought: what stands between blanks and marks, and the parts of that where
/// it is a path, an assignment, or a name with its value.
fn any_piece(text: &[u8], mut is_sought: impl FnMut(&str) -> bool) -> bool {
    let mut asked = 0;
    let mut ask = |piece: &[u8]| {
        asked += 1;
        asked <= MOST && std::str::from_utf8(piece).is_ok_and(&mut is_sought)
    };
    let is_long = |piece: &&[u8]| piece.len() >= ANYWHERE;
    let mut rest = text;
    loop {
        let mut marks = 0;
        let ends = |byte: &u8| {
            let mark = MARKS[usize::from(*byte)];
            marks |= mark;
            mark == END
        };
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        let (piece, behind) = rest.split_at(length);
        if is_long(&piece) {
            if ask(piece) {
                return true;
            }
            let parts = |byte: &u8| MARKS[usize::from(*byte)] == PART;
            if marks & PART != 0 && piece.split(parts).filter(is_long).any(&mut ask) {
                return true;
            }
        }
        match behind.split_first() {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str, mark: u8) -> impl Iterator<Item = &str> {
        let is_it = move |char: char| MARKS.get(char as usize) == Some(&mark);
        text.split(is_it).filter(|piece| piece.len() >= ANYWHERE)
    }

    /// The same by splitting twice.
    fn split_twice(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        for piece in split(text, END) {
            all.push(piece);
            all.extend(split(piece, PART).filter(|part| *part != piece));
        }
        all
    }

    proptest! {
        #[test]
        fn each_piece_is_asked_about_and_each_long_part_of_it(text in "([a-z\u{e9}]{4,9}|[ ,/=:\"]){0,9}") {
            let mut asked = Vec::new();
            any_piece(text.as_bytes(), |piece| {
                asked.push(piece.to_owned());
                false
            });
            prop_assert_eq!(asked, split_twice(&text));
        }
    }
}
