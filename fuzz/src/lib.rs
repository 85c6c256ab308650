//! Runs a target under the fuzzer, and counts what each input costs.

mod cost;
pub mod targets;

/// Runs an input of the target of this name. Panics where a promise is broken, or where the input costs too much twice
/// in a row.
pub fn fuzz(name: &str, input: &[u8]) {
    let target = targets::TARGETS.iter().find(|target| target.name == name).expect("a target");
    cost::bounded(target, input);
}
