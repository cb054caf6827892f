//! The vault: what the program must be able to read again, such as the secret of a second factor, is stored sealed
//! under a key that lies apart from the data (GB/T 22239-2019, 8.1.4.8). What only has to be recognised is stored as
//! a digest instead ([`crate::secret`]).
//!
//! A sealed text is `sealed-1:ALGORITHM:KEY:BASE64`: the algorithm's code, so that another one can follow, the first
//! sixteen digits of the key's SHA-256, so that a wrong key is told by name, and nonce and ciphertext. The place of
//! the value (table, column, row) is authenticated with it: a sealed text copied into another row does not open.

use crate::secret::{digest, random};
use crate::{App, Error};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bihuan_domain::Instant;
use bihuan_domain::id::{AccountId, ChannelId};
use bihuan_store::channel::{self as channels, Secret};
use bihuan_store::journal::{self, NewEntry, Stamp};
use bihuan_store::sealed::{self as store, Place};
use bihuan_store::{Conn, Fault};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Bytes of a nonce, new for each sealing.
const NONCE_BYTES: usize = 12;
/// Digits of a key's name.
const KEY_NAME_CHARS: usize = 16;
/// The one algorithm so far.
const ALGORITHM: &str = "aes-256-gcm";
/// What a sealed text begins with.
const SEALED_MARK: &str = "sealed-1";
/// A second factor that waits for its first code begins with it.
const WAITING_MARK: char = '?';
/// What the line of a key file begins with.
const KEY_MARK: &str = "bihuan-key-1";

/// A key of 256 bits. Its text is only for the key file.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; KEY_BYTES]);

impl Key {
    /// A new key.
    ///
    /// # Errors
    /// A fault when the machine gives no random bytes.
    pub fn generate() -> Result<Key, Error> {
        Ok(Key(random()?))
    }

    /// Reads the text of a key file; `None` when it holds no key of an algorithm that is known here.
    pub fn parse(text: &str) -> Option<Key> {
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
        let mut words = line.split_whitespace();
        if (words.next(), words.next()) != (Some(KEY_MARK), Some(ALGORITHM)) {
            return None;
        }
        let bytes = BASE64_STANDARD.decode(words.next()?).ok()?;
        Some(Key(bytes.try_into().ok()?)).filter(|_| words.next().is_none())
    }

    /// The text of a key file.
    pub fn file_text(&self) -> String {
        format!(
            "# 闭环的密钥文件：用它加密保存的动态口令等。请与数据、备份分开保管，不要交给别人。\n\
             {KEY_MARK} {ALGORITHM} {}\n",
            BASE64_STANDARD.encode(self.0)
        )
    }

    /// The key's name: says which key it is and nothing about it.
    pub fn name(&self) -> String {
        let mut name = digest(&BASE64_STANDARD.encode(self.0));
        name.truncate(KEY_NAME_CHARS);
        name
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Key({})", self.name())
    }
}

/// Seals and opens. Without a key it does neither, which is enough for commands that touch no secret.
#[derive(Clone, Debug, Default)]
pub struct Vault(Option<Key>);

impl Vault {
    /// A vault with its key.
    pub fn new(key: Key) -> Vault {
        Vault(Some(key))
    }

    /// Seals a text for one place, such as `account_guard.totp_secret:12`.
    ///
    /// # Errors
    /// A fault without a key or random bytes.
    pub fn seal(&self, place: &str, plain: &str) -> Result<String, Error> {
        let key = self.key()?;
        let nonce: [u8; NONCE_BYTES] = random()?;
        let payload = Payload { msg: plain.as_bytes(), aad: place.as_bytes() };
        let sealed = cipher(key).encrypt(&Nonce::from(nonce), payload);
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed.map_err(|_| Fault::misuse(format!("{place} could not be sealed")))?);
        Ok(format!("{SEALED_MARK}:{ALGORITHM}:{}:{}", key.name(), BASE64_STANDARD.encode(bytes)))
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// A fault without the key it was sealed with, or when text or place are not those of the sealing.
    pub fn open(&self, place: &str, sealed: &str) -> Result<String, Error> {
        let key = self.key()?;
        let broken = |why: &str| Error::Fault(Fault::corrupt(format!("{place} cannot be opened: {why}")));
        let body = match key_of(sealed) {
            Some(name) if name == key.name() => sealed.rsplit(':').next().unwrap_or_default(),
            Some(name) => return Err(broken(&format!("sealed with key {name}, not with {}", key.name()))),
            None => return Err(broken("not a sealed text")),
        };
        let bytes = BASE64_STANDARD.decode(body).map_err(|_| broken("not base64"))?;
        let (nonce, text) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(|| broken("cut off"))?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| broken("cut off"))?;
        let payload = Payload { msg: text, aad: place.as_bytes() };
        let plain = cipher(key).decrypt(&Nonce::from(nonce), payload);
        let plain = plain.map_err(|_| broken("changed, or taken from another place"))?;
        String::from_utf8(plain).map_err(|_| broken("not text"))
    }

    fn key(&self) -> Result<&Key, Error> {
        Ok(self.0.as_ref().ok_or_else(|| Fault::misuse("this command was started without the key"))?)
    }
}

fn cipher(key: &Key) -> Aes256Gcm {
    Aes256Gcm::new(&key.0.into())
}

/// The name of the key that a text was sealed with; `None` for what is no sealed text.
fn key_of(sealed: &str) -> Option<&str> {
    let mut parts = sealed.split(':');
    if (parts.next(), parts.next()) != (Some(SEALED_MARK), Some(ALGORITHM)) {
        return None;
    }
    parts.next().filter(|_| parts.clone().count() == 1)
}

/// The place of the second factor of an account.
pub(crate) fn factor_place(account: AccountId) -> String {
    Place::Factor(account).to_string()
}

/// What stands sealed in the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// How many values.
    pub values: usize,
    /// Names of the keys they were sealed with, in order, each once.
    pub keys: Vec<String>,
}

impl App {
    /// Counts what stands sealed, and with which keys.
    ///
    /// # Errors
    /// Faults of the database; a value that was never sealed.
    pub fn sealed(&self) -> Result<Sealed, Error> {
        let values = self.db.read(store::all)?;
        let mut keys = Vec::new();
        for (place, text) in &values {
            let name = key_of(text.trim_start_matches(WAITING_MARK));
            let name = name.ok_or_else(|| Fault::corrupt(format!("{place} is not sealed")))?;
            keys.push(name.to_owned());
        }
        keys.sort();
        keys.dedup();
        Ok(Sealed { values: values.len(), keys })
    }

    /// Opens everything and seals it again with a new key, in one transaction; answers how many values.
    ///
    /// # Errors
    /// Faults of the database or of a value; then nothing is changed.
    pub fn renew_key(&self, at: Instant, new: &Vault) -> Result<usize, Error> {
        let (old, new) = (self.vault.clone(), new.clone());
        self.db.write(move |conn| {
            let values = store::all(conn)?;
            for (place, text) in &values {
                let sealed = text.trim_start_matches(WAITING_MARK);
                let mark = &text[..text.len() - sealed.len()];
                let bound = place.to_string();
                let again = new.seal(&bound, &old.open(&bound, sealed)?)?;
                store::put(conn, *place, &format!("{mark}{again}"))?;
            }
            note(conn, at, "installation.key_renewed", values.len())?;
            Ok(values.len())
        })
    }

    /// Takes away what nobody can open any more because the key is lost: second factors, whose owners set them up anew
    /// at the next sign-in, and addresses and passwords of channels, which are to be entered again. Answers how many.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn forget_sealed(&self, at: Instant) -> Result<usize, Error> {
        self.db.write(move |conn| {
            let values = store::all(conn)?;
            for (place, _) in &values {
                store::put(conn, *place, "")?;
                if let Place::Factor(account) = place {
                    bihuan_store::account::end_sessions(conn, *account, "")?;
                }
            }
            note(conn, at, "installation.key_lost", values.len())?;
            Ok(values.len())
        })
    }

    /// The secrets of a channel, opened.
    ///
    /// # Errors
    /// Faults of the database or of the key.
    pub(crate) fn channel_secret(&self, conn: &mut Conn, id: ChannelId) -> Result<Secret, Error> {
        let kept = channels::secret(conn, id)?;
        let open = |place: Place, text: &str| match text {
            "" => Ok(String::new()),
            sealed => self.vault.open(&place.to_string(), sealed),
        };
        Ok(Secret {
            url: open(Place::ChannelUrl(id), &kept.url)?,
            secret: open(Place::ChannelSecret(id), &kept.secret)?,
        })
    }

    /// Keeps the secrets of a channel, sealed.
    ///
    /// # Errors
    /// As [`App::channel_secret`].
    pub(crate) fn keep_channel_secret(
        &self,
        conn: &mut Conn,
        id: ChannelId,
        secret: &Secret,
    ) -> Result<(), Error> {
        let seal = |place: Place, text: &str| match text {
            "" => Ok(String::new()),
            plain => self.vault.seal(&place.to_string(), plain),
        };
        let sealed = Secret {
            url: seal(Place::ChannelUrl(id), &secret.url)?,
            secret: seal(Place::ChannelSecret(id), &secret.secret)?,
        };
        Ok(channels::keep_secret(conn, id, &sealed)?)
    }
}

fn note(conn: &mut Conn, at: Instant, action: &str, values: usize) -> Result<(), Fault> {
    let stamp = Stamp { at, source_address: "console".to_owned(), ..Stamp::default() };
    let entry = NewEntry {
        action: action.to_owned(),
        subject_kind: "installation",
        note: format!("{values}项"),
        ..NewEntry::default()
    };
    journal::append(conn, &stamp, vec![entry]).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        Vault::new(Key::generate().unwrap())
    }

    #[test]
    fn what_is_sealed_opens_only_with_its_key_and_in_its_place() {
        let (ours, other) = (vault(), vault());
        let sealed = ours.seal("a:1", "JBSWY3DPEHPK3PXP").unwrap();
        assert!(!sealed.contains("JBSW") && sealed.starts_with("sealed-1:aes-256-gcm:"));
        assert_ne!(sealed, ours.seal("a:1", "JBSWY3DPEHPK3PXP").unwrap(), "each sealing has its own nonce");
        assert_eq!(ours.open("a:1", &sealed).unwrap(), "JBSWY3DPEHPK3PXP");
        assert!(ours.open("a:2", &sealed).is_err(), "it opened in another row");
        assert!(other.open("a:1", &sealed).unwrap_err().to_string().contains("sealed with key"));
        assert!(Vault::default().open("a:1", &sealed).is_err());
        for at in [sealed.len() - 3, sealed.len() - 20] {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(ours.open("a:1", &String::from_utf8(changed).unwrap()).is_err());
        }
        for wrong in ["", "plain", "sealed-1:aes-256-gcm", "sealed-2:x:y:z"] {
            assert!(ours.open("a:1", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_key_file_is_read_back_and_nothing_else_is_taken_for_one() {
        let key = Key::generate().unwrap();
        assert_eq!(Key::parse(&key.file_text()), Some(key.clone()));
        assert!(!format!("{key:?}").contains(&BASE64_STANDARD.encode(key.0)), "the key is shown");
        for wrong in ["", "# nothing", "bihuan-key-1 sm4-gcm AAAA", "bihuan-key-1 aes-256-gcm AAAA"] {
            assert_eq!(Key::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Key::parse(&format!("{} more", key.file_text().trim_end())), None);
    }
}
