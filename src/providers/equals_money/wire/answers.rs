//! What Equals Money answers besides rows.

use serde::Serialize;

use crate::providers::equals_money::words::RoleName;

/// A page of a list; `count` is the number of all that match, whatever the limit.
#[derive(Debug, Serialize)]
pub(crate) struct Listing<'a, R> {
    pub(crate) count: usize,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) rows: Vec<R>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) search: Option<&'a str>,
}

/// What a change of role answers: the name and nothing else.
#[derive(Debug, Serialize)]
pub(crate) struct RoleGiven {
    pub(crate) name: RoleName,
}

/// What a resent invite answers.
#[derive(Debug, Serialize)]
pub(crate) struct Success {
    pub(crate) success: bool,
}
