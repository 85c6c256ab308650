//! The nodes of a [`Listing`](super::Listing).

use std::borrow::Borrow;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::world::table::texts::{Kept, Texts};

/// How many rows or nodes a node has at most.
pub(in crate::world::table) const MOST: usize = 32;

/// Rows that stand side by side in memory.
type Run<'n, K, V> = &'n [(K, V)];

/// A part of a list. All leaves are equally deep.
pub(in crate::world::table) struct Node<K, V> {
    pub(super) part: Part<K, V>,
    /// The texts of its rows, once they were searched and where there was room; only of a node that [`Node::searched`] shows.
    texts: Mutex<Option<Arc<Kept>>>,
}

#[derive(Clone)]
pub(super) enum Part<K, V> {
    Rows(Vec<(K, V)>),
    Nodes(Vec<Child<K, V>>),
}

/// A node within another.
#[derive(Clone)]
pub(super) struct Child<K, V> {
    /// No key of it is less, and all keys of the nodes before it are.
    pub(super) least: K,
    pub(super) count: usize,
    pub(super) node: Arc<Node<K, V>>,
}

/// What became of a part into which a row was put.
pub(super) struct Change<K, V> {
    pub(super) is_new: bool,
    /// The later half of it, where it was full.
    pub(super) beside: Option<Node<K, V>>,
}

impl<K, V> Node<K, V> {
    pub(super) fn of(part: Part<K, V>) -> Self {
        Self { part, texts: Mutex::default() }
    }

    pub(super) fn width(&self) -> usize {
        match &self.part {
            Part::Rows(rows) => rows.len(),
            Part::Nodes(nodes) => nodes.len(),
        }
    }

    pub(super) fn count(&self) -> usize {
        match &self.part {
            Part::Rows(rows) => rows.len(),
            Part::Nodes(nodes) => nodes.iter().map(|child| child.count).sum(),
        }
    }

    /// The rows of the leaf with this place: from it on, and up to it.
    pub(super) fn run(&self, mut place: usize) -> (Run<'_, K, V>, Run<'_, K, V>) {
        let mut node = self;
        loop {
            match &node.part {
                Part::Rows(rows) => {
                    let up_to = rows.get(..=place).unwrap_or_default();
                    return (rows.get(place..).unwrap_or_default(), up_to);
                }
                Part::Nodes(nodes) => {
                    let is_before = |child: &&Child<K, V>| match place.checked_sub(child.count) {
                        Some(left) => {
                            place = left;
                            false
                        }
                        None => true,
                    };
                    match nodes.iter().find(is_before) {
                        Some(child) => node = &child.node,
                        None => return (&[], &[]),
                    }
                }
            }
        }
    }

    /// A node above leaves is searched as one, and so is a list that is one leaf.
    pub(super) fn searched<'l>(&'l self, look: &mut dyn FnMut(&'l Self)) {
        match &self.part {
            Part::Nodes(nodes) if nodes.iter().all(|child| matches!(child.node.part, Part::Nodes(_))) => {
                nodes.iter().for_each(|child| child.node.searched(look));
            }
            _ => look(self),
        }
    }

    /// The value at a place.
    pub(in crate::world::table) fn at(&self, place: usize) -> Option<&V> {
        self.run(place).0.first().map(|(_, value)| value)
    }

    /// The texts of its rows, made of them where they were not searched since they changed.
    pub(in crate::world::table) fn texts(&self, text: &dyn Fn(&V, &mut Vec<u8>)) -> Arc<Kept> {
        if let Some(texts) = &*self.texts.lock() {
            return texts.clone();
        }
        let mut texts = Texts::default();
        match &self.part {
            Part::Rows(rows) => rows.iter().for_each(|(_, row)| texts.push(|out| text(row, out))),
            Part::Nodes(nodes) => {
                let rows = nodes.iter().flat_map(|child| child.node.run(0).0);
                rows.for_each(|(_, row)| texts.push(|out| text(row, out)));
            }
        }
        let (texts, is_kept) = texts.keep();
        let texts = Arc::new(texts);
        if is_kept {
            *self.texts.lock() = Some(texts.clone());
        }
        texts
    }

    /// Forgets the texts of its rows, which are about to change.
    fn forget(&mut self) {
        self.texts.get_mut().take();
    }
}

impl<K: Ord, V> Node<K, V> {
    /// The rows among which a key is, or would be.
    pub(super) fn leaf<Q: Ord + ?Sized>(&self, key: &Q) -> &[(K, V)]
    where
        K: Borrow<Q>,
    {
        let mut node = self;
        loop {
            match &node.part {
                Part::Rows(rows) => return rows,
                Part::Nodes(nodes) => node = &nodes[with(nodes, key)].node,
            }
        }
    }

    pub(super) fn place(&self, key: &K) -> Result<usize, usize> {
        let (mut node, mut before) = (self, 0);
        loop {
            match &node.part {
                Part::Rows(rows) => {
                    let within = among(rows, key);
                    return within.map(|place| before + place).map_err(|place| before + place);
                }
                Part::Nodes(nodes) => {
                    let at = with(nodes, key);
                    before += nodes[..at].iter().map(|child| child.count).sum::<usize>();
                    node = &nodes[at].node;
                }
            }
        }
    }
}

impl<K: Ord + Clone, V: Clone> Node<K, V> {
    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.forget();
        match &mut self.part {
            Part::Rows(rows) => among(rows, key).ok().map(|at| &mut rows[at].1),
            Part::Nodes(nodes) => {
                let at = with(nodes, key);
                Arc::make_mut(&mut nodes[at].node).get_mut(key)
            }
        }
    }

    pub(super) fn insert(&mut self, key: K, value: V) -> Change<K, V> {
        self.forget();
        match &mut self.part {
            Part::Rows(rows) => match among(rows, &key) {
                Ok(at) => {
                    rows[at].1 = value;
                    Change { is_new: false, beside: None }
                }
                Err(at) => {
                    Change { is_new: true, beside: put(rows, at, (key, value)).map(|rows| Self::of(Part::Rows(rows))) }
                }
            },
            Part::Nodes(nodes) => {
                let at = with(nodes, &key);
                let child = &mut nodes[at];
                if key < child.least {
                    child.least = key.clone();
                }
                let Change { is_new, beside } = Arc::make_mut(&mut child.node).insert(key, value);
                child.count += usize::from(is_new);
                let beside = beside.and_then(|beside| Child::of(Arc::new(beside))).and_then(|beside| {
                    nodes[at].count -= beside.count;
                    put(nodes, at + 1, beside)
                });
                Change { is_new, beside: beside.map(|nodes| Self::of(Part::Nodes(nodes))) }
            }
        }
    }

    /// Takes a row out that is there, and the nodes that had no other. Neighbours that fit into one node become one.
    pub(super) fn remove(&mut self, key: &K) {
        self.forget();
        match &mut self.part {
            Part::Rows(rows) => rows.retain(|(known, _)| known != key),
            Part::Nodes(nodes) => {
                let at = with(nodes, key);
                let child = &mut nodes[at];
                Arc::make_mut(&mut child.node).remove(key);
                child.count -= 1;
                if child.count == 0 {
                    nodes.remove(at);
                    return;
                }
                let width = |at: usize| nodes.get(at).map(|child| child.node.width());
                let fits = |at: usize| width(at).zip(width(at + 1)).is_some_and(|(one, next)| one + next <= MOST);
                if let Some(at) = [Some(at), at.checked_sub(1)].into_iter().flatten().find(|at| fits(*at)) {
                    let next = nodes.remove(at + 1);
                    nodes[at].count += next.count;
                    Arc::make_mut(&mut nodes[at].node).append(Arc::unwrap_or_clone(next.node));
                }
            }
        }
    }

    fn append(&mut self, mut next: Self) {
        self.forget();
        match (&mut self.part, &mut next.part) {
            (Part::Rows(rows), Part::Rows(more)) => rows.append(more),
            (Part::Nodes(nodes), Part::Nodes(more)) => nodes.append(more),
            // Neighbours are equally deep.
            _ => {}
        }
    }
}

impl<K: Clone, V> Child<K, V> {
    /// A node with rows in it.
    pub(super) fn of(node: Arc<Node<K, V>>) -> Option<Self> {
        let least = match &node.part {
            Part::Rows(rows) => rows.first()?.0.clone(),
            Part::Nodes(nodes) => nodes.first()?.least.clone(),
        };
        Some(Self { least, count: node.count(), node })
    }
}

/// A copy of a node, to be changed: what is known of its texts is of no use. It is of none behind it either: what is read
/// next is the copy, and a history keeps many that were replaced, which would keep their texts.
impl<K: Clone, V: Clone> Clone for Node<K, V> {
    fn clone(&self) -> Self {
        let forgotten = self.texts.lock().take();
        drop(forgotten);
        Self::of(match &self.part {
            Part::Rows(rows) => Part::Rows(copy(rows)),
            Part::Nodes(nodes) => Part::Nodes(copy(nodes)),
        })
    }
}

/// A copy with room for one more.
fn copy<T: Clone>(items: &[T]) -> Vec<T> {
    let mut copy = Vec::with_capacity((items.len() + 1).min(MOST));
    copy.extend_from_slice(items);
    copy
}

/// The place of a key among rows, or the one that it would have.
pub(super) fn among<K: Borrow<Q>, V, Q: Ord + ?Sized>(rows: &[(K, V)], key: &Q) -> Result<usize, usize> {
    rows.binary_search_by(|(known, _)| known.borrow().cmp(key))
}

/// The node that a key is in, or would be.
fn with<K: Borrow<Q>, V, Q: Ord + ?Sized>(nodes: &[Child<K, V>], key: &Q) -> usize {
    nodes.partition_point(|child| child.least.borrow() <= key).saturating_sub(1)
}

/// Puts an item in. What is full is cut in two, of which the later one is returned: in the middle, but at an end where it
/// grows there, so that what is made in order has full nodes.
fn put<T>(items: &mut Vec<T>, at: usize, item: T) -> Option<Vec<T>> {
    if items.len() < MOST {
        if items.len() == items.capacity() {
            items.reserve_exact(items.len().clamp(1, MOST - items.len()));
        }
        items.insert(at, item);
        return None;
    }
    let cut = match at {
        0 => 0,
        at if at == MOST => MOST,
        _ => MOST / 2,
    };
    let mut beside = items.split_off(cut);
    if at <= cut && cut < MOST {
        items.insert(at, item);
    } else {
        beside.insert(at - cut, item);
    }
    Some(beside)
}
