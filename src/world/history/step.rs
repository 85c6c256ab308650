//! One step, and what names it.

use std::cell::Cell;

use jiff::Timestamp;

use crate::world::clock::Clock;

/// How many bytes a step counts at least, beside the records that it replaced: for itself, and for what it copied of the
/// tables.
pub(crate) const STEP: u64 = 4_096;

/// About how many of them are for itself.
const ITSELF: u64 = 1_024;

/// What a step counts beyond [`STEP`] that copied so many bytes of the tables: the more records, the longer is the way to one.
#[must_use]
pub(crate) fn beyond_least(copied: u64) -> u64 {
    (ITSELF + copied).saturating_sub(STEP)
}

/// One change of a sandbox's state.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Its number among the steps of all sandboxes.
    pub(super) stamp: u64,
    /// The verb of the control API that made it; nothing, where a request to a provider did.
    pub(crate) by: Option<&'static str>,
    /// When it was made, on the sandbox's clock.
    pub(crate) at: Timestamp,
    /// What the clock was set to before it.
    pub(crate) clock_before: Clock,
    /// And behind it.
    pub(crate) clock: Clock,
    /// The providers whose states it replaced, a bit each.
    pub(crate) changed: u64,
    /// Where an undo made it: the state that it is again.
    pub(crate) undone_to: Option<u64>,
}

/// What names a step: the number of the state that it came to, in one generation of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct StepId {
    pub(crate) generation: u32,
    pub(crate) number: u64,
}

impl StepId {
    /// How many generations are told apart, less one.
    pub(super) const GENERATIONS: u32 = (1 << 24) - 1;

    /// Whether it is of before the list was emptied for this generation. Generations begin anew some day.
    pub(crate) fn is_before(self, generation: u32) -> bool {
        (1..=Self::GENERATIONS / 2).contains(&(generation.wrapping_sub(self.generation) & Self::GENERATIONS))
    }

    /// In one word.
    pub(super) fn packed(self) -> u64 {
        u64::from(self.generation) << 40 | self.number
    }

    pub(super) fn unpacked(word: u64) -> Self {
        Self { generation: u32::try_from(word >> 40).unwrap_or_default(), number: word & ((1 << 40) - 1) }
    }

    /// The name of the step of a number.
    #[must_use]
    pub(crate) fn name(number: u64) -> String {
        format!("w-{number}")
    }
}

/// The step that a request made; of one that made none, the last step before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    pub(crate) step: StepId,
    /// Whether the request made it.
    pub(crate) is_own: bool,
}

/// The number of the step that a text names, such as `w-3`.
#[must_use]
pub(crate) fn number_of(text: &str) -> Option<u64> {
    let number = text.strip_prefix("w-").or_else(|| text.strip_prefix("W-"))?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok())?
}

/// Why a state is not reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreached {
    /// No steps are kept.
    Off,
    /// The state is the one that the list began with.
    Start,
    /// There never was such a step.
    Never {
        /// The number of the last one.
        last: u64,
    },
    /// It is of before the list was emptied.
    Emptied,
    /// It made room for others.
    Gone,
}

thread_local! {
    // What replaces a state knows nothing of who asked for it.
    static BY: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// Names the steps that a verb of the control API makes while it is answered.
pub(crate) fn by_verb<T>(verb: &'static str, work: impl FnOnce() -> T) -> T {
    struct Ending(Option<&'static str>);
    impl Drop for Ending {
        fn drop(&mut self) {
            BY.set(self.0);
        }
    }
    let _ending = Ending(BY.replace(Some(verb)));
    work()
}

/// The verb that is answered.
pub(super) fn by() -> Option<&'static str> {
    BY.get()
}
