//! The `Date` of an answer, on the sandbox's clock.

use std::cell::RefCell;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use crate::provider::HeaderValue;

/// The last instant of the year before 0, the first that a `Date` cannot name: it has four digits and no sign.
const BEFORE_YEAR_0: i64 = -62_167_219_201;

/// An instant as a header field names it. One before the year 0 is named as the first second of that year.
pub(super) fn http_date(instant: Timestamp) -> Option<HeaderValue> {
    let second = instant.as_second();
    if second <= 0 {
        // Here the fraction of a second counts backwards.
        return made(instant);
    }
    let remembered = LAST.try_with(|last| {
        let last = last.try_borrow().ok()?;
        last.as_ref().filter(|(known, _)| *known == second).map(|(_, date)| date.clone())
    });
    if let Ok(Some(date)) = remembered {
        return Some(date);
    }
    let date = made(instant)?;
    let _ = LAST.try_with(|last| last.replace(Some((second, date.clone()))));
    Some(date)
}

thread_local! {
    /// The date that this thread named last, and its second.
    static LAST: RefCell<Option<(i64, HeaderValue)>> = const { RefCell::new(None) };
}

fn made(instant: Timestamp) -> Option<HeaderValue> {
    let first = Timestamp::from_second(BEFORE_YEAR_0 + 1).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut text = String::with_capacity(29);
    DateTimePrinter::new().print_timestamp_rfc9110(&instant.max(first), &mut text).ok()?;
    HeaderValue::try_from(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instant_has_a_date() {
        for (instant, date) in [
            ("2026-01-15T12:00:00.999Z", "Thu, 15 Jan 2026 12:00:00 GMT"),
            ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
            ("0999-03-04T05:06:07Z", "Mon, 04 Mar 0999 05:06:07 GMT"),
            ("0000-01-01T00:00:00Z", "Sat, 01 Jan 0000 00:00:00 GMT"),
            ("-000001-12-31T23:59:59Z", "Sat, 01 Jan 0000 00:00:00 GMT"),
        ] {
            let instant: Timestamp = instant.parse().expect("an instant");
            for _ in 0..2 {
                assert_eq!(http_date(instant).expect("a date"), date, "{instant}");
            }
        }
        for (nanosecond, date) in [(-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT")] {
            let instant = Timestamp::from_nanosecond(nanosecond).expect("an instant");
            assert_eq!(http_date(instant).expect("a date"), date, "{instant}");
        }
        assert_eq!(http_date(Timestamp::MIN).expect("a date"), "Sat, 01 Jan 0000 00:00:00 GMT");
        assert_eq!(http_date(Timestamp::MAX).expect("a date"), "Thu, 30 Dec 9999 22:00:00 GMT");
    }
}
