//! The address of a request: which sandbox it names.

use crate::app::AppState;
use crate::app::sandbox::Found;
use crate::provider::{HeaderName, HeaderValue, Headers, Name};
use crate::world::journal::{REDACTED, Secrets};
use crate::world::sandbox::{CREDENTIAL_MARK, NameError, SandboxName};

/// The header field that names a sandbox, and that every answer carries.
pub(crate) const SANDBOX: &str = "x-mock-sandbox";

const SANDBOX_NAME: HeaderName = HeaderName::from_static(SANDBOX);
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// How the end of a credential names a sandbox.
const SUFFIX: &[u8] = CREDENTIAL_MARK.as_bytes();

/// Why the sandbox of a request is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::server) enum Unnamed {
    /// A text that is no name.
    #[error("{error}")]
    Name {
        /// Why.
        error: NameError,
        /// How it was given.
        way: &'static str,
    },
    /// Two ways that disagree.
    #[error("the request names two sandboxes: {first} by its {first_way}, {second} by its {second_way}")]
    Disagree {
        /// The first name.
        first: SandboxName,
        /// How it was named.
        first_way: &'static str,
        /// The second name.
        second: SandboxName,
        /// How it was named.
        second_way: &'static str,
    },
    /// A name that is carried along and is none.
    #[error("the {way} names no sandbox: {error}; expected {wanted}")]
    Carried {
        /// Why.
        error: NameError,
        /// How it was carried.
        way: &'static str,
        /// How it is said.
        wanted: &'static str,
    },
    /// Several that are carried along in one way.
    #[error("the {way} names a sandbox {count} times; expected once, as in {wanted}")]
    Repeated {
        /// How they were carried.
        way: &'static str,
        /// How it is said.
        wanted: &'static str,
        /// How many there are.
        count: usize,
    },
    /// None where one is required.
    #[error(
        "this server requires a sandbox: name one by the base URL /_sandbox/NAME, by the header X-Mock-Sandbox, \
         by a credential that ends in +sandbox.NAME, or by `baggage: mock.sandbox=NAME`"
    )]
    Missing,
}

/// How a credential is named as the way.
pub(in crate::server) const BY_CREDENTIAL: &str = "credential";

/// The longest part of a name that is shown.
const SHOWN: usize = 40;

impl Unnamed {
    /// The reason without what of the request is a secret.
    pub(in crate::server) fn told(&self, secrets: &Secrets<'_>) -> String {
        let shown = |name: &SandboxName| match name.as_str() {
            name if secrets.are_in(name) => REDACTED.to_owned(),
            name => name.get(..SHOWN).map_or_else(|| name.to_owned(), |start| format!("{start}...")),
        };
        match self {
            // What stands in a credential is a part of it.
            Self::Name { way: BY_CREDENTIAL, .. } => format!(
                "{}; what stands behind {CREDENTIAL_MARK} in the credential is none, as in Bearer \
                 TOKEN{CREDENTIAL_MARK}NAME",
                NameError::WANTED
            ),
            Self::Name { error, .. } if secrets.cover(error.found()) => {
                format!("{}; found {REDACTED}", NameError::WANTED)
            }
            Self::Disagree { first, first_way, second, second_way } => format!(
                "the request names two sandboxes: {} by its {first_way}, {} by its {second_way}",
                shown(first),
                shown(second)
            ),
            Self::Carried { error, way, wanted } if secrets.cover(error.found()) => {
                format!("the {way} names no sandbox: {}; found {REDACTED}; expected {wanted}", NameError::WANTED)
            }
            Self::Name { .. } | Self::Carried { .. } | Self::Repeated { .. } | Self::Missing => self.to_string(),
        }
    }
}

/// The names that a request gives, which must be one.
#[derive(Debug, Default)]
pub(in crate::server) struct Naming {
    given: Option<(SandboxName, &'static str)>,
    /// What decides where nothing else names one.
    carried: Option<SandboxName>,
}

impl Naming {
    /// What the head of a request names: by its base URL, header fields and credentials, or else by what it carries along.
    pub(in crate::server) fn of(
        prefix: Option<&str>,
        headers: &Headers,
        credentials: &[String],
        carried: impl FnOnce() -> Result<Option<SandboxName>, Unnamed>,
    ) -> Result<Self, Unnamed> {
        let mut naming = Self::default();
        if let Some(name) = prefix {
            naming.add(name, "base URL")?;
        }
        for value in headers.get_all(&SANDBOX_NAME) {
            naming.add(&String::from_utf8_lossy(value.as_bytes()), "header X-Mock-Sandbox")?;
        }
        for name in credentials {
            naming.add(name, BY_CREDENTIAL)?;
        }
        if naming.given.is_none() {
            naming.carried = carried()?;
        }
        Ok(naming)
    }

    /// Adds a name.
    pub(in crate::server) fn add(&mut self, text: &str, way: &'static str) -> Result<(), Unnamed> {
        let name: SandboxName = text.parse().map_err(|error| Unnamed::Name { error, way })?;
        match &self.given {
            Some((first, first_way)) if *first != name => {
                Err(Unnamed::Disagree { first: first.clone(), first_way, second: name, second_way: way })
            }
            _ => {
                self.given = Some((name, way));
                Ok(())
            }
        }
    }

    pub(in crate::server) fn name(&self) -> Option<&SandboxName> {
        self.given.as_ref().map(|(name, _)| name).or(self.carried.as_ref())
    }
}

/// The sandbox of a name, for a request. What a page of another site has a browser load (an image, a script, a
/// `no-cors` request of its own) is answered, but makes no sandbox: a stranger's page could name thousands.
pub(in crate::server) fn enter(app: &AppState, name: &SandboxName, headers: &Headers) -> Found {
    let states =
        |name: &HeaderName, value: &str| headers.get_all(name).any(|field| field.as_bytes() == value.as_bytes());
    if states(&FETCH_MODE, "no-cors") && states(&FETCH_SITE, "cross-site") {
        return app.sandboxes.visit(name);
    }
    app.sandboxes.enter(name)
}

/// Takes the sandboxes out of the credentials of `headers`: the names, and the fields without them.
pub(in crate::server) fn take_suffix(headers: &Headers, fields: &[Name]) -> Option<(Vec<String>, Headers)> {
    // The mark starts with a plus, which few fields hold.
    if !headers.iter().any(|(_, value)| memchr::memchr(b'+', value.as_bytes()).is_some()) {
        return None;
    }
    let mut found = None;
    for field in fields {
        let Some(value) = headers.get(&**field).map(HeaderValue::as_bytes) else { continue };
        let Some(start) = memchr::memmem::rfind(value, SUFFIX) else { continue };
        let Ok(shorter) = HeaderValue::from_bytes(&value[..start]) else { continue };
        let Ok(field_name) = HeaderName::from_bytes(field.as_bytes()) else { continue };
        let (names, rest) = found.get_or_insert_with(|| (Vec::new(), headers.clone()));
        names.push(String::from_utf8_lossy(&value[start + SUFFIX.len()..]).into_owned());
        rest.insert(field_name, shorter);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_must_agree() {
        let mut naming = Naming::default();
        assert_eq!(naming.add("t1", "base URL"), Ok(()));
        assert_eq!(naming.add("t1", "header"), Ok(()));
        let wrong = naming.add("t2", "credential").expect_err("two names");
        assert_eq!(wrong.to_string(), "the request names two sandboxes: t1 by its header, t2 by its credential");
    }

    #[test]
    fn a_name_that_is_wrong_is_shown_unless_it_is_a_part_of_a_credential() {
        let fields = [("authorization", &b"Bearer tok-4242-abc+sandbox.a/b"[..])];
        let secrets = Secrets::of("/", fields.into_iter(), b"", &["authorization".into()]);
        let told = |text: &str, way| Naming::default().add(text, way).expect_err("no name").told(&secrets);
        assert!(told("a b", "header X-Mock-Sandbox").ends_with(r#"found "a b""#));
        assert!(!told("a/b", BY_CREDENTIAL).contains("a/b"));
        assert!(told("Bearer tok-4242-abc", "base URL").ends_with("found [redacted]"));
        let mut naming = Naming::default();
        assert_eq!(naming.add(&"x".repeat(64), "base URL"), Ok(()));
        let told = naming.add("tok-4242-abc", "header X-Mock-Sandbox").expect_err("two names").told(&secrets);
        assert!(
            told.contains(&format!("{}...", "x".repeat(40))) && told.contains("[redacted] by its header"),
            "{told}"
        );
    }

    #[test]
    fn a_credential_may_end_in_a_sandbox() {
        let mut headers = Headers::new();
        headers.insert("authorization".try_into().expect("a name"), HeaderValue::from_static("Bearer a+b+sandbox.t.1"));
        let (names, fields) = take_suffix(&headers, &["authorization".into()]).expect("a sandbox");
        assert_eq!((&*names[0], fields.get("authorization")), ("t.1", Some(&HeaderValue::from_static("Bearer a+b"))));
        headers.insert("authorization".try_into().expect("a name"), HeaderValue::from_static("Bearer a"));
        assert!(take_suffix(&headers, &["authorization".into()]).is_none());
    }
}
