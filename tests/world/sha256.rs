//! SHA-256 (FIPS 180-4), for checksums of chunks made by hand: the tests should not depend on the
//! code that they test, nor the node on a crate for their sake.

/// The first 32 bits of the fractional parts of the roots of the first primes.
fn roots(count: usize, root: f64) -> Vec<u32> {
    let is_prime = |n: &u32| (2..*n).all(|divisor| !n.is_multiple_of(divisor));
    let fraction = |n: u32| (f64::from(n).powf(root).fract() * 4_294_967_296.0) as u32;
    (2..).filter(is_prime).take(count).map(fraction).collect()
}

pub fn sha256(message: &[u8]) -> [u8; 32] {
    static CONSTANTS: std::sync::OnceLock<(Vec<u32>, Vec<u32>)> = std::sync::OnceLock::new();
    let (start, keys) = CONSTANTS.get_or_init(|| (roots(8, 0.5), roots(64, 1.0 / 3.0)));
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64), 0);
    if message.len() % 64 >= 56 {
        padded.resize(padded.len() + 64, 0);
    }
    let end = padded.len() - 8;
    padded[end..].copy_from_slice(&(message.len() as u64 * 8).to_be_bytes());
    let mut state: [u32; 8] = start.as_slice().try_into().expect("eight words");
    padded.chunks(64).for_each(|block| compress(&mut state, block, keys));
    let mut hash = [0; 32];
    hash.chunks_mut(4).zip(state).for_each(|(bytes, word)| bytes.copy_from_slice(&word.to_be_bytes()));
    hash
}

fn compress(state: &mut [u32; 8], block: &[u8], keys: &[u32]) {
    let mut words: Vec<u32> =
        block.chunks(4).map(|word| u32::from_be_bytes(word.try_into().expect("four bytes"))).collect();
    for n in 16..64 {
        let (a, b) = (words[n - 15], words[n - 2]);
        let a = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
        let b = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
        words.push(words[n - 16].wrapping_add(a).wrapping_add(words[n - 7]).wrapping_add(b));
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (key, word) in keys.iter().zip(words) {
        let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let one = h.wrapping_add(s1).wrapping_add(choice).wrapping_add(*key).wrapping_add(word);
        let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = (a & b) ^ (a & c) ^ (b & c);
        let two = s0.wrapping_add(majority);
        (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(one), c, b, a, one.wrapping_add(two));
    }
    for (word, more) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(more);
    }
}
