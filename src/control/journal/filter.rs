//! Which exchanges a page shows: the query of `/_mock/requests` and its kin.

use jiff::Timestamp;
use serde_json::Value;

use super::call::Call;
use super::pattern::{self, Status};
use super::value;
use crate::control::Ask;
use crate::http::problem::Problem;
use crate::world::pattern::{PathPattern, PatternError};

/// The names of the filters, beside those of the page itself.
const FILTERS: [&str; 10] =
    ["provider", "operation", "status", "method", "path", "header", "body", "changed", "since", "until"];

/// What must be true of an exchange to be shown.
#[derive(Debug, Default)]
pub(super) struct Filter {
    provider: Option<String>,
    operation: Option<String>,
    status: Option<Status>,
    method: Option<String>,
    path: Option<PathPattern>,
    headers: Vec<(String, Option<String>)>,
    body: Vec<(String, Option<Value>)>,
    changed: Option<bool>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Filter {
    /// Reads the filters of a query in which `others` may stand too.
    pub(super) fn read(ask: &Ask<'_>, others: &[&str]) -> Result<Self, Problem> {
        let mut filter = Self::default();
        for (name, value) in form_urlencoded::parse(ask.query.unwrap_or_default().as_bytes()) {
            let wrong = |expected: &str| {
                Problem::new(400, format!("expected {expected}, found {value:?}")).at(format!("query.{name}"))
            };
            let instant = || value.parse::<Timestamp>().map(Some).map_err(|_| wrong("an RFC 3339 instant"));
            match &*name {
                "provider" => {
                    pattern::check_provider(ask, &value).map_err(|problem| problem.at("query.provider"))?;
                    filter.provider = Some(value.into_owned());
                }
                "operation" => {
                    pattern::check_operation(ask, &value).map_err(|problem| problem.at("query.operation"))?;
                    filter.operation = Some(value.into_owned());
                }
                "status" => {
                    filter.status = Some(Status::read(&value).ok_or_else(|| wrong("a status such as 404 or 4xx"))?);
                }
                "method" => filter.method = Some(value.to_ascii_uppercase()),
                "path" => {
                    let path = value
                        .parse()
                        .map_err(|error: PatternError| Problem::new(400, error.to_string()).at("query.path"))?;
                    filter.path = Some(path);
                }
                "header" => filter.headers.push(match value.split_once(':') {
                    Some((name, value)) => (name.trim().to_owned(), Some(value.trim().to_owned())),
                    None => (value.trim().to_owned(), None),
                }),
                "body" => filter.body.push(match value.split_once('=') {
                    // A value that is no JSON is text: `$.status=active`.
                    Some((path, text)) => {
                        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
                        (path.to_owned(), Some(value))
                    }
                    None => (value.into_owned(), None),
                }),
                "changed" => filter.changed = Some(value.parse().map_err(|_| wrong("`true` or `false`"))?),
                "since" => filter.since = instant()?,
                "until" => filter.until = instant()?,
                known if others.contains(&known) => {}
                unknown => {
                    let known: Vec<_> = FILTERS.iter().chain(others).copied().collect();
                    let detail = format!("there is no parameter `{unknown}`; the parameters are {}", known.join(", "));
                    return Err(Problem::new(400, detail).at(format!("query.{unknown}")));
                }
            }
        }
        for (path, _) in &filter.body {
            value::parse(path).map_err(|detail| Problem::new(400, detail).at("query.body"))?;
        }
        Ok(filter)
    }

    /// Whether an exchange is shown.
    pub(super) fn takes(&self, call: &Call) -> bool {
        let exchange = &call.entry.exchange;
        let same =
            |sought: &Option<String>, found: Option<&str>| sought.as_deref().is_none_or(|one| Some(one) == found);
        same(&self.provider, exchange.provider)
            && same(&self.operation, exchange.operation)
            && same(&self.method, Some(exchange.text.method()))
            && self.status.is_none_or(|status| status.takes(exchange.status))
            && self.path.as_ref().is_none_or(|path| path.fits(&call.path, exchange.exact_case))
            && self.changed.is_none_or(|changed| changed == exchange.changed)
            && self.since.is_none_or(|since| exchange.at >= since)
            && self.until.is_none_or(|until| exchange.at <= until)
            && self.headers.iter().all(|(name, value)| {
                call.field(name).is_some_and(|found| value.as_deref().is_none_or(|value| value == found))
            })
            && self.body.iter().all(|(path, value)| {
                let found = call.body.as_ref().and_then(|body| value::look(body, path));
                found.is_some_and(|found| value.as_ref().is_none_or(|value| value::is_within(value, found)))
            })
    }
}
