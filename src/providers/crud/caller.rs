//! Whom a request acts for, and how far that reaches.

use uuid::Uuid;

/// Whom a request acts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Caller {
    /// The user who owns what the request makes.
    pub user: Uuid,
    /// Whose projects the request may touch.
    pub reach: Reach,
    /// What becomes of a project that nobody has made.
    pub unknown_project: UnknownProject,
}

/// Whose projects a caller may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The user's own.
    Own,
    /// Everybody's: the caller is not a user whom the fixture lists.
    Everything,
}

/// What becomes of a project that nobody has made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnknownProject {
    /// A create makes it, so that a mock of personas alone is usable.
    Made,
    /// It is not found.
    Refused,
}
