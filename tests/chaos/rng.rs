//! A random number generator without state: each number is a hash of the seed and of its purpose. So results do not
//! depend on the order of calls.

/// A random value, from which its number and further values are derived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// The root value of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// The value derived for this purpose.
    pub(crate) fn derive(self, what: &str, which: u64) -> Self {
        let named = what.bytes().fold(self.0, |hash, byte| mix(hash ^ u64::from(byte)));
        Self(mix(named ^ mix(which)))
    }

    /// A number below `end`.
    pub(crate) fn below(self, end: u64) -> u64 {
        self.0 % end.max(1)
    }

    /// Whether an event with this probability, in ten-thousandths, happens.
    pub(crate) fn happens(self, in_ten_thousand: u64) -> bool {
        self.below(10_000) < in_ten_thousand
    }

    /// Picks one of these.
    pub(crate) fn pick<T: Copy>(self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap_or_default()]
    }

    /// The number itself, to seed another generator.
    pub(crate) fn to_seed(self) -> u64 {
        self.0
    }
}

/// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (SplitMix64).
pub(crate) fn mix(to_seed: u64) -> u64 {
    let mut mix = to_seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mix = (mix ^ (mix >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mix = (mix ^ (mix >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mix ^ (mix >> 31)
}
