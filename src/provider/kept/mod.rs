//! The JSON of records, made once for many answers: a page is put together of texts that are there.

mod body;
mod pieces;
mod texts;

pub(crate) use body::Body;
pub(crate) use pieces::{Gap, Pieces};
pub(crate) use texts::{MOST_KEPT, Texts};
