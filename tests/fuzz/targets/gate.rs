#![no_main]

use dosvid_fuzz::decoders::{ONE_INPUT, gate, within};

libfuzzer_sys::fuzz_target!(|input: &[u8]| within(ONE_INPUT, gate, input));
