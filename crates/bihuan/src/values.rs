//! Values of options, read with Chinese words for what is wrong.

use bihuan_domain::Day;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// A day as `2024-03-01`.
///
/// # Errors
/// What a day looks like.
pub fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).map_err(|_| "不是日期，请写成 2024-03-01 的样子".to_owned())
}

/// An address to listen on.
///
/// # Errors
/// What an address looks like.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "不是地址和端口，请写成 127.0.0.1:8080 的样子".to_owned())
}

/// A whole number within bounds.
///
/// # Errors
/// The bounds.
pub fn whole<T>(text: &str, bounds: RangeInclusive<T>) -> Result<T, String>
where
    T: FromStr + PartialOrd + std::fmt::Display,
{
    let number = text.parse().ok().filter(|number| bounds.contains(number));
    number.ok_or_else(|| format!("应是{}到{}之间的整数", bounds.start(), bounds.end()))
}

#[cfg(test)]
mod tests {
    use super::{address, day, whole};

    #[test]
    fn a_value_is_taken_at_its_bounds_and_refused_beyond_them() {
        assert_eq!((whole("1", 1..=9), whole("9", 1..=9)), (Ok(1), Ok(9)));
        for wrong in ["0", "10", "x", "", "-1", "99999999999999999999"] {
            assert_eq!(whole(wrong, 1..=9), Err("应是1到9之间的整数".to_owned()), "{wrong}");
        }
        assert!(day("2024-02-29").is_ok() && day("2023-02-29").is_err());
        assert!(address("[::1]:80").is_ok() && address("localhost").is_err());
    }
}
