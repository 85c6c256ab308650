//! The events of the journals as they are sent: each is made once, and shared by all streams that tell it.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use event_listener::{Event, EventListener};
use lru::LruCache;
use parking_lot::Mutex;

use crate::world::journal::DeliveryState;

/// How many events are kept at most, and how many bytes they take together.
const MOST: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4_095);
const MOST_BYTES: usize = 8 << 20;

/// Which exchange of the server, how far its answer had come, and whether those are told who follow all sandboxes. One that
/// is under way is told otherwise later, and an event of all sandboxes has another id.
pub(crate) type Key = (u64, DeliveryState, bool);

/// The events that were made last, while any stream is open.
#[derive(Debug)]
pub(crate) struct Renderings(Mutex<Kept>);

#[derive(Debug)]
struct Kept {
    all: LruCache<Key, Arc<Rendering>>,
    bytes: usize,
}

/// One event, which is made or will be.
#[derive(Debug, Default)]
pub(crate) struct Rendering {
    text: OnceLock<Bytes>,
    /// Whether somebody makes it.
    is_asked: AtomicBool,
    made: Event,
}

impl Rendering {
    /// Its text, once it is made.
    pub(crate) fn text(&self) -> Option<&Bytes> {
        self.text.get()
    }

    /// Whether it falls to the caller to make it, and to nobody else.
    pub(crate) fn ask(&self) -> bool {
        self.text.get().is_none() && !self.is_asked.swap(true, Ordering::AcqRel)
    }

    /// Done when it is said to be made after the future was.
    pub(crate) fn made(&self) -> EventListener {
        self.made.listen()
    }

    /// Says to all who wait for it that it is made.
    pub(crate) fn tell(&self) {
        self.made.notify(usize::MAX);
    }
}

impl Default for Renderings {
    fn default() -> Self {
        Self(Mutex::new(Kept { all: LruCache::new(MOST), bytes: 0 }))
    }
}

impl Renderings {
    /// The event of this key, made or not.
    pub(crate) fn of(&self, key: Key) -> Arc<Rendering> {
        let mut kept = self.0.lock();
        if let Some(known) = kept.all.get(&key) {
            return known.clone();
        }
        let new = Arc::<Rendering>::default();
        let old = kept.all.push(key, new.clone());
        kept.forget(old);
        new
    }

    /// Gives an event its text; the least recently told make room.
    pub(crate) fn keep(&self, key: Key, rendering: &Rendering, text: Bytes) {
        let length = text.len();
        if rendering.text.set(text).is_ok() {
            let mut kept = self.0.lock();
            if kept.all.peek(&key).is_some_and(|known| std::ptr::eq(&raw const **known, rendering)) {
                kept.bytes += length;
            }
            while kept.bytes > MOST_BYTES {
                let old = kept.all.pop_lru();
                kept.forget(old);
            }
        }
    }

    /// Forgets all of them.
    pub(crate) fn clear(&self) {
        let mut kept = self.0.lock();
        kept.all.clear();
        kept.bytes = 0;
    }
}

impl Kept {
    fn forget(&mut self, old: Option<(Key, Arc<Rendering>)>) {
        let length = old.and_then(|(_, rendering)| rendering.text().map(Bytes::len));
        self.bytes = self.bytes.saturating_sub(length.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(stamp: u64) -> Key {
        (stamp, DeliveryState::Left, false)
    }

    #[test]
    fn one_makes_what_all_tell() {
        let renderings = Renderings::default();
        let (one, other) = (renderings.of(key(1)), renderings.of(key(1)));
        assert_eq!((one.ask(), other.ask(), other.text()), (true, false, None));
        renderings.keep(key(1), &one, Bytes::from_static(b"a"));
        let told = other.text().expect("a text");
        assert_eq!(told.as_ptr(), one.text().expect("a text").as_ptr());
        assert!(
            renderings.of((1, DeliveryState::UnderWay, false)).ask(),
            "it was told otherwise while it was under way"
        );
        assert!(renderings.of((1, DeliveryState::Left, true)).ask(), "those who follow all are told another id");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let renderings = Renderings::default();
        let text = Bytes::from(vec![b'x'; MOST_BYTES / 4]);
        for stamp in 0..9 {
            renderings.keep(key(stamp), &renderings.of(key(stamp)), text.clone());
            let kept = renderings.0.lock();
            assert!(kept.bytes <= MOST_BYTES && kept.bytes == kept.all.len() * text.len(), "{}", kept.bytes);
        }
        assert_eq!(renderings.of(key(8)).text(), Some(&text));
        assert_eq!(renderings.of(key(0)).text(), None);
        for stamp in 0..9_999 {
            renderings.of(key(stamp));
        }
        assert_eq!(renderings.0.lock().all.len(), MOST.get());
        assert_eq!(renderings.0.lock().bytes, 0);
        renderings.keep(key(7), &Rendering::default(), text);
        assert_eq!(renderings.0.lock().bytes, 0, "one that was forgotten meanwhile counts no more");
        renderings.clear();
        assert_eq!(renderings.0.lock().all.len(), 0);
    }
}
