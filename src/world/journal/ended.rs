//! Why what was told of a journal counts no more: what is said to those who follow it, and to those who come again.

use std::collections::VecDeque;

use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::world::sandbox::SandboxName;

/// The most journals of sandboxes that are gone that are remembered.
pub(crate) const MOST_ENDED: usize = 10_000;

/// Why a stream of events starts anew, or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// The journal was emptied: by a reset.
    Emptied,
    /// The sandbox was deleted.
    Deleted,
    /// Another sandbox was made in its place.
    Replaced,
    /// The sandbox was idle for too long.
    Expired,
    /// The sandbox made room for others.
    Evicted,
    /// There was no room for the sandbox.
    NoRoom,
    /// The last event that was seen is of another start of the server.
    Restarted,
    /// The server stops.
    Stopped,
    /// The last event that was seen is none of the sandbox, or of one that is no longer remembered.
    #[serde(other)]
    Unknown,
}

/// The journals whose sandboxes are gone: a bounded memory.
#[derive(Debug, Default)]
pub(crate) struct Ended(Mutex<VecDeque<(u64, SandboxName, Why)>>);

impl Ended {
    /// Remembers one; of too many, the one that ended first is forgotten.
    pub(super) fn put(&self, incarnation: u64, name: SandboxName, why: Why) {
        let mut all = self.0.lock();
        if all.len() >= MOST_ENDED {
            all.pop_front();
        }
        all.push_back((incarnation, name, why));
    }

    /// Why the sandbox of this name is gone that had this journal.
    #[must_use]
    pub(crate) fn why(&self, incarnation: u64, name: &SandboxName) -> Option<Why> {
        let all = self.0.lock();
        let found = all.iter().rev().find(|(known, of, _)| *known == incarnation && of == name);
        found.map(|(.., why)| *why)
    }

    /// Why the last sandbox of this name is gone.
    #[must_use]
    pub(crate) fn last(&self, name: &SandboxName) -> Option<Why> {
        let all = self.0.lock();
        all.iter().rev().find(|(_, of, _)| of == name).map(|(.., why)| *why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> SandboxName {
        text.parse().expect("a name")
    }

    #[test]
    fn so_many_ends_are_remembered_and_no_more() {
        let (ended, a) = (Ended::default(), name("a"));
        for number in 0..=MOST_ENDED as u64 {
            ended.put(number, a.clone(), Why::Deleted);
        }
        let kept = ended.0.lock().len();
        assert_eq!((kept, ended.why(0, &a)), (MOST_ENDED, None), "the first is forgotten");
        assert_eq!(ended.why(1, &a), Some(Why::Deleted));
        ended.put(MOST_ENDED as u64 + 1, a.clone(), Why::Evicted);
        assert_eq!((ended.why(1, &a), ended.last(&a)), (None, Some(Why::Evicted)));
        assert_eq!((ended.why(2, &name("b")), ended.last(&name("b"))), (None, None), "it was another's");
    }

    #[test]
    fn a_reason_is_one_word() {
        for (why, word) in [(Why::Emptied, "emptied"), (Why::NoRoom, "no_room"), (Why::Unknown, "unknown")] {
            assert_eq!(serde_json::to_value(why).expect("JSON"), word);
        }
        let newer: Why = serde_json::from_str("\"of a later version\"").expect("a reason");
        assert_eq!(newer, Why::Unknown);
    }
}
