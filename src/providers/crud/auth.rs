//! Who is calling.

use std::sync::Arc;

use jiff::Timestamp;

use super::caller::{Caller, Reach, UnknownProject};
use super::error::VendorError;
use super::state::{Credential, State};
use crate::api::{Credential as Row, ProviderCredentials};
use crate::provider::credential::{Form, Reason, Refused, shown};
use crate::provider::{AuthMode, Call, Response};

const FORM: Form = Form { scheme: "Bearer", noun: "token", cookie: None, header: None };

/// The caller that the request's token names.
pub(super) fn caller(call: &Call<'_, State>, state: &State) -> Result<Caller, VendorError> {
    let strict = call.options.auth == AuthMode::Strict;
    let unknown_project = if strict { UnknownProject::Refused } else { UnknownProject::Made };
    let anybody = || {
        let nobody = || VendorError::Unauthorized(Reason::new("the fixture has no user to act as"));
        Ok(Caller { user: state.first_user().ok_or_else(nobody)?, reach: Reach::Everything, unknown_project })
    };
    if call.options.auth == AuthMode::Off {
        return anybody();
    }
    let refused = || Refused::new(call, &FORM, state.usable_tokens(call.now).map(str::to_owned));
    let nothing = || VendorError::Unauthorized(refused().nothing());
    let header = call.request.header_text("authorization").ok_or_else(nothing)?;
    let token = bearer(&header).ok_or_else(nothing)?;
    match state.credential(token) {
        Some(credential) if credential.is_valid(call.now) => {
            Ok(Caller { user: credential.user, reach: Reach::Own, unknown_project })
        }
        None if !strict && has_form(token) => anybody(),
        listed => Err(VendorError::Unauthorized(why(&refused(), listed, token))),
    }
}

/// Why a token does not pass.
fn why(refused: &Refused<'_, '_, State>, listed: Option<&Credential>, token: &str) -> Reason {
    match listed {
        Some(credential) if credential.revoked => refused.revoked(),
        Some(Credential { expires_at: Some(end), .. }) => refused.expired(*end),
        _ if has_form(token) => refused.unlisted(token),
        _ if token.is_empty() => refused.nothing(),
        _ => refused.other(token).unwrap_or_else(|| refused.because(misformed(token))),
    }
}

/// What of a token is not in the vendor's form.
fn misformed(token: &str) -> &'static str {
    let Some(rest) = token.strip_prefix("vm_") else {
        let cased = token.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("vm_"));
        return if cased {
            "the token starts with vm_ in another letter case"
        } else {
            "the token is neither vm_ with letters or digits behind it nor a JWT of three parts"
        };
    };
    match rest.bytes().find(|byte| !byte.is_ascii_alphanumeric()) {
        None => "nothing stands behind vm_ in the token",
        Some(b'-') => "the token has a hyphen, and behind vm_ stand letters and digits only",
        Some(b'_') => "the token has another underscore, and behind vm_ stand letters and digits only",
        Some(b' ') => "the token has a blank, and behind vm_ stand letters and digits only",
        Some(_) => "the token has another sign, and behind vm_ stand letters and digits only",
    }
}

/// Says on a 403 that the persona or project is somebody else's.
pub(super) fn foreign(call: &Call<'_, State>, answer: Response) -> Response {
    if answer.status() != 403 {
        return answer;
    }
    let state = call.read();
    let Ok(caller) = self::caller(call, &state) else { return answer };
    let name = state.users.get(&caller.user).map_or("", |user| &user.name);
    // Of two users it is the other one.
    let is_owner = |row: &&Arc<Credential>| state.users.len() == 2 && row.user != caller.user && row.is_lasting();
    let others = state.credentials.iter().filter(is_owner);
    let refused = Refused::new(call, &FORM, others.map(|row| row.token.clone()));
    let found = format!("the token is of {}, and what the request names belongs to another user", shown(name));
    refused.because(found).on(answer)
}

/// The tokens of a state, and what passes besides.
pub(super) fn listing(state: &State, auth: AuthMode, now: Timestamp) -> ProviderCredentials {
    let name = |id| state.users.get(&id).map_or("", |user| &*user.name);
    let rows = state.credentials.iter().map(|row| {
        let note = row.note.iter().map(|note| format!(", {note}")).collect::<String>();
        let send = format!("Authorization: Bearer {}", row.token);
        let credential = Row::new(format!("{}{note}", name(row.user)), send, "the user's own projects");
        credential.until(row.expires_at, now).revoked(row.revoked)
    });
    let first = state.users.first().map_or("", |user| &user.name);
    let others = match auth {
        AuthMode::Off => {
            format!("no credential is looked at; every request acts as {first} and may touch all projects")
        }
        AuthMode::Any => format!(
            "any other token of vm_ and letters or digits, or of a JWT's three parts, acts as {first} and may touch all \
             projects"
        ),
        AuthMode::Strict => "no other passes".to_owned(),
    };
    ProviderCredentials::new(auth, others, rows.collect())
}

/// The token behind the scheme `Bearer`, whatever the scheme's letter case.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start_matches(' '))
}

/// Whether a token is a personal access token or has the three parts of a JWT.
pub(super) fn has_form(token: &str) -> bool {
    if let Some(rest) = token.strip_prefix("vm_")
        && !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        return true;
    }
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    token.split('.').count() == 3 && token.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_the_vendors_form_or_a_jwts() {
        for good in ["vm_a", "vm_0123456789abcdefABCDEF012345", "a.b.c", "ey_J-0.x.y"] {
            assert!(has_form(good), "{good}");
        }
        for bad in ["", "vm_", "vm_a-b", "VM_a", "a.b", "a..c", "a.b.c.d", "a.b.c d", "abc"] {
            assert!(!has_form(bad), "{bad}");
        }
    }

    #[test]
    fn only_the_bearer_scheme_carries_a_token() {
        assert_eq!(bearer("Bearer vm_a"), Some("vm_a"));
        assert_eq!(bearer("bearer  vm_a"), Some("vm_a"));
        assert_eq!(bearer("Basic vm_a"), None);
        assert_eq!(bearer("vm_a"), None);
    }
}
