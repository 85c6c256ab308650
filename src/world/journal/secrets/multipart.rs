//! `multipart/form-data`: a form whose fields are parts, each with a head of its own.

use super::edit::Edits;
use super::{loose, names, syntax, values};

/// Whether a body looks like parts.
pub(super) fn is_multipart(body: &[u8]) -> bool {
    let start = body.get(..body.len().min(1_024)).unwrap_or_default().to_ascii_lowercase();
    start.starts_with(b"--") && memchr::memmem::find(&start, b"content-disposition").is_some()
}

/// Takes the secrets out of the parts.
pub(super) fn hide(body: &[u8], level: usize, edits: &mut Edits<'_>) {
    let line = memchr::memchr(b'\n', body).unwrap_or(body.len());
    let boundary = body.get(..line).unwrap_or_default().trim_ascii_end();
    let mut at = line;
    for part in parts(body.get(line..).unwrap_or_default(), boundary) {
        hide_in_part(part, at, level, edits);
        at += part.len() + boundary.len();
    }
}

fn parts<'a>(body: &'a [u8], boundary: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = Some(body);
    let finder = memchr::memmem::Finder::new(boundary).into_owned();
    std::iter::from_fn(move || {
        let text = rest?;
        let end = finder.find(text).filter(|_| !boundary.is_empty());
        rest = end.and_then(|end| text.get(end + boundary.len()..));
        text.get(..end.unwrap_or(text.len()))
    })
}

fn hide_in_part(part: &[u8], at: usize, level: usize, edits: &mut Edits<'_>) {
    let Some((head, content)) = split(part) else {
        if loose::mentions(part) {
            edits.hide(at, at + part.len());
        }
        return;
    };
    hide_in_head(head, at, edits);
    let start = content;
    let content = part.get(content..).unwrap_or_default();
    let end = [&b"\r\n"[..], b"\n"].iter().find_map(|end| content.strip_suffix(*end)).unwrap_or(content);
    if parameter(head).is_none_or(names::is_secret_field) {
        if !end.is_empty() {
            edits.known.learn(end);
            edits.hide(at + start, at + start + end.len());
        }
    } else {
        edits.part(at + start, |edits| syntax::hide_in(end, level + 1, edits));
    }
}

/// A name of a field or of a file may be a credential, and a part may have fields of its own.
fn hide_in_head(head: &[u8], at: usize, edits: &mut Edits<'_>) {
    edits.part(at, |edits| {
        loose::hide_lines(head, edits);
        if !values::may_hold(head) {
            return;
        }
        values::hide(head, edits);
        // What ends with its quotation mark, or with its line, is whole.
        let mut start = 0;
        for piece in head.split(|byte| matches!(byte, b'"' | b'\r' | b'\n' | b';' | b'=')) {
            edits.part(start, |edits| values::hide(piece, edits));
            start += piece.len() + 1;
        }
    });
}

/// Head and content of a part: the head ends at the first empty line.
fn split(part: &[u8]) -> Option<(&[u8], usize)> {
    let crlf = memchr::memmem::find(part, b"\r\n\r\n").map(|end| (end, end + 4));
    let lf = memchr::memmem::find(part, b"\n\n").map(|end| (end, end + 2));
    let (end, start) = crlf.into_iter().chain(lf).min()?;
    Some((part.get(..end)?, start))
}

/// The name of the field; none where the head states none that can be read.
fn parameter(head: &[u8]) -> Option<&[u8]> {
    let lower = head.to_ascii_lowercase();
    let mut starts = memchr::memmem::find_iter(&lower, b"name");
    let start = starts.find(|start| {
        let before = start.checked_sub(1).and_then(|before| lower.get(before));
        before.is_none_or(|byte| matches!(byte, b';' | b' ' | b'\t' | b'\n'))
    })?;
    let value = head.get(start + 4..)?;
    let value = value.strip_prefix(b"*").unwrap_or(value).trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    match value.strip_prefix(b"\"") {
        Some(quoted) => quoted.get(..memchr::memchr(b'"', quoted)?),
        None => Some(value.get(..memchr::memchr3(b';', b'\r', b'\n', value).unwrap_or(value.len()))?.trim_ascii_end()),
    }
}
