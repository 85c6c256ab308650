//! How vendors' frameworks read JSON and word their findings, free of any vendor.
pub mod ecma_json;
pub mod fastapi;
pub mod json_net;
pub mod pydantic;
pub mod python;
pub mod sql_datetime;
pub mod web_api;
pub mod zod;
