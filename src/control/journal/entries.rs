//! The kept calls of a journal, looked through one at a time: taken apart, all of them together may be large.

use std::collections::HashMap;

use super::call::{Call, Kept};
use super::compare::likeness;
use super::explain::Explainer;
use crate::control::Ask;
use crate::control::explain::Parts;
use crate::world::call::Pattern;
use crate::world::cancel::Cancelled;
use crate::world::journal::Entry;
use crate::world::pattern::PathPattern;

/// The calls as they are kept.
pub(super) struct Entries<'a> {
    pub(super) entries: Vec<Entry>,
    /// Whose sandbox they are of.
    pub(super) ask: &'a Ask<'a>,
    /// Whether it is looked for what the vendor ignores of them.
    pub(super) looks: bool,
}

/// The places of some of the calls.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    fn none(places: usize) -> Self {
        Self(vec![0; places.div_ceil(64)])
    }

    fn add(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    fn has(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// How many they are.
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The places, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        (0..self.0.len() * 64).filter(|place| self.has(*place))
    }
}

impl Entries<'_> {
    /// A call, taken apart.
    pub(super) fn call(&self, at: usize, explainer: &mut Explainer<'_>) -> Call {
        let mut call = Call::of(Kept { sandbox: self.ask.sandbox.clone(), entry: self.entries[at].clone() });
        if self.looks {
            explainer.look(&mut call);
        }
        call
    }

    pub(super) fn number(&self, at: usize) -> u64 {
        self.entries.get(at).map_or(0, |entry| entry.number)
    }

    /// For each pattern the places of the calls that are as it says.
    pub(super) fn made(&self, patterns: &[&Pattern], explainer: &mut Explainer<'_>) -> Result<Vec<Marks>, Cancelled> {
        let mut made = vec![Marks::none(self.entries.len()); patterns.len()];
        for at in 0..self.entries.len() {
            self.ask.cancel.check()?;
            let call = self.call(at, explainer);
            for (pattern, made) in patterns.iter().zip(&mut made) {
                self.ask.cancel.check()?;
                if pattern.fits(&call) {
                    made.add(at);
                }
            }
        }
        Ok(made)
    }

    /// For each pattern, by its number, the call that is nearest to it, apart from those that are as it says: what lacks is
    /// another of their kind.
    pub(super) fn near(
        &self,
        lacking: &[(usize, &Pattern, &Marks)],
        explainer: &mut Explainer<'_>,
    ) -> Result<HashMap<usize, Option<usize>>, Cancelled> {
        let mut best = vec![None::<(usize, f64)>; lacking.len()];
        let places = if lacking.is_empty() { 0 } else { self.entries.len() };
        for at in 0..places {
            let call = self.call(at, explainer);
            for ((_, pattern, made), best) in lacking.iter().zip(&mut best) {
                self.ask.cancel.check()?;
                if made.has(at) {
                    continue;
                }
                let likeness = likeness(pattern, &call);
                if best.is_none_or(|(_, most)| likeness >= most) {
                    *best = Some((at, likeness));
                }
            }
        }
        Ok(lacking.iter().zip(best).map(|((number, ..), best)| (*number, best.map(|(at, _)| at))).collect())
    }

    /// Whether a call has a path that fits.
    pub(super) fn have_path(&self, path: &PathPattern) -> Result<bool, Cancelled> {
        for entry in &self.entries {
            self.ask.cancel.check()?;
            let exchange = &entry.exchange;
            if path.fits(&Parts::read(exchange.text.target(), None, None).path, exchange.exact_case) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_counted_and_come_in_order() {
        let mut marks = Marks::none(130);
        [129, 0, 63, 64, 64].into_iter().for_each(|place| marks.add(place));
        assert_eq!((marks.count(), marks.iter().collect::<Vec<_>>()), (4, vec![0, 63, 64, 129]));
        assert!(marks.has(63) && !marks.has(1) && !marks.has(1_000));
        assert_eq!(Marks::none(0).iter().count(), 0);
    }
}
