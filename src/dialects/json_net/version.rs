//! Which Json.NET reads.

/// A version of Json.NET, as ASP.NET Web API's formatter sets it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// Measured with 12.0.1.
    V12,
}

impl Version {
    /// How many containers may stand in one another.
    pub(super) fn max_depth(self) -> usize {
        match self {
            // The formatter's own number. Json.NET 12 alone has no bound, later ones have 64.
            Self::V12 => 256,
        }
    }
}
