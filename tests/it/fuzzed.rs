//! The corpora of `fuzz/`, replayed through the functions that are fuzzed.

#[path = "../../fuzz/src/targets.rs"]
mod targets;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use targets::TARGETS;

thread_local! {
    static CRASHES: Cell<usize> = const { Cell::new(0) };
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn names(folder: &str) -> BTreeSet<String> {
    let all = fs::read_dir(fuzz().join(folder)).expect("a folder");
    let name = |path: PathBuf| path.file_stem().map(|name| name.to_string_lossy().into_owned());
    all.filter_map(|entry| name(entry.expect("an entry").path())).collect()
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
        let folder = fuzz().join("corpus").join(target.name);
        let mut files: Vec<_> =
            fs::read_dir(&folder).expect("a corpus").map(|file| file.expect("a file").path()).collect();
        files.sort();
        assert!(files.len() >= 5, "{} has a corpus of {} inputs", target.name, files.len());
        for file in files {
            let input = fs::read(&file).expect("an input");
            let outcome = std::panic::catch_unwind(|| (target.run)(&input));
            assert!(outcome.is_ok() && CRASHES.get() == 0, "{}: the input {}", target.name, file.display());
        }
    }
}

#[test]
fn each_target_is_a_program_and_has_a_corpus() {
    let known: BTreeSet<_> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names("fuzz_targets"), known);
    assert_eq!(names("corpus"), known);
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).expect("a manifest");
    for name in known {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is no program of fuzz/Cargo.toml");
    }
}
