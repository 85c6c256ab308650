//! The quick look at a name: most names are passed over by their last three letters.

/// Words that make a secret of the `key` behind them; without one it is a key of a table or a keyboard.
pub(super) const OF_KEYS: [&[u8]; 9] =
    [b"api", b"access", b"private", b"auth", b"subscription", b"functions", b"function", b"secret", b"session"];

/// Whether a name may tell of a secret, by a look at its end. `false` is sure. What stands before the name does not
/// matter.
#[inline]
pub(super) fn may_tell(name: &[u8]) -> bool {
    let mut rest = name;
    loop {
        rest = match rest {
            [.., last] if *last >= 0x80 => return true,
            [.., b'"' | b'\'' | b',' | b'{'] => return false,
            // What is escaped may be any letter.
            [.., b'\\' | b'%'] => return true,
            [head @ .., last] if !last.is_ascii_alphabetic() => head,
            [head @ .., a, b] if matches!((a | 0x20, b | 0x20), (b'i', b'd')) => head,
            [.., a, b, c] => match end([a | 0x20, b | 0x20, c | 0x20]) {
                End::Nothing => return has_escape_at_end(rest),
                End::Telling(words) => {
                    return words.iter().any(|word| ends_with(rest, word)) || is_escaped(rest);
                }
                End::Key => return is_key(rest) || is_escaped(rest),
                End::PassedOver(word) if ends_with(rest, word) => {
                    rest.get(..rest.len() - word.len()).unwrap_or_default()
                }
                End::PassedOver(_) => return is_escaped(rest),
            },
            _ => return has_escape_at_end(name),
        };
    }
}

/// Whether one of the last three characters is an escape, so that it may be any: then it starts within eight bytes.
#[inline]
fn has_escape_at_end(name: &[u8]) -> bool {
    let Some(end) = name.last_chunk::<8>() else { return is_escaped(name) };
    let end = u64::from_le_bytes(*end);
    let has = |byte: u8| {
        let difference = end ^ (u64::MAX / 255 * u64::from(byte));
        difference.wrapping_sub(u64::MAX / 255) & !difference & (u64::MAX / 255 * 128) != 0
    };
    (has(b'\\') || has(b'%')) && is_escaped(name)
}

/// Whether the last word of a name has an escape in it.
#[cold]
fn is_escaped(name: &[u8]) -> bool {
    let end = name.get(name.len().saturating_sub(96)..).unwrap_or_default();
    let word = end.iter().rev().take_while(|byte| !matches!(byte, b'"' | b'\'' | b',' | b':' | b'=' | b'&'));
    word.into_iter().any(|byte| matches!(byte, b'\\' | b'%'))
}

/// Whether a name ends in a word, in whatever letter case.
pub(super) fn ends_with(name: &[u8], word: &[u8]) -> bool {
    name.len()
        .checked_sub(word.len())
        .and_then(|start| name.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// Whether `key` or `keys` at the end of a name stands behind a word that makes a secret of it.
fn is_key(name: &[u8]) -> bool {
    let name = name.strip_suffix(b"s").or(name.strip_suffix(b"S")).unwrap_or(name);
    let before = name.get(..name.len().saturating_sub(3)).unwrap_or_default();
    let apart = before.iter().rev().take_while(|byte| !byte.is_ascii_alphabetic() && **byte != b'"').count();
    let before = before.get(..before.len() - apart).unwrap_or_default();
    OF_KEYS.iter().any(|word| ends_with(before, word))
}

/// What a name with certain last letters may end in.
enum End {
    Nothing,
    Telling(&'static [&'static [u8]]),
    Key,
    PassedOver(&'static [u8]),
}

#[inline]
fn end(tail: [u8; 3]) -> End {
    match &tail {
        b"ord" => End::Telling(&[b"password"]),
        b"rds" => End::Telling(&[b"passwords"]),
        b"swd" => End::Telling(&[b"passwd"]),
        b"pwd" => End::Telling(&[b"pwd"]),
        b"ass" => End::Telling(&[b"pass"]),
        b"ase" => End::Telling(&[b"passphrase"]),
        b"ses" => End::Telling(&[b"passphrases"]),
        b"ret" => End::Telling(&[b"secret"]),
        b"ets" => End::Telling(&[b"secrets"]),
        b"ken" => End::Telling(&[b"token"]),
        b"ens" => End::Telling(&[b"tokens"]),
        b"otp" => End::Telling(&[b"otp"]),
        b"pin" => End::Telling(&[b"pin"]),
        b"ion" => End::Telling(&[b"session", b"assertion", b"authorization", b"confirmation"]),
        b"sig" => End::Telling(&[b"sig"]),
        b"ure" => End::Telling(&[b"signature"]),
        b"ial" => End::Telling(&[b"credential"]),
        b"als" => End::Telling(&[b"credentials"]),
        b"kie" => End::Telling(&[b"cookie"]),
        b"ies" => End::Telling(&[b"cookies"]),
        b"pop" => End::Telling(&[b"dpop"]),
        b"jwt" => End::Telling(&[b"jwt"]),
        b"key" | b"eys" => End::Key,
        b"ids" => End::PassedOver(b"ids"),
        b"lue" => End::PassedOver(b"value"),
        b"ash" => End::PassedOver(b"hash"),
        b"irm" => End::PassedOver(b"confirm"),
        _ => End::Nothing,
    }
}
