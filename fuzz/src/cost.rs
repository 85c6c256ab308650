//! What the mock's own work on an input costs: bytes allocated, and CPU time of the thread that asked. What a target
//! checks afterwards is not counted.

use std::time::Duration;

/// What an input may cost: so much whatever it says, and so much for each of its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// KiB allocated, whatever it says.
    pub kib: u64,
    /// Bytes allocated for each of its bytes.
    pub bytes: u64,
    /// Microseconds, whatever it says.
    pub base_micros: u64,
    /// Microseconds for each of its bytes.
    pub micros: u64,
}

/// What an input took.
#[derive(Debug, Default, Clone, Copy)]
pub struct Cost {
    pub bytes: u64,
    pub time: Duration,
}

impl Limit {
    /// What an input of this length may cost.
    pub fn of(&self, length: usize) -> Cost {
        let length = length as u64;
        Cost {
            bytes: self.kib * 1_024 + self.bytes * length,
            time: Duration::from_micros(self.base_micros + self.micros * length),
        }
    }
}

impl Cost {
    /// Whether it is more than another in any way.
    pub fn is_above(&self, other: &Self) -> bool {
        self.bytes > other.bytes || self.time > other.time
    }
}

/// Counts what the mock does for one input.
pub struct Meter {
    clock: fn() -> Duration,
    cost: Cost,
}

impl Meter {
    /// One that reads this clock: the CPU time of its thread.
    pub fn new(clock: fn() -> Duration) -> Self {
        Self { clock, cost: Cost::default() }
    }

    /// What was counted.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Counts work.
    pub fn count<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let began = (self.clock)();
        let mut done = None;
        self.cost.bytes += allocation_counter::measure(|| done = Some(work())).bytes_total;
        self.cost.time += (self.clock)() - began;
        done.expect("what the work gave")
    }
}
