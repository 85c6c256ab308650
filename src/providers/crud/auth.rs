//! Who is calling.

use super::caller::{Caller, Reach, UnknownProject};
use super::error::VendorError;
use super::state::State;
use crate::provider::{AuthMode, Call};

/// The caller that the request's token names.
pub(super) fn caller(call: &Call<'_, State>, state: &State) -> Result<Caller, VendorError> {
    let strict = call.options.auth == AuthMode::Strict;
    let unknown_project = if strict { UnknownProject::Refused } else { UnknownProject::Made };
    let anybody = || {
        let user = state.first_user().ok_or(VendorError::Unauthorized)?;
        Ok(Caller { user, reach: Reach::Everything, unknown_project })
    };
    if call.options.auth == AuthMode::Off {
        return anybody();
    }
    let header = call.request.header_text("authorization").ok_or(VendorError::Unauthorized)?;
    let token = bearer(&header).ok_or(VendorError::Unauthorized)?;
    match state.credential(token) {
        Some(credential) if credential.is_valid(call.now) => {
            Ok(Caller { user: credential.user, reach: Reach::Own, unknown_project })
        }
        None if !strict && has_form(token) => anybody(),
        _ => Err(VendorError::Unauthorized),
    }
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
