//! The router of the Equals Money API, path by path. The only place that spells its paths.

use super::error::VendorError;
use super::state::State;
use super::{auth, people, personas, roles};
use crate::provider::{
    Call, IntoResponse, Matched, Operation, Options, Provenance, Refusal, Request, Response, Route, Routed, noting,
};

/// Where everything is served.
pub(super) const MOUNT: &str = "/v2";

const PEOPLE: &str = "/v2/people";
const PERSON: &str = "/v2/people/{personId}";
const PERSON_INVITE: &str = "/v2/people/{personId}/invite";
const PERSONA: &str = "/v2/personas/{personaId}";
const PERSONA_ROLE: &str = "/v2/personas/{personaId}/role";
const ROLES: &str = "/v2/roles";

pub(super) static ROUTES: [Route<State, VendorError>; 7] = [
    documented("equals_money.update_persona", "PATCH", PERSONA, "Update a persona", |call| {
        noting(call, personas::update)
    }),
    documented("equals_money.update_persona_role", "PATCH", PERSONA_ROLE, "Change a persona's role", |call| {
        noting(call, personas::update_role)
    }),
    documented("equals_money.list_people", "GET", PEOPLE, "List people", |call| noting(call, people::list)),
    documented("equals_money.create_person", "POST", PEOPLE, "Create a person", |call| noting(call, people::create)),
    documented("equals_money.update_person", "PATCH", PERSON, "Update a person", |call| noting(call, people::update)),
    documented("equals_money.invite_person", "POST", PERSON_INVITE, "Resend the invite e-mail", |call| {
        noting(call, people::invite)
    }),
    documented("equals_money.list_roles", "GET", ROLES, "List roles", |call| noting(call, roles::list)),
];

const fn documented(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    answer: fn(&Call<'_, State>) -> Result<Response, VendorError>,
) -> Route<State, VendorError> {
    Route::new(Operation::new(name, method, path, summary, Provenance::Documented), answer)
}

/// The first page of an account's people.
pub(super) fn list_people(account: &str) -> String {
    format!("{PEOPLE}?accountId={account}")
}

/// Which operation a request means.
///
/// A wrong method is told only to a caller with a credential: authentication comes first (inferred,
/// as the order of all checks). An unknown path is 404 for everyone, which helps a wrong base URL.
pub(super) fn find<'r>(request: &Request<'r>, options: &Options) -> Routed<Matched<'r, State, VendorError>> {
    let Some((path, params)) = place(request.rest) else { return Routed::Refused(Refusal::NoRoute) };
    let here = || ROUTES.iter().filter(|route| route.operation.path == path);
    if let Some(route) = here().find(|route| route.operation.method == request.method) {
        return Routed::Operation(Matched { route, params });
    }
    if let Err(error) = auth::check_form(request, options) {
        return Routed::Answered(error.into_hinted(request, options));
    }
    Routed::Refused(Refusal::MethodNotAllowed { allow: here().map(|route| route.operation.method.clone()).collect() })
}

/// The path of the operations at a path below the mount, and its parameters.
fn place(rest: &str) -> Option<(&'static str, Vec<&str>)> {
    let mut segments = rest.strip_prefix('/')?.split('/');
    let four = (segments.next()?, segments.next(), segments.next(), segments.next());
    Some(match four {
        ("people", None, None, None) => (PEOPLE, vec![]),
        ("people", Some(person), None, None) if !person.is_empty() => (PERSON, vec![person]),
        ("people", Some(person), Some("invite"), None) => (PERSON_INVITE, vec![person]),
        ("personas", Some(persona), None, None) if !persona.is_empty() => (PERSONA, vec![persona]),
        ("personas", Some(persona), Some("role"), None) => (PERSONA_ROLE, vec![persona]),
        ("roles", None, None, None) => (ROLES, vec![]),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_its_template_and_parameters() {
        let check = |rest: &str, expected: Option<(&str, &[&str])>| {
            let found = place(rest);
            assert_eq!(found.as_ref().map(|(path, params)| (*path, params.as_slice())), expected, "{rest}");
        };
        check("/people", Some((PEOPLE, &[])));
        check("/people/7", Some((PERSON, &["7"])));
        check("/people/7/invite", Some((PERSON_INVITE, &["7"])));
        check("/personas/7", Some((PERSONA, &["7"])));
        check("/personas/7/role", Some((PERSONA_ROLE, &["7"])));
        check("/roles", Some((ROLES, &[])));
        for nowhere in
            ["", "/", "/people/", "/personas", "/personas/", "/roles/", "/roles/7", "/people/7/invite/", "/People"]
        {
            check(nowhere, None);
        }
    }
}
