//! Reads the certificates out of an uploaded file.

use azure_classic_credentials::{Certificate, OpenError, Pkcs12};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ServiceCertificates;
use crate::cloud::refusal::Refusal;

/// How many rounds of key derivation a file may demand, over all its parts: about a second's work.
/// Programs write up to 600,000 for each of three parts.
const MOST_ROUNDS: u32 = 2_000_000;

/// All certificates of a file in this format, `pfx` or `cer` in any case.
pub(super) fn certificates(
    file: &[u8],
    format: &str,
    password: &str,
) -> Result<ServiceCertificates, Refusal> {
    let found = match format.trim().to_ascii_lowercase().as_str() {
        "pfx" => in_pfx(file, password),
        "cer" => in_cer(file),
        _ => return Err(Refusal::bad_xml("The element CertificateFormat must be pfx or cer.")),
    };
    let found = found.map_err(|error| {
        let why = match error {
            OpenError::TooMuchWork => {
                format!("it demands more than {MOST_ROUNDS} rounds of key derivation")
            }
            other => other.to_string(),
        };
        Refusal::bad_request(format!("The certificate file cannot be used: {why}."))
    })?;
    if found.is_empty() {
        return Err(Refusal::bad_request("The certificate file has no certificate in it."));
    }
    Ok(found.iter().map(|it| (it.thumbprint(), STANDARD.encode(it.der()))).collect())
}

fn in_pfx(file: &[u8], password: &str) -> Result<Vec<Certificate>, OpenError> {
    let opened = Pkcs12::open_within(file, password, MOST_ROUNDS)?;
    opened.certificates.into_iter().map(Certificate::parse).collect()
}

/// One in DER, or those of a PEM file: Windows calls both `.cer`.
fn in_cer(file: &[u8]) -> Result<Vec<Certificate>, OpenError> {
    let in_pem = Certificate::all_in_pem(file)?;
    if in_pem.is_empty() { Ok(vec![Certificate::parse(file.to_vec())?]) } else { Ok(in_pem) }
}
