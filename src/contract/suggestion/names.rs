//! The name that was probably meant by one that nothing has.

use super::spelling::{self, LONGEST, Spelled};

/// The one of these names that an unknown one spells but for letter case, separators or one slip of the fingers.
pub(crate) fn slip<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let bare = |name: &str| {
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect::<String>()
    };
    if name.len() > LONGEST {
        return None;
    }
    let own = bare(name);
    known.into_iter().find(|known| strsim::osa_distance(&own, &bare(known)) <= usize::from(own.len() > 2))
}

/// The name among `known` that was probably meant: a misspelling, another letter case, a part or extension of it, or one
/// that has all its words.
pub(crate) fn name<'k>(found: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    if found.len() > LONGEST {
        return None;
    }
    let (sought, own_words) = (plain(found), words(found));
    let spelled = Spelled::new(&sought);
    let mut best: Option<(f64, &str)> = None;
    for candidate in known {
        let other = plain(candidate);
        let other_spelled = Spelled::new(&other);
        let shorter = sought.len().min(other.len());
        let most = (shorter / 3).clamp(1, 4);
        let near = if shorter > 1 { spelling::within(&spelled, &other_spelled, most) } else { None };
        let near = near.filter(|distance| !is_another_word(&sought, &other, *distance));
        // One word has not all those of another name, and most names are one.
        let has_all = || own_words.len() > 1 && has_words(&own_words, &words(candidate));
        let score = if let Some(distance) = near {
            distance as f64
        } else if (shorter >= 4 && (sought.contains(&other) || other.contains(&sought))) || has_all() {
            4.0 + spelling::distance(&spelled, &other_spelled) as f64 / 100.0
        } else {
            continue;
        };
        if best.is_none_or(|(least, _)| score < least) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, name)| name)
}

fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether two names differ by a word for another, as `ConditionType` and `ConditionValue` do, and not by slips: then
/// what lies between the ends that they share has little in common.
fn is_another_word(one: &str, other: &str, distance: usize) -> bool {
    let shared = |pairs: &mut dyn Iterator<Item = (char, char)>| pairs.take_while(|(one, other)| one == other).count();
    let start = shared(&mut one.chars().zip(other.chars()));
    let lengths = [one, other].map(|name| name.chars().count() - start);
    let end = shared(&mut one.chars().rev().zip(other.chars().rev())).min(lengths[0]).min(lengths[1]);
    distance > 2 && 2 * distance > lengths[0].max(lengths[1]) - end
}

/// The words of a name such as `job_title` or `ConditionOperatorType`, in small letters.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = '_';
    for letter in name.chars() {
        let starts = letter.is_uppercase() && !before.is_uppercase();
        if letter.is_alphanumeric() {
            match words.last_mut().filter(|_| before.is_alphanumeric() && !starts) {
                Some(word) => word.extend(letter.to_lowercase()),
                None => words.push(letter.to_lowercase().collect()),
            }
        }
        before = letter;
    }
    words
}

/// Whether one of two names has all words of the other, which are two or more, in their order.
fn has_words(one: &[String], other: &[String]) -> bool {
    let (fewer, more) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let mut rest = more.iter();
    fewer.len() > 1 && fewer.iter().all(|word| rest.any(|known| known == word))
}

/// What a parameter of a list counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    Pages,
    Items,
    /// Nothing: it is a mark that an answer gave.
    Nothing,
}

/// Names that many APIs have for where a page of a list begins.
const STARTS: [(&str, Counts); 13] = [
    ("page", Counts::Pages),
    ("pageno", Counts::Pages),
    ("pagenumber", Counts::Pages),
    ("pageindex", Counts::Pages),
    ("startpage", Counts::Pages),
    ("offset", Counts::Items),
    ("skip", Counts::Items),
    ("start", Counts::Items),
    ("startindex", Counts::Items),
    ("from", Counts::Items),
    ("cursor", Counts::Nothing),
    ("after", Counts::Nothing),
    ("pagetoken", Counts::Nothing),
];

/// Names that many APIs have for how many items a page has.
const SIZES: [&str; 12] = [
    "limit",
    "perpage",
    "pagesize",
    "pagelength",
    "size",
    "count",
    "take",
    "top",
    "first",
    "maxresults",
    "pagelimit",
    "maxitems",
];

/// The name among `known` by which this API calls what others call `found`; and what is to be known of it, to stand
/// behind its name, where it counts something else.
pub(crate) fn synonym<'k>(found: &str, known: &[&'k str]) -> Option<(&'k str, Option<&'static str>)> {
    let is_size = |name: &str| SIZES.contains(&&*plain(name));
    if is_size(found) {
        return known.iter().copied().find(|name| is_size(name)).map(|name| (name, None));
    }
    let counts = |name: &str| {
        let name = plain(name);
        STARTS.iter().find(|(known, _)| *known == name).map(|(_, counts)| *counts)
    };
    let own = counts(found)?;
    let (name, counted) = known.iter().copied().find_map(|name| Some((name, counts(name)?)))?;
    let note = match (own, counted) {
        (Counts::Pages, Counts::Items) => Some("which counts items, not pages"),
        (Counts::Nothing, Counts::Items) => Some("which counts items; there are no cursors"),
        (Counts::Items, Counts::Pages) => Some("which counts pages, not items"),
        (Counts::Nothing, Counts::Pages) => Some("which counts pages; there are no cursors"),
        _ => None,
    };
    Some((name, note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_near_if_misspelt_or_part_of_another() {
        let known = || ["marketingEmailsPreference", "status", "jobTitle", "id"].into_iter();
        assert_eq!(name("marketingEmails", known()), Some("marketingEmailsPreference"));
        assert_eq!(name("job_title", known()), Some("jobTitle"));
        assert_eq!(name("staus", known()), Some("status"));
        assert_eq!(name("team_id", known()), None);
        assert_eq!(name("x", known()), None);
        assert_eq!(name(&"status".repeat(20), known()), None);
    }

    #[test]
    fn a_word_for_another_is_no_misspelling() {
        let condition = ["ConditionID", "ConditionValue", "ConditionOperatorType", "GroupName"];
        let meant = |found: &str| name(found, condition.into_iter());
        assert_eq!(meant("ConditionType"), Some("ConditionOperatorType"));
        assert_eq!(meant("condition_type"), Some("ConditionOperatorType"));
        assert_eq!(meant("conditiontype"), None);
        assert_eq!(meant("ConditonVaule"), Some("ConditionValue"));
        assert_eq!(meant("ConditionName"), None);
        assert_eq!(meant("conditionValues"), Some("ConditionValue"));
        assert_eq!(name("created_at", ["updated_at"].into_iter()), None);
        assert_eq!(
            name("marketngEmialsPrefernce", ["marketingEmailsPreference"].into_iter()),
            Some("marketingEmailsPreference")
        );
        assert_eq!(words("XMLName_of2Things"), ["xmlname", "of2", "things"]);
    }

    #[test]
    fn other_apis_names_of_pages_are_known_and_what_they_count() {
        let items = ["team_id", "limit", "offset"];
        assert_eq!(synonym("page", &items), Some(("offset", Some("which counts items, not pages"))));
        assert_eq!(synonym("skip", &items), Some(("offset", None)));
        assert_eq!(synonym("cursor", &items), Some(("offset", Some("which counts items; there are no cursors"))));
        for size in ["per_page", "pageSize", "PageLength", "top"] {
            assert_eq!(synonym(size, &items), Some(("limit", None)), "{size}");
        }
        let pages = ["StartPage", "PageSize", "PageLength"];
        assert_eq!(synonym("page", &pages), Some(("StartPage", None)));
        assert_eq!(synonym("offset", &pages), Some(("StartPage", Some("which counts pages, not items"))));
        assert_eq!(synonym("limit", &pages), Some(("PageSize", None)));
        assert_eq!(synonym("sort", &pages), None);
        assert_eq!(synonym("page", &["search"]), None);
    }
}
