use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The content of the first section with this label in a PEM file.
pub(crate) fn section(name: &str, label: &str) -> Vec<u8> {
    section_of(&String::from_utf8(fixture(name)).unwrap(), label)
}

/// The content of the first section with this label in a text.
pub(crate) fn section_of(text: &str, label: &str) -> Vec<u8> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----")).unwrap();
    let (base64, _) = rest.split_once("-----END").unwrap();
    STANDARD.decode(base64.split_whitespace().collect::<String>()).unwrap()
}

/// The certificate and the key in all fixtures with elliptic curves.
pub(crate) fn ec_certificate() -> Vec<u8> {
    section("ec.pem", "CERTIFICATE")
}

pub(crate) fn ec_key() -> Vec<u8> {
    section("ec.pem", "PRIVATE KEY")
}
