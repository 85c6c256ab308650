//! What is acceptable; from what a client sent to what may be done.

use super::error::VendorError;
use super::wire::{ActionModel, ConditionModel, PersonaModel};
use crate::dialects::web_api;
use crate::world::page::Page;

/// A name with something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PersonaName(String);

impl PersonaName {
    /// A name, unless it is blank.
    pub(super) fn new(name: String) -> Option<Self> {
        (!name.chars().all(char::is_whitespace)).then_some(Self(name))
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

/// What a save changes. What is empty stays as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Changes {
    pub(super) name: Option<PersonaName>,
    pub(super) is_enabled: Option<bool>,
    pub(super) include_actions: Option<bool>,
    pub(super) run_actions_on_save: Option<bool>,
    pub(super) match_condition: Option<i32>,
    /// All conditions from now on.
    pub(super) conditions: Option<Vec<ConditionChange>>,
    /// All actions from now on.
    pub(super) actions: Option<Vec<ActionChange>>,
}

/// A condition as it is to be.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ConditionChange {
    /// The stored condition it stands for, if there is one with this id.
    pub(super) id: i32,
    pub(super) profile_field: i32,
    pub(super) value: Option<String>,
    pub(super) operator: i32,
    pub(super) parent: i32,
    pub(super) match_condition: i32,
    pub(super) group: Option<String>,
}

/// An action as it is to be.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ActionChange {
    /// The stored action it stands for, if there is one with this id.
    pub(super) id: i32,
    pub(super) value: Option<String>,
    pub(super) kind: i32,
    /// Its place if it is stated; else that in the list.
    pub(super) index: Option<i32>,
}

/// What a body may add: nothing without a name that is not blank.
pub(super) fn addition(model: Option<PersonaModel>) -> Result<(PersonaName, Changes), VendorError> {
    let mut changes = model.and_then(changes).ok_or(VendorError::FieldMissing)?;
    let name = changes.name.take().ok_or(VendorError::FieldMissing)?;
    Ok((name, changes))
}

/// What a body may change of this persona.
///
/// Null stands for an absent member: the model that the framework fills cannot tell them apart. For the
/// same reason a `PersonaID` of 0 is none; any other must be the one in the address.
pub(super) fn update(id: i32, model: Option<PersonaModel>) -> Result<Changes, VendorError> {
    let model = model.filter(|model| matches!(model.persona_id, None | Some(0)) || model.persona_id == Some(id));
    model.and_then(changes).ok_or(VendorError::ParameterInvalid)
}

/// The changes of a model, unless its name is blank or one of its lists has a null in it.
fn changes(model: PersonaModel) -> Option<Changes> {
    let name = match model.name {
        Some(name) => Some(PersonaName::new(name)?),
        None => None,
    };
    Some(Changes {
        name,
        is_enabled: model.is_enabled,
        include_actions: model.include_actions,
        // The page's table says RunActionOnSave, its sample and answer RunActionsOnSave.
        run_actions_on_save: model.run_actions_on_save.or(model.run_action_on_save),
        match_condition: model.match_condition,
        conditions: all(model.conditions, condition)?,
        actions: all(model.actions, action)?,
    })
}

#[expect(clippy::option_option, reason = "the outer one is a list with a null in it, the inner one no list")]
fn all<M, T>(list: Option<Vec<Option<M>>>, change: impl Fn(M) -> T) -> Option<Option<Vec<T>>> {
    match list {
        Some(items) => items.into_iter().map(|item| item.map(&change)).collect::<Option<_>>().map(Some),
        None => Some(None),
    }
}

fn condition(model: ConditionModel) -> ConditionChange {
    ConditionChange {
        id: model.condition_id.unwrap_or_default(),
        profile_field: model.profile_field_id.unwrap_or_default(),
        value: model.condition_value,
        operator: model.condition_operator_type.unwrap_or_default(),
        parent: model.parent_id.unwrap_or_default(),
        match_condition: model.match_condition.unwrap_or_default(),
        group: model.group_name,
    }
}

fn action(model: ActionModel) -> ActionChange {
    ActionChange {
        id: model.action_id.unwrap_or_default(),
        value: model.action_value,
        kind: model.action_type.unwrap_or_default(),
        index: model.index,
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
            assert_eq!(PersonaName::new(blank.to_owned()), None, "{blank:?}");
        }
        assert_eq!(PersonaName::new(" x ".to_owned()).map(PersonaName::into_string).as_deref(), Some(" x "));
    }

    #[test]
    fn the_plural_name_of_run_actions_wins() {
        let model = |plural, singular| PersonaModel {
            run_actions_on_save: plural,
            run_action_on_save: singular,
            ..PersonaModel::default()
        };
        let run = |plural, singular| update(1, Some(model(plural, singular))).unwrap().run_actions_on_save;
        assert_eq!(run(Some(false), Some(true)), Some(false));
        assert_eq!(run(None, Some(true)), Some(true));
        assert_eq!(run(None, None), None);
    }

    #[test]
    fn a_persona_id_in_the_body_must_be_that_of_the_address() {
        let with = |id| Some(PersonaModel { persona_id: id, ..PersonaModel::default() });
        for fine in [None, Some(0), Some(7)] {
            assert!(update(7, with(fine)).is_ok(), "{fine:?}");
        }
        assert_eq!(update(7, with(Some(8))), Err(VendorError::ParameterInvalid));
        assert_eq!(update(7, None), Err(VendorError::ParameterInvalid));
    }
}
