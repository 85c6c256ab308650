//! What is acceptable; from what a client sent to what may be done.

use std::borrow::Cow;
use std::fmt::{self, Display};

use super::auth::LEGACY_KEY;
use super::entities::{ActionModel, ConditionModel, PersonaModel};
use super::error::VendorError;
use crate::dialects::web_api;
use crate::provider::{Unread, WrongPart};
use crate::world::page::Page;

/// A query's name and value.
type Pair<'q> = (Cow<'q, str>, Cow<'q, str>);

/// What a save changes: a body that was found acceptable. What is empty stays as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Changes {
    /// Without its lists.
    pub(super) persona: PersonaModel,
    /// All conditions from now on.
    pub(super) conditions: Option<Vec<ConditionModel>>,
    /// All actions from now on.
    pub(super) actions: Option<Vec<ActionModel>>,
}

/// What a body may add: nothing without a name that is not blank.
pub(super) fn addition(body: Result<PersonaModel, WrongPart>) -> Result<Changes, VendorError> {
    let changes = body.and_then(|body| match body.name {
        Some(_) => changes(body),
        None => Err(WrongPart::missing("$.Name", "a string that is not blank")),
    });
    changes.map_err(VendorError::FieldMissing)
}

/// What a body may change of this persona.
///
/// Null stands for an absent member: the model that the framework fills cannot tell them apart. For the
/// same reason a `PersonaID` of 0 is none; any other must be the one in the address.
pub(super) fn update(id: i32, body: Result<PersonaModel, WrongPart>) -> Result<Changes, VendorError> {
    if body.as_ref().ok().and_then(|body| body.id).is_some_and(|named| named != 0 && named != id) {
        return Err(VendorError::TwoIds);
    }
    body.and_then(changes).map_err(VendorError::ParameterInvalid)
}

/// The changes of a body, unless its name is blank or one of its lists has a null in it.
fn changes(mut body: PersonaModel) -> Result<Changes, WrongPart> {
    if body.name.as_deref().is_some_and(is_blank) {
        return Err(WrongPart::value("$.Name", "a string that is not blank"));
    }
    body.run_actions_on_save = body.run_actions_on_save.or(body.run_action_on_save);
    let conditions = all("PersonaConditions", body.conditions.take())?;
    Ok(Changes { conditions, actions: all("PersonaActions", body.actions.take())?, persona: body })
}

/// Whether a name has nothing in it.
pub(super) fn is_blank(name: &str) -> bool {
    name.chars().all(char::is_whitespace)
}

fn all<T>(name: &str, list: Option<Vec<Option<T>>>) -> Result<Option<Vec<T>>, WrongPart> {
    let Some(items) = list else { return Ok(None) };
    let null = |number: usize| WrongPart::value(format!("$.{name}[{number}]"), "an object");
    let items = items.into_iter().enumerate().map(|(number, item)| item.ok_or_else(|| null(number)));
    items.collect::<Result<_, _>>().map(Some)
}

/// What an integer in an address must be.
const INTEGER: &str = "a whole number of 32 bits, such as 20";

/// The id in an address.
pub(super) fn persona_id(text: &str) -> Result<i32, VendorError> {
    let wrong = || VendorError::AddressInvalid(WrongPart::segment("path.PersonaID", INTEGER, text));
    web_api::integer(text).ok_or_else(wrong)
}

/// How many personas a page has where the query does not say.
const PAGE_SIZE: usize = 20;

/// The parameters of the list.
const PAGE: [&str; 3] = ["StartPage", "PageSize", "PageLength"];

/// A parameter that is known and has no effect, because another one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outweighed {
    /// It comes more than once.
    Later(&'static str),
    /// `PageLength`, by `PageSize`.
    Length,
}

impl Display for Outweighed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Later(name) => {
                write!(f, "{name} is sent more than once: the first one counts, the others are ignored")
            }
            Self::Length => f.write_str("PageLength is ignored: PageSize is sent too and counts; send one of them"),
        }
    }
}

/// The page that a query names: `StartPage` from 1, `PageSize` or `PageLength`, names in any letter case. Each other
/// parameter is noted, and so is one that another one outweighs.
///
/// Of a parameter that comes more than once, the first one counts. An empty value and a number below 1 stand for the
/// default.
pub(super) fn page<'q>(
    query: impl Iterator<Item = Pair<'q>>,
    unread: &mut Unread,
) -> Result<(Page, Option<Outweighed>), VendorError> {
    let mut sent: [Option<Cow<'q, str>>; 3] = [const { None }; 3];
    let mut outweighed = None;
    for (name, value) in query {
        let known = PAGE.into_iter().zip(&mut sent).find(|(known, _)| known.eq_ignore_ascii_case(&name));
        match known {
            Some((_, place @ None)) => *place = Some(value),
            // The same once more changes nothing.
            Some((_, Some(first))) if *first == value => {}
            Some((known, Some(_))) => {
                unread.note(|| at(&name));
                outweighed = outweighed.or(Some(Outweighed::Later(known)));
            }
            None => note(&name, unread),
        }
    }
    let [start, size, length] = &sent;
    let [start_name, size_name, length_name] = PAGE;
    let start = number(start_name, start.as_deref())?.unwrap_or(1);
    let (size, length) = (number(size_name, size.as_deref())?, number(length_name, length.as_deref())?);
    if size.is_some() && length.is_some() && size != length {
        unread.note(|| at("PageLength"));
        outweighed = outweighed.or(Some(Outweighed::Length));
    }
    let limit = size.or(length).unwrap_or(PAGE_SIZE);
    Ok((Page { offset: (start - 1).saturating_mul(limit), limit }, outweighed))
}

/// The number that a parameter of the list names, if it is one that counts.
fn number(name: &str, value: Option<&str>) -> Result<Option<usize>, VendorError> {
    let Some(value) = value.filter(|value| !value.trim().is_empty()) else {
        return Ok(None);
    };
    let wrong = || VendorError::AddressInvalid(WrongPart::value(at(name), INTEGER));
    let number = web_api::integer(value).ok_or_else(wrong)?;
    Ok(usize::try_from(number).ok().filter(|number| *number > 0))
}

/// Notes the parameters of a request whose operation has none.
pub(super) fn no_parameters<'q>(query: impl Iterator<Item = Pair<'q>>, unread: &mut Unread) {
    for (name, _) in query {
        note(&name, unread);
    }
}

/// Notes a parameter that the operation does not have. Every operation takes a legacy key.
fn note(name: &str, unread: &mut Unread) {
    if !name.eq_ignore_ascii_case(LEGACY_KEY) {
        unread.note(|| at(name));
    }
}

fn at(name: &str) -> String {
    format!("query.{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, expected: Result<(usize, usize), VendorError>) {
        let page = page(form_urlencoded::parse(query.as_bytes()), &mut Unread::default());
        let page = page.map(|(page, _)| (page.offset, page.limit));
        assert_eq!(page, expected, "{query}");
    }

    #[test]
    fn pages() {
        let wrong = |name: &str| Err(VendorError::AddressInvalid(WrongPart::value(at(name), INTEGER)));
        check("", Ok((0, 20)));
        check("startpage=3&PAGELENGTH=5", Ok((10, 5)));
        check("PageLength=5&PageSize=7&StartPage=2", Ok((7, 7)));
        check("StartPage=&PageSize=0", Ok((0, 20)));
        check("StartPage=-1", Ok((0, 20)));
        check("StartPage=2&StartPage=x", Ok((20, 20)));
        check("StartPage=x", wrong("StartPage"));
        check("PageLength=1.5", wrong("PageLength"));
        check("StartPage=2147483648", wrong("StartPage"));
    }

    #[track_caller]
    fn notes(query: &str, first: Option<&str>, count: usize, expected: Option<Outweighed>) {
        let mut unread = Unread::default();
        let page = page(form_urlencoded::parse(query.as_bytes()), &mut unread);
        assert_eq!((unread.first(), unread.count()), (first, count), "{query}");
        assert_eq!(page.ok().and_then(|(_, outweighed)| outweighed), expected, "{query}");
    }

    #[test]
    fn each_parameter_without_effect_is_noted() {
        notes("startpage=1&PAGESIZE=5&rest-api-key=x", None, 0, None);
        notes("PageLength=5", None, 0, None);
        notes("StartPage=1&StartPage=1", None, 0, None);
        notes("PageLength=5&PageSize=5", None, 0, None);
        notes("PageLength=5&PageSize=0", None, 0, None);
        notes("Page=1&StartPage=2&sort%20by=x", Some("query.Page"), 2, None);
        notes("StartPage=2&startPage=3", Some("query.startPage"), 1, Some(Outweighed::Later("StartPage")));
        notes("PageLength=5&PageSize=7", Some("query.PageLength"), 1, Some(Outweighed::Length));
        notes("x=1&StartPage=two", Some("query.x"), 1, None);
    }

    #[test]
    fn a_name_is_not_blank() {
        for blank in ["", " ", "\t\u{a0}\u{2003}"] {
            assert!(is_blank(blank), "{blank:?}");
        }
        assert!(!is_blank(" x "));
    }

    #[test]
    fn the_plural_name_of_run_actions_wins() {
        let model = |plural, singular| PersonaModel {
            run_actions_on_save: plural,
            run_action_on_save: singular,
            ..PersonaModel::default()
        };
        let run = |plural, singular| update(1, Ok(model(plural, singular))).unwrap().persona.run_actions_on_save;
        assert_eq!(run(Some(false), Some(true)), Some(false));
        assert_eq!(run(None, Some(true)), Some(true));
        assert_eq!(run(None, None), None);
    }

    #[test]
    fn a_persona_id_in_the_body_must_be_that_of_the_address() {
        let with = |id| Ok(PersonaModel { id, ..PersonaModel::default() });
        for fine in [None, Some(0), Some(7)] {
            assert!(update(7, with(fine)).is_ok(), "{fine:?}");
        }
        assert_eq!(update(7, with(Some(8))), Err(VendorError::TwoIds));
        let wrong = WrongPart::missing("$", "a body of JSON");
        assert_eq!(update(7, Err(wrong.clone())), Err(VendorError::ParameterInvalid(wrong)));
    }
}
