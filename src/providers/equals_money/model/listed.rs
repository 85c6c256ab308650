//! A persona in the lists of its account and its person, and what a search finds it by.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::account::AccountId;
use super::person::Person;
use super::persona::Persona;
use crate::providers::equals_money::words::RoleName;
use crate::world::table::{BETWEEN_TEXTS, Made, Row};
use crate::world::weight;

/// A persona with what its person has to say about its lists.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub row: Persona,
    /// The person's `createdAt` and turn, by which an account lists its people. People are never deleted,
    /// so that an export leaves the turns as they are.
    pub at: (Timestamp, Made),
    /// Who is shown with it, and found by its texts.
    pub person: Arc<Person>,
}

impl Listed {
    /// A persona of a person who was made at this turn.
    pub(crate) fn new(row: Persona, person: Arc<Person>, made: Made) -> Self {
        Self { row, at: (person.created_at, made), person }
    }

    /// Whether a search, a text that went through [`searched`], finds it.
    pub(crate) fn is_found_by(&self, search: &str) -> bool {
        let mut text = Vec::new();
        self.push_text(&mut text);
        memchr::memmem::find(&text, search.as_bytes()).is_some()
    }

    fn emails(&self) -> impl Iterator<Item = &str> {
        [Some(self.person.primary_email_address.as_str()), self.row.email_address.as_deref()].into_iter().flatten()
    }
}

/// People are compared in their own table.
impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        self.row == other.row && self.at == other.at
    }
}

/// The lists that show a persona.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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
        let mut groups = Vec::with_capacity(4 + team_ids.len() + address_ids.len());
        groups.extend([
            PersonasOf::Account(account_id.clone()),
            PersonasOf::Person(*person_id),
            PersonasOf::Named(*role_name),
            PersonasOf::Role(account_id.clone(), *role_name),
        ]);
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
        let Person { first_name, last_name, .. } = &*self.person;
        let text = first_name.len() + last_name.len() + self.emails().map(|email| 1 + email.len()).sum::<usize>();
        weight::of(&self.row) + size_of::<Self>() + 1 + text
    }

    /// The texts of the person, and of the persona on its account, as they are compared.
    fn push_text(&self, out: &mut Vec<u8>) {
        let Person { first_name, last_name, .. } = &*self.person;
        push_searched(first_name, out);
        out.push(b' ');
        push_searched(last_name, out);
        for email in self.emails() {
            out.push(BETWEEN_TEXTS);
            push_searched(email, out);
        }
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

fn push_searched(text: &str, out: &mut Vec<u8>) {
    if text.is_ascii() {
        out.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
    } else {
        out.extend_from_slice(searched(text).as_bytes());
    }
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
