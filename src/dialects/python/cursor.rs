//! Where reading stands in a text, and why it cannot go on.

/// Why a text is no JSON to Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A `JSONDecodeError`.
    Syntax {
        /// Where, in code points.
        position: usize,
        /// What it says.
        message: &'static str,
    },
    /// An integer longer than `int()` takes, or nesting deeper than the interpreter's stack.
    Refused,
}

/// How many may be open where a fault is worded: Python makes the error while it stands that deep in its
/// own stack. `Expecting value` is worded at the top.
pub(crate) const DEEPEST_FAULT: usize = 965;

/// What is no value, or not yet.
pub(super) const EXPECTING_VALUE: &str = "Expecting value";

/// A place in a text.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    /// How many arrays and objects are open.
    pub(super) depth: usize,
}

impl<'a> Cursor<'a> {
    /// At the start of a text.
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// A finding at a byte; its position counts code points.
    pub(super) fn fault(&self, at: usize, message: &'static str) -> Fault {
        if self.depth > DEEPEST_FAULT && message != EXPECTING_VALUE {
            return Fault::Refused;
        }
        let before = self.text.get(..at).unwrap_or(self.text);
        let position = before.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        Fault::Syntax { position, message }
    }

    pub(super) fn white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes over a byte, if it is next.
    pub(super) fn skip(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        if there {
            self.at += 1;
        }
        there
    }

    /// Passes over the byte that must be next.
    pub(super) fn expect(&mut self, byte: u8, message: &'static str) -> Result<(), Fault> {
        if self.skip(byte) { Ok(()) } else { Err(self.fault(self.at, message)) }
    }
}
