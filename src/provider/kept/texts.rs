//! The texts of the records that were shown last, within a bound.

use std::sync::{Arc, OnceLock, Weak};

use parking_lot::Mutex;

use super::pieces::Pieces;

/// How many sets there are. A record's place in memory says which one may have its text.
const SETS: usize = 1 << 10;

/// How many bytes all texts of one kind of record may take.
pub(crate) const MOST_KEPT: usize = SETS * SET;

/// How many bytes the texts of a set may take, so that all together are at most 8 MiB.
const SET: usize = 8 << 10;

/// The texts of one kind of record, in whatever sandbox they are.
///
/// A text is kept beside the records and not in them: a record of a million that is never shown takes nothing. A record
/// never changes, another one takes its place; so a text holds as long as the same record is there, and the record does not
/// live longer for it.
pub(crate) struct Texts<R> {
    sets: OnceLock<Box<[Set<R>]>>,
}

/// The texts of a set, the oldest first.
type Set<R> = Mutex<Vec<Kept<R>>>;

struct Kept<R> {
    record: Weak<R>,
    text: Arc<Pieces>,
}

impl<R> Kept<R> {
    /// How many bytes it takes: the place of a record stays as long as anybody knows it.
    fn weight(&self) -> usize {
        size_of::<R>() + self.text.weight()
    }
}

impl<R> Texts<R> {
    /// No texts.
    pub(crate) const fn new() -> Self {
        Self { sets: OnceLock::new() }
    }

    /// The text of a record, which is made where it is not there. One that is asked for again is looked at for secrets, too.
    pub(crate) fn get(&self, record: &Arc<R>, make: impl FnOnce() -> Pieces) -> Arc<Pieces> {
        let place = Arc::as_ptr(record);
        let sets = self.sets.get_or_init(|| (0..SETS).map(|_| Mutex::default()).collect());
        // The bits in the middle tell records apart that lie side by side.
        let number = place.addr().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let Some(set) = sets.get(number % SETS) else { return Arc::new(make()) };
        let known = set.lock().iter().find(|kept| kept.record.as_ptr() == place).map(|kept| kept.text.clone());
        if let Some(text) = known {
            text.look();
            return text;
        }
        let text = Arc::new(make());
        let kept = Kept { record: Arc::downgrade(record), text: text.clone() };
        if kept.weight() <= SET {
            Self::keep(&mut set.lock(), kept);
        }
        text
    }

    /// Keeps a text; those of records that are gone make room, then the oldest.
    fn keep(set: &mut Vec<Kept<R>>, kept: Kept<R>) {
        set.retain(|kept| kept.record.strong_count() > 0);
        set.push(kept);
        let mut bytes: usize = set.iter().map(Kept::weight).sum();
        let leaves = set.iter().take_while(|kept| {
            let leaves = bytes > SET;
            bytes -= if leaves { kept.weight() } else { 0 };
            leaves
        });
        let leaves = leaves.count();
        set.drain(..leaves);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(size: usize) -> Pieces {
        Pieces::whole(vec![b'1'; size])
    }

    #[test]
    fn a_text_is_made_once_as_long_as_its_record_is_there() {
        let texts = Texts::new();
        let record = Arc::new(1);
        let first = texts.get(&record, || text(5));
        assert!(Arc::ptr_eq(&first, &texts.get(&record, || panic!("it is there"))));
        assert_eq!((first.clean().is_some(), Arc::strong_count(&record)), (true, 1));
        // One of the same value is another record.
        assert!(!Arc::ptr_eq(&first, &texts.get(&Arc::new(1), || text(5))));
    }

    #[test]
    fn the_texts_are_bounded_and_those_of_records_that_are_gone_make_room_first() {
        let texts = Texts::new();
        let records: Vec<_> = (0..20_000).map(Arc::new).collect();
        let made = |records: &[Arc<i32>]| {
            let mut made = 0;
            for record in records {
                texts.get(record, || {
                    made += 1;
                    text(1_000)
                });
            }
            made
        };
        let held = || -> Vec<usize> {
            let sets = texts.sets.get().expect("sets").iter();
            sets.map(|set| set.lock().iter().map(Kept::weight).sum()).collect()
        };
        assert_eq!(made(&records), 20_000);
        assert!(held().iter().all(|bytes| *bytes <= SET), "{:?}", held());
        assert!(made(&records[19_000..]) < 100, "the last ones are there");
        drop(records);
        let few: Vec<_> = (0..1_000).map(Arc::new).collect();
        assert_eq!((made(&few), made(&few)), (1_000, 0));
        texts.get(&Arc::new(0), || text(SET));
        assert!(held().iter().all(|bytes| *bytes <= SET), "one that is too long is not kept");
    }
}
