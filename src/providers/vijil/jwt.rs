//! Tokens: HS256 over claims, signed with a key that hangs on the sandbox's seed alone, so that the
//! same sign-in at the same moment gives the same token. Nothing is remembered of a token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use super::claims::{Claims, Grant};
use crate::http::provider::Seed;

/// How long a token lasts, in seconds.
pub(super) const LIFETIME_S: i64 = 86_400;

/// `{"alg":"HS256","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// The claims as they stand in a token. `aud` is the default of the FastAPI Users package, which the
/// vendor's document names.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    sub: Uuid,
    email: String,
    aud: [String; 1],
    teams: IndexMap<String, Grant>,
    iat: i64,
    exp: i64,
}

/// A token that the mock issued.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) claims: Claims,
    pub(super) expired: bool,
}

/// Signs claims.
pub(super) fn issue(claims: &Claims, seed: Seed, now: Timestamp) -> String {
    let team = |(id, grant): (&Uuid, &Grant)| (format!("team_{}", id.simple()), grant.clone());
    let payload = Payload {
        sub: claims.user,
        email: claims.email.to_string(),
        aud: ["fastapi-users:auth".to_owned()],
        teams: claims.teams.iter().map(team).collect(),
        iat: now.as_second(),
        exp: now.as_second() + LIFETIME_S,
    };
    let payload = serde_json::to_vec(&payload).unwrap_or_default();
    let mut token = format!("{HEADER}.{}", BASE64.encode(payload));
    if let Some(signer) = signer(&token, seed) {
        token.push('.');
        BASE64.encode_string(signer.finalize().into_bytes(), &mut token);
    }
    token
}

/// Reads a token that [`issue`] made with the same seed; any other text is none.
pub(super) fn read(token: &str, seed: Seed, now: Timestamp) -> Option<Issued> {
    let (signed, signature) = token.rsplit_once('.')?;
    let payload = signed.strip_prefix(HEADER)?.strip_prefix('.')?;
    let signature = BASE64.decode(signature).ok()?;
    signer(signed, seed)?.verify_slice(&signature).ok()?;
    let payload: Payload = serde_json::from_slice(&BASE64.decode(payload).ok()?).ok()?;
    let mut teams = IndexMap::with_capacity(payload.teams.len());
    for (name, grant) in payload.teams {
        teams.insert(Uuid::try_parse(name.strip_prefix("team_")?).ok()?, grant);
    }
    let claims = Claims { user: payload.sub, email: payload.email.into(), teams };
    Some(Issued { claims, expired: payload.exp <= now.as_second() })
}

fn signer(signed: &str, seed: Seed) -> Option<Hmac<Sha256>> {
    let key = format!("persona-mock vijil {}", seed.0);
    let mut signer = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    signer.update(signed.as_bytes());
    Some(signer)
}

#[cfg(test)]
mod tests {
    use super::super::claims::{Scope, TeamRole};
    use super::*;

    fn claims() -> Claims {
        let grant = Grant { role: TeamRole::Owner, scopes: vec![Scope::Read] };
        let teams = [(Uuid::from_u128(2), grant.clone()), (Uuid::from_u128(1), grant)].into_iter().collect();
        Claims { user: Uuid::from_u128(9), email: "a@example.com".into(), teams }
    }

    #[test]
    fn a_token_says_what_was_signed_until_its_time_is_over() {
        let now: Timestamp = "2026-01-15T12:00:00Z".parse().expect("an instant");
        let token = issue(&claims(), Seed(1), now);
        let after = |seconds| now.saturating_add(jiff::SignedDuration::from_secs(seconds)).expect("an instant");
        let fresh = read(&token, Seed(1), after(86_399)).expect("a token");
        assert_eq!((&fresh.claims, fresh.expired), (&claims(), false));
        assert_eq!(fresh.claims.first_team(), Some(Uuid::from_u128(2)));
        assert!(read(&token, Seed(1), after(86_400)).expect("a token").expired);
    }

    #[test]
    fn a_token_of_another_seed_or_with_another_claim_is_none() {
        let now = Timestamp::UNIX_EPOCH;
        let token = issue(&claims(), Seed(1), now);
        assert!(read(&token, Seed(2), now).is_none());
        let forged = token.replacen(".eyJ", ".eyK", 1);
        assert!(read(&forged, Seed(1), now).is_none());
        assert!(read("a.b.c", Seed(1), now).is_none());
    }
}
