//! How many sandboxes there may be, how long they stay, and what happens where there is no room.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How many sandboxes there may be, and how long an idle one stays. Real time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The most named sandboxes.
    pub sandboxes: usize,
    /// How long a sandbox that states no time of its own may be idle.
    pub idle: Duration,
    /// What happens to those that were written where there is no room for another.
    pub when_full: WhenFull,
    /// How long after its last request a written one is safe from others.
    pub safe: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            sandboxes: 10_000,
            idle: Duration::from_secs(3_600),
            when_full: WhenFull::default(),
            safe: Duration::from_secs(60),
        }
    }
}

/// What happens to sandboxes that were written where there is no room for another, or for the bytes of state of others.
/// One that never was goes first, and can always go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WhenFull {
    /// The one that was unused longest makes room, if that is a minute or more; else the newcomer is refused.
    #[default]
    Evict,
    /// They stay, and the newcomer is refused.
    Refuse,
}

impl WhenFull {
    /// As the command line has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evict => "evict",
            Self::Refuse => "refuse",
        }
    }
}

impl fmt::Display for WhenFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for WhenFull {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = [Self::Evict, Self::Refuse];
        let found = known.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text.trim()));
        found.ok_or_else(|| "expected `evict` or `refuse`".to_owned())
    }
}

/// Why there is no room for another sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Full {
    pub(super) sandboxes: usize,
    pub(super) when_full: WhenFull,
    /// After how many seconds there may be room: 1 or more.
    pub(crate) retry_after_s: u64,
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sandboxes, when_full, .. } = self;
        let stay = match when_full {
            WhenFull::Evict => "takes none away that was written and used within the last minute",
            WhenFull::Refuse => "takes none away that was written",
        };
        write!(
            f,
            "there is no room for another sandbox: there may be {sandboxes} (--max-sandboxes {sandboxes}), and --when-full \
             {when_full} {stay}; DELETE /_mock/sandboxes/NAME takes one away, and a larger --max-sandboxes makes room"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_when_full_reads_back() {
        for when_full in [WhenFull::Evict, WhenFull::Refuse] {
            assert_eq!(when_full.to_string().parse(), Ok(when_full));
        }
        assert_eq!(" Refuse ".parse(), Ok(WhenFull::Refuse));
        assert!("drop".parse::<WhenFull>().is_err());
    }
}
