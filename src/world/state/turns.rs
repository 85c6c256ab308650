//! Turns to write.

use parking_lot::{RwLockReadGuard, RwLockWriteGuard};

/// A turn of a request whose writes are short. It shares it with others.
#[derive(Debug)]
pub struct ShortTurn<'c>(#[expect(dead_code, reason = "it is held")] pub(super) RwLockReadGuard<'c, ()>);

/// A turn of a request whose writes may be long.
#[derive(Debug)]
pub(crate) struct LongTurn<'c>(#[expect(dead_code, reason = "it is held")] pub(super) RwLockWriteGuard<'c, ()>);
