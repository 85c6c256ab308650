//! A persona in the lists of its account and its person, and what a search finds it by.

use jiff::Timestamp;
use uuid::Uuid;

use super::account::AccountId;
use super::person::Person;
use super::persona::Persona;
use crate::providers::equals_money::words::RoleName;
use crate::world::table::{Made, Row};
use crate::world::weight;

/// A persona with what its person has to say about its lists.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listed {
    pub row: Persona,
    /// The person's `createdAt` and turn, by which an account lists its people. People are never deleted,
    /// so that an export leaves the turns as they are.
    pub at: (Timestamp, Made),
    pub found_by: SearchText,
}

impl Listed {
    /// A persona of a person who was made at this turn.
    pub(crate) fn new(row: Persona, person: &Person, made: Made) -> Self {
        let found_by = SearchText::of(person, row.email_address.as_deref());
        Self { row, at: (person.created_at, made), found_by }
    }
}

/// The lists that show a persona.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum PersonasOf {
    /// All of an account.
    Account(AccountId),
    /// All of a person.
    Person(Uuid),
    /// All with a role, on any account and on one.
    Named(RoleName),
    Role(AccountId, RoleName),
    /// All in a team, and at an address.
    Team(Uuid),
    Address(Uuid),
}

impl Row for Listed {
    type Id = Uuid;
    type Group = PersonasOf;
    type Order = (Timestamp, Made, Made);

    fn id(&self) -> Uuid {
        self.row.id
    }

    fn groups(&self) -> Vec<PersonasOf> {
        let Persona { account_id, person_id, role_name, team_ids, address_ids, .. } = &self.row;
        let mut groups = vec![
            PersonasOf::Account(account_id.clone()),
            PersonasOf::Person(*person_id),
            PersonasOf::Named(*role_name),
            PersonasOf::Role(account_id.clone(), *role_name),
        ];
        let teams = team_ids.iter().copied().map(PersonasOf::Team);
        for group in teams.chain(address_ids.iter().copied().map(PersonasOf::Address)) {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        groups
    }

    /// By the person's `createdAt`, then in the order in which the people were made.
    fn order(&self, made: Made) -> Self::Order {
        let (created_at, person) = self.at;
        (created_at, person, made)
    }

    fn weight(&self) -> usize {
        weight::of(&self.row) + size_of::<Self>() + self.found_by.0.len()
    }
}

/// The texts of a person, lowercased ahead, so that a list costs no more than a byte search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SearchText(Box<[u8]>);

/// No UTF-8 text holds this byte, so no search finds across two texts.
const BETWEEN_TEXTS: u8 = 0xFF;

impl SearchText {
    /// The text by which a person is found on an account where the persona has this e-mail address.
    fn of(person: &Person, persona_email: Option<&str>) -> Self {
        let mut text = searched(&format!("{} {}", person.first_name, person.last_name)).into_bytes();
        for email in [Some(person.primary_email_address.as_str()), persona_email].into_iter().flatten() {
            text.push(BETWEEN_TEXTS);
            text.extend(searched(email).bytes());
        }
        Self(text.into_boxed_slice())
    }

    /// Whether a search, prepared from a text that went through [`searched`], finds this.
    pub(crate) fn is_found_by(&self, needle: &memchr::memmem::Finder<'_>) -> bool {
        needle.find(&self.0).is_some()
    }
}

/// The form in which a search and what it looks at are compared: lowercase, one character at a time, as a
/// Greek sigma is spelled otherwise at the end of a word, and a search does not know where words end.
pub(crate) fn searched(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::searched;

    #[test]
    fn a_part_of_a_word_is_found_in_any_letter_case() {
        for (text, part) in [("ΑΣΟΦ", "ας"), ("Οδος", "ΟΔΟΣ"), ("Müller", "ÜLL"), ("O'Neill", "o'n")] {
            assert!(searched(text).contains(&searched(part)), "{part} in {text}");
        }
    }
}
