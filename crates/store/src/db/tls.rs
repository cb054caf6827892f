//! TLS to PostgreSQL, asked for in the address as other programs do: `sslmode` and `sslrootcert`.
//!
//! `require` encrypts and does not ask who is at the other end, unless a root certificate is given; `verify-ca` asks
//! whether one of the roots vouches for the server; `verify-full` also whether its certificate bears the host's name.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::fault::Fault;

/// How much is asked of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// Nothing: the connection is encrypted, with whomever.
    Anybody,
    /// One of the roots vouches for it.
    Vouched,
    /// And its certificate bears the name of the host.
    Named,
}

/// What an address says about TLS.
pub(super) struct Asked {
    /// The address without what is ours.
    pub(super) url: String,
    pub(super) mode: SslMode,
    /// `None` where no TLS is spoken.
    pub(super) connector: Option<MakeRustlsConnect>,
    /// The address says nothing about TLS.
    pub(super) silent: bool,
}

/// Reads an address.
///
/// # Errors
/// `BadConfig` for a mode nobody knows and for roots that cannot be read.
pub(super) fn asked(url: &str) -> Result<Asked, Fault> {
    let (url, mut taken) = take(url, &["sslmode", "sslrootcert"]);
    let (root, mode) = (taken.pop().flatten(), taken.pop().flatten());
    let (ssl_mode, trust) = match (mode.as_deref(), &root) {
        (None, None) => {
            return Ok(Asked { url, mode: SslMode::Disable, connector: None, silent: true });
        }
        (Some("disable"), _) => {
            return Ok(Asked { url, mode: SslMode::Disable, connector: None, silent: false });
        }
        (Some("prefer"), None) => (SslMode::Prefer, Trust::Anybody),
        (Some("require"), None) => (SslMode::Require, Trust::Anybody),
        (Some("prefer" | "require" | "verify-ca"), Some(_)) => (SslMode::Require, Trust::Vouched),
        (Some("verify-full") | None, Some(_)) => (SslMode::Require, Trust::Named),
        (Some("verify-ca" | "verify-full"), None) => {
            return Err(bad(
                "sslmode=verify-ca and verify-full need sslrootcert=FILE with the root certificates",
            ));
        }
        (Some(other), _) => {
            return Err(bad(format!(
                "sslmode={other} is not known; use disable, prefer, require, verify-ca or verify-full"
            )));
        }
    };
    let connector = MakeRustlsConnect::new(client_config(trust, root.as_deref())?);
    Ok(Asked { url, mode: ssl_mode, connector: Some(connector), silent: false })
}

/// Whether passwords and data would cross a network in clear.
pub(super) fn leaves_the_machine(hosts: &[Host]) -> bool {
    hosts.iter().any(|host| match host {
        Host::Tcp(name) => {
            name != "localhost" && name.parse::<std::net::IpAddr>().map_or(true, |ip| !ip.is_loopback())
        }
        Host::Unix(_) => false,
    })
}

fn bad(what: impl Into<String>) -> Fault {
    Fault::BadConfig { what: what.into(), source: None }
}

/// Takes parameters out of an address, which is a URL or a list of `key=value`.
fn take(url: &str, names: &[&str]) -> (String, Vec<Option<String>>) {
    let is_url = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let mut found = vec![None; names.len()];
    let mut keep = |pair: &&str| {
        let Some((name, value)) = pair.split_once('=') else { return true };
        let Some(at) = names.iter().position(|wanted| *wanted == name.trim()) else { return true };
        let value = value.trim().trim_matches('\'');
        found[at] = Some(if is_url { decoded(value) } else { value.to_owned() });
        false
    };
    let rest = if is_url {
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).filter(&mut keep).collect();
        if kept.is_empty() { place.to_owned() } else { format!("{place}?{}", kept.join("&")) }
    } else {
        url.split_whitespace().filter(&mut keep).collect::<Vec<_>>().join(" ")
    };
    (rest, found)
}

/// `%2F` and the like, as addresses write what has a meaning of its own in them.
fn decoded(text: &str) -> String {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let pair = text.get(at + 1..at + 3).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match pair.filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn client_config(trust: Trust, root: Option<&str>) -> Result<ClientConfig, Fault> {
    let provider = Arc::new(ring::default_provider());
    // TLS 1.2 and 1.3; nothing older is built in.
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(format!("TLS cannot be spoken: {error}")))?;
    let Some(root) = root else {
        let anybody = Checker { provider, verifier: None, trust };
        return Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(anybody))
            .with_no_client_auth());
    };
    let roots = roots(root)?;
    if trust == Trust::Named {
        return Ok(builder.with_root_certificates(roots).with_no_client_auth());
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(|error| bad(format!("sslrootcert={root}: {error}")))?;
    let vouched = Checker { provider, verifier: Some(verifier), trust };
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(vouched)).with_no_client_auth())
}

fn roots(path: &str) -> Result<RootCertStore, Fault> {
    let unread = |error: &dyn std::fmt::Display| bad(format!("sslrootcert={path} cannot be read: {error}"));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unread(&error))? {
        let certificate = certificate.map_err(|error| unread(&error))?;
        roots.add(certificate).map_err(|error| unread(&error))?;
    }
    if roots.is_empty() { Err(bad(format!("sslrootcert={path} holds no certificate"))) } else { Ok(roots) }
}

/// Checks less than usual: not the name, or not the certificate. The handshake's signatures are always checked.
#[derive(Debug)]
struct Checker {
    provider: Arc<CryptoProvider>,
    verifier: Option<Arc<WebPkiServerVerifier>>,
    trust: Trust,
}

impl ServerCertVerifier for Checker {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(verifier) = &self.verifier else { return Ok(ServerCertVerified::assertion()) };
        match verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.trust == Trust::Vouched => Ok(ServerCertVerified::assertion()),
            answer => answer,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ours_is_taken_out_of_an_address_and_the_rest_stays() {
        let names = ["sslmode", "sslrootcert"];
        let (rest, found) =
            take("postgres://u:p@h/db?a=1&sslmode=require&sslrootcert=%2Fetc%2Fca.pem", &names);
        assert_eq!(rest, "postgres://u:p@h/db?a=1");
        assert_eq!(found, [Some("require".to_owned()), Some("/etc/ca.pem".to_owned())]);
        let (rest, found) = take("host=h sslmode=verify-ca user=u sslrootcert='/etc/ca.pem'", &names);
        assert_eq!(rest, "host=h user=u");
        assert_eq!(found, [Some("verify-ca".to_owned()), Some("/etc/ca.pem".to_owned())]);
        assert_eq!(take("postgres://h/db", &names).0, "postgres://h/db");
    }

    #[test]
    fn a_mode_nobody_knows_and_missing_roots_are_said() {
        for (url, words) in [
            ("postgres://h/db?sslmode=verify-full", "sslrootcert"),
            ("postgres://h/db?sslmode=verify-ca", "sslrootcert"),
            ("postgres://h/db?sslmode=always", "sslmode=always"),
            ("postgres://h/db?sslmode=verify-full&sslrootcert=/no/such/file", "/no/such/file"),
        ] {
            let Err(Fault::BadConfig { what, .. }) = asked(url) else { panic!("{url} was taken") };
            assert!(what.contains(words), "{what}");
        }
        assert!(asked("postgres://h/db").is_ok_and(|asked| asked.connector.is_none() && asked.silent));
        assert!(asked("postgres://h/db?sslmode=require").is_ok_and(|asked| asked.connector.is_some()));
    }

    #[test]
    fn only_another_machine_is_reached_by_a_network() {
        let tcp = |name: &str| leaves_the_machine(&[Host::Tcp(name.to_owned())]);
        assert!(tcp("db.example.gov.cn") && tcp("10.0.0.5"));
        assert!(!tcp("localhost") && !tcp("127.0.0.1") && !tcp("::1"));
        assert!(!leaves_the_machine(&[Host::Unix("/run".into())]));
    }
}
