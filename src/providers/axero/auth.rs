//! Who is calling, and whether they may.

use super::directory::Directory;
use super::error::VendorError;
use super::state::Site;
use crate::provider::{AuthMode, Call};

/// What an operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    Read,
    Write,
}

/// The header field of a legacy key, in lower case; also its name in a query.
pub(super) const LEGACY_KEY: &str = "rest-api-key";

/// The user that a call acts as.
///
/// # Errors
///
/// Without a credential that is good now: [`VendorError::Unauthorized`]. With one whose user may not:
/// [`VendorError::Forbidden`].
pub(super) fn caller(call: &Call<'_, Site>, site: &Site, right: Right) -> Result<i32, VendorError> {
    let directory = site.directory();
    if call.options.auth == AuthMode::Off {
        return directory.first_user();
    }
    match listed(call, directory)? {
        Some(user) => match directory.role(user) {
            Some(role) if right == Right::Read || role.write => Ok(user),
            _ => Err(VendorError::Forbidden),
        },
        None if call.options.auth == AuthMode::Strict => Err(VendorError::Unauthorized),
        None => directory.first_user(),
    }
}

/// The user whose credential a call shows, or nothing for a credential that is not listed.
///
/// A Bearer token comes first, then a legacy key in the header, then one in the query, where Axero's
/// mobile app has sent it.
fn listed(call: &Call<'_, Site>, directory: &Directory) -> Result<Option<i32>, VendorError> {
    let authorization = call.request.header_text("authorization");
    if let Some(token) = authorization.as_deref().and_then(bearer) {
        return match directory.tokens.get(token) {
            Some(token) if token.revoked => Err(VendorError::Unauthorized),
            Some(token) if token.expires.is_some_and(|end| end <= call.now) => Err(VendorError::Unauthorized),
            token => Ok(token.map(|token| token.user_id)),
        };
    }
    let in_header = call.request.header_text(LEGACY_KEY).filter(|key| !key.is_empty());
    let in_query = || {
        let mut pairs = call.request.query_pairs();
        pairs.find(|(name, key)| name.eq_ignore_ascii_case(LEGACY_KEY) && !key.is_empty()).map(|(_, key)| key)
    };
    let key = in_header.or_else(in_query).ok_or(VendorError::Unauthorized)?;
    Ok(directory.legacy_keys.get(key.as_ref()).map(|key| key.user_id))
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once([' ', '\t'])?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn the_scheme_is_bearer_in_any_letter_case() {
        assert_eq!(bearer("Bearer a.b"), Some("a.b"));
        assert_eq!(bearer("bearer  a"), Some("a"));
        assert_eq!(bearer("BEARER\ta"), Some("a"));
        for none in ["Bearer", "Bearer ", "Basic a", "a", ""] {
            assert_eq!(bearer(none), None, "{none}");
        }
    }
}
