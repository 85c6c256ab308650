//! Which people a list shows.

use jiff::Timestamp;
use uuid::Uuid;

use super::model::{Account, Listed, PersonasOf, Role};
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

    /// A list in the account's order that has all of the account that pass, and fewer others where one team, address or role
    /// is asked for.
    pub(super) fn narrowest(&self, account: &Account) -> PersonasOf {
        let (team, address) = (only(self.teams.as_ref()), only(self.addresses.as_ref()));
        let role = only(self.role_names.as_ref()).map(|name| PersonasOf::Role(account.id.clone(), *name));
        let team = team.map(|id| PersonasOf::Team(*id)).or(address.map(|id| PersonasOf::Address(*id)));
        team.or(role).unwrap_or_else(|| PersonasOf::Account(account.id.clone()))
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
            row.account_id == account.id
                && among(self.statuses.as_ref(), &row.status_at(now))
                && among(self.role_names.as_ref(), &row.role_name)
                && among(roles.as_ref(), &row.role_name)
                && any_among(self.teams.as_ref(), &row.team_ids)
                && any_among(self.addresses.as_ref(), &row.address_ids)
                && self.budget.is_none_or(|id| row.budgets.iter().any(|budget| budget.id == id))
                && !(self.without_individual_budget && row.budgets.iter().any(|budget| budget.individual))
        }
    }
}

fn only<T>(wanted: Option<&Vec<T>>) -> Option<&T> {
    wanted.filter(|wanted| wanted.len() == 1)?.first()
}

fn among<T: PartialEq>(wanted: Option<&Vec<T>>, own: &T) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(own))
}

fn any_among(wanted: Option<&Vec<Uuid>>, own: &[Uuid]) -> bool {
    wanted.is_none_or(|wanted| own.iter().any(|id| wanted.contains(id)))
}
