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
use crate::provider::{AuthMode, Call, Options, Request};

/// The caller of a request.
#[derive(Debug)]
pub(super) enum Caller {
    /// Bound to no persona, sees every account: what a key that the fixture does not list acts as.
    Product,
    /// A key of the fixture, acting as itself.
    Listed(Arc<Key>),
}

/// The key that a request presents; none where no credential is looked at.
pub(super) fn presented(request: &Request<'_>, options: &Options) -> Result<Option<Uuid>, VendorError> {
    if options.auth == AuthMode::Off {
        return Ok(None);
    }
    let header = request.header_text(wire::AUTHORIZATION).unwrap_or(Cow::Borrowed(""));
    let credential = header.trim_matches([' ', '\t']);
    if credential.is_empty() {
        return Err(VendorError::NoCredential);
    }
    let key = match credential.strip_prefix("ApiKey ") {
        Some(key) => key.trim_start_matches(' '),
        None => credential,
    };
    wire::uuid(key).map(Some).ok_or(VendorError::NoKey)
}

/// Who is calling.
pub(super) fn identify(call: &Call<'_, State>) -> Result<Caller, VendorError> {
    let Some(key) = presented(&call.request, call.options)? else { return Ok(Caller::Product) };
    match call.read().directory.keys.get(&key) {
        Some(key) if has_expired(key, call.now) => Err(VendorError::ExpiredKey),
        Some(key) => Ok(Caller::Listed(key.clone())),
        None if call.options.auth == AuthMode::Any => Ok(Caller::Product),
        None => Err(VendorError::UnknownKey),
    }
}

fn has_expired(key: &Key, now: Timestamp) -> bool {
    key.expires.is_some_and(|expires| expires <= now)
}

impl Caller {
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
        if let Self::Listed(key) = self {
            if !reaches(key, account) {
                return Err(VendorError::OutOfReach(Quoted::text(account)));
            }
            self.may(access)?;
        }
        state.account(account).ok_or_else(|| VendorError::NoAccount(Quoted::text(account)))
    }

    /// Whether the caller may do this at all.
    pub(super) fn may(&self, access: Access) -> Result<(), VendorError> {
        match (self, access) {
            (Self::Listed(key), Access::Write) if key.access == Access::Read => Err(VendorError::ReadOnlyKey),
            _ => Ok(()),
        }
    }

    /// Whether the caller must name the account it works with.
    pub(super) fn is_user_level(&self) -> bool {
        matches!(self, Self::Listed(key) if key.level == KeyLevel::User)
    }

    /// Whether what belongs to an account is the caller's to see.
    pub(super) fn sees(&self, account: &str) -> bool {
        match self {
            Self::Listed(key) => reaches(key, account),
            Self::Product => true,
        }
    }

    /// The persona that the caller acts as; a product-level key is bound to none.
    pub(super) fn persona(&self) -> Option<Uuid> {
        match self {
            Self::Product => None,
            Self::Listed(key) => key.persona_id,
        }
    }
}

fn reaches(key: &Key, account: &str) -> bool {
    key.level == KeyLevel::Product || key.account_ids.iter().any(|own| **own == *account)
}
