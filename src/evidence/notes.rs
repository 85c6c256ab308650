//! What is listed beside the cells: the same thing once, with how often it came. The lists are bounded.

use crate::api::CoverageNote;

/// How many different things a list has.
pub(crate) const MOST_NOTES: usize = 100;

/// The most bytes of what one of them says.
pub(crate) const LONGEST_NOTE: usize = 200;

/// What is said of all that came once a list was full.
const OTHERS: &str = "others";

/// A list.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: Vec<(Box<str>, u64)>,
    others: u64,
}

impl Notes {
    pub(super) fn add(&mut self, what: &str) {
        let what = cut(what);
        let has_room = self.notes.len() < MOST_NOTES;
        match self.notes.iter_mut().find(|(known, _)| **known == *what) {
            Some((_, times)) => *times += 1,
            None if has_room => self.notes.push((what.into(), 1)),
            None => self.others += 1,
        }
    }

    /// Takes one away again.
    pub(super) fn take(&mut self, what: &str) {
        let what = cut(what);
        match self.notes.iter().position(|(known, _)| **known == *what) {
            Some(at) => {
                if let Some((_, times)) = self.notes.get_mut(at) {
                    *times -= 1;
                    if *times == 0 {
                        self.notes.swap_remove(at);
                    }
                }
            }
            None => self.others = self.others.saturating_sub(1),
        }
    }

    /// All of them, the commonest first.
    pub(super) fn list(&self) -> Vec<CoverageNote> {
        let note = |(what, times): &(Box<str>, u64)| CoverageNote { what: what.to_string(), times: *times };
        let mut list: Vec<_> = self.notes.iter().map(note).collect();
        list.sort_by(|one, other| other.times.cmp(&one.times).then_with(|| one.what.cmp(&other.what)));
        if self.others > 0 {
            list.push(CoverageNote { what: OTHERS.to_owned(), times: self.others });
        }
        list
    }
}

fn cut(what: &str) -> &str {
    what.get(..what.floor_char_boundary(LONGEST_NOTE)).unwrap_or(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_counts_what_is_the_same_and_is_bounded() {
        let mut notes = Notes::default();
        for number in 0..MOST_NOTES + 5 {
            notes.add(&format!("GET /{number}"));
        }
        notes.add("GET /7");
        notes.add(&"\u{e9}".repeat(LONGEST_NOTE));
        let list = notes.list();
        let shown = |at: usize| (&*list[at].what, list[at].times);
        assert_eq!((shown(0), shown(MOST_NOTES), list.len()), (("GET /7", 2), (OTHERS, 6), MOST_NOTES + 1));
        assert_eq!(cut(&"\u{e9}".repeat(LONGEST_NOTE)).len(), LONGEST_NOTE);
    }

    #[test]
    fn what_is_taken_away_is_gone_once_it_was_taken_as_often_as_it_came() {
        let mut notes = Notes::default();
        ["a", "a", "b"].iter().for_each(|what| notes.add(what));
        ["a", "b", "never"].iter().for_each(|what| notes.take(what));
        assert_eq!(notes.list().iter().map(|note| (&*note.what, note.times)).collect::<Vec<_>>(), [("a", 1)]);
    }
}
