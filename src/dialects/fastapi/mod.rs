//! How FastAPI 0.128 on Starlette 0.50 and uvicorn finds a route and reads a body.

mod body;
mod routing;

pub(crate) use body::{Body, BodyFault, BodyText};
pub(crate) use routing::{Found, find, knows_method, location};
