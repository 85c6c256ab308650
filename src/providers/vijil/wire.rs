//! The JSON that crosses the wire: every key of the vendor's is spelled here.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::claims::TeamRole;
use crate::dialects::pydantic::Choice;
use crate::provider::kept::{Body, Pieces};

/// The names of the fields of requests.
pub(super) mod field {
    pub(in super::super) const ID: &str = "id";
    pub(in super::super) const TEAM_ID: &str = "team_id";
    pub(in super::super) const IS_PRESET: &str = "is_preset";
    pub(in super::super) const PRESET_CATEGORY: &str = "preset_category";
    pub(in super::super) const PRESET_ID: &str = "preset_id";
    pub(in super::super) const NAME_OVERRIDE: &str = "name_override";
    pub(in super::super) const INTENTS: &str = "intents";
    pub(in super::super) const SEARCH: &str = "search";
    pub(in super::super) const LIMIT: &str = "limit";
    pub(in super::super) const OFFSET: &str = "offset";
    pub(in super::super) const EMAIL: &str = "email";
    pub(in super::super) const PASSWORD: &str = "password";
    pub(in super::super) const CURRENT_PASSWORD: &str = "current_password";
    pub(in super::super) const NEW_PASSWORD: &str = "new_password";
    pub(in super::super) const CLIENT_ID: &str = "client_id";
    pub(in super::super) const CLIENT_SECRET: &str = "client_secret";
}

/// Declares an enum of the vendor's with the names that stand on the wire.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident, default $default:ident, $($member:ident = $wire:literal),+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        pub(crate) enum $name {
            $(#[doc = concat!("`", $wire, "`")] #[serde(rename = $wire)] $member,)+
        }

        impl Choice for $name {
            const MEMBERS: &'static [(&'static str, Self)] = &[$(($wire, Self::$member)),+];
        }

        impl Default for $name {
            fn default() -> Self {
                Self::$default
            }
        }
    };
}

choice!(
    /// What a persona knows of its field.
    KnowledgeLevel, default Intermediate,
    Beginner = "beginner", Intermediate = "intermediate", Advanced = "advanced", Expert = "expert"
);
choice!(
    /// What a persona can do.
    SkillLevel, default Competent,
    Novice = "novice", Competent = "competent", Proficient = "proficient", Expert = "expert"
);
choice!(
    /// What a persona is up to.
    Intent, default Benign,
    Benign = "benign", Curious = "curious", Adversarial = "adversarial", Malicious = "malicious"
);

impl Intent {
    /// The name on the wire.
    pub(super) fn name(self) -> &'static str {
        Self::MEMBERS.iter().find(|(_, member)| *member == self).map_or("", |(name, _)| name)
    }
}

/// A user, with the fields and their order as the vendor answers them.
#[derive(Debug, Serialize)]
pub(super) struct UserRead<'a> {
    pub(super) id: Uuid,
    pub(super) email: &'a str,
    pub(super) is_active: bool,
    pub(super) is_superuser: bool,
    pub(super) is_verified: bool,
    pub(super) given_name: Option<&'a str>,
    pub(super) family_name: Option<&'a str>,
    pub(super) external_user_id: Option<&'a str>,
    pub(super) profile_image: Option<&'a str>,
    pub(super) password_change_required: bool,
    pub(super) is_super_admin: bool,
}

/// A membership, with the fields and their order as the vendor answers them.
#[derive(Debug, Serialize)]
pub(super) struct MembershipWithTeam<'a> {
    pub(super) id: Uuid,
    pub(super) team_id: Uuid,
    pub(super) user_id: Uuid,
    pub(super) role: TeamRole,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    pub(super) team_name: &'a str,
    pub(super) team_description: Option<&'a str>,
}

/// A token as the vendor hands it out.
#[derive(Debug, Serialize)]
pub(super) struct Token<'a> {
    pub(super) access_token: &'a str,
    pub(super) token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_in: Option<i64>,
}

/// What a sign-out is answered with. Its member is inferred: "success message" is all that is documented.
#[derive(Debug, Serialize)]
pub(super) struct Message {
    pub(super) message: &'static str,
}

/// `{"results":[…],"total":…}` of personas that are JSON already.
pub(super) fn listing(results: &[Arc<Pieces>], total: usize) -> Body {
    let bytes: usize = results.iter().map(|persona| persona.text().len() + 1).sum();
    let mut out = Body::with_capacity(48 + bytes);
    out.push(r#"{"results":["#);
    for (number, persona) in results.iter().enumerate() {
        if number > 0 {
            out.push_sign(b',');
        }
        out.push_record(persona, |_, _| {});
    }
    out.push(format!(r#"],"total":{total}}}"#));
    out
}
