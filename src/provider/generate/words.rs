//! The words that rows are made of, language by language.

pub(super) mod ar;
pub(super) mod de;
pub(super) mod en;
pub(super) mod es;
pub(super) mod fr;
pub(super) mod ja;
pub(super) mod pl;
pub(super) mod zh;

/// The words of a language.
#[derive(Debug)]
pub(crate) struct Words {
    /// The country, by ISO 3166-1: `DE`.
    pub(crate) country: &'static str,
    /// What its people are called in English: `German`.
    pub(crate) nationality: &'static str,
    /// What its telephone numbers start with: `+49`.
    pub(crate) calling: &'static str,
    /// Whether the family's name comes first, and no space behind it.
    pub(crate) family_first: bool,
    /// Given names.
    pub(crate) women: &'static [&'static str],
    /// Given names.
    pub(crate) men: &'static [&'static str],
    /// Names of families.
    pub(crate) families: &'static [&'static str],
    /// What people do: as a woman's, and as a man's.
    pub(crate) work: &'static [(&'static str, &'static str)],
    /// Parts of a company.
    pub(crate) groups: &'static [&'static str],
    /// Cities of the country.
    pub(crate) cities: &'static [&'static str],
    /// What somebody wants to reach.
    pub(crate) goals: &'static [&'static str],
    /// What keeps somebody from it.
    pub(crate) troubles: &'static [&'static str],
    /// What somebody says.
    pub(crate) quotes: &'static [&'static str],
}
