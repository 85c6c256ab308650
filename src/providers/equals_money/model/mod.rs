//! What Equals Money knows about. Each row is what the fixture states and what the state keeps, in one table that says
//! of each member what it is called, what it may hold, what sets it and how an answer shows it.

mod account;
mod directory;
mod listed;
mod moving;
mod person;
mod persona;
mod shown;

pub(super) use account::{Account, AccountId, Address, Key, Role, Team};
pub(super) use directory::{Directory, KeysOf, RolesOf, View};
pub(super) use listed::{Listed, PersonasOf, searched};
pub(super) use person::{Avatar, HomeAddress, Person, PersonPatch, login};
pub(super) use persona::{LINE, PHONE, Persona, PersonaPatch};
pub(super) use shown::{RoleIds, ShownPerson};
