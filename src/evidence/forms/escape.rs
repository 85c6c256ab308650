//! A stranger's text in XML, HTML and Markdown: shown as it is, and never read as anything else.

use std::fmt::{self, Write};

use crate::world::visible::Visible;

/// The longest text of a stranger's that is shown whole.
const LONGEST: usize = 120;

/// A text between tags or within double quotes, in XML and in HTML. It has no line end and nothing that cannot be seen.
pub(super) struct Markup<'a>(pub(super) &'a str);

impl fmt::Display for Markup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Entities(f), "{}", Visible::new(self.0, LONGEST))
    }
}

struct Entities<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Entities<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive(['&', '<', '>', '"', '\'']) {
            let (plain, entity) = match part.as_bytes().last() {
                Some(b'&') => (1, "&amp;"),
                Some(b'<') => (1, "&lt;"),
                Some(b'>') => (1, "&gt;"),
                Some(b'"') => (1, "&quot;"),
                Some(b'\'') => (1, "&#39;"),
                _ => (0, ""),
            };
            self.0.write_str(part.get(..part.len() - plain).unwrap_or_default())?;
            self.0.write_str(entity)?;
        }
        Ok(())
    }
}

/// A text in Markdown, as code: no link, mention, emphasis or tag is seen in it. It may stand in a cell of a table.
pub(super) struct Code<'a>(pub(super) &'a str);

impl fmt::Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Visible::new(self.0, LONGEST).to_string();
        let longest = text.split(|char| char != '`').map(str::len).max().unwrap_or_default();
        // A fence is longer than any run of backticks within, and a space keeps it apart from them.
        let space =
            if text.is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
        let fence = || (0..=longest).map(|_| '`');
        fence().try_for_each(|char| f.write_char(char))?;
        // What a bar divides is a table, within code too.
        write!(f, "{space}{}{space}", text.replace('|', "\\|"))?;
        fence().try_for_each(|char| f.write_char(char))
    }
}
