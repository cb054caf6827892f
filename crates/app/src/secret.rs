//! Secrets: made at random, kept only as digests or slow hashes.

use crate::Error;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use bihuan_domain::password::HashCost;
use bihuan_store::Fault;
use sha2::{Digest, Sha256};

/// Bytes of a secret: 256 bits.
pub const SECRET_BYTES: usize = 32;
/// Characters of a one-time password: about 71 bits.
const ONE_TIME_CHARS: usize = 14;
/// Characters that are not mistaken for one another when copied from paper.
const ONE_TIME_ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyzABCDEFG23";

/// Fills random bytes.
///
/// # Errors
/// A fault when the machine gives none; then nothing secret is made.
pub fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Fault::misuse(format!("no random bytes: {error}")))?;
    Ok(bytes)
}

/// A new secret of 256 bits as text.
///
/// # Errors
/// As [`random`].
pub fn new_secret() -> Result<String, Error> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random::<SECRET_BYTES>()?))
}

/// What is stored of a secret: SHA-256, lower-case hex. Enough for 256 random bits, too little for a password.
pub fn digest(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

/// A password for one use, of characters that can be copied from paper; it meets every password rule.
///
/// # Errors
/// As [`random`].
pub fn one_time_password() -> Result<String, Error> {
    let bytes = random::<ONE_TIME_CHARS>()?;
    let letters: String =
        bytes.iter().map(|byte| char::from(ONE_TIME_ALPHABET[usize::from(byte % 32)])).collect();
    // One of each kind, whatever chance gave.
    Ok(format!("{letters}-K7"))
}

/// A slow hash of a password in PHC form.
///
/// # Errors
/// A fault when the machine gives no random bytes for the salt.
pub fn hash_password(cost: HashCost, password: &str) -> Result<String, Error> {
    let hashed = argon(cost)?.hash_password(password.as_bytes());
    Ok(hashed.map_err(|error| Fault::misuse(format!("argon2: {error}")))?.to_string())
}

/// Whether the password is the one of the hash. A hash that cannot be read, or an empty one, is of no password, but
/// costs the same time.
pub fn is_password(cost: HashCost, password: &str, hash: &str) -> bool {
    let Ok(argon) = argon(cost) else { return false };
    match PasswordHash::new(hash) {
        Ok(hash) => argon.verify_password(password.as_bytes(), &hash).is_ok(),
        Err(_) => {
            // The work is the point: whoever measures time learns nothing about which names exist.
            let _spent = argon.hash_password(password.as_bytes());
            false
        }
    }
}

fn argon(cost: HashCost) -> Result<Argon2<'static>, Error> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, None)
        .map_err(|error| Fault::misuse(format!("argon2 parameters: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}
