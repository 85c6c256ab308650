//! What a schema says of objects.

use serde_json::{Map, Value};

use super::super::SchemaError;
use super::super::node::{Member, ObjectRules, Others};
use super::Compiler;
use super::keywords::{Keyword, escaped};

impl<'s> Compiler<'s> {
    /// The rules for objects; nothing where there are none.
    pub(super) fn object(
        &mut self,
        schema: &'s Map<String, Value>,
        place: &str,
    ) -> Result<Option<ObjectRules>, SchemaError> {
        let keyword = |name: &'static str| schema.get(name).map(|value| Keyword { name, value, place });
        let count = |name| keyword(name).map(|keyword| keyword.count()).transpose();
        let mut members: Vec<Member> = Vec::new();
        if let Some(keyword) = keyword("properties") {
            let Some(properties) = keyword.value.as_object() else {
                return Err(keyword.refuse("an object of schemas such as {\"name\": {\"type\": \"string\"}}"));
            };
            for (name, schema) in properties {
                let schema = self.schema(schema, &format!("{}/{}", keyword.at(), escaped(name)))?;
                members.push(Member { name: name.as_str().into(), schema: Some(schema), required: false });
            }
        }
        let named: Vec<_> = members.iter().map(|member| member.name.clone()).collect();
        let mut required: Vec<&str> = Vec::new();
        if let Some(keyword) = keyword("required") {
            let names =
                keyword.value.as_array().and_then(|names| names.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
            for name in names.ok_or_else(|| keyword.refuse("a list of names such as [\"id\"]"))? {
                if required.contains(&name) {
                    continue;
                }
                required.push(name);
                match members.iter_mut().find(|member| &*member.name == name) {
                    Some(member) => member.required = true,
                    None => members.push(Member { name: name.into(), schema: None, required: true }),
                }
            }
        }
        members.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        let place_of = |name: &str| members.binary_search_by(|member| (*member.name).cmp(name)).ok();
        let rules = ObjectRules {
            required: required.iter().filter_map(|name| place_of(name)).collect(),
            named: named.iter().filter_map(|name| place_of(name)).collect(),
            min: count("minProperties")?,
            max: count("maxProperties")?,
            others: self.others(keyword("additionalProperties"))?,
            unevaluated: self.others(keyword("unevaluatedProperties"))?,
            members: members.into(),
        };
        let says_something = !rules.members.is_empty()
            || rules.min.is_some()
            || rules.max.is_some()
            || rules.others != Others::Unsaid
            || rules.unevaluated != Others::Unsaid;
        Ok(says_something.then_some(rules))
    }

    fn others(&mut self, keyword: Option<Keyword<'_, 's>>) -> Result<Others, SchemaError> {
        let Some(keyword) = keyword else { return Ok(Others::Unsaid) };
        Ok(match keyword.value {
            Value::Bool(true) => Others::Free,
            Value::Bool(false) => Others::Closed,
            schema => Others::Fit(self.schema(schema, &keyword.at())?),
        })
    }
}
