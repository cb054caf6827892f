//! Passwords, sessions and locks: the operator's settings within safe bounds, and what a password must be
//! (GB/T 22239-2019, 8.1.4.1; the numbers are those assessors commonly ask for).

use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Longest password in characters; a longer one only costs time.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Fewest characters an operator may ask for.
pub const PASSWORD_CHARS_FLOOR: usize = 8;
/// Fewest of the four kinds of characters an operator may ask for.
pub const PASSWORD_KINDS_FLOOR: usize = 3;
/// Longest life of a password in days an operator may allow.
pub const PASSWORD_DAYS_CEILING: i64 = 180;
/// Fewest earlier passwords that may not come again.
pub const PASSWORD_HISTORY_FLOOR: usize = 5;
/// Most wrong tries before the lock an operator may allow.
pub const FAILURES_CEILING: i64 = 10;
/// Shortest lock in minutes.
pub const LOCK_MINUTES_FLOOR: i64 = 15;
/// Longest idle time in minutes.
pub const IDLE_MINUTES_CEILING: i64 = 30;
/// Longest session in hours, however busy.
pub const SESSION_HOURS_CEILING: i64 = 24;
/// Longest sign-in name in characters.
pub const LOGIN_CHARS_MAX: usize = 40;
/// Shortest sign-in name in characters.
pub const LOGIN_CHARS_MIN: usize = 3;

/// What a hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

/// Settings of identity and sessions. [`SecurityPolicy::default`] is right for most offices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecurityPolicy {
    /// Fewest characters of a password.
    pub password_chars_min: usize,
    /// How many of the kinds upper case, lower case, digit, other a password has.
    pub password_kinds_min: usize,
    /// Days after which a password must be changed.
    pub password_days: i64,
    /// How many earlier passwords may not come again, the present one counted.
    pub password_history: usize,
    /// Wrong tries in a row that lock the account.
    pub failures_max: i64,
    /// Minutes a lock lasts.
    pub lock_minutes: i64,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: i64,
    /// The same for the three administrators.
    pub idle_minutes_admin: i64,
    /// Hours after which a session ends, however busy.
    pub session_hours: i64,
    /// Days without a sign-in after which an account counts as stale.
    pub stale_days: i64,
    /// The three administrators must use a second factor.
    pub second_factor_for_admins: bool,
    /// So many denials of one account or address within `alert_minutes` raise an alert.
    pub alert_denials: i64,
    /// See `alert_denials`.
    pub alert_minutes: i64,
    /// An export of so many rows raises an alert.
    pub alert_export_rows: i64,
    /// Hours between two checks of the journal's chain by the program itself.
    pub chain_check_hours: i64,
    /// Cost of a password's hash.
    pub hash_cost: HashCost,
}

impl Default for SecurityPolicy {
    fn default() -> Self {
        SecurityPolicy {
            password_chars_min: 10,
            password_kinds_min: PASSWORD_KINDS_FLOOR,
            password_days: 90,
            password_history: PASSWORD_HISTORY_FLOOR,
            failures_max: 5,
            lock_minutes: 30,
            idle_minutes: 15,
            idle_minutes_admin: 10,
            session_hours: 12,
            stale_days: 90,
            second_factor_for_admins: true,
            alert_denials: 20,
            alert_minutes: 10,
            alert_export_rows: 5_000,
            chain_check_hours: 24,
            // What OWASP asks of argon2id at least; about 20 ms on one core.
            hash_cost: HashCost { memory_kib: 19 * 1024, passes: 2 },
        }
    }
}

impl SecurityPolicy {
    /// Refuses settings outside the safe bounds.
    ///
    /// # Errors
    /// `unsafe_setting`, naming the setting and its bounds.
    pub fn checked(self) -> Result<SecurityPolicy, Refusal> {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let bounds: [(&str, i64, i64, i64); 15] = [
            (
                "password_chars_min",
                number(self.password_chars_min),
                number(PASSWORD_CHARS_FLOOR),
                number(PASSWORD_CHARS_MAX),
            ),
            ("password_kinds_min", number(self.password_kinds_min), number(PASSWORD_KINDS_FLOOR), 4),
            ("password_days", self.password_days, 1, PASSWORD_DAYS_CEILING),
            ("password_history", number(self.password_history), number(PASSWORD_HISTORY_FLOOR), 24),
            ("failures_max", self.failures_max, 1, FAILURES_CEILING),
            ("lock_minutes", self.lock_minutes, LOCK_MINUTES_FLOOR, 24 * 60),
            ("idle_minutes", self.idle_minutes, 1, IDLE_MINUTES_CEILING),
            ("idle_minutes_admin", self.idle_minutes_admin, 1, IDLE_MINUTES_CEILING),
            ("session_hours", self.session_hours, 1, SESSION_HOURS_CEILING),
            ("stale_days", self.stale_days, 1, 365),
            ("alert_denials", self.alert_denials, 3, 1_000),
            ("alert_minutes", self.alert_minutes, 1, 24 * 60),
            ("alert_export_rows", self.alert_export_rows, 100, 1_000_000),
            ("chain_check_hours", self.chain_check_hours, 1, 168),
            ("hash_cost.memory_kib", i64::from(self.hash_cost.memory_kib), 8 * 1024, 1024 * 1024),
        ];
        match bounds.into_iter().find(|(_, value, low, high)| value < low || value > high) {
            None => Ok(self),
            Some((name, value, low, high)) => Err(Refusal::new(
                "unsafe_setting",
                format!("安全设置 {name} = {value} 超出允许范围 {low}–{high}。"),
                "请改为允许范围内的数值后再启动。",
            )),
        }
    }

    /// Minutes without a request after which a session ends.
    pub fn idle_minutes_of(&self, administrator: bool) -> i64 {
        if administrator { self.idle_minutes_admin } else { self.idle_minutes }
    }

    /// Checks a new password in itself; whether it was used before is for the caller, who can compare hashes.
    ///
    /// # Errors
    /// `password_short`, `password_long`, `password_simple`, `password_is_login`, all of the field `password`.
    pub fn check_password(&self, login: &str, password: &str) -> Result<(), Refusal> {
        let refuse = |code, sentence: String| {
            Err(Refusal::of_field("password", code, sentence, "请换一个符合要求的密码。"))
        };
        let chars = password.chars().count();
        if chars < self.password_chars_min {
            return refuse(
                "password_short",
                format!("新密码只有 {chars} 位，至少要有 {} 位。", self.password_chars_min),
            );
        }
        if chars > PASSWORD_CHARS_MAX {
            return refuse("password_long", format!("新密码有 {chars} 位，最多 {PASSWORD_CHARS_MAX} 位。"));
        }
        if kinds(password) < self.password_kinds_min {
            return refuse(
                "password_simple",
                format!(
                    "新密码太简单：大写字母、小写字母、数字、符号中至少要有 {} 种。",
                    self.password_kinds_min
                ),
            );
        }
        if password.to_lowercase().contains(&login.to_lowercase()) {
            return refuse("password_is_login", "新密码不能包含登录名。".to_owned());
        }
        Ok(())
    }
}

/// How many of the four kinds of characters a password has.
fn kinds(password: &str) -> usize {
    let has = |test: fn(char) -> bool| usize::from(password.chars().any(test));
    has(|c| c.is_ascii_uppercase())
        + has(|c| c.is_ascii_lowercase())
        + has(|c| c.is_ascii_digit())
        + has(|c| !c.is_ascii_alphanumeric())
}

/// Checks a sign-in name; answers with it trimmed and in lower case.
///
/// # Errors
/// `login_bad`.
pub fn check_login(login: &str) -> Result<String, Refusal> {
    let login = login.trim().to_lowercase();
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    if (LOGIN_CHARS_MIN..=LOGIN_CHARS_MAX).contains(&login.chars().count()) && login.chars().all(good) {
        return Ok(login);
    }
    Err(Refusal::of_field(
        "login",
        "login_bad",
        format!("登录名须为 {LOGIN_CHARS_MIN}–{LOGIN_CHARS_MAX} 位小写字母、数字或 . _ - 。"),
        "例如 zhang.wei 或 jyj-zw01。",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_settings_are_safe_and_unsafe_ones_are_named_b3() {
        assert!(SecurityPolicy::default().checked().is_ok());
        let at_edge = SecurityPolicy {
            password_chars_min: PASSWORD_CHARS_FLOOR,
            password_days: PASSWORD_DAYS_CEILING,
            failures_max: FAILURES_CEILING,
            lock_minutes: LOCK_MINUTES_FLOOR,
            idle_minutes: IDLE_MINUTES_CEILING,
            ..SecurityPolicy::default()
        };
        assert!(at_edge.clone().checked().is_ok());
        for beyond in [
            SecurityPolicy { password_chars_min: PASSWORD_CHARS_FLOOR - 1, ..at_edge.clone() },
            SecurityPolicy { password_days: PASSWORD_DAYS_CEILING + 1, ..at_edge.clone() },
            SecurityPolicy { failures_max: FAILURES_CEILING + 1, ..at_edge.clone() },
            SecurityPolicy { lock_minutes: LOCK_MINUTES_FLOOR - 1, ..at_edge.clone() },
            SecurityPolicy { idle_minutes: IDLE_MINUTES_CEILING + 1, ..at_edge.clone() },
            SecurityPolicy { password_history: PASSWORD_HISTORY_FLOOR - 1, ..at_edge },
        ] {
            assert_eq!(beyond.checked().map_err(|refusal| refusal.code), Err("unsafe_setting"));
        }
    }

    #[test]
    fn a_password_has_length_kinds_and_not_the_login_name_b2() {
        let check = |password: &str| {
            SecurityPolicy::default().check_password("zhang.wei", password).map_err(|refusal| refusal.code)
        };
        assert_eq!(check("Abcdef-12"), Err("password_short"));
        assert_eq!(check("Abcdef-123"), Ok(()));
        assert_eq!(check("abcdefg123"), Err("password_simple"));
        assert_eq!(check("Zhang.Wei-2024"), Err("password_is_login"));
        assert_eq!(check("好密码也算符号Ab1"), Ok(()));
        assert_eq!(check(&"Ab1-".repeat(PASSWORD_CHARS_MAX / 4)), Ok(()));
        assert_eq!(check(&format!("{}x", "Ab1-".repeat(PASSWORD_CHARS_MAX / 4))), Err("password_long"));
    }

    #[test]
    fn sign_in_names_are_plain() {
        assert_eq!(check_login(" Zhang.Wei "), Ok("zhang.wei".to_owned()));
        for bad in ["ab", "张伟", "a b c", "x@y.z", &"a".repeat(LOGIN_CHARS_MAX + 1)] {
            assert!(check_login(bad).is_err(), "{bad}");
        }
    }
}
