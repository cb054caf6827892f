//! Slows down whoever guesses passwords: by address and by account, in memory, in bounded space.
//!
//! This is the first fence. The lock of an account after failed tries is a rule of the store and survives a restart.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Tries at once from one address. Generous, because a whole office may stand behind one address.
pub const ADDRESS_TRIES: u32 = 60;
/// After this time an address that used all its tries has all of them again.
pub const ADDRESS_WINDOW: Duration = Duration::from_secs(10 * 60);
/// Tries at once for one account, wherever they come from.
pub const ACCOUNT_TRIES: u32 = 10;
/// After this time an account that used all its tries has all of them again.
pub const ACCOUNT_WINDOW: Duration = Duration::from_secs(15 * 60);
/// Addresses and accounts that are remembered, each. Beyond it the one nearest to being forgotten makes room.
pub const REMEMBERED_KEYS: usize = 20_000;
/// Bytes of an account name that tell accounts apart here; nobody can fill memory with long names.
pub const ACCOUNT_NAME_BYTES: usize = 64;

/// Counts tries to sign in. The clock comes in with each call.
#[derive(Debug, Default)]
pub struct SignInLimiter {
    buckets: Mutex<Buckets>,
}

#[derive(Debug, Default)]
struct Buckets {
    addresses: HashMap<IpAddr, Instant>,
    accounts: HashMap<String, Instant>,
}

impl SignInLimiter {
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one try. `Err` says how long to wait; a refused try costs nothing, so waiting always helps.
    pub fn try_once(&self, now: Instant, address: Option<IpAddr>, account: &str) -> Result<(), Duration> {
        let mut buckets = self.lock();
        let address = address.map(network_of);
        let account = account_key(account);
        if let Some(address) = address {
            room(&buckets.addresses, &address, now, ADDRESS_TRIES, ADDRESS_WINDOW)?;
        }
        room(&buckets.accounts, &account, now, ACCOUNT_TRIES, ACCOUNT_WINDOW)?;
        if let Some(address) = address {
            spend(&mut buckets.addresses, address, now, ADDRESS_TRIES, ADDRESS_WINDOW);
        }
        spend(&mut buckets.accounts, account, now, ACCOUNT_TRIES, ACCOUNT_WINDOW);
        Ok(())
    }

    /// Forgets the tries for an account whose owner has just signed in, and gives the address its try back.
    pub fn succeeded(&self, address: Option<IpAddr>, account: &str) {
        let mut buckets = self.lock();
        buckets.accounts.remove(&account_key(account));
        if let Some(full_again) = address.and_then(|address| buckets.addresses.get_mut(&network_of(address)))
        {
            *full_again = full_again.checked_sub(ADDRESS_WINDOW / ADDRESS_TRIES).unwrap_or(*full_again);
        }
    }

    /// How many addresses and accounts are remembered.
    pub fn remembered(&self) -> (usize, usize) {
        let buckets = self.lock();
        (buckets.addresses.len(), buckets.accounts.len())
    }

    /// A panic elsewhere leaves nothing half done here: every step is one insert.
    fn lock(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An IPv6 customer owns a whole /64, so single addresses in it mean nothing.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

fn account_key(account: &str) -> String {
    let mut key = account.trim().to_lowercase();
    key.truncate(key.floor_char_boundary(ACCOUNT_NAME_BYTES));
    key
}

/// Each key keeps the moment at which all its tries will be there again; a try moves it on by one share.
fn room<K: std::hash::Hash + Eq>(
    buckets: &HashMap<K, Instant>,
    key: &K,
    now: Instant,
    tries: u32,
    window: Duration,
) -> Result<(), Duration> {
    let Some(full_again) = buckets.get(key) else { return Ok(()) };
    let after = full_again.saturating_duration_since(now) + window / tries;
    if after <= window { Ok(()) } else { Err(after - window) }
}

fn spend<K: std::hash::Hash + Eq + Clone>(
    buckets: &mut HashMap<K, Instant>,
    key: K,
    now: Instant,
    tries: u32,
    window: Duration,
) {
    if buckets.len() >= REMEMBERED_KEYS && !buckets.contains_key(&key) {
        buckets.retain(|_, full_again| *full_again > now);
        if buckets.len() >= REMEMBERED_KEYS
            && let Some(nearest) =
                buckets.iter().min_by_key(|(_, full_again)| **full_again).map(|(nearest, _)| nearest.clone())
        {
            buckets.remove(&nearest);
        }
    }
    let full_again = buckets.entry(key).or_insert(now);
    *full_again = (*full_again).max(now) + window / tries;
}
