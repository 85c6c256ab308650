//! What two tables have in common: a state and a later one of the same line share all rows but those that were changed.

use std::cmp::Ordering;
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

    /// The rows of each that the other has not. What both have in one piece is passed over at once.
    fn apart(&self, other: &Self) -> (Vec<Placed<R>>, Vec<Placed<R>>) {
        let (mut at, mut there) = (0, 0);
        let (mut left, mut right) = (Vec::new(), Vec::new());
        while cancel::step().is_ok() {
            let (ours, theirs) = (self.rows.run(at), other.rows.run(there));
            if !ours.is_empty() && std::ptr::eq(ours, theirs) {
                at += ours.len();
                there += theirs.len();
                continue;
            }
            let order = match (ours.first(), theirs.first()) {
                (None, None) => break,
                (Some((id, _)), Some((other, _))) => id.cmp(other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
            };
            let one = ours.first().filter(|_| order.is_le()).map(|(_, placed)| placed);
            let another = theirs.first().filter(|_| order.is_ge()).map(|(_, placed)| placed);
            at += usize::from(one.is_some());
            there += usize::from(another.is_some());
            let is_same = one.zip(another).is_some_and(|(one, other)| Arc::ptr_eq(&one.row, &other.row));
            if !is_same {
                left.extend(one.cloned());
                right.extend(another.cloned());
            }
        }
        (left, right)
    }

    fn of(rows: &[Placed<R>]) -> Self {
        let mut table = Self::default();
        rows.iter().for_each(|placed| table.put_in(Some(placed.made), placed.row.clone()));
        table
    }
}
