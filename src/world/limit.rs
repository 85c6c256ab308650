//! Rate limits: how many requests a caller of a provider may make in a period of the sandbox's clock.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lru::LruCache;
use parking_lot::Mutex;

use super::duration;

/// The most callers that one provider of one sandbox counts; the least recently seen is forgotten first.
const MOST_CALLERS: usize = 1_000;

/// So many requests of one caller in each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RateLimit {
    /// How many pass.
    pub requests: u32,
    /// How long a period is.
    pub period: Duration,
}

impl RateLimit {
    /// What a limit is that is merely switched on where the vendor names no number.
    pub const UNDOCUMENTED: Self = Self { requests: 60, period: Duration::from_secs(60) };

    /// So many a minute.
    #[must_use]
    pub const fn a_minute(requests: u32) -> Self {
        Self { requests, period: Duration::from_secs(60) }
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.requests, duration::show(self.period))
    }
}

/// Why a text is no limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected N/PERIOD with an N of 1 or more, such as 100/1m or 5/s; found {found:?}")]
pub struct RateLimitError {
    found: String,
}

impl FromStr for RateLimit {
    type Err = RateLimitError;

    /// Reads `100/1m`, or `100/m` for the same.
    fn from_str(text: &str) -> Result<Self, RateLimitError> {
        let read = || {
            let (requests, period) = text.split_once('/')?;
            let requests = requests.parse().ok().filter(|requests| *requests > 0)?;
            let one = if period.starts_with(|first: char| first.is_ascii_digit()) { "" } else { "1" };
            let period = duration::parse(&format!("{one}{period}")).ok().filter(|period| !period.is_zero())?;
            Some(Self { requests, period })
        };
        read().ok_or_else(|| RateLimitError { found: text.chars().take(40).collect() })
    }
}

/// Counts the callers of one provider in one sandbox.
#[derive(Debug, Default)]
pub struct Limiter(Mutex<Option<LruCache<u64, Window>>>);

/// A caller's present period, which begins with the first request in it.
#[derive(Debug, Clone, Copy)]
struct Window {
    start: Timestamp,
    taken: u32,
}

impl Limiter {
    /// Counts a request of a caller.
    ///
    /// # Errors
    ///
    /// The limit is reached: the seconds until the next period, at least 1.
    pub fn take(&self, limit: RateLimit, caller: u64, now: Timestamp) -> Result<(), u64> {
        let period = SignedDuration::try_from(limit.period).unwrap_or(SignedDuration::MAX);
        let mut windows = self.0.lock();
        let windows = windows.get_or_insert_with(LruCache::unbounded);
        let window = windows.get_or_insert_mut(caller, || Window { start: now, taken: 0 });
        let gone = now.duration_since(window.start);
        // A clock may be set back, too: nobody waits for a period of another time.
        if gone.is_negative() || gone >= period {
            *window = Window { start: now, taken: 0 };
        }
        let gone = now.duration_since(window.start);
        let verdict = if window.taken < limit.requests {
            window.taken += 1;
            Ok(())
        } else {
            let left = period.saturating_sub(gone);
            let up = u64::from(left.subsec_nanos() > 0);
            Err((u64::try_from(left.as_secs()).unwrap_or_default() + up).max(1))
        };
        if windows.len() > MOST_CALLERS {
            windows.pop_lru();
        }
        verdict
    }

    /// How many callers are counted.
    #[must_use]
    pub fn callers(&self) -> usize {
        self.0.lock().as_ref().map_or(0, LruCache::len)
    }

    /// Forgets every count.
    pub fn clear(&self) {
        let gone = self.0.lock().take();
        drop(gone);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_768_478_400 + second).expect("an instant")
    }

    #[test]
    fn a_period_begins_with_the_first_request_and_ends_by_the_clock() {
        let limiter = Limiter::default();
        let limit = RateLimit::a_minute(2);
        let take = |second| limiter.take(limit, 1, at(second));
        assert_eq!([take(0), take(10), take(20), take(59)], [Ok(()), Ok(()), Err(40), Err(1)]);
        assert_eq!([take(60), take(60), take(60)], [Ok(()), Ok(()), Err(60)]);
        assert_eq!(take(30), Ok(()), "a clock that is set back begins a new period");
        assert_eq!(limiter.take(limit, 2, at(60)), Ok(()), "another caller has a period of its own");
        limiter.clear();
        assert_eq!(limiter.callers(), 0);
    }

    #[test]
    fn the_number_of_callers_is_bounded() {
        let limiter = Limiter::default();
        for caller in 0..3_000 {
            assert_eq!(limiter.take(RateLimit::a_minute(1), caller, at(0)), Ok(()));
        }
        assert_eq!(limiter.callers(), MOST_CALLERS);
    }

    #[test]
    fn a_limit_reads_back() {
        for text in ["100/1m", "1/500ms", "5/1s"] {
            assert_eq!(text.parse::<RateLimit>().map(|limit| limit.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("100/m".parse(), Ok(RateLimit::a_minute(100)));
        for text in ["100", "0/1m", "-1/1m", "100/", "100/0s", "100/minute", "/1m"] {
            assert!(text.parse::<RateLimit>().is_err(), "{text}");
        }
    }
}
