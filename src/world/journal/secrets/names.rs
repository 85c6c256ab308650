//! Which names tell of a secret.
//!
//! A field of a body counts by its last word, so that `password_change_required` and `token_type` stay. The name of a
//! header field or of a query's parameter counts by any word: there a name too many costs little.

use super::ending::{OF_KEYS, ends_with, may_tell};
use super::fold::folded;

/// What may stand behind the telling word of a field without changing what its value is.
const PASSED_OVER: [&[u8]; 6] = [b"id", b"ids", b"value", b"hash", b"confirm", b"confirmation"];

/// Words before `tokens` that make it a number of tokens.
const COUNTING: [&[u8]; 12] = [
    b"max",
    b"min",
    b"maximum",
    b"minimum",
    b"total",
    b"prompt",
    b"completion",
    b"input",
    b"output",
    b"num",
    b"used",
    b"remaining",
];

/// Words that are so telling that they count at the end of a longer word: `authtoken`, `newpassword`.
const ENDS: [&[u8]; 28] = [
    b"password",
    b"passwords",
    b"passwd",
    b"passphrase",
    b"passphrases",
    b"secret",
    b"secrets",
    b"token",
    b"tokens",
    b"signature",
    b"credential",
    b"credentials",
    b"cookie",
    b"cookies",
    b"authorization",
    b"sessionid",
    b"jwt",
    b"pwd",
    b"apikey",
    b"accesskey",
    b"privatekey",
    b"authkey",
    b"subscriptionkey",
    b"functionskey",
    b"secretkey",
    b"sessionkey",
    b"apikeys",
    b"accesskeys",
];

/// The longest name that is looked at; of a longer one its end.
const LONGEST: usize = 512;

fn is_telling(word: &[u8]) -> bool {
    matches!(
        word,
        b"password"
            | b"passwords"
            | b"passwd"
            | b"pwd"
            | b"pass"
            | b"passphrase"
            | b"passphrases"
            | b"secret"
            | b"secrets"
            | b"token"
            | b"tokens"
            | b"otp"
            | b"totp"
            | b"pin"
            | b"session"
            | b"sig"
            | b"signature"
            | b"assertion"
            | b"credential"
            | b"credentials"
            | b"cookie"
            | b"cookies"
            | b"authorization"
            | b"dpop"
            | b"jwt"
    )
}

/// Whether a field of a body tells of a secret, in whatever spelling: its last word does.
pub(super) fn is_secret_field(name: &[u8]) -> bool {
    may_tell(name) && last_word_tells(&folded(end_of(name)))
}

/// Whether a header field or a query's parameter tells of a secret: any of its words does.
pub(super) fn is_secret_parameter(name: &[u8]) -> bool {
    let is_ours = |name: &[u8]| name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"x-mock-"));
    if is_ours(name) {
        return false;
    }
    let name = folded(end_of(name));
    !is_ours(&name) && any_word_tells(&name)
}

/// Whether any word of a text tells of a secret. What is spelt as an escape is none.
pub(super) fn any_word_tells(text: &[u8]) -> bool {
    // Words end where letters end, and before a capital.
    let mut last = b'-';
    for (at, byte) in text.iter().enumerate() {
        if last >= b'A' && *byte < b'a' && is_letter(last) && word_may_tell(text, at) {
            return any_word_surely_tells(text);
        }
        last = *byte;
    }
    is_letter(last) && word_may_tell(text, text.len()) && any_word_surely_tells(text)
}

/// Whether the word that ends here may tell: no telling word ends in another letter than these.
fn word_may_tell(text: &[u8], end: usize) -> bool {
    let before = text.get(..end).unwrap_or_default();
    let known = matches!(
        before.last().map(|letter| letter | 0x20),
        Some(b'd' | b's' | b'e' | b't' | b'n' | b'p' | b'g' | b'l' | b'y' | b'h' | b'm' | 0x80..)
    );
    known && may_tell(before)
}

#[cold]
fn any_word_surely_tells(text: &[u8]) -> bool {
    let mut before: &[u8] = b"";
    let mut lower = Vec::new();
    for word in text.split(|byte| !is_letter(*byte)).filter(|word| !word.is_empty()) {
        lower.clear();
        lower.extend(word.iter().map(u8::to_ascii_lowercase));
        let key = |word: &[u8]| matches!(word, b"key" | b"keys");
        if is_telling(&lower) || ends_tellingly(&lower) || (key(&lower) && is_of_keys(before)) {
            return true;
        }
        let mut parts = Parts(word);
        let mut behind: Option<Vec<u8>> = None;
        // From the last part to the first: `key` waits for the one before it.
        while let Some(part) = parts.next_back() {
            let part = part.to_ascii_lowercase();
            if is_telling(&part) || (behind.as_deref().is_some_and(key) && is_of_keys(&part)) {
                return true;
            }
            behind = Some(part);
        }
        if behind.as_deref().is_some_and(key) && is_of_keys(before) {
            return true;
        }
        before = word;
    }
    false
}

fn last_word_tells(name: &[u8]) -> bool {
    // Json.NET binds names in any letter case: `pAssWord` is one word as well as three.
    let mut segments = name.rsplit(|byte| !is_letter(*byte)).filter(|part| !part.is_empty());
    let mut last = segments.by_ref().map(|segment| (segment, segment.to_ascii_lowercase()));
    let of_last = last.find(|(_, lower)| !is_passed_over(lower));
    let Some((segment, lower)) = of_last else { return false };
    let before = segments.next().map(<[u8]>::to_ascii_lowercase).unwrap_or_default();
    if joined_tells(&lower, &before) {
        return true;
    }
    let mut parts = Parts(segment);
    let mut last = parts.next_back().map(<[u8]>::to_ascii_lowercase).unwrap_or_default();
    while is_passed_over(&last) {
        match parts.next_back() {
            Some(part) => last = part.to_ascii_lowercase(),
            None => return false,
        }
    }
    let before = parts.next_back().map_or(before, <[u8]>::to_ascii_lowercase);
    word_tells(&last, &before)
}

/// One word, and the one before it.
fn word_tells(word: &[u8], before: &[u8]) -> bool {
    match word {
        b"key" | b"keys" => is_of_keys(before),
        b"tokens" => !COUNTING.contains(&before),
        _ => is_telling(word),
    }
}

/// A run of letters as if it were one word.
fn joined_tells(word: &[u8], before: &[u8]) -> bool {
    if word_tells(word, before) {
        return true;
    }
    let counts = |word: &[u8]| {
        word.strip_suffix(b"tokens").is_some_and(|rest| COUNTING.iter().any(|counting| rest.ends_with(counting)))
    };
    if word != b"tokens" && ends_tellingly(word) && !counts(word) {
        return true;
    }
    [&b"id"[..], b"value", b"hash"].iter().any(|passed| {
        let rest = word.strip_suffix(*passed).unwrap_or_default();
        is_telling(rest) || (ends_tellingly(rest) && !counts(rest))
    })
}

fn ends_tellingly(word: &[u8]) -> bool {
    ENDS.iter().any(|end| word.ends_with(end))
}

fn is_of_keys(word: &[u8]) -> bool {
    OF_KEYS.iter().any(|known| ends_with(word, known))
}

fn is_passed_over(word: &[u8]) -> bool {
    PASSED_OVER.contains(&word)
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}

fn end_of(name: &[u8]) -> &[u8] {
    name.get(name.len().saturating_sub(LONGEST)..).unwrap_or_default()
}

/// The parts of a run of letters, split at case: `XMLToken` is `XML`, `Token`.
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn next_back(&mut self) -> Option<&'a [u8]> {
        let word = self.0;
        let mut start = word.len().checked_sub(1)?;
        let upper = |at: usize| word.get(at).is_some_and(u8::is_ascii_uppercase);
        if upper(start) {
            while start > 0 && upper(start - 1) {
                start -= 1;
            }
        } else {
            while start > 0 && !upper(start) {
                start -= 1;
            }
        }
        let (rest, part) = word.split_at(start);
        self.0 = rest;
        Some(part)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_word_of_a_field_tells() {
        for name in r"password passwd pwd pass passphrase secret token tokens otp pin session sig signature assertion
             credential credentials cookie authorization dpop jwt access_token new_password client_secret
             sessionId session_id passwordHash tokenValue apiKey api_key API-Key apikey accessKeyId
             privateKey authKey subscription-key functionsKey secret_key PASSWORD pAssWord passWord authtoken
             user[password] user.password password2 newPassword_1 p\u0061ssword %74oken pass\u0077ord
             passwor%64 password_confirmation XMLToken sessionid \u0070\u0069\u006e"
            .split_whitespace()
        {
            assert!(is_secret_field(name.as_bytes()), "{name}");
        }
        for name in r"token_type max_tokens maxTokens totalTokens maxtokens password_change_required key keys
             primary_key monkey keyboard idempotency-key publicKey design spin compass possession tokenizer
             secretary passenger id value hash client_id personaId opinion new expires_in session_count
             pinned signature_required passport ID \u0061 keyId"
            .split_whitespace()
        {
            assert!(!is_secret_field(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn any_word_of_a_header_field_or_parameter_tells() {
        for name in r"authorization proxy-authorization cookie set-cookie x-api-key x-apikey rest-api-key
             x-functions-key ocp-apim-subscription-key x-auth-token x-token-type x-hub-signature-256
             x-amz-security-token dpop session_state sessionToken %74oken token_hint apiKeyName
             x-sessiontoken user[pin]"
            .split_whitespace()
        {
            assert!(is_secret_parameter(name.as_bytes()), "{name}");
        }
        for name in super::super::fields::PLAIN_NAMES {
            assert!(name == "user-agent" || !any_word_tells(name.as_bytes()), "{name}");
        }
        for name in r"x-mock-token X-Mock-Sandbox idempotency-key content-type x-request-id host limit team_id keyword
             sec-websocket-key x-tokenizer key spinner"
            .split_whitespace()
        {
            assert!(!is_secret_parameter(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn the_ends_that_are_known_are_those_of_the_words() {
        for name in r"password passwords passwd pwd pass passphrase passphrases secret secrets token tokens otp pin
             session sig signature credential credentials cookie cookies dpop jwt apikey apikeys secret_id
             secret_ids secret_value secretHash secret_confirm secret_confirmation"
            .split_whitespace()
        {
            assert!(may_tell(name.as_bytes()), "{name}");
            assert!(is_secret_field(name.as_bytes()), "{name}");
        }
        for name in r"name type status team_id created_at description monkey".split_whitespace() {
            assert!(!may_tell(format!("{{\"password\":1,\"{name}").as_bytes()), "{name}");
        }
    }

    proptest! {
        /// The quick look never overlooks what the whole rule finds, whatever is spelt as an escape.
        #[test]
        fn the_quick_look_is_sure(
            start in "([a-z]{0,4}[_-])?",
            word in "(password|Secret|TOKEN|otp|pin|sessionId|sig|credentials|api_key|jwt|passwordConfirmation|pass)",
            end in "[0-9_]{0,2}",
            at in 0_usize..24,
            upper in any::<bool>(),
        ) {
            let plain = format!("{start}{word}{end}");
            let spelt: String = plain.char_indices().map(|(place, letter)| match (place == at, upper) {
                (true, true) => format!("%{:02x}", letter as u32),
                (true, false) => format!("\\u{:04x}", letter as u32),
                _ => letter.to_string(),
            }).collect();
            prop_assert!(last_word_tells(plain.as_bytes()), "{plain}");
            prop_assert!(is_secret_field(spelt.as_bytes()), "{spelt}");
        }
    }
}
