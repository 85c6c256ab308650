//! What is acceptable: bodies and paths read into domain values, with every finding.
//!
//! A string with a lone surrogate passes pydantic and fails only when the answer is encoded, after
//! all other checks. Such values become [`Unencodable`] here and are asked for last.

use uuid::Uuid;

use super::access::AccessPermissions;
use super::error::VijilError;
use super::wire::{Intent, KnowledgeLevel, SkillLevel, field};
use crate::dialects::fastapi::Body;
use crate::dialects::pydantic::{Bounds, Choice, Finding, Findings, Input, Loc, Version, union_of_model_and_dict};
use crate::dialects::python::{Object, Text, Unencodable, Value};
use crate::provider::Options;

const NAME: Bounds = Bounds { min: 1, max: 255 };
const ROLE: Bounds = Bounds { min: 1, max: 100 };
const NEW_PASSWORD: Bounds = Bounds::at_least(8);
const BODY: Loc = Loc::of("body");

/// The version of pydantic that the vendor checks with: one for all settings.
pub(super) fn pydantic(_: &Options) -> Version {
    Version::V2_12
}

/// What a request wants a persona to be; a field that it did not state is `None`.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) name: Option<String>,
    pub(super) description: Option<Option<String>>,
    pub(super) role: Option<String>,
    pub(super) role_description: Option<Option<String>>,
    pub(super) knowledge_level: Option<KnowledgeLevel>,
    pub(super) skill_level: Option<SkillLevel>,
    pub(super) intent: Option<Intent>,
    pub(super) language: Option<String>,
    pub(super) access_permissions: Option<Option<AccessPermissions>>,
    pub(super) is_preset: Option<bool>,
    pub(super) preset_category: Option<Option<String>>,
    pub(super) tags: Option<Option<Vec<String>>>,
    pub(super) icon_filename: Option<Option<String>>,
    /// Whether a stated value cannot be answered.
    pub(super) unencodable: bool,
}

/// A persona to create.
#[derive(Debug)]
pub(super) struct NewPersona {
    pub(super) id: Option<Uuid>,
    pub(super) team_id: Uuid,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) rest: Changes,
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
    let (_, object) = model(findings, body)?;
    let mut reading = Reading { findings, object, nullable: true, unencodable: false };
    let mut changes = Changes {
        name: reading.bounded(field::NAME, NAME),
        description: reading.optional_text(field::DESCRIPTION),
        role: reading.bounded(field::ROLE, ROLE),
        ..Changes::default()
    };
    reading.rest(&mut changes);
    Some(changes)
}

/// `PersonaCreate`: a team, a name and a role have to be there; levels, language and `is_preset` may
/// be missing but not null.
pub(super) fn new_persona<'v>(findings: &mut Findings<'v>, body: &'v Body<'v>) -> Option<NewPersona> {
    let (whole, object) = model(findings, body)?;
    let mut reading = Reading { findings, object, nullable: false, unencodable: false };
    let id = object.get(field::ID).filter(|id| **id != Value::Null);
    let id = id.map(|id| reading.findings.uuid(BODY.name(field::ID), id));
    let team_id = reading.findings.required(BODY, whole, object, field::TEAM_ID);
    let team_id = team_id.and_then(|team| reading.findings.uuid(BODY.name(field::TEAM_ID), team));
    let name = reading.required(whole, field::NAME, NAME);
    let description = reading.optional_text(field::DESCRIPTION);
    let role = reading.required(whole, field::ROLE, ROLE);
    let mut rest = Changes { description, ..Changes::default() };
    reading.rest(&mut rest);
    Some(NewPersona { id: id.flatten(), team_id: team_id?, name: name?, role: role?, rest })
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
struct Reading<'f, 'v> {
    findings: &'f mut Findings<'v>,
    object: &'v Object<'v>,
    /// Whether null is accepted where the answer cannot hold it; it then leaves the value as it is,
    /// which is inferred.
    nullable: bool,
    unencodable: bool,
}

impl<'v> Reading<'_, 'v> {
    /// Every field behind `role`, in the order of the model.
    fn rest(&mut self, changes: &mut Changes) {
        changes.role_description = self.optional_text(field::ROLE_DESCRIPTION);
        changes.knowledge_level = self.choice(field::KNOWLEDGE_LEVEL);
        changes.skill_level = self.choice(field::SKILL_LEVEL);
        changes.intent = self.choice(field::INTENT);
        changes.language = self.stated(field::LANGUAGE).and_then(|(loc, value)| {
            let text = self.findings.string(loc, value);
            text.and_then(|text| self.encodable(text))
        });
        changes.access_permissions = self.access();
        changes.is_preset = self.stated(field::IS_PRESET).and_then(|(loc, value)| self.findings.boolean(loc, value));
        changes.preset_category = self.optional_text(field::PRESET_CATEGORY);
        changes.tags = self.tags();
        changes.icon_filename = self.optional_text(field::ICON_FILENAME);
        changes.unencodable = self.unencodable;
    }

    /// A field that is there, unless it is a null that counts as absent.
    fn stated(&self, name: &'static str) -> Option<(Loc, &'v Value<'v>)> {
        let value = self.object.get(name).filter(|value| !self.nullable || **value != Value::Null)?;
        Some((BODY.name(name), value))
    }

    fn bounded(&mut self, name: &'static str, bounds: Bounds) -> Option<String> {
        let (loc, value) = self.stated(name)?;
        self.findings.bounded_string(loc, value, bounds).map(str::to_owned)
    }

    fn required(&mut self, whole: &'v Value<'v>, name: &'static str, bounds: Bounds) -> Option<String> {
        let value = self.findings.required(BODY, whole, self.object, name)?;
        self.findings.bounded_string(BODY.name(name), value, bounds).map(str::to_owned)
    }

    fn choice<C: Choice>(&mut self, name: &'static str) -> Option<C> {
        let (loc, value) = self.stated(name)?;
        self.findings.choice(loc, value)
    }

    fn optional_text(&mut self, name: &'static str) -> Option<Option<String>> {
        match self.object.get(name)? {
            Value::Null => Some(None),
            value => {
                let text = self.findings.string(BODY.name(name), value)?;
                self.encodable(text).map(Some)
            }
        }
    }

    fn access(&mut self) -> Option<Option<AccessPermissions>> {
        let value = self.object.get(field::ACCESS_PERMISSIONS)?;
        if *value == Value::Null {
            return Some(None);
        }
        let loc = BODY.name(field::ACCESS_PERMISSIONS);
        union_of_model_and_dict(self.findings, loc, value, "PersonaAccessPermissions")?;
        let access = AccessPermissions::of(value);
        self.unencodable |= access.is_err();
        access.ok().map(Some)
    }

    fn tags(&mut self) -> Option<Option<Vec<String>>> {
        match self.object.get(field::TAGS)? {
            Value::Null => Some(None),
            value => {
                let texts = self.findings.strings(BODY.name(field::TAGS), value)?;
                Some(texts.into_iter().map(|text| self.encodable(text)).collect())
            }
        }
    }

    fn encodable(&mut self, text: &Text<'_>) -> Option<String> {
        let text = text.as_str().map(str::to_owned);
        self.unencodable |= text.is_none();
        text
    }
}
