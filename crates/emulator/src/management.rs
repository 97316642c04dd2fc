//! The management certificate: its key, and the forms in which tools import it.

use std::error::Error;

use azure_classic_credentials::{
    Certificate, KeyKind, Pkcs12Writer, PublishSettings, PublishedSubscription,
};
use azure_classic_protocol::SubscriptionId;
use rcgen::KeyPair;
use rsa::pkcs8::EncodePrivateKey as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::simulator::SUBSCRIPTION_NAME;

type Failure = Box<dyn Error + Send + Sync>;

/// A management certificate with its key, which `Debug` does not show.
#[derive(Debug)]
pub(crate) struct Management {
    certificate: Certificate,
    pkcs12: Pkcs12Writer,
}

impl Management {
    /// Reads a certificate and its key in PKCS#8.
    pub(crate) fn from_pem(pem: &str) -> Result<Self, Failure> {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes())?.to_vec();
        let key = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes())?;
        let mut salts = [0; 36];
        getrandom::fill(&mut salts)?;
        Ok(Self {
            certificate: Certificate::parse(certificate.clone())?,
            pkcs12: Pkcs12Writer::new(certificate, key.secret_pkcs8_der().to_vec(), salts)?,
        })
    }

    pub(crate) fn der(&self) -> &[u8] {
        self.certificate.der()
    }

    pub(crate) fn thumbprint(&self) -> String {
        self.certificate.thumbprint()
    }

    /// Old tools know no other keys than RSA.
    pub(crate) fn is_rsa(&self) -> bool {
        matches!(self.certificate.key_kind(), KeyKind::Rsa { .. })
    }

    /// PKCS#12 with the empty password.
    pub(crate) fn pfx(&self) -> Vec<u8> {
        self.pkcs12.write("")
    }

    pub(crate) fn publish_settings(&self, endpoint: &str, subscription: &SubscriptionId) -> String {
        let pkcs12 = self.pkcs12.write_portal_compatible();
        let subscription =
            PublishedSubscription::new(subscription.as_str(), SUBSCRIPTION_NAME, endpoint, pkcs12);
        PublishSettings { subscriptions: vec![subscription] }.write()
    }
}

/// A new RSA key of 2048 bits.
pub(crate) fn rsa_key() -> Result<KeyPair, Failure> {
    let key = rsa::PrivateKey::new(&mut getrandom::SysRng, 2048)?.to_pkcs8_der()?;
    Ok(KeyPair::try_from(key.as_bytes())?)
}
