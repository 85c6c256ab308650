//! What a provider states of the rows of one list, and how a fixture's list is loaded by it.

use std::collections::HashSet;
use std::fmt::{self, Display};
use std::hash::Hash;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::world::cancel;
use crate::world::fixture::{Loading, ReadyMade, progress};
use crate::world::table::Made;

/// A row of a list of a fixture, in the states of a provider.
pub(crate) trait Record: Serialize + DeserializeOwned + 'static {
    /// The provider's state.
    type State: Clone;
    /// The provider's fixture.
    type Fixture: ReadyMade;
    /// What names a row in the state.
    type Id: Clone + PartialEq + Display;
    /// The list, as the fixture names it.
    const LIST: &'static str;
    /// The member that names a row; nothing where its place does.
    const NAMED_BY: Option<&'static str>;

    /// What names it in the state.
    fn id(&self) -> Self::Id;

    /// The id that a text is.
    fn parse(text: &str) -> Option<Self::Id>;

    /// The row with this id.
    fn find(state: &Self::State, id: &Self::Id) -> Option<Self>;

    /// Whether a row has this id, in this list or in one that shares its ids.
    fn is_taken(state: &Self::State, id: &Self::Id) -> bool;

    /// How many there are.
    fn count(state: &Self::State) -> usize;

    /// Those from this place on, as the fixture lists them. To pass over many costs as much as one.
    fn all_from(state: &Self::State, place: usize) -> Box<dyn Iterator<Item = Self> + '_>;

    /// What names the row at this place; only where rows are named so.
    fn at(_state: &Self::State, _place: usize) -> Option<Self::Id> {
        None
    }

    /// The place of the row with this id, and what changes with any row of the list; only where rows are named so.
    fn placed(_state: &Self::State, _id: &Self::Id) -> Option<(usize, u128)> {
        None
    }

    /// Reports what is wrong with the row in a state that lacks it, and fills in what it need not state.
    fn check(&mut self, state: &Self::State, at: &At<'_>, loading: &mut Loading<'_>);

    /// Takes the row with this id out: when it was made.
    fn take(state: &mut Self::State, id: &Self::Id) -> Option<Made>;

    /// Puts the row in, in place of one that was taken out, or as a new one.
    fn put(self, state: &mut Self::State, made: Option<Made>);

    /// Who refers to the row.
    fn referrers(&self, _state: &Self::State, _found: &mut Referrers) {}

    /// Whether all that refer to `former` may as well refer to this, which has its id.
    fn serves_as(&self, _former: &Self) -> bool {
        true
    }

    /// Reports what is wrong with a state whose list was changed.
    fn check_list(_state: &Self::State, _loading: &mut Loading<'_>) {}
}

/// Where a row stands, and whether another has its id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'a> {
    /// Such as `$.users[3]`; it is written out where something is wrong with the row.
    pub(crate) path: fmt::Arguments<'a>,
    /// Whether another row has its id.
    pub(crate) is_taken: bool,
    /// Whether all other lists are there: a file is read list by list.
    pub(crate) is_last: bool,
}

/// Loads a list of a fixture: each row is checked in a state that has those before it.
pub(crate) fn load<R: Record>(mut rows: Vec<R>, state: &mut R::State, loading: &mut Loading<'_>) {
    rows.reverse();
    for (place, mut row) in taken(rows).enumerate() {
        let is_taken = R::is_taken(state, &row.id());
        row.check(state, &At { path: format_args!("$.{}[{place}]", R::LIST), is_taken, is_last: false }, loading);
        // The first of two stays: what refers to it is no fault.
        if !R::is_taken(state, &row.id()) {
            row.put(state, None);
        }
    }
}

/// The same of a list that stands as its vendor lists, the newest first.
pub(crate) fn load_newest_first<R: Record>(mut rows: Vec<R>, state: &mut R::State, loading: &mut Loading<'_>)
where
    R::Id: Eq + Hash,
{
    let mut seen = HashSet::new();
    for (place, row) in rows.iter_mut().enumerate() {
        let id = row.id();
        let is_taken = R::is_taken(state, &id) || !seen.insert(id);
        row.check(state, &At { path: format_args!("$.{}[{place}]", R::LIST), is_taken, is_last: false }, loading);
    }
    drop(seen);
    for row in taken(rows).take_while(|_| cancel::step().is_ok()) {
        let made = R::take(state, &row.id());
        row.put(state, made);
    }
}

/// The rows from the last to the first. Room that they leave is given back now and then, since each moves to a place of its
/// own in the state.
fn taken<R>(mut rows: Vec<R>) -> impl Iterator<Item = R> {
    let step = (rows.len() / 16).max(1024);
    let progress = progress::present();
    std::iter::from_fn(move || {
        let row = rows.pop()?;
        if let Some(progress) = &progress {
            progress.place();
        }
        if rows.capacity() - rows.len() >= 2 * step {
            rows.shrink_to(rows.len() + step);
        }
        Some(row)
    })
}

/// Who refers to a row, as far as they are told.
#[derive(Debug, Default)]
pub(crate) struct Referrers {
    /// The first of them, as `list/name`.
    pub(super) told: Vec<String>,
    pub(super) count: usize,
}

/// How many are told.
const TOLD: usize = 20;

impl Referrers {
    /// Notes rows of a list that has so many of them.
    pub(crate) fn add<N: Display>(&mut self, list: &str, count: usize, names: impl Iterator<Item = N>) {
        self.count += count;
        let left = TOLD.saturating_sub(self.told.len());
        self.told.extend(names.take(left).map(|name| format!("{list}/{name}")));
    }
}

/// States that rows of a list are kept in [`Rows`](crate::world::rows::Rows) of the state.
macro_rules! kept_in {
    (by place, |$state:ident| $rows:expr, |$mutable:ident| $mutable_rows:expr) => {
        const NAMED_BY: Option<&'static str> = None;

        fn parse(_: &str) -> Option<Self::Id> {
            None
        }

        fn at($state: &Self::State, place: usize) -> Option<Self::Id> {
            $rows.at(place).map(|row| $crate::world::table::Row::id(&**row))
        }

        fn placed($state: &Self::State, id: &Self::Id) -> Option<(usize, u128)> {
            $rows.place(id).zip($rows.version())
        }

        $crate::provider::records::kept_in!(@common |$state| $rows, |$mutable| $mutable_rows, then |_row| ());
    };
    (by $member:literal, |$state:ident| $rows:expr, |$mutable:ident| $mutable_rows:expr) => {
        $crate::provider::records::kept_in!(by $member, |$state| $rows, |$mutable| $mutable_rows, then |_row| ());
    };
    (by $member:literal, |$state:ident| $rows:expr, |$mutable:ident| $mutable_rows:expr, then |$row:ident| $then:expr) => {
        const NAMED_BY: Option<&'static str> = Some($member);

        fn parse(text: &str) -> Option<Self::Id> {
            text.parse().ok()
        }

        $crate::provider::records::kept_in!(@common |$state| $rows, |$mutable| $mutable_rows, then |$row| $then);
    };
    (table by $member:literal, |$state:ident| $table:expr, |$mutable:ident| $mutable_table:expr, as |$kept:ident| $row:expr, $order:tt) => {
        const NAMED_BY: Option<&'static str> = Some($member);

        fn parse(text: &str) -> Option<Self::Id> {
            text.parse().ok()
        }

        fn find($state: &Self::State, id: &Self::Id) -> Option<Self> {
            $table.get(id).map(|$kept| $row)
        }

        fn count($state: &Self::State) -> usize {
            $table.len()
        }

        fn all_from($state: &Self::State, place: usize) -> Box<dyn Iterator<Item = Self> + '_> {
            let kept = $table.in_order_made();
            Box::new($crate::provider::records::kept_in!(@$order kept).skip(place).map(|$kept| $row))
        }

        fn take($mutable: &mut Self::State, id: &Self::Id) -> Option<$crate::world::table::Made> {
            $mutable_table.take_out(id)
        }
    };
    (@oldest_first $kept:ident) => {
        $kept
    };
    (@newest_first $kept:ident) => {
        $kept.rev()
    };
    (rows, |$state:ident| $rows:expr, |$mutable:ident| $mutable_rows:expr) => {
        $crate::provider::records::kept_in!(@common |$state| $rows, |$mutable| $mutable_rows, then |_row| ());
    };
    (@common |$state:ident| $rows:expr, |$mutable:ident| $mutable_rows:expr, then |$row:ident| $then:expr) => {
        fn id(&self) -> Self::Id {
            $crate::world::table::Row::id(self)
        }

        fn find($state: &Self::State, id: &Self::Id) -> Option<Self> {
            $rows.get(id).map(|row| Self::clone(row))
        }

        fn is_taken($state: &Self::State, id: &Self::Id) -> bool {
            $rows.contains(id)
        }

        fn count($state: &Self::State) -> usize {
            $rows.len()
        }

        fn all_from($state: &Self::State, place: usize) -> Box<dyn Iterator<Item = Self> + '_> {
            Box::new($rows.iter().skip(place).map(|row| Self::clone(row)))
        }

        fn take($mutable: &mut Self::State, id: &Self::Id) -> Option<$crate::world::table::Made> {
            $mutable_rows.take_out(id)
        }

        fn put(self, $mutable: &mut Self::State, made: Option<$crate::world::table::Made>) {
            let $row = &self.clone();
            $mutable_rows.put(made, self);
            $then
        }
    };
}

pub(crate) use kept_in;
