//! What a search reads of some rows, side by side: one buffer, so that a searcher is started once and not once a row.

use memchr::memmem::Finder;

/// No UTF-8 text holds this byte, so nothing is found across two texts.
pub(crate) const BETWEEN_TEXTS: u8 = 0xff;

/// The texts of some rows.
#[derive(Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    /// Where the text of each row ends, the byte behind it included.
    ends: Vec<usize>,
}

impl Texts {
    /// Adds the text of the next row.
    pub(super) fn push(&mut self, text: impl FnOnce(&mut Vec<u8>)) {
        text(&mut self.bytes);
        self.bytes.push(BETWEEN_TEXTS);
        self.ends.push(self.bytes.len());
    }

    /// The same without room for more.
    pub(super) fn shrunk(mut self) -> Self {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
        self
    }

    /// Tells each row whose text has what is sought, which is no empty text, in order.
    pub(super) fn find(&self, sought: &Finder<'_>, mut found: impl FnMut(usize)) {
        let mut next = sought.find(&self.bytes);
        for (row, end) in self.ends.iter().enumerate() {
            let Some(at) = next else { break };
            if at < *end {
                found(row);
                next = self.bytes.get(*end..).and_then(|bytes| sought.find(bytes)).map(|at| end + at);
            }
        }
    }
}
