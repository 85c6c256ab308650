//! What a request says that its verb does not read: it would do something else than was meant, so it is refused, or told
//! where that is no harm.

use std::borrow::Cow;

use super::ask::Ask;
use super::parameter::Place;
use super::verb::{AnyVerb, Row};
use crate::api::Problem;
use crate::contract::request::bounded;
use crate::contract::suggestion;
use crate::world::call::Field;
use crate::world::sandbox::SandboxName;

/// The parameter by which some verbs take all sandboxes, and none takes one.
const SANDBOX: &str = "sandbox";

/// The hint of what a verb passes over, where that is no harm.
///
/// # Errors
///
/// What it must not pass over, before anything is done.
pub(super) fn look(verb: &dyn AnyVerb, ask: &Ask<'_>) -> Result<Option<String>, Problem> {
    let row = verb.row();
    let hint = parameters(row, ask)?;
    once(row, ask)?;
    if !verb.reads_body() && !is_empty(ask.body) {
        return Err(body(row, ask.body.len()));
    }
    Ok(hint)
}

/// The parameters of a query, in the order in which they were sent.
fn sent<'a>(ask: &Ask<'a>) -> impl Iterator<Item = Cow<'a, str>> {
    form_urlencoded::parse(ask.query.unwrap_or_default().as_bytes()).map(|(name, _)| name)
}

/// The parameters of a query that a verb reads, apart from the fields of a pattern.
fn known(row: &Row) -> impl Iterator<Item = &'static str> {
    row.parameters.iter().filter(|parameter| parameter.place == Place::Query).map(|known| known.name)
}

/// The hint of a parameter that no verb of this row reads.
fn parameters(row: &Row, ask: &Ask<'_>) -> Result<Option<String>, Problem> {
    let Some(name) = sent(ask).find(|name| !known(row).any(|known| known == name)) else { return Ok(None) };
    if sent(ask).any(|name| name == SANDBOX) && !known(row).any(|known| known == SANDBOX) {
        return Err(refused(row, SANDBOX, &whose(row, ask)));
    }
    if row.filters {
        // What is no filter is refused by who reads them.
        return Ok(None);
    }
    let read: Vec<_> = known(row).collect();
    let read = match (suggestion::name(&name, read.iter().copied()), &read[..]) {
        (Some(near), _) => format!("{near} was probably meant"),
        (None, []) => format!("{} {} reads no parameter", row.method, row.path),
        (None, read) => format!("{} {} reads {}", row.method, row.path, read.join(", ")),
    };
    let name: String = name.chars().take(40).collect();
    // Where a verb reads none and changes nothing, one that keeps answers out of caches is no harm.
    if row.method == "GET" && known(row).next().is_none() {
        return Ok(Some(bounded(&format!("the parameter {name} is ignored: {read}"), 0)));
    }
    Err(refused(row, &name, &read))
}

fn refused(row: &Row, name: &str, why: &str) -> Problem {
    let detail = format!("there is no parameter `{name}` here: {why}{}", unchanged(row));
    Problem::new(400, bounded(&detail, 0)).at(format!("query.{name}"))
}

fn unchanged(row: &Row) -> &'static str {
    if row.method == "GET" { "" } else { "; nothing was changed" }
}

/// How a sandbox is named, where it is not by a query.
fn whose(row: &Row, ask: &Ask<'_>) -> String {
    if row.is_of_server {
        return format!("{} {} is the same for every sandbox", row.method, row.path);
    }
    let name = ask.parameter(SANDBOX).and_then(|name| name.parse::<SandboxName>().ok());
    let name = name.map_or_else(|| "t1".to_owned(), |name| name.to_string());
    format!(
        "the sandbox is named by the base URL, as in /_sandbox/{name}{}, or by the header X-Mock-Sandbox: {name}",
        ask.path
    )
}

/// Refuses a parameter that is said twice, of which one would be passed over. A field that a pattern has several of is none.
fn once(row: &Row, ask: &Ask<'_>) -> Result<(), Problem> {
    let field = |name: &str| Field::named(name).filter(|_| row.filters);
    let is_one =
        |name: &str| known(row).any(|known| known == name) || field(name).is_some_and(|one| !one.is_repeatable);
    let mut seen = Vec::new();
    for name in sent(ask).filter(|name| is_one(name)) {
        if seen.contains(&name) {
            let count = sent(ask).filter(|other| *other == name).count();
            let detail = format!("expected `{name}` once, found it {count} times{}", unchanged(row));
            return Err(Problem::new(400, detail).at(format!("query.{name}")));
        }
        seen.push(name);
    }
    Ok(())
}

/// Whether a body says nothing: many clients send an empty object or null where there is nothing to say.
fn is_empty(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    let within = body.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}"));
    matches!(body, b"" | b"null") || within.is_some_and(|within| within.trim_ascii().is_empty())
}

/// The problem of a body that nobody reads.
fn body(row: &Row, length: usize) -> Problem {
    let read: Vec<_> = known(row).collect();
    let read = match &read[..] {
        [] => String::new(),
        read => format!(", and what it reads as parameters of the query: {}", read.join(", ")),
    };
    let detail = format!(
        "{} {} takes no body, found one of {length} bytes; send none, or {{}}{read}{}",
        row.method,
        row.path,
        unchanged(row)
    );
    Problem::new(400, detail).at("$")
}
