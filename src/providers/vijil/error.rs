//! Everything the vendor says when a request fails.

use std::borrow::Cow;

use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};

use super::claims::Scope;
use crate::dialects::fastapi::BodyFault;
use crate::dialects::pydantic::{Finding, Findings, Plain, Version};
use crate::dialects::python::{DEEPEST, DEEPEST_FAULT, decode, write_str};
use crate::provider::credential::Reason;
use crate::provider::{IntoResponse, Options, Refusal, Request, Response, WrongPart};
use crate::world::malformed::{Malformed, deepest};

/// The media type of every JSON answer.
pub(super) const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// What the vendor says about its own business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum VijilError {
    /// 422 with this body, which says what is wrong with these parts.
    Invalid(Vec<u8>, Vec<WrongPart>),
    /// 400: a body that Python cannot take in.
    Unparsable,
    /// 500: an answer that Python's JSON cannot hold.
    Unencodable,
    /// 401: no credential.
    NotAuthenticated(Reason),
    /// 401: a credential that is not, or no longer, one.
    BadToken(Reason),
    /// 401: a wrong e-mail address or password.
    BadLogin(Reason),
    /// 401: a wrong or expired key pair.
    BadKeyPair(Reason),
    /// 401: the password to be changed is another one.
    BadCurrentPassword(Reason),
    /// 400: the new password is the current one.
    SamePassword,
    /// 403: a team that the token does not open.
    ForeignTeam(Reason),
    /// 403: a right that the token lacks in the team.
    Missing(Scope, Reason),
    /// 403: a system preset was to be changed.
    ReadOnlyPreset,
    /// 404: no such persona, or none that the token may see.
    NoPersona,
    /// 404: no such preset.
    NoPreset,
    /// 409: the id that the client chose is taken.
    TakenId,
}

impl IntoResponse for VijilError {
    /// The texts of 401, 403, 404 and 409, and that of the 400 about a password, are inferred; the
    /// others are FastAPI's.
    fn into_response(self, _: &Request<'_>, _: &Options) -> Response {
        match self {
            Self::Invalid(body, _) => Response::new(422).body(JSON, body),
            Self::Unparsable => detail(400, "There was an error parsing the body"),
            Self::Unencodable => Response::new(500).body(TEXT, "Internal Server Error"),
            Self::NotAuthenticated(why) => why.on(challenge("Not authenticated")),
            Self::BadToken(why) => why.on(challenge("Invalid or expired token")),
            Self::BadLogin(why) => why.on(detail(401, "Invalid email or password").inferred()),
            Self::BadKeyPair(why) => why.on(detail(401, "Invalid client credentials").inferred()),
            Self::BadCurrentPassword(why) => why.on(detail(401, "Current password is incorrect").inferred()),
            // The status is the document's; its text is not known.
            Self::SamePassword => detail(400, "New password must be different from the current password"),
            Self::ForeignTeam(why) => why.on(detail(403, "You do not have access to this team").inferred()),
            Self::Missing(scope, why) => {
                why.on(detail(403, &format!("Missing permission: {}", scope.name())).inferred())
            }
            Self::ReadOnlyPreset => detail(403, "System presets are read-only").inferred().by_rule(),
            Self::NoPersona => detail(404, "Persona not found").inferred(),
            Self::NoPreset => detail(404, "Preset not found").inferred(),
            Self::TakenId => detail(409, "A persona with this id already exists").inferred(),
        }
    }

    fn hint(&self, request: &Request<'_>) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::Unparsable => return Some(unparsable(request.body)),
            Self::Unencodable => {
                "a value of the request is one that the vendor's JSON cannot print, such as NaN, Infinity or half of a \
                 surrogate pair"
            }
            Self::SamePassword => "new_password is the current one; send another",
            Self::ReadOnlyPreset => {
                "the persona is a system preset, which nobody may change or delete; POST \
                 /v1/personas/from-preset/{preset_id} makes a copy"
            }
            Self::NoPersona => "the team has no persona of this id; GET /v1/personas/ lists those it has",
            Self::NoPreset => "no preset has this id; GET /v1/personas/presets/ lists those there are",
            Self::TakenId => "another persona has this id; send another, or none",
            _ => return None,
        };
        Some(hint.into())
    }

    fn wrong(&self, _: &Request<'_>) -> Vec<WrongPart> {
        match self {
            Self::Invalid(_, wrong) => wrong.clone(),
            Self::Unparsable => vec![WrongPart::value("$", "a body of JSON")],
            Self::Unencodable
            | Self::NotAuthenticated(_)
            | Self::BadToken(_)
            | Self::BadLogin(_)
            | Self::BadKeyPair(_)
            | Self::BadCurrentPassword(_)
            | Self::SamePassword
            | Self::ForeignTeam(_)
            | Self::Missing(..)
            | Self::ReadOnlyPreset
            | Self::NoPersona
            | Self::NoPreset
            | Self::TakenId => Vec::new(),
        }
    }
}

impl From<Findings<'_>> for VijilError {
    fn from(findings: Findings<'_>) -> Self {
        let wrong = || findings.plain().into_iter().map(wrong_part).collect();
        findings.to_json().map_or(Self::Unencodable, |body| Self::Invalid(body, wrong()))
    }
}

fn wrong_part(plain: Plain) -> WrongPart {
    let Plain { at, expected, is_missing, found, segment } = plain;
    match (found, segment) {
        _ if is_missing => WrongPart::missing(at, expected),
        (Some(found), _) => WrongPart::told(at, expected, found),
        (None, Some(segment)) => WrongPart::segment(at, expected, &segment),
        (None, None) => WrongPart::value(at, expected),
    }
}

impl VijilError {
    /// A body that cannot be read, as this version of pydantic tells it.
    pub(super) fn of_body(version: Version, fault: BodyFault) -> Self {
        match fault {
            BodyFault::Malformed { position, message } => {
                Findings::of(version, Finding::malformed(position, message)).into()
            }
            BodyFault::Unparsable => Self::Unparsable,
        }
    }
}

/// Why Python takes a body for no JSON and does not say where.
fn unparsable(body: &[u8]) -> Cow<'static, str> {
    let Some(text) = decode(body).and_then(|text| String::from_utf8(text.into_owned()).ok()) else {
        return Malformed::of(body).sentence().into();
    };
    match deepest(&text) {
        (levels, line, character) if levels > DEEPEST_FAULT => format!(
            "lists and objects stand {levels} levels deep in the body, at line {line}, character {character}, and the \
             vendor reads no more than {DEEPEST}"
        )
        .into(),
        _ => "a whole number of the body has more digits than the vendor reads, which is 4300".into(),
    }
}

/// What the server must say, as FastAPI says it where it has words, else in its manner.
pub(super) fn refuse(refusal: &Refusal, request: &Request<'_>, options: &Options) -> Response {
    match refusal {
        Refusal::NoRoute => detail(404, "Not Found"),
        Refusal::MethodNotAllowed { allow } => detail(405, "Method Not Allowed").header(ALLOW, allow.join(", ")),
        Refusal::BadRequest => Response::new(400).body(TEXT, "Invalid HTTP request received."),
        Refusal::MalformedBody => VijilError::Unparsable.into_response(request, options),
        Refusal::UnsupportedMediaType => detail(415, "Unsupported Media Type").inferred(),
        Refusal::TooLarge { .. } => detail(413, "Request Entity Too Large").inferred(),
        Refusal::Unauthorized => VijilError::NotAuthenticated(Reason::default()).into_response(request, options),
        Refusal::Forbidden => detail(403, "Forbidden").inferred(),
        Refusal::RateLimited { retry_after_s } => {
            detail(429, "Too Many Requests").header(RETRY_AFTER, retry_after_s.to_string()).inferred()
        }
        Refusal::Unavailable { retry_after_s } => {
            detail(503, "Service Unavailable").header(RETRY_AFTER, retry_after_s.to_string()).inferred()
        }
        Refusal::Timeout => detail(408, "Request Timeout").inferred(),
        Refusal::Crashed => VijilError::Unencodable.into_response(request, options),
    }
}

fn challenge(text: &str) -> Response {
    detail(401, text).header(WWW_AUTHENTICATE, "Bearer").inferred()
}

fn detail(status: u16, text: &str) -> Response {
    let mut body = br#"{"detail":"#.to_vec();
    write_str(text, &mut body);
    body.push(b'}');
    Response::new(status).body(JSON, body)
}
