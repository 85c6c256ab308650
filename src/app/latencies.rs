//! How long an operation's answers took, by the class of their status: fixed buckets, so that all is bounded and counting
//! is two additions.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The upper ends of the buckets, in microseconds, and as Prometheus' `le` writes them, in seconds.
const BUCKETS: [(u64, &str); 16] = [
    (100, "0.0001"),
    (250, "0.00025"),
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (5_000_000, "5"),
    (10_000_000, "10"),
];

/// The classes of statuses.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// One histogram a class.
#[derive(Debug, Default)]
pub(super) struct Latencies([Histogram; CLASSES.len()]);

#[derive(Debug, Default)]
struct Histogram {
    /// How many ended in each bucket; the last is for what took longer than all.
    counts: [AtomicU64; BUCKETS.len() + 1],
    nanoseconds: AtomicU64,
}

/// A histogram that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Latency<'c> {
    pub(crate) provider: &'c str,
    pub(crate) operation: &'c str,
    /// Such as `2xx`.
    pub(crate) class: &'static str,
    /// The upper end of each bucket, and how many took no longer.
    pub(crate) buckets: Vec<(&'static str, u64)>,
    pub(crate) sum: Duration,
    pub(crate) count: u64,
}

impl Latencies {
    pub(super) fn count(&self, status: u16, took: Duration) {
        let Some(histogram) = usize::from(status / 100).checked_sub(1).and_then(|class| self.0.get(class)) else {
            return;
        };
        // A bucket has what took as long as its end; parts of a microsecond are more.
        let bucket = BUCKETS.partition_point(|(end, _)| Duration::from_micros(*end) < took);
        if let Some(count) = histogram.counts.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        histogram.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Those that are not empty.
    pub(super) fn each<'c>(&'c self, provider: &'c str, operation: &'c str) -> impl Iterator<Item = Latency<'c>> {
        CLASSES.into_iter().zip(&self.0).filter_map(move |(class, histogram)| {
            let mut count = 0;
            let mut counts = histogram.counts.iter().map(|each| {
                count += each.load(Ordering::Relaxed);
                count
            });
            let buckets: Vec<_> = BUCKETS.iter().map(|(_, end)| *end).zip(counts.by_ref()).collect();
            let count = counts.next().unwrap_or_default();
            let sum = Duration::from_nanos(histogram.nanoseconds.load(Ordering::Relaxed));
            (count > 0).then_some(Latency { provider, operation, class, buckets, sum, count })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_in_its_bucket_and_in_all_that_are_wider() {
        let latencies = Latencies::default();
        for (status, microseconds) in [(200, 0), (204, 100), (299, 101), (404, 9_000_000), (404, 10_000_001)] {
            latencies.count(status, Duration::from_micros(microseconds));
        }
        latencies.count(99, Duration::ZERO);
        latencies.count(600, Duration::ZERO);
        let each: Vec<_> = latencies.each("p", "p.o").collect();
        let [done, refused] = &each[..] else { panic!("{each:?}") };
        assert_eq!((done.class, done.count, done.sum), ("2xx", 3, Duration::from_micros(201)));
        assert_eq!(done.buckets[..3], [("0.0001", 2), ("0.00025", 3), ("0.0005", 3)]);
        assert_eq!((refused.class, refused.count), ("4xx", 2));
        assert_eq!(refused.buckets[14..], [("5", 0), ("10", 1)]);
    }

    #[test]
    fn each_bucket_says_its_end_in_seconds() {
        for (microseconds, seconds) in BUCKETS {
            let said: f64 = seconds.parse().expect("a number");
            assert!((said * 1e6 - f64::from(u32::try_from(microseconds).expect("small"))).abs() < 1e-6, "{seconds}");
        }
        assert!(BUCKETS.is_sorted());
    }
}
