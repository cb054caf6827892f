//! The second factor: a code of six digits that changes every half minute (TOTP, RFC 6238).

use bihuan_domain::Instant;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

/// Seconds a code lasts.
pub const STEP_SECONDS: i64 = 30;
/// Steps before and after the present one that are accepted, for clocks that go wrong.
pub const STEPS_AROUND: i64 = 1;
/// Bytes of a secret, as RFC 4226 recommends.
pub const FACTOR_BYTES: usize = 20;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step of a right code that was not used before; `None` for a wrong one.
pub fn check(secret: &str, code: &str, at: Instant, last_step: i64) -> Option<i64> {
    let key = from_base32(secret)?;
    let now = at.micros() / 1_000_000 / STEP_SECONDS;
    let right = |step: &i64| bool::from(code_at(&key, *step).as_bytes().ct_eq(code.as_bytes()));
    (now - STEPS_AROUND..=now + STEPS_AROUND).filter(|step| *step > last_step).find(right)
}

/// The code of a secret at an instant, for tests and for the page that shows how it works.
pub fn code(secret: &str, at: Instant) -> Option<String> {
    let key = from_base32(secret)?;
    Some(code_at(&key, at.micros() / 1_000_000 / STEP_SECONDS))
}

fn code_at(key: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("BUG: HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let word = u32::from_be_bytes([digest[at], digest[at + 1], digest[at + 2], digest[at + 3]]);
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

/// The text of a secret as authenticator programs want it.
pub fn to_base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(BASE32[((held >> bits) & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(BASE32[((held << (5 - bits)) & 31) as usize]));
    }
    text
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut held, mut bits, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let value = BASE32.iter().position(|have| *have == letter.to_ascii_uppercase())?;
        held = (held << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(((held >> bits) & 255) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let secret = to_base32(b"12345678901234567890");
        let at = |seconds: i64| Instant::from_micros(seconds * 1_000_000);
        for (seconds, wanted) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(code(&secret, at(seconds)).as_deref(), Some(wanted));
            assert_eq!(check(&secret, wanted, at(seconds + 30), 0), Some(seconds / 30));
            assert_eq!(check(&secret, wanted, at(seconds), seconds / 30), None, "a code counts once");
        }
    }
}
