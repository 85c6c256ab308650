//! One row of a slot's state.

mod sought;

use self::sought::Sought;
use super::TypedSlot;
use crate::provider::records::{Change, Look, Records, Refused, Shown};
use crate::provider::vendor::Provider;
use crate::world::cancel;
use crate::world::state::Written;

/// The rows of a slot's state, list by list.
pub trait Lists {
    /// The lists, each with the member that names its rows; nothing where their places do.
    fn row_lists(&self) -> Vec<(&'static str, Option<&'static str>)>;

    /// The row of this name; nothing where there is no such list or no such row.
    fn show_row(&self, list: &str, name: &str) -> Option<Shown>;

    /// How many rows a list has.
    fn count_rows(&self, list: &str) -> usize;

    /// Some rows of a list.
    fn rows_page(&self, list: &str, wanted: &RowsWanted<'_>) -> RowPage;

    /// Changes a row of a list; there is nothing where there is no such list.
    ///
    /// # Errors
    ///
    /// Why not.
    fn change_row(&self, list: &str, change: &Change<'_>) -> Option<Result<Shown, NotChanged>>;
}

/// Which rows are wanted.
#[derive(Debug)]
pub struct RowsWanted<'a> {
    /// How many are passed over, of those that are found.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
    /// How many bytes of rows there are before a page ends.
    pub bytes: usize,
    /// A text in lower case that a value of the row must have; empty where any row is wanted.
    pub search: &'a str,
}

/// Some rows of a list.
#[derive(Debug, Default)]
pub struct RowPage {
    /// The rows.
    pub rows: Vec<Shown>,
    /// How many there are on all pages.
    pub total: usize,
}

/// Why a row was not changed.
#[derive(Debug)]
pub enum NotChanged {
    /// The change cannot be.
    Refused(Refused),
    /// There is no room for it: why, and after how many seconds there may be.
    Full(String, u64),
}

impl<P: Provider> TypedSlot<P> {
    fn of_list(&self, list: &str) -> Option<&'static Records<P::State>> {
        self.served.provider.vendor().records().iter().find(|records| records.list() == list)
    }

    /// Changes the state by the control API: one change of it as a whole, or none.
    fn edit_state<T, E>(&self, edit: impl FnOnce(&mut P::State) -> Result<T, E>) -> Result<Written<T>, E> {
        let _turn = self.state.long_turn();
        self.state.write(edit)
    }
}

impl<P: Provider> Lists for TypedSlot<P> {
    fn row_lists(&self) -> Vec<(&'static str, Option<&'static str>)> {
        self.served.provider.vendor().records().iter().map(|records| (records.list(), records.named_by())).collect()
    }

    fn show_row(&self, list: &str, name: &str) -> Option<Shown> {
        self.of_list(list)?.show(&self.state.read(), name)
    }

    fn count_rows(&self, list: &str) -> usize {
        self.of_list(list).map_or(0, |records| records.count(&self.state.read()))
    }

    fn rows_page(&self, list: &str, wanted: &RowsWanted<'_>) -> RowPage {
        let Some(records) = self.of_list(list) else { return RowPage::default() };
        let state = self.state.read();
        let RowsWanted { offset, limit, bytes, search } = *wanted;
        let (mut shown, mut size) = (0, 0);
        let mut take = |row: &str| {
            let has_room = shown < limit && (size < bytes || shown == 0);
            if has_room {
                shown += 1;
                size += row.len();
            }
            has_room
        };
        if search.is_empty() {
            let rows = records.walk(&state, offset, &mut |row| match cancel::step().is_ok() && take(row) {
                true => Look::Show,
                false => Look::End,
            });
            return RowPage { rows, total: records.count(&state) };
        }
        let sought = Sought::new(search);
        let mut total = 0;
        // What has no room ends the page: nothing behind it is shown.
        let mut is_open = true;
        let rows = records.walk(&state, 0, &mut |row| {
            if cancel::step().is_err() {
                return Look::End;
            }
            if !sought.is_in(row) {
                return Look::Pass;
            }
            total += 1;
            is_open = is_open && (total <= offset || take(row));
            if is_open && total > offset { Look::Show } else { Look::Pass }
        });
        RowPage { rows, total }
    }

    fn change_row(&self, list: &str, change: &Change<'_>) -> Option<Result<Shown, NotChanged>> {
        let records = self.of_list(list)?;
        Some(match self.edit_state(|state| records.change(state, change)) {
            Ok(Written::Done(shown, _)) => Ok(shown),
            Ok(Written::Refused(full, _)) => {
                Err(NotChanged::Full(format!("{full}: {}", self.account.hint(&full)), full.retry_after_s))
            }
            Err(refused) => Err(NotChanged::Refused(refused)),
        })
    }
}
