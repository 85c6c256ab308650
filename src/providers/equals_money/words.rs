//! The closed lists of words that Equals Money knows, each with its spelling.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A closed list of words.
pub(super) trait Word: Copy + 'static {
    /// Every word with its spelling, in the vendor's order.
    const ALL: &'static [(&'static str, Self)];

    /// The word that is spelled so, letter case included.
    fn read(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(spelling, _)| *spelling == text).map(|(_, word)| *word)
    }

    /// How this word is spelled.
    fn spelling(self) -> &'static str
    where
        Self: PartialEq,
    {
        Self::ALL.iter().find(|(_, word)| *word == self).map_or("", |(spelling, _)| spelling)
    }

    /// Every spelling, as an error names them: `Owner, Admin or User`.
    fn spellings() -> String {
        choice(Self::ALL.iter().map(|(spelling, _)| *spelling))
    }

    /// The same, and null.
    fn spellings_or_null() -> String {
        choice(Self::ALL.iter().map(|(spelling, _)| *spelling).chain(["null"]))
    }
}

fn choice(words: impl Iterator<Item = &'static str>) -> String {
    let words: Vec<_> = words.collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

macro_rules! words {
    ($(#[$about:meta])* $visibility:vis $name:ident { $($(#[$mark:meta])* $variant:ident = $spelling:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        $visibility enum $name { $($(#[$mark])* #[doc = $spelling] #[serde(rename = $spelling)] $variant),+ }

        impl Word for $name {
            const ALL: &'static [(&'static str, Self)] = &[$(($spelling, Self::$variant)),+];
        }
    };
}

words! {
    /// Where a persona stands on its account.
    #[derive(Default)]
    pub(crate) PersonaStatus {
        Active = "active",
        Deactivated = "deactivated",
        #[default]
        Created = "created",
        Invited = "invited",
        InviteExpired = "inviteExpired",
    }
}

words! {
    /// What a request may set a status to; also the status of a person.
    #[derive(Default)]
    pub(crate) Standing { #[default] Active = "active", Deactivated = "deactivated" }
}

words! {
    /// Every role name that the vendor's pages have. The last four stand in the older reference only.
    #[derive(Default)]
    pub(crate) RoleName {
        Owner = "Owner",
        Admin = "Admin",
        Payer = "Payer",
        Viewer = "Viewer",
        Accountant = "Accountant",
        #[default]
        User = "User",
        BalancePayer = "Balance payer",
        BalanceViewer = "Balance viewer",
        BalanceUser = "Balance user",
        BalanceAdmin = "Balance admin",
    }
}

words! {
    /// The role names that a request may give to a persona.
    pub(super) GivenRole {
        Owner = "Owner",
        Admin = "Admin",
        Payer = "Payer",
        Viewer = "Viewer",
        Accountant = "Accountant",
        User = "User",
    }
}

words! {
    /// The type of a role; the vendor's other value is null.
    pub(crate) RoleType { Core = "core" }
}

words! {
    /// A person's form of address.
    pub(crate) Title { Master = "Master", Mr = "Mr", Miss = "Miss", Mrs = "Mrs", Ms = "Ms", Mx = "Mx" }
}

words! {
    // The tutorials show light for a person whom nobody gave another.
    /// The look of the e-mails to a person.
    #[derive(Default)]
    pub(crate) EmailTheme { #[default] Light = "em-light", Dark = "em-dark" }
}

words! {
    /// What a list of people can embed in each persona.
    pub(crate) Include {
        Addresses = "persona.addresses",
        CreatedBy = "persona.createdBy",
        Teams = "persona.teams",
        PrimaryOwnerOf = "persona.primaryOwnerOf",
        Roles = "persona.roles",
    }
}

words! {
    /// The two values of a flag in a query.
    pub(super) Switch { On = "true", Off = "false" }
}

words! {
    /// How much an API key sees: all accounts of the product, or those it lists.
    pub(crate) KeyLevel { Product = "product", User = "user" }
}

words! {
    /// What an API key may do.
    #[derive(Default)]
    pub(crate) Access { #[default] Write = "write", Read = "read" }
}

impl From<Standing> for PersonaStatus {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Active => Self::Active,
            Standing::Deactivated => Self::Deactivated,
        }
    }
}

impl From<GivenRole> for RoleName {
    fn from(role: GivenRole) -> Self {
        match role {
            GivenRole::Owner => Self::Owner,
            GivenRole::Admin => Self::Admin,
            GivenRole::Payer => Self::Payer,
            GivenRole::Viewer => Self::Viewer,
            GivenRole::Accountant => Self::Accountant,
            GivenRole::User => Self::User,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_that_can_be_given_is_a_role_of_the_same_spelling() {
        for (spelling, role) in GivenRole::ALL {
            assert_eq!(RoleName::read(spelling), Some(RoleName::from(*role)));
        }
        for (spelling, standing) in Standing::ALL {
            assert_eq!(PersonaStatus::read(spelling), Some(PersonaStatus::from(*standing)));
        }
    }
}
