//! Reads the parameters of a query and gathers what is not acceptable.
//!
//! Lists are comma separated, or a parameter for each value, or both: the guide shows the commas, and the
//! newest reference has arrays, whose usual form is the other. Inferred: an empty list or search is as good
//! as none, any other parameter that is given twice is refused, and parameters that no page names are ignored.

use std::borrow::Cow;

use uuid::Uuid;

use crate::provider::{Request, Unread, almost};
use crate::providers::equals_money::error::{Finding, Findings, Found, Quoted, VendorError};
use crate::providers::equals_money::filter::Filter;
use crate::providers::equals_money::words::{Include, Switch, Word};
use crate::world::page::Page;

use super::reader::{ACCOUNT, ACCOUNT_LENGTH, UUID};
use super::values::uuid;

/// The largest page of people. The older reference says 1000.
const MOST_PEOPLE: usize = 100_000;
/// The largest page of any other list.
const MOST: usize = 1000;
/// The page that is sent unasked.
const USUAL: usize = 100;
/// The largest offset: what every reader of JSON numbers keeps exactly (inferred).
const FARTHEST: usize = (1 << 53) - 1;
/// The longest search.
const SEARCH: usize = 100;

/// The parameters of a list of people.
const NAMES: [&str; 13] = [
    "accountId",
    "limit",
    "offset",
    "search",
    "status",
    "teams",
    "addresses",
    "roles",
    "roleNames",
    "people",
    "budgetId",
    "withoutIndividualBudget",
    "include",
];
/// The parameters of a list of roles. The first is "not used yet", says the vendor, so that it is no mistake.
const OF_ROLES: [&str; 3] = ["accountId", "limit", "offset"];
/// The parameter of what is done in an account.
const ACCOUNT_ID: [&str; 1] = ["accountId"];

/// The parameters of a request.
#[derive(Debug)]
pub(in crate::providers::equals_money) struct Query<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// How many of them were asked for.
    taken: usize,
    findings: Vec<Finding>,
}

impl<'a> Query<'a> {
    /// Takes a request's query apart.
    pub(in crate::providers::equals_money) fn of(request: &Request<'a>) -> Self {
        Self { pairs: request.query_pairs().collect(), taken: 0, findings: Vec::new() }
    }

    /// What a client probably meant whose list is not filtered: a parameter that is ignored.
    pub(in crate::providers::equals_money) fn hint(&self) -> Option<String> {
        let (name, meant) = self.pairs.iter().find_map(|(name, _)| Some((name, almost(name, &NAMES)?)))?;
        Some(format!("{name} is ignored: send {meant}"))
    }

    /// The account to work with, where no other parameter is read.
    pub(in crate::providers::equals_money) fn account_alone(
        mut self,
        unread: &mut Unread,
    ) -> Result<String, VendorError> {
        let account = self.account();
        self.note_others(&ACCOUNT_ID, unread);
        account
    }

    /// The account to work with, which must be there.
    pub(in crate::providers::equals_money) fn account(&mut self) -> Result<String, VendorError> {
        let account = match self.single("accountId") {
            Some(id) if id.chars().count() > ACCOUNT_LENGTH => {
                self.refuse("accountId", ACCOUNT, too_long(&id, ACCOUNT_LENGTH))
            }
            Some(id) if id.trim().is_empty() => self.refuse("accountId", ACCOUNT, quoted(&id)),
            Some(id) => Some(id.into_owned()),
            None if self.findings.is_empty() => self.refuse("accountId", ACCOUNT, Found::Nothing),
            None => None,
        };
        account.ok_or_else(|| VendorError::Rejected(Findings::of_query(std::mem::take(&mut self.findings))))
    }

    /// The parameters of a list of people, `accountId` apart.
    pub(in crate::providers::equals_money) fn people(
        mut self,
        unread: &mut Unread,
    ) -> Result<(Page, Filter, Vec<Include>), VendorError> {
        let page = self.window(MOST_PEOPLE);
        let filter = Filter {
            search: self.search(),
            statuses: self.words("status"),
            teams: self.ids("teams"),
            addresses: self.ids("addresses"),
            roles: self.ids("roles"),
            role_names: self.words("roleNames"),
            people: self.ids("people"),
            budget: self.id("budgetId"),
            without_individual_budget: self.switch("withoutIndividualBudget") == Some(Switch::On),
        };
        let include = self.words("include").unwrap_or_default();
        self.note_others(&NAMES, unread);
        self.finish((page, filter, include))
    }

    /// The parameters of a list of roles, which only has pages.
    pub(in crate::providers::equals_money) fn roles(mut self, unread: &mut Unread) -> Result<Page, VendorError> {
        let page = self.window(MOST);
        self.note_others(&OF_ROLES, unread);
        self.finish(page)
    }

    /// Notes the parameters that no page names. They are looked for where not all were asked for.
    fn note_others(&self, named: &[&str], unread: &mut Unread) {
        if self.taken < self.pairs.len() {
            for (name, _) in self.pairs.iter().filter(|(name, _)| !named.contains(&&**name)) {
                unread.note(|| format!("query.{name}"));
            }
        }
    }

    fn finish<T>(self, value: T) -> Result<T, VendorError> {
        if self.findings.is_empty() { Ok(value) } else { Err(VendorError::Rejected(Findings::of_query(self.findings))) }
    }

    fn window(&mut self, most: usize) -> Page {
        let limit = self.number("limit", 1, most).unwrap_or(USUAL);
        let offset = self.number("offset", 0, FARTHEST).unwrap_or(0);
        Page { offset, limit }
    }

    fn number(&mut self, name: &'static str, least: usize, most: usize) -> Option<usize> {
        let text = self.single(name)?;
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse().ok().filter(|number| digits && (least..=most).contains(number)) {
            Some(number) => Some(number),
            None => self.refuse(name, &format!("a whole number from {least} to {most}"), quoted(&text)),
        }
    }

    fn search(&mut self) -> Option<String> {
        let text = self.single("search")?;
        if text.chars().count() > SEARCH {
            return self.refuse("search", "", too_long(&text, SEARCH));
        }
        Some(text.into_owned()).filter(|text| !text.is_empty())
    }

    fn words<W: Word>(&mut self, name: &'static str) -> Option<Vec<W>> {
        self.list(name, || format!("{}, or several of them with commas between", W::spellings()), W::read)
    }

    fn ids(&mut self, name: &'static str) -> Option<Vec<Uuid>> {
        self.list(name, || format!("{UUID}, or several with commas between"), uuid)
    }

    fn list<T>(
        &mut self,
        name: &'static str,
        expected: impl Fn() -> String,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let given = self.pairs.iter().filter(|(known, _)| known == name);
        let given = given.inspect(|_| self.taken += 1).filter(|(_, value)| !value.is_empty());
        let mut items = Vec::new();
        for item in given.flat_map(|(_, value)| value.split(',')) {
            match read(item) {
                Some(item) => items.push(item),
                None => {
                    let found = quoted(item);
                    return self.refuse(name, &expected(), found);
                }
            }
        }
        Some(items).filter(|items| !items.is_empty())
    }

    fn id(&mut self, name: &'static str) -> Option<Uuid> {
        let text = self.single(name)?;
        match uuid(&text) {
            Some(id) => Some(id),
            None => self.refuse(name, UUID, quoted(&text)),
        }
    }

    fn switch(&mut self, name: &'static str) -> Option<Switch> {
        let text = self.single(name)?;
        match Switch::read(&text) {
            Some(switch) => Some(switch),
            None => self.refuse(name, "true or false", quoted(&text)),
        }
    }

    fn single(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        let mut given = self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
        let (first, more) = (given.next()?.clone(), given.count());
        self.taken += 1 + more;
        if more > 0 {
            return self.refuse(name, "", Found::Times(more + 1));
        }
        Some(first)
    }

    fn refuse<T>(&mut self, name: &'static str, expected: &str, found: Found) -> Option<T> {
        self.findings.push(Finding { name, expected: expected.to_owned(), found });
        None
    }
}

fn quoted(text: &str) -> Found {
    Found::Text(Quoted::text(text))
}

fn too_long(text: &str, most: usize) -> Found {
    Found::TooLong { characters: text.chars().count(), most }
}
