use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use bihuan_web::rate::{
    ACCOUNT_NAME_BYTES, ACCOUNT_TRIES, ACCOUNT_WINDOW, ADDRESS_TRIES, ADDRESS_WINDOW, REMEMBERED_KEYS,
    SignInLimiter,
};

fn address(number: u32) -> Option<IpAddr> {
    Some(IpAddr::from(number.to_be_bytes()))
}

#[test]
fn an_account_has_exactly_its_tries_from_wherever_they_come() {
    let limiter = SignInLimiter::new();
    let now = Instant::now();
    for number in 0..ACCOUNT_TRIES {
        limiter.try_once(now, address(number), "wang").unwrap();
    }
    let wait = limiter.try_once(now, address(1_000), " WANG ").unwrap_err();
    assert_eq!(wait, ACCOUNT_WINDOW / ACCOUNT_TRIES);
    limiter.try_once(now, address(1_000), "zhao").unwrap();
}

#[test]
fn waiting_as_long_as_told_gives_one_more_try_and_not_two() {
    let limiter = SignInLimiter::new();
    let start = Instant::now();
    for _ in 0..ACCOUNT_TRIES {
        limiter.try_once(start, None, "wang").unwrap();
    }
    let wait = limiter.try_once(start, None, "wang").unwrap_err();
    let almost = start + wait - Duration::from_nanos(1);
    assert_eq!(limiter.try_once(almost, None, "wang"), Err(Duration::from_nanos(1)));
    limiter.try_once(start + wait, None, "wang").unwrap();
    limiter.try_once(start + wait, None, "wang").unwrap_err();
    let later = start + wait + ACCOUNT_WINDOW;
    for _ in 0..ACCOUNT_TRIES {
        limiter.try_once(later, None, "wang").unwrap();
    }
    limiter.try_once(later, None, "wang").unwrap_err();
}

#[test]
fn an_address_has_exactly_its_tries_whatever_the_account() {
    let limiter = SignInLimiter::new();
    let now = Instant::now();
    for number in 0..ADDRESS_TRIES {
        limiter.try_once(now, address(7), &format!("account {number}")).unwrap();
    }
    let wait = limiter.try_once(now, address(7), "another").unwrap_err();
    assert_eq!(wait, ADDRESS_WINDOW / ADDRESS_TRIES);
    limiter.try_once(now, address(8), "another").unwrap();
}

#[test]
fn a_whole_network_of_the_new_kind_counts_as_one_address() {
    let limiter = SignInLimiter::new();
    let now = Instant::now();
    for number in 0..ADDRESS_TRIES {
        let address: IpAddr = format!("2001:db8:1:2::{number:x}").parse().unwrap();
        limiter.try_once(now, Some(address), &format!("account {number}")).unwrap();
    }
    let same: IpAddr = "2001:db8:1:2:ffff::1".parse().unwrap();
    let other: IpAddr = "2001:db8:1:3::1".parse().unwrap();
    limiter.try_once(now, Some(same), "another").unwrap_err();
    limiter.try_once(now, Some(other), "another").unwrap();
}

#[test]
fn signing_in_gives_the_tries_back() {
    let limiter = SignInLimiter::new();
    let now = Instant::now();
    for _ in 0..5 * ACCOUNT_TRIES {
        limiter.try_once(now, address(7), "wang").unwrap();
        limiter.succeeded(address(7), "wang");
    }
    for number in 0..ADDRESS_TRIES {
        limiter.try_once(now, address(7), &format!("account {number}")).unwrap();
    }
    limiter.try_once(now, address(7), "another").unwrap_err();
}

#[test]
fn memory_is_bounded_whatever_is_tried() {
    let limiter = SignInLimiter::new();
    let now = Instant::now();
    for _ in 0..ACCOUNT_TRIES {
        limiter.try_once(now, None, "wang").unwrap();
    }
    // The flood comes from many addresses; each key gets one try.
    for number in 0..REMEMBERED_KEYS as u32 + 50 {
        limiter.try_once(now, address(number), &format!("flood {number}")).unwrap();
    }
    assert_eq!(limiter.remembered(), (REMEMBERED_KEYS, REMEMBERED_KEYS));
    limiter.try_once(now, None, "wang").expect_err("the account under attack is not forgotten");
    let later = now + ADDRESS_WINDOW + ACCOUNT_WINDOW;
    limiter.try_once(later, address(u32::MAX), "late").unwrap();
    assert_eq!(limiter.remembered(), (1, 1));
}

#[test]
fn a_long_name_is_cut_at_a_whole_character() {
    let limiter = SignInLimiter::new();
    let now = Instant::now();
    let name = "王".repeat(ACCOUNT_NAME_BYTES);
    for _ in 0..ACCOUNT_TRIES {
        limiter.try_once(now, None, &name).unwrap();
    }
    limiter.try_once(now, None, &format!("{name}甲")).unwrap_err();
}
