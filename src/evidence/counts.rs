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

/// One counter that is not zero: 6 bytes, since there may be 10,000 sandboxes.
#[derive(Debug, Clone, Copy)]
struct Count {
    number: u16,
    /// The lower half of how often, and the upper.
    times: [u16; 2],
}

impl Count {
    fn times(self) -> u32 {
        let [low, high] = self.times;
        u32::from(low) | (u32::from(high) << 16)
    }

    fn add(&mut self, times: u32) {
        let [low_0, low_1, high_0, high_1] = self.times().saturating_add(times).to_le_bytes();
        self.times = [u16::from_le_bytes([low_0, low_1]), u16::from_le_bytes([high_0, high_1])];
    }
}

/// The counters of a sandbox that are not zero, by their number.
#[derive(Debug, Default)]
pub(super) struct Sparse(Vec<Count>);

/// How many counters more there is room for once there is none: none where there are few, since most sandboxes have few.
fn room(counters: usize) -> usize {
    1 + counters / 16
}

impl Sparse {
    pub(super) fn add(&mut self, cell: u16, column: Column, times: u32) {
        let number = cell * COLUMNS + column as u16;
        match self.0.binary_search_by_key(&number, |count| count.number) {
            Ok(at) => {
                if let Some(count) = self.0.get_mut(at) {
                    count.add(times);
                }
            }
            Err(at) => {
                if self.0.len() == self.0.capacity() {
                    self.0.reserve_exact(room(self.0.len()));
                }
                let mut count = Count { number, times: [0; 2] };
                count.add(times);
                self.0.insert(at, count);
            }
        }
    }

    /// What was counted of a table of so many cells.
    pub(super) fn tallies(&self, cells: usize) -> Vec<Tally> {
        let mut all = vec![Tally::default(); cells];
        for count in &self.0 {
            let (cell, column) = (count.number / COLUMNS, count.number % COLUMNS);
            if let Some(counter) = all.get_mut(usize::from(cell)).and_then(|tally| tally.get_mut(usize::from(column))) {
                *counter = u64::from(count.times());
            }
        }
        all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bytes it takes beside itself.
    pub(super) fn weight(&self) -> usize {
        self.0.capacity() * size_of::<Count>()
    }
}

/// All counters of a table in a run.
#[derive(Debug)]
pub(super) struct Dense(Box<[[AtomicU64; COLUMNS as usize]]>);

impl Dense {
    pub(super) fn new(cells: usize) -> Self {
        Self((0..cells).map(|_| Default::default()).collect())
    }

    pub(super) fn add(&self, cell: u16, column: Column, times: u32) {
        if let Some(counter) = self.0.get(usize::from(cell)).and_then(|tally| tally.get(column as usize)) {
            counter.fetch_add(u64::from(times), Ordering::Relaxed);
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
    fn a_counter_takes_six_bytes_and_counts_beyond_the_half_of_them() {
        assert_eq!(size_of::<Count>(), 6);
        let mut sparse = Sparse::default();
        for (cell, column, times) in [
            (MOST_CELLS - 1, Column::Injected, 1),
            (0, Column::Refused, 70_000),
            (0, Column::Refused, 70_000),
            (0, Column::Exercised, 1),
            (7, Column::Exercised, u32::MAX),
            (7, Column::Exercised, 5),
        ] {
            sparse.add(cell, column, times);
        }
        let all = sparse.tallies(usize::from(MOST_CELLS));
        assert_eq!((all[0], all[7]), ([1, 140_000, 0], [u64::from(u32::MAX), 0, 0]));
        assert_eq!(all[usize::from(MOST_CELLS) - 1], [0, 0, 1]);
        assert_eq!(all.iter().flatten().filter(|times| **times > 0).count(), 4);
    }

    #[test]
    fn a_run_and_a_sandbox_count_alike() {
        let (dense, mut sparse) = (Dense::new(9), Sparse::default());
        for number in 0..300_u16 {
            let column = [Column::Exercised, Column::Refused, Column::Injected][usize::from(number % 3)];
            dense.add(number % 9, column, 2);
            sparse.add(number % 9, column, 2);
        }
        assert_eq!(dense.tallies(), sparse.tallies(9));
        dense.clear();
        assert_eq!(dense.tallies(), vec![Tally::default(); 9]);
    }
}
