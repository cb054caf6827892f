//! Counts how often somebody is turned away, in memory and in bounded space; many times in a short time is an alert
//! (GB/T 22239 B18). The clock comes in with each call.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use bihuan_domain::{Instant, id::AccountId};

/// Accounts and addresses that are remembered. Beyond it those whose time is over make room, then the oldest.
pub const WATCHED_MAX: usize = 20_000;

/// Who is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    Account(AccountId),
    Address(Option<IpAddr>),
}

/// The counts.
#[derive(Debug, Default)]
pub struct Watch(Mutex<HashMap<Who, (Instant, i64)>>);

impl Watch {
    /// Counts one denial within windows of `seconds`; answers with the count of this window.
    pub fn denied(&self, who: Who, now: Instant, seconds: i64) -> i64 {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = |began: &Instant| now.micros_since(*began) >= seconds * 1_000_000;
        if counts.len() >= WATCHED_MAX && !counts.contains_key(&who) {
            counts.retain(|_, (began, _)| !over(began));
            if counts.len() >= WATCHED_MAX
                && let Some(oldest) = counts.iter().min_by_key(|(_, (began, _))| *began).map(|(who, _)| *who)
            {
                counts.remove(&oldest);
            }
        }
        let (began, count) = counts.entry(who).or_insert((now, 0));
        if over(began) {
            (*began, *count) = (now, 0);
        }
        *count += 1;
        *count
    }

    /// How many accounts and addresses are remembered.
    pub fn remembered(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_begins_anew_when_its_time_is_over_and_memory_is_bounded() {
        let watch = Watch::default();
        let at = |seconds: i64| Instant::from_micros(seconds * 1_000_000);
        let who = Who::Account(AccountId(1));
        assert_eq!((watch.denied(who, at(0), 60), watch.denied(who, at(59), 60)), (1, 2));
        assert_eq!(watch.denied(Who::Address(None), at(59), 60), 1, "others have their own count");
        assert_eq!(watch.denied(who, at(60), 60), 1);
        for n in 0..WATCHED_MAX as i64 + 10 {
            watch.denied(Who::Account(AccountId(n + 10)), at(70), 60);
        }
        assert_eq!(watch.remembered(), WATCHED_MAX);
    }
}
