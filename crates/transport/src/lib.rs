//! Sends requests of the Azure Service Management ("classic") API over HTTP/1.1 and TLS, with a management
//! certificate, on tokio.
//!
//! The trait [`Transport`] takes one request and returns one [`TransportResult`]. [`HttpsTransport`]
//! implements it on hyper and rustls. Implement the trait yourself to use another HTTP stack.
//!
//! [`BearerTransport`] adds a token to the requests of another transport, as the alternative to a
//! certificate.
//!
//! A transport does not know operations, redirects or retries. If there is no response, it decides whether
//! the request was certainly not sent, because no other layer can: [`SendError`] has that decision, and wraps
//! a [`TransportError`] that names the side that failed and the way out.
//!
//! # Example
//!
//! ```no_run
//! use azure_classic_transport::{HttpsTransport, Identity};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let transport = HttpsTransport::builder()
//!     .identity(Identity::from_pem(&std::fs::read("management.pem")?)?)
//!     .root_certificates_pem(&std::fs::read("ca.pem")?)
//!     .build()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Limits
//!
//! - Environment variables are not read; [`Proxy::from_variables`] takes their values. The connection to a
//!   proxy is plain HTTP with CONNECT; TLS to the proxy and SOCKS are not supported.
//! - No process-wide cryptography provider is installed or needed.
//! - rustls supports neither TLS 1.2 renegotiation nor TLS 1.3 post-handshake authentication. A server that
//!   requests the certificate only after it has read the request does not get it. The error then is
//!   [`TransportErrorKind::CertificateNotRequested`] if the transport can detect the cause. Use a
//!   [`Transport`] on a TLS library that renegotiates, such as the one in the repository's
//!   `crates/transport/examples/native-tls`.
//!
//! # Features
//!
//! `ring` (default) or `aws-lc-rs`: the cryptography behind TLS. If both are on, `aws-lc-rs` is used.
//!
//! `tower`: `TowerTransport`, which turns any `tower` service into a transport.

mod bearer;
mod builder;
mod certificate_request;
mod classify;
mod connector;
mod credential_error;
mod https;
mod identity;
mod loopback;
mod provider;
mod proxy;
mod tls;
mod token;
mod token_cache;
#[cfg(feature = "tower")]
mod tower;
mod transport;
mod transport_error;
mod tunnel;

pub use azure_classic_credentials as credentials;
pub use azure_classic_protocol::SendError;
pub use azure_classic_protocol::machine::TransportResult;

pub use self::bearer::BearerTransport;
pub use self::builder::HttpsTransportBuilder;
pub use self::credential_error::CredentialError;
pub use self::https::HttpsTransport;
pub use self::identity::Identity;
pub use self::proxy::{InvalidProxy, Proxy};
pub use self::token::{Token, TokenFuture, TokenSource};
#[cfg(feature = "tower")]
pub use self::tower::TowerTransport;
pub use self::transport::{ResponseFuture, Transport};
pub use self::transport_error::{TransportError, TransportErrorKind};
