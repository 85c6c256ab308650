//! `If-Match`: which version of something is meant (RFC 9110, 13.1.1).

use super::ask::Ask;
use crate::api::Problem;
use crate::provider::header::IF_MATCH;

/// The tags that one must have.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum IfMatch {
    /// Whatever is there.
    Any,
    /// One of these. A weak tag is none: it never matches.
    Tags(Vec<String>),
}

impl IfMatch {
    /// What a request states, if it states any.
    pub(super) fn of(ask: &Ask<'_>) -> Result<Option<Self>, Problem> {
        let mut tags: Option<Vec<String>> = None;
        for field in ask.headers.get_all(&IF_MATCH) {
            let text = String::from_utf8_lossy(field.as_bytes());
            if text.trim() == "*" {
                return Ok(Some(Self::Any));
            }
            let found = read(&text).ok_or_else(|| {
                let shown: String = text.chars().take(80).collect();
                let example = "\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\"";
                let detail = format!(
                    "If-Match is {shown}; expected the ETag of an answer with its quotes, such as {example}, a list of \
                     them, or *"
                );
                Problem::new(400, detail)
            })?;
            tags.get_or_insert_default().extend(found);
        }
        Ok(tags.map(Self::Tags))
    }

    /// Whether what is there has a tag that is meant.
    pub(super) fn fits(&self, tag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|wanted| wanted == tag),
        }
    }
}

/// The tags of a list, with their quotes. Empty items count as nothing.
fn read(text: &str) -> Option<Vec<String>> {
    let (mut tags, mut rest) = (Vec::new(), text.trim());
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix(',') {
            rest = behind.trim_start();
            continue;
        }
        let strong = rest.strip_prefix("W/").unwrap_or(rest);
        let (opaque, behind) = strong.strip_prefix('"')?.split_once('"')?;
        let weak = if strong.len() == rest.len() { "" } else { "W/" };
        tags.push(format!("{weak}\"{opaque}\""));
        rest = behind.trim_start();
        if !rest.is_empty() && !rest.starts_with(',') {
            return None;
        }
    }
    (!tags.is_empty()).then_some(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_is_read_and_what_is_none_is_not() {
        let check = |text: &str, expected: Option<&[&str]>| {
            let expected = expected.map(|tags| tags.iter().map(ToString::to_string).collect::<Vec<_>>());
            assert_eq!(read(text), expected, "{text}");
        };
        check("\"a\"", Some(&["\"a\""]));
        check(" \"a\" ,, W/\"b,c\",\"\" ", Some(&["\"a\"", "W/\"b,c\"", "\"\""]));
        for text in ["a", "\"a", "\"a\" \"b\"", "w/\"a\"", "*, \"a\"", "", ",", "W/"] {
            check(text, None);
        }
        let weak = IfMatch::Tags(vec!["W/\"a\"".to_owned()]);
        assert!(!weak.fits("\"a\"") && IfMatch::Any.fits("\"a\""), "a weak tag says nothing of bytes");
    }
}
