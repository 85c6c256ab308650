//! Counters of cells: a few of a sandbox, all of a run.

use std::sync::atomic::{AtomicU64, Ordering};

/// Which of a cell's counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// The vendor's own rules answered well.
    Exercised,
    /// A rule of the vendor refused.
    Refused,
    /// A fault, a limit or `Prefer: code` made the answer.
    Injected,
}

/// How many columns there are.
const COLUMNS: u16 = 3;

/// The counters of one cell, in the order of the columns.
pub(super) type Tally = [u64; COLUMNS as usize];

/// The most cells of a table: a counter's number has 16 bits.
pub(super) const MOST_CELLS: u16 = u16::MAX / COLUMNS;

/// One counter that is not zero, in 5 bytes, since there may be 10,000 sandboxes: its number, and how often. One that is
/// full has another of its number before it.
#[derive(Debug, Clone, Copy)]
struct Count([u8; 5]);

/// How often a counter can count.
const FULL: u32 = (1 << 24) - 1;

impl Count {
    fn of(number: u16, times: u32) -> Self {
        let ([number_0, number_1], [low, middle, high, _]) = (number.to_le_bytes(), times.min(FULL).to_le_bytes());
        Self([number_0, number_1, low, middle, high])
    }

    fn number(self) -> u16 {
        let [low, high, ..] = self.0;
        u16::from_le_bytes([low, high])
    }

    fn times(self) -> u32 {
        let [_, _, low, middle, high] = self.0;
        u32::from_le_bytes([low, middle, high, 0])
    }
}

/// The counters of a sandbox that are not zero, by their number.
#[derive(Debug, Default)]
pub(super) struct Sparse(Box<[Count]>);

impl Sparse {
    /// Counts once more.
    pub(super) fn add(&mut self, cell: u16, column: Column) {
        let number = cell * COLUMNS + column as u16;
        let at = self.0.partition_point(|count| count.number() < number);
        match self.0.get_mut(at) {
            Some(count) if count.number() == number && count.times() < FULL => {
                *count = Count::of(number, count.times() + 1);
            }
            _ => {
                // Most sandboxes have few: there is no room for more than there are.
                let mut counts = std::mem::take(&mut self.0).into_vec();
                counts.reserve_exact(1);
                counts.insert(at, Count::of(number, 1));
                self.0 = counts.into_boxed_slice();
            }
        }
    }

    /// What was counted of a table of so many cells.
    pub(super) fn tallies(&self, cells: usize) -> Vec<Tally> {
        let mut all = vec![Tally::default(); cells];
        for count in self.0.iter().copied() {
            let (cell, column) = (count.number() / COLUMNS, count.number() % COLUMNS);
            if let Some(counter) = all.get_mut(usize::from(cell)).and_then(|tally| tally.get_mut(usize::from(column))) {
                *counter += u64::from(count.times());
            }
        }
        all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bytes it takes beside itself.
    #[cfg(test)]
    pub(super) fn weight(&self) -> usize {
        self.0.len() * size_of::<Count>()
    }
}

/// All counters of a table in a run.
#[derive(Debug)]
pub(super) struct Dense(Box<[[AtomicU64; COLUMNS as usize]]>);

impl Dense {
    pub(super) fn new(cells: usize) -> Self {
        Self((0..cells).map(|_| Default::default()).collect())
    }

    /// Counts once more.
    pub(super) fn add(&self, cell: u16, column: Column) {
        if let Some(counter) = self.0.get(usize::from(cell)).and_then(|tally| tally.get(column as usize)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn clear(&self) {
        self.0.iter().flatten().for_each(|counter| counter.store(0, Ordering::Relaxed));
    }

    pub(super) fn tallies(&self) -> Vec<Tally> {
        let load =
            |tally: &[AtomicU64; COLUMNS as usize]| tally.each_ref().map(|counter| counter.load(Ordering::Relaxed));
        self.0.iter().map(load).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_takes_five_bytes_and_counts_on_where_one_is_full() {
        assert_eq!(size_of::<Count>(), 5);
        let mut sparse = Sparse(vec![Count::of(1, 7), Count::of(3, FULL - 1), Count::of(9, FULL)].into());
        for (cell, column) in [
            (MOST_CELLS - 1, Column::Injected),
            (0, Column::Refused),
            (0, Column::Exercised),
            (1, Column::Exercised),
            (1, Column::Exercised),
            (1, Column::Exercised),
            (3, Column::Exercised),
        ] {
            sparse.add(cell, column);
        }
        let all = sparse.tallies(usize::from(MOST_CELLS));
        let full = u64::from(FULL);
        assert_eq!((all[0], all[1], all[3]), ([1, 8, 0], [full + 2, 0, 0], [full + 1, 0, 0]));
        assert_eq!(all[usize::from(MOST_CELLS) - 1], [0, 0, 1]);
        assert_eq!(all.iter().flatten().filter(|times| **times > 0).count(), 5);
        assert_eq!(sparse.0.len(), 7, "one more for each that was full");
    }

    #[test]
    fn a_run_and_a_sandbox_count_alike() {
        let (dense, mut sparse) = (Dense::new(9), Sparse::default());
        for number in 0..300_u16 {
            let column = [Column::Exercised, Column::Refused, Column::Injected][usize::from(number % 3)];
            dense.add(number % 9, column);
            sparse.add(number % 9, column);
        }
        assert_eq!(dense.tallies(), sparse.tallies(9));
        dense.clear();
        assert_eq!(dense.tallies(), vec![Tally::default(); 9]);
    }
}
