//! The library's forward reader: tokens, and the states between them.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::fault::{Fault, Finding};
use super::number;
use super::version::Version;

/// What the reader found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An opening bracket.
    Start(Container),
    /// Its closing one.
    End(Container),
    /// A member's name.
    Name(Cow<'a, str>),
    /// `null`, `undefined`, or nothing between two commas.
    Null,
    /// A string without characters, which stands for null in most places.
    EmptyText,
    /// Any other string, a number or a boolean.
    Scalar,
    Comment,
}

/// What can be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Object,
    Array,
    /// `new Date(…)`.
    Constructor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A value is next.
    Value,
    /// A member or the object's end is next.
    Member,
    /// A value is over.
    Behind,
    /// The text or the outermost value is over.
    Finished,
}

pub(super) struct Reader<'a> {
    version: Version,
    cursor: Cursor<'a>,
    state: State,
    open: Vec<Container>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(version: Version, text: &'a str) -> Self {
        Self { version, cursor: Cursor::new(text), state: State::Value, open: Vec::new() }
    }

    pub(super) fn fault(&self, finding: Finding) -> Fault {
        self.cursor.fault(finding)
    }

    /// The next token, or nothing at the end of the text.
    pub(super) fn token(&mut self) -> Result<Option<Token<'a>>, Fault> {
        loop {
            match self.state {
                State::Value => return self.value(),
                State::Member => return self.member(),
                State::Behind => {
                    if let Some(token) = self.behind()? {
                        return Ok(Some(token));
                    }
                }
                State::Finished => return Ok(None),
            }
        }
    }

    /// The next token that is no comment.
    ///
    /// # Errors
    ///
    /// [`Finding::End`] if there is none.
    pub(super) fn content(&mut self) -> Result<Token<'a>, Fault> {
        loop {
            match self.token()? {
                Some(Token::Comment) => {}
                Some(token) => return Ok(token),
                None => return Err(self.fault(Finding::End)),
            }
        }
    }

    /// Passes the rest of the container whose start was the last token.
    pub(super) fn skip_container(&mut self) -> Result<(), Fault> {
        let outside = self.open.len().saturating_sub(1);
        while self.open.len() > outside && self.token()?.is_some() {}
        Ok(())
    }

    /// The value of a string member: text, or the raw text of a number or a boolean.
    pub(super) fn text(&mut self) -> Result<Option<String>, Fault> {
        let text = match self.member_value()? {
            '"' | '\'' => self.cursor.string()?.into_owned(),
            '-' if self.cursor.peek_second() == Some('I') => self.word("-Infinity")?.to_owned(),
            '-' | '.' | '0'..='9' => {
                let text = self.cursor.number()?;
                if !number::is_number_text(text) {
                    return Err(self.fault(Finding::Number(text.to_owned())));
                }
                text.to_owned()
            }
            't' => self.word("true")?.to_owned(),
            'f' => self.word("false")?.to_owned(),
            'I' => self.word("Infinity")?.to_owned(),
            'N' => self.word("NaN")?.to_owned(),
            'n' => return self.null(),
            _ => return Err(self.cursor.unexpected()),
        };
        self.finish_value();
        Ok(Some(text))
    }

    /// The value of an integer member: a number, digits in quotes, or null.
    pub(super) fn int(&mut self) -> Result<Option<i32>, Fault> {
        let (text, number) = match self.member_value()? {
            '"' | '\'' => {
                let text = self.cursor.string()?;
                if text.is_empty() {
                    self.finish_value();
                    return Ok(None);
                }
                let number = number::quoted_int(&text);
                (text, number)
            }
            '-' | '.' | '0'..='9' => {
                let text = self.cursor.number()?;
                (Cow::Borrowed(text), number::bare_int(text))
            }
            'n' => return self.null(),
            _ => return Err(self.cursor.unexpected()),
        };
        self.finish_value();
        number.map(Some).ok_or_else(|| self.fault(Finding::Number(text.into_owned())))
    }

    /// The value of a boolean member: `true` or `false` bare or in quotes, any number, or null.
    pub(super) fn bool(&mut self) -> Result<Option<bool>, Fault> {
        let value = match self.member_value()? {
            '"' | '\'' => {
                let text = self.cursor.string()?;
                if text.is_empty() {
                    self.finish_value();
                    return Ok(None);
                }
                number::quoted_bool(&text).ok_or_else(|| self.fault(Finding::Boolean(text.into_owned())))?
            }
            '-' | '.' | '0'..='9' => {
                let text = self.cursor.number()?;
                number::bare_number(text).ok_or_else(|| self.fault(Finding::Number(text.to_owned())))?
            }
            't' => self.word("true").map(|_| true)?,
            'f' => self.word("false").map(|_| false)?,
            'n' => return self.null(),
            _ => return Err(self.cursor.unexpected()),
        };
        self.finish_value();
        Ok(Some(value))
    }

    /// The first character of a member's value, blanks and comments passed.
    fn member_value(&mut self) -> Result<char, Fault> {
        loop {
            self.cursor.skip_blanks();
            match self.cursor.peek() {
                Some('/') => self.cursor.skip_comment()?,
                Some(first) => return Ok(first),
                None => return Err(self.cursor.unexpected()),
            }
        }
    }

    fn null<T>(&mut self) -> Result<Option<T>, Fault> {
        self.word("null")?;
        self.finish_value();
        Ok(None)
    }

    fn word(&mut self, word: &'static str) -> Result<&'static str, Fault> {
        let in_constructor = self.state == State::Value && self.open.last() == Some(&Container::Constructor);
        self.cursor.literal(word, in_constructor).map(|()| word)
    }

    fn value(&mut self) -> Result<Option<Token<'a>>, Fault> {
        self.cursor.skip_blanks();
        let Some(first) = self.cursor.peek() else {
            return Ok(None);
        };
        let token = match first {
            '{' => return self.start(Container::Object).map(Some),
            '[' => return self.start(Container::Array).map(Some),
            ']' => return self.end(Container::Array).map(Some),
            ')' => return self.end(Container::Constructor).map(Some),
            '/' => {
                self.cursor.skip_comment()?;
                return Ok(Some(Token::Comment));
            }
            'n' if self.cursor.peek_second() == Some('e') => {
                self.cursor.constructor(self.open.last() == Some(&Container::Constructor))?;
                return self.opened(Container::Constructor).map(Some);
            }
            // The comma is read again behind the value that it stands for.
            ',' => Token::Null,
            '"' | '\'' if self.cursor.string()?.is_empty() => Token::EmptyText,
            '"' | '\'' => Token::Scalar,
            't' => self.word("true").map(|_| Token::Scalar)?,
            'f' => self.word("false").map(|_| Token::Scalar)?,
            'N' => self.word("NaN").map(|_| Token::Scalar)?,
            'I' => self.word("Infinity").map(|_| Token::Scalar)?,
            '-' if self.cursor.peek_second() == Some('I') => self.word("-Infinity").map(|_| Token::Scalar)?,
            'n' => self.word("null").map(|_| Token::Null)?,
            'u' => self.word("undefined").map(|_| Token::Null)?,
            '-' | '.' | '0'..='9' => {
                let text = self.cursor.number()?;
                number::bare_number(text).ok_or_else(|| self.fault(Finding::Number(text.to_owned())))?;
                Token::Scalar
            }
            _ => return Err(self.cursor.unexpected()),
        };
        self.finish_value();
        Ok(Some(token))
    }

    fn member(&mut self) -> Result<Option<Token<'a>>, Fault> {
        self.cursor.skip_blanks();
        match self.cursor.peek() {
            None => Ok(None),
            Some('}') => self.end(Container::Object).map(Some),
            Some('/') => self.cursor.skip_comment().map(|()| Some(Token::Comment)),
            Some(_) => {
                let name = self.cursor.name()?;
                self.state = State::Value;
                Ok(Some(Token::Name(name)))
            }
        }
    }

    /// A token behind a value; none if only the state moved on.
    fn behind(&mut self) -> Result<Option<Token<'a>>, Fault> {
        self.cursor.skip_blanks();
        match self.cursor.peek() {
            None => {
                self.state = State::Finished;
                Ok(None)
            }
            Some('}') => self.end(Container::Object).map(Some),
            Some(']') => self.end(Container::Array).map(Some),
            Some(')') => self.end(Container::Constructor).map(Some),
            Some('/') => self.cursor.skip_comment().map(|()| Some(Token::Comment)),
            Some(',') => {
                self.cursor.bump();
                self.state = match self.open.last() {
                    Some(Container::Object) => State::Member,
                    Some(Container::Array | Container::Constructor) => State::Value,
                    None => State::Finished,
                };
                Ok(None)
            }
            Some(_) => Err(self.cursor.unexpected()),
        }
    }

    fn start(&mut self, container: Container) -> Result<Token<'a>, Fault> {
        self.cursor.bump();
        self.opened(container)
    }

    fn opened(&mut self, container: Container) -> Result<Token<'a>, Fault> {
        self.open.push(container);
        self.state = if container == Container::Object { State::Member } else { State::Value };
        if self.open.len() > self.version.max_depth() {
            return Err(self.fault(Finding::Depth));
        }
        Ok(Token::Start(container))
    }

    fn end(&mut self, container: Container) -> Result<Token<'a>, Fault> {
        if self.open.pop() != Some(container) {
            return Err(self.fault(Finding::Bracket));
        }
        self.cursor.bump();
        self.finish_value();
        Ok(Token::End(container))
    }

    fn finish_value(&mut self) {
        self.state = if self.open.is_empty() { State::Finished } else { State::Behind };
    }
}
