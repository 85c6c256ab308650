//! What a query asks for, and what of it counts for nothing.

use std::borrow::Cow;

use crate::provider::{Request, Unread, almost};

/// The parameters of a query; of one that is repeated the first. One without a value is absent.
#[derive(Debug, Default)]
pub(in crate::providers::crud) struct Query<'r> {
    pub id: Option<Cow<'r, str>>,
    pub project_id: Option<Cow<'r, str>>,
    /// `projectId`: how the newer page spells `project_id`.
    pub project_id_of_newer_page: Option<Cow<'r, str>>,
    pub limit: Option<Cow<'r, str>>,
    pub offset: Option<Cow<'r, str>>,
    pub search: Option<Cow<'r, str>>,
    /// A parameter that is ignored and that looks like a known one, and which: the list is not filtered by it.
    pub misspelt: Option<(Cow<'r, str>, &'static str)>,
    /// A parameter of which a later value differs.
    pub repeated: Option<Cow<'r, str>>,
    /// What no operation reads: parameters that none knows, and those that are repeated.
    pub unread: Unread,
}

impl Query<'_> {
    /// What a client probably meant with a parameter that is ignored.
    pub(in crate::providers::crud) fn hint(&self) -> Option<String> {
        let misspelt = self.misspelt.as_ref().map(|(name, meant)| format!("{name} is ignored: send {meant}"));
        misspelt.or_else(|| {
            let name = self.repeated.as_ref()?;
            Some(format!("{name} is sent more than once: the first one counts, the others are ignored"))
        })
    }

    /// Notes what is passed over where one persona is meant: the parameters of a list too.
    pub(in crate::providers::crud) fn note_beside_id(&self, unread: &mut Unread) {
        unread.clone_from(&self.unread);
        for name in self.of_a_list() {
            unread.note(|| format!("query.{name}"));
        }
    }

    /// What a client probably meant who sent a parameter of a list beside the `id` of one persona.
    pub(in crate::providers::crud) fn hint_beside_id(&self) -> Option<String> {
        let ignored = || self.of_a_list().next().map(|name| format!("{name} is ignored where one persona is meant"));
        self.hint().or_else(ignored)
    }

    /// The parameters of a list that are there.
    fn of_a_list(&self) -> impl Iterator<Item = &'static str> {
        let named = [
            ("project_id", &self.project_id),
            ("projectId", &self.project_id_of_newer_page),
            ("limit", &self.limit),
            ("offset", &self.offset),
            ("search", &self.search),
        ];
        named.into_iter().filter(|(_, value)| value.is_some()).map(|(name, _)| name)
    }
}

/// The parameters of a list.
const NAMES: [&str; 6] = ["id", "project_id", "projectId", "limit", "offset", "search"];
/// What a hint says of a misspelt project.
const PROJECT: &str = "project_id or projectId";

pub(in crate::providers::crud) fn query<'r>(request: &Request<'r>) -> Query<'r> {
    let mut query = Query::default();
    for (name, value) in request.query_pairs() {
        let slot = match &*name {
            "id" => &mut query.id,
            "project_id" => &mut query.project_id,
            "projectId" => &mut query.project_id_of_newer_page,
            "limit" => &mut query.limit,
            "offset" => &mut query.offset,
            "search" => &mut query.search,
            _ => {
                let meant = if is_project(&name) { Some(PROJECT) } else { almost(&name, &NAMES) };
                query.unread.note(|| format!("query.{name}"));
                if let Some(meant) = meant {
                    query.misspelt.get_or_insert((name, meant));
                }
                continue;
            }
        };
        match slot {
            None => *slot = Some(value),
            // The same once more changes nothing, and a later one without a value asks for nothing.
            Some(first) if *first == value || value.is_empty() => {}
            Some(_) => {
                query.unread.note(|| format!("query.{name}"));
                query.repeated.get_or_insert(name);
            }
        }
    }
    let Query { id, project_id, project_id_of_newer_page, limit, offset, search, .. } = &mut query;
    for slot in [id, project_id, project_id_of_newer_page, limit, offset, search] {
        slot.take_if(|value| value.is_empty());
    }
    query
}

/// Whether a name is one of the many spellings of `project_id`.
fn is_project(name: &str) -> bool {
    let letters = || name.bytes().filter(|byte| !matches!(byte, b'_' | b'-'));
    let spells = |known: &str| letters().map(|byte| byte.to_ascii_lowercase()).eq(known.bytes());
    // No spelling has more marks than letters, and a hint repeats the name.
    name.len() <= 2 * "projectid".len() && (spells("projectid") || spells("project"))
}
