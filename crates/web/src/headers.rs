//! Headers that every answer carries, and the settings they depend on.

use std::net::IpAddr;

use crate::counter::Network;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Nothing may be loaded from elsewhere, no script or style may stand in a page, no other site may frame us.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Two years, the usual length for a host that keeps TLS.
pub const HSTS_SECONDS: u64 = 63_072_000;

/// How the pages are reached.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whether browsers reach us by TLS, here or at a proxy. Then cookies are secure.
    pub secure: bool,
    /// Whether to tell browsers to use TLS only from now on. Needs `secure`.
    pub strict_transport: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The address that people type, such as `https://bihuan.example.gov.cn`, when a proxy changes the host name.
    pub public_origin: Option<String>,
    /// The header in which a trusted proxy says `https`; empty for the usual `X-Forwarded-Proto`.
    pub scheme_header: String,
    /// Where the three administrators may come from; empty for everywhere.
    pub admin_networks: Vec<Network>,
    /// Let the administrators in without TLS too.
    pub admin_plain_http: bool,
}

impl Settings {
    /// The header in which a trusted proxy says `https`.
    pub fn scheme_header(&self) -> &str {
        if self.scheme_header.is_empty() { "x-forwarded-proto" } else { &self.scheme_header }
    }
}

const ALWAYS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Adds the headers. What a handler has set itself about caching stays.
pub fn add(settings: &Settings, headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if settings.secure && settings.strict_transport {
        let value = format!("max-age={HSTS_SECONDS}");
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
        }
    }
}
