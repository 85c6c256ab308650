//! What the registry of sandboxes holds: those that were written and those that never were, each from the longest unused
//! to the last used; when each is next looked at; and the forks of requests under way.
//!
//! A request in a sandbox that is there costs a look-up. What is due is found by its time and not by a walk: an entry
//! states when it would expire if nobody came, and is put off when that time comes and somebody did.

mod bytes;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lru::LruCache;

use super::created::{Created, SandboxInfo, Tally};
use super::entry::{Entry, Found, Standing, nanoseconds};
use super::gone::Gone;
use super::{Bounds, Full, Sandbox, WhenFull};
use crate::world::discard::{Discard, Discarded};
use crate::world::journal::Why;
use crate::world::sandbox::SandboxName;
use crate::world::weight::Leaving;

/// The least time until an entry is looked at again.
const SOON: u64 = 1_000_000;
const A_SECOND: u64 = 1_000_000_000;
/// After a search through so many sandboxes that all are used, none is searched for for a tenth of a second.
const LONG_SEARCH: usize = 1_000;
/// How many that expired a newcomer takes away.
const SWEPT_BY_A_NEWCOMER: usize = 16;
/// What a refused newcomer is told at most of when to come again.
const MOST_RETRY: u64 = 60 * A_SECOND;

/// A time to look at an entry, and a number that no other has.
type Due = (u64, u64);

#[derive(Debug)]
struct Listed {
    entry: Arc<Entry>,
    due: Due,
}

type List = LruCache<SandboxName, Listed>;

#[derive(Debug)]
pub(super) struct Lists {
    bounds: Bounds,
    written: List,
    plain: List,
    forks: BTreeMap<SandboxName, Arc<Entry>>,
    due: BTreeMap<Due, SandboxName>,
    numbers: u64,
    gone: Gone,
    searched_until: u64,
    searched_for_bytes_until: u64,
    created: [(Created, u64); 3],
    expired: u64,
    evicted: u64,
}

/// A sandbox that goes, and the bytes that go with it.
struct Leaver {
    // It goes before its bytes count again.
    entry: Arc<Entry>,
    _leaving: Vec<Leaving>,
}

impl Discard for Leaver {
    fn is_last(&self) -> bool {
        // Who looks at what was answered in it has the sandbox or a part of it alone.
        let sandbox = &self.entry.sandbox;
        self.entry.is_last() && sandbox.is_last() && sandbox.slots().iter().all(Discard::is_last)
    }
}

impl Lists {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds: Bounds { sandboxes: bounds.sandboxes.max(1), ..bounds },
            written: LruCache::unbounded(),
            plain: LruCache::unbounded(),
            forks: BTreeMap::new(),
            due: BTreeMap::new(),
            numbers: 0,
            gone: Gone::default(),
            searched_until: 0,
            searched_for_bytes_until: 0,
            created: [(Created::New, 0), (Created::Expired, 0), (Created::Evicted, 0)],
            expired: 0,
            evicted: 0,
        }
    }

    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The sandbox of a name for a request, where it is there or another request has a fork of it under way.
    pub(super) fn enter(&mut self, name: &SandboxName, now: u64, replaced: &mut Discarded) -> Option<Found> {
        let kept = self.enter_kept(name, now, replaced);
        kept.or_else(|| self.forks.get(name).map(|entry| Found::start(entry, now)))
    }

    /// The same without forks.
    pub(super) fn enter_kept(&mut self, name: &SandboxName, now: u64, replaced: &mut Discarded) -> Option<Found> {
        let listed = match self.written.get(name) {
            Some(listed) => listed,
            None => self.plain.get(name)?,
        };
        if !self.bounds.is_expired(&listed.entry, now) {
            return Some(Found::start(&listed.entry, now));
        }
        self.lose(name, Created::Expired, replaced);
        None
    }

    /// A fork for a request, which those that come meanwhile share.
    pub(super) fn fork(&mut self, entry: &Arc<Entry>, now: u64) -> Found {
        self.forks.insert(entry.sandbox.name().clone(), entry.clone());
        Found::start(entry, now)
    }

    pub(super) fn drop_fork(&mut self, entry: &Arc<Entry>) {
        if self.is_fork(entry) {
            self.forks.remove(entry.sandbox.name());
        }
    }

    fn is_fork(&self, entry: &Arc<Entry>) -> bool {
        self.forks.get(entry.sandbox.name()).is_some_and(|fork| Arc::ptr_eq(fork, entry))
    }

    /// Puts a fork among those that are there. Why it was made, if that was by this.
    pub(super) fn keep(
        &mut self,
        entry: &Arc<Entry>,
        now: u64,
        replaced: &mut Discarded,
    ) -> Result<Option<Created>, Full> {
        match entry.standing() {
            Standing::Refused => return Err(self.full(now)),
            Standing::Fork if self.is_fork(entry) => {}
            _ => return Ok(None),
        }
        let (name, is_written) = (entry.sandbox.name().clone(), entry.sandbox.is_written());
        if !self.make_room(is_written, now, replaced) {
            if !is_written {
                return Ok(Some(Created::Unkept));
            }
            entry.stand(Standing::Refused);
            entry.sandbox.journal().close(Why::NoRoom);
            self.forks.remove(&name);
            return Err(self.full(now));
        }
        self.forks.remove(&name);
        self.list(entry, now);
        self.gone.forget(&name);
        let created = entry.lost.unwrap_or(Created::New);
        for (reason, count) in &mut self.created {
            *count += u64::from(*reason == created);
        }
        match created {
            Created::Expired | Created::Evicted => {
                let reason = created.as_str();
                tracing::warn!(sandbox = %name, reason, "made a sandbox anew: the one of that name was lost");
            }
            _ => tracing::debug!(sandbox = %name, "made a sandbox"),
        }
        Ok(Some(created))
    }

    /// Puts a sandbox of its own making in place of that of its name.
    pub(super) fn put(&mut self, entry: &Arc<Entry>, now: u64, replaced: &mut Discarded) -> Result<(), Full> {
        let name = entry.sandbox.name();
        let is_there = self.peek(name).is_some();
        if !is_there && !self.make_room(true, now, replaced) {
            return Err(self.full(now));
        }
        self.remove(name, Why::Replaced, replaced);
        self.gone.forget(name);
        self.list(entry, now);
        Ok(())
    }

    /// Notes that a long request ended, or the first one that wrote.
    pub(super) fn used(&mut self, entry: &Arc<Entry>) {
        let name = entry.sandbox.name();
        match entry.standing() {
            Standing::Plain if entry.sandbox.is_written() => {
                if let Some(listed) = self.plain.pop(name) {
                    entry.stand(Standing::Written);
                    self.written.put(name.clone(), listed);
                }
            }
            Standing::Plain => {
                self.plain.promote(name);
            }
            _ => {
                self.written.promote(name);
            }
        }
    }

    fn list(&mut self, entry: &Arc<Entry>, now: u64) {
        let name = entry.sandbox.name();
        self.numbers += 1;
        let due = (now.saturating_add(self.bounds.time_to_live(entry)).max(now + SOON), self.numbers);
        self.due.insert(due, name.clone());
        let (list, standing) = match entry.sandbox.is_written() {
            true => (&mut self.written, Standing::Written),
            false => (&mut self.plain, Standing::Plain),
        };
        entry.stand(standing);
        list.put(name.clone(), Listed { entry: entry.clone(), due });
    }

    fn peek(&self, name: &SandboxName) -> Option<&Arc<Entry>> {
        self.written.peek(name).or_else(|| self.plain.peek(name)).map(|listed| &listed.entry)
    }

    /// Takes away what is there under a name, a fork under way as well; whether there was any, or would have been once
    /// that fork was kept.
    pub(super) fn remove(&mut self, name: &SandboxName, why: Why, replaced: &mut Discarded) -> bool {
        let would_stay = self.forks.get(name).is_some_and(|fork| fork.is_to_stay());
        let was_there = self.take(name, why, replaced).is_some() || would_stay;
        // Who only looks at a name that is none waits for its sandbox still.
        let ends = was_there || why != Why::Deleted;
        if let Some(fork) = ends.then(|| self.forks.remove(name)).flatten() {
            fork.stand(Standing::Gone);
            fork.sandbox.journal().close(why);
        }
        was_there
    }

    fn take(&mut self, name: &SandboxName, why: Why, replaced: &mut Discarded) -> Option<Standing> {
        let Listed { entry, due } = self.written.pop(name).or_else(|| self.plain.pop(name))?;
        self.due.remove(&due);
        let standing = entry.standing();
        entry.stand(Standing::Gone);
        entry.sandbox.journal().finish(why);
        // What it holds counts no more, however long its end takes; if a request still uses it for long, it counts again.
        replaced.add(entry.sandbox.forget_history());
        let leaving = entry.sandbox.account().end();
        replaced.add(Discarded::one(Leaver { entry, _leaving: leaving }));
        Some(standing)
    }

    fn lose(&mut self, name: &SandboxName, why: Created, replaced: &mut Discarded) {
        // Nobody reads its journal any more: the bytes count for the others at once, whenever the world ends.
        let sandbox = self.peek(name).map(|entry| entry.sandbox.clone());
        let told = if why == Created::Expired { Why::Expired } else { Why::Evicted };
        let Some(standing) = self.take(name, told, replaced) else { return };
        replaced.extend(sandbox.map(|sandbox| sandbox.journal().forget()));
        self.gone.put(name.clone(), why, standing == Standing::Written);
        *(if why == Created::Expired { &mut self.expired } else { &mut self.evicted }) += 1;
    }

    /// Takes away some that were idle for too long; whether there may be more.
    pub(super) fn sweep(&mut self, now: u64, most: usize, replaced: &mut Discarded) -> bool {
        for _ in 0..most {
            let Some((&due, _)) = self.due.first_key_value().filter(|((due, _), _)| *due <= now) else { return false };
            let Some(name) = self.due.remove(&due) else { return false };
            let listed = self.written.peek_mut(&name).or_else(|| self.plain.peek_mut(&name));
            let Some(listed) = listed.filter(|listed| listed.due == due) else { continue };
            if self.bounds.is_expired(&listed.entry, now) {
                self.lose(&name, Created::Expired, replaced);
                continue;
            }
            let (left, idle) = (self.bounds.time_to_live(&listed.entry), listed.entry.idle(now));
            listed.due.0 = now.saturating_add(left.saturating_sub(idle)).max(now + SOON);
            self.due.insert(listed.due, name);
        }
        true
    }

    /// Whether a newcomer that may write can have a place.
    pub(super) fn check_room(&mut self, now: u64, replaced: &mut Discarded) -> Result<(), Full> {
        self.sweep(now, SWEPT_BY_A_NEWCOMER, replaced);
        let has_room = self.len() < self.bounds.sandboxes || self.next_to_go(true, now).is_some();
        if has_room { Ok(()) } else { Err(self.full(now)) }
    }

    /// Makes room for one more; whether there is any.
    fn make_room(&mut self, is_written: bool, now: u64, replaced: &mut Discarded) -> bool {
        // What expired goes first, and is counted as that.
        self.sweep(now, SWEPT_BY_A_NEWCOMER, replaced);
        while self.len() >= self.bounds.sandboxes {
            let Some(name) = self.next_to_go(is_written, now) else { return false };
            self.lose(&name, Created::Evicted, replaced);
        }
        true
    }

    /// The sandbox that makes room: of those that were never written the longest unused, then, for one that was written,
    /// of the written ones.
    fn next_to_go(&mut self, is_written: bool, now: u64) -> Option<SandboxName> {
        if now < self.searched_until {
            return None;
        }
        let unused = [longest_unused(&mut self.plain), longest_unused(&mut self.written)];
        if unused.iter().all(Option::is_none) && self.len() > LONG_SEARCH {
            self.searched_until = now + A_SECOND / 10;
        }
        let [plain, written] = unused;
        let is_safe = |entry: &Arc<Entry>| entry.idle(now) < nanoseconds(self.bounds.safe);
        let evicts = is_written && self.bounds.when_full == WhenFull::Evict;
        plain.or_else(|| written.filter(|entry| evicts && !is_safe(entry))).map(|entry| entry.sandbox.name().clone())
    }

    fn full(&self, now: u64) -> Full {
        let safe = nanoseconds(self.bounds.safe);
        let next = match (self.bounds.when_full, self.written.peek_lru()) {
            (WhenFull::Evict, Some((_, listed))) => safe.saturating_sub(listed.entry.idle(now)),
            _ => self.due.first_key_value().map_or(0, |((due, _), _)| due.saturating_sub(now)),
        };
        let retry_after_s = next.min(MOST_RETRY).div_ceil(A_SECOND).max(1);
        let Bounds { sandboxes, when_full, .. } = self.bounds;
        Full { sandboxes, when_full, retry_after_s }
    }

    /// How many forks are under way.
    #[cfg(test)]
    pub(super) fn forks(&self) -> usize {
        self.forks.len()
    }

    /// How many times are kept.
    #[cfg(test)]
    pub(super) fn due(&self) -> usize {
        self.due.len()
    }

    fn len(&self) -> usize {
        self.written.len() + self.plain.len()
    }

    pub(super) fn why_gone(&self, name: &SandboxName) -> Option<Created> {
        self.gone.why(name)
    }

    pub(super) fn holds(&self, sandbox: &Arc<Sandbox>) -> bool {
        let there = self.peek(sandbox.name()).or_else(|| self.forks.get(sandbox.name()));
        there.is_some_and(|entry| Arc::ptr_eq(&entry.sandbox, sandbox))
    }

    pub(super) fn tally(&self) -> Tally {
        let Self { created, expired, evicted, .. } = *self;
        Tally { alive: self.len() + 1, created, expired, evicted }
    }

    pub(super) fn info(&self, name: &SandboxName, now: u64) -> Option<SandboxInfo> {
        self.bounds.info(self.peek(name)?, now)
    }

    pub(super) fn infos(&self, now: u64) -> Vec<SandboxInfo> {
        let listed = self.written.iter().chain(self.plain.iter());
        listed.filter_map(|(_, listed)| self.bounds.info(&listed.entry, now)).collect()
    }
}

impl Bounds {
    fn time_to_live(&self, entry: &Entry) -> u64 {
        nanoseconds(entry.sandbox.time_to_live().unwrap_or(self.idle))
    }

    fn is_expired(&self, entry: &Entry, now: u64) -> bool {
        entry.idle(now) > self.time_to_live(entry)
    }

    /// What is told of a sandbox, unless it has expired.
    fn info(&self, entry: &Entry, now: u64) -> Option<SandboxInfo> {
        let idle = Duration::from_nanos(entry.idle(now));
        let time_to_live = Some(entry.sandbox.time_to_live().unwrap_or(self.idle));
        (!self.is_expired(entry, now)).then(|| SandboxInfo { sandbox: entry.sandbox.clone(), idle, time_to_live })
    }
}

/// The longest unused sandbox of a list. One that a request is under way in is used now.
fn longest_unused(list: &mut List) -> Option<Arc<Entry>> {
    for _ in 0..list.len() {
        let (name, listed) = list.peek_lru()?;
        if !listed.entry.is_used() {
            return Some(listed.entry.clone());
        }
        let name = name.clone();
        list.promote(&name);
    }
    None
}
