//! How many bytes of a table a change copies where the table before it is kept: the nodes on the way to the record.

use super::listing::MOST;

/// What a node and a place in it take beside what stands there.
const HEAD: usize = 48;
const PLACE: usize = 8;

/// How many places of a node are taken, where there are many nodes.
const WIDTH: usize = MOST * 3 / 4;

/// The nodes on the way to an entry of a list. What stands in a node above another, a key and where it is, takes about as much
/// as an entry.
pub(super) fn on_the_way(entries: usize, entry: usize) -> usize {
    let (mut bytes, mut left) = (0, entries);
    while left > MOST {
        bytes += HEAD + WIDTH * (entry + PLACE);
        left = left.div_ceil(WIDTH);
    }
    bytes + HEAD + left * (entry + PLACE)
}

/// All nodes of a list.
pub(super) fn all(entries: usize, entry: usize) -> usize {
    2 * entries * (entry + PLACE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many records a table has, and how many bytes a change of one kept alive of the state before it: as an allocator
    /// counts them that adds up what is asked of it, over 1,000 changes. Each record stands in two lists beside those of all
    /// records, by id and in the order of making.
    const MEASURED: [(usize, usize); 8] = [
        (30, 5_026),
        (100, 6_001),
        (300, 6_922),
        (1_000, 10_107),
        (3_000, 10_156),
        (10_000, 12_034),
        (30_000, 13_384),
        (100_000, 14_514),
    ];

    #[test]
    fn what_a_change_copies_is_known_to_an_eighth() {
        for (many, measured) in MEASURED {
            let lists = on_the_way(many, 16) + 2 * on_the_way(many, 40);
            let estimated = on_the_way(many, 40) + on_the_way(2, 48) + lists;
            assert!(estimated.abs_diff(measured) * 8 < measured, "{many}: {estimated}, measured {measured}");
        }
    }
}
