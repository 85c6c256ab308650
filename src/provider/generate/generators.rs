//! What a provider makes rows by.

use serde::Serialize;

use super::draw::Draw;

/// The row of a draw, as JSON.
type MakeRow = dyn Fn(&Draw<'_>) -> serde_json::Result<String>;

/// What makes further rows of one list of a fixture.
pub(crate) struct Generator {
    pub(super) list: &'static str,
    pub(super) row: Box<MakeRow>,
}

impl Generator {
    /// A list, and its row of a number.
    pub(crate) fn of<R: Serialize>(list: &'static str, row: impl Fn(&Draw<'_>) -> R + 'static) -> Self {
        Self { list, row: Box::new(move |draw| serde_json::to_string(&row(draw))) }
    }
}

/// What makes the further rows of a provider's fixture.
#[derive(Default)]
pub struct Generators {
    /// The lists that have them.
    pub(crate) lists: Vec<Generator>,
    /// The members of the embedded fixture that are not true of a longer one, and may be absent.
    pub(crate) left_out: &'static [&'static str],
}
