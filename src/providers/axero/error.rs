//! Every error: its status, its text, its body.

use std::borrow::Cow;

use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};

use super::wire;
use crate::dialects::web_api::{MediaType, Message};
use crate::provider::credential::Reason;
use crate::provider::{IntoResponse, Options, Refusal, Request, Response, WrongPart};

/// Axero answers 200 with `IsError`, not 400: its clients look at `IsError` where the HTTP call has
/// succeeded (docs/providers/axero.md, Settings). This setting answers 400 instead.
pub(super) const STATUS_SETTING: &str = "error_status";

/// What Axero says about its own business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum VendorError {
    /// A persona cannot be added of this body.
    FieldMissing(WrongPart),
    /// A persona cannot be changed so.
    ParameterInvalid(WrongPart),
    /// No credential that is good now.
    Unauthorized(Reason),
    /// The caller's role does not allow it.
    Forbidden(Reason),
    /// No persona has the id, of which no text of Axero's is known.
    NoPersona,
    /// The id in the body is another than the one in the address.
    TwoIds,
    /// Something in the address is no integer.
    AddressInvalid(WrongPart),
    /// The body is not of a media type that is read.
    Unreadable(Message),
    /// A counter has reached the end of 32 bits.
    Exhausted,
}

impl IntoResponse for VendorError {
    fn into_response(self, _: &Request<'_>, options: &Options) -> Response {
        match self {
            Self::FieldMissing(_) => envelope(options, "Required field missing"),
            Self::ParameterInvalid(_) | Self::NoPersona | Self::TwoIds => {
                envelope(options, "Required parameter is missing or invalid.")
            }
            Self::Unauthorized(why) => why.on(unauthorized()),
            Self::Forbidden(why) => why.on(message(403, &Message::denied())),
            Self::AddressInvalid(_) => message(400, &Message::invalid()),
            Self::Unreadable(text) => message(415, &text),
            Self::Exhausted => message(500, &Message::crashed()),
        }
    }

    fn hint(&self, _: &Request<'_>) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::NoPersona => "no persona has this id; GET /api/personas lists those there are",
            Self::TwoIds => "PersonaID in the body is another than the id in the path; send one of them",
            Self::Exhausted => "ids are whole numbers of 32 bits, and none is left",
            _ => return None,
        };
        Some(hint.into())
    }

    fn wrong(&self, request: &Request<'_>) -> Vec<WrongPart> {
        match self {
            Self::FieldMissing(part) | Self::ParameterInvalid(part) | Self::AddressInvalid(part) => vec![part.clone()],
            Self::Unreadable(_) => vec![wrong_type(request)],
            Self::Unauthorized(_) | Self::Forbidden(_) | Self::NoPersona | Self::TwoIds | Self::Exhausted => Vec::new(),
        }
    }
}

/// What is wrong with a `Content-Type`.
fn wrong_type(request: &Request<'_>) -> WrongPart {
    let (at, expected) = ("header.content-type", "application/json");
    match request.header_text("content-type") {
        None => WrongPart::missing(at, expected),
        Some(sent) if MediaType::parse(&sent).is_some() => WrongPart::value(at, expected),
        Some(_) => WrongPart::told(at, expected, "no media type that the vendor can read"),
    }
}

/// Phrases what never reached an operation.
pub(super) fn refuse(refusal: &Refusal, request: &Request<'_>) -> Response {
    match refusal {
        Refusal::NoRoute => {
            let query = request.query.map(|query| format!("?{query}")).unwrap_or_default();
            message(404, &Message::no_resource(&format!("{}{}{query}", request.base_url(), request.raw_path)))
        }
        Refusal::MethodNotAllowed { allow } => {
            message(405, &Message::no_method(request.method)).header(ALLOW, allow.join(", "))
        }
        Refusal::BadRequest | Refusal::MalformedBody => message(400, &Message::invalid()),
        Refusal::UnsupportedMediaType => message(415, &unreadable(request)),
        Refusal::TooLarge { limit: _ } => message(413, &Message::new("Maximum request length exceeded.")),
        Refusal::Unauthorized => unauthorized(),
        Refusal::Forbidden => message(403, &Message::denied()),
        Refusal::RateLimited { retry_after_s } => wire::failed(429, "Too many requests. Please try again later.")
            .header(RETRY_AFTER, retry_after_s.to_string())
            .inferred(),
        Refusal::Unavailable { retry_after_s } => {
            message(503, &Message::new("The service is unavailable.")).header(RETRY_AFTER, retry_after_s.to_string())
        }
        Refusal::Timeout => message(408, &Message::new("Request timed out.")),
        Refusal::Crashed => message(500, &Message::crashed()),
    }
}

/// The 415 text for a request's `Content-Type`.
pub(super) fn unreadable(request: &Request<'_>) -> Message {
    let header = request.header_text("content-type");
    Message::unreadable(header.as_deref().and_then(MediaType::parse))
}

fn unauthorized() -> Response {
    message(401, &Message::denied()).header(WWW_AUTHENTICATE, "Bearer")
}

fn envelope(options: &Options, text: &str) -> Response {
    match options.setting(STATUS_SETTING) {
        "400" => wire::failed(400, text).inferred(),
        _ => wire::failed(200, text),
    }
}

/// The framework's body: that Axero runs on this framework is inferred, and so is every such answer.
fn message(status: u16, text: &Message) -> Response {
    wire::respond(status, text).inferred()
}
