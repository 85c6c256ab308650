//! `GET /_mock/requests` and `GET /_mock/requests/{id}`.

use serde::Serialize;
use utoipa::ToSchema;

use super::call::Call;
use super::entry::EntryView;
use super::explain::Explainer;
use super::filter::Filter;
use super::journal;
use crate::control::Ask;
use crate::control::ask::{Outcome, json};
use crate::http::problem::Problem;

/// How many exchanges a page has, unless the query says otherwise.
const LIMIT: usize = 100;

/// The most exchanges of a page.
const MOST: usize = 1_000;

/// A page of the journal.
#[derive(Serialize, ToSchema)]
pub(super) struct RequestPage {
    /// The exchanges, in the order asked for.
    requests: Vec<EntryView>,
    /// The `cursor` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many exchanges were kept since the journal was last emptied.
    written: u64,
    /// How many of them made room for others and are gone.
    gone: u64,
}

/// The exchanges of the sandbox, oldest first, filtered and a page at a time.
#[utoipa::path(
    get,
    path = "/_mock/requests",
    tag = "journal",
    params(
        ("provider" = Option<String>, Query, description = "The provider's id"),
        ("operation" = Option<String>, Query, description = "The operation's name"),
        ("status" = Option<String>, Query, description = "The answer's status, such as `404` or `4xx`"),
        ("method" = Option<String>, Query, description = "The method"),
        ("path" = Option<String>, Query, description = "The decoded path; `*` or `{name}` stands for one segment, `**` for any number"),
        ("header" = Option<String>, Query, description = "A request header field that is there: `name` or `name: value` (repeatable)"),
        ("body" = Option<String>, Query, description = "A path in the request's JSON body that is there: `$.a.b[0]`, or `$.a=value` (repeatable)"),
        ("changed" = Option<bool>, Query, description = "Whether the state was written"),
        ("since" = Option<String>, Query, description = "The earliest instant, on the sandbox's clock"),
        ("until" = Option<String>, Query, description = "The latest instant, on the sandbox's clock"),
        ("order" = Option<String>, Query, description = "`oldest` (the default) or `newest` first"),
        ("limit" = Option<u64>, Query, description = "How many, 1 to 1000; 100 where absent"),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before")
    ),
    responses(
        (status = 200, body = RequestPage),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::control) fn list_requests(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let filter = Filter::read(ask, &["order", "limit", "cursor"])?;
    let limit = number(ask, "limit")?.unwrap_or(LIMIT as u64);
    if !(1..=MOST as u64).contains(&limit) {
        return Err(Problem::new(400, format!("expected 1 to {MOST}, found {limit}")).at("query.limit"));
    }
    let newest_first = match ask.parameter("order").as_deref() {
        None | Some("oldest") => false,
        Some("newest") => true,
        Some(other) => {
            let detail = format!("expected `oldest` or `newest`, found {other:?}");
            return Err(Problem::new(400, detail).at("query.order"));
        }
    };
    let journal = journal(ask)?;
    let mut entries = journal.entries();
    let written = journal.count();
    let gone = entries.first().map_or(written, |entry| entry.number - 1);
    if newest_first {
        entries.reverse();
    }
    if let Some(cursor) = number(ask, "cursor")? {
        entries.retain(|entry| if newest_first { entry.number < cursor } else { entry.number > cursor });
    }
    let mut explainer = Explainer::of(ask);
    let (mut requests, mut next, mut last) = (Vec::new(), None, 0);
    for call in entries.into_iter().map(Call::of).filter(|call| filter.takes(call)) {
        if requests.len() as u64 == limit {
            next = Some(u64::to_string(&last));
            break;
        }
        last = call.entry.number;
        requests.push(EntryView::of(&call, &mut explainer));
    }
    Ok(json(200, &RequestPage { requests, next, written, gone }))
}

/// One exchange.
#[utoipa::path(
    get,
    path = "/_mock/requests/{id}",
    tag = "journal",
    params(("id" = String, Path, description = "The exchange's id, or its number")),
    responses(
        (status = 200, body = EntryView),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::control) fn show_request(ask: &Ask<'_>, parameters: &[&str]) -> Outcome {
    let id = parameters.first().copied().unwrap_or_default();
    let journal = journal(ask)?;
    let number: Option<u64> = id.parse().ok();
    let found =
        journal.entries().into_iter().find(|entry| Some(entry.number) == number || entry.id().to_string() == id);
    match found {
        Some(entry) => Ok(json(200, &EntryView::of(&Call::of(entry), &mut Explainer::of(ask)))),
        None => {
            let written = journal.count();
            let detail = format!("no exchange `{id}` is kept; {written} were written since the journal was emptied");
            Err(Problem::new(404, detail))
        }
    }
}

fn number(ask: &Ask<'_>, name: &str) -> Result<Option<u64>, Problem> {
    let Some(text) = ask.parameter(name) else { return Ok(None) };
    let detail = || format!("expected a whole number, found {text:?}");
    text.parse().map(Some).map_err(|_| Problem::new(400, detail()).at(format!("query.{name}")))
}
