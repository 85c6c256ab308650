//! One row of a slot's state.

use super::TypedSlot;
use crate::provider::records::{Change, Records, Refused, Shown};
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
        let mut page = RowPage { total: records.count(&state), ..RowPage::default() };
        let mut size = 0;
        let mut take = |page: &mut RowPage, row: Shown| {
            let has_room = page.rows.len() < limit && (size < bytes || page.rows.is_empty());
            if has_room {
                size += row.text.len();
                page.rows.push(row);
            }
            has_room
        };
        if search.is_empty() {
            records.walk(&state, offset, &mut |row| take(&mut page, row) && cancel::step().is_ok());
            return page;
        }
        page.total = 0;
        // What has no room ends the page: nothing behind it is shown.
        let mut is_open = true;
        records.walk(&state, 0, &mut |row| {
            if has(&row.text, search) {
                page.total += 1;
                is_open = is_open && (page.total <= offset || take(&mut page, row));
            }
            cancel::step().is_ok()
        });
        page
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

/// Whether a value of a row has a text. The names of its members do not count.
fn has(row: &str, search: &str) -> bool {
    fn within(value: &serde_json::Value, search: &str) -> bool {
        match value {
            serde_json::Value::String(text) => text.to_lowercase().contains(search),
            serde_json::Value::Array(items) => items.iter().any(|item| within(item, search)),
            serde_json::Value::Object(members) => members.values().any(|value| within(value, search)),
            serde_json::Value::Null => false,
            other => other.to_string().contains(search),
        }
    }
    serde_json::from_str(row).is_ok_and(|row| within(&row, search))
}
