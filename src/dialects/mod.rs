//! How vendors' frameworks read JSON and word their findings, free of any vendor.
pub(crate) mod ecma_json;
pub(crate) mod fastapi;
pub(crate) mod json_net;
pub(crate) mod pydantic;
pub(crate) mod python;
pub mod sql_datetime;
pub(crate) mod web_api;
pub(crate) mod zod;
