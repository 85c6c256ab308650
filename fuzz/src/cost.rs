//! What an input costs: bytes allocated, and CPU time of the thread. Both grow with its length at most.

use std::sync::Once;

use allocation_counter::measure;
use rustix::time::{ClockId, clock_gettime};

use crate::targets::Target;

/// What an input may cost: that of an empty one, and of each of its bytes.
struct Limit {
    bytes: (u64, u64),
    micros: (u64, u64),
}

/// What a call with a short body and its check against the document may take.
const USUAL: Limit = Limit { bytes: (64 * 1024, 32), micros: (2_000, 1) };

/// The limits of a target.
const fn limit(_: &str) -> Limit {
    USUAL
}

/// What one run took.
struct Cost {
    bytes: u64,
    micros: u64,
}

fn cpu_micros() -> u64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as u64 * 1_000_000 + now.tv_nsec as u64 / 1_000
}

fn run(target: &Target, input: &[u8]) -> Cost {
    let began = cpu_micros();
    let counted = measure(|| (target.run)(input));
    Cost { bytes: counted.bytes_total, micros: cpu_micros() - began }
}

/// Runs an input, and once more if it is dear: a page that is not there yet is no fault of the input.
pub fn bounded(target: &Target, input: &[u8]) {
    static WARM: Once = Once::new();
    // What is made once, such as the mock, counts for no input.
    WARM.call_once(|| (target.run)(input));
    let length = input.len() as u64;
    let limit = limit(target.name);
    let bytes = limit.bytes.0 + length * limit.bytes.1;
    let micros = limit.micros.0 + length * limit.micros.1;
    let is_dear = |cost: &Cost| cost.bytes > bytes || cost.micros > micros;
    if is_dear(&run(target, input)) {
        let again = run(target, input);
        assert!(
            !is_dear(&again),
            "{}: {length} bytes of input take {} bytes of at most {bytes}, and {} µs of at most {micros}",
            target.name,
            again.bytes,
            again.micros
        );
    }
}
