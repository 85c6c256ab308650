//! Tokens: HS256 over claims, signed with a key that never changes, so that the same sign-in at the
//! same moment gives the same token, and a change of the seed leaves a token its owner. Nothing is
//! remembered of a token. One that was issued for a login into a sandbox names it in its header.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use super::claims::{Claims, Grant};

/// How long a token lasts, in seconds.
pub(super) const LIFETIME_S: i64 = 86_400;

/// `{"alg":"HS256","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// What the signatures are made with; a mock keeps no secret.
const KEY: &[u8] = b"persona-mock vijil 1";

/// The header of a token that names a sandbox.
#[derive(Debug, Serialize, Deserialize)]
struct SandboxHeader {
    alg: String,
    typ: String,
    sandbox: String,
}

/// The sandbox that a token was issued for. Decodes nothing of a token that names none.
pub(super) fn sandbox(token: &str) -> Option<String> {
    let (header, _) = token.split_once('.')?;
    if header == HEADER {
        return None;
    }
    let header: SandboxHeader = serde_json::from_slice(&BASE64.decode(header).ok()?).ok()?;
    Some(header.sandbox)
}

fn header(sandbox: Option<&str>) -> String {
    let named = |sandbox: &str| {
        let header = SandboxHeader { alg: "HS256".to_owned(), typ: "JWT".to_owned(), sandbox: sandbox.to_owned() };
        serde_json::to_vec(&header).map(|header| BASE64.encode(header)).ok()
    };
    sandbox.and_then(named).unwrap_or_else(|| HEADER.to_owned())
}

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
    /// From when on it is expired, if it is.
    pub(super) expired: Option<Timestamp>,
}

/// Signs claims, for a sandbox if the login named one.
pub(super) fn issue(claims: &Claims, now: Timestamp, sandbox: Option<&str>) -> String {
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
    let mut token = format!("{}.{}", header(sandbox), BASE64.encode(payload));
    if let Some(signer) = signer(&token) {
        token.push('.');
        BASE64.encode_string(signer.finalize().into_bytes(), &mut token);
    }
    token
}

/// Reads a token that [`issue`] made; any other text is none.
pub(super) fn read(token: &str, now: Timestamp) -> Option<Issued> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (_, payload) = signed.split_once('.')?;
    let signature = BASE64.decode(signature).ok()?;
    signer(signed)?.verify_slice(&signature).ok()?;
    let payload: Payload = serde_json::from_slice(&BASE64.decode(payload).ok()?).ok()?;
    let mut teams = IndexMap::with_capacity(payload.teams.len());
    for (name, grant) in payload.teams {
        teams.insert(Uuid::try_parse(name.strip_prefix("team_")?).ok()?, grant);
    }
    let claims = Claims { user: payload.sub, email: payload.email.into(), teams };
    let ends = Timestamp::from_second(payload.exp).ok()?;
    Some(Issued { claims, expired: Some(ends).filter(|_| payload.exp <= now.as_second()) })
}

fn signer(signed: &str) -> Option<Hmac<Sha256>> {
    let mut signer = Hmac::<Sha256>::new_from_slice(KEY).ok()?;
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
        let token = issue(&claims(), now, None);
        let after = |seconds| now.saturating_add(jiff::SignedDuration::from_secs(seconds)).expect("an instant");
        let fresh = read(&token, after(86_399)).expect("a token");
        assert_eq!((&fresh.claims, fresh.expired), (&claims(), None));
        assert_eq!(fresh.claims.first_team(), Some(Uuid::from_u128(2)));
        assert_eq!(read(&token, after(86_400)).expect("a token").expired, Some(after(86_400)));
    }

    #[test]
    fn a_token_with_another_claim_is_none() {
        let now = Timestamp::UNIX_EPOCH;
        let token = issue(&claims(), now, None);
        let forged = token.replacen(".eyJ", ".eyK", 1);
        assert!(read(&forged, now).is_none());
        assert!(read("a.b.c", now).is_none());
    }

    #[test]
    fn a_token_names_the_sandbox_it_was_issued_for() {
        let now = Timestamp::UNIX_EPOCH;
        let token = issue(&claims(), now, Some("t1"));
        assert_eq!(sandbox(&token).as_deref(), Some("t1"));
        assert_eq!(read(&token, now).expect("a token").claims, claims());
        assert_eq!(sandbox(&issue(&claims(), now, None)), None);
        assert_eq!(sandbox("a.b.c"), None);
    }
}
