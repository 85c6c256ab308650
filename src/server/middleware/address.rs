//! The address of a request: which sandbox it names.

use crate::provider::{HeaderName, HeaderValue, Headers, Name};
use crate::world::sandbox::{CREDENTIAL_MARK, NameError, SandboxName};

/// The header field that names a sandbox, and that every answer carries.
pub(crate) const SANDBOX: &str = "x-mock-sandbox";

/// How the end of a credential names a sandbox.
const SUFFIX: &[u8] = CREDENTIAL_MARK.as_bytes();

/// Why the sandbox of a request is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::server) enum Unnamed {
    /// A text that is no name.
    #[error("{0}")]
    Name(#[from] NameError),
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
    /// None where one is required.
    #[error(
        "this server requires a sandbox: name one by the base URL /_sandbox/NAME, by the header X-Mock-Sandbox, \
         or by a credential that ends in +sandbox.NAME"
    )]
    Missing,
}

/// The names that a request gives, which must be one.
#[derive(Debug, Default)]
pub(in crate::server) struct Naming(Option<(SandboxName, &'static str)>);

impl Naming {
    /// Adds a name.
    pub(in crate::server) fn add(&mut self, text: &str, way: &'static str) -> Result<(), Unnamed> {
        let name: SandboxName = text.parse()?;
        match &self.0 {
            Some((first, first_way)) if *first != name => {
                Err(Unnamed::Disagree { first: first.clone(), first_way, second: name, second_way: way })
            }
            _ => {
                self.0 = Some((name, way));
                Ok(())
            }
        }
    }

    pub(in crate::server) fn name(&self) -> Option<&SandboxName> {
        self.0.as_ref().map(|(name, _)| name)
    }
}

/// Takes the sandboxes out of the credentials of `headers`: the names, and the fields without them.
pub(in crate::server) fn take_suffix(headers: &Headers, fields: &[Name]) -> Option<(Vec<String>, Headers)> {
    let mut found = None;
    for field in fields {
        let Some(value) = headers.get(&**field).map(HeaderValue::as_bytes) else { continue };
        let Some(start) = value.windows(SUFFIX.len()).rposition(|window| window == SUFFIX) else { continue };
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
    fn a_credential_may_end_in_a_sandbox() {
        let mut headers = Headers::new();
        headers.insert("authorization".try_into().expect("a name"), HeaderValue::from_static("Bearer a+b+sandbox.t.1"));
        let (names, fields) = take_suffix(&headers, &["authorization".into()]).expect("a sandbox");
        assert_eq!((&*names[0], fields.get("authorization")), ("t.1", Some(&HeaderValue::from_static("Bearer a+b"))));
        headers.insert("authorization".try_into().expect("a name"), HeaderValue::from_static("Bearer a"));
        assert!(take_suffix(&headers, &["authorization".into()]).is_none());
    }
}
