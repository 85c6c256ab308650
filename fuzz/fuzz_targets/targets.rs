#![no_main]
libfuzzer_sys::fuzz_target!(|input: &[u8]| persona_mock_fuzz::fuzz(input));
