//! Objects: a model read from one, and the union of a model with a free `dict`.

use std::borrow::Cow;

use super::findings::{Finding, Findings, Input, Loc};
use crate::dialects::python::{Object, Text, Value};

impl<'v> Findings<'v> {
    /// The object that a model is read from.
    pub(crate) fn model(&mut self, loc: Loc<'v>, value: &'v Value<'v>) -> Option<&'v Object<'v>> {
        if let Value::Object(object) = value {
            return Some(object);
        }
        self.push(no_model(loc, Input::Value(value)));
        None
    }

    /// Notes that a model was to be read from what is no value at all.
    pub(crate) fn no_model(&mut self, loc: Loc<'v>, input: Input<'v>) {
        self.push(no_model(loc, input));
    }

    /// A member that has to be there.
    pub(crate) fn required(
        &mut self,
        loc: Loc<'v>,
        whole: &'v Value<'v>,
        object: &'v Object<'v>,
        name: &'static str,
    ) -> Option<&'v Value<'v>> {
        let value = object.get(name);
        if value.is_none() {
            self.push(Finding::missing(loc.name(name), Input::Value(whole)));
        }
        value
    }
}

/// A field that takes a model or any object: one finding for each of the two where it is neither.
pub(crate) fn union_of_model_and_dict<'v>(
    findings: &mut Findings<'v>,
    loc: Loc<'v>,
    value: &'v Value<'v>,
    model: &'static str,
) -> Option<&'v Object<'v>> {
    let object = findings.model(loc.name(model), value);
    if object.is_none() {
        let message = "Input should be a valid dictionary";
        findings.push(Finding::new("dict_type", loc.name("dict[str,any]"), message, Input::Value(value)));
    }
    object
}

/// The members of a `dict[str, Any]` as pydantic answers them: the names of the outermost object are
/// made Unicode, U+FFFD for each byte of a lone surrogate, and two that become one are one. Deeper
/// names stay as they are, and cannot be encoded. Nothing, where the object is answered as it is.
#[must_use]
pub(crate) fn dict_as_answered<'v>(object: &Object<'v>) -> Option<Object<'v>> {
    if object.iter().all(|(name, _)| name.as_str().is_some()) {
        return None;
    }
    let mut answered = Object::default();
    for (name, value) in object.iter() {
        let name = match name {
            Text::Unicode(_) => name.clone(),
            Text::Broken(_) => Text::Unicode(Cow::Owned(name.to_lossy().into_owned())),
        };
        answered.set(name, value.clone());
    }
    Some(answered)
}

/// The members that a model leaves out, as pydantic's models do with all that they have no field for. `read` says how
/// many of its `fields` the object has, so that nobody looks where it has no more.
pub(crate) fn left_out<'o>(
    object: &'o Object<'_>,
    fields: &'o [&'static str],
    read: usize,
) -> impl Iterator<Item = Cow<'o, str>> {
    let wanted = object.len().saturating_sub(read);
    let unknown = move |name: &&Text<'_>| !name.as_str().is_some_and(|name| fields.contains(&name));
    let names = object.iter().take(if wanted == 0 { 0 } else { object.len() }).map(|(name, _)| name);
    names.filter(unknown).take(wanted).map(Text::to_lossy)
}

fn no_model<'v>(loc: Loc<'v>, input: Input<'v>) -> Finding<'v> {
    let message = "Input should be a valid dictionary or object to extract fields from";
    Finding::new("model_attributes_type", loc, message, input)
}
