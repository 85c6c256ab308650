//! Which people a list shows.

use jiff::Timestamp;
use memchr::memmem::Finder;
use uuid::Uuid;

use super::model::{Account, Persona, Role, searched};
use super::words::{PersonaStatus, RoleName};

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
    /// Whether everything passes.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The test that a persona must pass, everything but `people`, which names its personas itself.
    pub(super) fn accepts<'f>(
        &'f self,
        roles: &'f [Role],
        account: &'f Account,
        now: Timestamp,
    ) -> impl Fn(&Persona) -> bool + use<'f> {
        let search = self.search.as_deref().map(|search| Finder::new(&searched(search)).into_owned());
        let roles: Option<Vec<RoleName>> = self.roles.as_ref().map(|ids| {
            let named = roles.iter().filter(|role| ids.contains(&role.id) && role.is_enabled_on(&account.id));
            named.map(|role| role.name).collect()
        });
        move |persona| {
            among(self.statuses.as_ref(), &persona.status_at(now))
                && among(self.role_names.as_ref(), &persona.role)
                && among(roles.as_ref(), &persona.role)
                && any_among(self.teams.as_ref(), &persona.teams)
                && any_among(self.addresses.as_ref(), &persona.addresses)
                && self.budget.is_none_or(|id| persona.budgets.iter().any(|budget| budget.id == id))
                && !(self.without_individual_budget && persona.budgets.iter().any(|budget| budget.individual))
                && search.as_ref().is_none_or(|search| persona.found_by.is_found_by(search))
        }
    }
}

fn among<T: PartialEq>(wanted: Option<&Vec<T>>, own: &T) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(own))
}

fn any_among(wanted: Option<&Vec<Uuid>>, own: &[Uuid]) -> bool {
    wanted.is_none_or(|wanted| own.iter().any(|id| wanted.contains(id)))
}
