//! The keywords of a schema.

use serde_json::{Map, Number, Value};

use super::super::SchemaError;
use super::super::format::{self, Named};
use super::super::kinds::Kinds;
use super::super::node::{Id, ListRules, Node, TextRules};
use super::super::pattern;
use super::super::rule::Bound;
use super::{Compiler, Formats};

/// The keywords that say nothing of which values fit.
const NOTES: [&str; 17] = [
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "examples",
    "externalDocs",
    "xml",
    "discriminator",
    "contentMediaType",
    "contentEncoding",
    "contentSchema",
    "$comment",
    "$defs",
    "definitions",
];

/// The dialects that are understood.
const DIALECTS: [&str; 3] = [
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2020-12/schema#",
    "https://spec.openapis.org/oas/3.1/dialect/base",
];

/// What a message lists where a keyword is not understood.
const SUPPORTED: &str = "type, enum, const, minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, pattern, \
                         format, minItems, maxItems, uniqueItems, items, minProperties, maxProperties, required, properties, \
                         additionalProperties, unevaluatedProperties, allOf, anyOf, oneOf, $ref";

/// Whether a keyword is a note for readers.
pub(super) fn is_note(name: &str) -> bool {
    NOTES.contains(&name) || name.starts_with("x-")
}

impl<'s> Compiler<'s> {
    /// The rules that the keywords of a schema state.
    pub(super) fn node(&mut self, members: &'s Map<String, Value>, place: &str) -> Result<Node, SchemaError> {
        let mut node = Node::free();
        let mut all = Vec::new();
        for (name, value) in members {
            let keyword = Keyword { name, value, place };
            match &**name {
                "type" => node.kinds = kinds(&keyword)?,
                "const" => node.fixed = Some(Box::new(value.clone())),
                "enum" => node.listed = Some(keyword.filled()?.iter().cloned().collect()),
                "minimum" => bound(&mut node, Bound::AtLeast(keyword.number()?)),
                "maximum" => bound(&mut node, Bound::AtMost(keyword.number()?)),
                "exclusiveMinimum" => bound(&mut node, Bound::MoreThan(keyword.number()?)),
                "exclusiveMaximum" => bound(&mut node, Bound::LessThan(keyword.number()?)),
                "minLength" => text(&mut node).min = Some(keyword.count()?),
                "maxLength" => text(&mut node).max = Some(keyword.count()?),
                "pattern" => text(&mut node).pattern = Some(known_pattern(&keyword)?),
                "format" => self.format(&mut node, &keyword)?,
                "minItems" => list(&mut node).min = Some(keyword.count()?),
                "maxItems" => list(&mut node).max = Some(keyword.count()?),
                "uniqueItems" => list(&mut node).unique = keyword.flag()?,
                "items" => list(&mut node).items = Some(self.schema(value, &keyword.at())?),
                "$ref" => all.push(self.referred(value, place)?),
                "allOf" => all.extend(self.branches(&keyword)?),
                "anyOf" => node.any = Some(self.branches(&keyword)?.into()),
                "oneOf" => node.one = Some(self.branches(&keyword)?.into()),
                // What these say of an object is told together.
                "properties"
                | "required"
                | "additionalProperties"
                | "unevaluatedProperties"
                | "minProperties"
                | "maxProperties" => {}
                "$schema" if value.as_str().is_some_and(|dialect| DIALECTS.contains(&dialect)) => {}
                "$schema" => return Err(keyword.refuse(format_args!("\"{}\"", DIALECTS[0]))),
                "example" => node.shown = Some(Box::new(value.clone())),
                "examples" => node.shown = value.get(0).cloned().map(Box::new).or(node.shown),
                name if is_note(name) => {}
                "nullable" => {
                    let problem = "the keyword is one of OpenAPI 3.0; expected null among the types, such as \
                                   \"type\": [\"string\", \"null\"]";
                    return Err(SchemaError::new(keyword.at(), problem));
                }
                _ => {
                    let problem = format_args!(
                        "the keyword is not supported, expected one of {SUPPORTED}, or a note such as `x-{name}`"
                    );
                    return Err(SchemaError::new(keyword.at(), problem));
                }
            }
        }
        node.all = all.into();
        node.object = self.object(members, place)?.map(Box::new);
        Ok(node)
    }

    fn branches(&mut self, keyword: &Keyword<'_, 's>) -> Result<Vec<Id>, SchemaError> {
        let branches = keyword.filled()?.iter().enumerate();
        branches.map(|(number, branch)| self.schema(branch, &format!("{}/{number}", keyword.at()))).collect()
    }

    fn format(&self, node: &mut Node, keyword: &Keyword<'_, '_>) -> Result<(), SchemaError> {
        let name = keyword.text()?;
        let Formats::Checked(own) = self.formats else { return Ok(()) };
        match format::named(name, own) {
            Named::Text(known) => text(node).format = Some(known),
            Named::Whole(known) => node.number.get_or_insert_default().format = Some(known),
            Named::Unsupported => {
                let expected = format_args!(
                    "a format that is checked, one of {}, or a name of your own, which is a note",
                    format::names()
                );
                return Err(keyword.refuse(expected));
            }
            Named::Note => {}
        }
        Ok(())
    }
}

fn bound(node: &mut Node, bound: Bound) {
    node.number.get_or_insert_default().bounds.push(bound);
}

fn text(node: &mut Node) -> &mut TextRules {
    node.text.get_or_insert_default()
}

fn list(node: &mut Node) -> &mut ListRules {
    node.list.get_or_insert_default()
}

fn kinds(keyword: &Keyword<'_, '_>) -> Result<Kinds, SchemaError> {
    let named = |name: &Value| name.as_str().and_then(Kinds::named);
    let all = match keyword.value {
        Value::Array(names) if !names.is_empty() => {
            names.iter().try_fold(Kinds::NONE, |all, name| named(name).map(|kind| all.with(kind)))
        }
        name => named(name),
    };
    all.ok_or_else(|| keyword.refuse(format_args!("{} or a list of these, such as [\"string\", \"null\"]", Kinds::ANY)))
}

fn known_pattern(keyword: &Keyword<'_, '_>) -> Result<&'static pattern::Pattern, SchemaError> {
    let written = keyword.text()?;
    let expected = "a pattern that has a function in `world::schema::pattern`, for no regular expression is compiled";
    pattern::written(written).ok_or_else(|| keyword.refuse(expected))
}

/// A keyword, its value, and where its schema stands.
pub(super) struct Keyword<'k, 's> {
    pub(super) name: &'k str,
    pub(super) value: &'s Value,
    pub(super) place: &'k str,
}

impl<'s> Keyword<'_, 's> {
    /// Its place.
    pub(super) fn at(&self) -> String {
        format!("{}/{}", self.place, escaped(self.name))
    }

    /// The error that its value is not what was expected.
    pub(super) fn refuse(&self, expected: impl std::fmt::Display) -> SchemaError {
        SchemaError::new(self.at(), format_args!("found {}, expected {expected}", self.value))
    }

    fn number(&self) -> Result<Number, SchemaError> {
        self.value.as_number().cloned().ok_or_else(|| self.refuse("a number such as 1"))
    }

    pub(super) fn count(&self) -> Result<u64, SchemaError> {
        let whole = self.value.as_number().and_then(super::super::number::whole);
        whole.and_then(|whole| u64::try_from(whole).ok()).ok_or_else(|| self.refuse("a whole number from 0, such as 1"))
    }

    fn flag(&self) -> Result<bool, SchemaError> {
        self.value.as_bool().ok_or_else(|| self.refuse("true or false"))
    }

    fn text(&self) -> Result<&'s str, SchemaError> {
        self.value.as_str().ok_or_else(|| self.refuse("a text"))
    }

    fn filled(&self) -> Result<&'s Vec<Value>, SchemaError> {
        let items = self.value.as_array().filter(|items| !items.is_empty());
        items.ok_or_else(|| self.refuse("a list of one item or more"))
    }
}

/// A name as a part of a JSON pointer.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
