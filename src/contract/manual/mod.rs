//! What a provider's document says of requests, looked up by operation: which fields it names, and
//! whether a request keeps to it. Read only when a journal is read.

mod fields;
mod page;
mod shelf;

pub use fields::Unknown;
pub use page::{Asked, Broken, Manual};
pub use shelf::Manuals;
