//! Patterns of paths and of header values.

use std::collections::HashSet;

/// A pattern, case-insensitive in ASCII: some vendors' paths are, and a path of another case meets no
/// operation at the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(Vec<Token>);

/// What a pattern is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// A path: `*` stands for anything but a slash, `**` for anything.
    Path,
    /// Any text: `*` stands for anything.
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    One(char),
    /// Any run of characters; `slashes` says whether a slash may be among them.
    Run {
        slashes: bool,
    },
    /// One character that is no slash.
    Any,
}

impl Glob {
    /// Reads a pattern. Every text is one.
    #[must_use]
    pub fn new(text: &str, pattern: Pattern) -> Self {
        let mut tokens: Vec<Token> = Vec::new();
        for letter in text.chars() {
            match (letter, tokens.last()) {
                ('*', Some(Token::Run { .. })) => {
                    tokens.pop();
                    tokens.push(Token::Run { slashes: true });
                }
                ('*', _) => tokens.push(Token::Run { slashes: pattern == Pattern::Text }),
                (letter, _) => tokens.push(Token::One(letter.to_ascii_lowercase())),
            }
        }
        Self(tokens)
    }

    /// The paths of a template: a name in braces stands for one or more characters that are no slash.
    #[must_use]
    pub fn template(template: &str) -> Self {
        let mut tokens = Vec::new();
        let mut letters = template.chars();
        while let Some(letter) = letters.next() {
            if letter == '{' {
                letters.by_ref().take_while(|letter| *letter != '}').for_each(drop);
                tokens.extend([Token::Any, Token::Run { slashes: false }]);
            } else {
                tokens.push(Token::One(letter.to_ascii_lowercase()));
            }
        }
        Self(tokens)
    }

    /// Whether a text fits.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let text = text.chars().map(|letter| Token::One(letter.to_ascii_lowercase())).collect();
        self.meets(&Self(text))
    }

    /// Whether there is a text that fits both.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let mut open = vec![(0, 0)];
        let mut seen = HashSet::new();
        while let Some(place) = open.pop() {
            if !seen.insert(place) {
                continue;
            }
            let (here, there) = place;
            let (one, two) = (self.0.get(here).copied(), other.0.get(there).copied());
            if one.is_none() && two.is_none() {
                return true;
            }
            // A run may be over already.
            if matches!(one, Some(Token::Run { .. })) {
                open.push((here + 1, there));
            }
            if matches!(two, Some(Token::Run { .. })) {
                open.push((here, there + 1));
            }
            let (Some(one), Some(two)) = (one, two) else { continue };
            if one.shares(two) {
                let step = |token: Token| usize::from(!matches!(token, Token::Run { .. }));
                open.push((here + step(one), there + step(two)));
            }
        }
        false
    }
}

impl Token {
    /// Whether one character may stand for both.
    fn shares(self, other: Self) -> bool {
        match (self, other) {
            (Self::One(one), Self::One(other)) => one == other,
            (Self::One(letter), token) | (token, Self::One(letter)) => {
                letter != '/' || matches!(token, Self::Run { slashes: true })
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stops_at_a_slash_and_two_do_not() {
        let fits = |pattern: &str, path: &str| Glob::new(pattern, Pattern::Path).fits(path);
        for (pattern, path, expected) in [
            ("/v1/personas/*", "/v1/personas/7", true),
            ("/v1/personas/*", "/V1/Personas/7", true),
            ("/v1/personas/*", "/v1/personas/7/x", false),
            ("/v1/personas/*", "/v1/personas", false),
            ("/v1/**", "/v1/personas/7/x", true),
            ("**/7", "/v1/personas/7", true),
            ("/v1/*/7", "/v1/personas/7", true),
            ("/v1/*/8", "/v1/personas/7", false),
            ("*", "/v1", false),
            ("**", "/v1", true),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
        assert!(Glob::new("Bearer *", Pattern::Text).fits("Bearer a/b"));
    }

    #[test]
    fn a_pattern_meets_a_template_if_a_path_fits_both() {
        let meets = |pattern: &str, template: &str| Glob::new(pattern, Pattern::Path).meets(&Glob::template(template));
        for (pattern, template, expected) in [
            ("/v1/personas/*", "/v1/personas/{id}", true),
            ("/v1/personas/188", "/v1/personas/{id}", true),
            ("/v1/personas/", "/v1/personas/{id}", false),
            ("/v1/*", "/v1/personas/{id}", false),
            ("/v1/**", "/v1/personas/{id}", true),
            ("/v1/*/x", "/v1/{team}/{id}", true),
            ("/v2/**", "/v1/{id}", false),
            ("**a**", "/v1/{id}", true),
        ] {
            assert_eq!(meets(pattern, template), expected, "{pattern} {template}");
        }
    }
}
