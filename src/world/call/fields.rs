//! The fields of a pattern: how each is written, and how a call is held against it.

mod body;

use std::fmt;
use std::ops::ControlFlow;

use jiff::Timestamp;

use body::{look_body, read_body, write_body};

use super::{Hinted, Look, Outcome, Part, Pattern, Seen, Shown, Status, Visit};
use crate::world::journal::Exchange;
use crate::world::pattern::{PatternError, TextPattern};

/// A field of a pattern, as a query and a command line say it.
pub(crate) struct Field {
    pub name: &'static str,
    /// What stands for its value in a help text, such as `STATUS`.
    pub value: &'static str,
    /// What it says of a call.
    pub about: &'static str,
    /// Whether it may be said more than once.
    pub is_repeatable: bool,
    /// What its flag says without a value: it is a yes or a no.
    pub alone: Option<&'static str>,
    /// Whether only an answered call has it.
    pub is_of_answer: bool,
    read: fn(&mut Pattern, &str) -> Result<(), String>,
    texts: fn(&Pattern) -> Vec<String>,
    look: fn(&Pattern, &dyn Seen, &mut Visit<'_>) -> ControlFlow<()>,
}

/// Every field, in the order in which a call is held against them: the body comes late, since it must be parsed, and what
/// is ignored last, since that takes the provider's document.
static ALL: [Field; 15] = [
    Field {
        name: "provider",
        value: "ID",
        about: "The provider's id",
        read: |pattern, text| set(&mut pattern.provider, text.to_owned()),
        texts: |pattern| written(&pattern.provider),
        look: |pattern, call, visit| own("provider", 1.0, pattern.provider.as_deref(), call.provider(), visit),
        ..REQUEST
    },
    Field {
        name: "operation",
        value: "NAME",
        about: "The operation's name, such as vijil.list_personas",
        read: |pattern, text| set(&mut pattern.operation, text.to_owned()),
        texts: |pattern| written(&pattern.operation),
        look: |pattern, call, visit| own("operation", 3.0, pattern.operation.as_deref(), call.operation(), visit),
        ..REQUEST
    },
    Field {
        name: "method",
        value: "METHOD",
        about: "The method",
        read: |pattern, text| set(&mut pattern.method, text.to_owned()),
        texts: |pattern| written(&pattern.method),
        look: |pattern, call, visit| {
            let Some(method) = &pattern.method else { return ControlFlow::Continue(()) };
            let upper = method.to_ascii_uppercase();
            let agrees = method.eq_ignore_ascii_case(call.method());
            visit(&Look { agrees, ..field("method", 1.0, &upper, Some(call.method())) })
        },
        ..REQUEST
    },
    Field {
        name: "path",
        value: "PATTERN",
        about: "The decoded path; `*` or `{name}` stands for one segment, `**` for any number",
        read: |pattern, text| set(&mut pattern.path, text.parse().map_err(|error: PatternError| error.to_string())?),
        texts: |pattern| written(&pattern.path),
        look: |pattern, call, visit| {
            let Some(path) = &pattern.path else { return ControlFlow::Continue(()) };
            let agrees = path.fits(call.path(), call.is_exact_case());
            visit(&Look { agrees, ..field("path", 3.0, path.as_str(), Some(call.path())) })
        },
        ..REQUEST
    },
    Field {
        name: "status",
        value: "STATUS",
        about: "The answer's status, such as 404 or 4xx",
        read: |pattern, text| {
            set(&mut pattern.status, Status::read(text).ok_or_else(|| no("a status such as 404 or 4xx", text))?)
        },
        texts: |pattern| written(&pattern.status),
        look: |pattern, call, visit| {
            let found = call.exchange().map(|exchange| exchange.status);
            said("status", pattern.status, found, |status, found| status.takes(*found), visit)
        },
        ..ANSWER
    },
    Field {
        name: "outcome",
        value: "answered|refused|failed",
        about: "What became of it: a vendor may refuse with a status of 200, and a cut answer has failed",
        read: |pattern, text| set(&mut pattern.outcome, outcome(text)?),
        texts: |pattern| written(&pattern.outcome),
        look: |pattern, call, visit| {
            said("outcome", pattern.outcome, call.exchange().map(Exchange::outcome), Outcome::eq, visit)
        },
        ..ANSWER
    },
    Field {
        name: "header",
        value: "NAME: PATTERN",
        about: "A request header field that is there: `name`, or `name: value` with `*` for anything",
        is_repeatable: true,
        read: read_header,
        texts: |pattern| pattern.header.iter().map(|(name, value)| format!("{name}: {}", value.as_str())).collect(),
        look: |pattern, call, visit| {
            pattern.header.iter().try_for_each(|(name, value)| {
                let found = call.header(name);
                let agrees = found.as_deref().is_some_and(|found| value.fits(found));
                visit(&Look {
                    part: Part::Of("header", name),
                    agrees,
                    ..field("", 1.0, value.as_str(), found.as_deref())
                })
            })
        },
        ..REQUEST
    },
    Field {
        name: "query",
        value: "NAME=VALUE",
        about: "A parameter of the request's query and its value, decoded: `name=value`",
        is_repeatable: true,
        read: |pattern, text| {
            let (name, value) = text.split_once('=').ok_or_else(|| no("name=value, such as limit=10", text))?;
            match pattern.query.insert(name.to_owned(), value.to_owned()) {
                Some(before) if before != value => {
                    Err(format!("expected one value of `{name}`, found {before:?} and {value:?}"))
                }
                _ => Ok(()),
            }
        },
        texts: |pattern| pattern.query.iter().map(|(name, value)| format!("{name}={value}")).collect(),
        look: |pattern, call, visit| {
            pattern.query.iter().try_for_each(|(name, value)| {
                let sent = || call.query().iter().filter(|(known, _)| known == name).map(|(_, value)| &**value);
                let found = sent().find(|sent| sent == value).or_else(|| sent().next());
                let agrees = found == Some(&**value);
                visit(&Look { part: Part::Of("query", name), agrees, ..field("", 1.0, value, found) })
            })
        },
        ..REQUEST
    },
    Field {
        name: "changed",
        value: "true|false",
        about: "Whether the state was written",
        alone: Some("true"),
        read: |pattern, text| set(&mut pattern.changed, text.parse().map_err(|_| no("`true` or `false`", text))?),
        texts: |pattern| written(&pattern.changed),
        look: |pattern, call, visit| {
            flag("changed", pattern.changed, || call.exchange().map(|exchange| exchange.changed), visit)
        },
        ..ANSWER
    },
    Field {
        name: "fault",
        value: "ID",
        about: "The name of a fault that struck; `request` where the request wanted one itself",
        read: |pattern, text| set(&mut pattern.fault, text.to_owned()),
        texts: |pattern| written(&pattern.fault),
        look: |pattern, call, visit| {
            let struck = call.exchange().and_then(|exchange| exchange.fault.as_deref().map(|struck| &*struck.rules));
            let one_of = |id: &&str, struck: &&str| struck.split(", ").any(|struck| struck == *id);
            said("fault", pattern.fault.as_deref(), struck, one_of, visit)
        },
        ..ANSWER
    },
    Field {
        name: "hint",
        value: "true|false|no_route|wrong_method|invalid|refused|fault|ignored",
        about: "Whether it has a hint, or the reason of that: why it did not pass or was not read whole",
        alone: Some("true"),
        read: |pattern, text| {
            let hinted = Hinted::read(text).ok_or_else(|| no(Hinted::EXPECTED, text))?;
            set(&mut pattern.hint, hinted)
        },
        texts: |pattern| written(&pattern.hint),
        look: |pattern, call, visit| {
            let found = call.exchange().map(|exchange| Hinted::of(exchange.reason()));
            said("hint", pattern.hint, found, |hint, found| hint.takes(*found), visit)
        },
        ..ANSWER
    },
    Field {
        name: "since",
        value: "RFC3339",
        about: "The earliest instant, on the sandbox's clock",
        read: |pattern, text| set(&mut pattern.since, instant(text)?),
        texts: |pattern| written(&pattern.since),
        look: |pattern, call, visit| {
            said("since", pattern.since, call.exchange().map(|exchange| exchange.at), |since, at| at >= since, visit)
        },
        ..ANSWER
    },
    Field {
        name: "until",
        value: "RFC3339",
        about: "The latest instant, on the sandbox's clock",
        read: |pattern, text| set(&mut pattern.until, instant(text)?),
        texts: |pattern| written(&pattern.until),
        look: |pattern, call, visit| {
            said("until", pattern.until, call.exchange().map(|exchange| exchange.at), |until, at| at <= until, visit)
        },
        ..ANSWER
    },
    Field {
        name: "body",
        value: "PATH|PATH=VALUE|JSON",
        about: "What is in the request's JSON body: a path that is there such as `$.a.b[0]`, a path and its value such as \
                `$.a=value`, or JSON such as `{\"a\": 1}` whose objects may have more members",
        is_repeatable: true,
        read: read_body,
        texts: write_body,
        look: look_body,
        ..REQUEST
    },
    Field {
        name: "ignored",
        value: "true|false",
        about: "Whether its client sent something that the vendor ignores",
        alone: Some("true"),
        read: |pattern, text| set(&mut pattern.ignored, text.parse().map_err(|_| no("`true` or `false`", text))?),
        texts: |pattern| written(&pattern.ignored),
        look: |pattern, call, visit| flag("ignored", pattern.ignored, || call.ignores(), visit),
        ..ANSWER
    },
];

/// What most fields of a request have in common.
const REQUEST: Field = Field {
    name: "",
    value: "",
    about: "",
    is_repeatable: false,
    alone: None,
    is_of_answer: false,
    read: |_, _| Ok(()),
    texts: |_| Vec::new(),
    look: |_, _, _| ControlFlow::Continue(()),
};

/// What most fields of an answer have in common.
const ANSWER: Field = Field { is_of_answer: true, ..REQUEST };

impl Field {
    /// All of them.
    #[must_use]
    pub(crate) fn all() -> &'static [Self] {
        &ALL
    }

    /// The one of this name.
    #[must_use]
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|field| field.name == name)
    }

    /// Says in a pattern what a text says of this field.
    ///
    /// # Errors
    ///
    /// What was found and what would be right.
    pub(crate) fn read(&self, pattern: &mut Pattern, text: &str) -> Result<(), String> {
        (self.read)(pattern, text)
    }

    /// What a pattern says of this field, as texts; none where it says nothing.
    #[must_use]
    pub(crate) fn texts(&self, pattern: &Pattern) -> Vec<String> {
        (self.texts)(pattern)
    }

    /// Holds a call against what a pattern says of this field.
    pub(super) fn look(&self, pattern: &Pattern, call: &dyn Seen, visit: &mut Visit<'_>) -> ControlFlow<()> {
        (self.look)(pattern, call, visit)
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Reads an instant.
pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| no("an RFC 3339 instant such as 2026-01-15T12:00:00Z", text))
}

fn outcome(text: &str) -> Result<Outcome, String> {
    Outcome::read(text).ok_or_else(|| no("answered, refused or failed", text))
}

fn no(expected: &str, found: &str) -> String {
    format!("expected {expected}, found {found:?}")
}

fn set<T>(field: &mut Option<T>, value: T) -> Result<(), String> {
    *field = Some(value);
    Ok(())
}

fn written(value: &Option<impl fmt::Display>) -> Vec<String> {
    value.iter().map(ToString::to_string).collect()
}

/// A field of its own that is a text.
fn field<'a>(name: &'static str, weight: f64, expected: &'a str, found: Option<&'a str>) -> Look<'a> {
    let (part, agrees) = (Part::Own(name), found == Some(expected));
    Look { part, agrees, expected: Shown::Text(expected), found: found.map(Shown::Text), weight, by_letters: true }
}

/// Shows a text that must be the same.
fn own(
    name: &'static str,
    weight: f64,
    sought: Option<&str>,
    found: Option<&str>,
    visit: &mut Visit<'_>,
) -> ControlFlow<()> {
    sought.map_or(ControlFlow::Continue(()), |expected| visit(&field(name, weight, expected, found)))
}

/// Shows a yes or a no.
fn flag(
    name: &'static str,
    sought: Option<bool>,
    found: impl FnOnce() -> Option<bool>,
    visit: &mut Visit<'_>,
) -> ControlFlow<()> {
    let Some(sought) = sought else { return ControlFlow::Continue(()) };
    let found = found();
    let (agrees, expected, found) = (found == Some(sought), Shown::Flag(sought), found.map(Shown::Flag));
    visit(&Look { agrees, expected, found, by_letters: false, ..field(name, 1.0, "", None) })
}

/// Shows what is written as a text and compared as what it is.
fn said<T: fmt::Display, F: fmt::Display>(
    name: &'static str,
    sought: Option<T>,
    found: Option<F>,
    takes: fn(&T, &F) -> bool,
    visit: &mut Visit<'_>,
) -> ControlFlow<()> {
    let Some(sought) = sought else { return ControlFlow::Continue(()) };
    let agrees = found.as_ref().is_some_and(|found| takes(&sought, found));
    let shown = found.as_ref().map(|found| Shown::Said(found));
    let expected = Shown::Said(&sought);
    visit(&Look { part: Part::Own(name), agrees, expected, found: shown, weight: 1.0, by_letters: false })
}

/// More header fields than a request has are not told apart by letter case: that costs the square of their number.
const MOST_HEADERS: usize = 200;

fn read_header(pattern: &mut Pattern, text: &str) -> Result<(), String> {
    let (name, value) = text.split_once(':').map_or((text.trim(), "*"), |(name, value)| (name.trim(), value.trim()));
    if name.is_empty() {
        return Err(no("a header field, `name` or `name: value`", text));
    }
    if pattern.header.len() >= MOST_HEADERS {
        return Err(format!("expected at most {MOST_HEADERS} header fields, found more"));
    }
    let known = pattern.header.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name));
    match known.map(|(_, known)| known) {
        Some(known) if known.as_str() == "*" => *known = TextPattern::new(value),
        Some(known) if value != "*" && known.as_str() != value => {
            return Err(format!("expected one value of `{name}`, found {:?} and {value:?}", known.as_str()));
        }
        Some(_) => {}
        None => drop(pattern.header.insert(name.to_owned(), TextPattern::new(value))),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
