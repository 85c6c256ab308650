//! How a body states a field: whether it may be missing or null, and what of JSON its type takes.

use super::access::{self, AccessPermissions};
use crate::dialects::pydantic::{Bounds, Choice, Findings, Loc, union_of_model_and_dict};
use crate::dialects::python::{Object, Text, Value};
use crate::provider::Unread;

const BODY: Loc<'static> = Loc::of("body");

/// The fields of a body, one after the other.
pub(super) struct Reading<'f, 'v> {
    pub(super) findings: &'f mut Findings<'v>,
    /// The body.
    pub(super) whole: &'v Value<'v>,
    /// The object that it is.
    pub(super) object: &'v Object<'v>,
    /// In an update every field may be missing, and null is accepted where the answer cannot hold it; it then
    /// leaves the value as it is, which is inferred.
    pub(super) is_update: bool,
    /// Whether a stated value cannot be answered.
    pub(super) unencodable: bool,
    /// How many members were looked at.
    pub(super) read: usize,
    /// What of the body is passed over.
    pub(super) unread: &'f mut Unread,
}

impl<'v> Reading<'_, 'v> {
    /// A field that a new persona needs.
    pub(super) fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, Loc<'v>, &'v Value<'v>) -> Option<T>,
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
        read: impl FnOnce(&mut Self, Loc<'v>, &'v Value<'v>) -> Option<T>,
    ) -> Option<T> {
        let value = self.object.get(name)?;
        self.read += 1;
        if self.is_update && *value == Value::Null {
            return None;
        }
        read(self, BODY.name(name), value)
    }

    /// A field that may be missing or null.
    pub(super) fn nullable<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, Loc<'v>, &'v Value<'v>) -> Option<T>,
    ) -> Option<Option<T>> {
        let value = self.object.get(name)?;
        self.read += 1;
        match value {
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
pub(super) fn text<'v>(reading: &mut Reading<'_, 'v>, loc: Loc<'v>, value: &'v Value<'v>) -> Option<String> {
    let text = reading.findings.string(loc, value)?;
    reading.encodable(text)
}

/// A string within bounds.
pub(super) fn bounded<'v>(
    bounds: Bounds,
) -> impl FnOnce(&mut Reading<'_, 'v>, Loc<'v>, &'v Value<'v>) -> Option<String> {
    move |reading, loc, value| reading.findings.bounded_string(loc, value, bounds).map(str::to_owned)
}

/// A member of an enum.
pub(super) fn choice<'v, C: Choice>(reading: &mut Reading<'_, 'v>, loc: Loc<'v>, value: &'v Value<'v>) -> Option<C> {
    reading.findings.choice(loc, value)
}

/// A boolean, or what pydantic takes for one.
pub(super) fn boolean<'v>(reading: &mut Reading<'_, 'v>, loc: Loc<'v>, value: &'v Value<'v>) -> Option<bool> {
    reading.findings.boolean(loc, value)
}

/// A list of strings.
pub(super) fn texts<'v>(reading: &mut Reading<'_, 'v>, loc: Loc<'v>, value: &'v Value<'v>) -> Option<Vec<String>> {
    let texts = reading.findings.strings(loc, value)?;
    texts.into_iter().map(|text| reading.encodable(text)).collect()
}

/// The union of a model and a free object.
pub(super) fn access<'v>(
    reading: &mut Reading<'_, 'v>,
    loc: Loc<'v>,
    value: &'v Value<'v>,
) -> Option<AccessPermissions> {
    let members = union_of_model_and_dict(reading.findings, loc, value, "PersonaAccessPermissions")?;
    for name in access::left_out(members) {
        reading.unread.note(|| format!("$.access_permissions.{name}"));
    }
    if let Some(name) = value.as_object().and_then(Object::repeated) {
        reading.unread.note_repeated(|| format!("$.access_permissions.{}", name.to_lossy()));
    }
    let access = AccessPermissions::of(value);
    reading.unencodable |= access.is_err();
    access.ok()
}
