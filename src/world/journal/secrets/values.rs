//! Credentials that are told by their form, whatever the name before them, and in the place of a name too: a JWT, what
//! stands behind the name of an authentication scheme, and who signs in by a URL.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{GeneralPurposeConfig, URL_SAFE_NO_PAD};

use memchr::memmem::Finder;

use super::edit::Edits;
use super::fold::{fold, folded, has_escapes};
use super::known::Known;
use super::user_info;

/// Authentication schemes whose name may stay: it is what a test author looks for.
pub(super) const SCHEMES: [&str; 9] =
    ["Bearer", "Basic", "Digest", "Token", "ApiKey", "DPoP", "Negotiate", "NTLM", "Hawk"];

/// Schemes that tell of a credential under any name of a field.
const NAMELESS: [&str; 3] = ["Bearer", "Basic", "ApiKey"];

/// No JWT is shorter.
pub(super) const SHORTEST_JWT: usize = 20;

/// A name as short as this is a word, whatever stands in it.
const SHORTEST_TOKEN: usize = 20;

/// A name with fewer digits is a word with a number.
const DIGITS_OF_A_TOKEN: usize = 4;

/// Base64 with or without its padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether a text may hold such a credential, behind escapes too; `false` is sure. Made for short texts: blanks are looked
/// at.
pub(super) fn may_hold(text: &[u8]) -> bool {
    may_show(text) || (is_escaped(text) && may_show_behind(&folded(text)))
}

/// The same of a text that was taken out of its escapes, which may have stood in escapes themselves.
fn may_show_behind(text: &[u8]) -> bool {
    may_show(text) || (has_escapes(text) && may_show(&folded(text)))
}

fn is_escaped(text: &[u8]) -> bool {
    memchr::memchr3(b'%', b'\\', b'+', text).is_some()
}

fn may_show(text: &[u8]) -> bool {
    static JWT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("eyJ"));
    let ends = |text: &[u8], scheme: &str| {
        let end = text.len().checked_sub(scheme.len()).and_then(|start| text.get(start..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(scheme.as_bytes()))
    };
    (text.len() >= SHORTEST_JWT && JWT.find(text).is_some())
        || memchr::memchr_iter(b' ', text).any(|at| {
            let before = text.get(..at).unwrap_or_default();
            matches!(before.last(), Some(b'r' | b'R' | b'c' | b'C' | b'y' | b'Y'))
                && NAMELESS.iter().any(|scheme| ends(before, scheme))
        })
        || user_info::may_be_in(text)
}

/// Takes the credentials of a text out, as they stand there and behind escapes.
pub(super) fn hide(text: &[u8], edits: &mut Edits<'_>) {
    behind_escapes(text, |text, origin| {
        hide_user_info_shown(text, origin, edits);
        hide_shown(text, origin, edits);
    });
}

/// Takes out who signs in by a URL, and nothing else.
pub(super) fn hide_user_info(text: &[u8], edits: &mut Edits<'_>) {
    behind_escapes(text, |text, origin| hide_user_info_shown(text, origin, edits));
}

/// Looks at a text as it stands, and behind escapes, which may have stood in escapes themselves. `origin` says where a byte
/// came from.
fn behind_escapes(text: &[u8], mut look: impl FnMut(&[u8], &dyn Fn(usize) -> usize)) {
    look(text, &|at| at);
    if is_escaped(text) {
        let view = fold(text);
        look(&view.text, &|at| view.origin(at));
        if has_escapes(&view.text) {
            let again = fold(&view.text);
            look(&again.text, &|at| view.origin(again.origin(at)));
        }
    }
}

fn hide_user_info_shown(text: &[u8], origin: &dyn Fn(usize) -> usize, edits: &mut Edits<'_>) {
    user_info::each(text, |start, end| {
        user_info::learn(text.get(start..end).unwrap_or_default(), edits.known);
        edits.hide(origin(start), origin(end));
    });
}

fn hide_shown(text: &[u8], origin: &dyn Fn(usize) -> usize, edits: &mut Edits<'_>) {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(start_of_any) {
        at += found;
        let rest = text.get(at..).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|before| text.get(before)).copied();
        let is_within = |is_part: fn(u8) -> bool| before.is_some_and(is_part);
        // A JWT may follow a slash, a scheme's name may not even follow a letter.
        let fresh = if rest.starts_with(b"ey") { !is_within(is_base64url) } else { !is_within(is_letter_or_digit) };
        match fresh.then(|| credential(rest)).flatten() {
            Some((start, end)) => {
                edits.known.learn(rest.get(start..end).unwrap_or_default());
                edits.hide(origin(at + start), origin(at + end));
                at += end;
            }
            // No credential starts before the next letter that may start one.
            None => at += 1,
        }
    }
}

/// Whether a credential stands in a text.
pub(super) fn has_one(text: &[u8]) -> bool {
    let mut known = Known::default();
    let mut edits = Edits::new(usize::MAX, &mut known);
    if may_hold(text) {
        hide(text, &mut edits);
    }
    !edits.list.is_empty()
}

/// Whether a text is a credential by its form and nothing else.
pub(super) fn is_one(text: &[u8]) -> bool {
    credential(text).is_some_and(|(_, end)| end == text.len())
}

/// Whether a name is a key, a token or an id rather than a word.
pub(super) fn is_like_a_token(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let is_made = name.len() >= SHORTEST_TOKEN && digits >= DIGITS_OF_A_TOKEN && digits < name.len();
    is_made || is_one(name.as_bytes())
}

/// The next place where a credential may start.
fn start_of_any(text: &[u8]) -> Option<usize> {
    text.iter().position(|byte| matches!(byte, b'e' | b'b' | b'B' | b'a' | b'A'))
}

/// A credential at the start of a text: what of it is secret.
fn credential(text: &[u8]) -> Option<(usize, usize)> {
    if text.starts_with(b"ey") {
        return jwt(text).map(|end| (0, end));
    }
    let scheme = NAMELESS.into_iter().find(|scheme| starts_with_scheme(text, scheme))?;
    let blanks = text.get(scheme.len()..)?.iter().take_while(|byte| **byte == b' ').count();
    let start = scheme.len() + blanks;
    let mut token = run(text.get(start..)?, is_token);
    if scheme == "Basic" {
        // Behind its padding something else may start, such as the value of what it names.
        let padding = token.iter().position(|byte| *byte == b'=').unwrap_or(token.len());
        let end = padding + run(token.get(padding..)?, |byte| byte == b'=').len().min(2);
        token = token.get(..end)?;
    }
    // A word behind a word is prose: `Basic knowledge`, `the bearer has`.
    let is_one = match scheme {
        "Basic" => basic(token).is_some(),
        _ if text.len() == start + token.len() => !token.is_empty(),
        _ => token.len() >= 8 && token.iter().any(|byte| !byte.is_ascii_alphabetic()),
    };
    is_one.then_some((start, start + token.len()))
}

/// Whether a text starts with an authentication scheme and a blank.
pub(super) fn starts_with_scheme(text: &[u8], scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()))
        && text.get(scheme.len()) == Some(&b' ')
}

/// User and password of `Basic`. How it is padded is of no matter.
pub(super) fn basic(token: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let text = LENIENT.decode(run(token, |byte| byte != b'=')).ok()?;
    let colon = memchr::memchr(b':', &text)?;
    Some((text.get(..colon)?.to_vec(), text.get(colon + 1..)?.to_vec()))
}

/// Where the JWT ends that a text starts with.
fn jwt(text: &[u8]) -> Option<usize> {
    let header = run(text, is_base64url);
    let head = URL_SAFE_NO_PAD.decode(header.get(..header.len().min(512) / 4 * 4)?).ok()?;
    let is_object =
        head.first() == Some(&b'{') && head.trim_ascii().get(1..)?.trim_ascii_start().first() == Some(&b'"');
    let dotted = text.get(header.len()) == Some(&b'.');
    let payload = run(text.get(header.len() + 1..).unwrap_or_default(), is_base64url);
    if !is_object || !dotted || payload.len() < 2 {
        return None;
    }
    Some(run(text, |byte| is_base64url(byte) || byte == b'.').len())
}

fn run(text: &[u8], is_part: impl Fn(u8) -> bool) -> &[u8] {
    let end = text.iter().position(|byte| !is_part(*byte)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn is_letter_or_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// The alphabet of a token behind a scheme.
pub(super) fn is_token(byte: u8) -> bool {
    is_base64url(byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'=')
}
