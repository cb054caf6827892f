//! Where administrators may come from: by TLS or on the machine itself (GB/T 22239 B4), and from the addresses that
//! the settings name (B17).

use std::{fmt, net::IpAddr, str::FromStr};

use axum::{extract::ConnectInfo, http::request::Parts};
use serde::Deserialize;

use crate::{guard::client_address, headers::Settings};

/// A range of addresses: `10.20.0.0/16`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    first: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether the address lies in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (whole, same) = match (self.first, address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => (32, (a.to_bits() ^ b.to_bits()).leading_zeros()),
            (IpAddr::V6(a), IpAddr::V6(b)) => (128, (a.to_bits() ^ b.to_bits()).leading_zeros()),
            _ => return false,
        };
        u32::from(self.bits) <= same.min(whole)
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}”不是地址范围，应如 10.20.0.0/16 或 192.168.1.5");
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(a, b)| (a, Some(b)));
        let first = IpAddr::from_str(address).map_err(|_| wrong())?.to_canonical();
        let whole = if first.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(whole), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits > whole { Err(wrong()) } else { Ok(Network { first, bits }) }
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.first, self.bits)
    }
}

/// Why an administrator is turned away at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// The request came without TLS, as far as anybody we trust says.
    PlainHttp,
    /// The address is not one of those for administrators.
    Address,
}

impl Bar {
    /// For the journal.
    pub fn words(self) -> &'static str {
        match self {
            Bar::PlainHttp => "管理员未经加密连接访问",
            Bar::Address => "管理员从未列入的地址访问",
        }
    }
}

/// Whether an administrator who sends this request is turned away.
pub fn bar(settings: &Settings, head: &Parts) -> Option<Bar> {
    if !settings.admin_plain_http && !is_by_tls(settings, head) && !is_on_this_machine(settings, head) {
        return Some(Bar::PlainHttp);
    }
    // Without an address nothing was sent over a network, as in tests.
    let address = client_address(settings, head)?;
    let listed =
        settings.admin_networks.is_empty() || settings.admin_networks.iter().any(|n| n.contains(address));
    (!listed).then_some(Bar::Address)
}

/// The program itself speaks no TLS: a proxy of ours says whether the browser did.
fn is_by_tls(settings: &Settings, head: &Parts) -> bool {
    let Some(near) = near(head) else { return false };
    let said = head.headers.get(settings.scheme_header()).and_then(|value| value.to_str().ok());
    settings.trusted_proxies.contains(&near)
        && said.is_some_and(|said| {
            said.rsplit(',').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("https"))
        })
}

/// A loopback connection that nobody forwarded. A proxy on the same machine that was not made known adds such a
/// header, and then loopback says nothing about where the person sits.
fn is_on_this_machine(settings: &Settings, head: &Parts) -> bool {
    let Some(near) = near(head) else { return true };
    let forwarded = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip", "via"];
    near.is_loopback()
        && !settings.trusted_proxies.contains(&near)
        && !forwarded.iter().any(|name| head.headers.contains_key(*name))
}

fn near(head: &Parts) -> Option<IpAddr> {
    let ConnectInfo(socket) = head.extensions.get::<ConnectInfo<std::net::SocketAddr>>()?;
    Some(socket.ip().to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_first_and_last_address_and_no_other() {
        let holds =
            |range: &str, address: &str| range.parse::<Network>().unwrap().contains(address.parse().unwrap());
        assert!(holds("10.20.0.0/16", "10.20.0.0") && holds("10.20.0.0/16", "10.20.255.255"));
        assert!(!holds("10.20.0.0/16", "10.21.0.0") && !holds("10.20.0.0/16", "10.19.255.255"));
        assert!(holds("10.20.0.0/16", "::ffff:10.20.1.1") && !holds("10.0.0.0/8", "::1"));
        assert!(holds("192.0.2.5", "192.0.2.5") && !holds("192.0.2.5", "192.0.2.4"));
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "fe80::1"));
        assert!(holds("0.0.0.0/0", "203.0.113.9"));
        for wrong in ["", "10.0.0", "10.0.0.0/33", "fd00::/129", "10.0.0.0/x", "any"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
