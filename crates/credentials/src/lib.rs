//! Opens what people keep the management certificates of the Azure Service Management ("classic") API
//! in: bytes in, certificates and keys out. No file, no network, no clock, no randomness, no OpenSSL.
//!
//! - [`CredentialFile`]: recognises a file by its content and opens it, whichever of these it is: PEM, DER,
//!   PKCS#12, PKCS#7, or base64 of them. [`FileKind`] names what it may be instead.
//! - [`Pkcs12`]: `.pfx` and `.p12` files of Windows, portals and OpenSSL, of the old kind (RC2, 3DES)
//!   and of today's (AES).
//! - [`PublishSettings`]: the `.publishsettings` files that portals gave out, in both versions.
//! - [`decrypt_pkcs8`]: an `ENCRYPTED PRIVATE KEY`; [`decrypt_traditional`]: a section with
//!   `Proc-Type: 4,ENCRYPTED`.
//! - [`Certificate`]: what a certificate says of itself.
//!
//! It also writes what the tools of that time import: PKCS#12 with [`Pkcs12Writer`], and
//! `.publishsettings` files with [`PublishSettings::write`].
//!
//! Keys are wiped when they are dropped and never show in `Debug` or in errors. They are not used
//! here: whether a key belongs to a certificate is found by who signs with it.
//!
//! # Example
//!
//! ```no_run
//! use azure_classic_credentials::{Certificate, Pkcs12};
//!
//! let file = Pkcs12::open(&std::fs::read("management.pfx")?, "")?;
//! for der in &file.certificates {
//!     let certificate = Certificate::parse(der.clone())?;
//!     println!("{} {:?}", certificate.thumbprint(), certificate.subject());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ber;
mod certificate;
mod cipher;
mod credential_file;
mod definite_length;
mod der_kind;
mod file_kind;
mod hash;
mod open_error;
mod password;
mod pbe;
mod pem;
mod pkcs12;
mod private_key;
mod publish_settings;
mod traditional;

pub use self::certificate::{Certificate, KeyKind};
pub use self::credential_file::{CredentialContents, CredentialFile};
pub use self::file_kind::FileKind;
pub use self::open_error::OpenError;
pub use self::pbe::decrypt_pkcs8;
pub use self::pkcs12::{Pkcs12, Pkcs12Writer};
pub use self::private_key::{KeyFormat, PrivateKey, rsa_bits};
pub use self::publish_settings::{PublishSettings, PublishedSubscription};
pub use self::traditional::decrypt_traditional;
