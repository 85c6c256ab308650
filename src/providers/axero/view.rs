//! What an answer shows of a persona beside what is kept of it.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use super::directory::Directory;

/// From where and when a persona is looked at.
pub(super) struct View<'a> {
    pub(super) directory: &'a Directory,
    pub(super) base_url: Cow<'a, str>,
    pub(super) now: Timestamp,
}

impl View<'_> {
    /// The name that the site shows for a user.
    pub(super) fn display_name(&self, user: i32) -> &str {
        self.directory.display_name(user)
    }

    /// The page on which Axero's own interface edits a persona.
    pub(super) fn edit_url(&self, id: i32) -> String {
        format!("{}/personas/addedit/{id}", self.base_url)
    }

    /// How long ago in words. "just now" and "6 days ago" are Axero's; the steps between are inferred.
    pub(super) fn age(&self, then: Timestamp) -> Cow<'static, str> {
        let age: SignedDuration = self.now.duration_since(then);
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
            let view = View { directory: &Directory::default(), base_url: Cow::Borrowed(""), now };
            assert_eq!(view.age(then), expected, "{seconds} s");
        }
    }
}
