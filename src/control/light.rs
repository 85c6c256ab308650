//! Which requests of the control API are done in no time, so that a thread may do them that others wait for.

use crate::app::Sandbox;

/// The largest body that a light verb reads in no time, unless it says otherwise.
pub(super) const BODY: usize = 16 << 10;

/// When a verb is done in no time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Light {
    /// With a body of so many bytes at most, where it reads one.
    pub(super) body: usize,
    /// In such a sandbox; in any, where absent.
    pub(super) sandbox: Option<fn(&Sandbox) -> bool>,
}

impl Light {
    /// Whether that is so of a request that has so many bytes to read, in a sandbox.
    pub(super) fn takes(self, body: usize, sandbox: &Sandbox) -> bool {
        body <= self.body && self.sandbox.is_none_or(|is_light| is_light(sandbox))
    }

    /// Whether it is always so of a verb that reads a body, or does not.
    pub(super) fn is_always(self, reads_body: bool) -> bool {
        self.sandbox.is_none() && !reads_body
    }
}
