//! Which people a list shows.

use jiff::Timestamp;
use uuid::Uuid;

use super::model::{Account, Listed, Role};
use super::words::{PersonaStatus, RoleName};
use crate::world::rows::Rows;

/// The filters of a list of people. The values of one are alternatives; all that are there must match.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Filter {
    pub(super) search: Option<String>,
    /// Statuses on the account, not of the person.
    pub(super) statuses: Option<Vec<PersonaStatus>>,
    pub(super) teams: Option<Vec<Uuid>>,
    pub(super) addresses: Option<Vec<Uuid>>,
    pub(super) roles: Option<Vec<Uuid>>,
    pub(super) role_names: Option<Vec<RoleName>>,
    pub(super) people: Option<Vec<Uuid>>,
    pub(super) budget: Option<Uuid>,
    pub(super) without_individual_budget: bool,
}

impl Filter {
    /// Whether everything passes but a search.
    pub(super) fn is_none_but_search(&self) -> bool {
        *self == Self { search: self.search.clone(), ..Self::default() }
    }

    /// The test that a persona must pass, everything but `people`, which names its personas itself, and a search.
    pub(super) fn accepts<'f>(
        &'f self,
        roles: &'f Rows<Role>,
        account: &'f Account,
        now: Timestamp,
    ) -> impl Fn(&Listed) -> bool + use<'f> {
        let roles: Option<Vec<RoleName>> = self.roles.as_ref().map(|ids| {
            let named = ids.iter().filter_map(|id| roles.get(id)).filter(|role| role.is_enabled_on(&account.id));
            named.map(|role| role.name).collect()
        });
        move |Listed { row, .. }| {
            among(self.statuses.as_ref(), &row.status_at(now))
                && among(self.role_names.as_ref(), &row.role_name)
                && among(roles.as_ref(), &row.role_name)
                && any_among(self.teams.as_ref(), &row.team_ids)
                && any_among(self.addresses.as_ref(), &row.address_ids)
                && self.budget.is_none_or(|id| row.budgets.iter().any(|budget| budget.id == id))
                && !(self.without_individual_budget && row.budgets.iter().any(|budget| budget.individual))
        }
    }
}

fn among<T: PartialEq>(wanted: Option<&Vec<T>>, own: &T) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(own))
}

fn any_among(wanted: Option<&Vec<Uuid>>, own: &[Uuid]) -> bool {
    wanted.is_none_or(|wanted| own.iter().any(|id| wanted.contains(id)))
}
