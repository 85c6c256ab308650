//! The query parameters of the lists.

use std::borrow::Cow;

use uuid::Uuid;

use super::wire::field;
use crate::dialects::pydantic::{Finding, Findings, Input, Loc, Range, Version};
use crate::dialects::python::url::parse_qsl;
use crate::provider::{Request, Unread, almost};
use crate::world::page::Page;

const QUERY: Loc<'static> = Loc::of("query");

/// The parameters of the lists, and of the one persona.
pub(super) const PERSONAS: &[&str] =
    &[field::TEAM_ID, field::INTENTS, field::IS_PRESET, field::SEARCH, field::LIMIT, field::OFFSET];
pub(super) const PRESETS: &[&str] = &[field::TEAM_ID, field::PRESET_CATEGORY, field::LIMIT, field::OFFSET];
pub(super) const PERSONA: &[&str] = &[field::TEAM_ID];

/// A query's names and values, decoded once.
pub(super) struct Query<'r> {
    pairs: Vec<(Cow<'r, str>, Cow<'r, str>)>,
    /// What the operation asks for.
    asked: &'static [&'static str],
    /// Whether there is anything else.
    has_more: bool,
    /// A parameter that comes more than once, where one counts.
    repeated: Option<&'static str>,
}

/// What a list of personas shows.
#[derive(Debug)]
pub(super) struct Filter<'q> {
    pub(super) team: Option<Uuid>,
    pub(super) intents: Vec<&'q str>,
    pub(super) is_preset: Option<bool>,
    /// In lower case.
    pub(super) search: Option<String>,
    pub(super) page: Page,
}

/// What a list of presets shows.
#[derive(Debug)]
pub(super) struct PresetFilter<'q> {
    pub(super) team: Option<Uuid>,
    pub(super) category: Option<&'q str>,
    pub(super) page: Page,
}

/// The most rows of a page.
struct Limits {
    default: usize,
    most: i64,
}

/// Notes every parameter of a request whose operation asks for none.
pub(super) fn pass_over(request: &Request<'_>, unread: &mut Unread) {
    for (name, _) in request.query.into_iter().flat_map(parse_qsl) {
        unread.note(|| at(&name));
    }
}

fn at(name: &str) -> String {
    format!("query.{name}")
}

/// Whether a query has a parameter of this name.
pub(super) fn names(query: Option<&str>, name: &str) -> bool {
    query.is_some_and(|query| parse_qsl(query).any(|(known, _)| known == name))
}

impl<'r> Query<'r> {
    /// The query of an operation that asks for these. What it does not ask for is noted, and so is a parameter that comes
    /// again with another value where only the last one counts.
    pub(super) fn of(request: &Request<'r>, asked: &'static [&'static str], unread: &mut Unread) -> Self {
        let mut query = Self { pairs: Vec::new(), asked, has_more: false, repeated: None };
        let mut seen = 0_u32;
        for (name, value) in parse_qsl(request.query.unwrap_or_default()) {
            match asked.iter().zip(0..).find(|(known, _)| **known == name) {
                Some((_, place)) if seen & (1 << place) == 0 => seen |= 1 << place,
                Some((known, _)) if *known == field::INTENTS || query.last(known) == Some(&*value) => {}
                Some((known, _)) => {
                    query.repeated = query.repeated.or(Some(known));
                    unread.note(|| at(known));
                }
                None => {
                    query.has_more = true;
                    unread.note(|| at(&name));
                }
            }
            query.pairs.push((name, value));
        }
        query
    }

    /// The team that the request is about. The vendor's schema lets it be missing, its text does not;
    /// what is said of a missing one is inferred.
    pub(super) fn team<'q>(&'q self, findings: &mut Findings<'q>) -> Option<Uuid> {
        self.last(field::TEAM_ID).and_then(|text| findings.uuid_text(QUERY.name(field::TEAM_ID), text))
    }

    pub(super) fn filter<'q>(&'q self, findings: &mut Findings<'q>) -> Filter<'q> {
        let team = self.team(findings);
        let is_preset =
            self.last(field::IS_PRESET).and_then(|text| findings.boolean_text(QUERY.name(field::IS_PRESET), text));
        Filter {
            team,
            intents: self.all(field::INTENTS).collect(),
            is_preset,
            search: self.last(field::SEARCH).map(str::to_lowercase),
            page: self.page(findings, &Limits { default: 10, most: 100 }),
        }
    }

    pub(super) fn preset_filter<'q>(&'q self, findings: &mut Findings<'q>) -> PresetFilter<'q> {
        PresetFilter {
            team: self.team(findings),
            category: self.last(field::PRESET_CATEGORY),
            page: self.page(findings, &Limits { default: 100, most: 250 }),
        }
    }

    /// A parameter that FastAPI ignores, and the one that was probably meant: the list is not filtered by it.
    pub(super) fn misspelt(&self) -> Option<(&str, &'static str)> {
        let mut names = self.has_more.then_some(&self.pairs).into_iter().flatten();
        names.find_map(|(name, _)| Some((&**name, almost(name, self.asked)?)))
    }

    /// A parameter that comes more than once with more than one value, and of which the last one counts.
    pub(super) fn repeated(&self) -> Option<&'static str> {
        self.repeated
    }

    fn page<'q>(&'q self, findings: &mut Findings<'q>, limits: &Limits) -> Page {
        let mut read = |name: &'static str, range: Range| {
            let number = self.last(name).and_then(|text| findings.integer_text(QUERY.name(name), text, range))?;
            Some(usize::try_from(number).unwrap_or(usize::MAX))
        };
        let limit = read(field::LIMIT, Range { ge: 1, le: Some(limits.most) });
        let offset = read(field::OFFSET, Range { ge: 0, le: None });
        Page { offset: offset.unwrap_or(0), limit: limit.unwrap_or(limits.default) }
    }

    fn all<'q>(&'q self, name: &str) -> impl DoubleEndedIterator<Item = &'q str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_ref())
    }

    /// Of a parameter that comes more than once, the last one counts.
    fn last<'q>(&'q self, name: &str) -> Option<&'q str> {
        self.all(name).next_back()
    }
}

/// What is wrong with a request that names no team.
pub(super) fn missing_team(version: Version) -> Findings<'static> {
    Findings::of(version, Finding::missing(QUERY.name(field::TEAM_ID), Input::Null))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{Base, Headers};

    #[track_caller]
    fn check(asked: &'static [&'static str], query: &str, noted: &[&str], repeated: Option<&str>) {
        let headers = Headers::new();
        let (method, path, mount, body, base) = ("GET", "/", "", &b""[..], Base::LOCALHOST);
        let query = Some(query);
        let request = Request { method, raw_path: path, path, mount, rest: path, query, headers: &headers, body, base };
        let mut unread = Unread::default();
        let read = Query::of(&request, asked, &mut unread);
        assert_eq!((unread.first(), unread.count()), (noted.first().copied(), noted.len()), "{query:?}");
        assert_eq!(read.repeated(), repeated, "{query:?}");
    }

    #[test]
    fn each_parameter_that_nobody_asks_for_is_noted() {
        check(PERSONAS, "team_id=a&limit=1&offset=0&search=x&is_preset=1&intents=a&intents=b", &[], None);
        check(PERSONAS, "team_id=a&Limit=1&page=2", &["query.Limit", "query.page"], None);
        check(PERSONAS, "preset_category=x&a%20b", &["query.preset_category", "query.a b"], None);
        check(PRESETS, "team_id=a&preset_category=x&limit=1&offset=0&intents=a", &["query.intents"], None);
        check(PERSONA, "team_id=a&fields=name", &["query.fields"], None);
        check(PERSONAS, "limit=1&limit=1", &[], None);
        check(PERSONAS, "limit=1&search=a&limit=2&search=b", &["query.limit", "query.search"], Some("limit"));
    }
}
