//! What of a request Zod strips and the handlers do not look at, and what an answer says of it.

use super::Crud;
use crate::provider::asking::Asking;
use crate::provider::register;

const ID: &str = "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c05";
const NEW: &str = r#""project_id":"3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10","name":"A""#;

fn asking() -> Asking {
    Asking::of(register(Crud), "Bearer vm_anything")
}

fn hint(response: &crate::provider::Response) -> Option<&str> {
    let hints = response.headers().iter().filter(|(name, _)| name == "x-mock-hint");
    hints.map(|(_, value)| value.to_str().expect("ASCII")).next()
}

#[test]
fn what_is_right_is_not_passed_over() {
    let asking = asking();
    let check = |method, target: &str, body: &str, status| {
        asking.check((method, target, body), status, (None, 0));
        assert_eq!(hint(&asking.ask(method, target, body)), None, "{method} {target} {body}");
    };
    let one = format!("/crud/personas?id={ID}&search=&limit=");
    let all = r#""name":"A","user_role":null,"tagline":"x","avatar_description":"x","demographics":{"anything":[{"id":1}]},
        "psychographics":{},"behavioral_patterns":null,"goals_and_needs":null,"pain_points":null,"narrative":null,
        "product_specific":{"a":{"b":1}},"communication_preferences":null,"persona_data":{}"#;
    check("GET", "/crud/personas?limit=0x1&offset=1e0&limit=0x1&search=&project_id=&search=", "", 200);
    check("GET", "/crud/personas?projectId=3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10", "{}", 200);
    check("GET", &one, "", 200);
    check("DELETE", &one, "null", 200);
    check("DELETE", "/crud/personas", &format!(r#"{{"id":"{ID}"}}"#), 200);
    check("DELETE", "/crud/personas", &format!(r#"[{{"id":"{ID}"}}]"#), 200);
    check("PUT", "/crud/personas", &format!(r#"{{"id":"{ID}",{all}}}"#), 200);
    check("PATCH", "/crud/personas", &format!(r#"[{{"id":"{ID}",{all}}}]"#), 200);
    check("POST", "/crud/personas", &format!("{{{NEW}}}"), 201);
    check("POST", "/crud/personas", &format!(r#"{{"project_id":"3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10",{all}}}"#), 201);
}

#[test]
fn members_that_zod_strips_are_noted_whatever_the_answer() {
    let asking = asking();
    let check = |method, body: String, status, first, count| {
        asking.check((method, "/crud/personas", &body), status, (Some(first), count));
    };
    check("POST", format!(r#"{{{NEW},"colour":1,"createdAt":{{"a":1}},"created_at":null}}"#), 201, "$.colour", 3);
    check("POST", format!(r#"{{"id":"{ID}",{NEW}}}"#), 201, "$.id", 1);
    check("POST", r#"{"projectId":"a","name":1}"#.to_owned(), 400, "$.projectId", 1);
    check("POST", format!(r#"{{"personas":[{{{NEW}}}]}}"#), 400, "$.personas", 1);
    check("POST", format!(r#"{{{NEW},"__proto__":1}}"#), 201, "$.__proto__", 1);
    check("POST", format!(r#"{{{NEW},"\ud800":1}}"#), 201, "$.\u{fffd}\u{fffd}\u{fffd}", 1);
    check("PUT", format!(r#"{{"id":"{ID}","userRole":"x"}}"#), 200, "$.userRole", 1);
    check("PUT", format!(r#"{{"id":"{ID}","age_range":"x","updated_at":null}}"#), 200, "$.age_range", 2);
    check("PUT", format!(r#"{{"ID":"{ID}","tagline":"x"}}"#), 400, "$.ID", 1);
    check("PUT", r#"{"id":"00000000-0000-4000-8000-000000000000","colour":1}"#.to_owned(), 404, "$.colour", 1);
    check("DELETE", format!(r#"{{"id":"{ID}","force":true}}"#), 200, "$.force", 1);
    check("DELETE", r#"{"persona_id":"x"}"#.to_owned(), 400, "$.persona_id", 1);
    check("POST", format!(r#"[{{{NEW}}},{{{NEW},"nme":1}},{{"id":"x",{NEW}}}]"#), 201, "$[1].nme", 2);
    check("PUT", format!(r#"[{{"id":"{ID}"}},{{"id":"x","a":1}},{{"b":1}},7]"#), 207, "$[1].a", 2);
    check("DELETE", format!(r#"[{{"id":"{ID}","tagline":"x"}}]"#), 200, "$[0].tagline", 1);
}

#[test]
fn parameters_and_bodies_that_no_handler_looks_at_are_noted() {
    let asking = asking();
    let one = format!("/crud/personas?id={ID}");
    let check = |method, target: &str, body: &str, status, first, count| {
        asking.check((method, target, body), status, (Some(first), count));
    };
    check("GET", "/crud/personas?limit=1&page=2&sort=", "", 200, "query.page", 2);
    check("GET", "/crud/personas?limit=1&limit=2&limit=3&search[]=x", "", 200, "query.limit", 3);
    check("GET", "/crud/personas?search=&search=x", "", 200, "query.search", 1);
    check("GET", "/crud/personas?limit=0&page=2", "", 400, "query.page", 1);
    check("GET", "/crud/personas", r#"{"limit":1}"#, 200, "$", 1);
    check("GET", &format!("{one}&search=x&expand=1"), "", 200, "query.expand", 2);
    check("GET", &format!("{one}&projectId=x&project_id=x&limit=0&offset=a"), "{\"a\":1}", 200, "query.project_id", 5);
    check("GET", "/crud/personas?id=x&search=y", "", 400, "query.search", 1);
    check("DELETE", &format!("{one}&limit=1"), r#"[{"id":"x"}]"#, 200, "query.limit", 2);
    check("DELETE", "/crud/personas?force=1", &format!(r#"{{"id":"{ID}"}}"#), 200, "query.force", 1);
    check("DELETE", "/crud/personas?force=1", "", 400, "query.force", 1);
    check("DELETE", "/crud/personas?force=1", &format!(r#"[{{"id":"{ID}"}}]"#), 200, "query.force", 1);
    check("PUT", &one, r#"{"tagline":"x"}"#, 400, "query.id", 1);
    check("POST", "/crud/personas?project_id=a", &format!(r#"{{{NEW},"a":1}}"#), 201, "query.project_id", 2);
    check("POST", "/crud/personas?dry=1", "{", 400, "query.dry", 1);
}

#[test]
fn names_that_are_known_and_have_no_effect_have_a_hint() {
    let asking = asking();
    let check = |method, target: &str, body: &str, expected: Option<&str>| {
        assert_eq!(hint(&asking.ask(method, target, body)), expected, "{method} {target} {body}");
    };
    let one = format!("/crud/personas?id={ID}");
    let twice = "limit is sent more than once: the first one counts, the others are ignored";
    check("GET", "/crud/personas?limit=1&limit=2", "", Some(twice));
    check("GET", "/crud/personas?Limit=1&limit=1&limit=2", "", Some("Limit is ignored: send limit"));
    check("GET", &format!("{one}&search=x"), "", Some("search is ignored where one persona is meant"));
    check("DELETE", &format!("{one}&offset=x"), "", Some("offset is ignored where one persona is meant"));
    check("GET", &format!("{one}&page=1"), "", None);
    let own = "id is ignored where a persona is made: the vendor chooses it";
    check("POST", "/crud/personas", &format!(r#"{{{NEW},"id":"{ID}"}}"#), Some(own));
    check("POST", "/crud/personas", &format!(r#"[{{{NEW}}},{{{NEW},"id":null}}]"#), Some(own));
    check("POST", "/crud/personas", &format!(r#"{{{NEW},"id ":1,"a.id":1}}"#), None);
}

#[test]
fn the_first_item_of_a_batch_that_failed_is_told_in_plain_words() {
    let asking = asking();
    let check = |method, body: &str, expected: &str| {
        let response = asking.ask(method, "/crud/personas", body);
        let hints = response.headers().iter().filter(|(name, _)| name == "x-mock-hint").count();
        assert_eq!((hint(&response), hints), (Some(expected), 1), "{body}");
        assert!(response.is_refusal(), "{body}: {}", response.status());
    };
    let nobody = "00000000-0000-4000-8000-000000000000";
    check(
        "POST",
        &format!(r#"[{{{NEW}}},{{"project_id":"x"}}]"#),
        "item 1 was refused: project_id is not of the right form; expected a UUID such as \
             3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10",
    );
    check("POST", &format!(r#"[{{{NEW}}},{{"name":"x","id":1}}]"#), "item 1 was refused: project_id is missing");
    check("PUT", r#"[{"tagline":"x"},{}]"#, "item 0 was refused: id is missing; 1 more item was refused");
    check("PUT", r#"[{"id":""}]"#, "item 0 was refused: id is required");
    let gone = "item 0 was refused: no persona has its id; 2 more items were refused";
    check("DELETE", &format!(r#"[{{"id":"{nobody}"}},1,{{}}]"#), gone);
    let wanted = "expected an object such as {\"id\": \"...\"}";
    check("DELETE", r#"["x"]"#, &format!("item 0 is a string; {wanted}"));
    check(
        "DELETE",
        &format!(r#"[{{"id":"{ID}"}},null,[]]"#),
        &format!("item 1 is null; {wanted}; 1 more item was refused"),
    );
}
