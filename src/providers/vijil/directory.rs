//! Who there is: teams, users, memberships and credentials, and what each user may do.

use std::fmt;
use std::sync::{Arc, OnceLock};

use imbl::{HashMap, HashSet};
use indexmap::IndexMap;
use jiff::Timestamp;
use uuid::Uuid;

use super::claims::{Claims, Grant, Scope, TeamRole};
use super::fixture::{ApiKey, Membership, Team, Token, User};
use super::wire::{MembershipWithTeam, UserRead};
use crate::world::rows::{Rows, rows};
use crate::world::table::Made;

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

rows! {
    Team, team: Uuid = team.id, by () = Vec::new();
    User, user: Uuid = user.id, by () = Vec::new();
    Membership, row: Uuid = row.id, by MembersOf = vec![MembersOf::Team(row.team_id), MembersOf::User(row.user_id)];
    Token, row: String = row.token.clone(), by Uuid = vec![row.user_id];
    ApiKey, row: String = row.client_id.clone(), by Uuid = vec![row.user_id];
}

/// The lists that show a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MembersOf {
    Team(Uuid),
    User(Uuid),
}

/// The people, in the order of the fixture, and what is looked up of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Directory {
    pub(super) teams: Rows<Team>,
    /// The first is whom a free credential stands for.
    pub(super) users: Rows<User>,
    pub(super) memberships: Rows<Membership>,
    pub(super) tokens: Rows<Token>,
    pub(super) api_keys: Rows<ApiKey>,
    /// The users by their e-mail addresses in lower case.
    by_email: HashMap<String, Uuid>,
    /// Which user is in which team.
    pairs: HashSet<(Uuid, Uuid)>,
    claims: Worked<HashMap<Uuid, Arc<OfUser>>>,
    anybody: Worked<Arc<OnceLock<Option<Arc<Claims>>>>>,
}

/// What is worked out of the rest: no part of what two directories are compared by.
#[derive(Clone, Default)]
struct Worked<T>(T);

impl<T> PartialEq for Worked<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> fmt::Debug for Worked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

/// What a user may do, by the rights that a credential is narrowed to: none, to read, to write, both; and by one that is
/// not narrowed. It is worked out when it is first asked for.
type OfUser = [OnceLock<Arc<Claims>>; 5];

impl Default for Directory {
    fn default() -> Self {
        Self {
            teams: Rows::default(),
            users: Rows::default(),
            memberships: Rows::default(),
            tokens: Rows::by_place([]),
            api_keys: Rows::default(),
            by_email: HashMap::new(),
            pairs: HashSet::new(),
            claims: Worked::default(),
            anybody: Worked::default(),
        }
    }
}

impl Directory {
    /// Takes a team out: when it was made.
    pub(super) fn take_team(&mut self, id: Uuid) -> Option<Made> {
        self.anybody = Worked::default();
        self.teams.take_out(&id)
    }

    /// Puts a team in.
    pub(super) fn put_team(&mut self, team: Team, made: Option<Made>) {
        self.anybody = Worked::default();
        self.teams.put(made, team);
    }

    /// Takes a user out: when it was made.
    pub(super) fn take_user(&mut self, id: Uuid) -> Option<Made> {
        if let Some(user) = self.users.get(&id) {
            self.by_email.remove(&user.email.to_lowercase());
        }
        self.is_other(id);
        self.users.take_out(&id)
    }

    /// Puts a user in.
    pub(super) fn put_user(&mut self, user: User, made: Option<Made>) {
        self.by_email.insert(user.email.to_lowercase(), user.id);
        self.is_other(user.id);
        self.users.put(made, user);
    }

    /// Takes a membership out: when it was made.
    pub(super) fn take_membership(&mut self, id: Uuid) -> Option<Made> {
        let row = self.memberships.get(&id)?.clone();
        self.pairs.remove(&(row.user_id, row.team_id));
        self.is_other(row.user_id);
        self.memberships.take_out(&id)
    }

    /// Puts a membership in.
    pub(super) fn put_membership(&mut self, row: Membership, made: Option<Made>) {
        self.pairs.insert((row.user_id, row.team_id));
        self.is_other(row.user_id);
        self.memberships.put(made, row);
    }

    /// Forgets what was worked out of a user.
    fn is_other(&mut self, user: Uuid) {
        self.claims.0.insert(user, Arc::default());
        self.anybody = Worked::default();
    }

    /// Whether a user is in a team.
    pub(super) fn is_in(&self, user: Uuid, team: Uuid) -> bool {
        self.pairs.contains(&(user, team))
    }

    /// Whether a user has this e-mail address, in any letter case.
    pub(super) fn has_email(&self, email: &str) -> bool {
        self.by_email.contains_key(&email.to_lowercase())
    }

    /// The first active user.
    pub(super) fn first_active(&self) -> Option<&Arc<User>> {
        self.users.iter().find(|user| user.is_active)
    }

    /// What a user may do in the teams that the memberships name, within `scopes` if they are stated.
    fn claims(&self, user: Uuid, scopes: Option<&[Scope]>) -> Arc<Claims> {
        let number = scopes.map_or(4, |scopes| {
            let [read, write] = Scope::ALL.map(|scope| usize::from(scopes.contains(&scope)));
            read + 2 * write
        });
        let known = self.claims.0.get(&user).and_then(|of| of.get(number));
        let make = || Arc::new(self.worked_out(user, scopes));
        known.map_or_else(make, |known| known.get_or_init(make).clone())
    }

    fn worked_out(&self, user: Uuid, scopes: Option<&[Scope]>) -> Claims {
        let email = self.users.get(&user).map_or("", |user| &*user.email);
        let within = |scope: &Scope| scopes.is_none_or(|scopes| scopes.contains(scope));
        let teams = self.own_memberships(user).map(|membership| {
            let scopes = membership.scopes.iter().copied().filter(within).collect();
            (membership.team_id, Grant { role: membership.role, scopes })
        });
        Claims { user, email: email.into(), teams: teams.collect() }
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

    fn credential(&self, user: Uuid, scopes: Option<&[Scope]>, expires: Option<Timestamp>) -> Credential {
        Credential { claims: self.claims(user, scopes), is_active: self.is_active(user), expires }
    }

    /// Whether a user may do anything at all.
    pub(super) fn is_active(&self, user: Uuid) -> bool {
        self.users.get(&user).is_none_or(|user| user.is_active)
    }

    /// Whom a credential stands for that is in no list: the first active user, who may do everything.
    pub(super) fn anybody(&self) -> Option<Arc<Claims>> {
        let make = || self.first_active().map(|user| Arc::new(self.everything(user)));
        self.anybody.0.get_or_init(make).clone()
    }

    /// A listed bearer token.
    pub(super) fn token(&self, token: &str) -> Option<Credential> {
        self.tokens.get(token).map(|row| self.credential(row.user_id, row.scopes.as_deref(), row.expires))
    }

    /// The secret of a listed key pair, and whom the pair stands for.
    pub(super) fn key_pair(&self, client_id: &str) -> Option<(&str, Credential)> {
        let row = self.api_keys.get(client_id)?;
        Some((&row.client_secret, self.credential(row.user_id, row.scopes.as_deref(), row.expires)))
    }

    /// The user with this e-mail address, in any letter case, and what the user may do.
    pub(super) fn login(&self, email: &str) -> Option<(&User, Arc<Claims>)> {
        let user = self.users.get(self.by_email.get(&email.to_lowercase())?)?;
        Some((user, self.claims(user.id, None)))
    }

    /// Whether a user exists.
    pub(super) fn has_user(&self, id: Uuid) -> bool {
        self.users.contains(&id)
    }

    /// Whether a team exists.
    pub(super) fn has_team(&self, id: Uuid) -> bool {
        self.teams.contains(&id)
    }

    /// The memberships of a user, the first team first.
    pub(super) fn own_memberships(&self, user: Uuid) -> impl Iterator<Item = &Membership> {
        self.memberships.list(&MembersOf::User(user)).map(|row| &**row)
    }

    /// The memberships of a user, as they are answered.
    pub(super) fn memberships(&self, user: Uuid) -> Vec<MembershipWithTeam<'_>> {
        let answered = |membership: &'_ Arc<Membership>| {
            let team = self.teams.get(&membership.team_id)?;
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
        self.memberships.list(&MembersOf::User(user)).filter_map(answered).collect()
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
