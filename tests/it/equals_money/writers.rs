//! Several writers at once: what was checked before a write still holds when it is made.

use std::sync::Barrier;

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

/// What each writer was answered in each round, where all of a round start together.
fn at_once(mock: &PersonaMock, request: impl Fn(usize, usize) -> Asked + Sync) -> Vec<Vec<(u16, serde_json::Value)>> {
    let (start, request) = (&Barrier::new(WRITERS), &request);
    std::thread::scope(|scope| {
        let write = |writer: usize| {
            scope.spawn(move || {
                let round = |round| {
                    let asked = request(writer, round);
                    start.wait();
                    call(mock, &asked)
                };
                (0..ROUNDS).map(round).collect()
            })
        };
        let threads: Vec<_> = (0..WRITERS).map(write).collect();
        threads.into_iter().map(|thread| thread.join().expect("a writer")).collect()
    })
}

#[test]
fn of_those_who_add_one_person_at_once_one_succeeds() {
    let mock = mock();
    let answers = at_once(&mock, |_, round| {
        let body = format!(
            r#"{{"accountId": "F50091", "firstName": "Sally", "lastName": "Jones", "roleName": "Viewer",
                "emailAddress": "sally.{round}@example.com"}}"#
        );
        asked("POST", "/v2/people").json(&body)
    });
    for round in 0..ROUNDS {
        let mut statuses: Vec<u16> = answers.iter().map(|writer| writer[round].0).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [&[201][..], &[400; WRITERS - 1]].concat(), "round {round}");
        let (_, listed) = call(&mock, &asked("GET", &format!("/v2/people?accountId=F50091&search=sally.{round}@")));
        assert_eq!(listed["count"], 1, "round {round}");
    }
}

#[test]
fn a_change_takes_no_other_change_back() {
    let mock = mock();
    const NAMES: [&str; WRITERS] = [
        "emailAddress",
        "employeeNumber",
        "workNumber",
        "jobTitle",
        "transactionalEmailPreference",
        "cardTransactionPushNotificationPreference",
    ];
    let value = |writer: usize, round: usize| match writer {
        0..4 => serde_json::json!(format!("{round}")),
        _ => serde_json::json!(round.is_multiple_of(2)),
    };
    let answers = at_once(&mock, |writer, round| {
        let body = serde_json::json!({ NAMES[writer]: value(writer, round) });
        asked("PATCH", PERSONA).json(&body.to_string())
    });
    for (writer, answers) in answers.iter().enumerate() {
        for (round, (status, answer)) in answers.iter().enumerate() {
            assert_eq!((*status, &answer[NAMES[writer]]), (200, &value(writer, round)), "{writer} in round {round}");
        }
    }
    let (_, last) = call(&mock, &asked("PATCH", PERSONA).json("{}"));
    for (writer, name) in NAMES.iter().enumerate() {
        assert_eq!(last[name], value(writer, ROUNDS - 1), "{name}");
    }
}

#[test]
fn a_search_finds_what_two_writers_wrote_last() {
    // A change of the person is written to all their personas while one of these changes.
    let mock = mock();
    let (_, people) = call(&mock, &asked("GET", "/v2/people?accountId=F50091&limit=1"));
    let (person, persona) = (&people["rows"][0]["id"], &people["rows"][0]["persona"]["id"]);
    let person = format!("/v2/people/{}", person.as_str().expect("an id"));
    let persona = format!("/v2/personas/{}?accountId=F50091", persona.as_str().expect("an id"));
    at_once(&mock, |writer, round| match writer % 2 {
        0 => asked("PATCH", &person).json(&format!(r#"{{"firstName": "Ann{round}"}}"#)),
        _ => asked("PATCH", &persona).json(&format!(r#"{{"emailAddress": "ann.{round}@example.com"}}"#)),
    });
    for found in ["Ann59", "ann.59@"] {
        let (_, listed) = call(&mock, &asked("GET", &format!("/v2/people?accountId=F50091&search={found}")));
        assert_eq!(listed["count"], 1, "{found}");
    }
}
