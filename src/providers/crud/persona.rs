//! A persona, and one table of the fields that it need not have: a new field is a new row.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::VendorError;
use super::reading::{Reading, block, text};
use super::verbatim::Block;
use crate::dialects::ecma_json::Text;
use crate::dialects::zod::Nullish;
use crate::json;
use crate::provider::FixtureTime;

/// Declares [`Persona`] and [`Content`] from the rows of the table, in the order of the vendor's answers. A row is a
/// column, its type, and how a body states it.
macro_rules! persona {
    (
        documented { $($field:ident: $type:ident = $read:ident;)+ }
        further { $($more:ident: $more_type:ident = $read_more:ident;)+ }
    ) => {
        /// A persona.
        #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Persona {
            pub id: Uuid,
            #[serde(rename = "project_id")]
            pub project: Uuid,
            /// The project's owner, for the list of all that is the owner's.
            #[serde(skip)]
            pub owner: Uuid,
            pub name: Text,
            $(#[serde(default)]
            pub $field: Option<$type>,)+
            $(#[serde(default, skip_serializing_if = "Option::is_none")]
            pub $more: Option<$more_type>,)+
            /// What lists are ordered by, the newest first; the moment of loading if absent. Personas of one moment
            /// are listed as they stand in the file.
            #[serde(default, serialize_with = "json::exact_or_null")]
            #[schemars(with = "Option<FixtureTime>")]
            pub created_at: Option<Timestamp>,
            /// The moment of making if absent.
            #[serde(default, serialize_with = "json::exact_or_null")]
            #[schemars(with = "Option<FixtureTime>")]
            pub updated_at: Option<Timestamp>,
        }

        /// What a body states of the fields that a persona need not have.
        #[derive(Debug, Clone, PartialEq, Default)]
        pub(super) struct Content {
            $(pub $field: Nullish<$type>,)+
            $(pub $more: Nullish<$more_type>,)+
        }

        /// The columns that the vendor's page does not list: its client sends them, and only `columns=row` answers them.
        pub(super) const FURTHER: &[&str] = &[$(stringify!($more)),+];

        impl Content {
            /// The fields that [`Content::read`] takes.
            pub(super) const FIELDS: &[&str] = &[$(stringify!($field),)+ $(stringify!($more)),+];

            /// Reads every field of a body, with every finding.
            pub(super) fn read(mut reading: Reading<'_, '_>) -> Result<Self, VendorError> {
                Ok(Self {
                    $($field: $read(&mut reading, stringify!($field))?,)+
                    $($more: $read_more(&mut reading, stringify!($more))?,)+
                })
            }

            /// Given values replace what was there as a whole, null empties, absent ones leave it.
            pub(super) fn apply(self, persona: &mut Persona) {
                $(set(&mut persona.$field, self.$field);)+
                $(set(&mut persona.$more, self.$more);)+
            }
        }

        impl Persona {
            /// Appends the columns that the vendor's page lists.
            pub(super) fn push_documented(&self, out: &mut String) {
                $(push_key(stringify!($field), out);
                push(&self.$field, $type::push_json, out);)+
            }

            /// Appends [`FURTHER`].
            pub(super) fn push_further(&self, out: &mut String) {
                $(push_key(stringify!($more), out);
                push(&self.$more, $more_type::push_json, out);)+
            }
        }
    };
}

persona! {
    documented {
        user_role: Text = text;
        tagline: Text = text;
        avatar_description: Text = text;
        demographics: Block = block;
        psychographics: Block = block;
        behavioral_patterns: Block = block;
        goals_and_needs: Block = block;
        pain_points: Block = block;
        narrative: Block = block;
    }
    further {
        product_specific: Block = block;
        communication_preferences: Block = block;
        persona_data: Block = block;
    }
}

/// Appends the key of a further member.
pub(super) fn push_key(field: &str, out: &mut String) {
    out.push_str(",\"");
    out.push_str(field);
    out.push_str("\":");
}

/// Appends an id behind what stands before it.
pub(super) fn push_id(before: &str, id: Uuid, out: &mut String) {
    out.push_str(before);
    out.push_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
}

fn set<T>(slot: &mut Option<T>, value: Nullish<T>) {
    match value {
        Nullish::Absent => {}
        Nullish::Null => *slot = None,
        Nullish::Given(value) => *slot = Some(value),
    }
}

fn push<T>(value: &Option<T>, push_json: impl Fn(&T, &mut String), out: &mut String) {
    match value {
        Some(value) => push_json(value, out),
        None => out.push_str("null"),
    }
}
