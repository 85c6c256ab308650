//! What Equals Money knows about. Each row is what the fixture states and what the state keeps, in one struct.

mod account;
mod person;
mod persona;
mod search;

pub(super) use account::{Account, AccountId, Address, Key, Role, Team};
pub(super) use person::{Avatar, HomeAddress, LINE, PHONE, Person, login};
pub(super) use persona::{Listed, Persona, PersonasOf};
pub(super) use search::searched;
