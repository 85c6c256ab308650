//! What Equals Money answers besides people and personas: names, order and spelling of every member.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::tables::shown;
use crate::providers::equals_money::model::{Address, Role, Team};
use crate::providers::equals_money::state::State;
use crate::providers::equals_money::words::{Include, RoleName};

/// A time without milliseconds, as `createdAt` and `updatedAt` are sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Second(pub(super) Timestamp);

impl Serialize for Second {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&whole_seconds(self.0))
    }
}

/// A time with milliseconds, which are always zero: `inviteSentDate`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Millisecond(pub(super) Timestamp);

impl Serialize for Millisecond {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", whole_seconds(self.0)))
    }
}

fn whole_seconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

/// From where people are looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) state: &'a State,
    pub(crate) now: Timestamp,
    pub(crate) include: &'a [Include],
}

impl View<'_> {
    /// Whether each persona embeds this part.
    pub(super) fn embeds(&self, part: Include) -> bool {
        self.include.contains(&part)
    }
}

shown! {
    /// An address of an account.
    AddressRow { address: &'a Address } {
        "id" => address.id,
        "type" => address.r#type,
        "nickName" => address.nick_name,
        "addressLine1" => address.address_line1,
        "addressLine2" => address.address_line2,
        "addressLine3" => address.address_line3,
        "addressContact" => address.address_contact,
        "city" => address.city,
        "postcode" => address.postcode,
        "country" => address.country,
        "countryCode" => address.country_code,
        "createdAt" => Second(address.created_at),
        "updatedAt" => address.updated_at.map(Second),
    }
}

shown! {
    /// A team of an account.
    TeamRow { team: &'a Team } {
        "id" => team.id,
        "accountId" => team.account_id,
        "name" => team.name,
        "description" => team.description,
        "enabled" => team.enabled,
        "createdAt" => Second(team.created_at),
        "updatedAt" => team.updated_at.map(Second),
    }
}

shown! {
    /// A role of an account as `GET /roles` lists it.
    RoleRow { role: &'a Role, account: &'a str } {
        "id" => role.id,
        "name" => role.name,
        "accountId" => account,
        "type" => role.r#type,
        "createdAt" => Second(role.created_at),
        "updatedAt" => role.updated_at.map(Second),
    }
}

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
