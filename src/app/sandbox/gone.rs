//! The names of sandboxes that were lost: a bounded memory.

use lru::LruCache;

use super::created::Created;
use crate::world::sandbox::SandboxName;

/// The most names that are remembered.
pub(crate) const MOST_GONE: usize = 10_000;

/// The names of sandboxes that were lost, and why. A flood of names that nobody wrote pushes out no name of a sandbox
/// that somebody wrote.
#[derive(Debug)]
pub(super) struct Gone {
    written: LruCache<SandboxName, Created>,
    plain: LruCache<SandboxName, Created>,
}

impl Default for Gone {
    fn default() -> Self {
        Self { written: LruCache::unbounded(), plain: LruCache::unbounded() }
    }
}

impl Gone {
    /// Remembers a name; of too many, the oldest is forgotten first.
    pub(super) fn put(&mut self, name: SandboxName, why: Created, is_written: bool) {
        self.forget(&name);
        let list = if is_written { &mut self.written } else { &mut self.plain };
        list.put(name, why);
        while self.len() > MOST_GONE {
            let forgotten = self.plain.pop_lru().or_else(|| self.written.pop_lru());
            debug_assert!(forgotten.is_some(), "there are too many, so there is one");
        }
    }

    /// Why the sandbox of a name is gone, if it was lost.
    pub(super) fn why(&self, name: &SandboxName) -> Option<Created> {
        self.written.peek(name).or_else(|| self.plain.peek(name)).copied()
    }

    pub(super) fn forget(&mut self, name: &SandboxName) {
        if self.written.pop(name).is_none() {
            self.plain.pop(name);
        }
    }

    fn len(&self) -> usize {
        self.written.len() + self.plain.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: usize) -> SandboxName {
        format!("n{number}").parse().expect("a name")
    }

    #[test]
    fn so_many_names_are_remembered_and_no_more() {
        let mut gone = Gone::default();
        for number in 0..=MOST_GONE {
            gone.put(name(number), Created::Evicted, true);
        }
        assert_eq!((gone.len(), gone.why(&name(0))), (MOST_GONE, None), "the oldest is forgotten");
        assert_eq!(gone.why(&name(1)), Some(Created::Evicted));
        gone.put(name(1), Created::Expired, true);
        assert_eq!((gone.len(), gone.why(&name(1))), (MOST_GONE, Some(Created::Expired)));
        gone.forget(&name(1));
        assert_eq!((gone.len(), gone.why(&name(1))), (MOST_GONE - 1, None));
    }

    #[test]
    fn names_that_nobody_wrote_push_out_none_that_somebody_wrote() {
        let mut gone = Gone::default();
        gone.put(name(0), Created::Expired, true);
        for number in 1..3 * MOST_GONE {
            gone.put(name(number), Created::Evicted, false);
        }
        assert_eq!((gone.len(), gone.why(&name(0)), gone.why(&name(1))), (MOST_GONE, Some(Created::Expired), None));
    }
}
