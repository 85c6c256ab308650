//! Runs a target under the fuzzer.

pub mod targets;

/// Runs an input of the target of this name. Panics where a promise is broken.
pub fn fuzz(name: &str, input: &[u8]) {
    let target = targets::TARGETS.iter().find(|target| target.name == name).expect("a target");
    (target.run)(input);
}
