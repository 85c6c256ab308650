//! What is wrong with a request, in one sentence.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::Value;

use super::check::Broken;
use super::fields::Unknown;
use crate::contract::suggestion;
use crate::provider::Unread;
use crate::world::malformed::NO_JSON;
use crate::world::schema::Rule;

/// How much of a value a sentence shows.
const VALUE: usize = 40;

/// How much of what was expected a sentence shows.
const EXPECTED: usize = 200;

/// How long a sentence is at most: as long as a header field of an answer may be.
pub(crate) const SENTENCE: usize = 400;

/// The first thing that is wrong, and how many others are: nothing where nothing is.
#[must_use]
pub(crate) fn sentence(broken: &[Broken], unknown: &[Unknown]) -> Option<String> {
    // A name that is missing beside one that is like it is one mistake.
    let is_read = broken.first().is_none_or(|first| first.at != "header.content-type");
    let misspelt = broken.iter().filter(|_| is_read).find_map(|broken| {
        let name = broken.missing_name()?;
        let unknown = unknown.iter().find(|unknown| unknown.nearest.as_deref() == Some(name))?;
        Some((broken, unknown))
    });
    let (first, told) = match (misspelt, broken.first(), unknown.first()) {
        (Some((broken, unknown)), ..) => {
            let name = broken.missing_name().unwrap_or_default();
            (format!("{} is not known; {name}, which is missing, was probably meant", unknown.at), 2)
        }
        (None, Some(broken), Some(unknown)) if broken.lacks.is_some() => {
            let note = unknown.unwrapped().map(|note| format!(": {note}")).unwrap_or_default();
            (format!("{}; {} is not known{note}", broken.sentence(), unknown_place(&unknown.at)), 2)
        }
        (None, Some(broken), _) => (broken.sentence(), 1),
        (None, None, Some(unknown)) => (unknown.sentence(), 1),
        (None, None, None) => return None,
    };
    // Two rules may find the same place wrong.
    let is_same = |one: &Broken, other: &Broken| one.at == other.at && one.lacks == other.lacks;
    let is_first = |(at, one): &(usize, &Broken)| !broken[..*at].iter().any(|other| is_same(one, other));
    let places = broken.iter().enumerate().filter(is_first).count();
    Some(kept_bounded(first, (places + unknown.len()).saturating_sub(told)))
}

/// What a vendor's reader passed over first, and how many others. `at` is its place as it may be shown, such as `$.rolle` or
/// `query.page`.
#[must_use]
pub(crate) fn passed_over(unread: &Unread, at: &str, unknown: &[Unknown]) -> String {
    let count = unread.count();
    let known = unknown.iter().find(|unknown| unknown.at.eq_ignore_ascii_case(at));
    let first = match known {
        _ if unread.is_repeated() => {
            format!("{} is sent more than once: the last one counts, the others are ignored", unknown_place(at))
        }
        Some(known) => known.ignored(),
        None => format!("{} is not read here", unknown_place(at)),
    };
    kept_bounded(first, count.saturating_sub(1))
}

/// A sentence in ASCII that is not longer than it may be, and how many other things there are to tell.
#[must_use]
pub(crate) fn bounded(sentence: &str, more: usize) -> String {
    kept_bounded(sentence.to_owned(), more)
}

/// The same of a text that stays where it may stay as it is.
#[must_use]
pub(crate) fn kept_bounded(mut sentence: String, more: usize) -> String {
    let end = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    // Each byte is looked at, so that many are at once.
    let is_shown = |sentence: &str| sentence.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'));
    if sentence.len() + end.len() <= SENTENCE && is_shown(&sentence) {
        sentence.push_str(&end);
        return sentence;
    }
    cut_short(&sentence, &end)
}

/// The same of a sentence that is too long, or no ASCII. `end` stands behind it.
fn cut_short(sentence: &str, end: &str) -> String {
    let mut out = String::with_capacity(sentence.len() + end.len());
    for letter in sentence.chars() {
        let before = out.len();
        match letter {
            ' '..='~' => out.push(letter),
            '…' => out.push_str("..."),
            '\n' | '\r' | '\t' => out.push(' '),
            other => {
                let mut units = [0; 2];
                for unit in other.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
        if out.len() + end.len() > SENTENCE {
            out.truncate(before.min(SENTENCE - end.len() - 3));
            out.push_str("...");
            break;
        }
    }
    out.push_str(end);
    out
}

/// A text that is shown in part where it is long.
fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return text.into();
    }
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", &text[..end]).into(),
        None => text.into(),
    }
}

/// A place as a sentence names it.
fn place(at: &str) -> Cow<'_, str> {
    match at {
        "$" => "the body".into(),
        "header.content-type" => "the Content-Type".into(),
        at => cut(at, 2 * VALUE),
    }
}

/// A place whose name the client has chosen.
fn unknown_place(at: &str) -> Cow<'_, str> {
    if at == "$" {
        return place(at);
    }
    if at.len() <= VALUE {
        return at.into();
    }
    let names: Vec<_> = at.split('.').map(|name| cut(name, VALUE)).collect();
    cut(&names.join("."), 2 * VALUE).into_owned().into()
}

impl Broken {
    /// The name of the member or the parameter that is missing.
    fn missing_name(&self) -> Option<&str> {
        let parameter = self.at.strip_prefix("query.").filter(|_| self.found.is_none());
        self.lacks.as_deref().or(parameter)
    }

    /// What was found: the start of a long value. Of a list, an object and a body that is one text only that it is one:
    /// a credential whose form is wrong may stand in it, under no name that would tell.
    fn shown<'f>(&self, found: &'f str) -> Cow<'f, str> {
        match found.as_bytes().first() {
            _ if found == "[]" => "an empty list".into(),
            _ if found == "{}" => "an empty object".into(),
            Some(b'[') => "a list".into(),
            Some(b'{') => "an object".into(),
            Some(b'"') if self.at == "$" => "a string".into(),
            _ if self.at == "$" && found.starts_with(NO_JSON) => found.into(),
            _ => cut(found, VALUE),
        }
    }

    /// What is wrong here, what would be right, and what that looks like.
    fn sentence(&self) -> String {
        let place = if self.is_unknown { unknown_place(&self.at) } else { place(&self.at) };
        let is_told = |found: &&String| self.at == "$" && found.starts_with(NO_JSON) && found.len() > NO_JSON.len();
        if let Some(found) = self.found.as_ref().filter(is_told) {
            return format!("{place} is {found}");
        }
        let mut out = match (&self.lacks, &self.found) {
            (Some(name), _) => format!("{place} has no `{name}`, which must be there"),
            (None, None) if self.at == "$" => format!("the request has no body; expected {}", self.expected),
            (None, None) => format!("{place} is missing; expected {}", cut(&self.expected, EXPECTED)),
            (None, Some(_)) if self.is_unknown => {
                format!("{place} is not known; expected {}", cut(&self.expected, EXPECTED))
            }
            (None, Some(found)) => {
                [&*place, " is ", &*self.shown(found), "; expected ", &*cut(&self.expected, EXPECTED)].concat()
            }
        };
        if let Some(example) = self.example.as_ref().filter(|_| !out.contains(" such as ")) {
            let _ = write!(out, "{} such as {example}", if self.lacks.is_some() { "," } else { "" });
        }
        if let Some(nearest) = &self.nearest {
            let _ = write!(out, "; {nearest} was probably meant");
        }
        if self.is_encoded_twice {
            out.push_str("; the string holds JSON, so it was probably encoded twice");
        }
        out
    }
}

impl Unknown {
    /// What a vendor does with it that takes the request all the same.
    fn ignored(&self) -> String {
        let place = unknown_place(&self.at);
        if let Some(beside) = &self.beside {
            return format!("{place} is ignored: {beside} is sent too, and counts");
        }
        if let Some(unwrapped) = self.unwrapped() {
            return format!("{place} is ignored: {unwrapped}");
        }
        let note = self.noted();
        match (&self.nearest, &self.belongs_in, self.taken_by.first()) {
            (Some(nearest), ..) if nearest.eq_ignore_ascii_case(&self.name) => {
                format!("{place} is ignored: letter case counts, send {nearest}")
            }
            (Some(nearest), ..) => format!("{place} is ignored: send {nearest}{note}"),
            (None, Some(holder), _) => format!("{place} is ignored: it belongs in {holder}"),
            (None, None, Some(other)) => {
                format!("{place} is ignored here: {other} reads that name, and this operation does not")
            }
            (None, None, None) => format!("{place} is ignored: the vendor reads no such name"),
        }
    }

    /// What stands behind the name that was probably meant.
    fn noted(&self) -> String {
        self.note.map(|note| format!(", {note}")).unwrap_or_default()
    }

    /// Where what is in a wrapper belongs.
    fn unwrapped(&self) -> Option<String> {
        let (parent, _) = self.at.rsplit_once('.').filter(|_| self.wraps)?;
        let parent = if parent == "$" { "the top of the body".into() } else { unknown_place(parent) };
        Some(format!("what is in it belongs at {parent}"))
    }

    fn sentence(&self) -> String {
        let (place, note) = (unknown_place(&self.at), self.noted());
        if let Some(unwrapped) = self.unwrapped() {
            return format!("{place} is not known: {unwrapped}");
        }
        match (&self.nearest, self.taken_by.first()) {
            (Some(nearest), _) => format!("{place} is not known; {nearest} was probably meant{note}"),
            (None, Some(other)) => format!("{place} is not known here; {other} takes a field of this name"),
            (None, None) => format!("{place} is not known"),
        }
    }
}

/// Of the values or names that a rule lists, the one that is like what was sent.
pub(super) fn nearest(rule: &Rule<'_>, sent: &Value, name: &str) -> Option<String> {
    if let Rule::Unknown(names) = rule {
        return suggestion::name(name, names.iter()).map(|near| format!("`{near}`"));
    }
    let sent = sent.as_str()?;
    let mut listed = Vec::new();
    values(rule, &mut listed);
    suggestion::name(sent, listed.into_iter()).map(|near| format!("\"{near}\""))
}

fn values<'r>(rule: &'r Rule<'_>, listed: &mut Vec<&'r str>) {
    match rule {
        Rule::Fixed(value) => listed.extend(value.as_str()),
        Rule::Listed(values) => listed.extend(values.iter().filter_map(Value::as_str)),
        Rule::AnyOf(rules) => rules.iter().for_each(|rule| values(rule, listed)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_short_and_ascii_and_says_how_many_others_there_are() {
        assert_eq!(bounded("$.name is \"é\u{1f600}…\"\n", 0), r#"$.name is "\u00e9\ud83d\ude00..." "#);
        assert_eq!(bounded("a", 2), "a (and 2 more)");
        for more in [0, 3] {
            for letter in ["x", "é", "\u{1f600}"] {
                let told = bounded(&letter.repeat(500), more);
                assert!(told.len() <= SENTENCE && told.is_ascii() && told.contains("..."), "{}: {told}", told.len());
                assert_eq!(told.ends_with(" (and 3 more)"), more == 3, "{told}");
            }
        }
    }
}
