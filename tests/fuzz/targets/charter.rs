#![no_main]

use dosvid_fuzz::decoders::{ONE_INPUT, charter, within};

libfuzzer_sys::fuzz_target!(|input: &[u8]| within(ONE_INPUT, charter, input));
