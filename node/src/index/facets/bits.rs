//! How many of many masks have which bit: all sixty-four counts go up at once.

/// Binary digits that are held in planes before they are added up.
const PLANES: usize = 8;
/// Masks that so many digits can count.
const HELD_MAX: u8 = u8::MAX;

/// Counts of each bit. The last counts lie in planes, one binary digit of all of them in each, so that
/// adding a mask is adding one with carry, whatever the number of its bits: counting is most of what a
/// page of many hits costs in the index.
#[derive(Clone, Debug)]
pub(super) struct BitCounts {
    sums: [u32; 64],
    planes: [u64; PLANES],
    held: u8,
}

impl Default for BitCounts {
    fn default() -> Self {
        Self { sums: [0; 64], planes: [0; PLANES], held: 0 }
    }
}

impl BitCounts {
    /// Counts the bits of a mask.
    pub(super) fn add(&mut self, mask: u64) {
        let mut carry = mask;
        for plane in &mut self.planes {
            let next = *plane & carry;
            *plane ^= carry;
            carry = next;
        }
        self.held += 1;
        if self.held == HELD_MAX {
            self.sums = self.totals();
            (self.planes, self.held) = ([0; PLANES], 0);
        }
    }

    /// Adds what was counted elsewhere.
    pub(super) fn merge(&mut self, other: &Self) {
        self.sums.iter_mut().zip(other.totals()).for_each(|(sum, more)| *sum += more);
    }

    /// How many masks had each bit, from the lowest on.
    pub(super) fn totals(&self) -> [u32; 64] {
        let mut totals = self.sums;
        for (bit, total) in totals.iter_mut().enumerate() {
            let digits = self.planes.iter().enumerate();
            *total += digits.map(|(digit, plane)| (((plane >> bit) & 1) as u32) << digit).sum::<u32>();
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn each_bit_is_counted(masks in proptest::collection::vec(proptest::num::u64::ANY, 0..1_200), split in 0..1_200_usize) {
            let (mut one, mut other) = (BitCounts::default(), BitCounts::default());
            let (first, rest) = masks.split_at(split.min(masks.len()));
            first.iter().for_each(|mask| one.add(*mask));
            rest.iter().for_each(|mask| other.add(*mask));
            one.merge(&other);
            for (bit, total) in one.totals().into_iter().enumerate() {
                let expected = masks.iter().filter(|mask| (**mask >> bit) & 1 == 1).count();
                proptest::prop_assert_eq!(total as usize, expected);
            }
        }
    }
}
