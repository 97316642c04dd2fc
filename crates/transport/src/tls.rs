use std::sync::Arc;

use azure_classic_credentials::{CredentialFile, OpenError};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};

use crate::certificate_request::{CertificateRequests, ClientCertResolver};
use crate::provider::provider;
use crate::{CredentialError, Identity};

/// The one configuration that all connections of a transport share: sessions are resumed only within one
/// configuration, and that saves most of a handshake.
pub(crate) fn client_config(
    identity: Option<&Identity>,
    roots_pem: Option<&[u8]>,
    requests: &CertificateRequests,
) -> Result<ClientConfig, CredentialError> {
    let provider = provider();
    let verifier = match roots_pem {
        Some(pem) => given_roots(pem, &provider)?,
        None => platform_roots(&provider)?,
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| CredentialError::UnusableTlsSettings(Box::new(error)))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    Ok(match identity {
        // Not `with_client_auth_cert`, which parses the certificate and rejects X.509 version 1.
        Some(identity) => builder.with_client_cert_resolver(Arc::new(ClientCertResolver {
            key: identity.certified_key(),
            requests: requests.clone(),
        })),
        None => builder.with_no_client_auth(),
    })
}

fn given_roots(
    file: &[u8],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, CredentialError> {
    let mut roots = RootCertStore::empty();
    let file = CredentialFile::recognize(file);
    let contents = match file.open(None) {
        Err(OpenError::WrongKind { kind }) => {
            return Err(CredentialError::NoRootCertificate { kind });
        }
        opened => opened?,
    };
    for certificate in contents.certificates {
        roots
            .add(certificate.into())
            .map_err(|error| CredentialError::UnusableRootCertificate(Box::new(error)))?;
    }
    if roots.is_empty() {
        return Err(CredentialError::NoRootCertificate { kind: file.kind() });
    }
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .build()
            .map_err(|error| CredentialError::UnusableRootCertificate(Box::new(error)))?;
    Ok(verifier)
}

fn platform_roots(
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, CredentialError> {
    rustls_platform_verifier::Verifier::new(Arc::clone(provider))
        .map(|verifier| Arc::new(verifier) as _)
        .map_err(|error| CredentialError::PlatformRootsUnavailable(Box::new(error)))
}
