//! Randomness that can be replayed: one number, printed by every failure, gives the whole run again.

/// The environment variable that replays a run.
pub const SEED_VARIABLE: &str = "DOSVID_SEED";

/// SplitMix64: small, fast, and the same on every machine.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A place in a list that is not empty.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).expect("below a usize")
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }

    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            let other = self.index(end + 1);
            items.swap(end, other);
        }
    }

    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A stream of its own, so that drawing more here does not shift what is drawn there.
    pub fn fork(&mut self) -> Self {
        Self(self.next())
    }
}

/// The seed of this run: the one asked for, or one that is always the same for the test.
pub fn seed() -> u64 {
    let asked = std::env::var(SEED_VARIABLE).ok().and_then(|text| text.parse().ok());
    asked.unwrap_or_else(|| seed_of(&test_name()))
}

/// A seed that follows from a name.
pub fn seed_of(name: &str) -> u64 {
    u64::from_le_bytes(blake3::hash(name.as_bytes()).as_bytes()[..8].try_into().expect("eight bytes"))
}

/// The name of the running test, as `cargo test` takes it.
pub fn test_name() -> String {
    std::thread::current().name().unwrap_or("unknown").to_owned()
}

/// A number from the environment, for runs longer than CI's.
pub fn from_environment(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Prints how to see a failure again; kept alive while a seed is being tried.
pub struct Replayable {
    seed: u64,
    name: String,
}

impl Replayable {
    pub fn new(seed: u64) -> Self {
        Self { seed, name: test_name() }
    }
}

impl Drop for Replayable {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { seed, name } = self;
            eprintln!("seed {seed}; replay: {SEED_VARIABLE}={seed} cargo test --test network {name}");
        }
    }
}
