//! What the data of a sandbox holds, as its own lists tell: ids and e-mail addresses, by the name of their member.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::draft::{Body, Draft};
use super::shown::{Shown, text};
use super::trial::Scratch;
use crate::contract::Document;
use crate::world::cancel::{Cancel, Cancelled};

/// How many values of one name are kept.
const MOST: usize = 24;

/// How many names are kept.
const MOST_NAMES: usize = 300;

/// How deep they are looked for.
const DEPTH: usize = 8;

/// How many drafts one is made into.
const MOST_DRAFTS: usize = 120;

/// Values by the name of their member, in lower case.
#[derive(Debug, Default)]
pub(super) struct Known(BTreeMap<String, Vec<String>>);

impl Known {
    /// What the answers to the requests hold that need no id, with each of these credentials until one passes.
    pub(super) fn of(
        scratch: &Scratch,
        provider: &str,
        document: &Arc<Document>,
        credentials: &[(String, String)],
        cancel: &Cancel,
    ) -> Result<Self, Cancelled> {
        let mut known = Self::default();
        let is_list = |path: &str| !path.contains('{');
        for endpoint in
            document.endpoints().iter().filter(|endpoint| endpoint.method == "GET" && is_list(&endpoint.path))
        {
            let Some(shown) = Shown::of(document, endpoint) else { continue };
            let bare = shown.drafts().first().map(|draft| Draft { query: Vec::new(), ..draft.clone() });
            for draft in shown.drafts().iter().chain(&bare) {
                for credential in credentials {
                    cancel.check()?;
                    let outcome = scratch.run(provider, document, &[draft.by(Some(credential)).call()], None);
                    let Some(body) = outcome.filter(|outcome| !outcome.is_refusal).and_then(|outcome| outcome.body)
                    else {
                        continue;
                    };
                    known.take("", &body, 0);
                    break;
                }
            }
        }
        Ok(known)
    }

    fn take(&mut self, name: &str, value: &Value, depth: usize) {
        match value {
            _ if depth > DEPTH => {}
            Value::Object(members) => members.iter().for_each(|(name, value)| self.take(name, value, depth + 1)),
            Value::Array(items) => items.iter().take(MOST).for_each(|item| self.take(name, item, depth + 1)),
            Value::String(_) | Value::Number(_) if names_a_thing(name) => {
                let name = name.to_ascii_lowercase();
                if self.0.len() >= MOST_NAMES && !self.0.contains_key(&name) {
                    return;
                }
                let (values, value) = (self.0.entry(name).or_default(), text(value));
                if values.len() < MOST && value.len() <= 200 && !values.contains(&value) {
                    values.push(value);
                }
            }
            Value::String(_) | Value::Number(_) | Value::Null | Value::Bool(_) => {}
        }
    }

    /// The values that a name may mean: those of its own, and where it is an id, those of other ids.
    fn values(&self, name: &str) -> Vec<&str> {
        let name = name.to_ascii_lowercase();
        let own = self.0.get(&name).into_iter();
        let is_other = |known: &str| name.ends_with("id") && known.ends_with("id") && known != name;
        let others = self.0.iter().filter(|(known, _)| is_other(known)).map(|(_, values)| values);
        own.chain(others).flatten().map(String::as_str).collect()
    }

    /// Drafts that name another thing of the data in place of one part.
    pub(super) fn others<'d>(&self, draft: &Draft<'d>) -> Vec<Draft<'d>> {
        let mut once = self.changed(draft);
        once.truncate(MOST_DRAFTS);
        once
    }

    /// The same, and then drafts in which two parts are others.
    pub(super) fn others_at_all<'d>(&self, draft: &Draft<'d>) -> Vec<Draft<'d>> {
        let once = self.others(draft);
        let mut twice: Vec<_> = once.iter().flat_map(|draft| self.changed(draft)).take(4 * MOST_DRAFTS).collect();
        let mut all = once;
        all.append(&mut twice);
        all
    }

    fn changed<'d>(&self, draft: &Draft<'d>) -> Vec<Draft<'d>> {
        let in_the_path = draft
            .path
            .iter()
            .flat_map(|(name, old)| self.others_than(name, old).map(move |value| draft.with_path(name, value)));
        let in_the_query = draft.query.iter().filter(|(name, _)| names_a_thing(name));
        let in_the_query = in_the_query.flat_map(|(name, old)| {
            self.others_than(name, old).map(move |value| draft.with_query(name, [value.to_owned()]))
        });
        let members = draft.json().and_then(Value::as_object).into_iter().flatten();
        let in_the_body = members.filter(|(name, old)| old.is_string() && names_a_thing(name));
        let in_the_body = in_the_body.flat_map(|(name, old)| {
            self.others_than(name, old.as_str().unwrap_or_default()).filter_map(move |value| {
                let mut members = draft.json()?.as_object()?.clone();
                members.insert(name.clone(), value.into());
                Some(draft.with_body(Body::Json(Value::Object(members))))
            })
        });
        in_the_path.chain(in_the_query).chain(in_the_body).collect()
    }

    fn others_than<'k>(&'k self, name: &str, old: &'k str) -> impl Iterator<Item = &'k str> {
        self.values(name).into_iter().filter(move |value| *value != old)
    }
}

/// Whether a name is one of what names a thing of the data, and no text that somebody wrote.
fn names_a_thing(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("id") || name.contains("email")
}
