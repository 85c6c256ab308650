//! The only maker of ids.
//!
//! An id is a function of the seed, its kind and its draw number, and of nothing else: the same
//! seed and the same requests give the same ids in every process. The draw numbers live in a
//! [`Sequence`] inside a provider's state, so a refused write takes its draws back.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;

use imbl::OrdMap;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;
use uuid::{Builder, Uuid};

use super::fixture::Loading;

/// One start of a server: a number that another start does not have, and the only one here that is not a function of
/// anything. It is no secret, and stands in ids of events alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run(pub(crate) u32);

impl Default for Run {
    fn default() -> Self {
        Self(u32::try_from(RandomState::new().hash_one(()) >> 32).unwrap_or_default())
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Run({self})")
    }
}

/// Where every random-looking choice of a sandbox comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Seed(pub u64);

impl Seed {
    /// Sixteen bytes that hang on this seed, the kind and the draw alone.
    #[must_use]
    pub fn bytes(self, kind: &str, draw: u64) -> [u8; 16] {
        let mut hasher = SipHasher13::new_with_keys(self.0, 0x7065_7273_6f6e_6173);
        hasher.write(kind.as_bytes());
        hasher.write_u64(draw);
        hasher.finish128().as_bytes()
    }

    /// The version 4 UUID of a draw.
    #[must_use]
    pub fn uuid(self, kind: &str, draw: u64) -> Uuid {
        Builder::from_random_bytes(self.bytes(kind, draw)).into_uuid()
    }
}

/// What a fixture file may state under `next_ids`: the next number of each kind.
pub type NextIds = BTreeMap<String, u64>;

/// The next draw of each kind; part of a provider's state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sequence {
    next: OrdMap<&'static str, u64>,
}

impl Sequence {
    /// Starts each of `kinds` at the number that `stated` names, else at the default beside it.
    ///
    /// A stated kind that is not among `kinds`, or a number below the default's reach, is a fault
    /// at `$.next_ids`.
    #[must_use]
    pub fn load(stated: &NextIds, kinds: &[(&'static str, u64)], loading: &mut Loading<'_>) -> Self {
        for (kind, number) in stated {
            if !kinds.iter().any(|(known, _)| known == kind) {
                let known: Vec<_> = kinds.iter().map(|(known, _)| format!("`{known}`")).collect();
                loading.report(
                    format_args!("$.next_ids['{kind}']"),
                    format_args!("the unknown kind `{kind}`"),
                    format_args!("one of {}", known.join(", ")),
                );
            } else if i64::try_from(*number).is_err() {
                loading.report(format_args!("$.next_ids['{kind}']"), number, "a number below 2^63");
            }
        }
        let next =
            kinds.iter().map(|(kind, default)| (*kind, stated.get(*kind).copied().unwrap_or(*default))).collect();
        Self { next }
    }

    /// The form in which an exported fixture states the sequence.
    #[must_use]
    pub fn export(&self) -> NextIds {
        self.next.iter().map(|(kind, number)| ((*kind).to_owned(), *number)).collect()
    }

    /// Takes the next number of a kind that is not `taken`. Numbers start at 1.
    pub fn number(&mut self, kind: &'static str, taken: impl Fn(u64) -> bool) -> u64 {
        loop {
            let number = self.draw(kind);
            if !taken(number) {
                return number;
            }
        }
    }

    /// Takes the next UUID of a kind that is not `taken`.
    pub fn uuid(&mut self, seed: Seed, kind: &'static str, taken: impl Fn(&Uuid) -> bool) -> Uuid {
        loop {
            let id = seed.uuid(kind, self.draw(kind));
            if !taken(&id) {
                return id;
            }
        }
    }

    /// Draws no number of a kind below this one from now on.
    pub(crate) fn begin_at(&mut self, kind: &'static str, least: u64) {
        if self.next.get(kind).is_none_or(|next| *next < least) {
            self.next.insert(kind, least);
        }
    }

    fn draw(&mut self, kind: &'static str) -> u64 {
        let next = self.next.entry(kind).or_insert(1);
        let number = *next;
        *next = next.wrapping_add(1);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_starts_have_two_numbers_of_eight_digits() {
        assert_ne!(Run::default(), Run::default());
        assert_eq!(Run(0xabc).to_string(), "00000abc");
    }

    #[test]
    fn an_id_hangs_on_seed_kind_and_draw_alone() {
        let mut first = Sequence::default();
        let mut second = Sequence::default();
        let never = |_: &Uuid| false;
        first.uuid(Seed(7), "other", never);
        assert_eq!(first.uuid(Seed(7), "persona", never), second.uuid(Seed(7), "persona", never));
        assert_ne!(Seed(7).uuid("persona", 1), Seed(8).uuid("persona", 1));
        assert_ne!(Seed(7).uuid("persona", 1), Seed(7).uuid("persona", 2));
        assert_eq!(Seed(7).uuid("persona", 1).get_version_num(), 4);
    }

    #[test]
    fn a_taken_number_is_drawn_again() {
        let mut sequence = Sequence::default();
        assert_eq!(sequence.number("persona", |number| number < 3), 3);
        assert_eq!(sequence.number("persona", |_| false), 4);
        assert_eq!(sequence.export(), NextIds::from([("persona".to_owned(), 5)]));
    }
}
