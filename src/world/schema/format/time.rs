//! `date-time` and `date` as RFC 3339 writes them.

/// `2026-01-15T12:00:00.5+01:00`; a leap second stands only at the end of a UTC day.
pub(super) fn is_date_time(text: &str) -> bool {
    let Some(place) = text.bytes().position(|byte| byte.eq_ignore_ascii_case(&b't')) else { return false };
    is_date(&text[..place]) && is_time(&text.as_bytes()[place + 1..])
}

/// `2026-01-15`, a day that the calendar has.
pub(super) fn is_date(text: &str) -> bool {
    let [y, z, e, n, b'-', m, o, b'-', d, a] = *text.as_bytes() else { return false };
    let (Some(century), Some(year)) = (pair(y, z), pair(e, n)) else { return false };
    let leap = if year == 0 { century % 4 == 0 } else { year % 4 == 0 };
    let days = match pair(m, o) {
        Some(1 | 3 | 5 | 7 | 8 | 10 | 12) => 31,
        Some(4 | 6 | 9 | 11) => 30,
        Some(2) if leap => 29,
        Some(2) => 28,
        _ => return false,
    };
    pair(d, a).is_some_and(|day| (1..=days).contains(&day))
}

fn is_time(text: &[u8]) -> bool {
    let [h, o, b':', m, i, b':', s, e, rest @ ..] = text else { return false };
    let (Some(hour @ 0..=23), Some(minute @ 0..=59), Some(second @ 0..=60)) =
        (pair(*h, *o), pair(*m, *i), pair(*s, *e))
    else {
        return false;
    };
    let rest = match rest.strip_prefix(b".") {
        Some(rest) => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return false;
            }
            &rest[digits..]
        }
        None => rest,
    };
    let Some(offset) = offset(rest) else { return false };
    const DAY: i32 = 24 * 60;
    let utc = (i32::from(hour) * 60 + i32::from(minute) - offset).rem_euclid(DAY);
    second < 60 || utc == DAY - 1
}

/// How many minutes a zone is ahead of UTC: `Z`, `+01:00`.
fn offset(text: &[u8]) -> Option<i32> {
    match *text {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h, o, b':', m, i] => {
            let (hours, minutes) =
                (pair(h, o).filter(|hours| *hours < 24)?, pair(m, i).filter(|minutes| *minutes < 60)?);
            let ahead = i32::from(hours) * 60 + i32::from(minutes);
            Some(if sign == b'+' { ahead } else { -ahead })
        }
        _ => None,
    }
}

fn pair(tens: u8, ones: u8) -> Option<u8> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
    Some(digit(tens)? * 10 + digit(ones)?)
}
