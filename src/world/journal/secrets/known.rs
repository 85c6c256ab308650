//! The secrets that a request is known to hold, and whether they may come back.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use memchr::memmem::Finder;

use super::fold::folded;
use super::names;

/// How many secrets of one request are looked for. Where there are more, no body of the answer is kept.
const MOST: usize = 64;

/// As much of a secret is looked for; from 17 bytes on a search takes much longer to prepare.
const SOUGHT: usize = 16;

/// From this length on a secret is hidden wherever it stands.
pub(super) const ANYWHERE: usize = 8;

/// From this length on a secret is hidden where it stands as a word of its own.
pub(super) const WORD: usize = 4;

/// Where a secret is hidden: the shorter it is, the likelier the same letters mean something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// Where it is a whole value.
    Whole,
    /// Between characters that are no letters and no digits.
    Word,
    /// Wherever it stands.
    Anywhere,
    /// Wherever it stands, and it is no word of any language that could stand there for itself.
    Sure,
}

/// What has to be hidden in an exchange.
#[derive(Debug, Default, Clone)]
pub(in crate::world::journal) struct Known {
    pub(super) secrets: Vec<Arc<Secret>>,
    /// Names of members that stand in a secret. They are hidden where they are names again: most are `id` or `email`.
    names: Vec<Vec<u8>>,
    too_many: bool,
    is_closed: bool,
    /// Whether a part of the exchange holds escapes.
    escaped: bool,
    /// Whether the request says that its body is compressed.
    compressed: bool,
}

/// A secret that is looked for.
#[derive(Debug, Clone)]
pub(super) struct Secret {
    /// Without escapes.
    pub(super) text: Vec<u8>,
    pub(super) reach: Reach,
    /// Whether it came as a number: a short text is no number.
    pub(super) is_number: bool,
    /// Whether nobody has a reason to escape one of its characters.
    is_plain: bool,
    /// What finds its start, once it is looked for.
    finder: OnceLock<Finder<'static>>,
}

/// Whose copy is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::world::journal) enum Side {
    /// What the client itself said: only what is surely the secret again, for tests look for calls by it.
    Request,
    /// What the vendor made of it.
    Answer,
}

impl Side {
    /// The least reach of what is looked for. A user's name may be as short as the password and the same, and a token
    /// that a developer made up may be a word of the path.
    pub(super) fn least(self) -> Reach {
        match self {
            Self::Request => Reach::Sure,
            Self::Answer => Reach::Whole,
        }
    }
}

impl Known {
    /// Takes note of a secret, in any spelling.
    pub(super) fn learn(&mut self, value: &[u8]) {
        self.learn_as(value, false);
    }

    fn learn_as(&mut self, value: &[u8], is_number: bool) {
        if value.iter().all(|byte| is_plain(*byte)) {
            return self.learn_line(value, is_number);
        }
        let text = folded(value);
        // A line's end is spelt in too many ways: the lines are looked for one by one.
        for line in text.split(|byte| byte.is_ascii_control()) {
            self.learn_line(line.trim_ascii(), is_number);
        }
    }

    /// Takes note of a number, which may be spelt in another way when it comes back.
    pub(super) fn learn_number(&mut self, value: &[u8]) {
        self.learn_as(value, true);
        let number = std::str::from_utf8(value).ok().and_then(|text| text.parse::<f64>().ok());
        if let Some(number) = number.filter(|number| number.is_finite() && number.abs() < 1e15) {
            self.learn_as(number.to_string().as_bytes(), true);
        }
    }

    /// Takes note of the name of a member that stands in a secret.
    pub(super) fn learn_name(&mut self, name: &[u8]) {
        let name = folded(name);
        if name.len() >= ANYWHERE && !is_word(&name) && !names::any_word_tells(&name) {
            return self.learn(&name);
        }
        if self.is_closed || self.is_name(&name) {
            return;
        }
        match self.names.len() {
            MOST => self.too_many = true,
            _ => self.names.push(name.into_owned()),
        }
    }

    /// Whether a text without escapes is the name of a member that stood in a secret.
    pub(super) fn is_name(&self, text: &[u8]) -> bool {
        self.names.iter().any(|name| name == text)
    }

    fn learn_line(&mut self, text: &[u8], is_number: bool) {
        let is_nothing = matches!(text, b"" | b"true" | b"false" | b"null" | b"[redacted]" | b"redacted");
        if is_nothing || self.is_closed || self.too_many {
            return;
        }
        if let Some(known) = self.secrets.iter_mut().find(|secret| secret.text == text) {
            if is_number && !known.is_number {
                Arc::make_mut(known).is_number = true;
            }
            return;
        }
        if self.secrets.len() == MOST {
            self.too_many = true;
            return;
        }
        let digits = text.iter().all(u8::is_ascii_digit);
        let reach = match text.len() {
            // A password `password` must not take the word out of every sentence.
            length if length < 2 * ANYWHERE && names::any_word_tells(text) => Reach::Whole,
            ANYWHERE.. if !digits && is_word(text) => Reach::Anywhere,
            ANYWHERE.. if !digits => Reach::Sure,
            WORD.. => Reach::Word,
            _ => Reach::Whole,
        };
        let is_plain = text.iter().all(|byte| is_plain(*byte));
        let finder = OnceLock::new();
        self.secrets.push(Arc::new(Secret { text: text.to_vec(), reach, is_number, is_plain, finder }));
    }

    /// Whether nothing is known yet but whether there are escapes.
    pub(super) fn is_new(&self) -> bool {
        self.is_empty() && !self.too_many && !self.is_closed && !self.compressed
    }

    /// All that is known of a part of an exchange, where that is no more than secrets and what the part looks like.
    pub(super) fn all_secrets(&self) -> Option<(&[Arc<Secret>], bool, bool)> {
        let has_more = self.too_many || self.is_closed || !self.names.is_empty();
        (!has_more).then_some((&*self.secrets, self.escaped, self.compressed))
    }

    /// Takes over what is known of a part of an exchange, while nothing else is known.
    pub(super) fn take_over(&mut self, secrets: &[Arc<Secret>], escaped: bool, compressed: bool) {
        self.secrets.extend_from_slice(secrets);
        self.escaped |= escaped;
        self.compressed |= compressed;
    }

    /// The same of all that is known of it.
    pub(super) fn add(&mut self, part: Self) {
        *self = Self { escaped: self.escaped || part.escaped, ..part };
    }

    /// Whether there were more secrets than are looked for.
    pub(super) fn is_overfull(&self) -> bool {
        self.too_many
    }

    /// Whether nothing is looked for.
    pub(super) fn is_empty(&self) -> bool {
        self.secrets.is_empty() && self.names.is_empty()
    }

    /// Takes note of what the request says of its body.
    pub(super) fn see_coding(&mut self, coding: &[u8]) {
        let known = [&b"gzip"[..], b"x-gzip", b"deflate", b"br", b"zstd", b"compress"];
        self.compressed = known.iter().any(|known| known.eq_ignore_ascii_case(coding.trim_ascii()));
    }

    /// Whether the request says that its body is compressed.
    pub(super) fn is_compressed(&self) -> bool {
        self.compressed
    }

    /// Takes note of nothing more.
    pub(in crate::world::journal) fn close(&mut self) {
        self.is_closed = true;
    }

    /// Takes note of whether a part of the exchange holds escapes.
    pub(super) fn see(&mut self, escaped: bool) {
        self.escaped |= escaped;
    }

    /// Whether a part of the exchange holds escapes.
    #[cfg(test)]
    pub(super) fn is_escaped(&self) -> bool {
        self.escaped
    }

    /// Whether an exchange may hold one of the secrets; `false` is sure.
    pub(super) fn may_be_in_exchange(&self, text: &[u8]) -> bool {
        !self.names.is_empty() || self.may_be_in(text, Side::Answer, self.escaped)
    }

    /// Whether a text may hold one of the secrets; `false` is sure.
    pub(super) fn may_be_in(&self, text: &[u8], side: Side, escaped: bool) -> bool {
        let sought = || self.secrets.iter().filter(|secret| secret.reach >= side.least());
        if sought().next().is_none() || text.is_empty() {
            return false;
        }
        let text = if escaped || sought().any(|secret| !secret.is_plain) { folded(text) } else { Cow::Borrowed(text) };
        sought().any(|secret| secret.may_stand_in(&text))
    }
}

impl Secret {
    fn may_stand_in(&self, text: &[u8]) -> bool {
        let finder = self.finder.get_or_init(|| Finder::new(self.start()).into_owned());
        finder.find_iter(text).any(|start| {
            let around = (start.checked_sub(1).and_then(|at| text.get(at)), text.get(start + self.text.len()));
            match self.reach {
                Reach::Anywhere | Reach::Sure => true,
                Reach::Word => is_apart(around.0) && is_apart(around.1),
                Reach::Whole => is_end(around.0) && is_end(around.1),
            }
        })
    }

    /// As much of it as is looked for.
    pub(super) fn start(&self) -> &[u8] {
        self.text.get(..SOUGHT).unwrap_or(&self.text)
    }
}

/// Whether a text is one word of letters: `anything` is a token that people make up, and a word of a prompt.
fn is_word(text: &[u8]) -> bool {
    text.len() < 2 * ANYWHERE && text.iter().all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80)
}

/// Whether nobody has a reason to escape a character.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Whether neither a letter nor a digit stands here.
pub(super) fn is_apart(byte: Option<&u8>) -> bool {
    byte.is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

/// Whether a whole value may end here: neither a letter or digit, nor what joins words.
fn is_end(byte: Option<&u8>) -> bool {
    is_apart(byte) && !matches!(byte, Some(b'-' | b'_' | b'.'))
}
