//! TLS like that of the service: a client certificate is requested, but checked only after the handshake.

mod signature;

use std::io;
use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, ServerConfig,
    SignatureScheme,
};

use self::signature::{Unproven, Version};

pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// TLS 1.2 and 1.3, HTTP/1.1.
pub(crate) fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, Error> {
    let provider = provider();
    let mut config = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(rustls::ALL_VERSIONS)?
        .with_client_cert_verifier(Arc::new(AnyCertificate(provider)))
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Demands a client certificate and the proof of its key; whose it is, the request decides.
///
/// Management certificates are self-signed in every possible way; what the service knew of them was
/// their thumbprint.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ClientCertVerifier for AnyCertificate {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verify(message, certificate, signature, Version::Tls12)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verify(message, certificate, signature, Version::Tls13)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let mut schemes = self.0.signature_verification_algorithms.supported_schemes();
        schemes.extend(signature::MORE_SCHEMES);
        schemes
    }
}

impl AnyCertificate {
    fn verify(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
        version: Version,
    ) -> Result<HandshakeSignatureValid, Error> {
        let signature = (signed.scheme, signed.signature());
        let algorithms = &self.0.signature_verification_algorithms;
        signature::check(certificate, message, signature, version, algorithms)
            .map(|()| HandshakeSignatureValid::assertion())
            .map_err(|unproven| {
                Error::InvalidCertificate(match unproven {
                    Unproven::Certificate => CertificateError::BadEncoding,
                    Unproven::Unsupported => {
                        CertificateError::Other(OtherError(Arc::new(UnsupportedKey)))
                    }
                    Unproven::Signature => CertificateError::BadSignature,
                })
            })
    }
}

/// Why a handshake failed, if it was for the client's certificate or key.
pub(crate) fn certificate_error(error: &io::Error) -> Option<String> {
    match error.get_ref()?.downcast_ref()? {
        Error::InvalidCertificate(CertificateError::Other(OtherError(why))) => {
            Some(why.to_string())
        }
        Error::InvalidCertificate(CertificateError::BadEncoding) => {
            Some("the client certificate cannot be read".to_owned())
        }
        Error::InvalidCertificate(CertificateError::BadSignature) => {
            Some("the client does not have the key of its certificate".to_owned())
        }
        Error::NoCertificatesPresented => Some("the client presents no certificate".to_owned()),
        Error::PeerIncompatible(why) => {
            Some(format!("the client cannot speak with the server: {why:?}"))
        }
        _ => None,
    }
}

/// Says which keys can call.
#[derive(Debug, thiserror::Error)]
#[error(
    "the key of the client certificate cannot be checked; use RSA of 1024 to 8192 bits, ECDSA on P-256, \
     P-384 or P-521 (on secp256k1 with TLS 1.2), or Ed25519"
)]
struct UnsupportedKey;
