//! A table of records on persistent trees: found by id, listed in order within a group.
//!
//! A table counts its records as they are made. Where times tie, that number orders a list, so that no list
//! hangs on random ids. No file states it: the order of the rows in a fixture does.

mod listing;
mod nodes;
mod shared;
mod texts;
mod walk;

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memmem::Finder;

use self::listing::Listing;
pub(crate) use self::texts::{BETWEEN_TEXTS, MOST_SEARCHED};
use self::walk::{Walk, Wanted};
use super::cancel;
use super::page::Page;
use super::weight::{self, Charge, Copied};

/// A record of a [`Table`].
pub(crate) trait Row {
    /// What names the record.
    type Id: Clone + Ord;
    /// What lists the record with others: a team, an account, an owner.
    type Group: Clone + Ord;
    /// Where the record stands in its lists; must be unique, so end it with [`Made`].
    type Order: Clone + Ord;

    /// What names this record.
    fn id(&self) -> Self::Id;
    /// The lists that show this record.
    fn groups(&self) -> Vec<Self::Group>;
    /// Where this record, made at this turn, stands in them.
    fn order(&self, made: Made) -> Self::Order;
    /// About how many bytes it takes, its own texts above all.
    fn weight(&self) -> usize;
    /// What a search looks at: see [`Table::search`].
    fn push_text(&self, _out: &mut Vec<u8>) {}
}

/// The turn at which a record of a table was made: the later the greater. A change of a record keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Made(u64);

/// What a table takes for a record beside the record itself: its share of the nodes by id and of each list.
const PLACE: usize = 128;

/// A record, the turn at which it was made, and the charge for it where a request wrote it.
struct Placed<R> {
    made: Made,
    row: Arc<R>,
    charge: Option<Arc<Charge>>,
}

impl<R> Clone for Placed<R> {
    fn clone(&self) -> Self {
        Self { made: self.made, row: self.row.clone(), charge: self.charge.clone() }
    }
}

type Listed<R> = Listing<<R as Row>::Order, Arc<R>>;

/// Records by id, in the order of making, and in order by group. Cloning a table is O(1); a write costs O(log n).
pub(crate) struct Table<R: Row> {
    rows: Listing<R::Id, Placed<R>>,
    made: Listing<Made, Arc<R>>,
    groups: Listing<R::Group, Listed<R>>,
    next: u64,
    /// Which table it is: its clones are the same one.
    number: u64,
}

/// How many tables there were.
static TABLES: AtomicU64 = AtomicU64::new(0);

impl<R: Row> Table<R> {
    /// The record with this id.
    #[must_use]
    pub(crate) fn get<Q: Ord + ?Sized>(&self, id: &Q) -> Option<&Arc<R>>
    where
        R::Id: Borrow<Q>,
    {
        self.rows.get(id).map(|placed| &placed.row)
    }

    /// When the record with this id was made.
    #[must_use]
    pub(crate) fn made(&self, id: &R::Id) -> Option<Made> {
        self.rows.get(id).map(|placed| placed.made)
    }

    /// Whether a record has this id.
    #[must_use]
    pub(crate) fn contains(&self, id: &R::Id) -> bool {
        self.rows.get(id).is_some()
    }

    /// How many records there are.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// All records, by their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<R>> {
        self.rows.values().map(|placed| &placed.row)
    }

    /// All records in the order in which they were made, as long as they are wanted. To pass over many costs as much as one.
    pub(crate) fn in_order_made(&self) -> impl DoubleEndedIterator<Item = &Arc<R>> {
        Wanted(self.made.values())
    }

    /// The same to the end, wanted or not.
    pub(crate) fn whole(&self) -> impl DoubleEndedIterator<Item = &Arc<R>> + ExactSizeIterator {
        self.made.values()
    }

    /// The record at a place in the order in which they were made.
    #[must_use]
    pub(crate) fn at(&self, place: usize) -> Option<&Arc<R>> {
        self.made.run(place).first().map(|(_, row)| row)
    }

    /// The place of a record in the order in which they were made.
    #[must_use]
    pub(crate) fn place(&self, id: &R::Id) -> Option<usize> {
        self.made.place(&self.made(id)?).ok()
    }

    /// The records of a group, in order. To pass over many costs as much as one.
    pub(crate) fn list<'t>(&'t self, group: &R::Group) -> impl DoubleEndedIterator<Item = &'t Arc<R>> + use<'t, R> {
        Walk::over(self.groups.get(group))
    }

    /// A page of those records of a group whose text holds what is sought and which are accepted, in order, and how many there
    /// are on all pages. All texts are read, and of the records only those that are found where somebody must accept them.
    pub(crate) fn search<'t>(
        &'t self,
        group: &R::Group,
        sought: &str,
        page: Page,
        accepts: Option<&dyn Fn(&R) -> bool>,
    ) -> (Vec<&'t Arc<R>>, usize) {
        let is_accepted = |row: &&Arc<R>| accepts.is_none_or(|accepts| accepts(row));
        let sought = sought.as_bytes();
        match self.groups.get(group) {
            // What is nothing is found in any text.
            list if sought.is_empty() => page.of(Walk::over(list).filter(is_accepted)),
            Some(list @ Listing::Many(..)) => {
                let finder = Finder::new(sought);
                let (mut rows, mut total) = (Vec::new(), 0);
                list.searched(&mut |node| {
                    let texts = node.texts(&|row: &Arc<R>, out| row.push_text(out));
                    texts.find(&finder, |place| {
                        let is_shown = total >= page.offset && rows.len() < page.limit;
                        if is_shown || accepts.is_some() {
                            let row = node.at(place).filter(is_accepted);
                            total += usize::from(row.is_some());
                            rows.extend(row.filter(|_| is_shown));
                        } else {
                            total += 1;
                        }
                    });
                });
                (rows, total)
            }
            list => page.of(Walk::over(list).filter(is_accepted).filter(|row| {
                let mut text = Vec::new();
                row.push_text(&mut text);
                memchr::memmem::find(&text, sought).is_some()
            })),
        }
    }

    /// How many records a group has, without walking it.
    #[must_use]
    pub(crate) fn count(&self, group: &R::Group) -> usize {
        self.groups.get(group).map_or(0, Listing::len)
    }

    /// Puts a record in: made now, or in place of the one with the same id, which is returned.
    pub(crate) fn insert(&mut self, row: impl Into<Arc<R>>) -> Option<Arc<R>> {
        self.insert_made(None, row.into())
    }

    /// Puts a record in as made when one was that was taken out, or as made now.
    pub(crate) fn put_in(&mut self, made: Option<Made>, row: impl Into<Arc<R>>) {
        self.insert_made(made, row.into());
    }

    /// Takes a record out that may be put back in: when it was made.
    pub(crate) fn take_out(&mut self, id: &R::Id) -> Option<Made> {
        let made = self.made(id)?;
        self.remove(id).map(|_| made)
    }

    fn insert_made(&mut self, made: Option<Made>, row: Arc<R>) -> Option<Arc<R>> {
        let id = row.id();
        let former = self.rows.get(&id).cloned();
        weight::remove(former.as_ref().and_then(|placed| placed.charge.as_ref()));
        let (is_there, was_taken_out) = (former.is_some(), made.is_some());
        let made = made.or(former.as_ref().map(|placed| placed.made)).unwrap_or_else(|| {
            self.next += 1;
            Made(self.next - 1)
        });
        let (order, groups) = (row.order(made), row.groups());
        // Who takes a row out first has copied the way to it already.
        if is_there || !was_taken_out {
            weight::copies(|| self.copies(&groups));
        }
        let charge = weight::charge(|| row.weight() + PLACE * (1 + groups.len()));
        if let Some(former) = &former {
            let stays = former.made == made && former.row.order(made) == order;
            self.unlist(former, |group| stays && groups.contains(group));
        }
        for group in groups {
            match self.groups.get_mut(&group) {
                Some(listing) => listing.insert(order.clone(), row.clone()),
                None => self.groups.insert(group, Listing::Few(Some((order.clone(), row.clone())))),
            }
        }
        self.made.insert(made, row.clone());
        self.rows.insert(id, Placed { made, row, charge });
        former.map(|placed| placed.row)
    }

    /// Takes a record out of its lists, but for those that are to have another in its place.
    fn unlist(&mut self, former: &Placed<R>, stays: impl Fn(&R::Group) -> bool) {
        let order = former.row.order(former.made);
        for group in former.row.groups().into_iter().filter(|group| !stays(group)) {
            if let Some(listing) = self.groups.get_mut(&group) {
                listing.remove(&order);
                if listing.len() == 0 {
                    self.groups.remove(&group);
                }
            }
        }
    }

    /// Takes a record out. One that is put in again under its id is a new one.
    pub(crate) fn remove(&mut self, id: &R::Id) -> Option<Arc<R>> {
        weight::copies(|| self.copies(&self.get(id).map(|row| row.groups()).unwrap_or_default()));
        self.take(id).map(|placed| placed.row)
    }

    /// What a change of a record in these lists copies, and all that there is to copy.
    fn copies(&self, groups: &[R::Group]) -> Copied {
        let row = size_of::<(R::Id, Placed<R>)>();
        let group = size_of::<(R::Group, Listed<R>)>();
        let (made, listed) = (size_of::<(Made, Arc<R>)>(), size_of::<(R::Order, Arc<R>)>());
        let lists: usize = groups.iter().map(|group| nodes::on_the_way(self.count(group), listed)).sum();
        let bytes = nodes::on_the_way(self.len(), row)
            + nodes::on_the_way(self.groups.len(), group)
            + nodes::on_the_way(self.len(), made)
            + lists;
        let most = nodes::all(self.len(), row)
            + nodes::all(self.groups.len(), group)
            + nodes::all(self.len(), made)
            + groups.len() * nodes::all(self.len(), listed);
        let [bytes, most] = [bytes, most].map(|bytes| u64::try_from(bytes).unwrap_or(u64::MAX));
        Copied { table: self.number, bytes, most }
    }

    fn take(&mut self, id: &R::Id) -> Option<Placed<R>> {
        let former = self.rows.get(id)?.clone();
        self.rows.remove(id);
        weight::remove(former.charge.as_ref());
        self.made.remove(&former.made);
        self.unlist(&former, |_| false);
        Some(former)
    }
}

impl<R: Row> Clone for Table<R> {
    fn clone(&self) -> Self {
        Self { rows: self.rows.clone(), made: self.made.clone(), groups: self.groups.clone(), ..*self }
    }
}

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        let number = TABLES.fetch_add(1, Ordering::Relaxed);
        Self { rows: Listing::default(), made: Listing::default(), groups: Listing::default(), next: 0, number }
    }
}

/// The same records, made in the same order. The numbers themselves do not count: an export closes the
/// gaps that deleted records left.
impl<R: Row + PartialEq> PartialEq for Table<R> {
    fn eq(&self, other: &Self) -> bool {
        self.rows.ptr_eq(&other.rows) || (self.len() == other.len() && self.in_order_made().eq(other.in_order_made()))
    }
}

impl<R: Row + fmt::Debug> fmt::Debug for Table<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.in_order_made()).finish()
    }
}

/// The rows are made in the order in which they come, as long as they are wanted.
impl<R: Row> FromIterator<R> for Table<R> {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        let mut table = Self::default();
        for row in rows.into_iter().take_while(|_| cancel::step().is_ok()) {
            table.insert(row);
        }
        table
    }
}

#[cfg(test)]
mod tests;
