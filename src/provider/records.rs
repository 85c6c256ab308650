//! The lists of a fixture as a provider states them once: a row of one is loaded, shown, changed and deleted by the same
//! checks.

use std::collections::HashSet;
use std::fmt::Display;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use siphasher::sip128::{Hasher128, SipHasher13};

use super::Options;
use crate::world::cancel;
use crate::world::fixture::{self, FixtureError, Loading};
use crate::world::table::Made;

/// A row of a list of a fixture, in the states of a provider.
pub(crate) trait Record: Serialize + DeserializeOwned + 'static {
    /// The provider's state.
    type State: Clone;
    /// The provider's fixture.
    type Fixture: JsonSchema + 'static;
    /// What names a row in the state.
    type Id: Clone + PartialEq;
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

    /// All of them, as the fixture lists them.
    fn all(state: &Self::State) -> Box<dyn Iterator<Item = Self> + '_>;

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
    /// Such as `$.users[3]`.
    pub(crate) path: &'a str,
    /// Whether another row has its id.
    pub(crate) is_taken: bool,
    /// Whether all other lists are there: a file is read list by list.
    pub(crate) is_last: bool,
}

/// Loads a list of a fixture: each row is checked in a state that has those before it.
pub(crate) fn load<R: Record>(rows: Vec<R>, state: &mut R::State, loading: &mut Loading<'_>) {
    for (place, mut row) in rows.into_iter().enumerate() {
        let is_taken = R::is_taken(state, &row.id());
        row.check(state, &At { path: &format!("$.{}[{place}]", R::LIST), is_taken, is_last: false }, loading);
        // The first of two stays: what refers to it is no fault.
        if !is_taken {
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
        row.check(state, &At { path: &format!("$.{}[{place}]", R::LIST), is_taken, is_last: false }, loading);
    }
    for row in rows.into_iter().rev().take_while(|_| cancel::step().is_ok()) {
        let made = R::take(state, &row.id());
        row.put(state, made);
    }
}

/// Who refers to a row, as far as they are told.
#[derive(Debug, Default)]
pub(crate) struct Referrers {
    told: Vec<String>,
    count: usize,
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
                Self::there(state, &id)
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

        fn all($state: &Self::State) -> Box<dyn Iterator<Item = Self> + '_> {
            Box::new($rows.iter().map(|row| Self::clone(row)))
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
