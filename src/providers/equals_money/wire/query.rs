//! Reads the parameters of a query and gathers what is not acceptable.
//!
//! Lists are comma separated. Inferred: an empty list or search is as good as none, a parameter that
//! is given twice is refused, and parameters that no page names are ignored.

use std::borrow::Cow;

use uuid::Uuid;

use crate::http::provider::Request;
use crate::providers::equals_money::error::{Finding, Findings, Found, VendorError};
use crate::providers::equals_money::filter::Filter;
use crate::providers::equals_money::words::{Include, Switch, Word};
use crate::world::page::Page;

use super::reader::{ACCOUNT, uuid};

/// The largest page, and the one that is sent unasked. One newer guide says 100000 for people.
const LIMIT: (usize, usize) = (1000, 100);
/// The largest offset: what every reader of JSON numbers keeps exactly (inferred).
const FARTHEST: usize = (1 << 53) - 1;
/// The longest search.
const SEARCH: usize = 100;

/// The parameters of a request.
#[derive(Debug)]
pub(in crate::providers::equals_money) struct Query<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    findings: Vec<Finding>,
}

impl<'a> Query<'a> {
    /// Takes a request's query apart.
    pub(in crate::providers::equals_money) fn of(request: &Request<'a>) -> Self {
        Self { pairs: request.query_pairs().collect(), findings: Vec::new() }
    }

    /// The account to work with, which must be there.
    pub(in crate::providers::equals_money) fn account(&mut self) -> Result<String, VendorError> {
        let account = match self.single("accountId") {
            Some(id) if !id.trim().is_empty() && id.chars().count() <= 36 => Some(id.into_owned()),
            Some(id) => self.refuse("accountId", ACCOUNT, Found::text(&id)),
            None if self.findings.is_empty() => self.refuse("accountId", ACCOUNT, Found::nothing()),
            None => None,
        };
        account.ok_or_else(|| VendorError::Rejected(Findings(std::mem::take(&mut self.findings))))
    }

    /// The parameters of a list of people, `accountId` apart.
    pub(in crate::providers::equals_money) fn people(mut self) -> Result<(Page, Filter, Vec<Include>), VendorError> {
        let page = self.window();
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
        self.finish((page, filter, include))
    }

    /// The parameters of a list that only has pages.
    pub(in crate::providers::equals_money) fn page(mut self) -> Result<Page, VendorError> {
        let page = self.window();
        self.finish(page)
    }

    fn finish<T>(self, value: T) -> Result<T, VendorError> {
        if self.findings.is_empty() { Ok(value) } else { Err(VendorError::Rejected(Findings(self.findings))) }
    }

    fn window(&mut self) -> Page {
        let (largest, usual) = LIMIT;
        let limit = self.number("limit", 1, largest).unwrap_or(usual);
        let offset = self.number("offset", 0, FARTHEST).unwrap_or(0);
        Page { offset, limit }
    }

    fn number(&mut self, name: &'static str, least: usize, most: usize) -> Option<usize> {
        let text = self.single(name)?;
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse().ok().filter(|number| digits && (least..=most).contains(number)) {
            Some(number) => Some(number),
            None => self.refuse(name, &format!("an integer from {least} to {most}"), Found::text(&text)),
        }
    }

    fn search(&mut self) -> Option<String> {
        let text = self.single("search")?;
        if text.chars().count() > SEARCH {
            return self.refuse("search", &format!("at most {SEARCH} characters"), Found::length(&text));
        }
        Some(text.into_owned()).filter(|text| !text.is_empty())
    }

    fn words<W: Word>(&mut self, name: &'static str) -> Option<Vec<W>> {
        self.list(name, || format!("a comma separated list of {}", W::spellings()), W::read)
    }

    fn ids(&mut self, name: &'static str) -> Option<Vec<Uuid>> {
        self.list(name, || "a comma separated list of UUIDs of 36 characters".to_owned(), uuid)
    }

    fn list<T>(
        &mut self,
        name: &'static str,
        expected: impl Fn() -> String,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let text = self.single(name).filter(|text| !text.is_empty())?;
        let mut items = Vec::new();
        for item in text.split(',') {
            match read(item) {
                Some(item) => items.push(item),
                None => return self.refuse(name, &expected(), Found::text(item)),
            }
        }
        Some(items)
    }

    fn id(&mut self, name: &'static str) -> Option<Uuid> {
        let text = self.single(name)?;
        match uuid(&text) {
            Some(id) => Some(id),
            None => self.refuse(name, "a UUID of 36 characters", Found::text(&text)),
        }
    }

    fn switch(&mut self, name: &'static str) -> Option<Switch> {
        let text = self.single(name)?;
        match Switch::read(&text) {
            Some(switch) => Some(switch),
            None => self.refuse(name, "`true` or `false`", Found::text(&text)),
        }
    }

    fn single(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        let mut given = self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
        let (first, more) = (given.next()?.clone(), given.count());
        if more > 0 {
            return self.refuse(name, "this parameter once", Found::times(more + 1));
        }
        Some(first)
    }

    fn refuse<T>(&mut self, name: &'static str, expected: &str, found: Found) -> Option<T> {
        self.findings.push(Finding { name, expected: expected.to_owned(), found });
        None
    }
}
