//! Every error that the vendor answers.

use std::borrow::Cow;

use http::header::{ALLOW, RETRY_AFTER};

use crate::dialects::ecma_json::{Text, TooDeep};
use crate::dialects::zod::Findings;
use crate::provider::credential::Reason;
use crate::provider::{IntoResponse, Options, Refusal, Request, Response, WrongPart};

const JSON: &str = "application/json";

/// What the vendor says about its own business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum VendorError {
    Unauthorized(Reason),
    Forbidden,
    NoRoute,
    PersonaNotFound,
    ProjectNotFound,
    BadRequest,
    InvalidJson,
    IdRequired,
    /// What Zod found; nothing by name where the root is no object.
    Invalid(Findings),
    /// A batch of nothing.
    EmptyBatch,
    /// The vendor's runtime could not print its answer.
    TooDeep(TooDeep),
}

impl VendorError {
    /// What is said of a `project_id` that differs from the persona's.
    pub(super) const PROJECT_STAYS: &'static str = "project_id cannot be changed";

    /// What is said of a `projectId` beside another `project_id`.
    pub(super) const TWO_PROJECTS: &'static str = "projectId and project_id name two projects";

    /// Status and text of each error.
    fn row(&self) -> (u16, &'static str) {
        match self {
            Self::Unauthorized(_) => (401, "Unauthorized"),
            Self::Forbidden => (403, "Forbidden"),
            Self::NoRoute => (404, "Not Found"),
            Self::PersonaNotFound => (404, "Persona not found"),
            Self::ProjectNotFound => (404, "Project not found"),
            Self::BadRequest => (400, "Bad request"),
            Self::InvalidJson => (400, "Invalid JSON"),
            Self::IdRequired => (400, "id is required"),
            Self::Invalid(_) | Self::EmptyBatch => (400, "Validation failed"),
            Self::TooDeep(_) => (500, CRASHED),
        }
    }

    /// The vendor's text.
    pub(super) fn text(&self) -> &'static str {
        self.row().1
    }

    /// The fields at fault, below the place of their object.
    pub(super) fn fields(&self, place: &str) -> Vec<String> {
        let below = |field: &str| format!("{place}.{field}");
        match self {
            Self::Invalid(findings) => findings.iter().map(|(field, _)| below(field)).collect(),
            Self::IdRequired => vec![below("id")],
            _ => Vec::new(),
        }
    }

    /// Appends `"error":…` and, where fields are at fault, `"details":{…}`.
    pub(super) fn push_members(&self, out: &mut String) {
        push_error(self.text(), out);
        let Self::Invalid(findings) = self else { return };
        if findings.is_empty() {
            return;
        }
        out.push_str(",\"details\":{");
        for (number, (field, text)) in findings.iter().enumerate() {
            if number > 0 {
                out.push(',');
            }
            Text::from(field).push_json(out);
            out.push(':');
            Text::from(text).push_json(out);
        }
        out.push('}');
    }
}

impl IntoResponse for VendorError {
    /// A 400 to a write may be a batch's answer, whose shape is a guess: the document calls the status
    /// inferred there, and so does every such answer.
    fn into_response(self, request: &Request<'_>, _: &Options) -> Response {
        let mut body = "{".to_owned();
        self.push_members(&mut body);
        body.push('}');
        let (status, _) = self.row();
        let response = Response::new(status).body(JSON, body);
        let response =
            if status == 400 && !matches!(request.method, "GET" | "HEAD") { response.inferred() } else { response };
        let response = response.naming(self.fields(if is_of_query(request) { "query" } else { "$" }));
        if let Self::Unauthorized(why) = self { why.on(response) } else { response }
    }

    fn hint(&self, request: &Request<'_>) -> Option<Cow<'static, str>> {
        let path = request.path.trim_end_matches('/');
        Some(match self {
            Self::PersonaNotFound => format!("no persona has this id; GET {path} lists those there are").into(),
            Self::ProjectNotFound => "no project has this id, and --auth strict makes none for a new one".into(),
            Self::IdRequired if request.method == "DELETE" => {
                format!("id is missing: send it in the query, as DELETE {path}?id=...").into()
            }
            Self::IdRequired => "id is missing in the body, and an update needs it".into(),
            Self::Invalid(findings) => findings
                .iter()
                .find_map(|(_, text)| match text {
                    Self::PROJECT_STAYS => {
                        Some("project_id cannot change: leave it out, or send the one that the persona has")
                    }
                    Self::TWO_PROJECTS => Some("projectId and project_id name two projects; send one of them"),
                    _ => None,
                })?
                .into(),
            Self::TooDeep(_) => "a value is nested deeper than the vendor can print".into(),
            _ => return None,
        })
    }

    fn wrong(&self, request: &Request<'_>) -> Vec<WrongPart> {
        let place = if is_of_query(request) { "query" } else { "$" };
        match self {
            Self::EmptyBatch => vec![WrongPart::value("$", "a list of at least 1 item")],
            Self::Invalid(findings) if findings.is_empty() => vec![WrongPart::value("$", "an object")],
            Self::Invalid(findings) => {
                let parts = findings.plain().map(|(field, expected, is_missing)| {
                    let at = format!("{place}.{field}");
                    if is_missing { WrongPart::missing(at, expected) } else { WrongPart::value(at, expected) }
                });
                parts.collect()
            }
            Self::InvalidJson if request.body.is_empty() => vec![WrongPart::missing("$", "a body of JSON")],
            Self::InvalidJson => vec![WrongPart::value("$", "a body of JSON")],
            Self::IdRequired => vec![WrongPart::missing(format!("{place}.id"), "the id of a persona")],
            Self::BadRequest
            | Self::Unauthorized(_)
            | Self::Forbidden
            | Self::NoRoute
            | Self::PersonaNotFound
            | Self::ProjectNotFound
            | Self::TooDeep(_) => Vec::new(),
        }
    }
}

/// Whether the query is what is read of a request, and not the body.
fn is_of_query(request: &Request<'_>) -> bool {
    match request.method {
        "GET" | "HEAD" => true,
        method => method == "DELETE" && request.query_pairs().any(|(name, id)| name == "id" && !id.is_empty()),
    }
}

impl From<TooDeep> for VendorError {
    fn from(error: TooDeep) -> Self {
        Self::TooDeep(error)
    }
}

const CRASHED: &str = "Internal server error";

/// What never reached an operation. The error page names 401, 403, 404, 429 and 500; the others are
/// what Next.js or its host would say, in the vendor's error body.
pub(super) fn refuse(refusal: &Refusal, request: &Request<'_>, options: &Options) -> Response {
    match refusal {
        Refusal::BadRequest => VendorError::BadRequest.into_response(request, options),
        Refusal::NoRoute => VendorError::NoRoute.into_response(request, options),
        Refusal::MethodNotAllowed { allow } => Response::new(405).header(ALLOW, allow.join(", ")).inferred(),
        // The Content-Type is not looked at, so what is no JSON is all that can be wrong with a body.
        Refusal::MalformedBody | Refusal::UnsupportedMediaType => {
            VendorError::InvalidJson.into_response(request, options)
        }
        Refusal::TooLarge { .. } => plain(413, "Request body too large").inferred(),
        Refusal::Unauthorized => VendorError::Unauthorized(Reason::default()).into_response(request, options),
        Refusal::Forbidden => VendorError::Forbidden.into_response(request, options),
        Refusal::RateLimited { retry_after_s } => {
            plain(429, "Too many requests").header(RETRY_AFTER, retry_after_s.to_string()).inferred()
        }
        Refusal::Unavailable { retry_after_s } => {
            plain(503, "Service unavailable").header(RETRY_AFTER, retry_after_s.to_string()).inferred()
        }
        Refusal::Timeout => plain(408, "Request timeout").inferred(),
        Refusal::Crashed => plain(500, CRASHED),
    }
}

fn plain(status: u16, text: &str) -> Response {
    let mut body = "{".to_owned();
    push_error(text, &mut body);
    body.push('}');
    Response::new(status).body(JSON, body)
}

fn push_error(text: &str, out: &mut String) {
    out.push_str("\"error\":");
    Text::from(text).push_json(out);
}
