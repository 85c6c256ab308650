//! The rows of a fixture's list in their order: found by id, by place, and by what they refer to.

use std::any::Any;
use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::Serialize;
use siphasher::sip128::{Hasher128, SipHasher13};

use super::table::{Made, Row, Table};

/// A list that no request of a vendor's changes often. Cloning it is O(1), and a change costs O(log n).
pub(crate) struct Rows<R: Row> {
    /// The order of the file is that of making.
    table: Table<R>,
    /// Changes with any row and with the order, where a row is named by its place; else nothing.
    version: Option<u128>,
    /// A bit for each length that an id has or had, where ids are texts.
    lengths: u64,
}

/// The bit of an id of some length.
fn bit_of(length: usize) -> u64 {
    1 << length.min(63)
}

impl<R: Row<Id = String>> Rows<R> {
    /// Whether a row has this text as its id. Most texts that are asked about are of no length that an id has.
    #[must_use]
    pub(crate) fn names(&self, text: &str) -> bool {
        self.lengths & bit_of(text.len()) != 0 && self.table.get(text).is_some()
    }
}

impl<R: Row<Id: Any> + Serialize> Rows<R> {
    /// A list whose rows are named by their places, in this order.
    pub(crate) fn by_place(rows: impl IntoIterator<Item = R>) -> Self {
        let mut list = Self { version: Some(0), ..Self::default() };
        rows.into_iter().for_each(|row| list.push(row));
        list
    }

    /// The row with this id.
    #[must_use]
    pub(crate) fn get<Q: Ord + ?Sized>(&self, id: &Q) -> Option<&Arc<R>>
    where
        R::Id: Borrow<Q>,
    {
        self.table.get(id)
    }

    /// Whether a row has this id.
    #[must_use]
    pub(crate) fn contains<Q: Ord + ?Sized>(&self, id: &Q) -> bool
    where
        R::Id: Borrow<Q>,
    {
        self.get(id).is_some()
    }

    /// All rows in order.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<R>> + ExactSizeIterator {
        self.table.whole()
    }

    /// The first row.
    #[must_use]
    pub(crate) fn first(&self) -> Option<&Arc<R>> {
        self.at(0)
    }

    /// The row at this place.
    #[must_use]
    pub(crate) fn at(&self, place: usize) -> Option<&Arc<R>> {
        self.table.at(place)
    }

    /// How many there are.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is none.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of the row with this id.
    #[must_use]
    pub(crate) fn place(&self, id: &R::Id) -> Option<usize> {
        self.table.place(id)
    }

    /// The rows of a group, in order.
    pub(crate) fn list<'t>(&'t self, group: &R::Group) -> impl DoubleEndedIterator<Item = &'t Arc<R>> + use<'t, R> {
        self.table.list(group)
    }

    /// How many rows a group has, without walking it.
    #[must_use]
    pub(crate) fn count(&self, group: &R::Group) -> usize {
        self.table.count(group)
    }

    /// What changes with any row and with the order, where rows are named by their places.
    #[must_use]
    pub(crate) fn version(&self) -> Option<u128> {
        self.version
    }

    /// Puts a row at the end, or in place of the one with the same id.
    pub(crate) fn push(&mut self, row: R) {
        let made = self.take_out(&row.id());
        self.put(made, row);
    }

    /// Puts a row where one was taken out, or at the end.
    pub(crate) fn put(&mut self, made: Option<Made>, row: R) {
        let id = row.id();
        if let Some(text) = (&id as &dyn Any).downcast_ref::<String>() {
            self.lengths |= bit_of(text.len());
        }
        self.table.put_in(made, row);
        if let (Some(made), Some(row)) = (self.table.made(&id), self.table.get(&id)) {
            self.version = self.version.map(|version| version.wrapping_add(hash(made, &**row)));
        }
    }

    /// Takes a row out: when it was made, so that another can be put in its place.
    pub(crate) fn take_out(&mut self, id: &R::Id) -> Option<Made> {
        let (made, row) = (self.table.made(id)?, self.table.get(id)?);
        self.version = self.version.map(|version| version.wrapping_sub(hash(made, &**row)));
        self.table.remove(id);
        Some(made)
    }
}

/// What hangs on a row and on when it was made.
fn hash(made: Made, row: &impl Serialize) -> u128 {
    let mut hasher = SipHasher13::new();
    made.hash(&mut hasher);
    // A row always has a JSON form: it came out of one.
    hasher.write(&serde_json::to_vec(row).unwrap_or_default());
    hasher.finish128().as_u128()
}

impl<R: Row> Rows<R> {
    /// Takes the rows out of two lists that both have: see [`Table::drop_shared`].
    pub(crate) fn drop_shared(&mut self, other: &mut Self) {
        self.table.drop_shared(&mut other.table);
    }
}

impl<R: Row> Clone for Rows<R> {
    fn clone(&self) -> Self {
        Self { table: self.table.clone(), ..*self }
    }
}

impl<R: Row> Default for Rows<R> {
    fn default() -> Self {
        Self { table: Table::default(), version: None, lengths: 0 }
    }
}

/// The same rows in the same order.
impl<R: Row + PartialEq> PartialEq for Rows<R> {
    fn eq(&self, other: &Self) -> bool {
        self.table == other.table
    }
}

impl<R: Row + fmt::Debug> fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table.fmt(f)
    }
}

impl<R: Row<Id: Any> + Serialize> FromIterator<R> for Rows<R> {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        let mut list = Self::default();
        rows.into_iter().for_each(|row| list.push(row));
        list
    }
}

/// Says of a kind of rows what names one, and to what each refers.
macro_rules! rows {
    ($($Row:ty, $row:ident: $Id:ty = $id:expr, by $Group:ty = $groups:expr;)+) => {
        $(impl $crate::world::table::Row for $Row {
            type Id = $Id;
            type Group = $Group;
            type Order = $crate::world::table::Made;

            fn id(&self) -> $Id {
                let $row = self;
                $id
            }

            fn groups(&self) -> Vec<$Group> {
                let $row = self;
                let _ = $row;
                $groups
            }

            fn order(&self, made: $crate::world::table::Made) -> Self::Order {
                made
            }

            fn weight(&self) -> usize {
                $crate::world::weight::of(self)
            }
        })+
    };
}

pub(crate) use rows;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    rows! {
        (u8, u8), row: u8 = row.0, by u8 = vec![row.1];
    }

    rows! {
        String, row: String = row.clone(), by u8 = Vec::new();
    }

    #[test]
    fn a_text_names_a_row_while_one_is_there() {
        let mut rows: Rows<String> = ["ab", "abc", "a"].map(str::to_owned).into_iter().collect();
        let long = "x".repeat(80);
        rows.push(long.clone());
        rows.take_out(&"ab".to_owned());
        let there = ["a", "abc", &*long].iter().all(|text| rows.names(text));
        assert!(there && !["", "ab", "b", "abcd", &long[..70]].iter().any(|text| rows.names(text)));
    }

    proptest! {
        #[test]
        fn rows_stand_in_their_order_whatever_is_put_taken_and_replaced(
            steps in proptest::collection::vec((0u8..4, 0u8..40, 0u8..3), 0..120),
        ) {
            let mut rows: Rows<(u8, u8)> = Rows::by_place([]);
            let mut plain: Vec<(u8, u8)> = Vec::new();
            for (what, id, group) in steps {
                let at = plain.iter().position(|row| row.0 == id);
                match (what, at) {
                    (0 | 1, Some(at)) => {
                        rows.push((id, group));
                        plain[at] = (id, group);
                    }
                    (0 | 1, None) => {
                        rows.push((id, group));
                        plain.push((id, group));
                    }
                    // Another id in the same place.
                    (2, Some(at)) => {
                        let before = rows.version();
                        let made = rows.take_out(&id);
                        rows.put(made, (id + 100, group));
                        prop_assert_ne!(rows.version(), before);
                        let made = rows.take_out(&(id + 100));
                        rows.put(made, plain[at]);
                        prop_assert_eq!(rows.version(), before, "what is as before has its version");
                    }
                    (_, Some(at)) => {
                        rows.take_out(&id);
                        plain.remove(at);
                    }
                    (_, None) => prop_assert_eq!(rows.take_out(&id), None),
                }
                prop_assert_eq!(rows.iter().map(|row| **row).collect::<Vec<_>>(), plain.clone());
                for (place, row) in plain.iter().enumerate() {
                    prop_assert_eq!((rows.place(&row.0), rows.at(place).map(|row| **row)), (Some(place), Some(*row)));
                }
                for group in 0..3 {
                    let listed: Vec<_> = plain.iter().filter(|row| row.1 == group).copied().collect();
                    prop_assert_eq!(rows.list(&group).map(|row| **row).collect::<Vec<_>>(), listed.clone());
                    prop_assert_eq!(rows.count(&group), listed.len());
                }
            }
        }
    }
}
