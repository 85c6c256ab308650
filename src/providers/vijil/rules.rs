//! What is acceptable: bodies and paths read into domain values, with every finding.
//!
//! A string with a lone surrogate passes pydantic and fails only when the answer is encoded, after
//! all other checks. Such values become [`Unencodable`] here and are asked for last.

use uuid::Uuid;

use super::access::AccessPermissions;
use super::error::VijilError;
use super::persona::Changes;
use super::wire::field;
use crate::dialects::fastapi::Body;
use crate::dialects::pydantic::{Bounds, Choice, Finding, Findings, Input, Loc, union_of_model_and_dict};
use crate::dialects::python::{Object, Text, Unencodable, Value};

const NEW_PASSWORD: Bounds = Bounds::at_least(8);
const BODY: Loc = Loc::of("body");

/// A persona to create.
#[derive(Debug)]
pub(super) struct NewPersona {
    pub(super) id: Option<Uuid>,
    pub(super) team_id: Uuid,
    pub(super) fields: Changes,
}

/// The UUID of a path.
pub(super) fn path_id<'v>(findings: &mut Findings<'v>, name: &'static str, text: &'v str) -> Option<Uuid> {
    findings.uuid_text(Loc::of("path").name(name), text)
}

/// Nothing is wrong and the value is there, or all that is wrong.
pub(super) fn settled<T>(findings: Findings<'_>, value: Option<T>) -> Result<T, VijilError> {
    match value {
        Some(value) if findings.is_empty() => Ok(value),
        _ => Err(findings.into()),
    }
}

/// `PersonaUpdate`: every field may be missing or null.
pub(super) fn changes<'v>(findings: &mut Findings<'v>, body: &'v Body<'v>) -> Option<Changes> {
    let (whole, object) = model(findings, body)?;
    Some(Changes::read(Reading { findings, whole, object, is_update: true, unencodable: false }))
}

/// `PersonaCreate`: a team, a name and a role have to be there; levels, language and `is_preset` may
/// be missing but not null.
pub(super) fn new_persona<'v>(findings: &mut Findings<'v>, body: &'v Body<'v>) -> Option<NewPersona> {
    let (whole, object) = model(findings, body)?;
    let id = object.get(field::ID).filter(|id| **id != Value::Null);
    let id = id.and_then(|id| findings.uuid(BODY.name(field::ID), id));
    let team_id = findings.required(BODY, whole, object, field::TEAM_ID);
    let team_id = team_id.and_then(|team| findings.uuid(BODY.name(field::TEAM_ID), team));
    let fields = Changes::read(Reading { findings, whole, object, is_update: false, unencodable: false });
    Some(NewPersona { id, team_id: team_id?, fields })
}

/// `CreateFromPresetRequest`, or nothing: the name that takes the preset's place.
pub(super) fn name_override<'v>(
    findings: &mut Findings<'v>,
    body: &'v Body<'v>,
) -> Option<Result<Option<String>, Unencodable>> {
    let value = match body {
        Body::Absent => return Some(Ok(None)),
        Body::Json(value) => findings.model(BODY, value)?.get(field::NAME_OVERRIDE),
        Body::Text(_) | Body::Bytes => return model(findings, body).map(|_| Ok(None)),
    };
    match value {
        None | Some(Value::Null) => Some(Ok(None)),
        Some(value) => {
            let text = findings.string(BODY.name(field::NAME_OVERRIDE), value)?;
            Some(text.as_str().map(|text| Some(text.to_owned())).ok_or(Unencodable))
        }
    }
}

/// A body of two strings: a login or a key pair. One with a lone surrogate is equal to no other.
pub(super) fn pair<'v>(
    findings: &mut Findings<'v>,
    body: &'v Body<'v>,
    names: [&'static str; 2],
) -> Option<[Option<&'v str>; 2]> {
    let (whole, object) = model(findings, body)?;
    let [first, second] = names.map(|name| {
        let value = findings.required(BODY, whole, object, name);
        value.and_then(|value| findings.string(BODY.name(name), value)).map(Text::as_str)
    });
    Some([first?, second?])
}

/// `ChangePasswordRequest`: the current password, which is nothing where it is no Unicode, and the new one.
pub(super) fn password_change<'v>(
    findings: &mut Findings<'v>,
    body: &'v Body<'v>,
) -> Option<(Option<&'v str>, &'v str)> {
    let (whole, object) = model(findings, body)?;
    let current = findings.required(BODY, whole, object, field::CURRENT_PASSWORD);
    let current =
        current.and_then(|value| findings.string(BODY.name(field::CURRENT_PASSWORD), value)).map(Text::as_str);
    let new = findings.required(BODY, whole, object, field::NEW_PASSWORD);
    let new = new.and_then(|value| findings.bounded_string(BODY.name(field::NEW_PASSWORD), value, NEW_PASSWORD));
    current.zip(new)
}

/// The object that a required body has to be.
fn model<'v>(findings: &mut Findings<'v>, body: &'v Body<'v>) -> Option<(&'v Value<'v>, &'v Object<'v>)> {
    match body {
        Body::Json(value) => findings.model(BODY, value).map(|object| (value, object)),
        Body::Absent => {
            findings.push(Finding::missing(BODY, Input::Null));
            None
        }
        Body::Text(text) => {
            findings.no_model(BODY, Input::Text(text));
            None
        }
        Body::Bytes => {
            findings.no_model(BODY, Input::Bytes);
            None
        }
    }
}

/// The fields of a body, one after the other.
pub(super) struct Reading<'f, 'v> {
    findings: &'f mut Findings<'v>,
    whole: &'v Value<'v>,
    object: &'v Object<'v>,
    /// In an update every field may be missing, and null is accepted where the answer cannot hold it; it then
    /// leaves the value as it is, which is inferred.
    is_update: bool,
    pub(super) unencodable: bool,
}

impl<'v> Reading<'_, 'v> {
    /// A field that a new persona needs.
    pub(super) fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, Loc, &'v Value<'v>) -> Option<T>,
    ) -> Option<T> {
        if !self.is_update {
            self.findings.required(BODY, self.whole, self.object, name)?;
        }
        self.stated(name, read)
    }

    /// A field that may be missing, but not null.
    pub(super) fn stated<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, Loc, &'v Value<'v>) -> Option<T>,
    ) -> Option<T> {
        let value = self.object.get(name).filter(|value| !self.is_update || **value != Value::Null)?;
        read(self, BODY.name(name), value)
    }

    /// A field that may be missing or null.
    pub(super) fn nullable<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, Loc, &'v Value<'v>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.object.get(name)? {
            Value::Null => Some(None),
            value => read(self, BODY.name(name), value).map(Some),
        }
    }

    fn encodable(&mut self, text: &Text<'_>) -> Option<String> {
        let text = text.as_str().map(str::to_owned);
        self.unencodable |= text.is_none();
        text
    }
}

/// A string of any length.
pub(super) fn text<'v>(reading: &mut Reading<'_, 'v>, loc: Loc, value: &'v Value<'v>) -> Option<String> {
    let text = reading.findings.string(loc, value)?;
    reading.encodable(text)
}

/// A string within bounds.
pub(super) fn bounded<'v>(bounds: Bounds) -> impl FnOnce(&mut Reading<'_, 'v>, Loc, &'v Value<'v>) -> Option<String> {
    move |reading, loc, value| reading.findings.bounded_string(loc, value, bounds).map(str::to_owned)
}

/// A member of an enum.
pub(super) fn choice<'v, C: Choice>(reading: &mut Reading<'_, 'v>, loc: Loc, value: &'v Value<'v>) -> Option<C> {
    reading.findings.choice(loc, value)
}

/// A boolean, or what pydantic takes for one.
pub(super) fn boolean<'v>(reading: &mut Reading<'_, 'v>, loc: Loc, value: &'v Value<'v>) -> Option<bool> {
    reading.findings.boolean(loc, value)
}

/// A list of strings.
pub(super) fn texts<'v>(reading: &mut Reading<'_, 'v>, loc: Loc, value: &'v Value<'v>) -> Option<Vec<String>> {
    let texts = reading.findings.strings(loc, value)?;
    texts.into_iter().map(|text| reading.encodable(text)).collect()
}

/// The union of a model and a free object.
pub(super) fn access<'v>(reading: &mut Reading<'_, 'v>, loc: Loc, value: &'v Value<'v>) -> Option<AccessPermissions> {
    union_of_model_and_dict(reading.findings, loc, value, "PersonaAccessPermissions")?;
    let access = AccessPermissions::of(value);
    reading.unencodable |= access.is_err();
    access.ok()
}
