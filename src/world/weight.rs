//! What sandboxes hold beyond the fixtures of the server, in bytes, and the bounds of it.
//!
//! Each record that a request writes, each fixture that the control API loads and each fault rule has a [`Charge`] to its
//! sandbox's [`Account`]. A charge lives as long as what it stands for: a record that a snapshot shares with the present
//! state counts once, and counts until both are gone. So nothing is walked to know what is held.

mod full;

use std::cell::RefCell;
use std::fmt;
use std::hash::Hash;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use imbl::HashMap;
use serde::Serialize;

use self::full::Bound;
pub(crate) use self::full::{Full, MOST_ANSWER, RETRY_AFTER_S};

/// How much may be held beyond the fixtures of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateBounds {
    /// Bytes in all sandboxes of a server.
    pub total: u64,
    /// Bytes in one sandbox, with its snapshots and fault rules.
    pub sandbox: u64,
    /// Bytes of records that one request writes, a batch above all.
    pub write: u64,
    /// Snapshots of one sandbox.
    pub snapshots: usize,
    /// Fault rules of one sandbox.
    pub faults: usize,
}

impl Default for StateBounds {
    fn default() -> Self {
        Self { total: 256 << 20, sandbox: 128 << 20, write: 128 << 20, snapshots: 1_000, faults: 100 }
    }
}

/// What a server's sandboxes hold together.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    held: AtomicU64,
    bounds: StateBounds,
}

impl Budget {
    /// An empty one.
    #[must_use]
    pub(crate) fn new(bounds: StateBounds) -> Arc<Self> {
        Arc::new(Self { held: AtomicU64::new(0), bounds })
    }

    /// What is held.
    #[must_use]
    pub(crate) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }

    /// An account of a sandbox that holds nothing yet.
    #[must_use]
    pub(crate) fn account(self: &Arc<Self>) -> Arc<Account> {
        Arc::new(Account { held: AtomicU64::new(0), budget: self.clone() })
    }
}

/// What a sandbox holds.
#[derive(Debug, Default)]
pub struct Account {
    held: AtomicU64,
    budget: Arc<Budget>,
}

impl Account {
    /// An account of another sandbox of the server.
    #[must_use]
    pub(crate) fn sibling(&self) -> Arc<Self> {
        self.budget.account()
    }

    /// What is held.
    #[must_use]
    pub(crate) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }

    /// What is held in all sandboxes of the server.
    #[must_use]
    pub(crate) fn held_by_all(&self) -> u64 {
        self.budget.held()
    }

    /// What may be held.
    #[must_use]
    pub(crate) fn bounds(&self) -> StateBounds {
        self.budget.bounds
    }

    /// Holds so many bytes more, within the bounds or not.
    #[must_use]
    pub(crate) fn charge(self: &Arc<Self>, bytes: u64) -> Charge {
        self.held.fetch_add(bytes, Ordering::Relaxed);
        self.budget.held.fetch_add(bytes, Ordering::Relaxed);
        Charge { account: self.clone(), bytes }
    }

    /// Whether what is held is within the bounds, but for `leaving`: bytes that are about to go.
    ///
    /// # Errors
    ///
    /// The bound that is exceeded.
    pub(crate) fn check(&self, leaving: u64) -> Result<(), Full> {
        let StateBounds { total, sandbox, .. } = self.budget.bounds;
        if self.held().saturating_sub(leaving) > sandbox {
            return Err(Full { bound: Bound::Sandbox, most: sandbox });
        }
        if self.budget.held().saturating_sub(leaving) > total {
            return Err(Full { bound: Bound::Total, most: total });
        }
        Ok(())
    }

    /// Whether a write may go on.
    ///
    /// # Errors
    ///
    /// It wrote more than one request may.
    pub(crate) fn check_write(&self, tally: Tally) -> Result<(), Full> {
        let most = self.budget.bounds.write;
        if tally.added > most { Err(Full { bound: Bound::Write, most }) } else { Ok(()) }
    }

    /// Whether so many bytes alone are more than may ever be held.
    ///
    /// # Errors
    ///
    /// The bound that they exceed.
    pub(crate) fn could_hold(&self, bytes: u64) -> Result<(), Full> {
        let StateBounds { total, sandbox, .. } = self.budget.bounds;
        let bounds = [(Bound::Sandbox, sandbox), (Bound::Total, total)];
        let exceeded = bounds.into_iter().find(|(_, most)| bytes > *most);
        exceeded.map_or(Ok(()), |(bound, most)| Err(Full { bound, most }))
    }
}

/// Bytes that are held until it is dropped.
#[derive(Debug)]
pub(crate) struct Charge {
    account: Arc<Account>,
    bytes: u64,
}

impl Charge {
    /// How many they are.
    #[must_use]
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.account.held.fetch_sub(self.bytes, Ordering::Relaxed);
        self.account.budget.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// About how many times its text a loaded fixture takes.
const LOADED: u64 = 4;

/// About how many bytes the state takes that a fixture's text loads to.
#[must_use]
pub(crate) fn of_fixture(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_mul(LOADED)
}

/// What a write added and took out, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// What its new records weigh.
    pub(crate) added: u64,
    /// What the records weigh that are no longer there.
    pub(crate) removed: u64,
}

struct Writing {
    account: Arc<Account>,
    tally: Tally,
}

// A write is a synchronous closure on a plain value, which tables and providers change without a word of accounts.
thread_local! {
    static WRITING: RefCell<Option<Writing>> = const { RefCell::new(None) };
}

/// Ends a write, also where it crashed.
struct Ending;

impl Drop for Ending {
    fn drop(&mut self) {
        WRITING.take();
    }
}

/// Runs a write whose records are charged to an account.
pub(crate) fn charged<T>(account: &Arc<Account>, write: impl FnOnce() -> T) -> (T, Tally) {
    WRITING.set(Some(Writing { account: account.clone(), tally: Tally::default() }));
    let _ending = Ending;
    let outcome = write();
    let tally = WRITING.with_borrow(|writing| writing.as_ref().map(|writing| writing.tally));
    (outcome, tally.unwrap_or_default())
}

/// Charges the write that is under way. Where there is none a fixture is read, which counts as a whole.
pub(crate) fn charge(bytes: usize) -> Option<Arc<Charge>> {
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    WRITING.with_borrow_mut(|writing| {
        let writing = writing.as_mut()?;
        writing.tally.added += bytes;
        Some(Arc::new(writing.account.charge(bytes)))
    })
}

/// Whether the write under way added more than one request may: whatever it goes on to do, it will be refused.
#[must_use]
pub(crate) fn is_too_much() -> bool {
    let is_too_much = |writing: &Writing| writing.account.check_write(writing.tally).is_err();
    WRITING.with_borrow(|writing| writing.as_ref().is_some_and(is_too_much))
}

/// Says that the write under way takes out what has this charge. Others may still share it.
pub(crate) fn remove(charge: Option<&Arc<Charge>>) {
    let Some(charge) = charge else { return };
    WRITING.with_borrow_mut(|writing| {
        if let Some(writing) = writing {
            writing.tally.removed += charge.bytes;
        }
    });
}

/// About how many bytes a value takes that has a JSON form: its own size and that of its texts.
#[must_use]
pub(crate) fn of<T: Serialize>(value: &T) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
            self.0 += piece.len();
            Ok(piece.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(size_of::<T>());
    // What has no JSON form has none of its texts counted; no record is so.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

/// Charges for what requests wrote beside the tables, by what it is. It is no part of what two states are compared by.
#[derive(Clone)]
pub(crate) struct Charges<K>(HashMap<K, Option<Arc<Charge>>>);

impl<K: Clone + Eq + Hash> Charges<K> {
    /// Charges the write under way for `of`, in place of what was charged for it before.
    pub(crate) fn set(&mut self, of: K, bytes: usize) {
        if let Some(former) = self.0.insert(of, charge(bytes)) {
            remove(former.as_ref());
        }
    }

    /// Whether a request wrote it.
    #[must_use]
    pub(crate) fn contains(&self, of: &K) -> bool {
        self.0.contains_key(of)
    }
}

impl<K> Default for Charges<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K> PartialEq for Charges<K> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<K> fmt::Debug for Charges<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Charges").field("count", &self.0.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(total: u64, sandbox: u64) -> Arc<Account> {
        Budget::new(StateBounds { total, sandbox, ..StateBounds::default() }).account()
    }

    #[test]
    fn a_bound_holds_what_it_says_and_not_a_byte_more() {
        let one = account(150, 100);
        let full = one.charge(100);
        assert_eq!(one.check(0), Ok(()));
        let more = one.charge(1);
        assert_eq!(
            one.check(0).map_err(|full| full.to_string()),
            Err("state is full (--max-sandbox-state 100)".into())
        );
        assert_eq!(one.check(1), Ok(()), "a byte that goes makes room");
        drop(more);
        assert_eq!(one.check(0), Ok(()));
        let other = one.sibling();
        let _rest = other.charge(50);
        assert_eq!(other.check(0), Ok(()));
        let _more = other.charge(1);
        assert_eq!(other.check(0).map_err(|full| full.to_string()), Err("state is full (--max-state 150)".into()));
        drop(full);
        assert_eq!((other.check(0), one.held(), other.held(), one.budget.held()), (Ok(()), 0, 51, 51));
        assert!(one.could_hold(100).is_ok() && one.could_hold(101).is_err());
    }

    #[test]
    fn a_write_that_crashed_charges_nobody_and_the_next_only_itself() {
        let account = account(100, 100);
        let crash = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            charged(&account, || {
                let _charge = charge(7);
                panic!("crashed on purpose")
            })
        }));
        assert!(crash.is_err() && account.held() == 0 && charge(7).is_none());
        let (kept, tally) = charged(&account, || charge(5));
        assert_eq!((account.held(), tally), (5, Tally { added: 5, removed: 0 }));
        drop(kept);
        assert_eq!(account.held(), 0);
    }
}
