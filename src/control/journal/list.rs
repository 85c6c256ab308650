//! `GET /_mock/requests` and `GET /_mock/requests/{id}`.

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::call::Call;
use super::entry::shown;
use super::explain::Explainer;
use super::{journal, wanted};
use crate::api::{Exchange, ExchangePage};
use crate::control::Ask;
use crate::control::ask::{Outcome, json};
use crate::http::problem::Problem;
use crate::world::call::Field;

/// The parameters that say what an exchange must be: the fields of a pattern.
struct Filters;

impl utoipa::IntoParams for Filters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |field: &Field| {
            let often = if field.is_repeatable { " (repeatable)" } else { "" };
            let text = ObjectBuilder::new().schema_type(Type::String);
            let parameter = ParameterBuilder::new().name(field.name).parameter_in(ParameterIn::Query);
            parameter.description(Some(format!("{}{often}", field.about))).schema(Some(text)).build()
        };
        Field::all().iter().map(parameter).collect()
    }
}

/// The exchanges of the sandbox, oldest first, filtered and a page at a time.
#[utoipa::path(
    get,
    path = "/_mock/requests",
    tag = "journal",
    params(
        Filters,
        ("order" = Option<String>, Query, description = "`oldest` (the default) or `newest` first"),
        ("limit" = Option<u64>, Query, description = "How many, 1 to 1000; 100 where absent"),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before")
    ),
    responses(
        (status = 200, body = ExchangePage),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::control) fn list_requests(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let wanted = wanted(ask, &["order", "limit", "cursor"])?;
    let newest_first = wanted.is_newest_first();
    let journal = journal(ask)?;
    let mut entries = journal.entries();
    let written = journal.count();
    let gone = entries.first().map_or(written, |entry| entry.number - 1);
    if newest_first {
        entries.reverse();
    }
    if let Some(cursor) = wanted.cursor() {
        entries.retain(|entry| if newest_first { entry.number < cursor } else { entry.number > cursor });
    }
    let mut explainer = Explainer::of(ask);
    let (mut requests, mut next, mut last) = (Vec::new(), None, 0);
    for call in entries.into_iter().map(Call::of).filter(|call| wanted.pattern().fits(call)) {
        if requests.len() as u64 == wanted.page_size() {
            next = Some(u64::to_string(&last));
            break;
        }
        last = call.entry.number;
        requests.push(shown(&call, &mut explainer));
    }
    Ok(json(200, &ExchangePage { requests, next, written, gone }))
}

/// One exchange.
#[utoipa::path(
    get,
    path = "/_mock/requests/{id}",
    tag = "journal",
    params(("id" = String, Path, description = "The exchange's id, or its number")),
    responses(
        (status = 200, body = Exchange),
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
        Some(entry) => Ok(json(200, &shown(&Call::of(entry), &mut Explainer::of(ask)))),
        None => {
            let written = journal.count();
            let detail = format!("no exchange `{id}` is kept; {written} were written since the journal was emptied");
            Err(Problem::new(404, detail))
        }
    }
}
