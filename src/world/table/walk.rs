//! A walk over a list, from both ends, that passes over many rows as fast as over one.

use std::ops::Range;

use super::listing::Listing;
use crate::world::cancel;

/// The values of a list that are left.
pub(super) struct Walk<'l, K, V> {
    list: Option<&'l Listing<K, V>>,
    left: Range<usize>,
    /// Those that come next, as far as they are known; and those that come last.
    first: &'l [(K, V)],
    last: &'l [(K, V)],
}

impl<'l, K, V> Walk<'l, K, V> {
    /// All values; none where there is no list.
    pub(super) fn over(list: Option<&'l Listing<K, V>>) -> Self {
        Self { list, left: 0..list.map_or(0, Listing::len), first: &[], last: &[] }
    }
}

impl<'l, K, V> Iterator for Walk<'l, K, V> {
    type Item = &'l V;

    fn next(&mut self) -> Option<&'l V> {
        self.nth(0)
    }

    fn nth(&mut self, passed: usize) -> Option<&'l V> {
        let place = self.left.nth(passed)?;
        match self.first.get(passed..) {
            Some(first) if !first.is_empty() => self.first = first,
            _ => self.first = self.list?.run(place),
        }
        let ((_, value), first) = self.first.split_first()?;
        self.first = first;
        Some(value)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl<'l, K, V> DoubleEndedIterator for Walk<'l, K, V> {
    fn next_back(&mut self) -> Option<&'l V> {
        self.nth_back(0)
    }

    fn nth_back(&mut self, passed: usize) -> Option<&'l V> {
        let place = self.left.nth_back(passed)?;
        match self.last.len().checked_sub(passed).and_then(|left| self.last.get(..left)) {
            Some(last) if !last.is_empty() => self.last = last,
            _ => self.last = self.list?.run_to(place),
        }
        let ((_, value), last) = self.last.split_last()?;
        self.last = last;
        Some(value)
    }
}

impl<K, V> ExactSizeIterator for Walk<'_, K, V> {}

/// What is left of a walk, as long as it is wanted.
pub(super) struct Wanted<I>(pub(super) I);

impl<I: Iterator> Iterator for Wanted<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.nth(0)
    }

    fn nth(&mut self, passed: usize) -> Option<I::Item> {
        cancel::step().ok().and_then(|()| self.0.nth(passed))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<I: DoubleEndedIterator> DoubleEndedIterator for Wanted<I> {
    fn next_back(&mut self) -> Option<I::Item> {
        self.nth_back(0)
    }

    fn nth_back(&mut self, passed: usize) -> Option<I::Item> {
        cancel::step().ok().and_then(|()| self.0.nth_back(passed))
    }
}
