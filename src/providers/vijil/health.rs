//! The pages of health of the gateway. The vendor's guide to deployment asks all three by `curl -f`, and its CLI
//! asks the one of the teams before it saves an address; neither looks at the body.

use super::error::{JSON, VijilError};
use super::query;
use super::state::State;
use crate::provider::{Call, Response, Unread, pass_over_body};

/// `GET /teams/healthz`, `/evaluations/healthz`, `/console/healthz`. The body is inferred.
#[expect(clippy::unnecessary_wraps, reason = "a handler of the table")]
pub(super) fn get(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VijilError> {
    query::pass_over(&call.request, unread);
    pass_over_body(call.request.body, unread);
    Ok(Response::new(200).body(JSON, &br#"{"status":"ok"}"#[..]).inferred())
}
