//! The state against a simple model: a list of rows that is walked for everything.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::caller::{Caller, Reach, UnknownProject};
use super::error::VendorError;
use super::state::{Change, Content, Group, Listing, Moment, NewPersona, State};
use super::{Crud, fixture};
use crate::dialects::ecma_json::Text;
use crate::dialects::zod::Nullish;
use crate::provider::{Loading, Provider, Seed};

const USERS: [Uuid; 2] = [Uuid::from_u128(1), Uuid::from_u128(2)];
/// One of each user, and one that nobody has made yet.
const PROJECTS: [Uuid; 3] = [Uuid::from_u128(11), Uuid::from_u128(12), Uuid::from_u128(13)];
const NAMES: [&str; 4] = ["Dave", "DAVINA", "Zoë", "x"];
const TERMS: [&str; 4] = ["dav", "ë", "x", "nothing"];

#[derive(Debug, Clone, PartialEq)]
struct Row {
    id: Uuid,
    project: Uuid,
    name: String,
    tagline: Option<String>,
    /// The row made last has the least.
    age: (usize, usize),
}

#[derive(Debug, Default)]
struct Model {
    rows: Vec<Row>,
    owners: BTreeMap<Uuid, Uuid>,
}

#[derive(Debug, Clone)]
enum Step {
    Create { project: usize, name: usize, tagline: usize },
    Update { row: usize, project: Option<usize>, name: Option<usize>, tagline: usize },
    Delete { row: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let create =
        (0..3usize, 0..4usize, 0..3usize).prop_map(|(project, name, tagline)| Step::Create { project, name, tagline });
    let update = (0..8usize, proptest::option::of(0..3usize), proptest::option::of(0..4usize), 0..3usize)
        .prop_map(|(row, project, name, tagline)| Step::Update { row, project, name, tagline });
    prop_oneof![3 => create, 2 => update, 1 => (0..8usize).prop_map(|row| Step::Delete { row })]
}

fn caller(number: usize) -> Caller {
    let reach = if number == 2 { Reach::Everything } else { Reach::Own };
    Caller { user: USERS[number % 2], reach, unknown_project: UnknownProject::Made }
}

fn tagline(number: usize) -> Nullish<Text> {
    match number {
        0 => Nullish::Absent,
        1 => Nullish::Null,
        _ => Nullish::Given("A tagline with dav".into()),
    }
}

fn content(number: usize) -> Content<Nullish<Text>, Nullish<super::state::Block>> {
    let mut content = Content::default();
    content.texts[super::state::TAGLINE] = tagline(number);
    content
}

fn load(fixture: fixture::Fixture) -> State {
    let mut loading = Loading::new("crud.json", Timestamp::UNIX_EPOCH);
    let state = fixture::load(fixture, &mut loading);
    assert!(loading.finish().is_ok());
    state
}

fn start() -> (State, Model) {
    let users = USERS.map(|id| json!({ "id": id, "name": "", "email": "" }));
    let owned = || USERS.into_iter().zip(PROJECTS);
    let projects: Vec<_> = owned().map(|(owner, id)| json!({ "id": id, "owner": owner })).collect();
    let fixture = serde_json::from_value(json!({ "users": users, "projects": projects })).expect("a fixture");
    let owners = owned().map(|(owner, project)| (project, owner)).collect();
    (load(fixture), Model { owners, ..Model::default() })
}

impl Model {
    fn may(&self, caller: Caller, project: Uuid) -> bool {
        caller.reach == Reach::Everything || self.owners.get(&project).is_none_or(|owner| *owner == caller.user)
    }

    fn find(&self, caller: Caller, id: Uuid) -> Result<usize, VendorError> {
        let at = self.rows.iter().position(|row| row.id == id).ok_or(VendorError::PersonaNotFound)?;
        if self.may(caller, self.rows[at].project) { Ok(at) } else { Err(VendorError::Forbidden) }
    }

    fn listed(&self, caller: Caller, project: Option<Uuid>, term: Option<&str>) -> Vec<Uuid> {
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.retain(|row| project.map_or_else(|| self.may(caller, row.project), |project| row.project == project));
        let contains = |text: &str| term.is_none_or(|term| text.to_lowercase().contains(term));
        rows.retain(|row| contains(&row.name) || row.tagline.as_deref().is_some_and(contains));
        rows.sort_by_key(|row| row.age);
        rows.into_iter().map(|row| row.id).collect()
    }
}

fn change_tagline(slot: &mut Option<String>, number: usize) {
    match tagline(number) {
        Nullish::Absent => {}
        Nullish::Null => *slot = None,
        Nullish::Given(text) => *slot = text.as_str().map(str::to_owned),
    }
}

fn apply(state: &mut State, model: &mut Model, caller: Caller, step: &Step, number: usize) {
    // Several steps share an instant, so that the order of making must settle the order of lists.
    let turn = number / 3;
    let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(i64::try_from(turn).expect("few steps"));
    let moment = Moment { now, seed: Seed(1) };
    let id_at = |model: &Model, row: usize| model.rows.get(row).map_or(Uuid::from_u128(99), |row| row.id);
    match step.clone() {
        Step::Create { project, name, tagline } => {
            let project = PROJECTS[project];
            let new = NewPersona { project, name: NAMES[name].into(), content: content(tagline) };
            let made = state.create(&caller, new, moment);
            if !model.may(caller, project) {
                assert_eq!(made, Err(VendorError::Forbidden));
                return;
            }
            model.owners.entry(project).or_insert(caller.user);
            let mut row = Row {
                id: made.expect("may create").id,
                project,
                name: NAMES[name].to_owned(),
                tagline: None,
                age: (usize::MAX - turn, usize::MAX - number),
            };
            change_tagline(&mut row.tagline, tagline);
            model.rows.push(row);
        }
        Step::Update { row, project, name, tagline } => {
            let id = id_at(model, row);
            let project = project.map(|project| PROJECTS[project]);
            let change = Change { id, project, name: name.map(|name| NAMES[name].into()), content: content(tagline) };
            let changed = state.update(&caller, change, moment);
            match model.find(caller, id) {
                Err(error) => assert_eq!(changed, Err(error)),
                Ok(at) if project.is_some_and(|project| project != model.rows[at].project) => {
                    assert!(matches!(changed, Err(VendorError::Invalid(_))), "{changed:?}");
                }
                Ok(at) => {
                    assert_eq!(changed.expect("may update").id, id);
                    if let Some(name) = name {
                        model.rows[at].name = NAMES[name].to_owned();
                    }
                    change_tagline(&mut model.rows[at].tagline, tagline);
                }
            }
        }
        Step::Delete { row } => {
            let id = id_at(model, row);
            let gone = state.delete(&caller, id);
            match model.find(caller, id) {
                Err(error) => assert_eq!(gone, Err(error)),
                Ok(at) => {
                    assert_eq!(gone, Ok(id));
                    model.rows.remove(at);
                }
            }
        }
    }
}

fn compare(state: &State, model: &Model) {
    assert_eq!(state.personas.len(), model.rows.len());
    for caller in (0..3).map(caller) {
        for project in [None].into_iter().chain(PROJECTS.map(Some)) {
            for term in [None].into_iter().chain(TERMS.map(Some)) {
                let search = term.map(str::to_owned);
                let listing = Listing { project, search, limit: 2.0, offset: 1.0 };
                let listed = state.list(&caller, &listing);
                if project.is_some_and(|project| !model.may(caller, project)) {
                    assert_eq!(listed, Err(VendorError::Forbidden));
                    continue;
                }
                let (page, total) = listed.expect("may list");
                let expected = model.listed(caller, project, term);
                let page: Vec<_> = page.into_iter().map(|persona| persona.id).collect();
                let window: Vec<_> = expected.iter().copied().skip(1).take(2).collect();
                assert_eq!((page, total), (window, expected.len()), "{caller:?} {listing:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn behaves_as_a_list_of_rows(steps in proptest::collection::vec((0..3usize, step()), 0..24)) {
        let (mut state, mut model) = start();
        for (number, (who, step)) in steps.iter().enumerate() {
            apply(&mut state, &mut model, caller(*who), step, number);
            compare(&state, &model);
        }
        for row in &model.rows {
            let persona = state.personas.get(&row.id).expect("a row of the model");
            assert_eq!(persona.name.as_str(), Some(&*row.name));
            assert_eq!(persona.content.texts[super::state::TAGLINE].as_ref().and_then(Text::as_str), row.tagline.as_deref());
        }
        let text = serde_json::to_string(&Crud::export(&state)).expect("exports");
        let loaded = load(serde_json::from_str(&text).expect("reads"));
        assert_eq!(loaded.personas.count(&Group::Everything), model.rows.len());
        assert_eq!(loaded, state);
    }
}
