//! What a verb has to do with the sandbox that its request is addressed to.

/// What a verb has to do with the sandbox that its request is addressed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Nothing: it is of the server.
    Server,
    /// It looks at it. It makes none, and one that was lost is not there.
    Look,
    /// It makes it where it is not there, and changes nothing that a new one would lack.
    Use,
    /// It makes it where it is not there, and changes it: the sandbox then counts as written.
    Change,
}

impl Scope {
    /// The statuses by which it refuses: where the sandbox was lost, or is not to be made, or where there is no room for it.
    pub(super) fn refusals(self) -> &'static [u16] {
        match self {
            Self::Server => &[],
            Self::Look => &[404],
            Self::Use | Self::Change => &[404, 503],
        }
    }

    /// Whether it makes the sandbox where it is not there.
    pub(super) fn makes(self) -> bool {
        matches!(self, Self::Use | Self::Change)
    }
}
