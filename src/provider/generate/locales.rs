//! The languages of generated rows.

use super::words::{self, Words};

/// Declares the languages, each with its tag and its words.
macro_rules! locales {
    ($($(#[$about:meta])* $locale:ident = $tag:literal by $words:path;)+) => {
        /// A language, and a place where it is spoken.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Locale {
            $($(#[$about])* $locale,)+
        }

        impl Locale {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$locale),+];

            /// Its tag, as in `Accept-Language`.
            #[must_use]
            pub fn tag(self) -> &'static str {
                match self {
                    $(Self::$locale => $tag,)+
                }
            }

            pub(super) fn words(self) -> &'static Words {
                match self {
                    $(Self::$locale => &$words,)+
                }
            }
        }
    };
}

locales! {
    /// Arabic, in Egypt.
    Ar = "ar" by words::ar::WORDS;
    /// German, in Germany.
    De = "de" by words::de::WORDS;
    /// English, in the United Kingdom.
    En = "en" by words::en::WORDS;
    /// Spanish, in Spain.
    Es = "es" by words::es::WORDS;
    /// French, in France.
    Fr = "fr" by words::fr::WORDS;
    /// Japanese, in Japan.
    Ja = "ja" by words::ja::WORDS;
    /// Polish, in Poland.
    Pl = "pl" by words::pl::WORDS;
    /// Chinese, in China.
    Zh = "zh" by words::zh::WORDS;
}

impl Locale {
    /// The language of a tag.
    #[must_use]
    pub fn of(tag: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|locale| locale.tag() == tag)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_language_has_words_of_its_own() {
        for locale in Locale::ALL {
            let words = locale.words();
            let lists = [
                words.women,
                words.men,
                words.families,
                words.groups,
                words.cities,
                words.goals,
                words.troubles,
                words.quotes,
            ];
            for list in lists {
                assert!(list.len() >= 6, "{locale:?}: {list:?}");
                let different: HashSet<_> = list.iter().collect();
                assert_eq!(different.len(), list.len(), "{locale:?}: {list:?}");
                assert!(list.iter().all(|word| word.trim() == *word && !word.is_empty()), "{locale:?}: {list:?}");
            }
            assert!(words.work.len() >= 6, "{locale:?}");
            assert!(words.country.len() == 2, "{locale:?}");
        }
    }
}
