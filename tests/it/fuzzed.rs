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
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use persona_mock::internals::Stopwatch;

use targets::{TARGETS, Target};

thread_local! {
    static CRASHES: Cell<usize> = const { Cell::new(0) };
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The inputs of a target that a folder of corpora has.
fn inputs(folder: &Path, target: &Target) -> Vec<PathBuf> {
    let files = fs::read_dir(folder.join(target.name)).into_iter().flatten();
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files
}

/// The corpora that fuzzing made outside the tree: `FUZZ_CORPUS` names their folder. They are replayed with what the
/// fuzzers leave out, debug assertions and checks for overflow.
fn found() -> Option<PathBuf> {
    let folder = std::env::var_os("FUZZ_CORPUS").map(PathBuf::from)?;
    assert!(folder.is_dir(), "FUZZ_CORPUS: {} is no folder", folder.display());
    Some(folder)
}

/// Bytes are held alone: they are the same on any machine, and the time of this build is nobody's.
fn no_time() -> Duration {
    Duration::ZERO
}

/// One mock takes all inputs, one at a time.
static TURN: Mutex<()> = Mutex::new(());

/// Waits for the mock, and has crashes counted: one is an answer to whoever called, so it is noticed where it happens.
fn turn() -> MutexGuard<'static, ()> {
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        CRASHES.set(CRASHES.get() + 1);
        before(info);
    }));
    turn
}

/// Runs an input, whose name is told where it breaks a promise.
fn hold(target: &Target, input: &[u8], name: impl FnOnce() -> String) {
    let outcome = std::panic::catch_unwind(|| target.hold(input, no_time));
    assert!(outcome.is_ok() && CRASHES.get() == 0, "{}: the input {}", target.name, name());
}

#[test]
fn no_input_of_the_corpora_breaks_a_promise() {
    let _turn = turn();
    for target in TARGETS {
        let mut files = inputs(&fuzz().join("corpus"), target);
        assert!(files.len() >= 5, "{} has a corpus of {} inputs", target.name, files.len());
        files.extend(found().map(|folder| inputs(&folder, target)).unwrap_or_default());
        for file in files {
            hold(target, &fs::read(&file).expect("an input"), || file.display().to_string());
        }
    }
}

/// Chance, and nothing that must be hard to tell.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).expect("64 bits") % bound.max(1)
    }

    /// A part of an input, of at most so many bytes.
    fn part(&mut self, length: usize, most: usize) -> Range<usize> {
        let start = self.below(length + 1);
        start..start + self.below((length - start).min(most) + 1)
    }

    /// An input made of two.
    fn mutated(&mut self, one: &[u8], other: &[u8]) -> Vec<u8> {
        const MARKS: &[u8] = b"{}[]\",:%\\0-9.eE \n&=/?#+$@\0\x7f\xc3\xff";
        let mut input = one.to_vec();
        for _ in 0..=self.below(4) {
            let (part, at) = (self.part(input.len(), 64), self.below(input.len() + 1));
            match self.below(5) {
                0 => drop(input.drain(part)),
                1 => {
                    let again = input[part].repeat(1 + self.below(64));
                    drop(input.splice(at..at, again));
                }
                2 => {
                    let part = self.part(other.len(), 256);
                    drop(input.splice(at..at, other[part].iter().copied()));
                }
                3 => input.insert(at, MARKS[self.below(MARKS.len())]),
                _ => {
                    let mark = MARKS[self.below(MARKS.len())];
                    input.iter_mut().skip(at).take(1).for_each(|byte| *byte = mark);
                }
            }
        }
        input.truncate(4_096);
        input
    }
}

/// Fuzzing for who has no time to build the fuzzers: inputs made by chance of those of the corpora, which nobody leads to
/// new code. They meet debug assertions. It takes as many seconds as `FUZZ_SECONDS` says, and none where nothing is said.
#[test]
#[expect(clippy::print_stdout, reason = "the counts are for whoever runs it")]
fn no_input_made_by_chance_breaks_a_promise() {
    let _turn = turn();
    let seconds = std::env::var("FUZZ_SECONDS").map_or(0, |seconds| seconds.parse().expect("whole seconds"));
    let each = Duration::from_secs(seconds) / u32::try_from(TARGETS.len()).expect("few targets");
    let seed = std::env::var("FUZZ_SEED").map(|seed| seed.parse().expect("a number"));
    let seed = seed.unwrap_or_else(|_| RandomState::new().hash_one(0)) | 1;
    if seconds > 0 {
        println!("again: FUZZ_SEED={seed}");
    }
    let mut chance = Chance(seed);
    for target in TARGETS {
        let inputs: Vec<_> = inputs(&fuzz().join("corpus"), target).iter().map(fs::read).collect();
        let inputs: Vec<_> = inputs.into_iter().map(|input| input.expect("an input")).collect();
        let (clock, mut count) = (Stopwatch::start(), 0_u64);
        while clock.elapsed() < each {
            let [one, other] = [(); 2].map(|()| &inputs[chance.below(inputs.len())]);
            let input = chance.mutated(one, other);
            hold(target, &input, || format!("\"{}\"", input.escape_ascii()));
            count += 1;
        }
        println!("{:20} {count} inputs", target.name);
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
