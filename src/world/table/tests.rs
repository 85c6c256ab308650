//! Tables beside plain lists.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, PartialEq)]
struct Note {
    id: u8,
    team: u8,
    rank: u8,
}

impl Row for Note {
    type Id = u8;
    type Group = u8;
    type Order = (u8, Made);

    fn id(&self) -> u8 {
        self.id
    }
    fn groups(&self) -> Vec<u8> {
        vec![self.team]
    }
    fn order(&self, made: Made) -> (u8, Made) {
        (self.rank, made)
    }
    fn weight(&self) -> usize {
        size_of::<Self>()
    }
}

/// Notes in the order in which they were made.
#[derive(Default)]
struct Plain(Vec<Note>);

impl Plain {
    fn insert(&mut self, note: Note) -> Option<Note> {
        match self.0.iter_mut().find(|known| known.id == note.id) {
            Some(known) => Some(std::mem::replace(known, note)),
            None => {
                self.0.push(note);
                None
            }
        }
    }

    fn remove(&mut self, id: u8) -> Option<Note> {
        let at = self.0.iter().position(|known| known.id == id)?;
        Some(self.0.remove(at))
    }

    fn list(&self, team: u8) -> Vec<Note> {
        let mut listed: Vec<_> = self.0.iter().filter(|note| note.team == team).cloned().collect();
        listed.sort_by_key(|note| note.rank);
        listed
    }
}

proptest! {
    #[test]
    fn lists_by_rank_and_then_in_the_order_of_making(
        steps in proptest::collection::vec((0u8..5, 0u8..12, 0u8..3, 0u8..2), 0..60),
    ) {
        let mut table = Table::default();
        let mut plain = Plain::default();
        for (what, id, team, rank) in steps {
            let note = Note { id, team, rank };
            match what {
                0 | 1 => prop_assert_eq!(table.insert(note.clone()).as_deref().cloned(), plain.insert(note)),
                2 => prop_assert_eq!(table.remove(&id).as_deref().cloned(), plain.remove(id)),
                3 => table = table.clone(),
                // Through a file: the rows alone, in the order of their making.
                _ => {
                    let loaded: Table<Note> = table.in_order_made().map(|row| Note::clone(row)).collect();
                    prop_assert_eq!(&loaded, &table);
                    table = loaded;
                }
            }
            prop_assert_eq!(table.len(), plain.0.len());
            for team in 0..3 {
                let listed: Vec<_> = table.list(&team).map(|row| Note::clone(row)).collect();
                prop_assert_eq!(table.count(&team), listed.len());
                prop_assert_eq!(listed, plain.list(team));
            }
        }
    }
}

#[test]
fn tables_whose_lists_differ_are_not_equal() {
    let note = |id| Note { id, team: 1, rank: 1 };
    let table = |ids: [u8; 2]| ids.into_iter().map(note).collect::<Table<_>>();
    assert_eq!(table([1, 2]), table([1, 2]));
    assert_ne!(table([1, 2]), table([2, 1]));
    let mut gapped = table([7, 1]);
    gapped.insert(note(2));
    gapped.remove(&7);
    assert_eq!(gapped, table([1, 2]), "a gap in the numbers does not count");
}

#[test]
fn a_fork_does_not_see_later_writes() {
    let mut table: Table<Note> = [Note { id: 1, team: 1, rank: 1 }].into_iter().collect();
    let fork = table.clone();
    table.remove(&1);
    assert_eq!(table.len(), 0);
    assert_eq!(fork.len(), 1);
}

/// A text in a list.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    id: u32,
    text: &'static str,
    page: u8,
}

impl Row for Line {
    type Id = u32;
    type Group = u8;
    type Order = std::cmp::Reverse<Made>;

    fn id(&self) -> u32 {
        self.id
    }
    fn groups(&self) -> Vec<u8> {
        vec![self.page, u8::MAX]
    }
    fn order(&self, made: Made) -> Self::Order {
        std::cmp::Reverse(made)
    }
    fn weight(&self) -> usize {
        0
    }
    fn push_text(&self, out: &mut Vec<u8>) {
        READ.set(READ.get() + 1);
        out.extend_from_slice(self.text.as_bytes());
    }
}

thread_local! {
    static READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many texts are read meanwhile.
fn read<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = READ.get();
    let outcome = work();
    (outcome, READ.get() - before)
}

const TEXTS: [&str; 8] = ["", "a", "ab", "b", "éa", "aéb", "abab", "ς"];

proptest! {
    #[test]
    fn a_search_finds_what_a_look_at_each_row_does(
        steps in proptest::collection::vec((0u32..1_500, 0u32..120, 0usize..8, 0u8..3), 1..30),
        (sought, offset, limit, wanted) in (0usize..8, 0usize..400, 0usize..60, 0u32..3),
    ) {
        let mut table: Table<Line> = Table::default();
        for (first, many, text, page) in steps {
            for id in first..first + many {
                let text = TEXTS[(text + id as usize * page as usize) % 8];
                match page {
                    2 => drop(table.remove(&id)),
                    page => drop(table.insert(Line { id, text, page })),
                }
            }
            let fork = table.clone();
            for group in [0, 1, u8::MAX] {
                let accepts = |line: &Line| line.id % 3 >= wanted;
                for accepts in [None, Some(&accepts as &dyn Fn(&Line) -> bool)] {
                    let sought = TEXTS[sought];
                    let fits = |line: &&Arc<Line>| line.text.contains(sought) && accepts.is_none_or(|accepts| accepts(line));
                    let naive: Vec<_> = table.list(&group).filter(fits).collect();
                    let shown: Vec<_> = naive.iter().copied().skip(offset).take(limit).collect();
                    let page = Page { offset, limit };
                    prop_assert_eq!(table.search(&group, sought, page, accepts), (shown.clone(), naive.len()));
                    prop_assert_eq!(fork.search(&group, sought, page, accepts), (shown, naive.len()));
                }
            }
        }
    }
}

#[test]
fn a_search_reads_again_only_the_texts_near_a_change() {
    let line = |id| Line { id, text: "b", page: 0 };
    let mut table: Table<Line> = (0..20_000).map(line).collect();
    let all = Page { offset: 0, limit: 1 };
    let search = |table: &Table<Line>, sought| table.search(&0, sought, all, None).1;
    assert_eq!(read(|| search(&table, "b")), (20_000, 20_000));
    assert_eq!(read(|| search(&table, "a")), (0, 0), "texts are kept");
    let fork = table.clone();
    table.insert(Line { text: "a", ..line(7_000) });
    let near = listing::MOST * listing::MOST;
    let (found, looked) = read(|| search(&table, "a"));
    assert_eq!(found, 1);
    assert!((1..=near).contains(&looked), "{looked}");
    // What was replaced keeps no texts: a history holds many of those.
    assert_eq!(read(|| search(&fork, "a")), (0, looked));
    assert_eq!((read(|| search(&fork, "a")), read(|| search(&table, "a"))), ((0, 0), (1, 0)));
}
