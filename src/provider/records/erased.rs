//! A list and a row of any type: what shows and changes rows is written, and compiled, once a provider and not once a list.

use std::any::Any;
use std::marker::PhantomData;

use jiff::Timestamp;

use super::record::{At, Record, Referrers};
use crate::world::fixture::{self, FixtureError, Loading};
use crate::world::table::Made;

/// A row, whatever its list is.
pub(super) trait AnyRow<S> {
    /// Its JSON.
    fn text(&self) -> String;

    /// Its id.
    fn name(&self) -> String;

    /// Its place, and what changes with any row of the list; only where rows are named so.
    fn placed(&self, state: &S) -> Option<(usize, u128)>;

    /// Whether it has the id of this row of its list.
    fn has_id_of(&self, other: &dyn AnyRow<S>) -> bool;

    /// Whether a row has its id.
    fn is_taken(&self, state: &S) -> bool;

    /// See [`Record::check`].
    fn check(&mut self, state: &S, at: &At<'_>, loading: &mut Loading<'_>);

    /// Takes the row with its id out.
    fn take(&self, state: &mut S) -> Option<Made>;

    /// Puts it in: what is then there.
    fn put(self: Box<Self>, state: &mut S, made: Option<Made>) -> Option<Box<dyn AnyRow<S>>>;

    /// See [`Record::referrers`].
    fn referrers(&self, state: &S, found: &mut Referrers);

    /// See [`Record::serves_as`].
    fn serves_as(&self, former: &dyn AnyRow<S>) -> bool;

    /// Itself.
    fn as_any(&self) -> &dyn Any;
}

impl<R: Record> AnyRow<R::State> for R {
    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn name(&self) -> String {
        self.id().to_string()
    }

    fn placed(&self, state: &R::State) -> Option<(usize, u128)> {
        R::placed(state, &self.id())
    }

    fn has_id_of(&self, other: &dyn AnyRow<R::State>) -> bool {
        other.as_any().downcast_ref::<R>().is_some_and(|other| other.id() == self.id())
    }

    fn is_taken(&self, state: &R::State) -> bool {
        R::is_taken(state, &self.id())
    }

    fn check(&mut self, state: &R::State, at: &At<'_>, loading: &mut Loading<'_>) {
        Record::check(self, state, at, loading);
    }

    fn take(&self, state: &mut R::State) -> Option<Made> {
        R::take(state, &self.id())
    }

    fn put(self: Box<Self>, state: &mut R::State, made: Option<Made>) -> Option<Box<dyn AnyRow<R::State>>> {
        let id = self.id();
        Record::put(*self, state, made);
        boxed(R::find(state, &id))
    }

    fn referrers(&self, state: &R::State, found: &mut Referrers) {
        Record::referrers(self, state, found);
    }

    fn serves_as(&self, former: &dyn AnyRow<R::State>) -> bool {
        former.as_any().downcast_ref::<R>().is_some_and(|former| Record::serves_as(self, former))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn boxed<R: Record>(row: Option<R>) -> Option<Box<dyn AnyRow<R::State>>> {
    Some(Box::new(row?))
}

/// A list of a fixture, whatever its rows are.
pub(super) trait AnyRecords<S>: Sync {
    /// Its name.
    fn list(&self) -> &'static str;

    /// The member that names a row; nothing where its place does.
    fn named_by(&self) -> Option<&'static str>;

    /// How many rows there are.
    fn count(&self, state: &S) -> usize;

    /// The row of this name.
    fn find(&self, state: &S, name: &str) -> Option<Box<dyn AnyRow<S>>>;

    /// The rows from this place on, as the fixture lists them.
    fn rows<'s>(&self, state: &'s S, from: usize) -> Box<dyn Iterator<Item = Box<dyn AnyRow<S>>> + 's>;

    /// The row that a text is.
    ///
    /// # Errors
    ///
    /// What the file's schema finds.
    fn read(&self, file: &str, text: &str, now: Timestamp) -> Result<Box<dyn AnyRow<S>>, Vec<FixtureError>>;

    /// The text of a row that is changed by a patch.
    ///
    /// # Errors
    ///
    /// What is wrong with the patch.
    fn merge(&self, file: &str, row: &str, patch: &str) -> Result<String, Vec<FixtureError>>;

    /// See [`Record::check_list`].
    fn check_list(&self, state: &S, loading: &mut Loading<'_>);
}

/// The list of these rows.
pub(super) struct Of<R>(pub(super) PhantomData<fn() -> R>);

impl<R: Record> AnyRecords<R::State> for Of<R> {
    fn list(&self) -> &'static str {
        R::LIST
    }

    fn named_by(&self) -> Option<&'static str> {
        R::NAMED_BY
    }

    fn count(&self, state: &R::State) -> usize {
        R::count(state)
    }

    fn find(&self, state: &R::State, name: &str) -> Option<Box<dyn AnyRow<R::State>>> {
        let id = match R::NAMED_BY {
            Some(_) => R::parse(name)?,
            None => R::at(state, place(name)?)?,
        };
        boxed(R::find(state, &id))
    }

    fn rows<'s>(&self, state: &'s R::State, from: usize) -> Box<dyn Iterator<Item = Box<dyn AnyRow<R::State>>> + 's> {
        Box::new(R::all_from(state, from).map(|row| Box::new(row) as Box<dyn AnyRow<R::State>>))
    }

    fn read(&self, file: &str, text: &str, now: Timestamp) -> Result<Box<dyn AnyRow<R::State>>, Vec<FixtureError>> {
        let row = fixture::read_row::<R::Fixture, R>(file, R::LIST, text, now)?;
        Ok(Box::new(row))
    }

    fn merge(&self, file: &str, row: &str, patch: &str) -> Result<String, Vec<FixtureError>> {
        fixture::merge_row::<R::Fixture>(file, R::LIST, row, patch)
    }

    fn check_list(&self, state: &R::State, loading: &mut Loading<'_>) {
        R::check_list(state, loading);
    }
}

/// The place that a name is.
fn place(name: &str) -> Option<usize> {
    let is_canonical = name.len() == 1 || !name.starts_with('0');
    (is_canonical && name.bytes().all(|digit| digit.is_ascii_digit())).then(|| name.parse().ok()).flatten()
}
