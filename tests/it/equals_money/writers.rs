//! Several writers at once: what was checked before a write still holds when it is made.

use std::sync::Barrier;

use parking_lot::Mutex;
use persona_mock::mock::PersonaMock;

use super::super::support::{Asked, called, server};
use super::asked;

/// How many write at once.
const WRITERS: usize = 6;
/// How often they meet.
const ROUNDS: usize = 60;
const PERSONA: &str = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091";

fn mock() -> PersonaMock {
    PersonaMock::builder().setup(|setup| *setup = server::setup()).build().expect("a mock")
}

/// Status and body of an answer.
fn call(mock: &PersonaMock, asked: &Asked) -> (u16, serde_json::Value) {
    let answer = mock.call(called::request(asked)).expect("an answer");
    (answer.status(), serde_json::from_str(&answer.text()).expect("JSON"))
}

type Answers = Vec<(u16, serde_json::Value)>;

/// What each writer was answered in each round, where all of a round start together; and what `look` is answered after
/// each.
fn at_once(
    mock: &PersonaMock,
    request: impl Fn(usize, usize) -> Asked + Sync,
    look: impl Fn(usize) -> Asked + Sync,
) -> (Vec<Answers>, Answers) {
    let (together, looks) = (&Barrier::new(WRITERS), &Mutex::new(Vec::new()));
    let (request, look) = (&request, &look);
    let answers = std::thread::scope(|scope| {
        let write = |writer: usize| {
            scope.spawn(move || {
                let round = |round| {
                    let asked = request(writer, round);
                    together.wait();
                    let answer = call(mock, &asked);
                    if together.wait().is_leader() {
                        looks.lock().push(call(mock, &look(round)));
                    }
                    answer
                };
                (0..ROUNDS).map(round).collect()
            })
        };
        let threads: Vec<_> = (0..WRITERS).map(write).collect();
        threads.into_iter().map(|thread| thread.join().expect("a writer")).collect()
    });
    (answers, std::mem::take(&mut *looks.lock()))
}

#[test]
fn of_those_who_add_one_person_at_once_one_succeeds() {
    let mock = mock();
    let new = |_, round| {
        let body = format!(
            r#"{{"accountId": "F50091", "firstName": "Sally", "lastName": "Jones", "roleName": "Viewer",
                "emailAddress": "sally.{round}@example.com"}}"#
        );
        asked("POST", "/v2/people").json(&body)
    };
    let look = |round| asked("GET", &format!("/v2/people?accountId=F50091&search=sally.{round}@"));
    let (answers, listed) = at_once(&mock, new, look);
    for round in 0..ROUNDS {
        let mut statuses: Vec<u16> = answers.iter().map(|writer| writer[round].0).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [&[201][..], &[400; WRITERS - 1]].concat(), "round {round}");
        assert_eq!(listed[round].1["count"], 1, "round {round}");
    }
}

#[test]
fn a_change_takes_no_other_change_back() {
    const NAMES: [&str; WRITERS] = [
        "emailAddress",
        "employeeNumber",
        "workNumber",
        "jobTitle",
        "transactionalEmailPreference",
        "cardTransactionPushNotificationPreference",
    ];
    let mock = mock();
    let value = |writer: usize, round: usize| match writer {
        0..4 => serde_json::json!(format!("{round}")),
        _ => serde_json::json!(round.is_multiple_of(2)),
    };
    let change = |writer: usize, round| {
        let body = serde_json::json!({ NAMES[writer]: value(writer, round) });
        asked("PATCH", PERSONA).json(&body.to_string())
    };
    let (answers, left) = at_once(&mock, change, |_| asked("PATCH", PERSONA).json("{}"));
    for (round, (_, left)) in left.iter().enumerate() {
        for (writer, name) in NAMES.iter().enumerate() {
            assert_eq!(left[name], value(writer, round), "{name} after round {round}");
        }
    }
    for (writer, answers) in answers.iter().enumerate() {
        for (round, (status, answer)) in answers.iter().enumerate() {
            assert_eq!((*status, &answer[NAMES[writer]]), (200, &value(writer, round)), "{writer} in round {round}");
        }
    }
}

#[test]
fn a_search_finds_what_the_writers_of_a_person_and_of_a_persona_left() {
    let mock = mock();
    let (_, people) = call(&mock, &asked("GET", "/v2/people?accountId=F50091&limit=1"));
    let (person, persona) = (&people["rows"][0]["id"], &people["rows"][0]["persona"]["id"]);
    let person = format!("/v2/people/{}", person.as_str().expect("an id"));
    let persona = format!("/v2/personas/{}?accountId=F50091", persona.as_str().expect("an id"));
    let change = |writer: usize, round| match writer % 2 {
        0 => asked("PATCH", &person).json(&format!(r#"{{"firstName": "Ann{round}."}}"#)),
        _ => asked("PATCH", &persona).json(&format!(r#"{{"emailAddress": "ann.{round}@example.com"}}"#)),
    };
    let search = |text| asked("GET", &format!("/v2/people?accountId=F50091&search={text}"));
    for (before, behind) in [("Ann", "."), ("ann.", "@")] {
        let (_, listed) = at_once(&mock, change, |round| search(format!("{before}{round}{behind}")));
        for (round, (_, listed)) in listed.iter().enumerate() {
            assert_eq!(listed["count"], 1, "{before}{round}{behind}");
        }
    }
}

#[test]
fn a_change_that_is_answered_with_200_was_made_whatever_others_write() {
    let mock = mock();
    let (_, people) = call(&mock, &asked("GET", "/v2/people?accountId=F50091&limit=1"));
    let path = format!("/v2/people/{}", people["rows"][0]["id"].as_str().expect("an id"));
    let values = [
        ("dob", [serde_json::json!("1990-01-01"), serde_json::json!("2000-02-02"), serde_json::json!(null)]),
        ("nationalities", [serde_json::json!(["GB"]), serde_json::json!(["IE", "FR"]), serde_json::json!([])]),
    ];
    for (name, values) in values {
        // A round is many changes: one alone seldom meets another between its look at the person and its write.
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (mock, path, values) = (&mock, &path, &values);
                scope.spawn(move || {
                    for round in 0..300 {
                        let value = &values[(writer + round) % values.len()];
                        let body = serde_json::json!({ "accountId": "F50091", name: value });
                        let (status, answer) = call(mock, &asked("PATCH", path).json(&body.to_string()));
                        assert_eq!((status, &answer[name]), (200, value), "{writer} in round {round}");
                    }
                });
            }
        });
    }
}

#[test]
fn a_value_without_form_that_a_person_had_is_not_put_back_over_that_of_another_writer() {
    let mock = mock();
    let person = |round: usize| {
        let body = serde_json::json!({
            "accountId": "F50091", "firstName": "Sally", "lastName": "Jones", "roleName": "Viewer",
            "emailAddress": format!("sally.{round}@example.com"), "dob": "soon",
        });
        let (status, person) = call(&mock, &asked("POST", "/v2/people").json(&body.to_string()));
        assert_eq!((status, &person["dob"]), (201, &serde_json::json!("soon")), "{person}");
        format!("/v2/people/{}", person["id"].as_str().expect("an id"))
    };
    let paths: Vec<_> = (0..3 * ROUNDS).map(person).collect();
    let change = |round: usize, dob: Option<&str>| {
        let body = match dob {
            Some(dob) => serde_json::json!({ "accountId": "F50091", "dob": dob }),
            None => serde_json::json!({ "accountId": "F50091" }),
        };
        asked("PATCH", &paths[round]).json(&body.to_string())
    };
    let together = &Barrier::new(WRITERS);
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (mock, change, paths) = (&mock, &change, &paths);
            scope.spawn(move || {
                for round in 0..paths.len() {
                    together.wait();
                    let dob = if writer == 0 { "1990-01-01" } else { "soon" };
                    let (status, answer) = call(mock, &change(round, Some(dob)));
                    assert!(status == 200 || (status == 400 && dob == "soon"), "{answer}");
                }
            });
        }
    });
    for round in 0..paths.len() {
        let (_, left) = call(&mock, &change(round, None));
        assert_eq!(left["dob"], "1990-01-01", "round {round}");
    }
}
