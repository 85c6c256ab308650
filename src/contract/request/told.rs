//! What a vendor's own reader says of a form that it refuses, told as a broken rule of a document is.

use serde_json::Value;

use super::check::{Asked, Broken};
use super::shown::Shown;
use crate::contract::Document;
use crate::provider::{Came, WrongPart};
use crate::world::malformed::{Malformed, NO_JSON};

/// What is said of a value that is not shown: a secret was taken out of it, or it is not known which of several it is.
const HIDDEN: &str = "not of the right form";

/// The place of a body's media type.
const CONTENT_TYPE: &str = "header.content-type";

/// The rules of a document that a request breaks, and what its vendor's reader refused of it: the reader's first where the
/// document says nothing of the place, or where the reader has words for what came.
#[must_use]
pub(crate) fn told(
    mut broken: Vec<Broken>,
    refused: &[WrongPart],
    asked: &Asked<'_>,
    document: Option<&Document>,
) -> Vec<Broken> {
    let is_ours = |name: &str| document.is_some_and(|document| document.has_name(name));
    let shown = Shown { secrets: asked.secrets, body: asked.body, known: &[], is_ours: &is_ours };
    let has_words = |part: &WrongPart| matches!(part.came(), Came::Words(_));
    broken.retain(|broken| !refused.iter().any(|part| has_words(part) && broken.is_about(part)));
    // Who names a member has read the body, whatever it looks like to others.
    let is_read = refused.iter().any(|part| part.at().starts_with('$') && part.at() != "$");
    broken.retain(|broken| !(is_read && broken.at == "$" && asked.body.is_none()));
    // A body that is declared as something else is wrong for that. Who could not read it has seen nothing in it.
    let is_declared = !broken.iter().any(|broken| broken.at == CONTENT_TYPE);
    if !is_declared && refused.iter().any(|part| part.at() == "$") {
        broken.retain(|broken| broken.at == CONTENT_TYPE);
    }
    let is_new =
        |part: &&WrongPart| (is_declared || part.at() != "$") && !broken.iter().any(|broken| broken.is_about(part));
    let mut all: Vec<_> = refused.iter().filter(is_new).map(|part| Broken::told(part, asked, &shown)).collect();
    if all.is_empty() {
        return broken;
    }
    all.append(&mut broken);
    all
}

impl Broken {
    /// What a reader refused of a request.
    fn told(part: &WrongPart, asked: &Asked<'_>, shown: &Shown<'_>) -> Self {
        let at = part.at();
        let found = match part.came() {
            Came::Nothing => match at.rsplit_once('.') {
                Some((object, name)) if at.starts_with('$') => {
                    return Self::lacking(&shown.place(object), name, part.expected());
                }
                _ => None,
            },
            Came::Words(words) => Some(words.to_string()),
            Came::Segment(segment) => {
                // A vendor may keep the start of a long one alone.
                let is_secret = asked.secrets.cover(segment.trim_end_matches('…'));
                Some(if is_secret { HIDDEN.to_owned() } else { shown_text(at, segment, shown) })
            }
            Came::Value => Some(value(at, asked, shown).unwrap_or_else(|| HIDDEN.to_owned())),
        };
        Self::new(shown.place(at), part.expected(), found)
    }

    /// Whether this is about the same place, or about one within it.
    fn is_about(&self, part: &WrongPart) -> bool {
        match &self.lacks {
            Some(name) => part.at().strip_prefix(&*self.at).and_then(|rest| rest.strip_prefix('.')) == Some(name),
            None => match self.at.get(part.at().len()..) {
                Some(rest) if part.at() != "$" => {
                    let is_it = rest.is_empty() || rest.starts_with(['.', '[']);
                    is_it && self.at.get(..part.at().len()).is_some_and(|start| start.eq_ignore_ascii_case(part.at()))
                }
                _ => self.at == part.at(),
            },
        }
    }
}

/// The value at a place, as text.
fn value(at: &str, asked: &Asked<'_>, shown: &Shown<'_>) -> Option<String> {
    if let Some(name) = at.strip_prefix("query.") {
        let mut values =
            asked.query.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let first = values.next()?;
        return values.all(|value| value == first).then(|| shown_text(at, first, shown));
    }
    if at == CONTENT_TYPE {
        return asked.content_type.map(|sent| shown.text(at, sent));
    }
    if at == "$" && asked.body.is_none() {
        return (!asked.is_cut).then(|| no_json(asked.bytes));
    }
    let found = member(asked.body?, at.strip_prefix('$')?)?;
    Some(shown.value(at, found, || found.to_string()))
}

/// The value at the rest of a place, such as `.rows[1].name`.
fn member<'v>(value: &'v Value, rest: &str) -> Option<&'v Value> {
    if rest.is_empty() {
        return Some(value);
    }
    if let Some(rest) = rest.strip_prefix('[') {
        let (index, rest) = rest.split_once(']')?;
        return member(value.get(index.parse::<usize>().ok()?)?, rest);
    }
    let rest = rest.strip_prefix('.')?;
    let (name, rest) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
    let object = value.as_object()?;
    let found = object
        .get(name)
        .or_else(|| object.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value));
    member(found?, rest)
}

fn shown_text(at: &str, text: &str, shown: &Shown<'_>) -> String {
    if text.is_empty() { "empty".to_owned() } else { shown.text(at, text) }
}

/// What is said of a body that is no JSON.
fn no_json(bytes: &[u8]) -> String {
    Malformed::beyond(bytes).map_or_else(|| NO_JSON.to_owned(), |malformed| malformed.to_text())
}
