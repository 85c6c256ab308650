//! Forty requests, counted by hand.

use persona_mock::api::CoverageLevel;
use persona_mock::mock::{Fault, Mock};

use super::{asked, builder, counted};

/// The persona of each vendor that the script reads and writes.
const VIJIL: &str = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee";
const CRUD: &str = "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c05";
const PEOPLE: &str = "/v2/people?accountId=F50091";

/// Method, target, body, a header field, and the status that comes.
type Step<'a> = (&'a str, &'a str, &'a str, (&'a str, &'a str), u16);

#[test]
fn forty_requests_are_counted_cell_by_cell() {
    let mock = builder(CoverageLevel::Operations).rate_limit("axero", "9/1m").build().expect("a mock");
    let sandbox = mock.sandbox("hand");
    sandbox.set_faults(&[Fault::refuse(500).id("down").operation("vijil.list_teams")]).expect("a rule");
    let one = format!("/crud/personas?id={CRUD}");
    let change = format!(r#"{{"id": "{CRUD}", "tagline": "x"}}"#);
    let batch = format!("[{change}]");
    let script: [Step<'_>; 40] = [
        // Vijil: 14
        ("GET", "/v1/users/me", "", ("", ""), 200),
        ("GET", "/v1/users/me", "", ("", ""), 200),
        ("GET", "/v1/users/me", "", ("Authorization", "Basic x"), 401),
        ("GET", "/v1/users/me", "", ("Prefer", "code=503"), 503),
        ("GET", "/v1/users/me/teams", "", ("", ""), 500),
        ("GET", "/v1/users/me/teams", "", ("Prefer", "code=403"), 403),
        ("PUT", VIJIL, r#"{"name": "A"}"#, ("", ""), 200),
        ("PUT", VIJIL, r#"{"name": ""}"#, ("", ""), 422),
        ("PUT", VIJIL, r#"{"name": 5}"#, ("", ""), 422),
        ("GET", VIJIL, "", ("", ""), 200),
        ("DELETE", VIJIL, "", ("", ""), 204),
        ("GET", VIJIL, "", ("", ""), 404),
        ("GET", "/v1/persona", "", ("", ""), 404),
        ("PATCH", VIJIL, "{}", ("", ""), 405),
        // Axero: 10, the last of which is one too many
        ("GET", "/api/personas/188", "", ("", ""), 200),
        ("GET", "/api/personas/188", "", ("", ""), 200),
        ("GET", "/api/personas", "", ("", ""), 200),
        ("PUT", "/api/personas/188", r#"{"Name": "A"}"#, ("", ""), 200),
        ("PUT", "/api/personas/188", "{", ("", ""), 200),
        ("PUT", "/api/personas/188", r#"{"Name": "A"}"#, ("Content-Type", "text/plain"), 415),
        ("DELETE", "/api/personas/188", "", ("", ""), 200),
        ("GET", "/api/persona", "", ("", ""), 404),
        ("GET", "/api/personas/188", "", ("", ""), 200),
        ("GET", "/api/personas", "", ("", ""), 429),
        // CRUD: 9
        ("GET", "/crud/personas", "", ("", ""), 200),
        ("GET", &one, "", ("", ""), 200),
        ("GET", "/crud/personas?limit=x", "", ("", ""), 400),
        ("PATCH", "/crud/personas", &change, ("", ""), 200),
        ("PUT", "/crud/personas", &change, ("", ""), 200),
        ("PUT", "/crud/personas", &batch, ("", ""), 200),
        ("DELETE", &one, "", ("", ""), 200),
        ("DELETE", &one, "", ("", ""), 404),
        ("OPTIONS", "/crud/personas", "", ("", ""), 204),
        // Equals Money: 4
        ("GET", PEOPLE, "", ("", ""), 200),
        ("GET", "/v2/people", "", ("", ""), 400),
        ("GET", "/v2/roles?accountId=F50091", "", ("", ""), 200),
        ("POST", PEOPLE, "{}", ("", ""), 400),
        // Nobody's: 3
        ("GET", "/nowhere", "", ("", ""), 404),
        ("GET", "/_mock/clock", "", ("Host", "localhost"), 200),
        ("OPTIONS", "/v1/users/me", "", ("Origin", "http://localhost:3000"), 405),
    ];
    for (method, target, body, (name, value), status) in script {
        let mut request = asked(method, target, body);
        if name == "Authorization" || name == "Content-Type" {
            request = persona_mock::mock::CallRequest::new(method, target).header(name, value).body(body.to_owned());
            if name == "Content-Type" {
                request = request.header("Authorization", "Bearer YOUR_TOKEN");
            }
        } else if !name.is_empty() {
            request = request.header(name, value);
        }
        let answer = sandbox.call(request).expect("an answer");
        assert_eq!(answer.status(), status, "{method} {target} {body} {name}: {}", answer.text());
    }
    let coverage = sandbox.coverage().expect("its own");
    let counted = counted(&coverage);
    let found: Vec<_> = counted.iter().map(|(operation, cell, columns)| (&**operation, &**cell, *columns)).collect();
    // Exercised, refused, injected.
    let expected = [
        ("axero.list_personas GET", "axero.list_personas", [1, 0, 1]),
        ("axero.list_personas GET", "200", [1, 0, 0]),
        ("axero.list_personas GET", "429", [0, 0, 1]),
        ("axero.get_persona GET", "axero.get_persona", [2, 1, 0]),
        ("axero.get_persona GET", "200", [2, 1, 0]),
        ("axero.update_persona PUT", "axero.update_persona", [1, 2, 0]),
        // This vendor says so in the body.
        ("axero.update_persona PUT", "200", [1, 1, 0]),
        ("axero.update_persona PUT", "415", [0, 1, 0]),
        ("axero.delete_persona DELETE", "axero.delete_persona", [1, 0, 0]),
        ("axero.delete_persona DELETE", "200", [1, 0, 0]),
        ("equals_money.list_people GET", "equals_money.list_people", [1, 1, 0]),
        ("equals_money.list_people GET", "200", [1, 0, 0]),
        ("equals_money.list_people GET", "400", [0, 1, 0]),
        ("equals_money.create_person POST", "equals_money.create_person", [0, 1, 0]),
        ("equals_money.create_person POST", "400", [0, 1, 0]),
        ("equals_money.list_roles GET", "equals_money.list_roles", [1, 0, 0]),
        ("equals_money.list_roles GET", "200", [1, 0, 0]),
        ("vijil.get_user GET", "vijil.get_user", [2, 1, 1]),
        ("vijil.get_user GET", "200", [2, 0, 0]),
        ("vijil.get_user GET", "401", [0, 1, 0]),
        ("vijil.get_user GET", "503", [0, 0, 1]),
        ("vijil.list_teams GET", "vijil.list_teams", [0, 0, 2]),
        ("vijil.list_teams GET", "403", [0, 0, 1]),
        ("vijil.list_teams GET", "500", [0, 0, 1]),
        ("vijil.get_persona GET", "vijil.get_persona", [1, 1, 0]),
        ("vijil.get_persona GET", "200", [1, 0, 0]),
        ("vijil.get_persona GET", "404", [0, 1, 0]),
        ("vijil.update_persona PUT", "vijil.update_persona", [1, 2, 0]),
        ("vijil.update_persona PUT", "200", [1, 0, 0]),
        ("vijil.update_persona PUT", "422", [0, 2, 0]),
        ("vijil.delete_persona DELETE", "vijil.delete_persona", [1, 0, 0]),
        ("vijil.delete_persona DELETE", "204", [1, 0, 0]),
        ("crud.list_personas GET", "crud.list_personas", [1, 1, 0]),
        ("crud.list_personas GET", "200", [1, 0, 0]),
        ("crud.list_personas GET", "400", [0, 1, 0]),
        ("crud.get_persona GET", "crud.get_persona", [1, 0, 0]),
        ("crud.get_persona GET", "200", [1, 0, 0]),
        ("crud.update_persona PUT", "crud.update_persona", [1, 0, 0]),
        ("crud.update_persona PUT", "200", [1, 0, 0]),
        ("crud.update_personas_batch PUT", "crud.update_personas_batch", [1, 0, 0]),
        ("crud.update_personas_batch PUT", "200", [1, 0, 0]),
        ("crud.update_persona PATCH", "crud.update_persona", [1, 0, 0]),
        ("crud.update_persona PATCH", "200", [1, 0, 0]),
        ("crud.delete_persona DELETE", "crud.delete_persona", [1, 1, 0]),
        ("crud.delete_persona DELETE", "200", [1, 0, 0]),
        ("crud.delete_persona DELETE", "404", [0, 1, 0]),
    ];
    assert_eq!(found, expected);
    assert_eq!(super::counted(&mock.coverage().expect("the run")), counted, "the run is this sandbox");
    let misses: Vec<_> = coverage.near_misses.iter().map(|note| (&*note.what, note.times)).collect();
    assert_eq!(
        misses,
        [
            ("GET /api/persona", 1),
            ("GET /nowhere", 1),
            ("GET /v1/persona", 1),
            ("OPTIONS /v1/users/me", 1),
            ("PATCH /v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb", 1),
        ]
    );
    assert_eq!((coverage.unstruck, coverage.not_looked_at), (vec![], 0));
}
