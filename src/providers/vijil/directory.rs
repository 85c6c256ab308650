//! Who there is: teams, memberships and credentials, and which number each user has. None of it changes while the
//! mock runs; what does of a user, the password, lives in the state.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::Timestamp;
use uuid::Uuid;

use super::claims::{Claims, Grant, Scope, TeamRole};
use super::fixture::{ApiKey, Fixture, Membership, Team, Token, User};
use super::wire::{MembershipWithTeam, UserRead};
use crate::provider::Loading;

/// A credential of the fixture: whom it stands for, and until when.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Credential {
    pub(super) claims: Arc<Claims>,
    /// Whether its user is: one who is not is refused, whatever is sent.
    pub(super) is_active: bool,
    expires: Option<Timestamp>,
}

impl Credential {
    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.expired(now).is_some()
    }

    /// From when on it is expired, if it is.
    pub(super) fn expired(&self, now: Timestamp) -> Option<Timestamp> {
        self.expires.filter(|expires| *expires <= now)
    }
}

/// The fixture's people, and what is looked up of them, made once.
#[derive(Debug, PartialEq)]
pub(super) struct Directory {
    pub(super) teams: Vec<Team>,
    pub(super) memberships: Vec<Membership>,
    pub(super) tokens: Vec<Token>,
    pub(super) api_keys: Vec<ApiKey>,
    users: HashMap<Uuid, usize>,
    inactive: HashSet<Uuid>,
    teams_by_id: HashMap<Uuid, usize>,
    memberships_of: HashMap<Uuid, Vec<usize>>,
    by_token: HashMap<String, Credential>,
    by_client_id: HashMap<String, (String, Credential)>,
    by_email: HashMap<String, (usize, Arc<Claims>)>,
    anybody: Option<Arc<Claims>>,
}

impl Directory {
    /// Takes the people of a fixture but its users. [`faults::people`](super::faults::people) says what of them is wrong.
    pub(super) fn load(fixture: &mut Fixture, loading: &mut Loading<'_>) -> Self {
        let users = &fixture.users;
        let mut directory = Self {
            teams: std::mem::take(&mut fixture.teams),
            memberships: std::mem::take(&mut fixture.memberships),
            tokens: std::mem::take(&mut fixture.tokens),
            api_keys: std::mem::take(&mut fixture.api_keys),
            users: users.iter().enumerate().map(|(number, user)| (user.id, number)).collect(),
            inactive: users.iter().filter(|user| !user.is_active).map(|user| user.id).collect(),
            teams_by_id: HashMap::new(),
            memberships_of: HashMap::new(),
            by_token: HashMap::new(),
            by_client_id: HashMap::new(),
            by_email: HashMap::new(),
            anybody: None,
        };
        directory.index_ids();
        let first = users.iter().find(|user| user.is_active);
        if first.is_none() {
            let found = if users.is_empty() { "no user" } else { "no active user" };
            loading.report("$.users", found, "at least one: the first is whom a free credential stands for");
        }
        directory.anybody = first.map(|user| Arc::new(directory.everything(user)));
        directory.index_credentials(users);
        directory
    }

    fn index_ids(&mut self) {
        self.teams_by_id = self.teams.iter().enumerate().map(|(number, team)| (team.id, number)).collect();
        for (number, membership) in self.memberships.iter().enumerate() {
            self.memberships_of.entry(membership.user_id).or_default().push(number);
        }
    }

    fn index_credentials(&mut self, users: &[User]) {
        let emails: HashMap<_, _> = users.iter().map(|user| (user.id, &*user.email)).collect();
        let email = |user: Uuid| emails.get(&user).copied().unwrap_or_default();
        let credential = |user, scopes: Option<&[Scope]>, expires| {
            let claims = self.claims(user, email(user), scopes);
            Credential { claims, is_active: self.is_active(user), expires }
        };
        let tokens = self
            .tokens
            .iter()
            .map(|row| (row.token.clone(), credential(row.user_id, row.scopes.as_deref(), row.expires)));
        let keys = self.api_keys.iter().map(|row| {
            let credential = credential(row.user_id, row.scopes.as_deref(), row.expires);
            (row.client_id.clone(), (row.client_secret.clone(), credential))
        });
        (self.by_token, self.by_client_id) = (tokens.collect(), keys.collect());
        for (number, user) in users.iter().enumerate() {
            self.by_email.insert(user.email.to_lowercase(), (number, self.claims(user.id, &user.email, None)));
        }
    }

    /// What a user may do in the teams that the memberships name, within `scopes` if they are stated.
    fn claims(&self, user: Uuid, email: &str, scopes: Option<&[Scope]>) -> Arc<Claims> {
        let within = |scope: &Scope| scopes.is_none_or(|scopes| scopes.contains(scope));
        let teams = self.own_memberships(user).map(|membership| {
            let scopes = membership.scopes.iter().copied().filter(within).collect();
            (membership.team_id, Grant { role: membership.role, scopes })
        });
        Arc::new(Claims { user, email: email.into(), teams: teams.collect() })
    }

    /// Every right in every team, the user's own teams first.
    fn everything(&self, user: &User) -> Claims {
        let own = self.own_memberships(user.id).map(|membership| (membership.team_id, membership.role));
        let all = self.teams.iter().map(|team| (team.id, TeamRole::Owner));
        let mut teams = IndexMap::new();
        for (team, role) in own.chain(all) {
            teams.entry(team).or_insert_with(|| Grant { role, scopes: Scope::ALL.to_vec() });
        }
        Claims { user: user.id, email: user.email.as_str().into(), teams }
    }

    /// Whether a user may do anything at all.
    pub(super) fn is_active(&self, user: Uuid) -> bool {
        !self.inactive.contains(&user)
    }

    /// Whom a credential stands for that is in no list: the first active user, who may do everything.
    pub(super) fn anybody(&self) -> Option<Arc<Claims>> {
        self.anybody.clone()
    }

    /// A listed bearer token.
    pub(super) fn token(&self, token: &str) -> Option<&Credential> {
        self.by_token.get(token)
    }

    /// The secret of a listed key pair, and whom the pair stands for.
    pub(super) fn key_pair(&self, client_id: &str) -> Option<(&str, &Credential)> {
        let (secret, credential) = self.by_client_id.get(client_id)?;
        Some((secret, credential))
    }

    /// The number of the user with this e-mail address, in any letter case, and what the user may do.
    pub(super) fn login(&self, email: &str) -> Option<(usize, &Arc<Claims>)> {
        let (number, claims) = self.by_email.get(&email.to_lowercase())?;
        Some((*number, claims))
    }

    /// The number of a user in the order of the fixture.
    pub(super) fn number_of(&self, user: Uuid) -> Option<usize> {
        self.users.get(&user).copied()
    }

    /// Whether a team exists.
    pub(super) fn has_team(&self, id: Uuid) -> bool {
        self.teams_by_id.contains_key(&id)
    }

    /// The memberships of a user, the first team first.
    pub(super) fn own_memberships(&self, user: Uuid) -> impl Iterator<Item = &Membership> {
        let numbers = self.memberships_of.get(&user).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| self.memberships.get(*number))
    }

    /// The memberships of a user, as they are answered.
    pub(super) fn memberships(&self, user: Uuid) -> Vec<MembershipWithTeam<'_>> {
        let answered = |membership: &Membership| {
            let team = self.teams.get(*self.teams_by_id.get(&membership.team_id)?)?;
            Some(MembershipWithTeam {
                id: membership.id,
                team_id: team.id,
                user_id: user,
                role: membership.role,
                created_at: membership.created_at,
                updated_at: membership.updated_at,
                team_name: &team.name,
                team_description: team.description.as_deref(),
            })
        };
        self.own_memberships(user).filter_map(answered).collect()
    }
}

impl User {
    /// The user as it is answered.
    pub(super) fn read(&self) -> UserRead<'_> {
        UserRead {
            id: self.id,
            email: &self.email,
            is_active: self.is_active,
            is_superuser: self.is_superuser,
            is_verified: self.is_verified,
            given_name: self.given_name.as_deref(),
            family_name: self.family_name.as_deref(),
            external_user_id: self.external_user_id.as_deref(),
            profile_image: self.profile_image.as_deref(),
            password_change_required: self.password_change_required,
            is_super_admin: self.is_super_admin,
        }
    }
}
