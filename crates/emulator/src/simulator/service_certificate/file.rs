//! Reads the certificates out of an uploaded file.

use azure_classic_credentials::{Certificate, OpenError, Pkcs12};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ServiceCertificates;
use crate::simulator::api_error::ApiError;

/// All certificates of a file in this format, `pfx` or `cer` in any case.
pub(super) fn parse(
    file: &[u8],
    format: &str,
    password: &str,
) -> Result<ServiceCertificates, ApiError> {
    let found = match format.trim().to_ascii_lowercase().as_str() {
        "pfx" => parse_pfx(file, password),
        "cer" => parse_cer(file),
        _ => return Err(ApiError::bad_xml("The element CertificateFormat must be pfx or cer.")),
    };
    let found = found.map_err(|error| {
        ApiError::bad_request(format!("The certificate file cannot be used: {error}."))
    })?;
    if found.is_empty() {
        return Err(ApiError::bad_request("The certificate file has no certificate in it."));
    }
    Ok(found.iter().map(|it| (it.thumbprint(), STANDARD.encode(it.der()))).collect())
}

/// The work that a file may demand is limited to about a second; the cloud is not locked meanwhile.
fn parse_pfx(file: &[u8], password: &str) -> Result<Vec<Certificate>, OpenError> {
    Pkcs12::open(file, password)?.certificates.into_iter().map(Certificate::parse).collect()
}

/// One in DER, or those of a PEM file: Windows calls both `.cer`.
fn parse_cer(file: &[u8]) -> Result<Vec<Certificate>, OpenError> {
    let in_pem = Certificate::parse_all_pem(file)?;
    if in_pem.is_empty() { Ok(vec![Certificate::parse(file.to_vec())?]) } else { Ok(in_pem) }
}
