#![no_main]

use dosvid_fuzz::decoders::{ONE_INPUT, chunk, within};

libfuzzer_sys::fuzz_target!(|input: &[u8]| within(ONE_INPUT, chunk, input));
