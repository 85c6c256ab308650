//! What an answer shows of a persona beside what is kept of it.

use std::cell::RefCell;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::directory::{Directory, User};
use super::entities::Persona;
use super::moving::Moving;
use crate::dialects::json_net;
use crate::provider::kept::{Body, Gap, Pieces, Texts};
use crate::world::journal::Clean;

/// From where and when personas are looked at.
pub(super) struct View<'a> {
    directory: &'a Directory,
    now: Timestamp,
    edit: Arc<Edit>,
    /// The names of users that this answer shows, as JSON; none of one who is not there.
    names: Vec<(i32, Option<Arc<Pieces>>)>,
}

/// What the addresses of pages start with on which Axero's own interface edits.
struct Edit {
    base_url: String,
    /// As JSON without its end.
    json: Vec<u8>,
    /// What is known of it.
    clean: Option<Clean>,
}

/// The longest address that a thread keeps.
const LONGEST_KEPT: usize = 256;

thread_local! {
    /// Most clients ask at one address. One that is longer than most is not kept.
    static LAST_EDIT: RefCell<Option<Arc<Edit>>> = const { RefCell::new(None) };
}

impl Edit {
    fn of(base_url: &str) -> Arc<Self> {
        LAST_EDIT.with_borrow_mut(|last| match last {
            Some(edit) if edit.base_url == base_url => edit.clone(),
            _ if base_url.len() > LONGEST_KEPT => Arc::new(Self::made(base_url)),
            _ => last.insert(Arc::new(Self::made(base_url))).clone(),
        })
    }

    fn made(base_url: &str) -> Self {
        // A text always has a JSON form.
        let mut json = json_net::write(&[base_url, "/personas/addedit/"].concat()).unwrap_or_default();
        let clean = Clean::of(&json);
        json.pop();
        Self { base_url: base_url.to_owned(), json, clean }
    }
}

/// The names of the users that were shown last, as JSON.
static NAMES: Texts<User> = Texts::new();

impl<'a> View<'a> {
    pub(super) fn of(directory: &'a Directory, base_url: &str, now: Timestamp) -> Self {
        Self { directory, now, edit: Edit::of(base_url), names: Vec::new() }
    }

    /// Writes what moves of a persona.
    pub(super) fn fill(&mut self, body: &mut Body, persona: &Persona, gap: Gap) {
        match Moving::of(gap) {
            Some(Moving::EditUrl) => {
                body.push_known(&self.edit.json, self.edit.clean);
                body.push_number(persona.id);
                body.push_sign(b'"');
            }
            Some(Moving::CreatedAge) => self.push_age(body, persona.created.0),
            Some(Moving::UpdatedAge) => self.push_age(body, persona.updated.0),
            Some(Moving::CreatedBy) => self.push_name(body, persona.created_by),
            Some(Moving::UpdatedBy) => self.push_name(body, persona.updated_by),
            None => {}
        }
    }

    fn push_age(&self, body: &mut Body, then: Timestamp) {
        let (number, words) = age(then, self.now);
        body.push_sign(b'"');
        if let Some(number) = number {
            body.push_number(number);
        }
        body.push(words);
    }

    fn push_name(&mut self, body: &mut Body, user: i32) {
        let number = self.names.iter().position(|(known, _)| *known == user).unwrap_or_else(|| {
            let json = |user: &User| Pieces::of_written(json_net::written(&user.display_name));
            let name = self.directory.user(user).map(|user| NAMES.get(user, || json(user)));
            self.names.push((user, name));
            self.names.len() - 1
        });
        match self.names.get(number) {
            Some((_, Some(name))) => body.push_known(name.text(), name.clean()),
            _ => body.push("\"\""),
        }
    }
}

/// How long ago: a number, if there is one, and the words behind it up to the end of the text. "just now" and "6 days ago"
/// are Axero's; the steps between are inferred.
fn age(then: Timestamp, now: Timestamp) -> (Option<i64>, &'static str) {
    let age: SignedDuration = now.duration_since(then);
    match (age.as_secs() / 60, age.as_hours(), age.as_hours() / 24) {
        (..=0, ..) => (None, "just now\""),
        (1, ..) => (None, "1 minute ago\""),
        (minutes, 0, _) => (Some(minutes), " minutes ago\""),
        (_, 1, _) => (None, "1 hour ago\""),
        (_, hours, 0) => (Some(hours), " hours ago\""),
        (.., 1) => (None, "1 day ago\""),
        (.., days) => (Some(days), " days ago\""),
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
            let (number, words) = age(then, now);
            let shown = number.map(|number| number.to_string()).unwrap_or_default() + words;
            assert_eq!(shown, format!("{expected}\""), "{seconds} s");
        }
    }
}
