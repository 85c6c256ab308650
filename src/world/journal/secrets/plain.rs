//! The quick look at a path and query: most are made of words and ids, and are copied without being taken apart.

use super::names::is_secret_parameter;

/// What a byte may mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A part of a word.
    Word,
    /// It starts the query.
    Query,
    /// It ends a parameter.
    And,
    /// It ends the name of a parameter.
    Is,
    /// The third letter of each JWT.
    Token,
    /// It may be an escape, or a part of what is one thing of several.
    Odd,
}

static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Odd; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        classes[byte as usize] = match byte {
            b'?' => Class::Query,
            b'&' => Class::And,
            b'=' => Class::Is,
            b'J' => Class::Token,
            b'%' | b'+' | b'\\' | b'@' | b'"' | b'\'' | 0..=b' ' | 0x7f => Class::Odd,
            _ => Class::Word,
        };
        byte += 1;
    }
    classes
}

/// Letters, one bit each. A digit has that of a letter as well.
const fn bit(letter: u8) -> u32 {
    1 << (letter & 31)
}

/// Every telling word has one of these letters, or all of those of `credential`.
const LETTERS: u32 = bit(b'p') | bit(b's') | bit(b'k') | bit(b'j') | bit(b'z');
const CREDENTIAL: u32 = bit(b'c') | bit(b'r') | bit(b'e') | bit(b'd') | bit(b'n') | bit(b't');

/// Whether the letters of a name may be those of a telling one; `false` is sure.
fn may_tell(letters: u32) -> bool {
    letters & LETTERS != 0 || letters & CREDENTIAL == CREDENTIAL
}

/// Whether nothing of a path and query is a secret, or may be one behind escapes. `true` is sure.
pub(super) fn is_plain(target: &[u8]) -> bool {
    let (mut in_query, mut name, mut letters) = (false, Some(0), 0);
    for (at, byte) in target.iter().enumerate() {
        match CLASSES.get(usize::from(*byte)).copied().unwrap_or(Class::Odd) {
            Class::Word => letters |= bit(*byte),
            Class::Query if !in_query => (in_query, name, letters) = (true, Some(at + 1), 0),
            Class::And if in_query => (name, letters) = (Some(at + 1), 0),
            Class::Query | Class::And => {}
            Class::Is => {
                // A second one would stand in a value.
                let Some(start) = name.take().filter(|_| in_query) else { return false };
                if may_tell(letters) && is_secret_parameter(target.get(start..at).unwrap_or_default()) {
                    return false;
                }
            }
            Class::Token if target.get(..at).is_some_and(|before| before.ends_with(b"ey")) => return false,
            Class::Token => letters |= bit(*byte),
            Class::Odd => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Known, read_target};
    use super::*;

    fn is_read_as_it_is(target: &str) -> bool {
        let (mut out, mut known) = (Vec::new(), Known::default());
        read_target(&mut out, target, &mut known);
        out == target.as_bytes() && known.is_new() && !known.is_escaped()
    }

    #[test]
    fn most_targets_are_plain() {
        for target in [
            "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee",
            "/v2/people?accountId=F50091&limit=1",
            "/api/personas/188",
            "/crud/personas?id=1&status=open&search=ann",
            "/JSON?a&b=",
            "",
        ] {
            assert!(is_plain(target.as_bytes()) && is_read_as_it_is(target), "{target}");
        }
        for target in ["/a?token=b", "/a=b", "/a?b=c=d", "/a?credential=x", "/eyJ", "/a?b=%20", "/a?%61=b", "/a@b"] {
            assert!(!is_plain(target.as_bytes()), "{target}");
        }
    }

    #[test]
    fn no_telling_name_is_passed_over_for_its_letters() {
        for name in "password pwd pass passphrase secret token tokens otp totp pin session sig signature assertion
            credential credentials cookie authorization dpop jwt apikey api_key access-key authkey keys"
            .split_whitespace()
        {
            assert!(may_tell(name.bytes().fold(0, |letters, byte| letters | bit(byte))), "{name}");
        }
    }

    proptest! {
        /// What is plain is copied as it is by whoever reads all of it, and teaches nothing.
        #[test]
        fn what_is_plain_holds_nothing(
            path in "(/[a-z0-9_~.;:,@%+J-]{0,9}|/eyJ|/Bearer x|/token=a|/a//b:c@d){0,3}",
            query in "([?](([a-z_]{0,5}|api_key|token|Credential|pin|sig|sid|PASS)(=[a-zA-Z0-9+%=\" -]{0,6}|)&?){0,4})?",
        ) {
            let target = format!("{path}{query}");
            if is_plain(target.as_bytes()) {
                prop_assert!(is_read_as_it_is(&target), "{}", target);
            }
        }
    }
}
