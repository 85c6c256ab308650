//! A stranger's text, so that whoever reads it sees all of it.

use std::fmt::{self, Write};

/// A text of which every character can be seen: one that moves the cursor, turns the direction of writing or shows nothing
/// is written as its number, such as `\u{202e}`. What is longer than its bound ends in `…`.
///
/// No such text holds a line end, or a character that XML does not allow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visible<'a> {
    text: &'a str,
    most: usize,
}

impl<'a> Visible<'a> {
    /// A text of which at most so many characters are shown.
    pub(crate) fn new(text: &'a str, most: usize) -> Self {
        Self { text, most }
    }
}

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut room = self.most;
        for char in self.text.chars() {
            let escape = match char {
                '\n' => Some("\\n".to_owned()),
                '\r' => Some("\\r".to_owned()),
                '\t' => Some("\\t".to_owned()),
                char if is_unseen(char) => Some(format!("\\u{{{:x}}}", u32::from(char))),
                _ => None,
            };
            match room.checked_sub(escape.as_ref().map_or(1, String::len)) {
                Some(left) => room = left,
                None => return f.write_char('…'),
            }
            match escape {
                Some(escape) => f.write_str(&escape)?,
                None => f.write_char(char)?,
            }
        }
        Ok(())
    }
}

/// Whether a character leaves no mark of its own, or changes how its neighbours are shown.
fn is_unseen(char: char) -> bool {
    matches!(char,
        // Soft hyphen, marks of direction, zero width, line and paragraph separators.
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        // Tags.
        | '\u{e0000}'..='\u{e007f}')
        || char.is_control()
}

#[cfg(test)]
mod tests {
    use super::Visible;

    fn check(text: &str, seen: &str) {
        assert_eq!(Visible::new(text, 36).to_string(), seen, "{text:?}");
    }

    #[test]
    fn what_cannot_be_seen_is_written_as_its_number() {
        check("$.name", "$.name");
        check("a\u{202e}b\u{2066}", r"a\u{202e}b\u{2066}");
        check("\u{0}\u{1b}[2J\u{7f}\u{85}", r"\u{0}\u{1b}[2J\u{7f}\u{85}");
        check("a\nb\tc\r", r"a\nb\tc\r");
        check("\u{2028}\u{feff}\u{ffff}\u{e0041}", r"\u{2028}\u{feff}\u{ffff}\u{e0041}");
        check("Zoë 👩\u{200d}🚀", "Zoë 👩\u{200d}🚀");
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        let bound = "ë".repeat(36);
        check(&bound, &bound);
        check(&format!("{bound}ë"), &format!("{bound}…"));
        // An escape is shown whole or not at all.
        check(&format!("{}\u{202e}", &bound[2..]), &format!("{}…", &bound[2..]));
        check(&"\0".repeat(99), &format!("{}…", r"\u{0}".repeat(7)));
        check("", "");
    }
}
