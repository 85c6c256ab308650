//! `email`: a mailbox as RFC 5321 writes it.

use core::net::{Ipv4Addr, Ipv6Addr};

/// Whether a text is the address of a mailbox, such as `ada@example.com`, without a name before it.
pub(super) fn is_email(text: &str) -> bool {
    const LONGEST: usize = 64;
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let quoted = local.strip_prefix('"').and_then(|local| local.strip_suffix('"'));
    let is_local = match quoted {
        Some(quoted) => is_quoted(quoted),
        None => local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom)),
    };
    local.len() <= LONGEST && is_local && is_domain(domain)
}

fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// What stands between quotation marks: printable characters, of which `"` and `\` have a `\` before them.
fn is_quoted(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            b'\\' => bytes.next().is_some_and(|byte| byte.is_ascii_graphic()),
            b'"' => false,
            byte => byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t'),
        };
        if !fits {
            return false;
        }
    }
    true
}

fn is_domain(text: &str) -> bool {
    let literal = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match literal.map(|literal| (literal, literal.split_at_checked("IPv6:".len()))) {
        Some((_, Some((tag, address)))) if tag.eq_ignore_ascii_case("IPv6:") => address.parse::<Ipv6Addr>().is_ok(),
        Some((literal, _)) => literal.parse::<Ipv4Addr>().is_ok(),
        None => text.len() <= 253 && text.split('.').all(is_label),
    }
}

/// One part of a host's name. Two hyphens in its third place mark a coded name, of which only `xn--` exists.
fn is_label(label: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(fits)
        && !label.starts_with('-')
        && !label.ends_with('-')
        && (label.get(2..4) != Some("--") || label.starts_with("xn--"))
}
