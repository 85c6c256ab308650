//! `/_mock/state/{provider}/{collection}` and `…/{id}`: the rows of a list of the data, one by one.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
#[cfg(test)]
use schemars::{SchemaGenerator, json_schema};
use serde_json::Value;
#[cfg(test)]
use serde_json::json;
use serde_json::value::RawValue;

use super::ask::{Ask, faulty};
use super::bounds::{self, Bounds};
use super::etag::IfMatch;
use super::parameter::{Kind, PROVIDER, Parameter};
#[cfg(test)]
use super::schemas::{Content, RequestBody};
use super::verb::{AnyVerb, Input, NoBody, NoContent, Output, Verb};
use super::{diff, example};
use crate::api::{Change, Problem, Row, RowPage};
use crate::contract::suggestion;
use crate::provider::header::{ETAG, LOCATION};
use crate::provider::records::{self, Edit, Refused, Shown};
use crate::provider::{NotChanged, Response, RowsWanted, Slot};
use crate::world::wanted;

/// The path of one row, and how many parts it has.
pub(super) const ONE: &str = "/_mock/state/{provider}/{collection}/{id}";
pub(super) const SEGMENTS: usize = 6;
const ALL: &str = "/_mock/state/{provider}/{collection}";

/// The most rows of one page, and how many there are where nothing is said.
const MOST_ROWS: u64 = 1_000;
const USUAL_ROWS: usize = 100;

/// How many bytes of rows a page has before it ends.
const MOST_PAGE: usize = 16 << 20;

/// The most changes that a 412 tells, and the longest value that it shows, in bytes of its JSON.
const MOST_CHANGES: usize = 200;
const LONGEST: usize = 4 << 10;

const LIST: Parameter = Parameter::segment("collection", "The list, as the fixture names it").such_as(example::LIST);
const ID: Parameter = Parameter::segment(
    "id",
    "The row's id; its place, counted from 0, in a list whose rows have none, as credentials do",
)
.such_as(example::ROW);
const TAG: Parameter = Parameter::header(
    "If-Match",
    "The `ETag` of the row as it was read: where the row is another by now, nothing is done (412). Wanted of a row that its \
     place names, whose ETag is that of its list",
);

pub(super) static VERBS: [&dyn AnyVerb; 6] = [&LIST_ROWS, &ADD_ROW, &SHOW_ROW, &REPLACE_ROW, &CHANGE_ROW, &DELETE_ROW];

pub(crate) static LIST_ROWS: Verb<NoBody, RowPage> = Verb::get(ALL, "list_rows", list_rows)
    .about("Some rows of one list of a provider's data, in the order of its fixture, each with its ETag.")
    .takes(&[
        PROVIDER,
        LIST,
        Parameter::query("limit", "How many, 1 to 1000; 100 where absent. A page ends at 16 MiB of rows")
            .of(Kind::Count(1, MOST_ROWS)),
        Parameter::query("offset", "How many rows to pass over: the `next` of the page before")
            .of(Kind::Count(0, u32::MAX as u64)),
        Parameter::query("search", "A text that some value of the row has, in any letter case"),
    ])
    .refuses(&[400, 404]);

pub(crate) static ADD_ROW: Verb<NewRow, OneRow> = Verb::post(ALL, "add_row", add_row)
    .about(
        "Adds a row, as if it stood in the fixture: last in the order of making. What the loader would refuse is refused in \
         its words, with the place in the row, and nothing is saved. `Location` names the row.",
    )
    .takes(&[PROVIDER, LIST])
    .answers(201)
    .refuses(&[400, 404, 503]);

pub(crate) static SHOW_ROW: Verb<NoBody, OneRow> = Verb::get(ONE, "show_row", show_row)
    .about("One row, as the fixture has it; `ETag` changes with it.")
    .takes(&[PROVIDER, LIST, ID])
    .refuses(&[404]);

pub(crate) static REPLACE_ROW: Verb<RowBody, OneRow> = Verb::put(ONE, "replace_row", replace_row)
    .about("Puts another row in place of one; it keeps its id. What the loader would refuse is refused in its words.")
    .takes(&[PROVIDER, LIST, ID, TAG])
    .refuses(&[400, 404, 409, 412, 428, 503]);

pub(crate) static CHANGE_ROW: Verb<RowBody, OneRow> = Verb::patch(ONE, "change_row", change_row)
    .about(
        "Changes a row by a JSON Merge Patch (RFC 7396): the members that it names, and no others. Null sets null where the \
         fixture's schema takes null there, and removes the member where it does not; one that must be there is named as \
         wrong.",
    )
    .takes(&[PROVIDER, LIST, ID, TAG])
    .refuses(&[400, 404, 409, 412, 428, 503]);

pub(crate) static DELETE_ROW: Verb<NoBody, NoContent> = Verb::delete(ONE, "delete_row", delete_row)
    .about("Deletes a row to which no other refers; else 409 says which do.")
    .takes(&[PROVIDER, LIST, ID, TAG])
    .refuses(&[400, 404, 409, 412, 428]);

/// A row, or what to change of one: its provider reads it.
#[derive(Debug, Clone)]
pub(crate) struct RowBody(String);

impl Input for RowBody {
    fn read(ask: &Ask<'_>, _: &str) -> Result<Self, Problem> {
        let text = std::str::from_utf8(ask.body).map_err(|error| {
            let detail =
                format!("the body is no UTF-8 from byte {} on; expected the JSON of a row", error.valid_up_to());
            Problem::new(400, detail).at("$")
        })?;
        Ok(Self(text.to_owned()))
    }

    #[cfg(test)]
    fn body(_: &mut SchemaGenerator) -> Option<RequestBody> {
        let schema = json!(json_schema!({"type": "object", "additionalProperties": true}));
        let about = Some("The members of a row of this list, as the fixture's schema has them.".to_owned());
        Some(RequestBody { schema, about, required: true, examples: vec![example::ROW_JSON.into()] })
    }
}

/// A row that is to be added.
#[derive(Debug, Clone)]
pub(crate) struct NewRow(RowBody);

impl Input for NewRow {
    fn read(ask: &Ask<'_>, verb: &str) -> Result<Self, Problem> {
        RowBody::read(ask, verb).map(Self)
    }

    #[cfg(test)]
    fn body(schemas: &mut SchemaGenerator) -> Option<RequestBody> {
        RowBody::body(schemas).map(|body| RequestBody { examples: vec![example::NEW_ROW.into()], ..body })
    }
}

/// One row as the whole of an answer.
#[derive(Debug)]
pub(crate) struct OneRow {
    row: Shown,
    location: Option<String>,
}

impl Output for OneRow {
    fn respond(self, answer: Response, Bounds { most, .. }: Bounds<'_>) -> Result<Response, Problem> {
        if self.row.text.len() > most {
            return Err(bounds::too_large(most));
        }
        let answer = answer.body("application/json", self.row.text).header(ETAG, self.row.tag);
        Ok(self.location.into_iter().fold(answer, |answer, location| answer.header(LOCATION, location)))
    }

    #[cfg(test)]
    fn content(_: &mut SchemaGenerator) -> Option<Content> {
        let schema = json!(json_schema!({"type": "object", "additionalProperties": true}));
        Some(Content { media: "application/json".to_owned(), schema })
    }

    fn parse(body: &str) -> Result<Self, serde_json::Error> {
        let text = RawValue::from_string(body.to_owned())?.get().to_owned();
        Ok(Self { row: Shown { name: String::new(), text, tag: String::new() }, location: None })
    }
}

fn list_rows(ask: &Ask<'_>, _: NoBody) -> Result<RowPage, Problem> {
    let (slot, list) = named(ask)?;
    let limit = number(ask, "limit", (1, MOST_ROWS))?.unwrap_or(USUAL_ROWS);
    let offset = number(ask, "offset", (0, u64::from(u32::MAX)))?.unwrap_or_default();
    let search = ask.parameter("search").unwrap_or_default().to_lowercase();
    let bytes = MOST_PAGE.min(ask.bounds().most / 2);
    let page = slot.rows_page(list, &RowsWanted { offset, limit, bytes, search: &search });
    ask.cancel.check()?;
    let broken = |error: serde_json::Error| Problem::new(500, error.to_string());
    let row = |Shown { name: id, text, tag: etag }| {
        Ok::<_, Problem>(Row { id, etag, row: RawValue::from_string(text).map_err(broken)? })
    };
    let shown = page.rows.len();
    let rows = page.rows.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    let next = (shown > 0 && offset + shown < page.total).then_some(offset + shown);
    Ok(RowPage { rows, total: page.total, next })
}

fn add_row(ask: &Ask<'_>, NewRow(body): NewRow) -> Result<OneRow, Problem> {
    let row = change(ask, Edit::Add(&body.0))?;
    let [provider, list] = [0, 1].map(|at| ask.names.get(at).copied().unwrap_or_default());
    let name = utf8_percent_encode(&row.name, NON_ALPHANUMERIC).to_string().replace("%2D", "-");
    let location = Some(format!("{}/_mock/state/{provider}/{list}/{name}", ask.base));
    Ok(OneRow { row, location })
}

fn show_row(ask: &Ask<'_>, _: NoBody) -> Result<OneRow, Problem> {
    let (slot, list) = named(ask)?;
    let row = slot.show_row(list, id(ask)).filter(|row| row.name == id(ask));
    row.map(|row| OneRow { row, location: None }).ok_or_else(|| missing(ask, &**slot, list))
}

fn replace_row(ask: &Ask<'_>, body: RowBody) -> Result<OneRow, Problem> {
    change(ask, Edit::Replace(id(ask), &body.0)).map(|row| OneRow { row, location: None })
}

fn change_row(ask: &Ask<'_>, body: RowBody) -> Result<OneRow, Problem> {
    change(ask, Edit::Merge(id(ask), &body.0)).map(|row| OneRow { row, location: None })
}

fn delete_row(ask: &Ask<'_>, _: NoBody) -> Result<NoContent, Problem> {
    change(ask, Edit::Delete(id(ask))).map(|_| NoContent)
}

fn change(ask: &Ask<'_>, edit: Edit<'_>) -> Result<Shown, Problem> {
    let (slot, list) = named(ask)?;
    let if_match = IfMatch::of(ask)?;
    let fits = |tag: &str| if_match.as_ref().is_some_and(|wanted| wanted.fits(tag));
    let is_placed = slot.row_lists().iter().any(|(known, id)| *known == list && id.is_none());
    // `*` names no version, and so no row where places do.
    let wanted = if_match.as_ref().filter(|wanted| !is_placed || **wanted != IfMatch::Any);
    let file = format!("{}.{list}", slot.provider().descriptor().id);
    let wanted = wanted.map(|_| &fits as &dyn Fn(&str) -> bool);
    let now = ask.sandbox.clock().now();
    let change = records::Change { file: &file, edit, wanted, now, options: slot.options() };
    let changed = slot.change_row(list, &change);
    let refused = match changed.ok_or_else(|| missing(ask, &**slot, list))? {
        Ok(row) => return Ok(row),
        Err(NotChanged::Full(why, after_s)) => return Err(Problem::new(503, why).retry_after(after_s)),
        Err(NotChanged::Refused(refused)) => refused,
    };
    Err(match refused {
        Refused::Missing(_) => missing(ask, &**slot, list),
        Refused::Faulty(faults) => faulty(&faults, |_| "$".to_owned()),
        Refused::Unconditional(row) => {
            let detail = format!(
                "the rows of {list} have no ids, and a place may be another row's by now; send `If-Match: {}` if the list \
                 is as you read it by GET {}",
                row.tag, ask.path
            );
            Problem::new(428, detail).differs(row.tag, Vec::new())
        }
        Refused::Referred(told, count) => {
            let more = if count > told.len() { format!(" and {} more", count - told.len()) } else { String::new() };
            let detail =
                format!("other rows refer to this one: {}{more}; change or delete those first", told.join(", "));
            Problem::new(409, detail)
        }
        Refused::Changed(row, sent) => another(ask, row, sent)?,
        // Nothing is changed, so it is no step of the history.
        Refused::Same(row) => return Ok(row),
    })
}

/// The problem of a row that somebody changed since it was read.
fn another(ask: &Ask<'_>, row: Shown, sent: Option<String>) -> Result<Problem, Problem> {
    let value = |text: &str| wanted::value(text).unwrap_or_default();
    let mut changes = match sent {
        Some(sent) => diff::between_values(&value(&row.text), &value(&sent), ask.cancel)?,
        None => Vec::new(),
    };
    let told = changes.len();
    changes.truncate(MOST_CHANGES);
    changes.iter_mut().for_each(shorten);
    let how = match told {
        0 => "what you sent would leave it as it is".to_owned(),
        told if told > MOST_CHANGES => {
            format!("`changes` has the first {MOST_CHANGES} of {told} differences to what you sent")
        }
        _ => "`changes` says how what you sent differs from it".to_owned(),
    };
    let detail = format!(
        "the row is not as you read it: its ETag is {} now, and If-Match names another; {how}; read it again by GET {}",
        row.tag, ask.path
    );
    Ok(Problem::new(412, detail).differs(row.tag, changes))
}

/// Cuts the values of a change that are long.
fn shorten(change: &mut Change) {
    let cut = |value: &mut Value| {
        let text = value.to_string();
        if text.len() > LONGEST {
            let shown: String = text.chars().take(LONGEST / 4).collect();
            *value = Value::String(format!("{shown}…"));
        }
    };
    match change {
        Change::Added { value, .. } | Change::Removed { value, .. } => cut(value),
        Change::Changed { from, to, .. } => [from, to].into_iter().for_each(cut),
    }
}

/// The slot and the list that a path names.
fn named<'a>(ask: &'a Ask<'_>) -> Result<(&'a std::sync::Arc<dyn Slot>, &'static str), Problem> {
    let slot = ask.slot(ask.name())?;
    let name = ask.names.get(1).copied().unwrap_or_default();
    let lists: Vec<_> = slot.row_lists().iter().map(|(list, _)| *list).collect();
    if let Some(list) = lists.iter().find(|list| **list == name) {
        return Ok((slot, list));
    }
    let (id, shown) = (&slot.provider().descriptor().id, name.chars().take(80).collect::<String>());
    let meant = suggestion::name(name, lists.iter().copied());
    let meant = meant.map(|meant| format!("`{meant}` was probably meant; ")).unwrap_or_default();
    let has = match &lists[..] {
        [] => "its rows cannot be changed one by one".to_owned(),
        lists => format!("its lists are {}", lists.join(", ")),
    };
    Err(Problem::new(404, format!("{id} has no list `{shown}`; {meant}{has}")))
}

fn id<'a>(ask: &Ask<'a>) -> &'a str {
    ask.names.get(2).copied().unwrap_or_default()
}

/// The problem of a row that is not there.
fn missing(ask: &Ask<'_>, slot: &dyn Slot, list: &str) -> Problem {
    let shown: String = id(ask).chars().take(80).collect();
    let by = slot.row_lists().iter().find(|(known, _)| *known == list).and_then(|(_, id)| *id);
    let meant = slot.show_row(list, id(ask)).map(|row| format!("`{}` is one, which was probably meant; ", row.name));
    let there = match (by, slot.count_rows(list)) {
        (_, 0) => "it has no row".to_owned(),
        (Some(member), _) => format!("its rows are named by their `{member}`"),
        (None, 1) => "it has one row, at the place 0".to_owned(),
        (None, count) => format!("it has {count} rows, at the places 0 to {}", count - 1),
    };
    let provider = ask.name();
    let detail = format!(
        "{list} of {provider} has no row `{shown}`; {}{there}, and GET /_mock/state/{provider}/{list} shows them",
        meant.unwrap_or_default()
    );
    Problem::new(404, detail)
}

/// A number of the query.
fn number(ask: &Ask<'_>, name: &str, (least, most): (u64, u64)) -> Result<Option<usize>, Problem> {
    let Some(text) = ask.parameter(name) else { return Ok(None) };
    let is_plain = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let number = text.parse::<u64>().ok().filter(|number| is_plain && (least..=most).contains(number));
    let number = number.and_then(|number| usize::try_from(number).ok());
    number.map(Some).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        let detail =
            format!("expected a whole number from {least} to {most}, found {shown:?}; an example is {name}=20");
        Problem::new(400, detail).at(format!("query.{name}"))
    })
}
