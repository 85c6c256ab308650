//! A text as it reads behind all its escapes, and the way back to where each byte of it came from.
//!
//! The same secret may stand as `a b`, `a+b`, `a%20b`, `a\u0020b` or `a\\u0020b`. Folding takes all escapes off at
//! once, backslashes included, and so loses which of them were meant. It is good for looking, not for reading.

use std::borrow::Cow;

/// A folded text.
pub(super) struct Folded<'a> {
    pub(super) text: Cow<'a, [u8]>,
    /// Where a run starts in the folded text and in the original. Between two, a byte is as far behind the
    /// run's start here as there.
    runs: Vec<(usize, usize)>,
}

impl Folded<'_> {
    /// Where a byte of the folded text, or its end, starts in the original.
    pub(super) fn origin(&self, at: usize) -> usize {
        let run = self.runs.partition_point(|(start, _)| *start <= at).checked_sub(1);
        let (start, origin) = run.and_then(|run| self.runs.get(run)).copied().unwrap_or_default();
        origin + (at - start)
    }
}

/// A text without its escapes.
pub(super) fn folded(text: &[u8]) -> Cow<'_, [u8]> {
    take_off(text, |_, _| {})
}

/// Takes the escapes off.
pub(super) fn fold(text: &[u8]) -> Folded<'_> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let text = take_off(text, |start, origin| {
        // What is as far from where it came from as what stands before it needs no run of its own: a `%` that escapes nothing.
        let (before, from) = runs.last().copied().unwrap_or_default();
        if origin - start != from - before {
            runs.push((start, origin));
        }
    });
    Folded { text, runs }
}

/// Takes the escapes off, and says of each where what stands behind it starts in the folded text and in the original.
fn take_off(text: &[u8], mut ended: impl FnMut(usize, usize)) -> Cow<'_, [u8]> {
    let Some(first) = special(text, 0) else { return Cow::Borrowed(text) };
    let mut out = Vec::with_capacity(text.len());
    out.extend_from_slice(text.get(..first).unwrap_or_default());
    let mut at = first;
    while let Some(byte) = text.get(at) {
        let end = match byte {
            b'\\' => backslash(text, at, &mut out),
            b'%' => percent(text, at, &mut out),
            _ => {
                out.push(b' ');
                at + 1
            }
        };
        ended(out.len(), end);
        at = special(text, end).unwrap_or(text.len());
        out.extend_from_slice(text.get(end..at).unwrap_or_default());
    }
    Cow::Owned(out)
}

/// Whether a text holds escapes that may stand for a letter or a digit.
pub(super) fn has_escapes(text: &[u8]) -> bool {
    memchr::memchr2_iter(b'%', b'\\', text).any(|at| match text.get(at..) {
        Some([b'%', high, low, ..]) => hex(*high).is_some() && hex(*low).is_some(),
        Some([b'\\', b'u' | b'x' | b'U', ..]) => true,
        _ => false,
    })
}

fn special(text: &[u8], from: usize) -> Option<usize> {
    memchr::memchr3(b'\\', b'%', b'+', text.get(from..)?).map(|found| from + found)
}

/// Any number of backslashes and what they escape; JSON's `\u0061` and Python's `\x61`.
fn backslash(text: &[u8], start: usize, out: &mut Vec<u8>) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let count = rest.iter().take_while(|byte| **byte == b'\\').count();
    let at = start + count;
    if let Some(unit) = unit(text, at) {
        return match unit {
            // The first half of a pair.
            0xd800..=0xdbff => {
                let next = text.get(at + 5..).unwrap_or_default();
                let between = next.iter().take_while(|byte| **byte == b'\\').count();
                match self::unit(text, at + 5 + between).filter(|low| between > 0 && (0xdc00..=0xdfff).contains(low)) {
                    Some(low) => {
                        push(out, 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
                        at + 10 + between
                    }
                    None => at + 5,
                }
            }
            unit => {
                push(out, unit);
                at + 5
            }
        };
    }
    match text.get(at..) {
        Some([b'x', high, low, ..]) if hex(*high).is_some() && hex(*low).is_some() => {
            push_byte(out, pair(*high, *low));
            at + 3
        }
        // An odd number escapes: a line's end and its like, which are never part of what is looked for.
        Some([b'n' | b't' | b'r' | b'b' | b'f', ..]) if count % 2 == 1 => {
            out.push(b'\n');
            at + 1
        }
        // What is special itself is looked at on its own, so that the runs stay in step.
        Some([b'%' | b'+', ..]) | None | Some([]) => at,
        Some([byte, ..]) => {
            out.push(*byte);
            at + 1
        }
    }
}

/// The code unit of `u0061`.
fn unit(text: &[u8], at: usize) -> Option<u32> {
    match text.get(at..at + 5)? {
        [b'u', digits @ ..] => digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + u32::from(hex(*digit)?))),
        _ => None,
    }
}

fn push(out: &mut Vec<u8>, point: u32) {
    if point < 0x80 {
        return push_byte(out, u8::try_from(point).unwrap_or_default());
    }
    let point = char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(point.encode_utf8(&mut [0; 4]).as_bytes());
}

/// A byte that was escaped, which becomes the same as one that was not.
fn push_byte(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'\\' => {}
        b'+' => out.push(b' '),
        byte => out.push(byte),
    }
}

/// `%61`, and `%2561`, which was escaped twice.
fn percent(text: &[u8], start: usize, out: &mut Vec<u8>) -> usize {
    let (mut byte, mut at) = (b'%', start + 1);
    while let (b'%', Some([high, low])) = (byte, text.get(at..at + 2)) {
        if hex(*high).is_none() || hex(*low).is_none() {
            break;
        }
        byte = pair(*high, *low);
        at += 2;
    }
    push_byte(out, byte);
    at
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn pair(high: u8, low: u8) -> u8 {
    hex(high).unwrap_or(0) * 16 + hex(low).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_of_every_kind_are_taken_off() {
        for text in [
            "pass word",
            "p%61ss+word",
            "p\\u0061ss\\u0020word",
            "p\\\\u0061ss word",
            "p%2561ss%20word",
            "p\\x61ss word",
        ] {
            assert_eq!(folded(text.as_bytes()), &b"pass word"[..], "{text}");
        }
        assert_eq!(folded(b"\\ud83d\\ude00%F0%9F%98%80"), "\u{1f600}\u{1f600}".as_bytes());
        assert_eq!(folded(b"\\ud83d\\u00e9 \\u12 % %4 %zz \\"), "\u{e9} u12 % %4 %zz ".as_bytes());
    }

    #[test]
    fn what_escapes_nothing_takes_no_room() {
        let folded = fold(b"%%%%a%%61%%");
        assert_eq!((&*folded.text, folded.runs.len()), (&b"%%%%a%a%%"[..], 1));
        let origins: Vec<_> = (0..=folded.text.len()).map(|at| folded.origin(at)).collect();
        assert_eq!(origins, [0, 1, 2, 3, 4, 5, 6, 9, 10, 11]);
    }

    proptest! {
        #[test]
        fn every_folded_byte_leads_back(text in "[a-c%\\\\+u0-3xn\"]{0,60}") {
            let folded = fold(text.as_bytes());
            let mut last = 0;
            for at in 0..=folded.text.len() {
                let origin = folded.origin(at);
                prop_assert!(origin >= last && origin <= text.len(), "{at} leads to {origin} of {text:?}");
                last = origin;
            }
        }
    }
}
