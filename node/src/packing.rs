//! Packing bytes with zstd. Making a context takes longer than packing a practice, so each thread
//! keeps one for each level.

use std::cell::RefCell;
use std::collections::BTreeMap;

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

/// How hard to look for what repeats. There is one for each level.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// zstd's level.
    pub level: i32,
    /// What differs from the level.
    pub parameters: &'static [CParameter],
}

impl Effort {
    /// A level as it is.
    #[must_use]
    pub const fn of(level: i32) -> Self {
        Self { level, parameters: &[] }
    }
}

thread_local! {
    static COMPRESSORS: RefCell<BTreeMap<i32, Compressor<'static>>> = const { RefCell::new(BTreeMap::new()) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Packs bytes, with a checksum at the end.
///
/// # Panics
/// Never: packing in memory fails only for want of memory.
#[must_use]
pub fn compress(bytes: &[u8], effort: Effort) -> Vec<u8> {
    COMPRESSORS.with_borrow_mut(|compressors| {
        let compressor = compressors.entry(effort.level).or_insert_with(|| {
            let mut compressor = Compressor::new(effort.level).expect("a context is only memory");
            for parameter in effort.parameters {
                compressor.set_parameter(*parameter).expect("a parameter within its bounds");
            }
            compressor.include_checksum(true).expect("zstd has checksums");
            compressor
        });
        compressor.compress(bytes).expect("compressing in memory does not fail")
    })
}

/// Unpacks at most `most` bytes; `None` if they are more, or are not packed bytes, or are damaged.
#[must_use]
pub fn decompress(bytes: &[u8], most: usize) -> Option<Vec<u8>> {
    DECOMPRESSOR.with_borrow_mut(|kept| {
        if kept.is_none() {
            *kept = Decompressor::new().ok();
        }
        kept.as_mut()?.decompress(bytes, most).ok()
    })
}
