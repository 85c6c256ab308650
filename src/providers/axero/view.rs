//! What an answer shows of a persona beside what is kept of it.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use super::directory::Directory;
use super::entities::Persona;
use super::moving::Moving;
use crate::dialects::json_net;
use crate::provider::kept::{Body, Gap};
use crate::world::journal::Clean;

/// From where and when personas are looked at.
pub(super) struct View<'a> {
    directory: &'a Directory,
    now: Timestamp,
    /// What the pages' addresses start with, as JSON without its end.
    edit: Json,
    /// The names of users that were shown, as JSON.
    names: Vec<(i32, Json)>,
}

/// A text as JSON, and what is known of it.
type Json = (Vec<u8>, Option<Clean>);

impl<'a> View<'a> {
    pub(super) fn of(directory: &'a Directory, base_url: &str, now: Timestamp) -> Self {
        let (mut edit, clean) = json(&format!("{base_url}/personas/addedit/"));
        edit.pop();
        Self { directory, now, edit: (edit, clean), names: Vec::new() }
    }

    /// Writes what moves of a persona.
    pub(super) fn fill(&mut self, body: &mut Body, persona: &Persona, gap: Gap) {
        match Moving::of(gap) {
            Some(Moving::EditUrl) => {
                let (edit, clean) = &self.edit;
                body.push_known(edit, *clean);
                body.push(format!("{}\"", persona.id));
            }
            Some(Moving::CreatedAge) => self.push_age(body, persona.created.0),
            Some(Moving::UpdatedAge) => self.push_age(body, persona.updated.0),
            Some(Moving::CreatedBy) => self.push_name(body, persona.created_by),
            Some(Moving::UpdatedBy) => self.push_name(body, persona.updated_by),
            None => {}
        }
    }

    fn push_age(&self, body: &mut Body, then: Timestamp) {
        body.push("\"");
        body.push(&*age(then, self.now));
        body.push("\"");
    }

    fn push_name(&mut self, body: &mut Body, user: i32) {
        let number = self.names.iter().position(|(known, _)| *known == user).unwrap_or_else(|| {
            self.names.push((user, json(self.directory.display_name(user))));
            self.names.len() - 1
        });
        if let Some((_, (name, clean))) = self.names.get(number) {
            body.push_known(name, *clean);
        }
    }
}

fn json(text: &str) -> Json {
    // A text always has a JSON form.
    let json = json_net::write(&text).unwrap_or_default();
    let clean = Clean::of(&json);
    (json, clean)
}

/// How long ago in words. "just now" and "6 days ago" are Axero's; the steps between are inferred.
fn age(then: Timestamp, now: Timestamp) -> Cow<'static, str> {
    let age: SignedDuration = now.duration_since(then);
    match (age.as_secs() / 60, age.as_hours(), age.as_hours() / 24) {
        (..=0, ..) => Cow::Borrowed("just now"),
        (1, ..) => Cow::Borrowed("1 minute ago"),
        (minutes, 0, _) => Cow::Owned(format!("{minutes} minutes ago")),
        (_, 1, _) => Cow::Borrowed("1 hour ago"),
        (_, hours, 0) => Cow::Owned(format!("{hours} hours ago")),
        (.., 1) => Cow::Borrowed("1 day ago"),
        (.., days) => Cow::Owned(format!("{days} days ago")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_rounded_down() {
        let then: Timestamp = "2026-04-03T13:09:20.917Z".parse().unwrap();
        for (seconds, expected) in [
            (-100_000, "just now"),
            (0, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (119, "1 minute ago"),
            (120, "2 minutes ago"),
            (3_599, "59 minutes ago"),
            (3_600, "1 hour ago"),
            (7_199, "1 hour ago"),
            (7_200, "2 hours ago"),
            (86_399, "23 hours ago"),
            (86_400, "1 day ago"),
            (172_799, "1 day ago"),
            (172_800, "2 days ago"),
            (86_400 * 400, "400 days ago"),
        ] {
            let now = then.checked_add(SignedDuration::from_secs(seconds)).unwrap();
            assert_eq!(age(then, now), expected, "{seconds} s");
        }
    }
}
