//! The header fields and the media type of this vendor's requests and answers.

use crate::provider::HeaderName;

/// The media type of every answer and of every body that is read.
pub(in crate::providers::equals_money) const JSON: &str = "application/json";

pub(in crate::providers::equals_money) const ALLOW: HeaderName = HeaderName::from_static("allow");
pub(in crate::providers::equals_money) const RETRY_AFTER: HeaderName = HeaderName::from_static("retry-after");
pub(in crate::providers::equals_money) const AUTHORIZATION: &str = "authorization";
pub(super) const CONTENT_TYPE: &str = "content-type";
