//! Who is calling, and how far the key reaches.
//!
//! No or an empty header is 401, a key that is not valid 403 (documented). `ApiKey <key>` is the
//! documented form, the key alone stands in some of the vendor's samples; both pass.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::error::{Quoted, VendorError};
use super::model::{Account, Key};
use super::state::State;
use super::wire;
use super::words::{Access, KeyLevel};
use crate::api::{Credential, ProviderCredentials};
use crate::provider::credential::{Form, Refused, shown};
use crate::provider::{AuthMode, Call, Options, Request};

const FORM: Form = Form { scheme: "ApiKey", noun: "key", cookie: None, header: None };

/// The caller of a request.
pub(super) enum Caller<'c> {
    /// Bound to no persona, sees every account: what a key that the fixture does not list acts as.
    Product,
    /// A key of the fixture, acting as itself, and the call that it came with.
    Listed(Arc<Key>, &'c Call<'c, State>),
}

/// Why a request presents no key.
enum Unreadable {
    Nothing,
    /// What is there is none.
    NoKey(String),
}

/// The key that a request presents; none where no credential is looked at.
fn presented(request: &Request<'_>, options: &Options) -> Result<Option<Uuid>, Unreadable> {
    if options.auth == AuthMode::Off {
        return Ok(None);
    }
    let header = request.header_text(wire::AUTHORIZATION).unwrap_or(Cow::Borrowed(""));
    let credential = header.trim_matches([' ', '\t']);
    if credential.is_empty() {
        return Err(Unreadable::Nothing);
    }
    let key = match credential.strip_prefix("ApiKey ") {
        Some(key) => key.trim_start_matches(' '),
        None => credential,
    };
    wire::uuid(key).map(Some).ok_or_else(|| Unreadable::NoKey(key.to_owned()))
}

/// Refuses a request that presents no key, where no operation is meant.
pub(super) fn check_form(request: &Request<'_>, options: &Options) -> Result<(), VendorError> {
    presented(request, options).map(drop).map_err(|unreadable| match unreadable {
        Unreadable::Nothing => VendorError::NoCredential(FORM.nothing(request)),
        Unreadable::NoKey(key) => VendorError::NoKey(FORM.because(misformed(request, &key), None)),
    })
}

/// Who is calling.
pub(super) fn identify<'c>(call: &'c Call<'_, State>) -> Result<Caller<'c>, VendorError> {
    let state = call.read();
    let refused = || refused(call, &state, |key| key.level == KeyLevel::Product && key.access == Access::Write);
    let key = presented(&call.request, call.options).map_err(|unreadable| match unreadable {
        Unreadable::Nothing => VendorError::NoCredential(refused().nothing()),
        Unreadable::NoKey(key) => {
            let misformed = || refused().because(misformed(&call.request, &key));
            VendorError::NoKey(refused().other(&key).unwrap_or_else(misformed))
        }
    })?;
    let Some(id) = key else { return Ok(Caller::Product) };
    match state.directory.keys.get(&id) {
        Some(key) => match key.expires.filter(|end| *end <= call.now) {
            Some(end) => Err(VendorError::ExpiredKey(refused().expired(end))),
            None => Ok(Caller::Listed(key.clone(), call)),
        },
        None if call.options.auth == AuthMode::Any => Ok(Caller::Product),
        None => Err(VendorError::UnknownKey(refused().unlisted(&id.to_string()))),
    }
}

/// A refused call, for which one of these lasting keys may be named.
fn refused<'c, 'a>(call: &'c Call<'a, State>, state: &State, may: impl Fn(&Key) -> bool) -> Refused<'c, 'a, State> {
    let keys = state.directory.keys.iter().filter(|key| key.expires.is_none() && may(key));
    Refused::new(call, &FORM, keys.map(|key| key.key.to_string()))
}

/// What of a credential is not in the vendor's form.
fn misformed(request: &Request<'_>, key: &str) -> String {
    match key.split_once([' ', '\t']) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(FORM.scheme) => {
            let cased = if scheme == FORM.scheme { "" } else { ", and letter case counts in ApiKey" };
            match wire::uuid(rest.trim()) {
                Some(_) => format!("the key is not behind ApiKey and one blank{cased}"),
                None => format!("the key is no UUID of 36 characters{cased}"),
            }
        }
        Some(_) => FORM.found(request),
        None if key.eq_ignore_ascii_case(FORM.scheme) => FORM.found(request),
        None => "the key is no UUID of 36 characters".to_owned(),
    }
}

/// The keys of a state, and what passes besides.
pub(super) fn listing(state: &State, auth: AuthMode, now: Timestamp) -> ProviderCredentials {
    let rows = state.directory.keys.iter().map(|key| {
        let what = if key.access == Access::Write { "read and write" } else { "read" };
        let rights = match key.level {
            KeyLevel::Product => format!("{what}, every account"),
            KeyLevel::User => format!("{what}, {}", key.account_ids.join(", ")),
        };
        Credential::new(&*key.name, format!("Authorization: ApiKey {}", key.key), rights).until(key.expires, now)
    });
    let others = match auth {
        AuthMode::Off => "no credential is looked at; every request is a product-level key's",
        AuthMode::Any => "any other UUID is a product-level key, which reads and writes in every account",
        AuthMode::Strict => "no other passes",
    };
    ProviderCredentials::new(auth, others, rows.collect())
}

impl Caller<'_> {
    /// Lets the caller into an account, or says why not.
    ///
    /// A user-level key gets 403 for whatever it does not reach, there or not; a product-level key
    /// reaches everything, so what is missing is 404 (inferred).
    pub(super) fn enter<'s>(
        &self,
        state: &'s State,
        account: &str,
        access: Access,
    ) -> Result<&'s Account, VendorError> {
        if let Self::Listed(key, call) = self {
            if !reaches(key, account) {
                let found = format!("the key reaches {} and not this account", shown(&key.account_ids.join(", ")));
                let may = |key: &Key| reaches(key, account) && (access == Access::Read || key.access == access);
                return Err(VendorError::OutOfReach(Quoted::text(account), refused(call, state, may).because(found)));
            }
            self.may(state, access)?;
        }
        state.account(account).ok_or_else(|| VendorError::NoAccount(Quoted::text(account)))
    }

    /// Whether the caller may do this at all.
    pub(super) fn may(&self, state: &State, access: Access) -> Result<(), VendorError> {
        match self {
            Self::Listed(key, call) if access == Access::Write && key.access == Access::Read => {
                let may = |other: &Key| {
                    let reaches_all = key.account_ids.iter().all(|account| reaches(other, account));
                    other.access == Access::Write && reaches_all
                };
                let found = "the key may only read, and this request writes";
                Err(VendorError::ReadOnlyKey(refused(call, state, may).because(found)))
            }
            _ => Ok(()),
        }
    }

    /// Whether the caller must name the account it works with.
    pub(super) fn is_user_level(&self) -> bool {
        matches!(self, Self::Listed(key, _) if key.level == KeyLevel::User)
    }

    /// Whether what belongs to an account is the caller's to see.
    pub(super) fn sees(&self, account: &str) -> bool {
        match self {
            Self::Listed(key, _) => reaches(key, account),
            Self::Product => true,
        }
    }

    /// The persona that the caller acts as; a product-level key is bound to none.
    pub(super) fn persona(&self) -> Option<Uuid> {
        match self {
            Self::Product => None,
            Self::Listed(key, _) => key.persona_id,
        }
    }
}

fn reaches(key: &Key, account: &str) -> bool {
    key.level == KeyLevel::Product || key.account_ids.iter().any(|own| **own == *account)
}
