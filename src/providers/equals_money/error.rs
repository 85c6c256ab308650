//! Every error that Equals Money answers, with its status and text.
//!
//! No public page shows the body of an error (docs/providers/equals-money.md, "Errors"): the one
//! envelope below and its sentences are this project's guess, and so every answer made here is marked
//! as inferred. A sentence says what was wrong, what is right, and what came; no library's words stand
//! in it.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use uuid::Uuid;

use super::wire::{ALLOW, JSON, RETRY_AFTER};
use crate::provider::credential::Reason;
use crate::provider::{IntoResponse, Options, Refusal, Request, Response, WrongPart};
use crate::world::malformed::Malformed;

/// What Equals Money says about its own business.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VendorError {
    #[error("The Authorization header is missing or empty. Send it as: Authorization: ApiKey <key>.")]
    NoCredential(Reason),
    #[error("The Authorization header holds no API key. Send ApiKey <key>, or the key alone; a key is a UUID.")]
    NoKey(Reason),
    #[error("The API key is not valid.")]
    UnknownKey(Reason),
    #[error("The API key has expired.")]
    ExpiredKey(Reason),
    #[error("The API key may only read.")]
    ReadOnlyKey(Reason),
    #[error("The API key does not reach the account {0}.")]
    OutOfReach(Quoted, Reason),
    #[error("The Content-Type of a request with a body must be application/json, not {0}.")]
    MediaType(Quoted),
    #[error("The Content-Type is missing. A request with a body must declare it as application/json.")]
    NoMediaType,
    #[error("{0}")]
    PathId(Finding),
    #[error("The body is missing: it must be a JSON object.")]
    NoBody,
    #[error("The body is not valid JSON: {0}.")]
    Malformed(Malformed),
    #[error("There is no account {0}.")]
    NoAccount(Quoted),
    #[error("There is no persona {id} in the account {account}.")]
    NoPersona { id: Uuid, account: Quoted },
    #[error("There is no person {id} in the account {account}.")]
    NoPersonHere { id: Uuid, account: Quoted },
    #[error("There is no person {0}.")]
    NoPerson(Uuid),
    #[error("{0}")]
    Rejected(Findings),
    #[error("You cannot set the status of your own persona to deactivated.")]
    OwnPersona,
    #[error("The primary owner of the account cannot be deactivated.")]
    PrimaryOwnerLeaves,
    #[error("The primary owner of the account must keep the role Owner.")]
    PrimaryOwnerRole,
    #[error("The account does not have the role {0}. GET /v2/roles lists the roles it has.")]
    RoleNotEnabled(&'static str),
    #[error("This user cannot be added. The email domain is not added to your approved email domain list.")]
    EmailDomain,
    #[error("The person with this e-mail address already has a persona in the account.")]
    SecondPersona,
    #[error("This persona is active and needs no invite.")]
    ActiveNeedsNoInvite,
    #[error("This persona is deactivated and cannot be invited. Set its status to active first.")]
    InviteLocked,
}

impl VendorError {
    /// The status. 401 and 403 are documented, and 400 for an e-mail domain; the rest is inferred.
    fn status(&self, options: &Options) -> u16 {
        match self {
            Self::NoCredential(_) => 401,
            Self::NoKey(_)
            | Self::UnknownKey(_)
            | Self::ExpiredKey(_)
            | Self::ReadOnlyKey(_)
            | Self::OutOfReach(..) => 403,
            Self::NoAccount(_) | Self::NoPersona { .. } | Self::NoPersonHere { .. } | Self::NoPerson(_) => 404,
            Self::MediaType(_) | Self::NoMediaType => 415,
            Self::Rejected(_) if options.setting("invalid_status") == "422" => 422,
            Self::Rejected(_)
            | Self::PathId(_)
            | Self::NoBody
            | Self::Malformed(_)
            | Self::OwnPersona
            | Self::PrimaryOwnerLeaves
            | Self::PrimaryOwnerRole
            | Self::RoleNotEnabled(_)
            | Self::EmailDomain
            | Self::SecondPersona => 400,
            Self::ActiveNeedsNoInvite => 422,
            Self::InviteLocked => 423,
        }
    }
}

impl IntoResponse for VendorError {
    fn into_response(self, _: &Request<'_>, options: &Options) -> Response {
        let answer = envelope(self.status(options), &self);
        match self {
            Self::NoCredential(why)
            | Self::NoKey(why)
            | Self::UnknownKey(why)
            | Self::ExpiredKey(why)
            | Self::ReadOnlyKey(why)
            | Self::OutOfReach(_, why) => why.on(answer),
            _ => answer,
        }
    }

    fn hint(&self, request: &Request<'_>) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::NoAccount(_) => {
                "the sandbox has no account of this id; GET /_mock/state/equals_money shows those it has"
            }
            Self::NoPersona { .. } => {
                "the account has no persona of this id; GET /v2/people lists them, each as the persona of its person"
            }
            Self::NoPersonHere { .. } | Self::NoPerson(_) => {
                "no person has this id here; GET /v2/people lists those there are, whose personas have other ids"
            }
            Self::OwnPersona => "the key belongs to this persona, and nobody may deactivate their own",
            Self::PrimaryOwnerLeaves => "the persona is the primary owner of the account, whom nobody may deactivate",
            Self::PrimaryOwnerRole => "the persona is the primary owner of the account, who keeps the role Owner",
            Self::RoleNotEnabled(role) => {
                return Some(format!("the account has no role {role}; GET /v2/roles lists those it has").into());
            }
            Self::EmailDomain => {
                let domain = mail_domain(request.body).unwrap_or_else(|| "its domain".to_owned());
                return Some(format!("{domain} in emailAddress is no approved domain of the account").into());
            }
            Self::Malformed(malformed) => return Some(malformed.sentence().into()),
            Self::SecondPersona => "this person has a persona on the account already, and may have one on each",
            Self::ActiveNeedsNoInvite => "the persona is active; only one that is not yet active is invited again",
            Self::InviteLocked => "the persona is deactivated; set its status to active first",
            _ => return None,
        };
        Some(hint.into())
    }

    fn wrong(&self, _: &Request<'_>) -> Vec<WrongPart> {
        match self {
            Self::PathId(finding) => vec![finding.wrong("path.")],
            Self::Rejected(Findings { place, list }) => list.iter().map(|finding| finding.wrong(place)).collect(),
            Self::NoBody => vec![WrongPart::missing("$", "an object of JSON")],
            Self::Malformed(_) => vec![WrongPart::value("$", "an object of JSON")],
            Self::NoMediaType => vec![WrongPart::missing("header.content-type", JSON)],
            Self::MediaType(_) => vec![WrongPart::value("header.content-type", JSON)],
            Self::NoCredential(_)
            | Self::NoKey(_)
            | Self::UnknownKey(_)
            | Self::ExpiredKey(_)
            | Self::ReadOnlyKey(_)
            | Self::OutOfReach(..)
            | Self::NoAccount(_)
            | Self::NoPersona { .. }
            | Self::NoPersonHere { .. }
            | Self::NoPerson(_)
            | Self::OwnPersona
            | Self::PrimaryOwnerLeaves
            | Self::PrimaryOwnerRole
            | Self::RoleNotEnabled(_)
            | Self::EmailDomain
            | Self::SecondPersona
            | Self::ActiveNeedsNoInvite
            | Self::InviteLocked => Vec::new(),
        }
    }
}

/// The longest domain that a hint repeats.
const LONGEST_DOMAIN: usize = 40;

/// The domain of the e-mail address in a body.
fn mail_domain(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let (_, domain) = body.get("emailAddress")?.as_str()?.rsplit_once('@')?;
    (domain.len() <= LONGEST_DOMAIN).then(|| domain.to_owned())
}

/// Phrases what never reached an operation.
pub(super) fn refuse(refusal: &Refusal, method: &str, path: &str) -> Response {
    match refusal {
        Refusal::NoRoute => envelope(404, &format_args!("There is nothing at {}.", Quoted::text(path))),
        Refusal::MethodNotAllowed { allow } => {
            let allow = allow.join(", ");
            let text = format!("The method {} is not allowed here. Allowed: {allow}.", Quoted::text(method));
            envelope(405, &text).header(ALLOW, allow)
        }
        Refusal::BadRequest => envelope(400, &"The request cannot be read."),
        Refusal::MalformedBody => envelope(400, &"The body cannot be read."),
        Refusal::UnsupportedMediaType => envelope(415, &VendorError::NoMediaType),
        Refusal::TooLarge { limit } => envelope(413, &format_args!("The body is larger than {limit} bytes.")),
        Refusal::Unauthorized => envelope(401, &VendorError::NoCredential(Reason::default())),
        Refusal::Forbidden => envelope(403, &VendorError::UnknownKey(Reason::default())),
        Refusal::RateLimited { retry_after_s } => {
            envelope(429, &format_args!("Too many requests. Try again in {retry_after_s} s."))
                .header(RETRY_AFTER, retry_after_s.to_string())
        }
        Refusal::Unavailable { retry_after_s } => {
            envelope(503, &format_args!("The service is unavailable. Try again in {retry_after_s} s."))
                .header(RETRY_AFTER, retry_after_s.to_string())
        }
        Refusal::Timeout => envelope(408, &"The request did not arrive in time."),
        Refusal::Crashed => envelope(500, &"Internal server error."),
    }
}

/// The one shape of every error.
fn envelope(status: u16, message: &impl fmt::Display) -> Response {
    #[derive(Serialize)]
    struct Envelope {
        message: String,
    }
    Response::new(status).json(JSON, &Envelope { message: message.to_string() }).inferred()
}

/// One value that is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The property or parameter, or `The body`.
    pub(super) name: &'static str,
    /// What it must be.
    pub(super) expected: String,
    /// What came instead.
    pub(super) found: Found,
}

/// What came where something else was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    /// A value of another type, such as `a number`.
    Kind(&'static str),
    /// A text where none was expected.
    Misplaced(Quoted),
    /// Another text.
    Text(Quoted),
    /// A text in an array.
    Item(Quoted),
    /// A value of another type in an array.
    ItemKind(&'static str),
    /// A text with more characters than may be.
    TooLong {
        characters: usize,
        most: usize,
    },
    /// A parameter that is there so many times.
    Times(usize),
}

impl Finding {
    /// The same for a hint. `place` is what the name stands behind: `query.`, `path.` or `$.`.
    fn wrong(&self, place: &str) -> WrongPart {
        let at = if self.name == BODY { "$".to_owned() } else { format!("{place}{}", self.name) };
        let expected = self.expected.clone();
        match &self.found {
            Found::Nothing => WrongPart::missing(at, expected),
            Found::Text(text) if place == "path." => WrongPart::segment(at, expected, &text.0),
            Found::Kind(_) | Found::Misplaced(_) | Found::Text(_) | Found::Item(_) | Found::ItemKind(_) => {
                WrongPart::value(at, expected)
            }
            Found::TooLong { characters, most } => {
                let expected = format!("a string of at most {most} characters");
                WrongPart::told(at, expected, format!("{characters} characters long"))
            }
            Found::Times(count) => WrongPart::told(at, "it once", format!("sent {count} times")),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, expected, found } = self;
        match found {
            Found::Nothing => write!(f, "{name} is missing: it must be {expected}."),
            Found::Kind(kind) => write!(f, "{name} must be {expected}, not {kind}."),
            Found::Misplaced(text) if text.is_empty() => write!(f, "{name} must be {expected}, not {text}."),
            Found::Misplaced(text) => write!(f, "{name} must be {expected}, not the string {text}."),
            Found::Text(text) => write!(f, "{name} must be {expected}, not {text}."),
            Found::Item(text) => write!(f, "{name} must be {expected}: {text} is none of them."),
            Found::ItemKind(kind) => write!(f, "{name} must be {expected}: it has {kind} in it."),
            Found::TooLong { characters, most } => {
                write!(f, "{name} must have at most {most} characters, but has {characters}.")
            }
            Found::Times(count) => write!(f, "{name} must be given once, not {count} times."),
        }
    }
}

/// How an error names the body itself.
pub(super) const BODY: &str = "The body";

/// Every value of a request that is not acceptable, in the vendor's order of properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Findings {
    /// What their names stand behind: `query.` or `$.`.
    place: &'static str,
    list: Vec<Finding>,
}

impl Findings {
    /// Those of a query.
    pub(super) fn of_query(list: Vec<Finding>) -> Self {
        Self { place: "query.", list }
    }

    /// Those of a body.
    pub(super) fn of_body(list: Vec<Finding>) -> Self {
        Self { place: "$.", list }
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, finding) in self.list.iter().enumerate() {
            let between = if number == 0 { "" } else { " " };
            write!(f, "{between}{finding}")?;
        }
        Ok(())
    }
}

/// A text of the request as an error shows it: in single quotes, cut where long, with control
/// characters spelled as JSON spells them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quoted(String);

impl Quoted {
    /// The most characters that are shown.
    const LONGEST: usize = 60;

    /// Quotes a text.
    pub(super) fn text(text: &str) -> Self {
        let mut shown = String::new();
        for c in text.chars().take(Self::LONGEST) {
            if c.is_control() {
                shown.push_str(&format!("\\u{:04x}", u32::from(c)));
            } else {
                shown.push(c);
            }
        }
        if text.chars().nth(Self::LONGEST).is_some() {
            shown.push('…');
        }
        Self(shown)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() { f.write_str("an empty string") } else { write!(f, "'{}'", self.0) }
    }
}
