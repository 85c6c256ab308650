//! A list of a fixture, whatever its rows are: how a row is shown and changed.

use std::hash::Hasher;
use std::marker::PhantomData;
use std::sync::Arc;

use jiff::Timestamp;
use siphasher::sip128::{Hasher128, SipHasher13};

use super::erased::{AnyRecords, AnyRow, Of};
use super::record::{At, Record, Referrers};
use crate::world::fixture::{FixtureError, Loading};
use crate::world::options::Options;

/// A row as it is shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its id or its place.
    pub name: String,
    /// Its JSON.
    pub text: String,
    /// What changes with it, or with its list where its place names it.
    pub tag: String,
}

/// What becomes of a row that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// It is shown.
    Show,
    /// It is passed over.
    Pass,
    /// It is not shown, nor is any behind it.
    End,
}

/// What to do with a list.
#[derive(Debug, Clone, Copy)]
pub enum Edit<'a> {
    /// Add this row.
    Add(&'a str),
    /// Put this row in place of the one of this name.
    Replace(&'a str, &'a str),
    /// Change the row of this name by this patch.
    Merge(&'a str, &'a str),
    /// Delete the row of this name.
    Delete(&'a str),
}

/// What is known where a row is changed.
pub struct Change<'a> {
    /// What messages call the list.
    pub file: &'a str,
    /// What is changed.
    pub edit: Edit<'a>,
    /// Whether the row may have this tag; nothing where it may have any.
    pub wanted: Option<&'a dyn Fn(&str) -> bool>,
    /// The sandbox's now.
    pub now: Timestamp,
    /// How the provider behaves.
    pub options: Arc<Options>,
}

/// Why a row is not changed.
#[derive(Debug)]
pub enum Refused {
    /// There is none of this name; of a list by places, how many there are.
    Missing(Option<usize>),
    /// A row is named by its place, and nothing says which row was meant.
    Unconditional(Shown),
    /// The row is another by now; and what the change would make of it.
    Changed(Shown, Option<String>),
    /// Its faults.
    Faulty(Vec<FixtureError>),
    /// Others refer to it: the first of them, and how many there are.
    Referred(Vec<String>, usize),
    /// It would be the same row.
    Same(Shown),
}

/// A list of a fixture, whatever its rows are.
pub struct Records<S: 'static>(&'static dyn AnyRecords<S>);

impl<S> Records<S> {
    /// The list of these rows.
    pub(crate) const fn of<R: Record<State = S>>() -> Self {
        Self(const { &Of::<R>(PhantomData) })
    }

    /// Its name.
    pub fn list(&self) -> &'static str {
        self.0.list()
    }

    /// The member that names a row; nothing where its place does.
    pub fn named_by(&self) -> Option<&'static str> {
        self.0.named_by()
    }

    /// How many rows there are.
    pub fn count(&self, state: &S) -> usize {
        self.0.count(state)
    }

    /// The row of this name, or of another spelling of it: the row says which name it has.
    pub fn show(&self, state: &S, name: &str) -> Option<Shown> {
        self.0.find(state, name).map(|row| shown(state, &*row))
    }

    /// All rows from this place on, as the fixture lists them. `look` says of the JSON of each what becomes of it.
    pub fn walk(&self, state: &S, from: usize, look: &mut dyn FnMut(&str) -> Look) -> Vec<Shown> {
        let mut rows = Vec::new();
        for row in self.0.rows(state, from) {
            let text = row.text();
            match look(&text) {
                Look::Show => rows.push(shown_as(text, state, &*row)),
                Look::Pass => {}
                Look::End => break,
            }
        }
        rows
    }

    /// Changes a row, or says why not: then the state is to be thrown away. A row that was deleted is shown as it was.
    ///
    /// # Errors
    ///
    /// Why not.
    pub fn change(&self, state: &mut S, change: &Change<'_>) -> Result<Shown, Refused> {
        let (name, body) = match change.edit {
            Edit::Add(body) => return self.put(state, None, body, change),
            Edit::Replace(name, body) | Edit::Merge(name, body) => (name, Some(body)),
            Edit::Delete(name) => (name, None),
        };
        // A row has one name, so that what is said of it is found by it.
        let found = self.0.find(state, name).map(|row| (shown(state, &*row), row)).filter(|(row, _)| row.name == name);
        let Some((before, former)) = found else {
            return Err(Refused::Missing(self.named_by().is_none().then(|| self.count(state))));
        };
        let text = match (change.edit, body) {
            (Edit::Merge(..), Some(patch)) => {
                Some(self.0.merge(change.file, &before.text, patch).map_err(Refused::Faulty)?)
            }
            (_, body) => body.map(str::to_owned),
        };
        match change.wanted {
            None if self.named_by().is_none() => return Err(Refused::Unconditional(before)),
            Some(is_wanted) if !is_wanted(&before.tag) => return Err(Refused::Changed(before, text)),
            _ => {}
        }
        match text {
            Some(text) => {
                let made = self.put(state, Some(&*former), &text, change)?;
                if made.text == before.text { Err(Refused::Same(before)) } else { Ok(made) }
            }
            None => {
                unreferred(state, &*former)?;
                former.take(state);
                self.checked(state, change)?;
                Ok(before)
            }
        }
    }

    fn put(
        &self,
        state: &mut S,
        former: Option<&dyn AnyRow<S>>,
        text: &str,
        change: &Change<'_>,
    ) -> Result<Shown, Refused> {
        let mut row = self.0.read(change.file, text, change.now).map_err(Refused::Faulty)?;
        if let (Some(former), Some(member)) = (former, self.named_by())
            && !row.has_id_of(former)
        {
            let expected = "the id that the path names: a row keeps its id";
            let fault = FixtureError::new(change.file, format_args!("$.{member}"), "another id", expected);
            return Err(Refused::Faulty(vec![fault]));
        }
        let mut loading = Loading::new(change.file, change.now).under(change.options.clone());
        // What the row is checked in lacks its former form.
        let made = former.and_then(|former| former.take(state));
        let is_taken = row.is_taken(state);
        row.check(state, &At { path: format_args!("$"), is_taken, is_last: true }, &mut loading);
        faults(loading)?;
        if let Some(former) = former.filter(|former| !row.serves_as(*former)) {
            unreferred(state, former)?;
        }
        let there = row.put(state, made);
        self.checked(state, change)?;
        there.map(|row| shown(state, &*row)).ok_or(Refused::Missing(None))
    }

    fn checked(&self, state: &S, change: &Change<'_>) -> Result<(), Refused> {
        let mut loading = Loading::new(change.file, change.now).under(change.options.clone());
        self.0.check_list(state, &mut loading);
        faults(loading)
    }
}

fn shown<S>(state: &S, row: &dyn AnyRow<S>) -> Shown {
    shown_as(row.text(), state, row)
}

fn shown_as<S>(text: String, state: &S, row: &dyn AnyRow<S>) -> Shown {
    let (name, tag) = match row.placed(state) {
        Some((place, version)) => (place.to_string(), version),
        None => {
            let mut hasher = SipHasher13::new();
            hasher.write(text.as_bytes());
            (row.name(), hasher.finish128().as_u128())
        }
    };
    Shown { name, text, tag: format!("\"{tag:032x}\"") }
}

fn faults(loading: Loading<'_>) -> Result<(), Refused> {
    loading.finish().map(drop).map_err(Refused::Faulty)
}

fn unreferred<S>(state: &S, row: &dyn AnyRow<S>) -> Result<(), Refused> {
    let mut found = Referrers::default();
    row.referrers(state, &mut found);
    if found.count == 0 { Ok(()) } else { Err(Refused::Referred(found.told, found.count)) }
}
