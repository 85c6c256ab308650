//! Lists beside `BTreeMap`.

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

impl<V> Listing<u32, V> {
    /// Holds what a list promises of its nodes: how many levels it has.
    fn check(&self) -> usize {
        match self {
            Self::Few(_) => 0,
            Self::Many(count, root) => {
                assert!(*count > 1 && *count == root.count());
                root.check(None)
            }
        }
    }
}

impl<V> Node<u32, V> {
    fn check(&self, least: Option<u32>) -> usize {
        assert!((1..=MOST).contains(&self.width()));
        match &self.part {
            Part::Rows(rows) => {
                assert!(rows.is_sorted_by(|one, next| one.0 < next.0) && rows.capacity() <= 2 * MOST);
                assert!(least.is_none_or(|least| least <= rows[0].0));
                1
            }
            Part::Nodes(nodes) => {
                assert!(nodes.is_sorted_by(|one, next| one.least < next.least));
                assert!(least.is_none_or(|least| least <= nodes[0].least));
                let depths: Vec<_> = nodes
                    .iter()
                    .map(|child| {
                        assert_eq!(child.count, child.node.count());
                        child.node.check(Some(child.least))
                    })
                    .collect();
                assert!(depths.iter().all(|depth| *depth == depths[0]));
                1 + depths[0]
            }
        }
    }
}

proptest! {
    #[test]
    fn rows_stand_in_the_order_of_their_keys_whatever_is_put_in_and_taken_out(
        steps in proptest::collection::vec((0u8..4, 0u32..3_000, 0u32..1_500), 1..14),
        passed in proptest::collection::vec((any::<bool>(), 0usize..90), 1..60),
    ) {
        let mut list: Listing<u32, u32> = Listing::default();
        let mut plain = BTreeMap::new();
        let mut forks = Vec::new();
        for (turn, (what, from, many)) in (0u32..).zip(steps) {
            forks.push((list.clone(), plain.clone()));
            let keys: Vec<u32> = match what {
                0 => (from..from + many).collect(),
                1 => (from..from + many).rev().collect(),
                // In no order.
                2 => (0..many).map(|key| from + key * 7_919 % 3_001).collect(),
                _ => (from..from + many).collect(),
            };
            for key in keys {
                if what == 3 {
                    list.remove(&key);
                    plain.remove(&key);
                } else {
                    list.insert(key, turn);
                    plain.insert(key, turn);
                }
            }
            list.check();
        }
        forks.push((list, plain));
        for (list, plain) in forks {
            let rows: Vec<_> = plain.values().collect();
            prop_assert_eq!(list.len(), rows.len());
            prop_assert_eq!(list.values().collect::<Vec<_>>(), rows.clone());
            prop_assert_eq!(list.values().rev().collect::<Vec<_>>(), rows.iter().copied().rev().collect::<Vec<_>>());
            let (mut walk, mut plain_walk) = (list.values(), rows.iter().copied());
            for (is_first, passed) in &passed {
                match is_first {
                    true => prop_assert_eq!(walk.nth(*passed), plain_walk.nth(*passed)),
                    false => prop_assert_eq!(walk.nth_back(*passed), plain_walk.nth_back(*passed)),
                }
                prop_assert_eq!(walk.len(), plain_walk.len());
            }
            let keys: Vec<_> = plain.keys().copied().collect();
            for key in (0..4_600).step_by(97) {
                prop_assert_eq!(list.place(&key), keys.binary_search(&key));
            }
        }
    }
}

#[test]
fn what_is_made_in_order_has_full_nodes_whichever_end_grows() {
    let rows: u32 = 100_000;
    for keys in [Box::new(0..rows) as Box<dyn Iterator<Item = u32>>, Box::new((0..rows).rev())] {
        let mut list = Listing::default();
        keys.for_each(|key| list.insert(key, ()));
        assert_eq!(list.check(), 4, "32 to the fourth are a million");
        let mut leaves = 0;
        let mut place = 0;
        while let run @ 1.. = list.run(place).len() {
            place += run;
            leaves += 1;
        }
        assert_eq!(leaves, rows as usize / MOST);
    }
}

/// A value that counts how often one is copied.
struct Counted;

thread_local! {
    static COPIED: Cell<usize> = const { Cell::new(0) };
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        COPIED.set(COPIED.get() + 1);
        Self
    }
}

#[test]
fn a_change_copies_one_leaf_and_its_neighbour_at_most() {
    let mut list = Listing::default();
    (0..100_000_u32).for_each(|key| list.insert(2 * key, Counted));
    for key in [0, 99_999, 100_000, 199_998, 200_001] {
        let fork = list.clone();
        let before = COPIED.get();
        if key % 2 == 0 {
            list.remove(&key)
        } else {
            list.insert(key, Counted)
        };
        assert!(COPIED.get() - before <= 2 * MOST, "{key}: {}", COPIED.get() - before);
        assert_eq!(list.len().abs_diff(fork.len()), 1);
    }
}
