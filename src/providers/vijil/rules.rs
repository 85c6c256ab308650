//! What is acceptable: bodies and paths read into domain values, with every finding.
//!
//! A string with a lone surrogate passes pydantic and fails only when the answer is encoded, after
//! all other checks. Such values become [`Unencodable`] here and are asked for last.

use uuid::Uuid;

use super::error::VijilError;
use super::persona::Changes;
use super::reading::Reading;
use super::state::State;
use super::wire::field;
use crate::dialects::fastapi::{Body, BodyText};
use crate::dialects::pydantic::{Bounds, Finding, Findings, Input, Loc, Version, left_out};
use crate::dialects::python::{Object, Text, Unencodable, Value};
use crate::provider::{Call, Options, Unread};

const NEW_PASSWORD: Bounds = Bounds::at_least(8);
const BODY: Loc<'static> = Loc::of("body");

/// The version of pydantic that the vendor checks with: one for all settings.
pub(super) fn pydantic(_: &Options) -> Version {
    Version::V2_12
}

/// The fields of a persona to create.
const NEW_PERSONA: [&str; Changes::FIELDS.len() + 2] = {
    let mut names = [field::ID; Changes::FIELDS.len() + 2];
    names[1] = field::TEAM_ID;
    names.split_at_mut(2).1.copy_from_slice(Changes::FIELDS);
    names
};

/// A persona to create.
#[derive(Debug)]
pub(super) struct NewPersona {
    pub(super) id: Option<Uuid>,
    pub(super) team_id: Uuid,
    pub(super) fields: Changes,
}

/// The body of a request, for [`read`].
pub(super) fn body_text<'a>(call: &Call<'a, State>) -> Result<BodyText<'a>, VijilError> {
    BodyText::of(call.request.body, call.request.header_text("content-type").as_deref())
        .map_err(|fault| VijilError::of_body(pydantic(call.options), fault))
}

/// What a body holds.
pub(super) fn read<'t>(call: &Call<'_, State>, text: &'t BodyText<'_>) -> Result<Body<'t>, VijilError> {
    text.read().map_err(|fault| VijilError::of_body(pydantic(call.options), fault))
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
pub(super) fn changes<'v>(findings: &mut Findings<'v>, body: &'v Body<'v>, unread: &mut Unread) -> Option<Changes> {
    let (whole, object) = model(findings, body)?;
    let mut reading = Reading { findings, whole, object, is_update: true, unencodable: false, read: 0, unread };
    let changes = Changes::read(&mut reading);
    let read = reading.read;
    pass_over(object, Changes::FIELDS, read, unread);
    Some(changes)
}

/// `PersonaCreate`: a team, a name and a role have to be there; levels, language and `is_preset` may
/// be missing but not null.
pub(super) fn new_persona<'v>(
    findings: &mut Findings<'v>,
    body: &'v Body<'v>,
    unread: &mut Unread,
) -> Option<NewPersona> {
    let (whole, object) = model(findings, body)?;
    let sent_id = object.get(field::ID);
    let id = sent_id.filter(|id| **id != Value::Null).and_then(|id| findings.uuid(BODY.name(field::ID), id));
    let sent_team = findings.required(BODY, whole, object, field::TEAM_ID);
    let team_id = sent_team.and_then(|team| findings.uuid(BODY.name(field::TEAM_ID), team));
    let read = usize::from(sent_id.is_some()) + usize::from(sent_team.is_some());
    let mut reading = Reading { findings, whole, object, is_update: false, unencodable: false, read, unread };
    let fields = Changes::read(&mut reading);
    let read = reading.read;
    pass_over(object, &NEW_PERSONA, read, unread);
    Some(NewPersona { id, team_id: team_id?, fields })
}

/// `CreateFromPresetRequest`, or nothing: the name that takes the preset's place.
pub(super) fn name_override<'v>(
    findings: &mut Findings<'v>,
    body: &'v Body<'v>,
    unread: &mut Unread,
) -> Option<Result<Option<String>, Unencodable>> {
    let value = match body {
        Body::Absent => return Some(Ok(None)),
        Body::Json(value) => {
            let object = findings.model(BODY, value)?;
            let name = object.get(field::NAME_OVERRIDE);
            pass_over(object, &[field::NAME_OVERRIDE], name.iter().count(), unread);
            name
        }
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
    unread: &mut Unread,
) -> Option<[Option<&'v str>; 2]> {
    let (whole, object) = model(findings, body)?;
    let mut read = 0;
    let [first, second] = names.map(|name| {
        let value = findings.required(BODY, whole, object, name);
        read += value.iter().count();
        value.and_then(|value| findings.string(BODY.name(name), value)).map(Text::as_str)
    });
    pass_over(object, &names, read, unread);
    Some([first?, second?])
}

/// `ChangePasswordRequest`: the current password, which is nothing where it is no Unicode, and the new one.
pub(super) fn password_change<'v>(
    findings: &mut Findings<'v>,
    body: &'v Body<'v>,
    unread: &mut Unread,
) -> Option<(Option<&'v str>, &'v str)> {
    let (whole, object) = model(findings, body)?;
    let sent = findings.required(BODY, whole, object, field::CURRENT_PASSWORD);
    let mut read = sent.iter().count();
    let current = sent.and_then(|value| findings.string(BODY.name(field::CURRENT_PASSWORD), value)).map(Text::as_str);
    let new = findings.required(BODY, whole, object, field::NEW_PASSWORD);
    read += new.iter().count();
    pass_over(object, &[field::CURRENT_PASSWORD, field::NEW_PASSWORD], read, unread);
    let new = new.and_then(|value| findings.bounded_string(BODY.name(field::NEW_PASSWORD), value, NEW_PASSWORD));
    current.zip(new)
}

/// Notes the members of a body that its model leaves out, where the object has more than the `read` ones.
fn pass_over(object: &Object<'_>, fields: &[&'static str], read: usize, unread: &mut Unread) {
    for name in left_out(object, fields, read) {
        unread.note(|| format!("$.{name}"));
    }
    if let Some(name) = object.repeated() {
        unread.note_repeated(|| format!("$.{}", name.to_lossy()));
    }
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
