//! What a row draws: each choice by a name of its own, so that a further one changes no other.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::asked::Generation;
use super::locales::Locale;
use super::words::Words;
use crate::world::ids::Seed;

/// The choices of the row of a number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw<'a> {
    seed: Seed,
    number: u64,
    locale: Locale,
    /// The words of the row's language.
    pub(crate) words: &'a Words,
}

/// The names that a person draws.
#[derive(Debug, Clone)]
pub(crate) struct Human {
    pub(crate) given: &'static str,
    pub(crate) family: &'static str,
    /// Both, in the order of the language.
    pub(crate) full: String,
    pub(crate) is_woman: bool,
    /// What they do.
    pub(crate) work: &'static str,
}

/// The first moment that rows are of, in seconds since 1970: 2023-01-02T08:00:00Z.
const FIRST: i64 = 1_672_646_400;
/// How many seconds rows are spread over: two years of 364 days.
const SPAN: u64 = 2 * 364 * 24 * 3_600;

impl Draw<'static> {
    /// The row of a number, in one of the languages that are asked for.
    pub(super) fn of(asked: &Generation, number: u64) -> Self {
        let draw = Self { seed: asked.seed, number, locale: Locale::En, words: Locale::En.words() };
        let locale = draw.one("locale", &asked.locales).copied().unwrap_or(Locale::En);
        Self { locale, words: locale.words(), ..draw }
    }
}

impl Draw<'_> {
    /// The row's number, counted from 0.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The row's language, as a tag: `de`.
    pub(crate) fn language(&self) -> &'static str {
        self.locale.tag()
    }

    /// A number below `limit`; 0 where that is 0.
    pub(crate) fn below(&self, what: &'static str, limit: u64) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.seed.bytes(what, self.number);
        u64::from_le_bytes([a, b, c, d, e, f, g, h]).checked_rem(limit).unwrap_or_default()
    }

    /// Whether what happens to so many of a hundred rows happens to this.
    pub(crate) fn chance(&self, what: &'static str, of_hundred: u64) -> bool {
        self.below(what, 100) < of_hundred
    }

    /// One of these.
    pub(crate) fn one<'l, T>(&self, what: &'static str, list: &'l [T]) -> Option<&'l T> {
        let length = u64::try_from(list.len()).unwrap_or(u64::MAX);
        list.get(usize::try_from(self.below(what, length)).ok()?)
    }

    /// One of these texts.
    pub(crate) fn text(&self, what: &'static str, list: &[&'static str]) -> &'static str {
        self.one(what, list).copied().unwrap_or_default()
    }

    /// An id.
    pub(crate) fn uuid(&self, what: &'static str) -> Uuid {
        self.seed.uuid(what, self.number)
    }

    /// A moment within two years.
    pub(crate) fn moment(&self, what: &'static str) -> Timestamp {
        let after = i64::try_from(self.below(what, SPAN)).unwrap_or_default();
        Timestamp::from_second(FIRST.saturating_add(after)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// A moment up to 60 days behind another.
    pub(crate) fn later(&self, what: &'static str, than: Timestamp) -> Timestamp {
        let after = i64::try_from(self.below(what, 60 * 24 * 3_600)).unwrap_or_default();
        than.saturating_add(SignedDuration::from_secs(after)).unwrap_or(than)
    }

    /// The row's person.
    pub(crate) fn human(&self) -> Human {
        let words = self.words;
        let is_woman = self.chance("woman", 50);
        let given = self.text("given", if is_woman { words.women } else { words.men });
        let family = self.text("family", words.families);
        let full = if words.family_first { format!("{family}{given}") } else { format!("{given} {family}") };
        let (woman, man) = self.one("work", words.work).copied().unwrap_or_default();
        Human { given, family, full, is_woman, work: if is_woman { woman } else { man } }
    }
}
