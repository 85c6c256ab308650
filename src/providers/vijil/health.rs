//! The pages of health of the gateway. The vendor's guide to deployment asks all three by `curl -f`, and its CLI
//! asks the one of the teams before it saves an address; neither looks at the body.

use super::error::{JSON, VijilError};
use super::state::State;
use crate::provider::{Call, Response};

/// `GET /teams/healthz`, `/evaluations/healthz`, `/console/healthz`. The body is inferred.
#[expect(clippy::unnecessary_wraps, reason = "a handler of the table")]
pub(super) fn get(_: &Call<'_, State>) -> Result<Response, VijilError> {
    Ok(Response::new(200).body(JSON, &br#"{"status":"ok"}"#[..]).inferred())
}
