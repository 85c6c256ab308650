//! `access_permissions`: a typed model or any object, whichever pydantic's smart union prefers.

use std::borrow::Cow;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::dialects::pydantic::{self, dict_as_answered};
use crate::dialects::python::{self, Object, Unencodable, Use, Value};

const LISTS: [&str; 3] = ["allowed_agents", "allowed_tools", "restricted_actions"];
const PRIVILEGE_LEVEL: &str = "privilege_level";
const DATA_ACCESS_SCOPE: &str = "data_access_scope";

/// An object as it is answered: JSON text, every key and digit as the vendor prints it.
#[derive(Debug, Clone)]
pub(crate) struct AccessPermissions(Arc<RawValue>);

/// The fields of the model.
const FIELDS: [&str; 5] = [LISTS[0], LISTS[1], LISTS[2], PRIVILEGE_LEVEL, DATA_ACCESS_SCOPE];

impl AccessPermissions {
    /// What is answered of an object that a client sent.
    ///
    /// The vendor's field is a union of a model and a free object. A `privilege_level`, a scope that
    /// is not null or a list that is none of strings makes the free object win, and it comes back as
    /// sent. Anything else is the model, which drops unknown keys. That the service stores only what
    /// was sent and fills in the model's defaults in answers is inferred.
    ///
    /// # Errors
    ///
    /// [`Unencodable`], where no JSON can hold it.
    pub(super) fn of(object: &Value<'_>) -> Result<Self, Unencodable> {
        let members = object.as_object().ok_or(Unencodable)?;
        let mut text = Vec::with_capacity(160);
        if members.is_empty() || is_free(members) {
            let answered = dict_as_answered(members).map(Value::Object);
            python::write(answered.as_ref().unwrap_or(object), Use::Answer, &mut text)?;
        } else if LISTS.iter().chain(&[DATA_ACCESS_SCOPE]).any(|name| members.get(name).is_some()) {
            write_model(members, &mut text)?;
        } else {
            text.extend_from_slice(b"{}");
        }
        let text = String::from_utf8(text).map_err(|_| Unencodable)?;
        RawValue::from_string(text).map(|raw| Self(raw.into())).map_err(|_| Unencodable)
    }
}

/// The members of an object that are not answered, because the model wins and does not know them.
pub(super) fn left_out<'o>(members: &'o Object<'_>) -> impl Iterator<Item = Cow<'o, str>> {
    let read = if members.is_empty() || is_free(members) {
        members.len()
    } else {
        FIELDS.iter().filter(|name| members.get(name).is_some()).count()
    };
    pydantic::left_out(members, &FIELDS, read)
}

fn is_free(members: &Object<'_>) -> bool {
    let is_null_or_strings = |value: &Value<'_>| match value {
        Value::Null => true,
        Value::List(items) => items.iter().all(|item| matches!(item, Value::Text(_))),
        _ => false,
    };
    members.get(PRIVILEGE_LEVEL).is_some()
        || members.get(DATA_ACCESS_SCOPE).is_some_and(|scope| *scope != Value::Null)
        || LISTS.iter().filter_map(|name| members.get(name)).any(|list| !is_null_or_strings(list))
}

fn write_model(members: &Object<'_>, text: &mut Vec<u8>) -> Result<(), Unencodable> {
    text.extend_from_slice(br#"{"privilege_level":"user""#);
    for name in LISTS {
        text.push(b',');
        python::write_str(name, text);
        text.push(b':');
        python::write(members.get(name).unwrap_or(&Value::Null), Use::Answer, text)?;
    }
    text.extend_from_slice(br#","data_access_scope":null}"#);
    Ok(())
}

impl PartialEq for AccessPermissions {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Serialize for AccessPermissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AccessPermissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let read = python::read(raw.get().as_bytes()).ok();
        let stored = read.and_then(|value| Self::of(&value).ok());
        stored.ok_or_else(|| serde::de::Error::custom("expected an object that JSON can hold"))
    }
}

impl JsonSchema for AccessPermissions {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AccessPermissions".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "additionalProperties": true})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sent: &str, answered: &str) {
        let value = python::read(sent.as_bytes()).expect("JSON");
        let access = AccessPermissions::of(&value).expect("an object");
        assert_eq!(access.0.get(), answered, "{sent}");
        let again = python::read(answered.as_bytes()).expect("JSON");
        assert_eq!(AccessPermissions::of(&again).expect("an object"), access, "{sent} once more");
    }

    #[test]
    fn the_free_object_comes_back_as_sent() {
        check("{}", "{}");
        check(r#"{"privilege_level":"bogus","x":1}"#, r#"{"privilege_level":"bogus","x":1}"#);
        check(r#"{"data_access_scope":"team", "b":1e2}"#, r#"{"data_access_scope":"team","b":100.0}"#);
        check(r#"{"allowed_tools":[1]}"#, r#"{"allowed_tools":[1]}"#);
    }

    #[test]
    fn the_model_drops_unknown_keys_and_fills_in_defaults() {
        check(r#"{"foo":1}"#, "{}");
        let dropped = |sent: &str| {
            let value = python::read(sent.as_bytes()).expect("JSON");
            left_out(value.as_object().expect("an object")).map(Cow::into_owned).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(dropped(r#"{"foo":1,"allowed_agents":["a"],"Allowed_tools":[]}"#), "foo Allowed_tools");
        assert_eq!(dropped(r#"{"foo":1,"allowed_agents":[1]}"#), "");
        assert_eq!(dropped(r#"{"allowed_tools":null,"data_access_scope":null}"#), "");
        assert_eq!(dropped(r#"{"\ud800":1}"#), "\u{fffd}\u{fffd}\u{fffd}");
        let model = r#"{"privilege_level":"user","allowed_agents":["a"],"allowed_tools":null,"restricted_actions":null,"data_access_scope":null}"#;
        check(r#"{"foo":1,"allowed_agents":["a"],"data_access_scope":null}"#, model);
    }
}
