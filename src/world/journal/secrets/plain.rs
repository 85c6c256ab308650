//! The quick look at a path and query: most are made of words and ids, and are copied without being taken apart.

use super::names::is_secret_parameter;

/// Whether a byte stands for itself: it is no escape, ends no text, and is in no form of a credential but a JWT's.
static STANDS: [bool; 256] = stands();

const fn stands() -> [bool; 256] {
    let mut stands = [false; 256];
    let mut byte = b'!';
    while byte < 0x7f {
        stands[byte as usize] = !matches!(byte, b'%' | b'+' | b'\\' | b'@' | b'"' | b'\'' | b'=');
        byte += 1;
    }
    stands
}

fn stands_for_itself(text: &[u8]) -> bool {
    text.iter().all(|byte| STANDS.get(usize::from(*byte)).copied().unwrap_or_default())
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
    let (path, query) = target.split_at(memchr::memchr(b'?', target).unwrap_or(target.len()));
    let has_jwt =
        || memchr::memchr_iter(b'J', target).any(|at| target.get(..at).is_some_and(|text| text.ends_with(b"ey")));
    stands_for_itself(path) && query.get(1..).is_none_or(is_plain_query) && !has_jwt()
}

fn is_plain_query(query: &[u8]) -> bool {
    query.split(|byte| *byte == b'&').all(|pair| {
        let Some(equals) = pair.iter().position(|byte| *byte == b'=') else { return stands_for_itself(pair) };
        let (name, value) = (pair.get(..equals).unwrap_or_default(), pair.get(equals + 1..).unwrap_or_default());
        let letters = name.iter().fold(0, |letters, byte| letters | bit(*byte));
        stands_for_itself(name) && stands_for_itself(value) && !(may_tell(letters) && is_secret_parameter(name))
    })
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
