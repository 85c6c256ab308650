//! A list of a fixture, whatever its rows are: how a row is shown and changed.

use std::hash::Hasher;
use std::marker::PhantomData;
use std::sync::Arc;

use jiff::Timestamp;
use siphasher::sip128::{Hasher128, SipHasher13};

use super::record::{At, Record, Referrers};
use crate::world::fixture::{self, FixtureError, Loading};
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
pub trait AnyRecords<S>: Sync {
    /// Its name.
    fn list(&self) -> &'static str;

    /// The member that names a row; nothing where its place does.
    fn named_by(&self) -> Option<&'static str>;

    /// How many rows there are.
    fn count(&self, state: &S) -> usize;

    /// The row of this name.
    fn show(&self, state: &S, name: &str) -> Option<Shown>;

    /// All rows, as the fixture lists them. `look` says whether to go on.
    fn walk(&self, state: &S, from: usize, look: &mut dyn FnMut(Shown) -> bool);

    /// Changes a row, or says why not: then the state is to be thrown away. A row that was deleted is shown as it was.
    ///
    /// # Errors
    ///
    /// Why not.
    fn change(&self, state: &mut S, change: &Change<'_>) -> Result<Shown, Refused>;
}

/// The list of these rows.
pub(crate) struct Of<R>(PhantomData<fn() -> R>);

impl<R> Of<R> {
    pub(crate) const LIST: Self = Self(PhantomData);
}

impl<R: Record> Of<R> {
    fn id(state: &R::State, name: &str) -> Option<R::Id> {
        match R::NAMED_BY {
            Some(_) => R::parse(name),
            None if name.len() > 1 && name.starts_with('0') => None,
            None if !name.bytes().all(|digit| digit.is_ascii_digit()) => None,
            None => R::at(state, name.parse().ok()?),
        }
    }

    fn shown(state: &R::State, name: String, row: &R) -> Shown {
        let text = serde_json::to_string(row).unwrap_or_default();
        let tag = match R::placed(state, &row.id()) {
            Some((_, version)) => version,
            None => {
                let mut hasher = SipHasher13::new();
                hasher.write(text.as_bytes());
                hasher.finish128().as_u128()
            }
        };
        Shown { name, text, tag: format!("\"{tag:032x}\"") }
    }

    fn faults(loading: Loading<'_>) -> Result<(), Refused> {
        loading.finish().map(drop).map_err(Refused::Faulty)
    }

    fn put(state: &mut R::State, former: Option<R>, text: &str, change: &Change<'_>) -> Result<R::Id, Refused> {
        let row = fixture::read_row::<R::Fixture, R>(change.file, R::LIST, text, change.now);
        let mut row = row.map_err(Refused::Faulty)?;
        let mut loading = Loading::new(change.file, change.now).under(change.options.clone());
        let id = row.id();
        if let (Some(former), Some(member)) = (&former, R::NAMED_BY)
            && former.id() != id
        {
            let expected = "the id that the path names: a row keeps its id";
            loading.report(format_args!("$.{member}"), "another id", expected);
            return Self::faults(loading).map(|()| id);
        }
        // What the row is checked in lacks its former form.
        let made = former.as_ref().and_then(|former| R::take(state, &former.id()));
        let is_taken = R::is_taken(state, &id);
        row.check(state, &At { path: "$", is_taken, is_last: true }, &mut loading);
        Self::faults(loading)?;
        if let Some(former) = former.filter(|former| !row.serves_as(former)) {
            Self::unreferred(state, &former)?;
        }
        row.put(state, made);
        Self::checked(state, change)?;
        Ok(id)
    }

    fn checked(state: &R::State, change: &Change<'_>) -> Result<(), Refused> {
        let mut loading = Loading::new(change.file, change.now).under(change.options.clone());
        R::check_list(state, &mut loading);
        Self::faults(loading)
    }

    fn unreferred(state: &R::State, row: &R) -> Result<(), Refused> {
        let mut found = Referrers::default();
        row.referrers(state, &mut found);
        if found.count == 0 { Ok(()) } else { Err(Refused::Referred(found.told, found.count)) }
    }

    /// The name of the row with this id.
    fn name(state: &R::State, row: &R) -> String {
        match (R::NAMED_BY, R::placed(state, &row.id())) {
            (None, Some((place, _))) => place.to_string(),
            (Some(member), _) => {
                let row = serde_json::to_value(row).unwrap_or_default();
                row[member].as_str().map_or_else(|| row[member].to_string(), str::to_owned)
            }
            (None, None) => String::new(),
        }
    }
}

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

    fn show(&self, state: &R::State, name: &str) -> Option<Shown> {
        let row = R::find(state, &Self::id(state, name)?)?;
        let name = Self::name(state, &row);
        Some(Self::shown(state, name, &row))
    }

    fn walk(&self, state: &R::State, from: usize, look: &mut dyn FnMut(Shown) -> bool) {
        for row in R::all(state).skip(from) {
            let name = Self::name(state, &row);
            if !look(Self::shown(state, name, &row)) {
                return;
            }
        }
    }

    fn change(&self, state: &mut R::State, change: &Change<'_>) -> Result<Shown, Refused> {
        let (name, body) = match change.edit {
            Edit::Add(body) => {
                let id = Self::put(state, None, body, change)?;
                return Self::there(state, &id);
            }
            Edit::Replace(name, body) | Edit::Merge(name, body) => (name, Some(body)),
            Edit::Delete(name) => (name, None),
        };
        let places = || R::NAMED_BY.is_none().then(|| R::count(state));
        let found = Self::id(state, name).and_then(|id| Some((R::find(state, &id)?, id)));
        let Some((former, id)) = found else { return Err(Refused::Missing(places())) };
        let shown = Self::shown(state, Self::name(state, &former), &former);
        let text = match (change.edit, body) {
            (Edit::Merge(..), Some(patch)) => {
                let merged = fixture::merge_row::<R::Fixture>(change.file, R::LIST, &shown.text, patch);
                Some(merged.map_err(Refused::Faulty)?)
            }
            (_, body) => body.map(str::to_owned),
        };
        match change.wanted {
            None if R::NAMED_BY.is_none() => return Err(Refused::Unconditional(shown)),
            Some(is_wanted) if !is_wanted(&shown.tag) => return Err(Refused::Changed(shown, text)),
            _ => {}
        }
        match text {
            Some(text) => {
                let id = Self::put(state, Some(former), &text, change)?;
                let made = Self::there(state, &id)?;
                if made.text == shown.text { Err(Refused::Same(shown)) } else { Ok(made) }
            }
            None => {
                Self::unreferred(state, &former)?;
                R::take(state, &id);
                Self::checked(state, change)?;
                Ok(shown)
            }
        }
    }
}

impl<R: Record> Of<R> {
    fn there(state: &R::State, id: &R::Id) -> Result<Shown, Refused> {
        let row = R::find(state, id).ok_or(Refused::Missing(None))?;
        Ok(Self::shown(state, Self::name(state, &row), &row))
    }
}
