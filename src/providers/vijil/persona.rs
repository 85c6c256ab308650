//! A persona, and one table of what a client may state of it: a new field is a new row.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::AccessPermissions;
use super::reading::{Reading, access, boolean, bounded, choice, text, texts};
use super::wire::{Intent, KnowledgeLevel, SkillLevel};
use crate::dialects::pydantic::Bounds;

const NAME: Bounds = Bounds { min: 1, max: 255 };
const ROLE: Bounds = Bounds { min: 1, max: 100 };

/// Declares [`Persona`], [`Preset`] and [`Changes`] from the rows of the table, in the vendor's order. A row is a field
/// with what a fixture's schema says of it, its type, how a request states it ([`Reading`]), and what is other in presets.
macro_rules! persona {
    ($($(#[$attribute:meta])* $field:ident: $type:ty = $presence:ident($read:expr)
        $(, in presets #[$preset:meta])?;)+) => {
        /// A persona, with the fields and their order as the vendor answers them.
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct Persona {
            /// What names it.
            pub id: Uuid,
            /// The team it belongs to.
            pub team_id: Uuid,
            $($(#[$attribute])* pub $field: $type,)+
            /// When it was created, in seconds since 1970.
            pub created_at: i64,
            /// When it was last changed, in seconds since 1970.
            pub updated_at: i64,
            /// The user who created it.
            pub created_by: Uuid,
        }

        /// A system preset: a persona without team and creator.
        #[derive(Serialize, Deserialize, JsonSchema)]
        #[serde(remote = "Persona", deny_unknown_fields)]
        #[schemars(rename = "Preset")]
        pub(super) struct Preset {
            /// What names it.
            id: Uuid,
            #[serde(skip)]
            team_id: Uuid,
            $($(#[$attribute])* $(#[$preset])? $field: $type,)+
            /// When it was made, in seconds since 1970.
            created_at: i64,
            /// When it was last changed, in seconds since 1970.
            updated_at: i64,
            #[serde(skip)]
            created_by: Uuid,
        }

        /// What a request states of a persona; a field that it does not state is `None`.
        #[derive(Debug, Default)]
        pub(super) struct Changes {
            $(pub(super) $field: Option<$type>,)+
            /// Whether a stated value cannot be answered.
            pub(super) unencodable: bool,
        }

        impl Changes {
            /// The names of the fields.
            pub(super) const FIELDS: &[&'static str] = &[$(stringify!($field)),+];

            /// Reads every field of a body, with every finding.
            pub(super) fn read(reading: &mut Reading<'_, '_>) -> Self {
                Self {
                    $($field: reading.$presence(stringify!($field), $read),)+
                    unencodable: reading.unencodable,
                }
            }

            /// Gives a persona what was stated.
            pub(super) fn apply(self, persona: &mut Persona) {
                $(if let Some(value) = self.$field {
                    persona.$field = value;
                })+
            }
        }
    };
}

persona! {
    /// Its name.
    #[schemars(length(min = NAME.min, max = NAME.max))]
    name: String = required(bounded(NAME));
    /// Who it is.
    #[serde(default)]
    description: Option<String> = nullable(text);
    /// What it does.
    #[schemars(length(min = ROLE.min, max = ROLE.max))]
    role: String = required(bounded(ROLE));
    /// What that means.
    #[serde(default)]
    role_description: Option<String> = nullable(text);
    /// What it knows of its field.
    #[serde(default)]
    knowledge_level: KnowledgeLevel = stated(choice);
    /// What it can do.
    #[serde(default)]
    skill_level: SkillLevel = stated(choice);
    /// What it is up to.
    #[serde(default)]
    intent: Intent = stated(choice);
    /// What it speaks.
    #[serde(default = "english")]
    language: String = stated(text);
    /// What it should have access to.
    #[serde(default)]
    access_permissions: Option<AccessPermissions> = nullable(access);
    /// Whether it was marked as a preset.
    #[serde(default)]
    is_preset: bool = stated(boolean), in presets #[serde(skip)];
    /// The kind of preset.
    #[serde(default)]
    preset_category: Option<String> = nullable(text);
    /// Words to find it by.
    #[serde(default)]
    tags: Option<Vec<String>> = nullable(texts);
    /// The file of its picture.
    #[serde(default)]
    icon_filename: Option<String> = nullable(text);
}

fn english() -> String {
    "en".to_owned()
}

impl Persona {
    /// What a persona is of which nothing was stated.
    pub(super) fn unstated() -> Self {
        Self { language: english(), ..Self::default() }
    }
}

/// A row of `presets`, as a persona of the nil team, created by the nil user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PresetRow(#[serde(with = "Preset")] pub Persona);
