//! Every error that Equals Money answers, with its status and text.
//!
//! No public page shows the body of an error (docs/providers/equals-money.md, "Errors"): the one
//! envelope below is this project's guess, and so every answer made here is marked as inferred.

use std::fmt;

use serde::Serialize;
use uuid::Uuid;

use super::wire;
use crate::http::provider::{Options, Refusal, Response};

/// What Equals Money says about its own business.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum VendorError {
    #[error("The Authorization header is missing or empty: expected `Authorization: ApiKey <key>`.")]
    NoCredential,
    #[error("The Authorization header holds no API key: expected `ApiKey <key>` or `<key>`, the key being a UUID.")]
    NoKey,
    #[error("The API key is not valid.")]
    UnknownKey,
    #[error("The API key has expired.")]
    ExpiredKey,
    #[error("The API key may only read.")]
    ReadOnlyKey,
    #[error("The API key does not reach the account {0}.")]
    OutOfReach(Found),
    #[error("Expected Content-Type: application/json, found {0}.")]
    MediaType(Found),
    #[error("{0}.")]
    PathId(Finding),
    #[error("The body is missing: expected a JSON object.")]
    NoBody,
    #[error("The body is not JSON: {0}.")]
    Malformed(String),
    #[error("There is no account {0}.")]
    NoAccount(Found),
    #[error("There is no persona {id} in the account {account}.")]
    NoPersona { id: Uuid, account: Found },
    #[error("There is no person {id} in the account {account}.")]
    NoPersonHere { id: Uuid, account: Found },
    #[error("There is no person {0}.")]
    NoPerson(Uuid),
    #[error("{0}.")]
    Rejected(Findings),
    #[error("status: you cannot deactivate your own persona.")]
    OwnPersona,
    #[error("status: the primary owner of the account cannot be deactivated.")]
    PrimaryOwnerLeaves,
    #[error("roleName: the primary owner of the account must stay Owner.")]
    PrimaryOwnerRole,
    #[error("roleName: the role {0} is not enabled on the account; see GET /v2/roles.")]
    RoleNotEnabled(Found),
    #[error("This user cannot be added. The email domain is not added to your approved email domain list.")]
    EmailDomain,
    #[error("emailAddress: this person already has a persona in the account.")]
    SecondPersona,
    #[error("createdByPersonaId: there is no persona {0} in the account.")]
    UnknownCreator(Uuid),
    #[error("The invite of this persona was accepted: it is active.")]
    InviteAccepted,
    #[error("This persona is deactivated and cannot be invited.")]
    InviteLocked,
}

impl VendorError {
    /// The status. 401 and 403 are documented, and 400 for an e-mail domain; the rest is inferred.
    fn status(&self, options: &Options) -> u16 {
        match self {
            Self::NoCredential => 401,
            Self::NoKey | Self::UnknownKey | Self::ExpiredKey | Self::ReadOnlyKey | Self::OutOfReach(_) => 403,
            Self::NoAccount(_) | Self::NoPersona { .. } | Self::NoPersonHere { .. } | Self::NoPerson(_) => 404,
            Self::MediaType(_) => 415,
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
            | Self::SecondPersona
            | Self::UnknownCreator(_) => 400,
            Self::InviteAccepted => 422,
            Self::InviteLocked => 423,
        }
    }

    /// The answer.
    pub(super) fn response(&self, options: &Options) -> Response {
        envelope(self.status(options), self)
    }
}

/// Phrases what never reached an operation.
pub(super) fn refuse(refusal: &Refusal, method: &str, path: &str) -> Response {
    match refusal {
        Refusal::NoRoute => envelope(404, &format_args!("There is nothing at {}.", Found::text(path))),
        Refusal::MethodNotAllowed { allow } => {
            let allow = allow.join(", ");
            let text = format!("{} is not allowed here; allowed: {allow}.", Found::text(method));
            envelope(405, &text).header(wire::ALLOW, allow)
        }
        Refusal::BadRequest => envelope(400, &"Bad request."),
        Refusal::MalformedBody => envelope(400, &"The body could not be read."),
        Refusal::UnsupportedMediaType => envelope(415, &"Expected Content-Type: application/json."),
        Refusal::TooLarge { limit } => envelope(413, &format_args!("The body is larger than {limit} bytes.")),
        Refusal::Unauthorized => envelope(401, &VendorError::NoCredential),
        Refusal::Forbidden => envelope(403, &VendorError::UnknownKey),
        Refusal::RateLimited { retry_after_s } => {
            envelope(429, &format_args!("Too many requests; try again in {retry_after_s} s."))
                .header(wire::RETRY_AFTER, retry_after_s.to_string())
        }
        Refusal::Unavailable { retry_after_s } => {
            envelope(503, &format_args!("The service is unavailable; try again in {retry_after_s} s."))
                .header(wire::RETRY_AFTER, retry_after_s.to_string())
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
    Response::new(status).json(wire::JSON, &Envelope { message: message.to_string() }).inferred()
}

/// One value that is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: expected {expected}, found {found}")]
pub(super) struct Finding {
    /// The property or parameter.
    pub(super) name: &'static str,
    /// What is accepted.
    pub(super) expected: String,
    /// What was found.
    pub(super) found: Found,
}

/// Every value of a request that is not acceptable, in the vendor's order of properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Findings(pub(super) Vec<Finding>);

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, finding) in self.0.iter().enumerate() {
            let between = if number == 0 { "" } else { "; " };
            write!(f, "{between}{finding}")?;
        }
        Ok(())
    }
}

/// A value as an error quotes it: whole where short, cut where long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Found(String);

impl Found {
    /// Nothing.
    pub(super) fn nothing() -> Self {
        Self("nothing".to_owned())
    }

    /// A text, in backquotes.
    pub(super) fn text(text: &str) -> Self {
        Self(if text.is_empty() { "an empty text".to_owned() } else { format!("`{}`", cut(text)) })
    }

    /// JSON's null.
    pub(super) fn null() -> Self {
        Self("null".to_owned())
    }

    /// A text that is too long.
    pub(super) fn length(text: &str) -> Self {
        Self(format!("{} characters", text.chars().count()))
    }

    /// A parameter that is given more than once.
    pub(super) fn times(count: usize) -> Self {
        Self(format!("it {count} times"))
    }
}

fn cut(text: &str) -> std::borrow::Cow<'_, str> {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}
