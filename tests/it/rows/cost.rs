//! What a change of one row costs: it does not hang on how many there are.

use std::time::Duration;

use persona_mock::internals::Stopwatch;
use persona_mock::mock::{Mock, PersonaMock};
use serde_json::{Value, json};

use super::{DAVE, DEVFLOW};

/// A mock with so many personas in one project, and so many credentials.
fn with_rows(many: usize) -> PersonaMock {
    let mock = PersonaMock::builder().providers(["crud"]).build().expect("a mock");
    let mut state = mock.default_sandbox().state_of("crud").expect("a state");
    let (persona, credential) = (state["personas"][0].clone(), state["credentials"][0].clone());
    let rows = |list: &mut Value, row: &Value, name: &str, value: &dyn Fn(usize) -> String| {
        let list = list.as_array_mut().expect("rows");
        list.extend((0..many).map(|number| {
            let mut row = row.clone();
            row[name] = json!(value(number));
            row
        }));
    };
    rows(&mut state["personas"], &persona, "id", &|number| format!("00000000-0000-4000-8000-{number:012x}"));
    rows(&mut state["credentials"], &credential, "token", &|number| format!("vm_{number}"));
    mock.default_sandbox().put_state_of("crud", &state).expect("a state");
    mock
}

#[test]
fn a_row_is_changed_in_the_same_time_among_few_and_among_many() {
    let cost = |many: usize| {
        let mock = with_rows(many);
        let sandbox = mock.default_sandbox();
        let fastest = (0..20).map(|number| {
            let watch = Stopwatch::start();
            let patch = json!({"tagline": number});
            assert!(sandbox.patch_row("crud", "personas", DAVE, None, &patch).is_err(), "a tagline is a text");
            let patch = json!({"tagline": number.to_string()});
            sandbox.patch_row("crud", "personas", DAVE, None, &patch).expect("a row");
            let said =
                sandbox.delete_row("crud", "projects", DEVFLOW, None).expect_err("it is referred to").to_string();
            assert!(said.contains(" more;"), "{said}");
            let place = (many / 2).to_string();
            let row = sandbox.row("crud", "credentials", &place).expect("a row");
            sandbox.patch_row("crud", "credentials", &place, Some(&row.etag), &json!({"note": "x"})).expect("a row");
            watch.elapsed()
        });
        fastest.min().expect("a time")
    };
    let (few, many) = (cost(100), cost(10_000));
    assert!(many < few * 5 + Duration::from_millis(2), "{few:?} among 100, {many:?} among 10,000");
}
