//! Practices that say nearly the same: found by a signature in the index, judged on the texts.
//!
//! A text's shingles are the hashes of its runs of three words. Two texts are as alike as the share
//! of shingles that they have in common (Broder, "On the resemblance and containment of documents",
//! 1997). Sixteen least hashes in eight bands of two find a pair that is 80 % alike in 999 of 1,000
//! cases and one that is 30 % alike in half of them, at the cost of eight numbers a document.

use crdt::practice::Practice;

use super::analysis;

/// Words of a shingle.
const SHINGLE: usize = 3;
/// Bands of the signature.
const BANDS: usize = 8;
/// Least hashes of a band.
const ROWS: usize = 2;
/// Shingles that are looked at: 20,000 words are more than any practice has.
const SHINGLES_MAX: usize = 20_000;
/// A text with fewer shingles is like too many others to say anything.
const SHINGLES_MIN: usize = 8;

/// The shingles of a text, each once, by size.
pub(super) struct Shingles(Vec<u64>);

/// The shingles of what a practice tells.
pub(super) fn shingles(practice: &Practice) -> Shingles {
    let texts = [
        &practice.title,
        &practice.summary,
        &practice.problem,
        &practice.background,
        &practice.solution,
        &practice.results_text,
        &practice.mistakes,
        &practice.lessons,
    ];
    let mut shingles = Vec::new();
    let mut words = Vec::new();
    for text in texts {
        words.clear();
        let left = SHINGLES_MAX - shingles.len();
        words.extend(
            analysis::words(text)
                .map(|word| analysis::with_forms(word.text, |normal, _| hash(normal.as_bytes())))
                .take(left + SHINGLE - 1),
        );
        shingles.extend(words.windows(SHINGLE).map(|run| {
            let mut bytes = [0; 8 * SHINGLE];
            bytes.chunks_exact_mut(8).zip(run).for_each(|(to, word)| to.copy_from_slice(&word.to_le_bytes()));
            hash(&bytes)
        }));
    }
    shingles.sort_unstable();
    shingles.dedup();
    Shingles(shingles)
}

/// The signature's bands; none for a text that is too short to compare.
pub(super) fn bands(Shingles(shingles): &Shingles) -> Vec<u64> {
    if shingles.len() < SHINGLES_MIN {
        return Vec::new();
    }
    let band = |band: usize| {
        let least = (0..ROWS).map(|row| {
            let salt = mixed((band * ROWS + row) as u64 + 1);
            shingles.iter().map(|shingle| mixed(shingle ^ salt)).min().unwrap_or_default()
        });
        least.fold(band as u64, |sum, least| mixed(sum ^ least))
    };
    (0..BANDS).map(band).collect()
}

/// How alike two texts are, in percent.
pub(super) fn percent(Shingles(a): &Shingles, Shingles(b): &Shingles) -> u8 {
    let both = a.iter().filter(|shingle| b.binary_search(shingle).is_ok()).count();
    let either = a.len() + b.len() - both;
    u8::try_from(both * 100 / either.max(1)).unwrap_or(100)
}

fn hash(bytes: &[u8]) -> u64 {
    // FNV-1a, then mixed: equal on all machines and in all versions, since bands are kept.
    let sum = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    mixed(sum)
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input reaches every bit.
fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn practice(text: &str) -> Practice {
        Practice { solution: text.into(), ..Practice::default() }
    }

    #[test]
    fn a_text_with_one_word_changed_is_nearly_the_same() {
        let words: Vec<String> = (0..200).map(|n| format!("слово{n}")).collect();
        let a = shingles(&practice(&words.join(" ")));
        let mut changed = words.clone();
        changed[100] = "інше".into();
        let b = shingles(&practice(&changed.join(" ")));
        let other: Vec<String> = (1000..1200).map(|n| format!("слово{n}")).collect();
        let c = shingles(&practice(&other.join(" ")));
        assert!(percent(&a, &b) >= 95 && percent(&a, &c) == 0);
        let meet = |a: &Shingles, b: &Shingles| bands(a).iter().any(|band| bands(b).contains(band));
        assert!(meet(&a, &b) && !meet(&a, &c));
    }

    #[test]
    fn case_and_apostrophes_make_no_difference() {
        let a = shingles(&practice("Об’єднання громадян за здоров'я і довкілля міста, школи, парку та села разом"));
        let b = shingles(&practice("об'єднання громадян за здоров’я і довкілля міста школи парку та села РАЗОМ"));
        assert_eq!(percent(&a, &b), 100);
    }

    #[test]
    fn a_short_text_is_like_nothing() {
        assert!(bands(&shingles(&practice("Лавка у парку"))).is_empty());
    }
}
