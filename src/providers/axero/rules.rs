//! What is acceptable; from what a client sent to what may be done.

use super::entities::{ActionModel, ConditionModel, PersonaModel};
use super::error::VendorError;
use crate::dialects::web_api;
use crate::world::page::Page;

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
pub(super) fn addition(body: Option<PersonaModel>) -> Result<Changes, VendorError> {
    let changes = body.filter(|body| body.name.is_some()).and_then(changes);
    changes.ok_or(VendorError::FieldMissing)
}

/// What a body may change of this persona.
///
/// Null stands for an absent member: the model that the framework fills cannot tell them apart. For the
/// same reason a `PersonaID` of 0 is none; any other must be the one in the address.
pub(super) fn update(id: i32, body: Option<PersonaModel>) -> Result<Changes, VendorError> {
    let body = body.filter(|body| matches!(body.id, None | Some(0)) || body.id == Some(id));
    body.and_then(changes).ok_or(VendorError::ParameterInvalid)
}

/// The changes of a body, unless its name is blank or one of its lists has a null in it.
fn changes(mut body: PersonaModel) -> Option<Changes> {
    if body.name.as_deref().is_some_and(is_blank) {
        return None;
    }
    body.run_actions_on_save = body.run_actions_on_save.or(body.run_action_on_save);
    Some(Changes { conditions: all(body.conditions.take())?, actions: all(body.actions.take())?, persona: body })
}

/// Whether a name has nothing in it.
pub(super) fn is_blank(name: &str) -> bool {
    name.chars().all(char::is_whitespace)
}

#[expect(clippy::option_option, reason = "the outer one is a list with a null in it, the inner one no list")]
fn all<T>(list: Option<Vec<Option<T>>>) -> Option<Option<Vec<T>>> {
    match list {
        Some(items) => items.into_iter().collect::<Option<_>>().map(Some),
        None => Some(None),
    }
}

/// The id in an address.
pub(super) fn persona_id(text: &str) -> Result<i32, VendorError> {
    web_api::integer(text).ok_or(VendorError::AddressInvalid)
}

/// How many personas a page has where the query does not say.
const PAGE_SIZE: usize = 20;

/// The page that a query names: `StartPage` from 1, `PageSize` or `PageLength`, names in any letter case.
///
/// An empty value and a number below 1 stand for the default.
pub(super) fn page<'q>(
    query: impl Iterator<Item = (std::borrow::Cow<'q, str>, std::borrow::Cow<'q, str>)> + Clone,
) -> Result<Page, VendorError> {
    let number = |name: &str| -> Result<Option<usize>, VendorError> {
        let value = query.clone().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let Some(value) = value.filter(|value| !value.trim().is_empty()) else {
            return Ok(None);
        };
        let number = web_api::integer(&value).ok_or(VendorError::AddressInvalid)?;
        Ok(usize::try_from(number).ok().filter(|number| *number > 0))
    };
    let start = number("StartPage")?.unwrap_or(1);
    let length = number("PageLength")?;
    let limit = number("PageSize")?.or(length).unwrap_or(PAGE_SIZE);
    Ok(Page { offset: (start - 1).saturating_mul(limit), limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, expected: Result<(usize, usize), VendorError>) {
        let page = page(form_urlencoded::parse(query.as_bytes())).map(|page| (page.offset, page.limit));
        assert_eq!(page, expected, "{query}");
    }

    #[test]
    fn pages() {
        check("", Ok((0, 20)));
        check("startpage=3&PAGELENGTH=5", Ok((10, 5)));
        check("PageLength=5&PageSize=7&StartPage=2", Ok((7, 7)));
        check("StartPage=&PageSize=0", Ok((0, 20)));
        check("StartPage=-1", Ok((0, 20)));
        check("StartPage=2&StartPage=x", Ok((20, 20)));
        check("StartPage=x", Err(VendorError::AddressInvalid));
        check("PageLength=1.5", Err(VendorError::AddressInvalid));
        check("StartPage=2147483648", Err(VendorError::AddressInvalid));
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
        let run = |plural, singular| update(1, Some(model(plural, singular))).unwrap().persona.run_actions_on_save;
        assert_eq!(run(Some(false), Some(true)), Some(false));
        assert_eq!(run(None, Some(true)), Some(true));
        assert_eq!(run(None, None), None);
    }

    #[test]
    fn a_persona_id_in_the_body_must_be_that_of_the_address() {
        let with = |id| Some(PersonaModel { id, ..PersonaModel::default() });
        for fine in [None, Some(0), Some(7)] {
            assert!(update(7, with(fine)).is_ok(), "{fine:?}");
        }
        assert_eq!(update(7, with(Some(8))), Err(VendorError::ParameterInvalid));
        assert_eq!(update(7, None), Err(VendorError::ParameterInvalid));
    }
}
