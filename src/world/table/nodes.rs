//! How many bytes of a table a change copies where the table before it is kept: the nodes on the way to the record.
//!
//! It follows the trees of `imbl`: a map by id has nodes of 32 places, an ordered one of 16, and each is about half full.

/// What a node and a place in it take beside what stands there.
const HEAD: usize = 48;
const PLACE: usize = 8;

/// The nodes on the way to an entry of a map by id.
pub(super) fn by_id(entries: usize, entry: usize) -> usize {
    let width = if entries <= 16 { 16 } else { 32 };
    levels(entries / 2, 32) * (HEAD + width * (entry + PLACE))
}

/// The nodes on the way to an entry of an ordered map.
pub(super) fn in_order(entries: usize, entry: usize) -> usize {
    levels(entries, 10) * (HEAD + 16 * (entry + PLACE))
}

/// All nodes of a map.
pub(super) fn all(entries: usize, entry: usize) -> usize {
    2 * entries * (entry + PLACE)
}

fn levels(mut entries: usize, width: usize) -> usize {
    let mut levels = 1;
    while entries > width {
        entries /= width;
        levels += 1;
    }
    levels
}
