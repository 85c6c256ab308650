//! JSON, read tolerantly: as Json.NET takes it, cut off, or no JSON after all.

use super::edit::Edits;
use super::nested::{self, Marks};
use super::tokens::{blank_end, comments_end, inner, is_comment, token_end};
use super::{names, values};

/// Takes the secrets of a text out; says whether it is well-formed, comments and Json.NET's liberties aside.
pub(super) fn hide(text: &[u8], level: usize, edits: &mut Edits<'_>) -> bool {
    let marks = nested::marks(text);
    let mut walk =
        Walk { text, level, marks, tells: false, named: false, objects: Vec::new(), hidden_from: None, broken: false };
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at = match byte {
            b' ' | b'\n' | b'\r' | b'\t' | b':' => at + 1,
            b'{' | b'[' => walk.open(at, *byte == b'{'),
            b'}' | b']' => walk.close(at),
            b',' => {
                (walk.tells, walk.named) = (false, false);
                at + 1
            }
            _ => walk.token(at, edits),
        };
    }
    !walk.broken && walk.objects.is_empty()
}

struct Walk<'t> {
    text: &'t [u8],
    level: usize,
    /// What strings may hold that is worth a look.
    marks: Marks,
    /// Whether the name before told of a secret.
    tells: bool,
    /// Whether a name stands before.
    named: bool,
    /// Of each list and object that is open, whether it is an object.
    objects: Vec<bool>,
    /// The depth of the list or object that a telling name stands before: all names, texts and numbers in it are hidden.
    hidden_from: Option<usize>,
    broken: bool,
}

impl Walk<'_> {
    fn open(&mut self, at: usize, is_object: bool) -> usize {
        self.objects.push(is_object);
        if self.tells && self.hidden_from.is_none() {
            self.hidden_from = Some(self.objects.len());
        }
        (self.tells, self.named) = (false, false);
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        if self.hidden_from == Some(self.objects.len()) {
            self.hidden_from = None;
        }
        self.broken |= self.objects.pop().is_none();
        (self.tells, self.named) = (false, false);
        at + 1
    }

    fn token(&mut self, start: usize, edits: &mut Edits<'_>) -> usize {
        let text = self.text;
        let end = token_end(text, start);
        let whole = text.get(start..end).unwrap_or_default();
        let first = whole.first().copied().unwrap_or_default();
        if first == b'/' && is_comment(text, start) {
            // What a comment says has no structure: the text is looked at again without any.
            self.broken = true;
            return end;
        }
        let quoted = matches!(first, b'"' | b'\'');
        if quoted && (whole.len() < 2 || whole.last() != Some(&first)) {
            self.broken = true;
        }
        let mut next = blank_end(text, end);
        if is_comment(text, next) {
            self.broken = true;
            next = comments_end(text, next);
        }
        let name = if quoted { inner(whole) } else { whole };
        match text.get(next) {
            Some(b':') => {
                self.name(start, end, quoted, edits);
                next + 1
            }
            // A comma where a colon should be.
            Some(b',') if !self.named && self.objects.last() == Some(&true) => {
                self.broken = true;
                self.name(start, end, quoted, edits);
                next + 1
            }
            None | Some(b',' | b'}' | b']') => self.value(start, end, quoted, edits),
            Some(_) => {
                // No comma, no colon: what stands here may have been meant as a name or as a value.
                self.broken = true;
                let after = if self.tells || self.hidden_from.is_some() { stray_end(text, end) } else { end };
                let after = self.value(start, after, quoted, edits);
                self.tells |= names::is_secret_field(name);
                self.named = true;
                after
            }
        }
    }

    /// A name. One that stands in a secret may be the secret, sent a level too deep.
    fn name(&mut self, start: usize, end: usize, quoted: bool, edits: &mut Edits<'_>) {
        let whole = self.text.get(start..end).unwrap_or_default();
        let name = if quoted { inner(whole) } else { whole };
        self.tells = names::is_secret_field(name);
        self.named = true;
        if self.hidden_from.is_some() && !name.is_empty() {
            edits.known.learn_name(name);
            edits.hide_json(start, end);
        } else if self.marks.may_be_in(whole) {
            // A credential in the place of a name.
            match quoted {
                true => nested::hide_in_string(whole, start, self.level, edits),
                false => edits.part(start, |edits| values::hide(whole, edits)),
            }
        }
    }

    /// A value; where it ends.
    fn value(&mut self, start: usize, end: usize, quoted: bool, edits: &mut Edits<'_>) -> usize {
        let whole = self.text.get(start..end).unwrap_or_default();
        let secret = std::mem::take(&mut self.tells) || self.hidden_from.is_some();
        if !quoted {
            let literal = matches!(whole, b"true" | b"false" | b"null");
            self.broken |= !literal && !is_number(whole);
            if secret && !literal {
                edits.known.learn_number(whole);
                edits.hide_json(start, end);
            }
        } else if secret {
            let inner = inner(whole);
            if !inner.is_empty() {
                edits.known.learn(inner);
                edits.hide_json(start, end);
            }
        } else if self.marks.may_be_in(whole) {
            nested::hide_in_string(whole, start, self.level, edits);
        }
        end
    }
}

fn is_number(word: &[u8]) -> bool {
    word.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'))
}

/// Where a value that is no value ends: at what may end one.
fn stray_end(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    start + rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b'\n')).unwrap_or(rest.len())
}
