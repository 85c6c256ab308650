//! Parameters, fields and values: what of an exchange fills which cell.

use persona_mock::api::{Coverage, CoverageAxis, CoverageLevel};
use persona_mock::mock::{CallRequest, Cut, Fault, Mock, PersonaMock, Sandbox};

use super::{asked, builder, cells, columns, counted, of_axis, send};

const PERSONA: &str = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb";

fn fields() -> PersonaMock {
    builder(CoverageLevel::Fields).build().expect("a mock")
}

/// What one request fills, statuses and answers apart.
fn filled(sandbox: &Sandbox, request: CallRequest) -> (u16, Vec<(String, [u64; 3])>) {
    sandbox.forget_coverage().expect("it forgets");
    let status = sandbox.call(request).expect("an answer").status();
    let coverage = sandbox.coverage().expect("its own");
    let is_asked = |axis| {
        use CoverageAxis::{AnswerFields, Operations, Statuses, Transport};
        !matches!(axis, AnswerFields | Operations | Statuses | Transport)
    };
    let asked: Vec<_> = cells(&coverage).filter(|(_, _, cell)| is_asked(cell.axis)).collect();
    let filled = asked.iter().filter(|(_, _, cell)| cell.exercised + cell.refused + cell.injected > 0);
    let shown = filled.map(|(_, _, cell)| (cell.name.clone(), [cell.exercised, cell.refused, cell.injected]));
    (status, shown.collect())
}

#[track_caller]
fn check(sandbox: &Sandbox, (method, target, body): (&str, &str, &str), status: u16, expected: &[(&str, [u64; 3])]) {
    let (found, cells) = filled(sandbox, asked(method, target, body));
    let cells: Vec<_> = cells.iter().map(|(name, columns)| (&**name, *columns)).collect();
    let mut expected = expected.to_vec();
    // A credential in a header field is a parameter like others, where a document says so.
    let mut cells: Vec<_> = cells.into_iter().filter(|(name, _)| !name.starts_with("header.")).collect();
    cells.sort_unstable();
    expected.sort_unstable();
    assert_eq!((found, cells), (status, expected), "{method} {target} {body}");
}

const TAKEN: [u64; 3] = [1, 0, 0];
const REFUSED: [u64; 3] = [0, 1, 0];
const INJECTED: [u64; 3] = [0, 0, 1];

#[test]
fn a_body_of_json_fills_what_it_has_values_nulls_and_lists() {
    let mock = fields();
    let sandbox = mock.sandbox("t1");
    check(
        &sandbox,
        ("PUT", PERSONA, r#"{"name": "A", "role": null, "knowledge_level": "expert", "junk": {"name": 1}}"#),
        200,
        &[
            ("path.id", TAKEN),
            ("$.name", TAKEN),
            ("$.role null", TAKEN),
            ("$.knowledge_level", TAKEN),
            ("$.knowledge_level=expert", TAKEN),
        ],
    );
    check(
        &sandbox,
        ("PUT", PERSONA, r#"{"name": "A", "knowledge_level": "genius"}"#),
        422,
        &[
            ("path.id", REFUSED),
            ("$.name", REFUSED),
            ("$.knowledge_level", REFUSED),
            ("$.knowledge_level refused", REFUSED),
        ],
    );
    check(
        &sandbox,
        (
            "POST",
            "/crud/personas",
            r#"[{"project_id": "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10", "name": "A", "tagline": null}, {"name": 5}]"#,
        ),
        207,
        &[
            ("$[].project_id", REFUSED),
            ("$[].name", REFUSED),
            ("$[].tagline null", REFUSED),
            ("$[].project_id refused", REFUSED),
            ("$[].name refused", REFUSED),
        ],
    );
    check(
        &sandbox,
        (
            "POST",
            "/crud/personas",
            r#"{"project_id": "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10", "name": "A", "tagline": null}"#,
        ),
        201,
        &[("$.project_id", TAKEN), ("$.name", TAKEN), ("$.tagline null", TAKEN)],
    );
    check(&sandbox, ("POST", "/crud/personas", "no JSON"), 400, &[]);
}

#[test]
fn parameters_are_sent_sent_without_a_value_and_refused() {
    let mock = fields();
    let sandbox = mock.sandbox("t1");
    check(
        &sandbox,
        ("GET", "/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee&limit=2&offset=", ""),
        422,
        &[
            ("query.team_id", REFUSED),
            ("query.limit", REFUSED),
            ("query.offset null", REFUSED),
            ("query.offset refused", REFUSED),
        ],
    );
    check(
        &sandbox,
        ("GET", "/v1/personas/?limit=2", ""),
        422,
        &[("query.limit", REFUSED), ("query.team_id refused", REFUSED)],
    );
    check(
        &sandbox,
        ("GET", "/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee&limit=2&limit=2&nonsense=1", ""),
        200,
        &[("query.team_id", TAKEN), ("query.limit", TAKEN)],
    );
    check(&sandbox, ("GET", "/v1/personas/no-id", ""), 422, &[("path.id", REFUSED), ("path.id refused", REFUSED)]);
    let listed = "/v2/people?accountId=F50091&status=active,created&roleNames=Admin&status=";
    check(
        &sandbox,
        ("GET", listed, ""),
        200,
        &[
            ("query.accountId", TAKEN),
            ("query.status", TAKEN),
            ("query.status null", TAKEN),
            ("query.status=active", TAKEN),
            ("query.status=created", TAKEN),
            ("query.roleNames", TAKEN),
            ("query.roleNames=Admin", TAKEN),
        ],
    );
    // Letter case does not count where the vendor's own does not.
    check(
        &sandbox,
        ("PUT", "/api/personas/188", r#"{"NAME": "A"}"#),
        200,
        &[("path.PersonaID", TAKEN), ("$.Name", TAKEN)],
    );
}

#[test]
fn a_form_and_nested_fields_fill_their_cells() {
    let mock = fields();
    let sandbox = mock.sandbox("t1");
    let form = CallRequest::post("/v2/people?accountId=F50091")
        .header("Authorization", "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body("firstName=Ann&lastName=");
    let (_, found) = filled(&sandbox, form);
    let names: Vec<_> = found.iter().map(|(name, _)| &**name).collect();
    assert!(names.contains(&"$.firstName") && names.contains(&"$.lastName null"), "{names:?}");
    let nested = r#"{"name": "A", "access_permissions": {"privilege_level": "Admin", "data_access_scope": null}}"#;
    let (_, found) = filled(&sandbox, asked("PUT", PERSONA, nested));
    let names: Vec<_> = found.iter().map(|(name, _)| &**name).collect();
    assert!(names.contains(&"$.access_permissions.privilege_level"), "{names:?}");
    assert!(names.contains(&"$.access_permissions.data_access_scope null"), "{names:?}");
}

#[test]
fn what_a_fault_answers_in_the_vendors_place_is_injected() {
    let mock = fields();
    let sandbox = mock.sandbox("t1");
    let body = r#"{"name": "A"}"#;
    let wants = asked("PUT", PERSONA, body).header("Prefer", "code=409");
    let refused = sandbox.call(wants).expect("an answer");
    assert_eq!(refused.status(), 400, "no such status there");
    sandbox.forget_coverage().expect("it forgets");
    sandbox.set_faults(&[Fault::refuse(503).id("down")]).expect("a rule");
    check(&sandbox, ("PUT", PERSONA, body), 503, &[("path.id", INJECTED), ("$.name", INJECTED)]);
    let coverage = sandbox.coverage().expect("its own");
    assert_eq!(columns(&coverage, "vijil.update_persona", "503"), INJECTED);
    let is_covered = |name: &str| {
        let (_, _, cell) =
            cells(&coverage).find(|(of, _, cell)| *of == "vijil.update_persona" && cell.name == name).expect(name);
        cell.is_covered()
    };
    assert!(is_covered("503") && !is_covered("$.name") && !is_covered("vijil.update_persona"));
}

#[test]
fn of_an_answer_that_is_cut_no_field_counts() {
    let mock = fields();
    let sandbox = mock.sandbox("t1");
    sandbox.set_faults(&[Fault::cut(Cut::HalfBody).id("cut")]).expect("a rule");
    drop(sandbox.call(asked("GET", "/v1/users/me", "")));
    let coverage = sandbox.coverage().expect("its own");
    let counted = |name: &str| columns(&coverage, "vijil.get_user", name);
    assert_eq!((counted("vijil.get_user"), counted("200 $.id")), (INJECTED, [0, 0, 0]));
}

#[test]
fn answers_fill_the_fields_of_their_status() {
    let mock = fields();
    let sandbox = mock.sandbox("t1");
    assert_eq!(send(&sandbox, "GET", "/v1/users/me", ""), 200);
    let coverage = sandbox.coverage().expect("its own");
    let answered = |name: &str| columns(&coverage, "vijil.get_user", name);
    assert_eq!((answered("200 $.id"), answered("200 $.email")), (TAKEN, TAKEN));
    let head = sandbox.call(asked("HEAD", "/v1/users/me", "")).expect("an answer");
    let coverage = sandbox.coverage().expect("its own");
    if head.status() == 200 {
        assert_eq!(columns(&coverage, "vijil.get_user", "200 $.id"), TAKEN, "a HEAD has no body");
    }
}

#[test]
fn at_the_lower_level_no_field_is_counted_and_none_is_shown() {
    let mock = builder(CoverageLevel::Operations).build().expect("a mock");
    assert_eq!(send(&mock.sandbox("t1"), "PUT", PERSONA, r#"{"name": "A"}"#), 200);
    let run = mock.coverage().expect("the run");
    assert_eq!(run.level, CoverageLevel::Operations);
    let others = cells(&run).filter(|(_, _, cell)| {
        use CoverageAxis::{Operations, Statuses, Transport};
        !matches!(cell.axis, Operations | Statuses | Transport)
    });
    assert_eq!(others.count(), 0);
    assert_eq!(counted(&run).len(), 2);
}

#[test]
fn a_document_has_a_cell_for_each_thing_that_a_suite_may_exercise() {
    let run = fields().coverage().expect("the run");
    let all = |axis| of_axis(&run, axis);
    assert_eq!((all(CoverageAxis::Operations), all(CoverageAxis::Transport)), (40, 200));
    assert!(all(CoverageAxis::Statuses) > 200, "{}", all(CoverageAxis::Statuses));
    assert_eq!(all(CoverageAxis::RequestFields), all(CoverageAxis::RequestNulls));
    assert_eq!(all(CoverageAxis::RequestFields), all(CoverageAxis::RequestRefusals));
    assert_eq!(all(CoverageAxis::Parameters), all(CoverageAxis::ParameterRefusals));
    let paths =
        cells(&run).filter(|(_, _, cell)| cell.axis == CoverageAxis::Parameters && cell.name.starts_with("path."));
    assert_eq!(all(CoverageAxis::Parameters), all(CoverageAxis::ParameterNulls) + paths.count());
    assert!(all(CoverageAxis::EnumValues) < 100 && all(CoverageAxis::EnumValues) > 60);
    for operation in run.documents.iter().flat_map(|document| &document.operations) {
        let mut names: Vec<_> = operation.cells.iter().map(|cell| &cell.name).collect();
        let many = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), many, "{} {}: no two cells have one name", operation.operation, operation.method);
        assert_eq!(operation.cells[0].axis, CoverageAxis::Operations);
        assert!(operation.cells.is_sorted_by_key(|cell| match cell.axis {
            CoverageAxis::Operations => 0,
            CoverageAxis::Statuses => 1,
            CoverageAxis::Transport => 2,
            _ => 3,
        }));
    }
    let _: &Coverage = &run;
}
