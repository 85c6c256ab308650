//! The documents of a server, each read once for all sandboxes whose settings agree in what it depends on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use super::{Document, DocumentError};
use crate::http::AnyProvider;
use crate::http::provider::Options;
use crate::world::options::Dependencies;

/// How many documents are kept.
const MOST: usize = 32;

/// The documents that were read last, shared by all sandboxes of a server.
#[derive(Debug, Default)]
pub struct Documents {
    /// The latest used first.
    kept: Mutex<Vec<Kept>>,
    read: AtomicU64,
}

#[derive(Debug)]
struct Kept {
    provider: &'static str,
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
        let id = provider.passport().id;
        if let Some(known) = known(&mut self.kept.lock(), id, options) {
            return Ok(known);
        }
        let (document, dependencies) = Document::tracked(provider, options)?;
        self.read.fetch_add(1, Ordering::Relaxed);
        let mut kept = self.kept.lock();
        // Another thread may have read the same meanwhile: then its document is everyone's.
        if let Some(known) = known(&mut kept, id, options) {
            return Ok(known);
        }
        let document = Arc::new(document);
        kept.insert(0, Kept { provider: id, dependencies, document: document.clone() });
        let count = kept.len().min(MOST);
        let left = kept.split_off(count);
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
