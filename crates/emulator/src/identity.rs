//! The emulator's certificates: made when there are none, kept in files when there is a directory.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use time::{Duration, OffsetDateTime};

use crate::error::StartError;
use crate::management::{self, Management};
use crate::tls;

/// Everything in PEM form, as it stands in the files.
pub(crate) struct Identity {
    pub(crate) ca: String,
    /// The server's certificate and key.
    pub(crate) server: String,
    /// The management certificate and its key.
    pub(crate) management: String,
}

/// How long certificates are valid: some platforms refuse a server's after 825 days.
const VALID_FOR: Duration = Duration::days(800);
/// How long before they were made they are valid, because clocks differ.
const VALID_BEFORE: Duration = Duration::days(1);

impl Identity {
    /// Makes new certificates with ECDSA P-256 keys, which takes no time.
    pub(crate) fn generate() -> Result<Self, StartError> {
        let make = || Self::with_management_key(&KeyPair::generate()?);
        make().map_err(StartError::certificate)
    }

    /// The same with an RSA key for the management certificate: old tools know no other. It takes as
    /// long as luck wants it.
    pub(crate) fn generate_for_old_tools() -> Result<Self, StartError> {
        let key = management::rsa_key().map_err(StartError::Certificate)?;
        Self::with_management_key(&key).map_err(StartError::certificate)
    }

    fn with_management_key(management_key: &KeyPair) -> Result<Self, rcgen::Error> {
        let mut authority = params_for("azure-classic emulator CA");
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority_key = KeyPair::generate()?;
        let ca = authority.self_signed(&authority_key)?.pem();
        let issuer = Issuer::new(authority, authority_key);

        let mut server = params_for("azure-classic emulator");
        server.subject_alt_names = vec![
            SanType::DnsName("localhost".try_into()?),
            SanType::IpAddress(Ipv4Addr::LOCALHOST.into()),
            SanType::IpAddress(Ipv6Addr::LOCALHOST.into()),
        ];
        server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate()?;
        let server = server.signed_by(&key, &issuer)?.pem() + &key.serialize_pem();

        let mut management = params_for("azure-classic emulator management");
        management.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        management.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = management.self_signed(management_key)?;
        let management = certificate.pem() + &management_key.serialize_pem();

        Ok(Self { ca, server, management })
    }

    /// Whether all parts can be read and belong together, and the server certificate (and with it
    /// the others, which are as old) is valid at this time.
    pub(crate) fn is_usable(&self, at: UnixTime) -> bool {
        self.server_is_trusted(at).is_some()
            && self.server_config().is_ok()
            && self.client_config_works().is_some()
            && self.management().is_ok()
    }

    /// Whether old tools can present the management certificate, too.
    pub(crate) fn is_for_old_tools(&self) -> bool {
        self.management().is_ok_and(|management| management.is_rsa())
    }

    fn server_is_trusted(&self, at: UnixTime) -> Option<()> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.ca.as_bytes()).ok()?).ok()?;
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), tls::provider())
                .build()
                .ok()?;
        let server = CertificateDer::from_pem_slice(self.server.as_bytes()).ok()?;
        let name = ServerName::try_from("localhost").ok()?;
        verifier.verify_server_cert(&server, &[], &name, &[], at).ok().map(drop)
    }

    fn client_config_works(&self) -> Option<()> {
        let (certificate, key) = pair(&self.management).ok()?;
        ClientConfig::builder_with_provider(tls::provider())
            .with_safe_default_protocol_versions()
            .ok()?
            .with_root_certificates(RootCertStore::empty())
            .with_client_auth_cert(vec![certificate], key)
            .ok()
            .map(drop)
    }

    pub(crate) fn server_config(&self) -> Result<ServerConfig, rustls::Error> {
        let (certificate, key) =
            pair(&self.server).map_err(|error| rustls::Error::General(error.to_string()))?;
        tls::server_config(vec![certificate], key)
    }

    /// The management certificate for those who do not read PEM.
    pub(crate) fn management(&self) -> Result<Management, StartError> {
        Management::from_pem(&self.management).map_err(StartError::Certificate)
    }
}

/// Keys do not show.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

fn pair(
    pem: &str,
) -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), rustls::pki_types::pem::Error> {
    Ok((
        CertificateDer::from_pem_slice(pem.as_bytes())?,
        PrivateKeyDer::from_pem_slice(pem.as_bytes())?,
    ))
}

fn params_for(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, name);
    let now = OffsetDateTime::now_utc();
    params.not_before = now - VALID_BEFORE;
    params.not_after = now + VALID_FOR;
    // Strict verifiers (Python 3.13's default) want it in everything but a root.
    params.use_authority_key_identifier_extension = true;
    params
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn certificates_are_usable_while_they_are_valid_and_whole() {
        let identity = Identity::generate().unwrap();
        let other = Identity::generate().unwrap();
        let now = UnixTime::now();
        let days = |count: u64| {
            UnixTime::since_unix_epoch(Duration::from_secs(now.as_secs() + count * 86_400))
        };
        assert!(identity.is_usable(now));
        assert!(identity.is_usable(days(799)));
        assert!(!identity.is_usable(days(801)));

        let certificate_of = |pem: &str| {
            pem.split_inclusive("END CERTIFICATE-----\n").next().map(str::to_owned).unwrap()
        };
        let key_of = |pem: &str| pem.replace(&certificate_of(pem), "");
        for broken in [
            Identity { ca: other.ca.clone(), ..copy(&identity) },
            Identity { ca: String::new(), ..copy(&identity) },
            Identity { server: certificate_of(&identity.server), ..copy(&identity) },
            Identity {
                server: certificate_of(&identity.server) + &key_of(&other.server),
                ..copy(&identity)
            },
            Identity { management: key_of(&identity.management), ..copy(&identity) },
            Identity {
                management: certificate_of(&identity.management) + &key_of(&other.management),
                ..copy(&identity)
            },
        ] {
            assert!(!broken.is_usable(now));
        }
    }

    fn copy(identity: &Identity) -> Identity {
        Identity {
            ca: identity.ca.clone(),
            server: identity.server.clone(),
            management: identity.management.clone(),
        }
    }

    #[test]
    fn debug_shows_no_keys() {
        let shown = format!("{:?}", Identity::generate().unwrap());
        assert!(!shown.contains("KEY"), "{shown}");
    }
}
