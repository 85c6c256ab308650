//! Header fields that were kept before: a client sends the same ones with most of its requests, so what is kept of them and
//! what they hide is found once.
//!
//! Each thread remembers a few heads. They are compared byte by byte, so a head that differs in anything is read anew.

use std::cell::RefCell;
use std::sync::Arc;

use super::fields::{SHORTEST_NAME, fields, is_known_name};
use super::known::{Known, Secret, Side};
use super::listed::{Listed, pieces};
use crate::world::name::Name;

/// How many heads a thread remembers.
const MOST: usize = 8;

/// The longest head that is remembered.
const LONGEST: usize = 2_048;

thread_local! {
    static HEADS: RefCell<Vec<Head>> = const { RefCell::new(Vec::new()) };
}

/// A head, and what comes of it.
struct Head {
    /// As it was sent, a field a line.
    sent: Vec<u8>,
    /// The fields that carry a credential.
    credentials: Vec<Name>,
    /// The names that the sandbox may list as a credential.
    asked: Vec<String>,
    /// Whether what stands in its values was asked about too, and of each piece of that, whether the sandbox lists it.
    everywhere: bool,
    pieces: Vec<(String, bool)>,
    /// What is kept of it.
    kept: Vec<u8>,
    secrets: Vec<Arc<Secret>>,
    escaped: bool,
    compressed: bool,
}

/// Writes the header fields of a request, as [`fields`] does.
pub(in crate::world::journal) fn request_fields<'a>(
    out: &mut Vec<u8>,
    head: impl Iterator<Item = (&'a str, &'a [u8])> + Clone,
    credentials: &[Name],
    listed: Option<Listed<'_>>,
    known: &mut Known,
) {
    if !known.is_new() {
        return fields(out, Side::Request, head, credentials, listed, known);
    }
    let is_taken = HEADS.try_with(|heads| {
        let mut heads = heads.try_borrow_mut().ok()?;
        let is_same = |remembered: &Head| remembered.is(head.clone(), credentials, listed);
        let place = heads.iter().position(is_same)?;
        // The one that was used last is looked at first.
        heads.swap(0, place);
        let Head { kept, secrets, escaped, compressed, .. } = heads.first()?;
        out.extend_from_slice(kept);
        known.take_over(secrets, *escaped, *compressed);
        Some(())
    });
    if matches!(is_taken, Ok(Some(()))) {
        return;
    }
    let (start, mut learnt) = (out.len(), Known::default());
    fields(out, Side::Request, head.clone(), credentials, listed, &mut learnt);
    let remembered = Head::of(head, (credentials, listed), out.get(start..).unwrap_or_default(), &learnt);
    if let Some(remembered) = remembered.filter(|remembered| !remembered.has_listed_name(listed)) {
        let _ = HEADS.try_with(|heads| {
            let Ok(mut heads) = heads.try_borrow_mut() else { return };
            heads.truncate(MOST - 1);
            heads.insert(0, remembered);
        });
    }
    known.add(learnt);
}

impl Head {
    fn of<'a>(
        head: impl Iterator<Item = (&'a str, &'a [u8])> + Clone,
        (credentials, listed): (&[Name], Option<Listed<'_>>),
        kept: &[u8],
        learnt: &Known,
    ) -> Option<Self> {
        let (secrets, escaped, compressed) = learnt.all_secrets()?;
        let length = |(name, value): (&str, &[u8])| name.len() + value.len() + 2;
        if head.clone().map(length).sum::<usize>() > LONGEST {
            return None;
        }
        let asked = head.clone().map(|(name, _)| name);
        let asked =
            asked.filter(|name| name.len() >= SHORTEST_NAME && !is_known_name(name)).map(str::to_owned).collect();
        let mut sent = Vec::new();
        for (name, value) in head.clone() {
            sent.extend_from_slice(name.as_bytes());
            sent.push(b':');
            sent.extend_from_slice(value);
            sent.push(b'\n');
        }
        let mut found = Vec::new();
        let everywhere = listed.filter(|listed| listed.everywhere);
        if let Some(Listed { is_listed, .. }) = everywhere {
            head.for_each(|(_, value)| pieces(value, is_listed, &mut found));
        }
        let everywhere = everywhere.is_some();
        let (credentials, kept, secrets) = (credentials.to_vec(), kept.to_vec(), secrets.to_vec());
        Some(Self { sent, credentials, asked, everywhere, pieces: found, kept, secrets, escaped, compressed })
    }

    /// Whether this is what was sent, and the same would come of it.
    fn is<'a>(
        &self,
        head: impl Iterator<Item = (&'a str, &'a [u8])>,
        credentials: &[Name],
        listed: Option<Listed<'_>>,
    ) -> bool {
        let everywhere = listed.filter(|listed| listed.everywhere);
        if self.everywhere != everywhere.is_some() {
            return false;
        }
        let mut rest = &*self.sent;
        for (name, value) in head {
            // No name holds a colon and no value a line's end.
            let after = rest.strip_prefix(name.as_bytes()).and_then(|rest| rest.strip_prefix(b":"));
            match after.and_then(|rest| rest.strip_prefix(value)).and_then(|rest| rest.strip_prefix(b"\n")) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        rest.is_empty()
            && *self.credentials == *credentials
            && !self.has_listed_name(listed)
            && everywhere
                .is_none_or(|listed| self.pieces.iter().all(|(piece, known)| (listed.is_listed)(piece) == *known))
    }

    /// Whether the sandbox lists one of its names as a credential.
    fn has_listed_name(&self, listed: Option<Listed<'_>>) -> bool {
        listed.is_some_and(|listed| self.asked.iter().any(|name| listed.lists(name)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Fields<'a> = [(&'a str, &'a str)];

    fn both(head: &Fields<'_>, credentials: &[Name], listed: Option<Listed<'_>>) -> [String; 2] {
        let head = head.iter().map(|(name, value)| (*name, value.as_bytes()));
        let shown = |write: &dyn Fn(&mut Vec<u8>, &mut Known)| {
            let (mut out, mut known) = (Vec::new(), Known::default());
            write(&mut out, &mut known);
            format!("{} {known:?}", String::from_utf8_lossy(&out))
        };
        [
            shown(&|out, known| request_fields(out, head.clone(), credentials, listed, known)),
            shown(&|out, known| fields(out, Side::Request, head.clone(), credentials, listed, known)),
        ]
    }

    #[test]
    fn a_head_that_a_sandbox_lists_later_is_read_anew() {
        let head = [("host", "a"), ("x-made-up-name-4242", "b")];
        for is_listed in [false, true, false] {
            let lists = |text: &str| is_listed && text == "x-made-up-name-4242";
            let listed = Listed { is_listed: &lists, everywhere: false };
            let [remembered, read] = both(&head, &[], Some(listed));
            assert_eq!(remembered, read);
            assert_eq!(read.contains("made-up"), !is_listed, "{read}");
        }
    }

    #[test]
    fn a_head_whose_value_a_sandbox_lists_later_is_read_anew() {
        let head = [("host", "a"), ("x-note", "of/made-up-4242, %6dade-up-4243 and a+made-up-4244")];
        for sought in ["", "made-up-4242", "made-up-4243", "a+made-up-4244", "made-up-4244", "nothing-4242"] {
            let lists = |text: &str| text == sought;
            for everywhere in [false, true] {
                let listed = Listed { is_listed: &lists, everywhere };
                let [remembered, read] = both(&head, &[], Some(listed));
                assert_eq!(remembered, read);
                let is_found = everywhere && sought.contains("made-up");
                assert_eq!(read.contains("Secret {"), is_found, "{sought} {everywhere} {read}");
            }
        }
    }

    proptest! {
        /// Whatever was remembered before, by whomever.
        #[test]
        fn a_remembered_head_is_kept_as_one_that_is_read(
            heads in prop::collection::vec((0_usize..5, 0_usize..6, 0_usize..5, 0_usize..2), 1..40),
        ) {
            let names = ["authorization", "rest-key", "host", "cookie", "content-encoding"];
            let values =
                ["Bearer abc-4242-def", "Bearer abc", "a%62c=1;session=hush-hush-1", "gzip", "", "Basic YW5uOmh1c2gtaHVzaA=="];
            for (name, value, other, keys) in heads {
                let credentials: &[Name] = &[["rest-key", "authorization"][keys].into()];
                let head = [(names[name], values[value]), (names[other], values[(value + other) % 6])];
                let [remembered, read] = both(&head, credentials, None);
                prop_assert_eq!(remembered, read);
            }
        }
    }
}
