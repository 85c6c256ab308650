//! What two tables have in common: a state and a later one of the same line share all rows but those that were changed.

use std::sync::Arc;

use super::{Placed, Row, Table};
use crate::world::cancel;

impl<R: Row> Table<R> {
    /// Takes the rows out of two tables that both have, so that what compares the rest costs what differs. No value is looked
    /// at: rows are the same where they are one in memory. Tables that share little stay as they are.
    pub(crate) fn drop_shared(&mut self, other: &mut Self) {
        if self.rows.ptr_eq(&other.rows) {
            (*self, *other) = (Self::default(), Self::default());
            return;
        }
        let (ours, theirs) = self.apart(other);
        if 2 * ours.len() <= self.len() && 2 * theirs.len() <= other.len() {
            (*self, *other) = (Self::of(&ours), Self::of(&theirs));
        }
    }

    /// The rows of each that the other has not. Tables that share nodes are walked in the same order, so that hardly a row
    /// is looked up.
    fn apart(&self, other: &Self) -> (Vec<Placed<R>>, Vec<Placed<R>>) {
        let (mut ours, mut theirs) = (self.rows.iter().peekable(), other.rows.iter().peekable());
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let is_same = |one: &Placed<R>, other: &Placed<R>| Arc::ptr_eq(&one.row, &other.row);
        while cancel::step().is_ok() {
            let (one, another) = match (ours.peek(), theirs.peek()) {
                (None, None) => break,
                (Some((_, one)), Some((_, other))) if is_same(one, other) => {
                    ours.next();
                    theirs.next();
                    continue;
                }
                // A row that one of them lacks moves the rest of the walk by one place.
                (Some((id, _)), _) if !other.rows.contains_key(*id) => (ours.next(), None),
                (_, Some((id, _))) if !self.rows.contains_key(*id) => (None, theirs.next()),
                _ => (ours.next(), theirs.next()),
            };
            let is_alone =
                |(id, placed): &(_, &Placed<R>), of: &Self| of.rows.get(*id).is_none_or(|twin| !is_same(twin, placed));
            left.extend(one.filter(|row| is_alone(row, other)).map(|(_, placed)| placed.clone()));
            right.extend(another.filter(|row| is_alone(row, self)).map(|(_, placed)| placed.clone()));
        }
        (left, right)
    }

    fn of(rows: &[Placed<R>]) -> Self {
        let mut table = Self::default();
        rows.iter().for_each(|placed| table.put_in(Some(placed.made), placed.row.clone()));
        table
    }
}
