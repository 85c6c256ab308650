//! Reads what a source file imports: a small reader of Rust that knows comments, literals, `use` trees and paths.
//!
//! It is not a compiler. It sees names, not types: a method that is called on a value names no file.

use std::collections::{BTreeMap, BTreeSet};

/// A path of names, such as `["crate", "world", "ids"]`.
pub type Path = Vec<String>;

/// What a file says of other files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Every path that `use` or code names, as it is written, with the module it stands in and its line.
    pub paths: Vec<Named>,
    /// The names that a `use` brings into each module of the file, and what they stand for.
    pub names: BTreeMap<(Path, String), Path>,
    /// What a `use` of everything names, by module.
    pub globs: Vec<(Path, Path)>,
    /// The items that it defines, those of modules within it and of functions too.
    pub items: BTreeSet<String>,
    /// The modules in files of their own that are there for tests alone.
    pub tests: BTreeSet<String>,
}

/// A path that stands in a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    /// The modules within the file around it, outermost first.
    pub within: Path,
    /// As it is written.
    pub path: Path,
    /// Where.
    pub line: usize,
    /// Whether it only hands a name on: `pub use`.
    pub passed_on: bool,
}

/// Reads a file. What is marked `#[cfg(test)]` is passed over.
pub fn read(text: &str) -> Source {
    let mut reader = Reader { tokens: tokens(text), at: 0, source: Source::default() };
    reader.module(&Path::new());
    reader.source
}

/// What the name of an item stands behind.
const ITEMS: [&str; 8] = ["fn", "struct", "enum", "union", "trait", "type", "const", "static"];

/// A name, a `::`, or another character that counts, with its line.
type Token = (String, usize);

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    source: Source,
}

impl Reader {
    fn peek(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", |(text, _)| text)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.tokens.get(self.at - 1).map_or_else(String::new, |(text, _)| text.clone())
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |(_, line)| *line)
    }

    fn stands(&self, expected: &[&str]) -> bool {
        expected.iter().enumerate().all(|(ahead, text)| self.peek(ahead) == *text)
    }

    /// Reads to the end of a module, whose closing brace is taken.
    fn module(&mut self, within: &Path) {
        let (mut depth, mut public) = (0_usize, false);
        while self.at < self.tokens.len() {
            let was_public = std::mem::take(&mut public);
            if self.stands(&["#", "[", "cfg", "(", "test", ")", "]"]) {
                self.at += 7;
                self.test_item();
            } else if self.peek(0) == "pub" {
                self.at += 1;
                public = true;
                if self.peek(0) == "(" && ["crate", "self", "super", "in"].contains(&self.peek(1)) {
                    // `pub(in crate::a)` says who may look, and imports nothing.
                    self.group();
                }
            } else if self.peek(0) == "use" && self.peek(1) != "<" {
                let line = self.line();
                self.at += 1;
                self.tree(within, &Path::new(), line, was_public);
            } else if self.peek(0) == "mod" && self.peek(2) == "{" {
                let inner = [within.as_slice(), &[self.peek(1).to_owned()]].concat();
                self.at += 3;
                self.module(&inner);
            } else if is_name(self.peek(0)) {
                if ITEMS.contains(&self.peek(0)) && is_name(self.peek(1)) {
                    let name = self.peek(1).to_owned();
                    self.source.items.insert(name);
                }
                self.path(within);
            } else {
                match self.next().as_str() {
                    "{" => depth += 1,
                    "}" if depth == 0 => return,
                    "}" => depth -= 1,
                    _ => {}
                }
            }
        }
    }

    /// A path in code; a single name is none.
    fn path(&mut self, within: &Path) {
        // What follows a `::` of something else, as in `<T as Trait>::name`, starts no path.
        let starts = self.at == 0 || self.tokens.get(self.at - 1).is_none_or(|(text, _)| text != "::");
        let line = self.line();
        let mut path = vec![self.next()];
        while self.peek(0) == "::" && is_name(self.peek(1)) {
            self.at += 1;
            path.push(self.next());
        }
        if starts && path.len() > 1 {
            self.source.paths.push(Named { within: within.clone(), path, line, passed_on: false });
        }
    }

    /// A tree of `use` behind a prefix.
    fn tree(&mut self, within: &Path, prefix: &Path, line: usize, public: bool) {
        let mut path = prefix.clone();
        loop {
            match self.peek(0) {
                "::" => self.at += 1,
                "*" => {
                    self.at += 1;
                    self.source.globs.push((within.clone(), path.clone()));
                    return self.found(within, path, line, public);
                }
                "{" => {
                    self.at += 1;
                    while !["}", ";", ""].contains(&self.peek(0)) {
                        if is_name(self.peek(0)) || ["::", "*", "{"].contains(&self.peek(0)) {
                            self.tree(within, &path, line, public);
                        } else {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                name if is_name(name) && name != "as" => path.push(self.next()),
                _ => return self.leaf(within, path, line, public),
            }
        }
    }

    /// The end of a branch, and its other name where it has one; `self` is what the branch grows from.
    fn leaf(&mut self, within: &Path, mut path: Path, line: usize, public: bool) {
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let mut name = path.last().cloned().unwrap_or_default();
        if self.peek(0) == "as" {
            self.at += 1;
            name = self.next();
        }
        self.source.names.insert((within.clone(), name), path.clone());
        self.found(within, path, line, public);
    }

    fn found(&mut self, within: &Path, path: Path, line: usize, passed_on: bool) {
        self.source.paths.push(Named { within: within.clone(), path, line, passed_on });
    }

    /// Passes over an item that is there for tests alone: to its semicolon, or to the end of its braces.
    fn test_item(&mut self) {
        while self.at < self.tokens.len() {
            match self.peek(0) {
                "(" | "[" => self.group(),
                "{" => return self.group(),
                "mod" if self.peek(2) == ";" => {
                    let name = self.peek(1).to_owned();
                    self.source.tests.insert(name);
                    self.at += 3;
                    return;
                }
                ";" => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Passes over what stands in brackets.
    fn group(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.tokens.len() {
            match self.next().as_str() {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The names and signs of a text, without comments and literals.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => comment(rest),
            '"' => string(rest),
            '\'' => character(rest),
            _ if rest.starts_with("::") => 2,
            _ if first.is_alphanumeric() || first == '_' => {
                let end = name_length(rest);
                let is_prefix = ["r", "b", "c", "br", "cr"].contains(&&rest[..end]);
                if is_prefix { end + literal(&rest[end..], rest[..end].contains('r')) } else { end }
            }
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        let plain = token == "::" || token.chars().all(|c| c.is_alphanumeric() || c == '_') || token.len() == 1;
        if plain && !token.trim().is_empty() {
            tokens.push((token.to_owned(), line));
        }
        line += token.matches('\n').count();
        rest = after;
    }
    tokens
}

/// How long a comment is that may hold others.
fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        let step = if rest.starts_with(b"/*") {
            depth += 1;
            2
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            2
        } else {
            1
        };
        at += step;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// How long a string is, its quotation marks with it.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// How long the literal is behind a prefix such as `b` or `r`; 0 where none follows.
fn literal(text: &str, is_raw: bool) -> usize {
    let marks = text.len() - text.trim_start_matches('#').len();
    if is_raw && text[marks..].starts_with('"') {
        let end = format!("\"{}", &text[..marks]);
        return text[marks + 1..].find(&end).map_or(text.len(), |found| marks + 1 + found + end.len());
    }
    match text.chars().next() {
        Some('"') => string(text),
        Some('\'') if !is_raw => character(text),
        _ => 0,
    }
}

/// How long a character literal or a lifetime is.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let behind = at + escaped.len_utf8();
            text[behind..].find('\'').map_or(text.len(), |found| behind + found + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1 + name_length(&text[1..]),
    }
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}
