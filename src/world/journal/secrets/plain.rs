//! The quick look at a path and query: most are made of words and ids, and are copied without being taken apart.

use super::names::is_secret_parameter;
use super::values::SHORTEST_JWT;

/// What a byte of a path and query is: it stands for itself, it is read on its own, or what it stands in is taken apart.
const STANDS: u8 = 0;
const READ: u8 = 1;
const APART: u8 = 2;

/// What stands for itself is no escape, ends no text, and is in no form of a credential; a `J` may be in a JWT.
static KINDS: [u8; 256] = kinds();

const fn kinds() -> [u8; 256] {
    let mut kinds = [APART; 256];
    let mut byte = b'!';
    while byte < 0x7f {
        kinds[byte as usize] = match byte {
            b'%' | b'+' | b'\\' | b'@' | b'"' | b'\'' => APART,
            b'?' | b'&' | b'=' | b'J' => READ,
            _ => STANDS,
        };
        byte += 1;
    }
    kinds
}

/// Whether a text has no escapes and no form of a credential; `true` is sure.
pub(super) fn is_unmarked(text: &[u8]) -> bool {
    let mut odd = text.iter().filter(|byte| KINDS[usize::from(**byte)] != STANDS);
    odd.all(|byte| matches!(byte, b'?' | b'&') || (*byte == b'J' && text.len() < SHORTEST_JWT))
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
    // In a query, where the name starts that is read, until its `=` was there.
    let (mut is_query, mut name) = (false, None);
    let mut at = 0;
    while let Some(found) =
        target.get(at..).and_then(|rest| rest.iter().position(|byte| KINDS[usize::from(*byte)] != STANDS))
    {
        at += found;
        match target.get(at) {
            Some(b'?') if !is_query => (is_query, name) = (true, Some(at + 1)),
            Some(b'&') if is_query => name = Some(at + 1),
            Some(b'?' | b'&') => {}
            Some(b'=') => match name.take().and_then(|start| target.get(start..at)) {
                Some(name) if !is_telling(name) => {}
                _ => return false,
            },
            Some(b'J') if !target.get(..at).is_some_and(|before| before.ends_with(b"ey")) => {}
            _ => return false,
        }
        at += 1;
    }
    true
}

/// Whether the name of a parameter tells that its value is a secret.
fn is_telling(name: &[u8]) -> bool {
    let letters = name.iter().fold(0, |letters, byte| letters | bit(*byte));
    may_tell(letters) && is_secret_parameter(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fold::folded;
    use super::super::values::has_one;
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
            if is_unmarked(target.as_bytes()) {
                prop_assert_eq!(folded(target.as_bytes()), target.as_bytes());
                prop_assert!(!has_one(target.as_bytes()), "{}", target);
            }
            if is_plain(target.as_bytes()) {
                prop_assert!(is_read_as_it_is(&target), "{}", target);
            }
        }
    }
}
