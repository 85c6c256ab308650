//! Sandboxes that make room for the bytes of state of others.

use super::super::WhenFull;
use super::super::created::Created;
use super::super::entry::nanoseconds;
use super::{A_SECOND, LONG_SEARCH, Lists, SWEPT_BY_A_NEWCOMER};
use crate::world::discard::Discarded;
use crate::world::sandbox::SandboxName;
use crate::world::weight::Account;

impl Lists {
    /// Takes away sandboxes that hold so many bytes of state, where there is no room for those of others: those that
    /// expired, then of those that were never written the longest unused, then of the written ones that are unused for long
    /// enough. Where they are too few none goes. Whether any went.
    pub(in crate::app::sandbox) fn make_room_for_bytes(
        &mut self,
        bytes: u64,
        now: u64,
        replaced: &mut Discarded,
    ) -> bool {
        let before = self.expired;
        self.sweep(now, SWEPT_BY_A_NEWCOMER, replaced);
        if self.expired > before {
            return true;
        }
        if now < self.searched_for_bytes_until {
            return false;
        }
        let Some(names) = self.next_with_bytes(bytes, now) else {
            if self.len() > LONG_SEARCH {
                self.searched_for_bytes_until = now + A_SECOND / 10;
            }
            return false;
        };
        names.iter().for_each(|name| self.lose(name, Created::Evicted, replaced));
        true
    }

    fn next_with_bytes(&self, bytes: u64, now: u64) -> Option<Vec<SandboxName>> {
        let (safe, evicts) = (nanoseconds(self.bounds.safe), self.bounds.when_full == WhenFull::Evict);
        let plain = self.plain.iter().rev().map(|(_, listed)| &listed.entry);
        let written = self.written.iter().rev().map(|(_, listed)| &listed.entry);
        let mut may_go = plain.chain(written.filter(|entry| evicts && entry.idle(now) >= safe));
        let (mut names, mut found) = (Vec::new(), 0);
        while found < bytes || names.is_empty() {
            let entry = may_go.next()?;
            let held = entry.sandbox.account().keeps();
            if held > 0 && !entry.is_used() {
                found += held;
                names.push(entry.sandbox.name().clone());
            }
        }
        Some(names)
    }

    /// Looks at each sandbox that is there.
    pub(in crate::app::sandbox) fn look(&self, look: &mut dyn FnMut(&str, &Account)) {
        let listed = self.written.iter().chain(self.plain.iter());
        listed.for_each(|(name, listed)| look(name.as_str(), listed.entry.sandbox.account()));
    }

    /// After how many seconds a sandbox that holds bytes of state may make room for others, if any does.
    pub(in crate::app::sandbox) fn bytes_after_s(&self, now: u64) -> Option<u64> {
        let left = match self.bounds.when_full {
            WhenFull::Evict => {
                let safe = nanoseconds(self.bounds.safe);
                let oldest = self.written.iter().rev().take(LONG_SEARCH).map(|(_, listed)| &listed.entry);
                let left = oldest.filter(|entry| !entry.is_used() && entry.sandbox.account().keeps() > 0);
                left.map(|entry| safe.saturating_sub(entry.idle(now))).min()?
            }
            WhenFull::Refuse => self.due.first_key_value().map(|((due, _), _)| due.saturating_sub(now))?,
        };
        Some(left.div_ceil(A_SECOND).max(1))
    }
}
