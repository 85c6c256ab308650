//! Eight threads write while others go back and forth: each step is one request's, and its state is what was seen then.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

#[test]
fn each_step_is_one_requests_and_its_state_is_reached_again() {
    let server = start();
    let made: Vec<(String, String)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let server = &server;
                scope.spawn(move || {
                    for number in 0..10 {
                        match thread % 2 {
                            0 => drop(make(server, "", &format!("t{thread}-{number}"))),
                            _ => axero(server, &format!("t{thread}-{number}")),
                        }
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("a thread"));
        let page = control(&server, "GET", "/_mock/requests?limit=1000&changed=true", "").json();
        let all = page["requests"].as_array().expect("requests").clone();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        all.iter().map(|one| (text(&one["step"]), text(&one["id"]))).collect()
    });
    let steps = steps(&server);
    assert_eq!(steps.len(), 80);
    let by_step: BTreeMap<_, _> = made.into_iter().collect();
    assert_eq!(by_step.len(), 80, "no two requests share a step");
    for (number, step) in steps.iter().enumerate() {
        assert_eq!(step["step"], format!("w-{}", number + 1));
        assert_eq!(step["request"], by_step[step["step"].as_str().expect("a name")]);
    }
    let names = |server: &TestServer| {
        let state = control(server, "GET", "/_mock/state", "").json();
        let crud = state["crud"]["personas"].as_array().expect("personas").len();
        crud + state["axero"]["personas"].as_array().expect("personas").len()
    };
    assert_eq!(rewind(&server, "before", "w-1").status, 200);
    let none = names(&server);
    for step in [1, 17, 40, 63, 80] {
        assert_eq!(rewind(&server, "after", &format!("w-{step}")).status, 200);
        assert_eq!(names(&server), none + step, "each step made one record");
    }
}

#[test]
fn what_was_seen_behind_a_step_is_seen_again_whatever_others_do() {
    let server = start();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..7)
            .map(|thread| {
                let (server, done) = (&server, &done);
                scope.spawn(move || {
                    let mut number = 0;
                    while !done.load(Ordering::Relaxed) && number < 60 {
                        match thread % 2 {
                            0 => drop(make(server, "", &format!("t{thread}-{number}"))),
                            _ => axero(server, &format!("t{thread}-{number}")),
                        }
                        number += 1;
                    }
                })
            })
            .collect();
        for _ in 0..30 {
            let made = control(&server, "GET", "/_mock/history?limit=1", "").json()["made"].as_u64().expect("a number");
            let answer = rewind(&server, "after", &format!("w-{}", made / 2 + 1));
            assert!([200, 404].contains(&answer.status), "{}", answer.text());
            assert!([200, 409].contains(&undo(&server).status));
        }
        done.store(true, Ordering::Relaxed);
        writers.into_iter().for_each(|writer| writer.join().expect("a thread"));
    });
    let steps = steps_of_all(&server);
    let mut seen = BTreeMap::new();
    for step in steps.iter().step_by(7) {
        assert_eq!(rewind(&server, "after", step).status, 200);
        seen.insert(step.clone(), state(&server));
    }
    for (step, state_then) in seen.iter().rev() {
        assert_eq!(rewind(&server, "after", step).status, 200);
        assert!(state(&server) == *state_then, "{step}");
    }
}

fn steps_of_all(server: &TestServer) -> Vec<String> {
    let page = control(server, "GET", "/_mock/history?limit=1000", "").json();
    let names = page["steps"].as_array().expect("steps").iter();
    names.map(|step| step["step"].as_str().expect("a name").to_owned()).collect()
}
