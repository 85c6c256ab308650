//! Who is calling, and whether they may.

use std::borrow::Cow;

use jiff::Timestamp;

use super::directory::{Directory, Token};
use super::error::VendorError;
use super::state::Site;
use crate::api::{Credential, ProviderCredentials};
use crate::provider::credential::{Form, Reason, Refused, shown};
use crate::provider::{AuthMode, Call};

/// What an operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    Read,
    Write,
}

/// The header field of a legacy key, in lower case; also its name in a query.
pub(super) const LEGACY_KEY: &str = "rest-api-key";

const FORM: Form = Form { scheme: "Bearer", noun: "token", cookie: None, header: Some(LEGACY_KEY) };

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
    let refused = || Refused::new(call, &FORM, directory.lasting_tokens().map(str::to_owned));
    let Some(sent) = sent(call) else { return Err(VendorError::Unauthorized(refused().nothing())) };
    let user = match &sent {
        Sent::Token(text) => match directory.tokens.get(&**text).map(|token| &**token) {
            Some(token) if token.revoked => return Err(VendorError::Unauthorized(refused().revoked())),
            Some(Token { expires: Some(end), .. }) if *end <= call.now => {
                return Err(VendorError::Unauthorized(refused().expired(*end)));
            }
            token => token.map(|token| token.user_id),
        },
        Sent::LegacyKey(text) => directory.legacy_keys.get(&**text).map(|key| key.user_id),
    };
    match user {
        Some(user) => match directory.role(user) {
            Some(role) if right == Right::Read || role.write => Ok(user),
            _ => Err(VendorError::Forbidden(refused().because(forbidden(directory, user)))),
        },
        None if call.options.auth == AuthMode::Strict => {
            Err(VendorError::Unauthorized(unlisted(&refused(), directory, &sent)))
        }
        None => directory.first_user(),
    }
}

/// Why a user may not.
fn forbidden(directory: &Directory, user: i32) -> String {
    let role = directory.users.get(&user).map_or("", |user| &user.role);
    match directory.role(user) {
        Some(_) => format!("the role {} may only read, and this request writes", shown(role)),
        None => format!("the role {} has no REST API access", shown(role)),
    }
}

/// Why a credential does not pass that is not listed as what it was sent as.
fn unlisted(refused: &Refused<'_, '_, Site>, directory: &Directory, sent: &Sent<'_>) -> Reason {
    match sent {
        Sent::Token(text) if directory.legacy_keys.contains(&**text) => {
            Reason::new("the token is a legacy key; send it as Rest-Api-Key")
        }
        Sent::LegacyKey(text) if directory.tokens.contains(&**text) => {
            Reason::new("the key of Rest-Api-Key is a token; send it behind Authorization: Bearer")
        }
        Sent::LegacyKey(text) if refused.other(text).is_none() => {
            refused.because("the key of Rest-Api-Key is not listed in the fixture, which --auth strict asks for")
        }
        Sent::Token(text) | Sent::LegacyKey(text) => refused.unlisted(text),
    }
}

/// What a call shows as its credential.
enum Sent<'c> {
    Token(Cow<'c, str>),
    LegacyKey(Cow<'c, str>),
}

/// The credential that a call shows.
///
/// A Bearer token comes first, then a legacy key in the header, then one in the query, where Axero's
/// mobile app has sent it.
fn sent<'c>(call: &Call<'c, Site>) -> Option<Sent<'c>> {
    let authorization = call.request.header_text("authorization");
    let token = authorization.and_then(|header| match header {
        Cow::Borrowed(header) => bearer(header).map(Cow::Borrowed),
        Cow::Owned(header) => bearer(&header).map(|token| Cow::Owned(token.to_owned())),
    });
    if let Some(token) = token {
        return Some(Sent::Token(token));
    }
    let in_header = call.request.header_text(LEGACY_KEY).filter(|key| !key.is_empty());
    let in_query = || {
        let mut pairs = call.request.query_pairs();
        pairs.find(|(name, key)| name.eq_ignore_ascii_case(LEGACY_KEY) && !key.is_empty()).map(|(_, key)| key)
    };
    in_header.or_else(in_query).map(Sent::LegacyKey)
}

/// The credentials of a site, and what passes besides.
pub(super) fn listing(site: &Site, auth: AuthMode, now: Timestamp) -> ProviderCredentials {
    let directory = site.directory();
    let row = |user: i32, send: String| {
        let role = directory.users.get(&user).map_or("", |user| &user.role);
        let rights = match directory.role(user) {
            Some(role) if role.write => "read and write",
            Some(_) => "read",
            None => "none: its role has no REST API access",
        };
        Credential::new(format!("{}, {role}", directory.display_name(user)), send, rights)
    };
    let tokens = directory.tokens.iter().map(|token| {
        let send = format!("Authorization: Bearer {}", token.token);
        row(token.user_id, send).until(token.expires, now).revoked(token.revoked)
    });
    let keys = directory.legacy_keys.iter().map(|key| row(key.user_id, format!("Rest-Api-Key: {}", key.key)));
    let first = directory.users.first().map_or("", |user| &user.display_name);
    let others = match auth {
        AuthMode::Off => format!("no credential is looked at; every request acts as {first}"),
        AuthMode::Any => format!("any other token or key acts as {first}"),
        AuthMode::Strict => "no other passes".to_owned(),
    };
    ProviderCredentials::new(auth, others, tokens.chain(keys).collect())
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
