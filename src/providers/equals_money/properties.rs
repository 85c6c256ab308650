//! The state against a model that a child could check: one flat list of what was asked for.

use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use super::auth::Caller;
use super::filter::Filter;
use super::fixture::{Fixture, export, load};
use super::model::{Person, Persona, PersonaPatch};
use super::rules;
use super::state::{NewPerson, State};
use super::words::{PersonaStatus, RoleName, Standing, Word};
use crate::provider::{Loading, Seed};
use crate::world::page::Page;

const ACCOUNTS: [&str; 2] = ["A00001", "A00002"];
const LOGINS: [&str; 4] = ["ann@x.example", "BOB@x.example", "cy@x.example", "dee@x.example"];

#[derive(Debug, Clone)]
enum Step {
    Create { login: usize, account: usize, deactivated: bool, send_invite: bool },
    Patch { number: usize, status: Option<Standing>, job_title: Option<Option<String>> },
    Role { number: usize, role: RoleName },
    Invite { number: usize },
    Rename { login: usize, first_name: String, emails: Option<Option<bool>> },
    Wait { days: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let standing = prop_oneof![Just(Standing::Active), Just(Standing::Deactivated)];
    let role = prop_oneof![Just(RoleName::Owner), Just(RoleName::User)];
    let job_title = proptest::option::of(proptest::option::of("[a-z]{0,3}"));
    prop_oneof![
        3 => (0..LOGINS.len(), 0..ACCOUNTS.len(), any::<bool>(), any::<bool>()).prop_map(
            |(login, account, deactivated, send_invite)| Step::Create { login, account, deactivated, send_invite }
        ),
        2 => (0..8usize, proptest::option::of(standing), job_title)
            .prop_map(|(number, status, job_title)| Step::Patch { number, status, job_title }),
        1 => (0..8usize, role).prop_map(|(number, role)| Step::Role { number, role }),
        2 => (0..8usize).prop_map(|number| Step::Invite { number }),
        1 => (0..LOGINS.len(), "[A-Z][a-z]{1,3}", proptest::option::of(proptest::option::of(any::<bool>())))
            .prop_map(|(login, first_name, emails)| Step::Rename { login, first_name, emails }),
        2 => (1..9i64).prop_map(|days| Step::Wait { days }),
    ]
}

/// One persona as the model remembers it.
#[derive(Debug, Clone)]
struct Entry {
    id: Uuid,
    login: usize,
    account: usize,
    status: &'static str,
    sent: Option<Timestamp>,
    role: RoleName,
    job_title: Option<String>,
    emails: Option<bool>,
}

impl Entry {
    fn status_at(&self, now: Timestamp) -> &'static str {
        match self.sent {
            Some(sent) if self.status == "invited" && now > sent + SignedDuration::from_hours(336) => "inviteExpired",
            _ => self.status,
        }
    }
}

#[derive(Debug, Default)]
struct Model {
    entries: Vec<Entry>,
    /// By login: the id, when it was made, the first name.
    people: IndexMap<usize, (Uuid, Timestamp, String)>,
}

fn empty() -> State {
    let text = r#"{
        "accounts": [{"id": "A00001", "name": ""}, {"id": "A00002", "name": ""}],
        "roles": [
            {"id": "00000000-0000-4000-8000-000000000001", "name": "Owner", "createdAt": "2020-01-01T00:00:00Z"},
            {"id": "00000000-0000-4000-8000-000000000002", "name": "User", "createdAt": "2020-01-02T00:00:00Z"}
        ],
        "people": [],
        "personas": []
    }"#;
    let fixture: Fixture = serde_json::from_str(text).expect("a fixture");
    let mut loading = Loading::new("test", Timestamp::UNIX_EPOCH);
    let state = load(fixture, &mut loading);
    loading.finish().expect("no fault");
    state
}

fn create(state: &mut State, model: &mut Model, step: (usize, usize, bool, bool), now: Timestamp) {
    let (login, account, deactivated, send_invite) = step;
    let status = match (deactivated, send_invite) {
        (true, _) => PersonaStatus::Deactivated,
        (false, true) => PersonaStatus::Invited,
        (false, false) => PersonaStatus::Created,
    };
    let new = NewPerson {
        person: Person {
            first_name: format!("First{login}"),
            last_name: "Last".to_owned(),
            primary_email_address: LOGINS[login].to_owned(),
            ..Person::default()
        },
        persona: Persona { status, transactional_emails: Some(true), ..Persona::default() },
        add_to_user_pool: true,
    };
    let place = state.account(ACCOUNTS[account]).expect("an account").clone();
    let known = model.entries.iter().any(|entry| entry.login == login && entry.account == account);
    assert_eq!(rules::may_join(state, &place, &new).is_err(), known);
    if known {
        return;
    }
    let person = state.add_person(place.id.clone(), new, Seed(1), now);
    let (_, persona) = state.person_in(&place.id, person).expect("the new persona");
    model.people.entry(login).or_insert_with(|| (person, now, format!("First{login}")));
    assert_eq!(model.people[&login].0, person, "a known login gets no second person");
    let status = status.spelling();
    let sent = (status == "invited").then_some(now);
    let (id, emails) = (persona.row.id, Some(true));
    model.entries.push(Entry { id, login, account, status, sent, role: RoleName::User, job_title: None, emails });
}

fn apply(state: &mut State, model: &mut Model, step: Step, now: &mut Timestamp) {
    let target = |model: &mut Model, number: usize| {
        let count = model.entries.len();
        (count > 0).then(|| number % count.max(1))
    };
    match step {
        Step::Create { login, account, deactivated, send_invite } => {
            create(state, model, (login, account, deactivated, send_invite), *now);
        }
        Step::Patch { number, status, job_title } => {
            let Some(at) = target(model, number) else { return };
            let entry = &mut model.entries[at];
            let account = state.account(ACCOUNTS[entry.account]).expect("an account").clone();
            let (_, persona) = state.persona_in(&account.id, entry.id).expect("the persona");
            let patch =
                PersonaPatch { status: status.map(Into::into), job_title: job_title.clone(), ..Default::default() };
            rules::may_patch(&account, &persona.row, &patch, &Caller::Product).expect("nobody is the primary owner");
            let mut next = persona.row.clone();
            patch.apply(&mut next);
            state.put_persona(next);
            entry.status = match status {
                Some(Standing::Active) => "active",
                Some(Standing::Deactivated) => "deactivated",
                None => entry.status,
            };
            entry.job_title = job_title.unwrap_or(entry.job_title.take());
        }
        Step::Role { number, role } => {
            let Some(at) = target(model, number) else { return };
            let next = Persona { role_name: role, ..persona(state, model.entries[at].id).clone() };
            state.put_persona(next);
            model.entries[at].role = role;
        }
        Step::Invite { number } => {
            let Some(at) = target(model, number) else { return };
            let entry = &mut model.entries[at];
            let persona = persona(state, entry.id);
            let allowed = !["active", "deactivated"].contains(&entry.status);
            assert_eq!(rules::may_be_invited(persona).is_ok(), allowed);
            if allowed {
                let (status, sent) = (PersonaStatus::Invited, Some(*now));
                let next = Persona { status, invite_sent_at: sent, ..persona.clone() };
                state.put_persona(next);
                (entry.status, entry.sent) = ("invited", Some(*now));
            }
        }
        Step::Rename { login, first_name, emails } => {
            let Some((id, _, name)) = model.people.get_mut(&login) else { return };
            name.clone_from(&first_name);
            let person = Person { first_name, ..Person::clone(state.person(*id).expect("the person")) };
            state.put_person(person, emails, *now);
            for entry in model.entries.iter_mut().filter(|entry| entry.login == login) {
                entry.emails = emails.unwrap_or(entry.emails);
            }
        }
        Step::Wait { days } => *now += SignedDuration::from_hours(24 * days),
    }
}

fn persona(state: &State, id: Uuid) -> &Persona {
    &state.personas.get(&id).expect("the persona").row
}

/// What a list must show: persona ids in order.
fn expected(model: &Model, account: usize, keep: impl Fn(&Entry, &str) -> bool) -> Vec<Uuid> {
    let mut kept: Vec<_> = model.entries.iter().filter(|entry| entry.account == account).collect();
    kept.retain(|entry| keep(entry, &model.people[&entry.login].2));
    kept.sort_by_key(|entry| (model.people[&entry.login].1, model.people.get_index_of(&entry.login)));
    kept.into_iter().map(|entry| entry.id).collect()
}

fn listed(state: &State, account: usize, filter: &Filter, now: Timestamp) -> Vec<Uuid> {
    let account = state.account(ACCOUNTS[account]).expect("an account");
    let (members, count) = state.members(account, filter, Page { offset: 0, limit: 1000 }, now);
    assert_eq!(members.len(), count);
    members.into_iter().map(|(_, persona)| persona.row.id).collect()
}

fn compare(state: &State, model: &Model, now: Timestamp) {
    for account in 0..ACCOUNTS.len() {
        assert_eq!(listed(state, account, &Filter::default(), now), expected(model, account, |_, _| true));
        for (status, word) in [(PersonaStatus::Invited, "invited"), (PersonaStatus::InviteExpired, "inviteExpired")] {
            let filter = Filter { statuses: Some(vec![status]), ..Filter::default() };
            let wanted = expected(model, account, |entry, _| entry.status_at(now) == word);
            assert_eq!(listed(state, account, &filter, now), wanted);
        }
        for role in [RoleName::Owner, RoleName::Admin, RoleName::User] {
            let filter = Filter { role_names: Some(vec![role]), ..Filter::default() };
            assert_eq!(listed(state, account, &filter, now), expected(model, account, |entry, _| entry.role == role));
            let filter = Filter { search: Some("b l".to_owned()), ..filter };
            let finds =
                |entry: &Entry, name: &str| entry.role == role && format!("{name} Last").to_lowercase().contains("b l");
            assert_eq!(listed(state, account, &filter, now), expected(model, account, finds));
        }
        let filter = Filter { search: Some("B".to_owned()), ..Filter::default() };
        let finds = |entry: &Entry, name: &str| {
            format!("{name} Last").to_lowercase().contains('b') || LOGINS[entry.login].to_lowercase().contains('b')
        };
        assert_eq!(listed(state, account, &filter, now), expected(model, account, finds));
        let people = model.people.values().rev().map(|person| person.0).collect();
        let filter = Filter { people: Some(people), ..Filter::default() };
        assert_eq!(listed(state, account, &filter, now), expected(model, account, |_, _| true));
    }
    for entry in &model.entries {
        let persona = persona(state, entry.id);
        assert_eq!(persona.invite_sent_at, entry.sent);
        assert_eq!(persona.role_name, entry.role);
        assert_eq!(persona.job_title, entry.job_title);
        assert_eq!(persona.transactional_emails, entry.emails);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn the_state_does_what_a_flat_list_does(steps in proptest::collection::vec(step(), 0..40)) {
        let mut state = empty();
        let mut model = Model::default();
        let mut now: Timestamp = "2026-01-15T12:00:00Z".parse().expect("an instant");
        for step in steps {
            let before = state.clone();
            let copy = export(&before);
            apply(&mut state, &mut model, step, &mut now);
            compare(&state, &model, now);
            prop_assert_eq!(
                serde_json::to_value(export(&before)).expect("JSON"),
                serde_json::to_value(copy).expect("JSON"),
                "an earlier moment changed"
            );
        }
        let mut loading = Loading::new("exported", now);
        let again = load(export(&state), &mut loading);
        prop_assert!(loading.finish().is_ok());
        prop_assert_eq!(again, state);
    }
}
