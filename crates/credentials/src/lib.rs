//! Opens the files in which users keep management certificates of the Azure Service Management ("classic")
//! API: bytes in, certificates and keys out. It uses no file, network, clock, random numbers or OpenSSL.
//!
//! - [`CredentialFile`]: detects the kind of a file by its content and opens PEM, DER, PKCS#12, PKCS#7, or
//!   base64 of them. [`FileKind`] names every other kind.
//! - [`Pkcs12`]: `.pfx` and `.p12` files of Windows, portals and OpenSSL, with old (RC2, 3DES) and current
//!   (AES) encryption.
//! - [`PublishSettings`]: the `.publishsettings` files of portals, in both versions.
//! - [`decrypt_pkcs8`]: an `ENCRYPTED PRIVATE KEY`; [`decrypt_traditional`]: a section with
//!   `Proc-Type: 4,ENCRYPTED`.
//! - [`Certificate`]: the facts in a certificate.
//!
//! It also writes files that tools of that time import: PKCS#12 with [`Pkcs12Writer`], and `.publishsettings`
//! files with [`PublishSettings::write`].
//!
//! Keys are wiped when they are dropped, and never show in `Debug` or errors. This crate does not use them:
//! the TLS library that signs with a key checks that it matches the certificate.
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
