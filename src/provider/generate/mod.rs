//! Fixtures of any size: the embedded one with further rows, which are believable, in many languages, and the same for
//! the same seed.
//!
//! A row is a function of the seed and its number, and of nothing else. So rows are written as they are made, none is
//! remembered, and rows of two lists that have one number belong together.

mod asked;
mod draw;
mod generators;
mod locales;
mod words;
mod writer;

pub(crate) use self::asked::Generation;
pub(crate) use self::draw::Draw;
pub(crate) use self::generators::{Generator, Generators};
pub(crate) use self::locales::Locale;
pub(super) use self::writer::write;
