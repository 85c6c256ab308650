#![no_main]
#![expect(clippy::disallowed_types, reason = "libfuzzer-sys may write down what a value looks like")]
libfuzzer_sys::fuzz_target!(|input: &[u8]| persona_mock_fuzz::fuzz(input));
