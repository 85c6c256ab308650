//! Schemas that refer to themselves for the same value.

use super::super::node::{Id, Node};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Never,
    Open,
    Done,
}

/// A schema that is a part of itself for the same value, so that no check of it would end.
pub(super) fn find(nodes: &[Node]) -> Option<Id> {
    let mut seen = vec![Seen::Never; nodes.len()];
    (0..nodes.len()).find(|id| meets_itself(nodes, *id, &mut seen))
}

fn meets_itself(nodes: &[Node], id: Id, seen: &mut [Seen]) -> bool {
    match seen[id] {
        Seen::Open => return true,
        Seen::Done => return false,
        Seen::Never => seen[id] = Seen::Open,
    }
    let node = &nodes[id];
    let parts = node.all.iter().chain(node.any.iter().chain(&node.one).flatten());
    let found = parts.copied().any(|part| meets_itself(nodes, part, seen));
    seen[id] = Seen::Done;
    found
}
