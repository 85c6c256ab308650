//! The corpora of `fuzz/`, replayed through the functions that are fuzzed.

#[path = "../../fuzz/src/cost.rs"]
mod cost;
#[path = "../../fuzz/src/documents.rs"]
mod documents;
#[path = "../../fuzz/src/targets.rs"]
mod targets;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use targets::{TARGETS, Target};

thread_local! {
    static CRASHES: Cell<usize> = const { Cell::new(0) };
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The inputs of a target that a folder of corpora has.
fn inputs(folder: &Path, target: &Target) -> Vec<PathBuf> {
    let files = fs::read_dir(folder.join(target.name)).expect("a corpus");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files
}

/// The corpora that fuzzing made outside the tree: `FUZZ_CORPUS` names their folder. They are replayed with what the
/// fuzzers leave out, debug assertions and checks for overflow.
#[expect(clippy::disallowed_methods, reason = "a test that is run by hand may be told by the environment")]
fn found() -> Option<PathBuf> {
    std::env::var_os("FUZZ_CORPUS").map(PathBuf::from)
}

/// Bytes are held alone: they are the same on any machine, and the time of this build is nobody's.
fn no_time() -> Duration {
    Duration::ZERO
}

/// A crash is an answer to whoever called, so it is noticed where it happens.
#[test]
fn no_input_of_the_corpora_breaks_a_promise() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        CRASHES.set(CRASHES.get() + 1);
        before(info);
    }));
    for target in TARGETS {
        let mut files = inputs(&fuzz().join("corpus"), target);
        assert!(files.len() >= 5, "{} has a corpus of {} inputs", target.name, files.len());
        files.extend(found().map(|folder| inputs(&folder, target)).unwrap_or_default());
        for file in files {
            let input = fs::read(&file).expect("an input");
            let outcome = std::panic::catch_unwind(|| target.hold(&input, no_time));
            assert!(outcome.is_ok() && CRASHES.get() == 0, "{}: the input {}", target.name, file.display());
        }
    }
}

#[test]
fn each_target_has_a_corpus() {
    let known: BTreeSet<_> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let folders = fs::read_dir(fuzz().join("corpus")).expect("a folder");
    let name =
        |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name().into_string().expect("a name");
    assert_eq!(folders.map(name).collect::<BTreeSet<_>>(), known);
}
