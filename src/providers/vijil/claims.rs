//! Whom a credential stands for and what it may do in which team.

use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A role in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum TeamRole {
    /// `OWNER`
    #[serde(rename = "OWNER")]
    Owner,
    /// `ADMIN`
    #[serde(rename = "ADMIN")]
    Admin,
    /// `MEMBER`
    #[serde(rename = "MEMBER")]
    Member,
}

/// A right over the personas of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Scope {
    /// To list and get.
    #[serde(rename = "persona:read")]
    Read,
    /// To create, update and delete.
    #[serde(rename = "persona:write")]
    Write,
}

impl Scope {
    /// Every right.
    pub(crate) const ALL: [Self; 2] = [Self::Read, Self::Write];

    /// The name by which the vendor calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Read => "persona:read",
            Self::Write => "persona:write",
        }
    }
}

/// What a credential may do in one team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) role: TeamRole,
    pub(super) scopes: Vec<Scope>,
}

/// Whom a credential stands for, and the teams it opens, the first one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) user: Uuid,
    pub(super) email: Arc<str>,
    pub(super) teams: IndexMap<Uuid, Grant>,
}

impl Claims {
    /// The team that a request without one is about.
    pub(super) fn first_team(&self) -> Option<Uuid> {
        self.teams.keys().next().copied()
    }
}
