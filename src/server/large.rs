//! The bytes of a large body: another thread lets go of them. To give 100 MB back to the system takes 20 ms.

use bytes::{Bytes, BytesMut};

use crate::app::room::Held;
use crate::world::discard::{Discard, Discarded, Discards};

/// The most bytes that are let go of in no time.
const MOST: usize = 1 << 20;

/// A body whose last owner gives it to somebody else to let go of, with what it takes of the room for all.
#[derive(Debug)]
pub(super) struct Large {
    bytes: Bytes,
    held: Option<Held>,
    discards: Discards,
}

impl Large {
    /// The same bytes, let go of aside if they are many, and held until then.
    pub(super) fn of(bytes: Bytes, held: Option<Held>, discards: &Discards) -> Bytes {
        if held.is_none() && bytes.len() <= MOST {
            return bytes;
        }
        Bytes::from_owner(Self { bytes, held, discards: discards.clone() })
    }

    /// Lets go of a body that did not come to its end.
    pub(super) fn give_up(bytes: BytesMut, held: Option<Held>, discards: &Discards) {
        // What has come may be little of what there is a place for.
        drop(Self { bytes: bytes.freeze(), held, discards: discards.clone() });
    }
}

impl AsRef<[u8]> for Large {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Large {
    fn drop(&mut self) {
        if self.bytes.len() > MOST {
            let left = Left { bytes: std::mem::take(&mut self.bytes), _held: self.held.take() };
            self.discards.take(Discarded::one(left));
        }
    }
}

/// What nobody has any more but those whose bytes it shares.
struct Left {
    bytes: Bytes,
    _held: Option<Held>,
}

impl Discard for Left {
    fn is_last(&self) -> bool {
        self.bytes.is_unique()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parking_lot::Mutex;

    use super::*;
    use crate::app::room::Room;

    #[test]
    fn the_last_owner_of_a_large_body_does_not_let_go_of_it() {
        let (discards, taken) = (Discards::default(), Arc::new(Mutex::new(Vec::new())));
        let take = taken.clone();
        discards.hand_to(move |discarded| take.lock().push(discarded));
        let room = Room::for_bodies(10 << 20);
        let held = room.hold(MOST + 1).expect("room");
        let body = Large::of(vec![7; MOST + 1].into(), held, &discards);
        let part = body.slice(MOST..);
        drop(body);
        assert!(taken.lock().is_empty(), "a part of it is in use");
        drop(part);
        assert_eq!((taken.lock().len(), room.held()), (1, MOST as u64 + 1), "it counts until it is gone");
        assert!(taken.lock().iter().all(Discarded::is_last));
        taken.lock().clear();
        assert_eq!(room.held(), 0);
        drop(Large::of(vec![7; MOST].into(), None, &discards));
        Large::give_up(BytesMut::zeroed(MOST), None, &discards);
        assert!(taken.lock().is_empty(), "a small one is let go of at once");
        Large::give_up(BytesMut::zeroed(MOST + 1), None, &discards);
        assert_eq!(taken.lock().len(), 1);
    }
}
