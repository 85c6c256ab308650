//! The state against a plain map, and the faults of fixtures.

use indexmap::IndexMap;
use proptest::prelude::*;

use super::*;
use crate::dialects::python;
use crate::provider::Provider;
use crate::providers::vijil::Vijil;
use crate::providers::vijil::access::AccessPermissions;
use crate::providers::vijil::wire::Intent;
use crate::world::fixture;
use crate::world::page::Page;

fn loaded(text: &str) -> State {
    let fixture = fixture::read::<Fixture>(
        "vijil.json",
        text.into(),
        jiff::Timestamp::UNIX_EPOCH,
        fixture::ready_made::<Fixture>,
    )
    .expect("no fault")
    .fixture;
    let mut loading = Loading::new("vijil.json", jiff::Timestamp::UNIX_EPOCH);
    let state = State::load(fixture, &mut loading);
    loading.finish().expect("no fault");
    state
}

fn teams(state: &State) -> Vec<Uuid> {
    state.directory.teams.iter().map(|team| team.id).collect()
}

#[derive(Debug, Clone)]
enum Step {
    Create { team: usize, name: String, intent: Intent, access: Option<&'static str>, now: i64 },
    Update { which: usize, name: Option<String>, description: Option<Option<String>> },
    Delete { which: usize },
    CopyPreset { which: usize, team: usize, now: i64 },
    ChangePassword { which: usize, password: String },
}

fn step() -> impl Strategy<Value = Step> {
    let name = "[a-cA-C é🙂]{1,3}";
    let intent = prop_oneof![Just(Intent::Benign), Just(Intent::Curious), Just(Intent::Malicious)];
    let access = prop_oneof![
        Just(None),
        Just(Some(r#"{"z":1,"privilege_level":null,"a":123456789012345678901234567890}"#)),
        Just(Some(r#"{"allowed_tools":["é"],"lost":1}"#)),
        Just(Some(r#"{"data_access_scope":"own","f":1e400,"g":1e-7}"#)),
    ];
    prop_oneof![
        (0..2usize, name, intent, access, 0..3i64).prop_map(|(team, name, intent, access, now)| Step::Create {
            team,
            name,
            intent,
            access,
            now
        }),
        (0..9usize, proptest::option::of(name), proptest::option::of(proptest::option::of(name)))
            .prop_map(|(which, name, description)| Step::Update { which, name, description }),
        (0..9usize).prop_map(|which| Step::Delete { which }),
        (0..13usize, 0..2usize, 0..3i64).prop_map(|(which, team, now)| Step::CopyPreset { which, team, now }),
        (0..6usize, "[a-cé🙂]{8}").prop_map(|(which, password)| Step::ChangePassword { which, password }),
    ]
}

/// The persona that an answer is about.
fn read(json: &Bytes) -> Persona {
    serde_json::from_slice(json).expect("a persona")
}

fn take(state: &mut State, model: &mut IndexMap<Uuid, Persona>, step: Step) {
    let nth = |model: &IndexMap<Uuid, Persona>, which: usize| model.get_index(which).map(|(id, _)| *id);
    let creation = |now| Creation { user: state.directory.users.first().expect("a user").id, now, seed: Seed(1) };
    match step {
        Step::Create { team, name, intent, access, now } => {
            let access = access.map(|text| {
                let value = python::read(text.as_bytes()).expect("JSON");
                AccessPermissions::of(&value).expect("an object")
            });
            let fields = Changes {
                name: Some(name),
                role: Some("r".to_owned()),
                intent: Some(intent),
                access_permissions: Some(access),
                ..Changes::default()
            };
            let new = NewPersona { id: None, team_id: teams(state)[team], fields };
            let creation = creation(now);
            let made = read(&state.create(new, creation));
            assert!(model.insert(made.id, made).is_none(), "an id came twice");
        }
        Step::Update { which, name, description } => {
            let Some(id) = nth(model, which) else { return };
            let known = model.get_mut(&id).expect("a persona");
            known.name = name.clone().unwrap_or_else(|| known.name.clone());
            known.description = description.clone().unwrap_or_else(|| known.description.clone());
            known.updated_at = 99;
            let entry = state.persona(id).expect("a persona").clone();
            let changes = Changes { name, description, ..Changes::default() };
            assert_eq!(read(&state.update(&entry, changes, 99)), *known);
        }
        Step::Delete { which } => {
            let Some(id) = nth(model, which) else { return };
            model.shift_remove(&id);
            state.delete(id);
        }
        Step::CopyPreset { which, team, now } => {
            let filter = PresetFilter { team: None, category: None, page: Page { offset: which, limit: 1 } };
            let preset = state.list_presets(&filter).0[0].persona.clone();
            let creation = creation(now);
            let made = read(&state.copy_preset(&preset, None, teams(state)[team], creation));
            assert_eq!((&made.name, made.is_preset), (&preset.name, false));
            model.insert(made.id, made);
        }
        Step::ChangePassword { which, password } => {
            let before = state.clone();
            let id = state.directory.users.at(which).expect("a user").id;
            state.change_password(id, &password);
            for (was, is) in before.directory.users.iter().zip(state.directory.users.iter()) {
                let changed = User { password: password.clone(), password_change_required: false, ..(**was).clone() };
                assert_eq!(**is, if is.id == id { changed } else { (**was).clone() });
            }
        }
    }
}

/// What a plain search over the model, which is in the order of making, lists.
fn expected(model: &IndexMap<Uuid, Persona>, team: Uuid, filter: &Filter<'_>) -> Vec<Persona> {
    let mut found: Vec<_> = model.values().rev().filter(|persona| persona.team_id == team).cloned().collect();
    found.retain(|persona| filter.intents.is_empty() || filter.intents.contains(&persona.intent.name()));
    if let Some(text) = &filter.search {
        found.retain(|persona| {
            let texts = [Some(&persona.name), persona.description.as_ref(), Some(&persona.role)];
            texts.into_iter().flatten().any(|field| field.to_lowercase().contains(text))
        });
    }
    found.sort_by_key(|persona| Reverse(persona.created_at));
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn lists_what_a_plain_map_would_list_and_survives_an_export(
        steps in proptest::collection::vec(step(), 0..24),
        search in proptest::option::of("[a-cé🙂]{1,2}"),
        curious in any::<bool>(),
        offset in 0..4usize,
    ) {
        let mut state = loaded(&Vijil.descriptor().fixture);
        let made = state.personas.in_order_made();
        let mut model: IndexMap<_, _> = made.map(|row| (row.persona.id, row.persona.clone())).collect();
        for step in steps {
            take(&mut state, &mut model, step);
        }
        let intents = if curious { vec!["curious", "nobody"] } else { Vec::new() };
        let filter = Filter { team: None, intents, is_preset: None, search, page: Page { offset, limit: 3 } };
        for team in teams(&state) {
            let all = expected(&model, team, &filter);
            let (page, total) = state.list(team, &filter);
            let page: Vec<_> = page.into_iter().map(|entry| entry.persona.clone()).collect();
            prop_assert_eq!(total, all.len());
            prop_assert_eq!(page, all.into_iter().skip(offset).take(3).collect::<Vec<_>>());
        }
        let exported = serde_json::to_string_pretty(&state.export()).expect("JSON");
        prop_assert_eq!(&loaded(&exported), &state);
    }
}

#[test]
fn every_broken_reference_and_every_double_is_a_fault() {
    let mut fixture = fixture::read::<Fixture>(
        "vijil.json",
        (&*Vijil.descriptor().fixture).into(),
        jiff::Timestamp::UNIX_EPOCH,
        fixture::ready_made::<Fixture>,
    )
    .expect("no fault")
    .fixture;
    fixture.personas[0].team_id = Uuid::from_u128(7);
    fixture.personas[1].created_by = Uuid::from_u128(7);
    fixture.personas[2].id = fixture.presets[0].0.id;
    fixture.memberships[1].user_id = Uuid::from_u128(7);
    fixture.tokens[1].token = fixture.tokens[0].token.clone();
    fixture.users[1].email = fixture.users[0].email.to_uppercase();
    fixture.api_keys[0].user_id = Uuid::from_u128(7);
    fixture.next_ids.insert("nothing".to_owned(), 1);
    let mut loading = Loading::new("vijil.json", jiff::Timestamp::UNIX_EPOCH);
    State::load(fixture, &mut loading);
    let faults: Vec<_> = loading.finish().expect_err("faults").iter().map(ToString::to_string).collect();
    assert_eq!(
        faults[..7],
        [
            "vijil.json: $.users[1].email: found `user@example.com` a second time, expected each e-mail address once",
            "vijil.json: $.memberships[1].user_id: found `00000000-0000-0000-0000-000000000007`, expected the id of a user of this file",
            "vijil.json: $.tokens[1].token: found `vijil-owner-token` a second time, expected each token once",
            "vijil.json: $.api_keys[0].user_id: found `00000000-0000-0000-0000-000000000007`, expected the id of a user of this file",
            "vijil.json: $.personas[0].team_id: found `00000000-0000-0000-0000-000000000007`, expected the id of a team of this file",
            "vijil.json: $.personas[1].created_by: found `00000000-0000-0000-0000-000000000007`, expected the id of a user of this file",
            "vijil.json: $.presets[0].id: found `201eab82-4d20-4c59-b595-01f139171119` a second time, expected each persona id once",
        ]
    );
    assert!(faults[7].contains("$.next_ids['nothing']"), "{faults:#?}");
    assert_eq!(faults.len(), 8, "{faults:#?}");
}
