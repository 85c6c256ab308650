//! What is found by key and by place, in the order of the keys: a B+ tree that counts, on persistent nodes.
//!
//! Cloning one is O(1). A change copies the nodes on the way to a row where others share them, and what a node knows of the
//! texts of its rows is forgotten with it.

mod node;

use std::borrow::Borrow;
use std::sync::Arc;

pub(super) use self::node::MOST;
use self::node::{Change, Child, Node, Part, among};
use super::walk::Walk;

/// Rows in the order of their keys. Many lists have one row, which takes no node.
#[derive(Clone)]
pub(super) enum Listing<K, V> {
    Few(Option<(K, V)>),
    Many(usize, Arc<Node<K, V>>),
}

impl<K, V> Listing<K, V> {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Few(row) => usize::from(row.is_some()),
            Self::Many(count, _) => *count,
        }
    }

    /// The rows from a place on that stand side by side in memory; none behind the end.
    pub(super) fn run(&self, place: usize) -> &[(K, V)] {
        match self {
            Self::Few(row) => row.as_slice().get(place..).unwrap_or_default(),
            Self::Many(_, root) => root.run(place).0,
        }
    }

    /// The row at a place, in a run that ends with it.
    pub(super) fn run_to(&self, place: usize) -> &[(K, V)] {
        match self {
            Self::Few(row) => row.as_slice(),
            Self::Many(_, root) => {
                let (from, before) = root.run(place);
                if from.is_empty() { &[] } else { before }
            }
        }
    }

    /// Whether both are one in memory.
    pub(super) fn ptr_eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Many(_, root), Self::Many(_, other)) => Arc::ptr_eq(root, other),
            _ => self.len() == 0 && other.len() == 0,
        }
    }

    /// The values in order.
    pub(super) fn values(&self) -> Walk<'_, K, V> {
        Walk::over(Some(self))
    }

    /// The parts whose texts are searched as one, in order, each with its rows.
    pub(super) fn searched<'l>(&'l self, look: &mut dyn FnMut(&'l Node<K, V>)) {
        if let Self::Many(_, root) = self {
            root.searched(look);
        }
    }
}

impl<K: Ord, V> Listing<K, V> {
    /// The value of a key.
    pub(super) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let rows = match self {
            Self::Few(row) => row.as_slice(),
            Self::Many(_, root) => root.leaf(key),
        };
        rows.get(among(rows, key).ok()?).map(|(_, value)| value)
    }

    /// The place of a key, or the one that it would have.
    pub(super) fn place(&self, key: &K) -> Result<usize, usize> {
        match self {
            Self::Few(row) => among(row.as_slice(), key),
            Self::Many(_, root) => root.place(key),
        }
    }
}

impl<K: Ord + Clone, V: Clone> Listing<K, V> {
    /// The value of a key, to be changed.
    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        match self {
            Self::Few(row) => row.as_mut().filter(|(known, _)| known == key).map(|(_, value)| value),
            Self::Many(_, root) => Arc::make_mut(root).get_mut(key),
        }
    }

    /// Puts a row in, in place of the one with the same key.
    pub(super) fn insert(&mut self, key: K, value: V) {
        match self {
            Self::Few(row) => match row.take() {
                Some((known, other)) if known != key => {
                    let rows =
                        if known < key { [(known, other), (key, value)] } else { [(key, value), (known, other)] };
                    *self = Self::Many(2, Arc::new(Node::of(Part::Rows(rows.into()))));
                }
                _ => *row = Some((key, value)),
            },
            Self::Many(count, root) => {
                let Change { is_new, beside } = Arc::make_mut(root).insert(key, value);
                *count += usize::from(is_new);
                if let Some(beside) = beside {
                    let nodes = [root.clone(), Arc::new(beside)].into_iter().filter_map(Child::of).collect();
                    *root = Arc::new(Node::of(Part::Nodes(nodes)));
                }
            }
        }
    }

    /// Takes the row with this key out, if there is one.
    pub(super) fn remove(&mut self, key: &K) {
        if self.place(key).is_err() {
            return;
        }
        match self {
            Self::Few(row) => *row = None,
            Self::Many(count, root) => {
                Arc::make_mut(root).remove(key);
                *count -= 1;
                while let Part::Nodes(nodes) = &root.part
                    && let [only] = &nodes[..]
                {
                    *root = only.node.clone();
                }
                if let Part::Rows(rows) = &root.part
                    && rows.len() <= 1
                {
                    *self = Self::Few(rows.first().cloned());
                }
            }
        }
    }
}

impl<K, V> Default for Listing<K, V> {
    fn default() -> Self {
        Self::Few(None)
    }
}

#[cfg(test)]
mod tests;
