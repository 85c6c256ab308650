//! The query parameters of the lists.

use std::borrow::Cow;

use uuid::Uuid;

use super::wire::field;
use crate::dialects::pydantic::{Finding, Findings, Input, Loc, Range};
use crate::dialects::python::url::parse_qsl;
use crate::provider::{Request, almost};
use crate::world::page::Page;

const QUERY: Loc = Loc::of("query");

/// A query's names and values, decoded once.
pub(super) struct Query<'r>(Vec<(Cow<'r, str>, Cow<'r, str>)>);

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

/// Whether a query has a parameter of this name.
pub(super) fn names(query: Option<&str>, name: &str) -> bool {
    query.is_some_and(|query| parse_qsl(query).any(|(known, _)| known == name))
}

impl<'r> Query<'r> {
    pub(super) fn of(request: &Request<'r>) -> Self {
        Self(parse_qsl(request.query.unwrap_or_default()).collect())
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
        const NAMES: [&str; 7] = [
            field::TEAM_ID,
            field::INTENTS,
            field::IS_PRESET,
            field::SEARCH,
            field::PRESET_CATEGORY,
            field::LIMIT,
            field::OFFSET,
        ];
        self.0.iter().find_map(|(name, _)| Some((&**name, almost(name, &NAMES)?)))
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
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_ref())
    }

    /// Of a parameter that comes more than once, the last one counts.
    fn last<'q>(&'q self, name: &str) -> Option<&'q str> {
        self.all(name).next_back()
    }
}

/// What is wrong with a request that names no team.
pub(super) fn missing_team() -> Findings<'static> {
    Finding::missing(QUERY.name(field::TEAM_ID), Input::Null).into()
}
