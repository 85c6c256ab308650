//! The quick look at a body: most hold no secret, and are copied without being read.
//!
//! Two passes find the words that tell of secrets, whatever the syntax around them. What stands behind a word then says
//! whether it may be the name of something: a word in a sentence, and a part of a longer word, cost no more than that.

use std::sync::LazyLock;

use aho_corasick::packed::{Config, Searcher};

use super::ending::may_tell;
use super::known::Side;
use super::{user_info, values};

/// What every telling name has in it, and what every credential has that is told by its form.
const MARKS: [&str; 15] = [
    "pass", "secret", "token", "credent", "authoriz", "cookie", "sessi", "asserti", "dpop", "earer ", "asic ",
    "pikey ", "earer+", "asic+", "pikey+",
];

/// The rest of them: a searcher is slow that looks for short marks among many.
const SHORT_MARKS: [&str; 7] = ["pwd", "otp", "pin", "sig", "jwt", "key", "eyj"];

/// Marks of credentials. In a URL a plus sign stands for a blank.
const CREDENTIALS: [&str; 7] = ["eyj", "earer ", "asic ", "pikey ", "earer+", "asic+", "pikey+"];

/// A searcher and what it looks for.
type Marked = (Searcher, &'static [&'static str]);

/// Looks for all marks; nothing on a machine that it has no fast way for.
static SEARCHERS: LazyLock<Option<[Marked; 2]>> = LazyLock::new(|| {
    let searcher = |marks: &'static [&'static str]| {
        let config = Config::new().heuristic_pattern_limits(false).clone();
        Some((config.builder().extend(marks).build()?, marks))
    };
    Some([searcher(&MARKS)?, searcher(&SHORT_MARKS)?])
});

/// Whether a text that starts as JSON may hold a secret; `false` is sure. `escaped` says whether it holds escapes.
pub(super) fn may_hold(text: &[u8], side: Side, escaped: bool) -> bool {
    if has_user_info(text) || (escaped && memchr::memchr(b'%', text).is_some() && values::may_hold(text)) {
        return true;
    }
    let Some(searchers) = &*SEARCHERS else { return true };
    let (mut short, long) = ([0; SHORT], if text.len() > SHORT { folded(text) } else { Vec::new() });
    short.iter_mut().zip(text).for_each(|(place, byte)| *place = byte | 0x20);
    let in_one_case = if long.is_empty() { short.get(..text.len()).unwrap_or_default() } else { &long };
    let tells = searchers.iter().any(|(searcher, marks)| {
        let mut at = 0;
        while let Some(found) = searcher.find(in_one_case.get(at..).unwrap_or_default()) {
            at += found.end();
            let is_credential = marks.get(found.pattern().as_usize()).is_some_and(|mark| CREDENTIALS.contains(mark));
            if if is_credential { starts_credential(text, at) } else { is_name(text, at, side) } {
                return true;
            }
        }
        false
    });
    tells || (escaped && has_escaped_names(text))
}

/// What most requests send is no longer.
const SHORT: usize = 128;

/// Letters in one case. That other characters become others is of no matter here.
fn folded(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| byte | 0x20).collect()
}

/// Whether a credential may stand where its mark ends: no quotation mark follows, and nothing that was hidden already.
fn starts_credential(text: &[u8], end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default().trim_ascii_start();
    rest.first().is_some_and(|byte| values::is_token(*byte) || *byte == b'\\')
}

/// Whether somebody signs in by a URL, whose slashes may be escaped.
fn has_user_info(text: &[u8]) -> bool {
    memchr::memchr(b'@', text).is_some()
        && (user_info::may_be_in(text) || (memchr::memchr(b'\\', text).is_some() && values::may_hold(text)))
}

/// Whether a telling word may belong to a name: where the name ends, and what follows, says so.
fn is_name(text: &[u8], at: usize, side: Side) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let is_sign =
        |byte: u8| matches!(byte, b'"' | b'\'' | b':' | b'=' | b',' | b'{' | b'}' | b'\\' | b'&' | b'%' | b'>' | b'/');
    let is_part = |byte: &&u8| !byte.is_ascii_whitespace() && !is_sign(**byte);
    let length = rest.iter().take(NAME).take_while(is_part).count();
    if length == NAME {
        return true;
    }
    let behind = rest.get(length..).unwrap_or_default().trim_ascii_start();
    let slashes = behind.iter().take_while(|byte| **byte == b'\\').count();
    let behind = behind.get(slashes..).unwrap_or_default();
    let quoted = matches!(behind.first(), Some(b'"' | b'\''));
    let next = behind.get(usize::from(quoted)..).unwrap_or_default().trim_ascii_start().first();
    let may_follow = match next {
        // A parameter of a URL counts by any word.
        Some(b'=') => return true,
        Some(b':' | b'/' | b'%' | b'\\' | b'>') => true,
        // Behind the end of a string, whatever is no colon may stand for one in a body that is broken. A string that
        // is a value of well-formed JSON ends in the same way.
        _ => side == Side::Request && quoted && slashes == 0,
    };
    may_follow && may_tell(text.get(..at + length).unwrap_or_default())
}

/// No name is longer behind its telling word.
const NAME: usize = 48;

/// Whether a letter or a digit may be spelt as an escape in a name.
fn has_escaped_names(text: &[u8]) -> bool {
    memchr::memchr2_iter(b'\\', b'%', text).any(|at| match text.get(at..) {
        Some([b'\\', b'u', b'0', b'0', b'2'..=b'7', ..] | [b'\\', b'x' | b'\'', ..]) => true,
        Some([b'\\', b'\\', b'u' | b'x', ..]) => true,
        Some([b'%', b'2'..=b'7', low, rest @ ..]) => {
            let ends = |byte: &u8| matches!(byte, b'=' | b'"' | b'&' | b' ');
            low.is_ascii_hexdigit() && rest.iter().take(NAME).find(|byte| ends(byte)).is_none_or(|end| *end == b'=')
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::edit::Edits;
    use super::super::known::Known;
    use super::super::{fold, syntax};
    use super::*;

    /// How many places of a body the walk hides, and whether the quick look says that it may hide any.
    fn hidden(json: &str, side: Side) -> (usize, bool) {
        let mut known = Known::default();
        let mut edits = Edits::new(usize::MAX, &mut known);
        syntax::hide_in_body(json.as_bytes(), side, &mut edits);
        (edits.list.len(), may_hold(json.as_bytes(), side, fold::has_escapes(json.as_bytes())))
    }

    #[test]
    fn a_plus_sign_behind_a_scheme_is_a_blank() {
        for text in ["http://a/?x=Bearer+Qx7hush4242zz", "a=ApiKey++Qx7hush4242zz", "Basic+YW5uOmh1c2gtaHVzaA=="] {
            let (places, may_hold) = hidden(&format!(r#"{{"a":"{text}"}}"#), Side::Answer);
            assert!(places > 0 && may_hold, "{text}: {places}, {may_hold}");
        }
    }

    /// Between blanks.
    const PIECES: &str = "Bearer bearer Basic ApiKey + + %20 %2B \\u0020 \\/ - = ?x= http://a/ a : , Qx7hush4242zz \
                          YW5uOmh1c2gtaHVzaA== eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln u:p@h";

    fn piece() -> impl Strategy<Value = &'static str> {
        prop_oneof![3 => select(PIECES.split_whitespace().collect::<Vec<_>>()), 1 => Just(" ")]
    }

    proptest! {
        #[test]
        fn where_the_look_finds_nothing_nothing_is_hidden(pieces in prop::collection::vec(piece(), 1..9)) {
            let json = format!(r#"{{"a":"{}"}}"#, pieces.concat());
            for side in [Side::Request, Side::Answer] {
                let (places, may_hold) = hidden(&json, side);
                prop_assert!(places == 0 || may_hold, "{json}");
            }
        }
    }
}
