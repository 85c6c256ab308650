//! A table of records on persistent maps: found by id, listed in order within a group.
//!
//! A table counts its records as they are made. Where times tie, that number orders a list, so that no list
//! hangs on random ids. No file states it: the order of the rows in a fixture does.

mod nodes;
mod shared;

use std::borrow::Borrow;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use imbl::{HashMap, OrdMap};

use super::cancel;
use super::weight::{self, Charge, Copied};

/// A record of a [`Table`].
pub(crate) trait Row {
    /// What names the record.
    type Id: Clone + Eq + Hash;
    /// What lists the record with others: a team, an account, an owner.
    type Group: Clone + Eq + Hash;
    /// Where the record stands in its lists; must be unique, so end it with [`Made`].
    type Order: Clone + Ord;

    /// What names this record.
    fn id(&self) -> Self::Id;
    /// The lists that show this record.
    fn groups(&self) -> Vec<Self::Group>;
    /// Where this record, made at this turn, stands in them.
    fn order(&self, made: Made) -> Self::Order;
    /// About how many bytes it takes, its own texts above all.
    fn weight(&self) -> usize;
}

/// The turn at which a record of a table was made: the later the greater. A change of a record keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Made(u64);

/// What a table takes for a record beside the record itself: its share of the nodes by id and of each list.
const PLACE: usize = 128;

/// A record, the turn at which it was made, and the charge for it where a request wrote it.
struct Placed<R> {
    made: Made,
    row: Arc<R>,
    charge: Option<Arc<Charge>>,
}

impl<R> Clone for Placed<R> {
    fn clone(&self) -> Self {
        Self { made: self.made, row: self.row.clone(), charge: self.charge.clone() }
    }
}

type Listing<R> = OrdMap<<R as Row>::Order, Arc<R>>;

/// Records by id, and in order by group. Cloning a table is O(1); a write costs O(log n).
pub(crate) struct Table<R: Row> {
    rows: HashMap<R::Id, Placed<R>>,
    groups: HashMap<R::Group, Listing<R>>,
    next: u64,
    /// Which table it is: its clones are the same one.
    number: u64,
}

/// How many tables there were.
static TABLES: AtomicU64 = AtomicU64::new(0);

impl<R: Row> Table<R> {
    /// The record with this id.
    #[must_use]
    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&self, id: &Q) -> Option<&Arc<R>>
    where
        R::Id: Borrow<Q>,
    {
        self.rows.get(id).map(|placed| &placed.row)
    }

    /// When the record with this id was made.
    #[must_use]
    pub(crate) fn made(&self, id: &R::Id) -> Option<Made> {
        self.rows.get(id).map(|placed| placed.made)
    }

    /// Whether a record has this id.
    #[must_use]
    pub(crate) fn contains(&self, id: &R::Id) -> bool {
        self.rows.contains_key(id)
    }

    /// How many records there are.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// All records, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<R>> {
        self.rows.values().map(|placed| &placed.row)
    }

    /// All records in the order in which they were made, as long as they are wanted. Sorts them, so it is for exports.
    pub(crate) fn in_order_made(&self) -> impl DoubleEndedIterator<Item = &Arc<R>> {
        let mut rows: Vec<_> = self.rows.values().collect();
        rows.sort_unstable_by_key(|placed| placed.made);
        rows.into_iter().filter(|_| cancel::step().is_ok()).map(|placed| &placed.row)
    }

    /// The records of a group, in order.
    pub(crate) fn list<'t>(&'t self, group: &R::Group) -> impl DoubleEndedIterator<Item = &'t Arc<R>> + use<'t, R> {
        self.groups.get(group).into_iter().flat_map(|listing| listing.values())
    }

    /// How many records a group has, without walking it.
    #[must_use]
    pub(crate) fn count(&self, group: &R::Group) -> usize {
        self.groups.get(group).map_or(0, OrdMap::len)
    }

    /// Puts a record in: made now, or in place of the one with the same id, which is returned.
    pub(crate) fn insert(&mut self, row: impl Into<Arc<R>>) -> Option<Arc<R>> {
        self.insert_made(None, row.into())
    }

    /// Puts a record in as made when one was that was taken out, or as made now.
    pub(crate) fn put_in(&mut self, made: Option<Made>, row: impl Into<Arc<R>>) {
        self.insert_made(made, row.into());
    }

    /// Takes a record out that may be put back in: when it was made.
    pub(crate) fn take_out(&mut self, id: &R::Id) -> Option<Made> {
        let made = self.made(id)?;
        self.remove(id).map(|_| made)
    }

    fn insert_made(&mut self, made: Option<Made>, row: Arc<R>) -> Option<Arc<R>> {
        let id = row.id();
        let former = self.take(&id);
        let (is_there, was_taken_out) = (former.is_some(), made.is_some());
        let made = made.or(former.as_ref().map(|placed| placed.made)).unwrap_or_else(|| {
            self.next += 1;
            Made(self.next - 1)
        });
        let groups = row.groups();
        // Who takes a row out first has copied the way to it already.
        if is_there || !was_taken_out {
            weight::copies(|| self.copies(&groups));
        }
        let charge = weight::charge(row.weight() + PLACE * (1 + groups.len()));
        for group in groups {
            self.groups.entry(group).or_default().insert(row.order(made), row.clone());
        }
        self.rows.insert(id, Placed { made, row, charge });
        former.map(|placed| placed.row)
    }

    /// Takes a record out. One that is put in again under its id is a new one.
    pub(crate) fn remove(&mut self, id: &R::Id) -> Option<Arc<R>> {
        weight::copies(|| self.copies(&self.get(id).map(|row| row.groups()).unwrap_or_default()));
        self.take(id).map(|placed| placed.row)
    }

    /// What a change of a record in these lists copies, and all that there is to copy.
    fn copies(&self, groups: &[R::Group]) -> Copied {
        let row = size_of::<(R::Id, Placed<R>)>();
        let group = size_of::<(R::Group, Listing<R>)>();
        let listed = size_of::<(R::Order, Arc<R>)>();
        let lists: usize = groups.iter().map(|group| nodes::in_order(self.count(group), listed)).sum();
        let bytes = nodes::by_id(self.len(), row) + nodes::by_id(self.groups.len(), group) + lists;
        let most = nodes::all(self.len(), row)
            + nodes::all(self.groups.len(), group)
            + groups.len() * nodes::all(self.len(), listed);
        let [bytes, most] = [bytes, most].map(|bytes| u64::try_from(bytes).unwrap_or(u64::MAX));
        Copied { table: self.number, bytes, most }
    }

    fn take(&mut self, id: &R::Id) -> Option<Placed<R>> {
        let former = self.rows.remove(id)?;
        weight::remove(former.charge.as_ref());
        for group in former.row.groups() {
            if let Some(listing) = self.groups.get_mut(&group) {
                listing.remove(&former.row.order(former.made));
                if listing.is_empty() {
                    self.groups.remove(&group);
                }
            }
        }
        Some(former)
    }
}

impl<R: Row> Clone for Table<R> {
    fn clone(&self) -> Self {
        Self { rows: self.rows.clone(), groups: self.groups.clone(), ..*self }
    }
}

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        let number = TABLES.fetch_add(1, Ordering::Relaxed);
        Self { rows: HashMap::new(), groups: HashMap::new(), next: 0, number }
    }
}

/// The same records, made in the same order. The numbers themselves do not count: an export closes the
/// gaps that deleted records left.
impl<R: Row + PartialEq> PartialEq for Table<R> {
    fn eq(&self, other: &Self) -> bool {
        self.rows.ptr_eq(&other.rows) || (self.len() == other.len() && self.in_order_made().eq(other.in_order_made()))
    }
}

impl<R: Row + fmt::Debug> fmt::Debug for Table<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.in_order_made()).finish()
    }
}

/// The rows are made in the order in which they come, as long as they are wanted.
impl<R: Row> FromIterator<R> for Table<R> {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        let mut table = Self::default();
        for row in rows.into_iter().take_while(|_| cancel::step().is_ok()) {
            table.insert(row);
        }
        table
    }
}

#[cfg(test)]
mod tests {
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
}
