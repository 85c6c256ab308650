//! The router of the Equals Money API, path by path. The only place that spells its paths.

use crate::provider::{Operation, Options, Provenance, Refusal, Request, Routed};

use super::auth;

pub(super) const UPDATE_PERSONA: &str = "equals_money.update_persona";
pub(super) const UPDATE_PERSONA_ROLE: &str = "equals_money.update_persona_role";
pub(super) const LIST_PEOPLE: &str = "equals_money.list_people";
pub(super) const CREATE_PERSON: &str = "equals_money.create_person";
pub(super) const UPDATE_PERSON: &str = "equals_money.update_person";
pub(super) const INVITE_PERSON: &str = "equals_money.invite_person";
pub(super) const LIST_ROLES: &str = "equals_money.list_roles";

/// Where everything is served.
pub(super) const MOUNT: &str = "/v2";

pub(super) static OPERATIONS: [Operation; 7] = [
    documented(UPDATE_PERSONA, "PATCH", "/v2/personas/{personaId}", "Update a persona"),
    documented(UPDATE_PERSONA_ROLE, "PATCH", "/v2/personas/{personaId}/role", "Change a persona's role"),
    documented(LIST_PEOPLE, "GET", "/v2/people", "List people"),
    documented(CREATE_PERSON, "POST", "/v2/people", "Create a person"),
    documented(UPDATE_PERSON, "PATCH", "/v2/people/{personId}", "Update a person"),
    documented(INVITE_PERSON, "POST", "/v2/people/{personId}/invite", "Resend the invite e-mail"),
    documented(LIST_ROLES, "GET", "/v2/roles", "List roles"),
];

const fn documented(name: &'static str, method: &'static str, path: &'static str, summary: &'static str) -> Operation {
    Operation { name, method, path, summary, provenance: Provenance::Documented }
}

/// The first page of an account's people.
pub(super) fn list_people(account: &str) -> String {
    format!("{MOUNT}/people?accountId={account}")
}

/// Which operation a request means.
///
/// A wrong method is told only to a caller with a credential: authentication comes first (inferred,
/// as the order of all checks). An unknown path is 404 for everyone, which helps a wrong base URL.
pub(super) fn route<'r>(request: &Request<'r>, options: &Options) -> Routed<'r> {
    let Some((names, params)) = place(request.rest) else { return Routed::Refused(Refusal::NoRoute) };
    let here = || OPERATIONS.iter().filter(|operation| names.contains(&operation.name));
    if let Some(operation) = here().find(|operation| operation.method == request.method) {
        return Routed::Operation(operation, params);
    }
    if let Err(error) = auth::presented(request, options) {
        return Routed::Answered(error.response(options));
    }
    Routed::Refused(Refusal::MethodNotAllowed { allow: here().map(|operation| operation.method).collect() })
}

/// The operations at a path below the mount, and the path's parameters.
fn place(rest: &str) -> Option<(&'static [&'static str], Vec<&str>)> {
    let mut segments = rest.strip_prefix('/')?.split('/');
    let four = (segments.next()?, segments.next(), segments.next(), segments.next());
    Some(match four {
        ("people", None, None, None) => (&[LIST_PEOPLE, CREATE_PERSON], vec![]),
        ("people", Some(person), None, None) if !person.is_empty() => (&[UPDATE_PERSON], vec![person]),
        ("people", Some(person), Some("invite"), None) => (&[INVITE_PERSON], vec![person]),
        ("personas", Some(persona), None, None) if !persona.is_empty() => (&[UPDATE_PERSONA], vec![persona]),
        ("personas", Some(persona), Some("role"), None) => (&[UPDATE_PERSONA_ROLE], vec![persona]),
        ("roles", None, None, None) => (&[LIST_ROLES], vec![]),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_its_operations_and_parameters() {
        let check = |rest: &str, expected: Option<(&[&str], &[&str])>| {
            let found = place(rest);
            assert_eq!(found.as_ref().map(|(names, params)| (*names, params.as_slice())), expected, "{rest}");
        };
        check("/people", Some((&[LIST_PEOPLE, CREATE_PERSON], &[])));
        check("/people/7", Some((&[UPDATE_PERSON], &["7"])));
        check("/people/7/invite", Some((&[INVITE_PERSON], &["7"])));
        check("/personas/7", Some((&[UPDATE_PERSONA], &["7"])));
        check("/personas/7/role", Some((&[UPDATE_PERSONA_ROLE], &["7"])));
        check("/roles", Some((&[LIST_ROLES], &[])));
        for nowhere in
            ["", "/", "/people/", "/personas", "/personas/", "/roles/", "/roles/7", "/people/7/invite/", "/People"]
        {
            check(nowhere, None);
        }
    }
}
