//! Carries requests of the Azure Service Management ("classic") API: HTTP/1.1 over TLS, with a
//! management certificate, on tokio.
//!
//! [`Transport`] is the seam: one request in, one [`TransportResult`] out. [`HttpsTransport`] is the
//! implementation on hyper and rustls; bring your own where you have another HTTP stack.
//!
//! [`BearerTransport`] puts a token on the requests of another transport, in place of a certificate.
//!
//! A transport knows nothing of operations, redirects or retries. What it must know, because nobody
//! else can, is whether a request that got no answer certainly never left: [`SendError`] says so, and holds
//! a [`TransportError`] that names the side that refused and the way out.
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
//! # What it does not do
//!
//! - It reads no environment variable; [`Proxy::from_variables`] takes what they hold. Proxies are
//!   reached without TLS, by CONNECT; SOCKS is not supported.
//! - It installs no process-wide cryptography provider and needs none.
//! - rustls supports neither TLS 1.2 renegotiation nor TLS 1.3 post-handshake authentication, so a server
//!   that asks for the certificate only after it has read the request does not get it. Where that shows,
//!   the error says so: [`TransportErrorKind::CertificateNotRequested`]. The way out is a [`Transport`]
//!   on a TLS library that renegotiates, such as the one in the repository's
//!   `crates/transport/examples/native-tls`.
//!
//! # Features
//!
//! `ring` (default) or `aws-lc-rs`: the cryptography behind TLS. With both on, `aws-lc-rs` is used.
//!
//! `tower`: `TowerTransport`, which makes a transport of any `tower` service.

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
