//! The patterns that are checked: those that the providers' documents and the fixtures write, each as a function.
//!
//! A test holds each function equal to the pattern that it stands for, and each pattern to one that is written.

/// A pattern of texts.
#[derive(Debug)]
pub struct Pattern {
    /// The regular expression, as `pattern` states it.
    pub written: &'static str,
    /// What is expected, in words.
    pub expected: &'static str,
    /// A text that matches.
    pub example: &'static str,
    /// Whether a text matches.
    pub holds: fn(&str) -> bool,
}

/// Every pattern that is checked.
pub const PATTERNS: &[Pattern] = &[
    Pattern { written: r"\S", expected: "a string that is not blank", example: "…", holds: is_not_blank },
    Pattern {
        written: r"[^\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]",
        expected: "a string that is not blank",
        example: "…",
        holds: is_not_blank,
    },
    Pattern {
        written: r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(\d|\d\d|\d\d[37]))?$",
        expected: "a time such as 2026-01-15T12:00:00.123, where a third digit of the fraction is 3 or 7",
        example: "2026-01-15T12:00:00.123",
        holds: is_sql_time,
    },
    Pattern {
        written: r"^(just now|1 (minute|hour|day) ago|\d+ (minutes|hours|days) ago)$",
        expected: "a distance such as `just now`, `1 hour ago` or `3 days ago`",
        example: "3 days ago",
        holds: is_ago,
    },
    Pattern {
        written: r"^ *[+-]?[0-9]{1,9} *$",
        expected: "a string of at most nine digits",
        example: "1",
        holds: is_short_number,
    },
    Pattern {
        written: r"^( *([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]) *)?$",
        expected: "one of \"true\", \"false\", \"\"",
        example: "true",
        holds: is_true_or_false,
    },
    Pattern {
        written: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
        expected: "a time such as 2026-01-15T12:00:00Z",
        example: "2026-01-15T12:00:00Z",
        holds: |text| is_like(text, "0000-00-00T00:00:00Z"),
    },
    Pattern {
        written: r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.000Z$",
        expected: "a time such as 2026-01-15T12:00:00.000Z",
        example: "2026-01-15T12:00:00.000Z",
        holds: |text| text.strip_suffix(".000Z").is_some_and(|text| is_like(text, "0000-00-00T00:00:00")),
    },
    Pattern {
        written: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        expected: "a UUID such as 00000000-0000-4000-8000-000000000000",
        example: "00000000-0000-4000-8000-000000000000",
        holds: is_uuid,
    },
    Pattern {
        written: "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|\
                  00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$",
        expected: "a UUID of RFC 9562 such as 00000000-0000-4000-8000-000000000000",
        example: "00000000-0000-4000-8000-000000000000",
        holds: is_rfc_9562_uuid,
    },
];

/// The pattern of this text.
pub(super) fn written(text: &str) -> Option<&'static Pattern> {
    PATTERNS.iter().find(|pattern| pattern.written == text)
}

/// Has a character that is no white space of JavaScript.
fn is_not_blank(text: &str) -> bool {
    let blank = |char| {
        matches!(char, '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}'
            | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}')
    };
    !text.chars().all(blank)
}

/// A `datetime` of SQL Server, which counts in thirds of a hundredth of a second.
fn is_sql_time(text: &str) -> bool {
    let Some((time, fraction)) = text.split_at_checked(19) else { return false };
    let is_fraction = match fraction.as_bytes() {
        [] => true,
        [b'.', digits @ .., last] => {
            let ends = digits.len() < 2 || (digits.len() == 2 && matches!(last, b'3' | b'7'));
            digits.iter().chain([last]).all(u8::is_ascii_digit) && ends
        }
        _ => false,
    };
    is_like(time, "0000-00-00T00:00:00") && is_fraction
}

fn is_ago(text: &str) -> bool {
    if text == "just now" {
        return true;
    }
    let Some((count, unit)) = text.strip_suffix(" ago").and_then(|text| text.split_once(' ')) else { return false };
    let is_count = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    match unit {
        "minute" | "hour" | "day" => count == "1",
        "minutes" | "hours" | "days" => is_count,
        _ => false,
    }
}

fn is_short_number(text: &str) -> bool {
    let text = text.trim_matches(' ');
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_true_or_false(text: &str) -> bool {
    let word = text.trim_matches(' ');
    text.is_empty() || word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false")
}

fn is_uuid(text: &str) -> bool {
    is_like(text, "ffffffff-ffff-ffff-ffff-ffffffffffff")
}

/// A UUID of the version and the variant that RFC 9562 knows, or one of its two special ones as it writes them.
fn is_rfc_9562_uuid(text: &str) -> bool {
    match (text.as_bytes().get(14), text.as_bytes().get(19)) {
        (Some(b'1'..=b'8'), Some(b'8' | b'9' | b'a' | b'b' | b'A' | b'B')) => is_uuid(text),
        _ => {
            matches!(text, "00000000-0000-0000-0000-000000000000" | "ffffffff-ffff-ffff-ffff-ffffffffffff")
        }
    }
}

/// Whether a text has the form of a model: a digit for `0`, a hexadecimal digit for `f`, else the same character.
fn is_like(text: &str, model: &str) -> bool {
    let fits = |(byte, model): (u8, u8)| match model {
        b'0' => byte.is_ascii_digit(),
        b'f' => byte.is_ascii_hexdigit(),
        model => byte == model,
    };
    text.len() == model.len() && text.bytes().zip(model.bytes()).all(fits)
}
