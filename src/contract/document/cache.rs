//! The schema cache: the documents of a server with the checks of their schemas, each read once for all sandboxes whose settings agree in what it depends on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use super::{Document, DocumentError};
use crate::provider::{AnyProvider, Name, Options};
use crate::world::options::Dependencies;

/// How many documents are kept: each provider's at its defaults, and every variant of one provider beside them. Each
/// weighs about half a megabyte with its checks, so that all weigh less than 16.
pub(crate) const MOST_KEPT: usize = 16;

/// The documents that were read last, shared by all sandboxes of a server.
#[derive(Debug, Default)]
pub struct Documents {
    /// The latest used first.
    kept: Mutex<Vec<Kept>>,
    /// Held by whoever reads one: another who wants the same waits, and need not read it again.
    reading: Mutex<()>,
    read: AtomicU64,
}

#[derive(Debug)]
struct Kept {
    provider: Name,
    dependencies: Dependencies,
    document: Arc<Document>,
}

impl Documents {
    /// The document of a provider under these options. While one is read, others that are kept can be had.
    ///
    /// # Errors
    ///
    /// The embedded text is no JSON.
    pub fn of(&self, provider: &dyn AnyProvider, options: &Options) -> Result<Arc<Document>, DocumentError> {
        self.kept_or_read(&provider.descriptor().id, options, || Document::tracked(provider, options))
    }

    fn kept_or_read<E>(
        &self,
        provider: &Name,
        options: &Options,
        read: impl FnOnce() -> Result<(Document, Dependencies), E>,
    ) -> Result<Arc<Document>, E> {
        if let Some(known) = known(&mut self.kept.lock(), provider, options) {
            return Ok(known);
        }
        let _turn = self.reading.lock();
        if let Some(known) = known(&mut self.kept.lock(), provider, options) {
            return Ok(known);
        }
        let (document, dependencies) = read()?;
        let document = Arc::new(document);
        self.read.fetch_add(1, Ordering::Relaxed);
        let mut kept = self.kept.lock();
        kept.insert(0, Kept { provider: provider.clone(), dependencies, document: document.clone() });
        let left = (kept.len() > MOST_KEPT).then(|| kept.pop());
        // What is thrown away is thrown away without the lock.
        drop(kept);
        drop(left);
        Ok(document)
    }

    /// How many documents were read since the server began.
    #[must_use]
    pub fn read_count(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// How many documents are kept.
    #[must_use]
    pub fn kept_count(&self) -> usize {
        self.kept.lock().len()
    }
}

/// The document that is kept for these options, which thereby becomes the latest used.
fn known(kept: &mut [Kept], provider: &str, options: &Options) -> Option<Arc<Document>> {
    let at = kept.iter().position(|kept| kept.provider == provider && kept.dependencies.hold(options))?;
    kept[..=at].rotate_right(1);
    kept.first().map(|kept| kept.document.clone())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Barrier;

    use serde_json::json;

    use super::*;
    use crate::world::limit::RateLimit;
    use crate::world::options::{AuthMode, Setting, TrackedOptions};

    fn specs() -> [Setting; 2] {
        [Setting::new("envelope", &["resource", "data"], ""), Setting::new("delete", &["200", "204"], "")]
    }

    fn options() -> Options {
        Options::new(AuthMode::Any, false, &specs())
    }

    /// Reads a document that depends on `envelope`.
    fn read(documents: &Documents, provider: &'static str, options: &Options) -> Arc<Document> {
        let read = || {
            assert!(documents.kept.try_lock().is_some(), "a document is read without the lock");
            let tracked = TrackedOptions::of(options);
            tracked.setting("envelope");
            Ok::<_, Infallible>((Document::settled(json!({}), &[]), tracked.dependencies()))
        };
        match documents.kept_or_read(&provider.into(), options, read) {
            Ok(document) => document,
        }
    }

    #[test]
    fn a_document_is_read_once_for_all_options_that_agree_in_what_it_depends_on() {
        let documents = Documents::default();
        let first = read(&documents, "a", &options());
        let mut alike = options();
        (alike.auth, alike.documented_only) = (AuthMode::Off, true);
        alike.rate_limit = Some(RateLimit::a_minute(5));
        alike.set(&specs(), "delete", "204").expect("a value");
        assert!(Arc::ptr_eq(&first, &read(&documents, "a", &alike)));
        assert_eq!(documents.read_count(), 1);
        let mut other = options();
        other.set(&specs(), "envelope", "data").expect("a value");
        for _ in 0..3 {
            assert!(!Arc::ptr_eq(&first, &read(&documents, "a", &other)));
            assert!(Arc::ptr_eq(&first, &read(&documents, "a", &options())));
        }
        read(&documents, "b", &options());
        assert_eq!((documents.read_count(), documents.kept_count()), (3, 3));
    }

    #[test]
    fn the_longest_unused_goes_first() {
        let documents = Documents::default();
        let ids: Vec<&'static str> = (0..=MOST_KEPT).map(|number| &*format!("p{number}").leak()).collect();
        let (new, old) = ids.split_last().expect("one");
        for id in old {
            read(&documents, id, &options());
        }
        read(&documents, old[0], &options());
        read(&documents, new, &options());
        assert_eq!((documents.read_count(), documents.kept_count()), (MOST_KEPT as u64 + 1, MOST_KEPT));
        read(&documents, old[0], &options());
        assert_eq!(documents.read_count(), MOST_KEPT as u64 + 1, "it was used again");
        read(&documents, old[1], &options());
        assert_eq!(documents.read_count(), MOST_KEPT as u64 + 2, "it was not");
    }

    #[test]
    fn of_two_that_want_the_same_at_once_one_reads_it() {
        let (documents, reading) = (&Documents::default(), &Barrier::new(2));
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let read = documents.kept_or_read(&"a".into(), &options(), || {
                    reading.wait();
                    Ok::<_, Infallible>((Document::settled(json!({}), &[]), Dependencies::default()))
                });
                assert!(read.is_ok());
            });
            scope.spawn(move || {
                reading.wait();
                read(documents, "a", &options());
            });
        });
        assert_eq!((documents.read_count(), documents.kept_count()), (1, 1));
    }
}
