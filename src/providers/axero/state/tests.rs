//! The site against a plain model.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const NOW: &str = "2026-01-15T12:00:00.009Z";

fn save(by: i32) -> Save {
    Save { by, at: NOW.parse().unwrap() }
}

fn column(text: &str) -> Column {
    Column::of(text.parse().unwrap())
}

/// What a client may ask for.
#[derive(Debug, Clone)]
enum Step {
    Add(Vec<i32>),
    /// The id, and the ids of the conditions from now on.
    Update(i32, Option<Vec<i32>>),
    Delete(i32),
}

fn step() -> impl Strategy<Value = Step> {
    let ids = || proptest::collection::vec(0..12, 0..4);
    prop_oneof![
        ids().prop_map(Step::Add),
        (1..8, proptest::option::of(ids())).prop_map(|(id, ids)| Step::Update(id, ids)),
        (1..8).prop_map(Step::Delete),
    ]
}

fn changes(ids: Option<Vec<i32>>) -> Changes {
    let change = |id| ConditionModel { id: Some(id), ..ConditionModel::default() };
    Changes { conditions: ids.map(|ids| ids.into_iter().map(change).collect()), ..Changes::default() }
}

/// A plain site: the condition ids of each persona, and the two counters.
#[derive(Default)]
struct Plain {
    personas: BTreeMap<i32, Vec<i32>>,
    next_persona: i32,
    next_condition: i32,
}

impl Plain {
    fn replace(&mut self, former: &[i32], ids: &[i32]) -> Vec<i32> {
        let mut left = former.to_vec();
        let mut now = Vec::new();
        for id in ids {
            if left.contains(id) {
                left.retain(|other| other != id);
                now.push(*id);
            } else {
                self.next_condition += 1;
                now.push(self.next_condition);
            }
        }
        now
    }
}

proptest! {
    #[test]
    fn behaves_as_a_plain_site(steps in proptest::collection::vec(step(), 0..40)) {
        let mut site = Site::default();
        let mut plain = Plain::default();
        for step in steps {
            match step {
                Step::Add(ids) => {
                    plain.next_persona += 1;
                    let now = plain.replace(&[], &ids);
                    plain.personas.insert(plain.next_persona, now);
                    let added = site.add(changes(Some(ids)), save(1)).unwrap();
                    prop_assert_eq!(added.id, plain.next_persona);
                }
                Step::Update(id, ids) => {
                    let answer = site.update(id, changes(ids.clone()), save(2));
                    prop_assert_eq!(answer.is_ok(), plain.personas.contains_key(&id));
                    if let (Some(former), Some(ids)) = (plain.personas.get(&id).cloned(), ids) {
                        let now = plain.replace(&former, &ids);
                        plain.personas.insert(id, now);
                    }
                }
                Step::Delete(id) => {
                    prop_assert_eq!(site.delete(id).is_ok(), plain.personas.remove(&id).is_some());
                }
            }
            let found: BTreeMap<i32, Vec<i32>> = site
                .personas()
                .map(|persona| (persona.id, persona.conditions.iter().map(|condition| condition.id).collect()))
                .collect();
            prop_assert_eq!(&found, &plain.personas);
            prop_assert_eq!(site.count(), plain.personas.len());
        }
    }
}

#[test]
fn a_save_dates_the_children_later_and_by_the_caller() {
    let mut site = Site::default();
    let persona = site.add(changes(Some(vec![0])), save(1)).unwrap();
    assert_eq!(persona.created, column("2026-01-15T12:00:00.01Z"));
    let changed = site.update(persona.id, Changes::default(), save(2)).unwrap();
    assert_eq!((changed.created_by, changed.updated_by), (1, 2));
    let condition = &changed.conditions[0];
    assert_eq!((condition.created_by, condition.updated_by), (1, 2));
    assert_eq!(condition.updated, column("2026-01-15T12:00:00.197Z"), "196 ms are rounded to 197");
}

#[test]
fn a_counter_at_the_end_of_32_bits_refuses() {
    let stated = crate::provider::NextIds::from([(PERSONA.to_owned(), 2_147_483_648)]);
    let mut loading = crate::provider::Loading::new("axero.json", NOW.parse().unwrap());
    let sequence = Sequence::load(&stated, &[(PERSONA, 1)], &mut loading);
    let mut site = Site::default();
    site.count_from(sequence);
    assert_eq!(site.add(Changes::default(), save(1)), Err(VendorError::Exhausted));
}
