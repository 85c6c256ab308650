//! A table of records on persistent maps: found by id, listed in order within a group.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use imbl::{HashMap, OrdMap};

/// A record of a [`Table`].
pub trait Row {
    /// What names the record.
    type Id: Clone + Eq + Hash;
    /// What lists the record with others: a team, an account, an owner.
    type Group: Clone + Eq + Hash;
    /// Where the record stands in its lists; must be unique, so end it with the id.
    type Order: Clone + Ord;

    /// What names this record.
    fn id(&self) -> Self::Id;
    /// The lists that show this record.
    fn groups(&self) -> Vec<Self::Group>;
    /// Where this record stands in them.
    fn order(&self) -> Self::Order;
}

type Listing<R> = OrdMap<<R as Row>::Order, Arc<R>>;

/// Records by id, and in order by group. Cloning a table is O(1); a write costs O(log n).
pub struct Table<R: Row> {
    rows: HashMap<R::Id, Arc<R>>,
    groups: HashMap<R::Group, Listing<R>>,
}

impl<R: Row> Table<R> {
    /// The record with this id.
    #[must_use]
    pub fn get(&self, id: &R::Id) -> Option<&Arc<R>> {
        self.rows.get(id)
    }

    /// Whether a record has this id.
    #[must_use]
    pub fn contains(&self, id: &R::Id) -> bool {
        self.rows.contains_key(id)
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All records, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<R>> {
        self.rows.values()
    }

    /// The records of a group, in order.
    pub fn list(&self, group: &R::Group) -> impl DoubleEndedIterator<Item = &Arc<R>> {
        self.groups.get(group).into_iter().flat_map(|listing| listing.values())
    }

    /// How many records a group has, without walking it.
    #[must_use]
    pub fn count(&self, group: &R::Group) -> usize {
        self.groups.get(group).map_or(0, OrdMap::len)
    }

    /// Puts a record in, in place of the one with the same id, which is returned.
    pub fn insert(&mut self, row: impl Into<Arc<R>>) -> Option<Arc<R>> {
        let row = row.into();
        let id = row.id();
        let former = self.remove(&id);
        for group in row.groups() {
            self.groups.entry(group).or_default().insert(row.order(), row.clone());
        }
        self.rows.insert(id, row);
        former
    }

    /// Takes a record out.
    pub fn remove(&mut self, id: &R::Id) -> Option<Arc<R>> {
        let former = self.rows.remove(id)?;
        for group in former.groups() {
            if let Some(listing) = self.groups.get_mut(&group) {
                listing.remove(&former.order());
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
        Self { rows: self.rows.clone(), groups: self.groups.clone() }
    }
}

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        Self { rows: HashMap::new(), groups: HashMap::new() }
    }
}

impl<R: Row + PartialEq> PartialEq for Table<R> {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl<R: Row + fmt::Debug> fmt::Debug for Table<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.rows.values()).finish()
    }
}

impl<R: Row> FromIterator<R> for Table<R> {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        let mut table = Self::default();
        for row in rows {
            table.insert(row);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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
        type Order = (u8, u8);

        fn id(&self) -> u8 {
            self.id
        }
        fn groups(&self) -> Vec<u8> {
            vec![self.team]
        }
        fn order(&self) -> (u8, u8) {
            (self.rank, self.id)
        }
    }

    proptest! {
        #[test]
        fn behaves_as_a_plain_map_with_sorted_lists(
            steps in proptest::collection::vec((any::<bool>(), 0u8..12, 0u8..3, 0u8..4), 0..60),
        ) {
            let mut table = Table::default();
            let mut model = BTreeMap::new();
            for (insert, id, team, rank) in steps {
                let note = Note { id, team, rank };
                if insert {
                    prop_assert_eq!(table.insert(note.clone()).map(|row| (*row).clone()), model.insert(id, note));
                } else {
                    prop_assert_eq!(table.remove(&id).map(|row| (*row).clone()), model.remove(&id));
                }
                prop_assert_eq!(table.len(), model.len());
                for team in 0..3 {
                    let mut expected: Vec<_> = model.values().filter(|note| note.team == team).cloned().collect();
                    expected.sort_by_key(Row::order);
                    let listed: Vec<_> = table.list(&team).map(|row| (**row).clone()).collect();
                    prop_assert_eq!(table.count(&team), expected.len());
                    prop_assert_eq!(listed, expected);
                }
            }
        }
    }

    #[test]
    fn a_fork_does_not_see_later_writes() {
        let mut table: Table<Note> = [Note { id: 1, team: 1, rank: 1 }].into_iter().collect();
        let fork = table.clone();
        table.remove(&1);
        assert!(table.is_empty());
        assert_eq!(fork.len(), 1);
    }
}
