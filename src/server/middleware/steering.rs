//! Header fields by which a client meant to steer the mock, and that nothing reads: misspelt ones, and invented ones.
//!
//! A request without such a field pays one look at the name of each.

use crate::api::{Hint, Reason, Side};
use crate::contract::request::bounded;
use crate::contract::suggestion;
use crate::provider::response::HINT;
use crate::provider::{Headers, Response};
use crate::server::middleware::explain::field;

/// How every field of ours begins.
const OURS: &str = "x-mock-";

const PREFER: &str = "prefer";

/// The rest of the names of those that a request may have, with what they are for.
const READ: [(&str, &str); 2] = [("sandbox", "X-Mock-Sandbox: NAME names a sandbox"), ("fault", FAULT)];

const FAULT: &str = "X-Mock-Fault: delay=2s or refuse=429 asks for a fault";

/// The rest of the names of those that answers have: who keeps what was answered, or passes it on, sends them back.
const OF_ANSWERS: [&str; 6] = ["hint", "error", "provenance", "sandbox-created", "limit", "request-id"];

/// The rest of the names of those that the control API reads, and no provider's operation.
const OF_CONTROL: [&str; 1] = ["sandbox-make"];

/// What clients call faults, at the beginning of such a name.
const FAULTS: [&str; 12] =
    ["delay", "latency", "wait", "sleep", "timeout", "status", "code", "response", "refuse", "slow", "cut", "stale"];

/// Preferences that other mock servers read, and what to send here.
const PREFERENCES: [(&str, &str); 8] = [
    ("status", "Prefer: code=404 asks for a status"),
    ("statuscode", "Prefer: code=404 asks for a status"),
    ("httpstatus", "Prefer: code=404 asks for a status"),
    ("responsecode", "Prefer: code=404 asks for a status"),
    ("example", "Prefer: code=404 takes the example of that status, and none is chosen by its name"),
    ("dynamic", "answers are made of the sandbox's data, without it"),
    ("delay", "X-Mock-Fault: delay=2s asks for a delay"),
    ("fault", FAULT),
];

/// The longest part of a name that a sentence repeats.
const SHOWN: usize = 40;

/// Which fields by which a request steers the mock are there: one look at each name, for all who ask.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::server) struct Steering {
    /// Whether the request may want something to go wrong: by `X-Mock-Fault` or by a preference.
    pub(in crate::server) asks: bool,
    /// Whether something may be there that nothing reads.
    may_be_unread: bool,
}

impl Steering {
    pub(in crate::server) fn of(headers: &Headers) -> Self {
        let mut steering = Self::default();
        for (name, _) in headers.iter() {
            let name = name.as_str();
            // Most names begin otherwise.
            match name.as_bytes().first() {
                Some(b'x') if name.starts_with(OURS) => steering.note(name),
                Some(b'p') if name == PREFER => steering = Self { asks: true, may_be_unread: true },
                _ => {}
            }
        }
        steering
    }

    #[cold]
    fn note(&mut self, name: &str) {
        let rest = name.strip_prefix(OURS).unwrap_or_default();
        self.asks |= rest == "fault";
        self.may_be_unread |= !is_known(rest);
    }

    /// What is to be told of the first field that was meant for the mock and that nothing reads.
    pub(in crate::server) fn unread(self, headers: &Headers) -> Option<String> {
        self.unread_beside(headers, &[])
    }

    /// The same where some fields are read beside those that any request may have.
    fn unread_beside(self, headers: &Headers, read: &[&str]) -> Option<String> {
        if !self.may_be_unread {
            return None;
        }
        let names = headers.iter().map(|(name, _)| name.as_str());
        let ours = names.filter_map(|name| Some((name, name.strip_prefix(OURS)?)));
        // The first by name: they come in no order.
        match ours.filter(|(_, rest)| !is_known(rest) && !read.contains(rest)).min() {
            Some((name, rest)) => Some(told(name, rest)),
            None => headers.get_all(PREFER).find_map(|value| {
                let text = value.to_str().ok()?;
                text.split([',', ';']).find_map(preference)
            }),
        }
    }
}

fn is_known(rest: &str) -> bool {
    READ.iter().any(|(known, _)| *known == rest) || OF_ANSWERS.contains(&rest)
}

fn told(name: &str, rest: &str) -> String {
    // Names arrive in small letters; ours are written in others.
    let words = name.split('-').map(|word| match word.split_at_checked(1) {
        Some((first, rest)) => first.to_ascii_uppercase() + rest,
        None => String::new(),
    });
    let shown: String = words.collect::<Vec<_>>().join("-").chars().take(SHOWN).collect();
    let near = suggestion::name(rest, READ.iter().map(|(known, _)| *known));
    let about = |near: &str| READ.iter().find(|(known, _)| *known == near).map(|(_, about)| *about);
    let is_fault = || FAULTS.iter().any(|word| rest.starts_with(word));
    match near.and_then(about).or_else(|| is_fault().then_some(FAULT)) {
        Some(about) => format!("the header {shown} is not read; {about}"),
        None => {
            let all: Vec<_> = READ.iter().map(|(_, about)| *about).collect();
            format!("the header {shown} is not read; {}", all.join(", and "))
        }
    }
}

/// What is to be told of a preference that is not read. RFC 7240 lets a server ignore those that it does not know, so this
/// is about those that only a mock server reads.
fn preference(part: &str) -> Option<String> {
    let name = part.split('=').next().unwrap_or_default().trim();
    if name.len() > SHOWN || !part.contains('=') {
        return None;
    }
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let (_, right) = PREFERENCES.iter().find(|(known, _)| *known == plain)?;
    Some(format!("the preference {name} is not read; {right}"))
}

/// A hint that says so first, and then what it said.
pub(in crate::server) fn with_unread(unread: Option<&str>, hint: Option<Hint>) -> Option<Hint> {
    let Some(unread) = unread else { return hint };
    Some(match hint {
        Some(hint) => Hint { message: both(unread, Some(&hint.message)), likely_wrong: Side::Client, ..hint },
        None => Hint {
            reason: Reason::Ignored,
            likely_wrong: Side::Client,
            message: both(unread, None),
            nearest: None,
            fields: Vec::new(),
        },
    })
}

/// An answer of no provider, whose hint says so.
pub(in crate::server) fn hinted(mut response: Response, headers: &Headers) -> Response {
    if let Some(unread) = Steering::of(headers).unread_beside(headers, &OF_CONTROL) {
        let hint = both(&unread, field(&response, &HINT));
        response.replace(&HINT, hint);
    }
    response
}

fn both(unread: &str, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => bounded(&format!("{unread}; {hint}"), 0),
        None => bounded(unread, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{HeaderName, HeaderValue, header};

    #[track_caller]
    fn check(name: &'static str, value: &'static str, expected: Option<&str>) {
        let mut headers = Headers::new();
        headers.append(header::ACCEPT, HeaderValue::from_static("*/*"));
        headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        assert_eq!(Steering::of(&headers).unread(&headers).as_deref(), expected, "{name}: {value}");
    }

    #[test]
    fn a_field_of_ours_that_nothing_reads_is_told_with_the_nearest() {
        let sandbox = "X-Mock-Sandbox: NAME names a sandbox";
        let check = |name, shown: &str, about: &str| {
            check(name, "secret", Some(&format!("the header {shown} is not read; {about}")));
        };
        check("x-mock-faults", "X-Mock-Faults", FAULT);
        check("x-mock-delay", "X-Mock-Delay", FAULT);
        check("x-mock-status-code", "X-Mock-Status-Code", FAULT);
        check("x-mock-sandox", "X-Mock-Sandox", sandbox);
        check("x-mock-sandbox-name", "X-Mock-Sandbox-Name", sandbox);
        check("x-mock-user", "X-Mock-User", &format!("{sandbox}, and {FAULT}"));
        let long = "x-mock-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        check(long, &format!("X-Mock-A{}", "a".repeat(32)), &format!("{sandbox}, and {FAULT}"));
    }

    #[test]
    fn of_several_that_nothing_reads_the_first_by_name_is_told() {
        let names = ["x-mock-uthorization", "x-mock-faults", "x-mock-nothing"];
        for turn in 0..names.len() {
            let mut headers = Headers::new();
            for name in names.iter().cycle().skip(turn).take(names.len()) {
                headers.append(HeaderName::from_static(name), HeaderValue::from_static("x"));
            }
            let told = Steering::of(&headers).unread(&headers).expect("a sentence");
            assert!(told.contains("X-Mock-Faults"), "{told}");
        }
    }

    #[test]
    fn what_is_read_and_what_a_proxy_sends_back_is_no_mistake() {
        for name in ["x-mock-sandbox", "x-mock-fault", "x-mock-hint", "x-mock-error", "x-mock-provenance"] {
            check(name, "x", None);
        }
        for name in ["x-mock-limit", "x-mock-request-id", "x-mock-sandbox-created", "x-mocks", "x-mock", "x-request-id"]
        {
            check(name, "x", None);
        }
    }

    #[test]
    fn a_preference_is_told_where_only_a_mock_reads_it() {
        let right = "Prefer: code=404 asks for a status";
        check("prefer", "status=404", Some(&format!("the preference status is not read; {right}")));
        check("prefer", "wait=5, Status-Code = 404", Some(&format!("the preference Status-Code is not read; {right}")));
        check(
            "prefer",
            "dynamic=true",
            Some("the preference dynamic is not read; answers are made of the sandbox's data, without it"),
        );
        for fine in ["return=minimal", "wait=10; foo", "respond-async, handling=lenient", "code=404", "status", ""] {
            check("prefer", fine, None);
        }
    }
}
