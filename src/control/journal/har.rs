//! `GET /_mock/requests.har`: the journal as browsers' tools read it, HAR 1.2.

use std::borrow::Cow;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
#[cfg(test)]
use schemars::{Schema, SchemaGenerator};
use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::call::{Call, Kept, sorted};
use super::explain::Explainer;
use super::view::View;
use super::wanted::wanted;
use crate::api::{DeliveryState, Problem, Requests};
use crate::control::explain::first;
use crate::control::foreign::{Foreign, Form};
use crate::control::parameter::ALL_SANDBOXES;
use crate::control::verb::{NoBody, Verb};
use crate::control::{Ask, bounds};

/// A journal as a HAR 1.2 file.
#[derive(Serialize, JsonSchema)]
struct Har<'a> {
    /// What was exchanged.
    log: Log<'a>,
}

/// What was exchanged.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HarLog")]
struct Log<'a> {
    /// The version of the format.
    version: &'static str,
    /// What made the file.
    creator: Creator,
    /// The exchanges.
    #[schemars(with = "Vec<HarEntry<'static>>")]
    entries: Entries<'a>,
}

/// The exchanges that are wanted, each taken apart once it is written: all of them together may be large.
struct Entries<'a> {
    ask: &'a Ask<'a>,
    wanted: Requests,
    kept: Vec<Kept>,
}

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = serializer.serialize_seq(None)?;
        let mut explainer = Explainer::new(self.ask.app);
        for kept in &self.kept {
            // Whoever writes the answer asks once more, and says why it ends.
            self.ask.cancel.check().map_err(|_| S::Error::custom("nobody wants it any more"))?;
            let call = explainer.seen(kept.clone(), self.wanted.pattern());
            if self.wanted.pattern().fits(&call) {
                entries.serialize_element(&entry(&call, self.ask))?;
            }
        }
        entries.end()
    }
}

/// What made the file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HarCreator")]
struct Creator {
    /// Its name.
    name: &'static str,
    /// Its version.
    version: &'static str,
}

/// One exchange.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HarEntry<'a> {
    /// When it was answered, on the sandbox's clock.
    started_date_time: String,
    /// How long it took, in milliseconds.
    time: f64,
    /// What was asked.
    request: HarRequest<'a>,
    /// What was answered.
    response: HarResponse<'a>,
    /// Empty: nothing is cached.
    #[schemars(with = "Map<String, Value>")]
    cache: Empty,
    /// What the time was spent on.
    timings: Timings,
    /// The sandbox that it was sent to.
    #[serde(rename = "_sandbox")]
    sandbox: &'a str,
    /// What became of the answer, where not all of it left or not all is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
}

/// What was asked.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HarRequest<'a> {
    /// The method.
    method: &'a str,
    /// The whole URL.
    url: String,
    /// The version of HTTP.
    http_version: &'static str,
    /// Empty: a cookie is one of the header fields.
    #[schemars(with = "Vec<Map<String, Value>>")]
    cookies: [Empty; 0],
    /// The header fields, sorted by name; secrets are redacted.
    headers: Vec<Pair<'a>>,
    /// The parameters of the query, decoded.
    query_string: Vec<Pair<'a>>,
    /// The body, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData<'a>>,
    /// -1: not known.
    headers_size: i64,
    /// How many bytes the body had.
    body_size: usize,
}

/// What was answered.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HarResponse<'a> {
    /// The status; 0 where none left.
    status: u16,
    /// Its words.
    status_text: &'static str,
    /// The version of HTTP.
    http_version: &'static str,
    /// Empty: a cookie is one of the header fields.
    #[schemars(with = "Vec<Map<String, Value>>")]
    cookies: [Empty; 0],
    /// The header fields, sorted by name; secrets are redacted.
    headers: Vec<Pair<'a>>,
    /// The body.
    content: Content<'a>,
    /// The `Location`, where there is one.
    #[serde(rename = "redirectURL")]
    redirect_url: Cow<'a, str>,
    /// -1: not known.
    headers_size: i64,
    /// How many bytes of the body left.
    body_size: usize,
}

/// A name and its value.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HarPair")]
struct Pair<'a> {
    /// The name.
    name: &'a str,
    /// The value.
    value: Cow<'a, str>,
}

/// The body of a request.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HarPostData")]
#[serde(rename_all = "camelCase")]
struct PostData<'a> {
    /// Its media type.
    mime_type: Cow<'a, str>,
    /// Empty: the text is not taken apart a second time.
    #[schemars(with = "Vec<Map<String, Value>>")]
    params: [Empty; 0],
    /// Its text.
    text: Cow<'a, str>,
}

/// The body of an answer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HarContent")]
#[serde(rename_all = "camelCase")]
struct Content<'a> {
    /// How many bytes it had.
    size: usize,
    /// Its media type.
    mime_type: Cow<'a, str>,
    /// Its text.
    text: Cow<'a, str>,
    /// `base64`, where it is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

#[derive(Serialize)]
struct Empty {}

/// The time of an exchange: until its answer began to leave, and until it had left.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HarTimings")]
struct Timings {
    /// Sending, in milliseconds: not known.
    send: f64,
    /// Waiting for the answer, in milliseconds.
    wait: f64,
    /// Receiving the answer, in milliseconds.
    receive: f64,
}

pub(crate) static SHOW_HAR: Verb<NoBody, Foreign<HarFile>> = Verb::get("/_mock/requests.har", "show_har", show_har)
    .about("The exchanges of the sandbox as a HAR 1.2 file.")
    .filters()
    .takes(&[ALL_SANDBOXES])
    .refuses(&[400, 409]);

pub(crate) enum HarFile {}

impl Form for HarFile {
    const MEDIA: &'static str = "application/json";

    #[cfg(test)]
    fn schema(schemas: &mut SchemaGenerator) -> Schema {
        schemas.subschema_for::<Har<'_>>()
    }
}

fn show_har(ask: &Ask<'_>, _: NoBody) -> Result<Foreign<HarFile>, Problem> {
    let wanted = wanted(ask, &["sandbox"])?;
    let kept = View::of(ask, &wanted)?.look(ask.cancel)?.kept;
    let entries = Entries { ask, wanted, kept };
    let creator = Creator { name: "persona-mock", version: env!("CARGO_PKG_VERSION") };
    bounds::json(&Har { log: Log { version: "1.2", creator, entries } }, ask.bounds()).map(Foreign::new)
}

fn entry<'a>(call: &'a Call, ask: &Ask<'_>) -> HarEntry<'a> {
    let exchange = &call.entry.exchange;
    let said = &exchange.text;
    let progress = exchange.progress();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let wait = progress.head.unwrap_or(progress.took);
    let receive = progress.took.saturating_sub(wait);
    let pairs = |fields: Vec<(&'a str, Cow<'a, str>)>| fields.into_iter().map(|(name, value)| Pair { name, value });
    let host = call.field("host").unwrap_or(Cow::Borrowed("localhost"));
    let prefix = if exchange.prefixed { format!("/_sandbox/{}", call.sandbox.name().as_str()) } else { String::new() };
    let media = first(said.request_fields(), "content-type").unwrap_or_default();
    let text = String::from_utf8_lossy(said.request_body());
    let query_string = call.parts.query.iter().map(|(name, value)| Pair { name, value: Cow::Borrowed(&**value) });
    let request = HarRequest {
        method: said.method(),
        url: ask.app.serving.scheme().url(format_args!("{host}{prefix}{}", said.target())),
        http_version: exchange.version,
        cookies: [],
        headers: pairs(sorted(said.request_fields())).collect(),
        query_string: query_string.collect(),
        post_data: (said.request_size > 0).then_some(PostData { mime_type: media, params: [], text }),
        headers_size: -1,
        body_size: said.request_size,
    };
    let (text, encoding) = match std::str::from_utf8(said.answer_body()) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(_) => (Cow::Owned(STANDARD.encode(said.answer_body())), Some("base64")),
    };
    // Browsers write 0 where no status came.
    let has_head = progress.head.is_some();
    let status = http::StatusCode::from_u16(exchange.status).ok().filter(|_| has_head);
    let response = HarResponse {
        status: if has_head { exchange.status } else { 0 },
        status_text: status.and_then(|status| status.canonical_reason()).unwrap_or_default(),
        http_version: exchange.version,
        cookies: [],
        headers: pairs(sorted(said.answer_fields().filter(|_| has_head))).collect(),
        content: Content {
            size: said.answer_size,
            mime_type: first(said.answer_fields(), "content-type").unwrap_or(Cow::Borrowed("x-unknown")),
            text,
            encoding,
        },
        redirect_url: first(said.answer_fields(), "location").unwrap_or_default(),
        headers_size: -1,
        body_size: progress.body,
    };
    let comment = match progress.state {
        DeliveryState::Cut => Some("a fault cut the answer"),
        DeliveryState::ClientGone => Some("the client closed its side before all of the answer had left"),
        DeliveryState::UnderWay => Some("the answer is under way"),
        DeliveryState::Left if said.request_cut || said.answer_cut => {
            Some("a body is cut: the journal keeps only its start")
        }
        DeliveryState::Left => None,
    };
    HarEntry {
        started_date_time: exchange.at.to_string(),
        time: ms(wait) + ms(receive),
        request,
        response,
        cache: Empty {},
        timings: Timings { send: 0.0, wait: ms(wait), receive: ms(receive) },
        sandbox: call.sandbox.name().as_str(),
        comment,
    }
}
