//! How vendors' frameworks read JSON and word their findings, free of any vendor.
pub mod ecma_json;
pub mod fastapi;
pub mod pydantic;
pub mod python;
pub mod zod;
