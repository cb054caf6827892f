//! Pairs of characters as bits: what is asked at every character of a text is nearly never so, and a bit says it near at hand.

/// Pairs of characters in so many words of 64 bits, a power of two. A pair that was put in is held; of others some are, by chance.
#[derive(Debug)]
pub(crate) struct PairSieve<const WORDS: usize>(Box<[u64; WORDS]>);

impl<const WORDS: usize> PairSieve<WORDS> {
    pub(crate) fn new() -> Self {
        Self(Box::new([0; WORDS]))
    }

    pub(crate) fn put(&mut self, first: char, second: char) {
        let (word, bit) = Self::place(first, second);
        self.0[word] |= bit;
    }

    /// Whether a pair may have been put in.
    #[inline]
    pub(crate) fn holds(&self, first: char, second: char) -> bool {
        let (word, bit) = Self::place(first, second);
        self.0[word] & bit != 0
    }

    /// Where the bit of a pair is.
    #[inline]
    fn place(first: char, second: char) -> (usize, u64) {
        let bits = WORDS.trailing_zeros() + u64::BITS.trailing_zeros();
        let mixed =
            (first as u32).wrapping_mul(0x9E37_79B1).wrapping_add(second as u32).wrapping_mul(0x85EB_CA6B);
        let bit = mixed >> (u32::BITS - bits);
        ((bit / u64::BITS) as usize, 1 << (bit % u64::BITS))
    }
}

#[cfg(test)]
mod tests {
    use super::PairSieve;

    #[test]
    fn what_was_put_in_is_held() {
        let mut sieve = PairSieve::<512>::new();
        let pairs = [('台', '账'), ('县', '\0'), ('𠮷', '林')];
        assert!(pairs.iter().all(|(a, b)| !sieve.holds(*a, *b)));
        pairs.iter().for_each(|(a, b)| sieve.put(*a, *b));
        assert!(pairs.iter().all(|(a, b)| sieve.holds(*a, *b)) && !sieve.holds('账', '台'));
    }
}
