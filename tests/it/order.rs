//! Lists under a frozen clock: where times tie, the order in which records were made decides, whatever the
//! seed; and in a fixture the order of the file.

use std::collections::BTreeSet;

use persona_mock::internals::Setup;
use persona_mock::provider::Seed;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::{Asked, TestServer, server};

/// How a test makes, lists, changes and deletes the records of a vendor.
struct Vendor {
    id: &'static str,
    newest_first: bool,
    create: fn(&str) -> Asked,
    /// Every list that shows what `create` made, without its page.
    lists: &'static [&'static str],
    /// The query of the page with this number that has one row.
    page: fn(usize) -> String,
    /// Where an answer has its rows.
    rows: &'static str,
    /// Where a row has its name, and where its id.
    members: [&'static str; 2],
    touch: fn(&str) -> Asked,
    delete: Option<fn(&str) -> Asked>,
    batch: Option<fn(&[String]) -> Asked>,
}

const PROJECT: &str = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10";
const TEAM: &str = "c58aea71-3861-4f28-b8c4-20832a2f22ee";

fn call(method: &str, target: &str, credential: &str, body: &Value) -> Asked {
    let asked = Asked::new(method, target).header("Authorization", credential);
    if body.is_null() { asked } else { asked.json(&body.to_string()) }
}

fn axero(method: &str, target: &str, body: &Value) -> Asked {
    call(method, target, "Bearer x", body)
}

fn equals_money(method: &str, target: &str, body: &Value) -> Asked {
    call(method, target, "ApiKey 00000000-0000-4000-8000-000000000000", body)
}

fn vijil(method: &str, target: &str, body: &Value) -> Asked {
    call(method, target, "Bearer x", body)
}

fn crud(method: &str, target: &str, body: &Value) -> Asked {
    call(method, target, "Bearer vm_x", body)
}

fn crud_row(name: &str) -> Value {
    json!({"project_id": PROJECT, "name": name, "tagline": "made"})
}

static VENDORS: [Vendor; 4] = [
    Vendor {
        id: "axero",
        newest_first: false,
        create: |name| axero("POST", "/api/personas", &json!({"Name": name})),
        lists: &["/api/personas?"],
        page: |number| format!("PageSize=1&StartPage={}", number + 1),
        rows: "/ResponseData",
        members: ["/Name", "/PersonaID"],
        touch: |id| axero("PUT", &format!("/api/personas/{id}"), &json!({"IsEnabled": true})),
        delete: Some(|id| axero("DELETE", &format!("/api/personas/{id}"), &Value::Null)),
        batch: None,
    },
    Vendor {
        id: "equals_money",
        newest_first: false,
        create: |name| {
            let email = format!("{}@made.example", name.replace(' ', "."));
            let body = json!({"accountId": "F50091", "firstName": name, "lastName": "Last", "roleName": "User", "emailAddress": email});
            equals_money("POST", "/v2/people", &body)
        },
        lists: &["/v2/people?accountId=F50091&", "/v2/people?accountId=F50091&search=Last&"],
        page: |number| format!("limit=1&offset={number}"),
        rows: "/rows",
        members: ["/firstName", "/id"],
        touch: |id| equals_money("PATCH", &format!("/v2/people/{id}"), &json!({"accountId": "F50091", "gender": "x"})),
        delete: None,
        batch: None,
    },
    Vendor {
        id: "vijil",
        newest_first: true,
        create: |name| vijil("POST", "/v1/personas/", &json!({"team_id": TEAM, "name": name, "role": "made"})),
        lists: &[
            "/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee&",
            "/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee&search=made&",
        ],
        page: |number| format!("limit=1&offset={number}"),
        rows: "/results",
        members: ["/name", "/id"],
        touch: |id| vijil("PUT", &format!("/v1/personas/{id}"), &json!({"description": "touched"})),
        delete: Some(|id| vijil("DELETE", &format!("/v1/personas/{id}"), &Value::Null)),
        batch: None,
    },
    Vendor {
        id: "crud",
        newest_first: true,
        create: |name| crud("POST", "/crud/personas", &crud_row(name)),
        lists: &[
            "/crud/personas?",
            "/crud/personas?project_id=3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10&",
            "/crud/personas?search=made&",
        ],
        page: |number| format!("limit=1&offset={number}"),
        rows: "/personas",
        members: ["/name", "/id"],
        touch: |id| crud("PUT", "/crud/personas", &json!({"id": id, "user_role": "touched"})),
        delete: Some(|id| crud("DELETE", &format!("/crud/personas?id={id}"), &Value::Null)),
        batch: Some(|names| {
            crud("POST", "/crud/personas", &names.iter().map(|name| crud_row(name)).collect::<Value>())
        }),
    },
];

/// A record that a test made.
#[derive(Debug, Clone, PartialEq)]
struct Made {
    name: String,
    id: String,
}

impl Vendor {
    /// The largest page: no vendor refuses it, and the fixtures have less.
    fn rows(&self, server: &TestServer, prefix: &str, list: &str) -> Vec<Made> {
        let size = if self.id == "axero" { "PageSize=100" } else { "limit=100" };
        self.page_of(server, prefix, &format!("{list}{size}"))
    }

    fn page_of(&self, server: &TestServer, prefix: &str, target: &str) -> Vec<Made> {
        let headers = (self.create)("x").headers;
        let credential = headers.into_iter().find(|(name, _)| name == "Authorization").expect("a credential");
        let answer =
            server.send_unjudged(&Asked::new("GET", &format!("{prefix}{target}")).header(&credential.0, &credential.1));
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        let json = answer.json();
        let rows = json.pointer(self.rows).and_then(Value::as_array).expect("rows");
        let text = |row: &Value, member: &str| match row.pointer(member).expect("a member") {
            Value::String(text) => text.clone(),
            number => number.to_string(),
        };
        let [name, id] = self.members;
        rows.iter().map(|row| Made { name: text(row, name), id: text(row, id) }).collect()
    }

    /// Every list shows the records that a test made as `made`, in the order of making, says.
    fn check(&self, server: &TestServer, prefix: &str, made: &[String], after: &str) {
        let mut expected = made.to_vec();
        if self.newest_first {
            expected.reverse();
        }
        for list in self.lists {
            let all = self.rows(server, prefix, list);
            let shown: Vec<_> = all.into_iter().map(|row| row.name).filter(|name| name.starts_with("Made ")).collect();
            assert_eq!(shown, expected, "{} {list} after {after}", self.id);
        }
    }
}

fn control(server: &TestServer, method: &str, target: &str, body: &str) -> String {
    let answer = server.send_unjudged(&Asked::new(method, target).json(body));
    assert!(answer.status < 300, "{method} {target}: {}", answer.text());
    answer.text()
}

fn at_seed(seed: u64) -> TestServer {
    TestServer::start(&Setup { seed: Seed(seed), ..server::setup() })
}

#[test]
fn eight_personas_are_listed_in_the_order_of_their_making_at_every_seed() {
    for seed in [0, 1, 42] {
        let server = at_seed(seed);
        for vendor in &VENDORS {
            let made: Vec<_> = ('A'..='H').map(|letter| format!("Made {letter}")).collect();
            for name in &made {
                assert!(server.send(&(vendor.create)(name)).status < 300, "{}", vendor.id);
            }
            vendor.check(&server, "", &made, &format!("eight creates at seed {seed}"));
            let whole = vendor.rows(&server, "", vendor.lists[0]);
            let single = (0..whole.len()).map(|number| format!("{}{}", vendor.lists[0], (vendor.page)(number)));
            let paged: Vec<_> = single.flat_map(|target| vendor.page_of(&server, "", &target)).collect();
            assert_eq!(paged, whole, "{}: pages of one", vendor.id);

            let third = whole.iter().find(|row| row.name == "Made C").expect("C").id.clone();
            assert_eq!(server.send(&(vendor.touch)(&third)).status, 200);
            vendor.check(&server, "", &made, "a change, which moves no record");

            let state = format!("/_mock/state/{}", vendor.id);
            let exported = control(&server, "GET", &state, "");
            control(&server, "PUT", "/_mock/snapshots/eight", "");
            let fork =
                json!({"seed": 7, "fixtures": {vendor.id: serde_json::from_str::<Value>(&exported).expect("JSON")}});
            control(&server, "PUT", "/_mock/sandboxes/other", &fork.to_string());
            vendor.check(&server, "/_sandbox/other", &made, "an export that another sandbox loads");

            assert!(server.send(&(vendor.create)("Made I")).status < 300);
            let nine = [made.clone(), vec!["Made I".to_owned()]].concat();
            vendor.check(&server, "", &nine, "a ninth");
            control(&server, "PUT", &state, &exported);
            vendor.check(&server, "", &made, "an export that is put back");
            assert_eq!(control(&server, "GET", &state, ""), exported, "{}: an export of what was loaded", vendor.id);
            assert!(server.send(&(vendor.create)("Made I")).status < 300);
            vendor.check(&server, "", &nine, "a ninth after an export");
            control(&server, "POST", "/_mock/snapshots/eight/restore", "");
            vendor.check(&server, "", &made, "a snapshot");
        }
    }
}

#[test]
fn the_later_item_of_a_batch_was_made_later() {
    for seed in [0, 1, 42] {
        let server = at_seed(seed);
        let vendor = &VENDORS[3];
        let batch = vendor.batch.expect("batches");
        let names = |letters: std::ops::RangeInclusive<char>| letters.map(|letter| format!("Made {letter}")).collect();
        let (first, second): (Vec<_>, Vec<_>) = (names('A'..='D'), names('E'..='H'));
        for (batch, status) in [(batch(&first), 201), (batch(&second), 201)] {
            assert_eq!(server.send(&batch).status, status);
        }
        vendor.check(&server, "", &[first, second].concat(), "two batches");
    }
}

/// What a client, or a test beside it, does next.
#[derive(Debug, Clone)]
enum Step {
    Create,
    Batch(usize),
    Touch(usize),
    Delete(usize),
    /// An export that is loaded.
    Reload,
    Seed(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Create),
        1 => (1..4usize).prop_map(Step::Batch),
        1 => (0..8usize).prop_map(Step::Touch),
        2 => (0..8usize).prop_map(Step::Delete),
        1 => Just(Step::Reload),
        1 => any::<u32>().prop_map(|seed| Step::Seed(seed.into())),
    ]
}

fn take(server: &TestServer, vendor: &Vendor, step: &Step, made: &mut Vec<String>, count: &mut usize) {
    let mut next = || {
        *count += 1;
        format!("Made {count}")
    };
    let id = |name: &String| {
        let rows = vendor.rows(server, "", vendor.lists[0]);
        rows.into_iter().find(|row| row.name == *name).expect("a record").id
    };
    match step {
        Step::Create => {
            let name = next();
            assert!(server.send(&(vendor.create)(&name)).status < 300);
            made.push(name);
        }
        Step::Batch(size) => {
            let Some(batch) = vendor.batch else { return };
            let names: Vec<_> = (0..*size).map(|_| next()).collect();
            assert_eq!(server.send(&batch(&names)).status, 201);
            made.extend(names);
        }
        Step::Touch(at) => {
            let Some(name) = made.get(*at) else { return };
            assert_eq!(server.send(&(vendor.touch)(&id(name))).status, 200);
        }
        Step::Delete(at) => {
            let (Some(delete), Some(name)) = (vendor.delete, made.get(*at)) else { return };
            assert!(server.send(&delete(&id(name))).status < 300);
            made.remove(*at);
        }
        Step::Reload => {
            let state = format!("/_mock/state/{}", vendor.id);
            let exported = control(server, "GET", &state, "");
            control(server, "PUT", &state, &exported);
        }
        Step::Seed(seed) => {
            control(server, "PUT", "/_mock/seed", &json!({"seed": seed}).to_string());
        }
    }
}

#[test]
fn any_sequence_of_changes_leaves_lists_in_the_order_of_making() {
    let server = TestServer::start(&server::setup());
    let config = ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let steps = proptest::collection::vec(step(), 1..16);
    let outcome = runner.run(&steps, |steps| {
        server.reset();
        for vendor in &VENDORS {
            let (mut made, mut count) = (Vec::new(), 0);
            for step in &steps {
                take(&server, vendor, step, &mut made, &mut count);
                vendor.check(&server, "", &made, &format!("{step:?} of {steps:?}"));
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// A fixture in which every record of a list has the same time, and the ids of that list in the file's order.
fn tied(server: &TestServer, vendor: &str, list: &str, times: [&str; 2], at: &Value, backwards: bool) -> Vec<String> {
    let state = format!("/_mock/state/{vendor}");
    let mut fixture: Value = serde_json::from_str(&control(server, "GET", &state, "")).expect("JSON");
    let rows = fixture[list].as_array_mut().expect("a list");
    for row in rows.iter_mut() {
        for time in times {
            row[time] = at.clone();
        }
    }
    if backwards {
        rows.reverse();
    }
    let ids = rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect();
    control(server, "PUT", &state, &fixture.to_string());
    ids
}

#[test]
fn ties_of_a_fixture_stand_in_the_order_of_the_file() {
    let cases = [
        (
            "equals_money",
            "people",
            ["createdAt", "updatedAt"],
            json!("2020-01-01T00:00:00Z"),
            &VENDORS[1].lists[..1],
            1,
        ),
        ("vijil", "personas", ["created_at", "updated_at"], json!(1_700_000_000), &VENDORS[2].lists[..1], 2),
        (
            "vijil",
            "presets",
            ["created_at", "updated_at"],
            json!(1_700_000_000),
            &["/v1/personas/presets/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee&"][..],
            2,
        ),
        ("crud", "personas", ["created_at", "updated_at"], json!("now-1d"), &VENDORS[3].lists[..2], 3),
    ];
    for (provider, list, times, at, targets, number) in cases {
        let server = TestServer::start(&server::setup());
        for backwards in [false, true, true] {
            let ids = tied(&server, provider, list, times, &at, backwards);
            for target in targets {
                let shown: Vec<_> = VENDORS[number].rows(&server, "", target).into_iter().map(|row| row.id).collect();
                let there: BTreeSet<_> = shown.iter().cloned().collect();
                let expected: Vec<_> = ids.iter().filter(|id| there.contains(*id)).cloned().collect();
                assert_eq!(shown, expected, "{provider} {list} {target}, backwards: {backwards}");
                assert!(!shown.is_empty());
            }
        }
    }
}

#[test]
fn lists_inside_a_record_keep_the_order_in_which_they_were_sent_or_stand_in_the_file() {
    let server = TestServer::start(&server::setup());
    let conditions: Vec<_> = ('A'..='H').map(|letter| json!({"GroupName": letter})).collect();
    let actions: Vec<_> = ('A'..='H').map(|letter| json!({"ActionValue": letter})).collect();
    let body = json!({"Name": "Made", "PersonaConditions": conditions, "PersonaActions": actions});
    let made = server.send(&axero("POST", "/api/personas", &body)).json()["ResponseData"].clone();
    for (list, member) in [("PersonaConditions", "GroupName"), ("PersonaActions", "ActionValue")] {
        let shown: String =
            made[list].as_array().expect("a list").iter().map(|row| row[member].as_str().expect("a text")).collect();
        assert_eq!(shown, "ABCDEFGH", "{list}");
    }
    let teams = |server: &TestServer| -> Vec<String> {
        let teams = server.send(&vijil("GET", "/v1/users/me/teams", &Value::Null)).json();
        let names = teams.as_array().expect("a list").iter().map(|team| team["id"].as_str().expect("an id").to_owned());
        names.collect()
    };
    let before = teams(&server);
    assert!(before.len() > 1);
    let mut fixture: Value = serde_json::from_str(&control(&server, "GET", "/_mock/state/vijil", "")).expect("JSON");
    fixture["memberships"].as_array_mut().expect("a list").reverse();
    control(&server, "PUT", "/_mock/state/vijil", &fixture.to_string());
    assert_eq!(teams(&server), before.into_iter().rev().collect::<Vec<_>>());
}
