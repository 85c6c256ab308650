//! The scan of a text that should be JSON.

use std::borrow::Cow;
use std::collections::HashSet;

/// The longest path that is told, in bytes and in levels.
const LONGEST_PATH: usize = 80;
const DEEPEST_PATH: usize = 40;

/// What JavaScript prints for an object.
pub(super) const OBJECT_AS_TEXT: &str = "[object Object]";

const VALUES: &str = "a string in double quotes, a number, true, false, null, a list or an object";

/// Why a text is no JSON: as a vendor says it, and in plainer words where there are any.
pub(super) struct Fault {
    pub(super) reason: String,
    pub(super) plain: Option<String>,
}

impl Fault {
    fn plainly(reason: &str, plain: String) -> Self {
        Self { reason: reason.to_owned(), plain: Some(plain) }
    }
}

fn fault<T>(reason: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { reason: reason.into(), plain: None })
}

/// What a word is in the language that has it, and how JSON says the same.
fn of_another_language(word: &str) -> Option<String> {
    Some(match word {
        "True" | "False" => format!("{word} is written {} in JSON", word.to_ascii_lowercase()),
        "None" | "nil" | "NULL" | "Null" => format!("{word} is written null in JSON"),
        "undefined" => "undefined is no value of JSON: leave the member out, or send null".to_owned(),
        "NaN" | "Infinity" => format!("{word} is no number of JSON"),
        _ => return None,
    })
}

pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// What may stand next.
#[derive(Clone, Copy)]
enum Next {
    /// A value; the end of an array too where it has only begun.
    Value { or_end: bool },
    /// The name of a property; the end of an object too where it has only begun.
    Name { or_end: bool },
    /// A comma or an end.
    More,
}

/// Walks through a text; at a fault, `at` is its place.
pub(super) struct Scan<'t> {
    text: &'t str,
    pub(super) at: usize,
    /// The brackets that are open.
    open: Vec<Open<'t>>,
    /// The names of each, where those that come again are wanted.
    names: Vec<HashSet<Cow<'t, str>>>,
    next: Next,
    /// The paths of names that stood in their object before, where they are wanted.
    pub(super) repeated: Option<Vec<String>>,
    /// How many brackets were open at most, and where the innermost stood.
    pub(super) deepest: (usize, usize),
    /// Whether half of a surrogate pair passes.
    pub(super) takes_halves: bool,
}

/// A list or an object that is open.
struct Open<'t> {
    /// The bracket that closes it.
    close: char,
    /// The name that was read last in an object, without its quotes.
    name: &'t str,
    /// The number of the item in a list.
    item: usize,
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            open: Vec::new(),
            names: Vec::new(),
            next: Next::Value { or_end: false },
            repeated: None,
            deepest: (0, 0),
            takes_halves: false,
        }
    }

    /// Where the scan stands in the document: `in $.address`, `after $.rows[1].name`; nothing at its top.
    pub(super) fn context(&self) -> Option<String> {
        let (word, inner) = match self.next {
            Next::Value { or_end: false } => ("at", 0),
            Next::More => ("after", 0),
            Next::Value { .. } | Next::Name { .. } => ("in", 1),
        };
        let path = self.path(self.open.len().saturating_sub(inner))?;
        Some(format!("{word} {path}"))
    }

    /// The path of what stands in so many of the open brackets.
    fn path(&self, levels: usize) -> Option<String> {
        if levels == 0 || levels > DEEPEST_PATH {
            return None;
        }
        let step = |path: String, open: &Open<'_>| match open.close {
            '}' => format!("{path}.{}", open.name),
            _ => format!("{path}[{}]", open.item),
        };
        let path = self.open.get(..levels)?.iter().fold("$".to_owned(), step);
        (path.len() <= LONGEST_PATH).then_some(path)
    }

    /// Walks to the end of the text.
    pub(super) fn document(&mut self) -> Result<(), Fault> {
        loop {
            self.pass(is_blank);
            let Some(c) = self.peek() else {
                let open = self.open.last();
                return open.map_or(Ok(()), |open| fault(format!("it ends before the closing {}", open.close)));
            };
            self.next = match self.next {
                Next::Value { or_end: true } if c == ']' => self.close(c),
                Next::Value { .. } => self.value(c)?,
                Next::Name { or_end: true } if c == '}' => self.close(c),
                Next::Name { .. } => self.name(c)?,
                Next::More => self.more(c)?,
            };
        }
    }

    fn value(&mut self, c: char) -> Result<Next, Fault> {
        match c {
            '{' => return Ok(self.begin('}', Next::Name { or_end: true })),
            '[' => return Ok(self.begin(']', Next::Value { or_end: true })),
            '"' => self.string()?,
            '-' | '0'..='9' => self.number()?,
            ',' | '}' | ']' => return fault(format!("a value is missing before {c}")),
            '\'' => return fault("a string stands in double quotes, not in single quotes"),
            '/' | '#' => return fault("JSON has no comments"),
            '+' | '.' => return fault("a number starts with a digit or with a minus sign"),
            _ => self.word()?,
        }
        Ok(Next::More)
    }

    fn name(&mut self, c: char) -> Result<Next, Fault> {
        match c {
            '"' => {
                let start = self.at + 1;
                self.string()?;
                self.named(start);
            }
            '}' => return fault("there is a comma too many before }"),
            '\'' => {
                let plain = "a name stands in double quotes, not in single quotes".to_owned();
                return Err(Fault::plainly("the name of a property stands in double quotes", plain));
            }
            ',' => return fault("there is a comma too many"),
            '/' | '#' => return fault("JSON has no comments"),
            _ => return fault("the name of a property stands in double quotes"),
        }
        self.pass(is_blank);
        match self.peek() {
            Some(':') => self.at += 1,
            Some(_) => return fault("a colon is missing after the name of a property"),
            None => return fault("it ends before the value of a property"),
        }
        self.pass(is_blank);
        if self.peek().is_none() {
            return fault("it ends before the value of a property");
        }
        Ok(Next::Value { or_end: false })
    }

    fn more(&mut self, c: char) -> Result<Next, Fault> {
        let Some(Open { close, .. }) = self.open.last() else {
            return fault("something follows where it should end");
        };
        let close = *close;
        match c {
            ',' => {
                self.at += 1;
                let comma = self.at - 1;
                self.pass(is_blank);
                if self.peek() == Some(close) {
                    self.at = comma;
                    return fault(format!("there is a comma too many before {close}"));
                }
                self.open.last_mut().into_iter().for_each(|open| open.item += 1);
                Ok(if close == '}' { Next::Name { or_end: false } } else { Next::Value { or_end: false } })
            }
            c if c == close => Ok(self.close(c)),
            ']' | '}' => fault(format!("{close} should stand here, not {c}")),
            '/' | '#' => fault("JSON has no comments"),
            _ => fault(format!("a comma or {close} is missing")),
        }
    }

    fn begin(&mut self, close: char, next: Next) -> Next {
        self.at += 1;
        if self.open.len() >= self.deepest.0 {
            self.deepest = (self.open.len() + 1, self.at - 1);
        }
        self.open.push(Open { close, name: "", item: 0 });
        if self.repeated.is_some() {
            self.names.push(HashSet::new());
        }
        next
    }

    /// Takes note of a member's name, whose quotes stand around what was read since `start`.
    fn named(&mut self, start: usize) {
        let name = self.text.get(start..self.at - 1).unwrap_or_default();
        let Some(open) = self.open.last_mut() else { return };
        open.name = name;
        let Some(names) = self.names.last_mut() else { return };
        let plain = if name.contains('\\') { serde_json::from_str(&format!("\"{name}\"")).ok() } else { None };
        let is_new = names.insert(plain.map_or(Cow::Borrowed(name), Cow::Owned));
        if !is_new {
            let path = self.path(self.open.len()).unwrap_or_else(|| "$".to_owned());
            self.repeated.iter_mut().for_each(|repeated| repeated.push(path.clone()));
        }
    }

    fn close(&mut self, c: char) -> Next {
        self.at += c.len_utf8();
        self.open.pop();
        self.names.pop();
        Next::More
    }

    fn string(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => {
                    self.at = start;
                    return fault("the closing quote of a string is missing");
                }
                Some('"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some('\\') => self.escape()?,
                Some('\n' | '\r') => return fault("a line break in a string must be written as \\n"),
                Some('\t') => return fault("a tab in a string must be written as \\t"),
                Some(c) if c < ' ' => {
                    return fault(format!(
                        "a control character in a string must be written as \\u{:04x}",
                        u32::from(c)
                    ));
                }
                Some(c) => self.at += c.len_utf8(),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        match self.text[self.at + 1..].chars().next() {
            Some('u') => match self.unit(self.at) {
                None => fault("a \\u escape in a string must have four hexadecimal digits"),
                Some(0xD800..=0xDBFF) if matches!(self.unit(self.at + 6), Some(0xDC00..=0xDFFF)) => {
                    self.at += 12;
                    Ok(())
                }
                Some(0xD800..=0xDFFF) if !self.takes_halves => {
                    fault("a \\u escape in a string stands for only half a character")
                }
                Some(_) => {
                    self.at += 6;
                    Ok(())
                }
            },
            Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => {
                self.at += 2;
                Ok(())
            }
            _ => fault("a backslash in a string must be written as \\\\"),
        }
    }

    /// The four hexadecimal digits of a `\u` escape that starts at a place.
    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) { u32::from_str_radix(digits, 16).ok() } else { None }
    }

    fn number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some('-'));
        let zero = self.peek() == Some('0');
        let whole = self.digits()?;
        if zero && whole > 1 {
            self.at = start;
            return fault("a number has no zeros in front");
        }
        if self.peek() == Some('.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some('+' | '-')));
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<usize, Fault> {
        match self.pass(|c| c.is_ascii_digit()) {
            0 => fault("a digit of a number is missing"),
            count => Ok(count),
        }
    }

    fn word(&mut self) -> Result<(), Fault> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        match &rest[..end] {
            "true" | "false" | "null" => {
                self.at += end;
                Ok(())
            }
            word => Err(Fault::plainly(
                "a value must be a string in double quotes, a number, true, false, null, an array or an object",
                match of_another_language(word) {
                    _ if self.text.trim() == OBJECT_AS_TEXT => OBJECT_AS_TEXT.to_owned(),
                    Some(words) => words,
                    None => format!("a value must be {VALUES}"),
                },
            )),
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Passes over characters; returns how many.
    fn pass(&mut self, wanted: impl Fn(char) -> bool) -> usize {
        let start = self.at;
        while let Some(c) = self.peek().filter(|c| wanted(*c)) {
            self.at += c.len_utf8();
        }
        self.at - start
    }
}
