//! MinHash signatures and the keys by which alike texts meet.

use super::each_shingle;
use crate::fold::Folded;

/// Keys per text: how many chances two alike texts have to meet.
pub const BANDS: usize = 20;
/// Minima in one key: how alike two texts must be to meet in it.
///
/// With 20 keys of 4 minima, texts of likeness 0.8 (Jaccard 0.667) meet with probability 0.988, of Jaccard 0.8
/// with 0.99997, and of Jaccard 0.1 with 0.002.
pub const ROWS: usize = 4;
/// Length of a stored signature in bytes.
pub const SIGNATURE_BYTES: usize = BANDS * ROWS * 2;

const LEN: usize = BANDS * ROWS;

/// The minima of a text's shingles under 80 hash functions, 16 bits each: 160 bytes for a text of any length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    minima: [u16; LEN],
    empty: bool,
}

impl Signature {
    /// The signature as bytes (little endian), to be kept in a database. A text without content gives no bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        if self.empty { Vec::new() } else { self.minima.iter().flat_map(|m| m.to_le_bytes()).collect() }
    }

    /// Reads back what [`Signature::to_bytes`] wrote; `None` for any other length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self { minima: [u16::MAX; LEN], empty: true });
        }
        if bytes.len() != SIGNATURE_BYTES {
            return None;
        }
        let mut minima = [0; LEN];
        for (minimum, pair) in minima.iter_mut().zip(bytes.chunks_exact(2)) {
            *minimum = u16::from_le_bytes([pair[0], pair[1]]);
        }
        Some(Self { minima, empty: false })
    }

    /// Whether the text had no content (nothing but marks): such a text is like no other.
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// Estimated Jaccard of the two texts, 0 to 1; standard error about 0.05.
    pub fn jaccard(&self, other: &Self) -> f64 {
        if self.empty || other.empty {
            return 0.0;
        }
        let equal = self.minima.iter().zip(&other.minima).filter(|(a, b)| a == b).count();
        equal as f64 / LEN as f64
    }

    /// Estimated [`super::likeness`] of the two texts, 0 to 1.
    pub fn likeness(&self, other: &Self) -> f64 {
        let jaccard = self.jaccard(other);
        2.0 * jaccard / (1.0 + jaccard)
    }

    /// The four minima of one band as one number, unique to them.
    pub(super) fn band(&self, band: usize) -> u64 {
        self.minima[band * ROWS..(band + 1) * ROWS].iter().fold(0, |key, m| (key << 16) | u64::from(*m))
    }
}

/// The signature of a text. The same text gives the same signature on every machine and in every version;
/// a change of this function means rebuilding stored signatures.
pub fn signature(text: &str) -> Signature {
    let folded = Folded::new(text);
    let mut lowest = [u32::MAX; LEN];
    for shingle in each_shingle(&folded) {
        let base = mix(shingle);
        // Two independent halves make all 80 hash functions (Kirsch and Mitzenmacher), one multiplication each.
        let (mut hash, step) = (base as u32, (base >> 32) as u32 | 1);
        for low in &mut lowest {
            hash = hash.wrapping_add(step);
            let mut spread = hash.wrapping_mul(0x9E37_79B1);
            spread ^= spread >> 15;
            *low = (*low).min(spread.wrapping_mul(0x85EB_CA77));
        }
    }
    let mut minima = [0; LEN];
    for (minimum, low) in minima.iter_mut().zip(lowest) {
        // The low bits of a minimum stay random when it is small; the high ones would be all zero.
        *minimum = low as u16;
    }
    Signature { minima, empty: folded.is_empty() }
}

/// The keys of a signature, [`BANDS`] of them (none for an empty text): two alike texts share at least one.
/// Any key may be negative; keys of different bands never meet except by the chance of 64 bits.
pub fn bands(signature: &Signature) -> Vec<i64> {
    if signature.empty {
        return Vec::new();
    }
    (0..BANDS).map(|band| band_key(signature, band) as i64).collect()
}

pub(super) fn band_key(signature: &Signature, band: usize) -> u64 {
    mix(signature.band(band) ^ mix(band as u64 + 1))
}

/// The finaliser of SplitMix64: every input bit reaches every output bit.
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
