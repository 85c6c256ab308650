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
    /// The status by which it refuses where the sandbox was lost, or where there is no room for it.
    pub(super) fn refusal(self) -> Option<u16> {
        match self {
            Self::Server => None,
            Self::Look => Some(404),
            Self::Use | Self::Change => Some(503),
        }
    }
}
