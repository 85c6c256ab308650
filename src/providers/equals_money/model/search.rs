//! The texts a search looks at.

use super::person::Person;

/// The texts of a person, lowercased ahead, so that a list costs no more than a byte search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SearchText(Box<[u8]>);

/// No UTF-8 text holds this byte, so no search finds across two texts.
const BETWEEN_TEXTS: u8 = 0xFF;

impl SearchText {
    /// The text by which a person is found on an account where the persona has this e-mail address.
    pub(super) fn of(person: &Person, persona_email: Option<&str>) -> Self {
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
