//! The calls that are measured: one of each kind that the suites of users make, on the embedded fixtures.

/// A request, and what its answer may cost.
#[derive(Clone)]
pub struct Call {
    pub name: &'static str,
    pub method: &'static str,
    pub target: String,
    /// Whole header lines, each with its line end.
    pub head: &'static str,
    pub body: &'static str,
    pub status: u16,
    /// User instructions above the static program's.
    pub goal: Option<i64>,
}

pub const VIJIL: &str = "Authorization: Bearer vijil-owner-token\r\n";
const VIJIL_T1: &str = "Authorization: Bearer vijil-owner-token\r\nX-Mock-Sandbox: t1\r\n";
const VIJIL_SUFFIX: &str = "Authorization: Bearer vijil-owner-token+sandbox.t1\r\n";
pub const AXERO: &str = "Authorization: Bearer axero-owner-alice\r\n";
pub const CRUD: &str = "Authorization: Bearer vm_RobinOwnsDevflow000000000001\r\n";
pub const EQUALS_MONEY: &str = "Authorization: ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a\r\n";

pub const VIJIL_ONE: &str =
    "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee";
/// A change names no team: what it would say there is passed over, and told.
const VIJIL_CHANGED: &str = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb";
const EQUALS_MONEY_ONE: &str = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091";

fn get(name: &'static str, target: &str, head: &'static str, goal: i64) -> Call {
    Call { name, method: "GET", target: target.to_owned(), head, body: "", status: 200, goal: Some(goal) }
}

impl Call {
    fn sends(self, method: &'static str, body: &'static str) -> Self {
        Self { method, body, ..self }
    }

    fn refused(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

/// Reads of one record.
pub fn reads() -> Vec<Call> {
    vec![
        get("Vijil: GET one", VIJIL_ONE, VIJIL, 14_000),
        get("Axero: GET one", "/api/personas/188", AXERO, 20_000),
        get("CRUD: GET one", "/crud/personas?id=5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01", CRUD, 20_000),
        get("Equals Money: GET a list of one", "/v2/people?accountId=F50091&limit=1", EQUALS_MONEY, 20_000),
    ]
}

/// Changes of one record.
pub fn writes() -> Vec<Call> {
    let crud = r#"{"id": "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01", "name": "New name"}"#;
    vec![
        get("Vijil: PUT", VIJIL_CHANGED, VIJIL, 45_000).sends("PUT", r#"{"name": "New name"}"#),
        get("Axero: PUT", "/api/personas/188", AXERO, 60_000).sends("PUT", r#"{"Name": "Power user"}"#),
        get("CRUD: PUT", "/crud/personas", CRUD, 60_000).sends("PUT", crud),
        get("Equals Money: PATCH", EQUALS_MONEY_ONE, EQUALS_MONEY, 45_000)
            .sends("PATCH", r#"{"marketingEmailsPreference": true}"#),
    ]
}

/// What is wrong, and told.
pub fn refusals() -> Vec<Call> {
    let unknown = "/v1/persona/d829a422-f29b-4a56-a473-794ce2da0ebb";
    vec![
        get("Vijil: an unknown path, with its hint", unknown, VIJIL, 45_000).refused(404),
        get("Vijil: 422", VIJIL_CHANGED, VIJIL, 35_000).sends("PUT", r#"{"name": 5}"#).refused(422),
    ]
}

/// The same read, in a sandbox that is named in three ways.
pub fn sandboxes() -> Vec<Call> {
    let by_url = format!("/_sandbox/t1{VIJIL_ONE}");
    vec![
        get("… in a sandbox, by its URL", &by_url, VIJIL, 15_000),
        get("… by a header field", VIJIL_ONE, VIJIL_T1, 15_000),
        get("… by the credential", VIJIL_ONE, VIJIL_SUFFIX, 15_000),
    ]
}

/// Pages of 100 of a list of 1,000.
pub fn pages() -> Vec<Call> {
    vec![
        get(
            "Vijil: a page of 100",
            "/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee&limit=100&offset=300",
            VIJIL,
            200_000,
        ),
        get("Axero: a page of 100", "/api/personas?StartPage=3&PageLength=100", AXERO, 200_000),
        get("CRUD: a page of 100", "/crud/personas?limit=100&offset=300", CRUD, 200_000),
        get("Equals Money: a page of 100", "/v2/people?accountId=F50091&limit=100&offset=300", EQUALS_MONEY, 200_000),
    ]
}
