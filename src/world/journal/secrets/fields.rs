//! Header fields: which hold no secret, and what is kept of the others.

use super::edit::{Edits, REDACTED, write};
use super::known::{ANYWHERE, Known, Side};
use super::listed::{Listed, learn_listed};
use super::values::is_like_a_token;
use super::{fold, names, pairs, user_info, values};
use crate::world::name::Name;
use crate::world::sandbox::{COOKIE, CREDENTIAL_MARK};

/// Header fields that everybody sends and that hold no secret. Of any other, the name is taken apart.
pub(super) fn is_ordinary(name: &str) -> bool {
    matches!(
        name,
        "host"
            | "accept"
            | "accept-encoding"
            | "accept-language"
            | "cache-control"
            | "connection"
            | "content-length"
            | "content-type"
            | "date"
            | "origin"
            | "pragma"
            | "sec-fetch-dest"
            | "sec-fetch-mode"
            | "sec-fetch-site"
            | "transfer-encoding"
            | "vary"
            // `true`, and no credential.
            | "access-control-allow-credentials"
            | "x-mock-provenance"
            | "x-mock-sandbox"
            | "x-mock-sandbox-created"
    )
}

/// Header fields that most clients send or most answers have, whose names need not be taken apart to know that they tell
/// of no secret. Their values may hold one.
pub(super) const PLAIN_NAMES: [&str; 10] = [
    "user-agent",
    "referer",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "content-encoding",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "location",
    "www-authenticate",
];

/// A name that is shorter is a word, and no credential.
pub(super) const SHORTEST_NAME: usize = 16;

/// Whether a field of an answer is a sentence of the mock's own. It is made without secrets, and its words stay: they may
/// be anybody's password.
pub(super) fn is_own_sentence(side: Side, name: &[u8]) -> bool {
    side == Side::Answer && matches!(name, b"x-mock-hint" | b"x-mock-error")
}

/// Writes the header fields of one side, one a line. `credentials` are those that carry one at some provider.
pub(in crate::world::journal) fn fields<'a>(
    out: &mut Vec<u8>,
    side: Side,
    fields: impl Iterator<Item = (&'a str, &'a [u8])>,
    credentials: &[Name],
    listed: Option<Listed<'_>>,
    known: &mut Known,
) {
    let start = out.len();
    // No name holds a colon and no value a line's end, so lines can be taken apart again.
    for (name, value) in fields {
        let is_credential = name.len() >= SHORTEST_NAME && side == Side::Request && is_credential(name, listed);
        out.extend_from_slice(if is_credential { REDACTED } else { name }.as_bytes());
        out.push(b':');
        if let Some(listed) = listed {
            learn_listed(value, listed, known);
        }
        if is_own_sentence(side, name.as_bytes()) {
            out.extend_from_slice(value);
        } else {
            field(out, side, (name, value), credentials, known);
        }
        out.push(b'\n');
    }
    known.see(fold::has_escapes(out.get(start..).unwrap_or_default()));
}

/// Whether the name of a field is a credential itself.
#[cold]
fn is_credential(name: &str, listed: Option<Listed<'_>>) -> bool {
    !is_known_name(name) && (is_like_a_token(name) || listed.is_some_and(|listed| listed.lists(name)))
}

/// Whether a name of a field is that of many.
pub(super) fn is_known_name(name: &str) -> bool {
    is_ordinary(name) || PLAIN_NAMES.contains(&name)
}

/// Writes a header field's value. `credentials` are the fields that carry one at some provider.
fn field(out: &mut Vec<u8>, side: Side, (name, value): (&str, &[u8]), credentials: &[Name], known: &mut Known) {
    if is_ordinary(name) {
        if let Some(sign) = memchr::memrchr(b'@', value).filter(|_| name == "host") {
            // Who signs in by a URL, as some clients pass it on.
            user_info::learn(value.get(..sign).unwrap_or_default(), known);
            out.extend_from_slice(REDACTED.as_bytes());
            return out.extend_from_slice(value.get(sign..).unwrap_or_default());
        }
        if side == Side::Answer || !is_odd(value) {
            return out.extend_from_slice(value);
        }
    } else if credentials.iter().any(|known| known == name)
        || (!PLAIN_NAMES.contains(&name) && names::is_secret_parameter(name.as_bytes()))
    {
        return credential(out, name, value, known);
    }
    if name == "content-encoding" {
        known.see_coding(value);
    }
    let assigns = memchr::memchr(b'=', value).is_some();
    let holds = values::may_hold(value);
    if !assigns && !holds {
        return out.extend_from_slice(value);
    }
    let mut edits = Edits::new(usize::MAX, known);
    if assigns {
        pairs::hide(value, &mut edits);
    }
    if holds {
        values::hide(value, &mut edits);
    }
    edits.settle();
    write(out, value, &edits.list, value.len());
}

/// Whether the value of a field that holds no secret may hold one all the same. Most are a word.
fn is_odd(value: &[u8]) -> bool {
    value.len() >= ANYWHERE
        && (value.len() >= values::SHORTEST_JWT || memchr::memchr3(b' ', b'@', b'%', value).is_some())
        && values::may_hold(value)
}

fn credential(out: &mut Vec<u8>, name: &str, value: &[u8], known: &mut Known) {
    if matches!(value.trim_ascii(), b"" | b"true" | b"false") {
        return out.extend_from_slice(value);
    }
    let scheme = values::SCHEMES.iter().find(|scheme| values::starts_with_scheme(value, scheme));
    let secret = value.get(scheme.map_or(0, |scheme| scheme.len() + 1)..).unwrap_or_default().trim_ascii();
    // A client that forgot its token sends one of these, and whoever reads the journal seeks just that.
    let is_scheme = values::SCHEMES.iter().any(|scheme| secret.eq_ignore_ascii_case(scheme.as_bytes()));
    if is_scheme || matches!(secret, b"" | b"undefined" | b"null" | b"NaN" | b"[object Object]") {
        return out.extend_from_slice(value);
    }
    if name.contains("cookie") {
        cookies(secret, known);
    } else {
        known.learn(secret);
        // The vendor saw it without the sandbox's name.
        if let Some(mark) =
            memchr::memchr(b'+', secret).and_then(|_| memchr::memmem::rfind(secret, CREDENTIAL_MARK.as_bytes()))
        {
            known.learn(secret.get(..mark).unwrap_or_default());
        }
        if let Some((user, password)) = scheme.filter(|scheme| **scheme == "Basic").and_then(|_| values::basic(secret))
        {
            known.learn(if password.is_empty() { &user } else { &password });
        }
    }
    if let Some(scheme) = scheme {
        out.extend_from_slice(scheme.as_bytes());
        out.push(b' ');
    }
    out.extend_from_slice(REDACTED.as_bytes());
}

/// The values of cookies. One whose name does not tell may be `en` or `1`: it is looked for only where it is long and
/// mixed, as made ones are.
fn cookies(field: &[u8], known: &mut Known) {
    for pair in field.split(|byte| *byte == b';') {
        let Some(equals) = memchr::memchr(b'=', pair) else { continue };
        let (name, value) = (pair.get(..equals).unwrap_or_default(), pair.get(equals + 1..).unwrap_or_default());
        // The name of a sandbox is in each of its answers.
        if name.trim_ascii() == COOKIE.as_bytes() {
            continue;
        }
        let value = value.trim_ascii();
        let mixed = value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic);
        if names::is_secret_parameter(name) || (value.len() >= ANYWHERE && mixed) {
            known.learn(value);
        }
    }
}
